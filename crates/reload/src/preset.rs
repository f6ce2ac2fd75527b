//! Presets: named sets of values that are applied as one change.

mod read;

use std::fmt;
use std::path::Path;

use serde::Serialize;
use strata_config_core::{FieldPath, LayeredConfig, Origin, Report, Schema, Value};

use crate::actor::Actor;
use crate::commit::{Applied, Preview};
use crate::error::UpdateError;
use crate::live::Live;

/// A named set of values, applied as one change: all of them or none.
///
/// ```
/// use strata_config::LayeredConfig;
/// use strata_config_reload::{Live, Preset};
///
/// #[derive(LayeredConfig)]
/// struct AppConfig {
///     #[config(default = 8, validate(range(max = 64)))]
///     parallel: u32,
///     #[config(default = 30)]
///     timeout: u32,
/// }
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let launch = Preset::new("launch", "Room for a crowd").set("parallel", 64).set("timeout", 5);
/// let live = Live::of(AppConfig::loader()).preset(launch).open()?;
/// live.apply_preset("launch", "ann")?;
/// assert_eq!((live.get().parallel, live.get().timeout), (64, 5));
/// # Ok(())
/// # }
/// ```
#[derive(Clone, PartialEq)]
pub struct Preset {
    name: String,
    description: String,
    values: Value,
    /// Where each value stands, for those that come from a file.
    origins: Vec<(FieldPath, Origin)>,
}

impl Preset {
    /// A preset without values.
    pub fn new(name: impl Into<String>, description: impl Into<String>) -> Self {
        let (name, description) = (name.into(), description.into());
        Self { name, description, values: Value::Map(Vec::new()), origins: Vec::new() }
    }

    /// Adds the value of one setting. A path that names none is told when the preset is validated or applied.
    #[must_use]
    pub fn set(mut self, path: &str, value: impl Serialize) -> Self {
        let segments = match FieldPath::parse(path) {
            Ok(path) => path.segments().iter().map(ToString::to_string).collect(),
            Err(_) => vec![path.to_owned()],
        };
        put(&mut self.values, &segments, Value::from_serialize(&value));
        self
    }

    /// Reads presets from a TOML, YAML or JSON file, each a table of its own:
    ///
    /// ```toml
    /// [launch]
    /// description = "Room for a crowd"
    /// values = { parallel = 64, timeout = 5 }
    /// ```
    ///
    /// # Errors
    /// Everything that is wrong in the file, each with its place: the shape of a preset, a key that names no setting, a
    /// value that its setting's type or rules refuse. Checks across settings wait until the preset meets the rest of the
    /// configuration: [`Live::validate_preset`].
    pub fn read<C: LayeredConfig>(path: &Path) -> Result<Vec<Self>, Report> {
        read::file::<C>(path)
    }

    /// As [`read`](Self::read), of a text whose name says its format.
    ///
    /// # Errors
    /// As [`read`](Self::read)'s.
    pub fn parse<C: LayeredConfig>(name: &str, text: &str) -> Result<Vec<Self>, Report> {
        read::text::<C>(name, text)
    }

    /// The name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What it is for.
    #[must_use]
    pub fn description(&self) -> &str {
        &self.description
    }

    /// The values, as a patch.
    #[must_use]
    pub fn values(&self) -> &Value {
        &self.values
    }

    /// The values without secrets, which a preset should not hold, but a program's code might: what may be shown.
    #[must_use]
    pub fn masked_values(&self, schema: &'static Schema) -> Value {
        self.values.masked(schema)
    }

    /// Names the places of the preset's own values, where they are known, for the change that would have set them.
    fn place(&self, report: &Report) -> Report {
        let mut placed = Report::new();
        for finding in report.findings() {
            let finding = placed.push(finding.clone());
            if let Some((_, origin)) = self.origins.iter().find(|(path, _)| *path == finding.path) {
                finding.origin = Some(origin.clone());
            }
        }
        placed
    }
}

impl<C: LayeredConfig> Live<C> {
    /// The presets, in the order in which they were given.
    #[must_use]
    pub fn presets(&self) -> &[Preset] {
        &self.shared.presets
    }

    /// What applying a preset would do; nothing is changed, nor are vetoes asked.
    ///
    /// # Errors
    /// Where there is no such preset.
    pub fn validate_preset(&self, name: &str) -> Result<Preview, UpdateError> {
        let preset = self.preset(name)?;
        let preview = self.validate(&preset.values);
        Ok(Preview { report: preset.place(&preview.report), ..preview })
    }

    /// Applies a preset as one change. Where the actor gives no reason, history says `preset NAME`.
    ///
    /// # Errors
    /// As for [`update`](Self::update); and where there is no such preset.
    pub fn apply_preset(&self, name: &str, actor: impl Into<Actor>) -> Result<Applied, UpdateError> {
        let preset = self.preset(name)?;
        let mut actor = actor.into();
        actor.reason.get_or_insert_with(|| format!("preset {name}"));
        self.update(&preset.values, actor).map_err(|error| match error.report() {
            Some(report) => UpdateError::invalid(preset.place(report)),
            None => error,
        })
    }

    fn preset(&self, name: &str) -> Result<&Preset, UpdateError> {
        let found = self.shared.presets.iter().find(|preset| preset.name == name);
        found.ok_or_else(|| UpdateError::missing(format!("preset `{name}`")))
    }
}

/// Values may be secrets.
impl fmt::Debug for Preset {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Preset").field("name", &self.name).finish_non_exhaustive()
    }
}

fn put(onto: &mut Value, segments: &[String], value: Value) {
    let Some((first, rest)) = segments.split_first() else {
        *onto = value;
        return;
    };
    if !matches!(onto, Value::Map(_)) {
        *onto = Value::Map(Vec::new());
    }
    let Value::Map(entries) = onto else { return };
    match entries.iter_mut().find(|(key, _)| key == first) {
        Some((_, below)) => put(below, rest, value),
        None => {
            let mut below = Value::Null;
            put(&mut below, rest, value);
            entries.push((first.clone(), below));
        }
    }
}
