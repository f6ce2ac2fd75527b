//! TOML: values before tables, null left out.

use strata_config_core::{FieldPath, Value};

use super::{Exported, Lost};

pub(super) fn write(tree: &Value) -> Result<Exported, String> {
    let mut lost = Vec::new();
    let tree = ordered(tree, &FieldPath::ROOT, &mut lost);
    match ::toml::to_string(&tree) {
        Ok(text) => Ok(Exported { text, lost }),
        Err(error) => Err(format!("the configuration can't be written as TOML: {error}; export it as YAML or JSON")),
    }
}

/// The tree with plain values first, since in TOML nothing can follow a table, and without what TOML cannot say.
fn ordered(value: &Value, path: &FieldPath, lost: &mut Vec<Lost>) -> Value {
    match value {
        Value::Map(entries) => {
            let (mut plain, mut tables) = (Vec::new(), Vec::new());
            for (key, value) in entries {
                let path = path.child(key);
                if *value == Value::Null {
                    lost.push(Lost { path, why: "TOML has no null" });
                    continue;
                }
                let entry = (key.clone(), ordered(value, &path, lost));
                if is_table(value) { tables.push(entry) } else { plain.push(entry) }
            }
            plain.append(&mut tables);
            Value::Map(plain)
        }
        Value::List(items) => {
            let items = items.iter().enumerate();
            Value::List(items.map(|(index, item)| ordered(item, &path.child(&index.to_string()), lost)).collect())
        }
        value => value.clone(),
    }
}

/// A table, or a list of nothing but tables, which TOML writes as `[[name]]`.
fn is_table(value: &Value) -> bool {
    match value {
        Value::Map(_) => true,
        Value::List(items) => !items.is_empty() && items.iter().all(|item| matches!(item, Value::Map(_))),
        _ => false,
    }
}
