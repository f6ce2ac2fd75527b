//! YAML.

use strata_config_core::Value;

use super::Exported;

pub(super) fn write(tree: &Value) -> Result<Exported, String> {
    // A folded text is hard to read back by eye, and quoting is quoting everywhere.
    let options = serde_saphyr::ser_options! { prefer_block_scalars: false };
    match serde_saphyr::to_string_with_options(tree, options) {
        Ok(text) => Ok(Exported { text, lost: Vec::new() }),
        Err(error) => Err(format!("the configuration can't be written as YAML: {error}; export it as JSON")),
    }
}
