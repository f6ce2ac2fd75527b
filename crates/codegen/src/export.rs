//! A whole configuration as a document that loads to the same values.

mod env;
mod toml;
mod yaml;

use strata_config_core::{FieldPath, Schema, Value};

use crate::template::Format;

/// A document, and what its language cannot say.
#[derive(Debug, Clone)]
pub struct Exported {
    /// The document.
    pub text: String,
    /// The values that are not in it, each with the reason.
    pub lost: Vec<Lost>,
}

/// A value that a document cannot say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lost {
    /// Its path.
    pub path: FieldPath,
    /// Why it is left out.
    pub why: &'static str,
}

/// Writes the values of a configuration, as [`export`](fn@strata_config_core::export) gives them: without secrets and computed
/// values.
///
/// ```
/// # use strata_config_core::LayeredConfig;
/// # use strata_config_derive::LayeredConfig;
/// use strata_config_codegen::{Format, export};
///
/// #[derive(LayeredConfig)]
/// # #[config(crate = strata_config_core)]
/// struct AppConfig {
///     #[config(default = 8080)]
///     port: u16,
///     note: Option<String>,
/// }
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let app = AppConfig::loader().load()?;
/// let written = export(AppConfig::SCHEMA, &app.export(), Format::Toml)?;
/// assert_eq!(written.text, "port = 8080\n");
/// assert_eq!((written.lost[0].path.as_str(), written.lost[0].why), ("note", "TOML has no null"));
/// # Ok(())
/// # }
/// ```
///
/// # Errors
/// What the language can't say at all, such as a number beyond its limits.
pub fn export(schema: &'static Schema, values: &Value, format: Format) -> Result<Exported, String> {
    match format {
        Format::Json => {
            let text = serde_json::to_string_pretty(values).map_err(|error| error.to_string())?;
            Ok(Exported { text: text + "\n", lost: Vec::new() })
        }
        Format::Yaml => yaml::write(values),
        Format::Toml => toml::write(values),
        Format::Env => Ok(env::write(schema, values)),
    }
}
