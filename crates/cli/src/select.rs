//! Paths that people write on the command line.

use strata_config_core::FieldPath;
use strata_config_core::schema::Schema;

/// Reads a path that must name a setting, a section, or a part of a value.
///
/// # Errors
/// Says what is wrong, with the path that was most likely meant.
pub(crate) fn path(schema: &'static Schema, text: &str) -> Result<FieldPath, String> {
    if let Some((path, _)) = text.split_once('=') {
        // The value may be a secret, so it is not repeated.
        return Err(format!("`{path}=…` is no path; a value is given as `--set {path}=…`"));
    }
    let path = FieldPath::parse(text)?;
    schema.find(&path).map_err(|unknown| unknown.to_string())?;
    Ok(path)
}
