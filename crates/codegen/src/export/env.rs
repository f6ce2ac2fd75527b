//! A `.env` file: `NAME=value` for every leaf that has a variable.

use strata_config_core::schema::Schema;
use strata_config_core::{FieldPath, Value, variables};

use super::{Exported, Lost};
use crate::template::dotenv_value;

pub(super) fn write(schema: &'static Schema, tree: &Value) -> Exported {
    let mut written = Exported { text: String::new(), lost: Vec::new() };
    let mut done: Vec<FieldPath> = Vec::new();
    for variable in variables(schema) {
        // Of several names the first is enough; a secret and an absent section are not in the tree.
        if done.contains(&variable.path) {
            continue;
        }
        let Some(value) = tree.at(&variable.path) else { continue };
        let keeps_empty = variable.field.is_some_and(|field| field.meta.allow_empty);
        if matches!(value, Value::String(text) if text.is_empty()) && !keeps_empty {
            written.lost.push(Lost { path: variable.path, why: "an empty variable counts as unset" });
            continue;
        }
        // An unset variable says null already, unless the default is something else.
        if *value == Value::Null
            && variable
                .field
                .is_none_or(|field| matches!(field.meta.default, strata_config_core::schema::Default::None))
        {
            continue;
        }
        written.text.push_str(&format!("{}={}\n", variable.name, dotenv_value(&value.to_text())));
        done.push(variable.path);
    }
    unnamed(tree, &FieldPath::ROOT, &done, &mut written.lost);
    written
}

/// The leaves that no variable sets.
fn unnamed(value: &Value, path: &FieldPath, done: &[FieldPath], lost: &mut Vec<Lost>) {
    if done.contains(path) || *value == Value::Null || lost.iter().any(|lost| lost.path == *path) {
        return;
    }
    match value {
        Value::Map(entries) => entries.iter().for_each(|(key, value)| unnamed(value, &path.child(key), done, lost)),
        _ => lost.push(Lost { path: path.clone(), why: "it has no variable" }),
    }
}
