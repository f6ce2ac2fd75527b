//! A key's value as the engine answers it, with its source in the seed's words.

use serde::Serialize;
use strata_config::{Explained, LayerKind, Origin, Value};
use strata_config_reload::Declared;

/// A key's value, and where it came from.
#[derive(Debug, Clone, Serialize)]
pub struct EngineValue {
    /// The key.
    pub key: String,
    /// Its value.
    pub value: Value,
    /// The kind of source that it came from.
    pub source: ValueSource,
    /// The place in it: a position, a variable, a user and a time, a revision of the store.
    pub at: String,
    /// Who set it, where it was set at run time.
    pub user: Option<String>,
    /// What the key is for.
    pub description: String,
}

/// The sources of seed 004, weakest first, and the command line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ValueSource {
    /// The default.
    Default,
    /// Another service: a fleet's values, which whoever runs this service may override.
    Service,
    /// A file.
    ConfigFile,
    /// A variable, of the process or a `.env` file.
    Environment,
    /// An option of the command line.
    CommandLine,
    /// A change at run time.
    Runtime,
}

impl ValueSource {
    fn of(layer: LayerKind) -> Self {
        match layer {
            LayerKind::Default | LayerKind::Profile | LayerKind::Fallback => Self::Default,
            LayerKind::Store | LayerKind::Service => Self::Service,
            LayerKind::File => Self::ConfigFile,
            LayerKind::Dotenv | LayerKind::Env => Self::Environment,
            LayerKind::Args => Self::CommandLine,
            LayerKind::Runtime | LayerKind::Program => Self::Runtime,
        }
    }

    /// The source's name, as in JSON.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Default => "default",
            Self::Service => "service",
            Self::ConfigFile => "config_file",
            Self::Environment => "environment",
            Self::CommandLine => "command_line",
            Self::Runtime => "runtime",
        }
    }
}

impl EngineValue {
    pub(super) fn of_setting(explained: Explained) -> Option<Self> {
        let Explained { path, value, doc, origin, .. } = explained;
        Some(Self::new(path.to_string(), value, doc.to_owned(), origin?))
    }

    pub(super) fn of_declared(declared: &Declared) -> Self {
        let Declared { key, value, doc, origin } = declared.clone();
        Self::new(key, value, doc, origin)
    }

    fn new(key: String, value: Value, description: String, origin: Origin) -> Self {
        let source = ValueSource::of(origin.layer);
        // A change at run time is named by its actor and its time.
        let user = origin.at.rsplit_once(' ').filter(|_| source == ValueSource::Runtime);
        let user = user.map(|(user, _)| user.to_owned());
        Self { key, value, source, at: origin.at, user, description }
    }
}
