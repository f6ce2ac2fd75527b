//! Values that somebody gave, before anything is loaded: what of them may be shown.

use crate::excerpt::{fields_named, holds_secrets};
use crate::schema::{FieldKind, Schema};
use crate::typed;
use crate::value::Value;

impl Value {
    /// The same values without the secrets among them, wherever a schema has such: also in lists and maps of structs.
    /// What stands under an unknown key, or where a section belongs, may be a secret in the wrong place, and is left
    /// out, too.
    #[must_use]
    pub fn masked(&self, schema: &'static Schema) -> Self {
        let mut values = self.clone();
        if holds_secrets(schema) {
            section(schema, schema.tag, &mut values);
        }
        values
    }
}

/// A section that holds secrets somewhere.
fn section(schema: &'static Schema, tag: &str, value: &mut Value) {
    let Value::Map(entries) = value else {
        *value = hidden(value);
        return;
    };
    for (key, value) in entries {
        // The name of an enum's variant.
        if !schema.variants.is_empty() && matches!(value, Value::String(_)) && key == tag {
            continue;
        }
        let fields = fields_named(schema, key);
        if fields.is_empty() {
            *value = hidden(value);
        }
        for field in fields {
            match field.kind {
                FieldKind::Leaf(_) if field.is_secret() => *value = hidden(value),
                FieldKind::Leaf(_) => {}
                FieldKind::Nested(below)
                | FieldKind::Optional(below)
                | FieldKind::List(below)
                | FieldKind::Map(below)
                    if !holds_secrets(below) => {}
                FieldKind::Nested(below) | FieldKind::Optional(below) => {
                    section(below, field.meta.rare().tag.unwrap_or(below.tag), value);
                }
                FieldKind::List(below) => match &mut *value {
                    Value::List(items) => items.iter_mut().for_each(|item| section(below, below.tag, item)),
                    other => *other = hidden(other),
                },
                FieldKind::Map(below) => match &mut *value {
                    Value::Map(items) => items.iter_mut().for_each(|(_, item)| section(below, below.tag, item)),
                    other => *other = hidden(other),
                },
            }
        }
    }
}

fn hidden(value: &mut Value) -> Value {
    typed::mask(std::mem::take(value))
}
