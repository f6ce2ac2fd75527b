//! What a loader was told: its sources in their order, and how to judge them.

use std::ffi::OsString;
use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

use crate::env::EnvSource;
use crate::gather::Gathered;
use crate::layer::Layer;
use crate::mode::Mode;
use crate::profile::Applied;
use crate::resolve::Resolving;
use crate::source::args::Tree;
use crate::upgrade::Upgrade;

/// What a loader was told, apart from its type.
#[derive(Debug, Clone, Default)]
pub(crate) struct Plan {
    pub(crate) sources: Vec<Planned>,
    pub(crate) env: Option<EnvSource>,
    pub(crate) mode: Mode,
    pub(crate) mode_from: Option<String>,
    pub(crate) profile: Option<Applied>,
    pub(crate) environment: Option<String>,
    pub(crate) environment_from: Option<String>,
    /// Variables that steer the loading, also those whose choice was overruled.
    pub(crate) reserved: Vec<String>,
    /// Who reads references to secrets, where anybody does.
    pub(crate) resolving: Option<Box<Resolving>>,
    /// What brings documents of older versions up to date.
    pub(crate) upgrade: Option<Arc<dyn Upgrade>>,
}

/// A source with what reads it, so that a program has only the readers that it asks for.
#[derive(Debug, Clone)]
pub(crate) struct Planned {
    pub(crate) source: Source,
    pub(crate) read: fn(&mut Gathered, Source),
}

/// One source, as it was asked for.
#[derive(Clone)]
pub(crate) enum Source {
    /// A file; `{environment}` in its name is the environment's.
    File { path: PathBuf, required: bool },
    /// A file that a variable names.
    FileFromEnv(String),
    /// A folder's files in the order of their names.
    Dir { path: PathBuf, required: bool },
    /// A document in memory; where an environment is named, of that one alone.
    Text { name: String, text: String, environment: Option<String> },
    /// A `.env` file.
    Dotenv { path: PathBuf, required: bool },
    /// A `.env` file's text in memory.
    DotenvText { name: String, text: String },
    /// The environment.
    Env,
    /// Arguments, without the program's name.
    Args(Vec<OsString>),
    /// Values that the program set one by one.
    Set(Tree),
    /// A layer that the program made.
    Layer(Layer),
}

impl Source {
    /// Whether it is one that stands above all files.
    pub(crate) fn is_env_or_args(&self) -> bool {
        matches!(self, Self::Env | Self::Args(_) | Self::Set(_))
    }
}

/// Texts, arguments and values may hold secrets: it is where they are that is told.
impl fmt::Debug for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File { path, .. } => write!(f, "File({path:?})"),
            Self::FileFromEnv(variable) => write!(f, "FileFromEnv({variable:?})"),
            Self::Dir { path, .. } => write!(f, "Dir({path:?})"),
            Self::Text { name, .. } => write!(f, "Text({name:?})"),
            Self::Dotenv { path, .. } => write!(f, "Dotenv({path:?})"),
            Self::DotenvText { name, .. } => write!(f, "DotenvText({name:?})"),
            Self::Env => f.write_str("Env"),
            Self::Args(args) => write!(f, "Args({})", args.len()),
            Self::Set(_) => f.write_str("Set"),
            Self::Layer(layer) => write!(f, "Layer({:?})", layer.kind),
        }
    }
}
