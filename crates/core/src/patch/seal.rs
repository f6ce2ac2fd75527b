//! Secrets among the values that a store keeps: sealed before anybody sees them, or refused where nothing seals them.

use super::{Entries, field, get, masked};
use crate::layer::{LayerKind, Origin};
use crate::layered::LayeredConfig;
use crate::path::FieldPath;
use crate::report::{Finding, Report, Severity, code};
use crate::resolve::{Keeper, References, Sealer, Unresolved};
use crate::schema::{Field, FieldKind, Schema};
use crate::secret::Secret;
use crate::value::Value;

use super::Edited;

/// Values with their secrets sealed: what a store may keep of them. Those that stood there before stay what they were,
/// as do references; without a sealer, others are refused.
#[must_use]
pub fn seal<C: LayeredConfig>(
    mut values: Value,
    before: &Value,
    sealer: Option<&dyn Sealer>,
    references: References<'_>,
) -> Edited {
    let mut report = Report::new();
    if let Value::Map(entries) = &mut values {
        let keeper = sealer.map(|sealer| Keeper { sealer, references });
        Sweep { keeper, anew: false, report: &mut report }.table(C::SCHEMA, entries, Some(before), &FieldPath::ROOT);
    }
    Edited { values, report }
}

/// Values with all their secrets sealed by the newest key; what is sealed so already stays as it is.
#[must_use]
pub fn reseal<C: LayeredConfig>(mut values: Value, sealer: &dyn Sealer, references: References<'_>) -> Edited {
    let mut report = Report::new();
    if let Value::Map(entries) = &mut values {
        let mut sweep = Sweep { keeper: Some(Keeper { sealer, references }), anew: true, report: &mut report };
        sweep.table(C::SCHEMA, entries, None, &FieldPath::ROOT);
    }
    Edited { values, report }
}

/// One walk over values along their schema.
struct Sweep<'s> {
    keeper: Option<Keeper<'s>>,
    /// What is sealed with an old key is sealed anew.
    anew: bool,
    report: &'s mut Report,
}

impl Sweep<'_> {
    fn table(&mut self, schema: &'static Schema, entries: &mut Entries, before: Option<&Value>, path: &FieldPath) {
        // What is refused is nowhere from then on, not even in what a program prints of the refused change.
        entries.retain_mut(|(key, value)| {
            let Some(field) = field(schema, key) else { return true };
            let before = before.and_then(|before| get(before, key));
            match (self.field(field, value, before, &path.child(key)), before) {
                (true, _) => true,
                (false, Some(before)) => {
                    *value = before.clone();
                    true
                }
                (false, None) => false,
            }
        });
    }

    /// Whether the value may stay.
    fn field(&mut self, field: &'static Field, value: &mut Value, before: Option<&Value>, path: &FieldPath) -> bool {
        match (field.kind, value) {
            (FieldKind::Leaf(_), value) => {
                return !field.is_secret() || self.secret(value, before, path);
            }
            (FieldKind::Nested(schema) | FieldKind::Optional(schema), Value::Map(entries)) => {
                self.table(schema, entries, before, path);
            }
            (FieldKind::Map(schema), Value::Map(sections)) => {
                for (key, section) in sections {
                    if let Value::Map(entries) = section {
                        self.table(schema, entries, before.and_then(|before| get(before, key)), &path.child(key));
                    }
                }
            }
            (FieldKind::List(schema), Value::List(items)) => {
                for (index, item) in items.iter_mut().enumerate() {
                    if let Value::Map(entries) = item {
                        self.table(schema, entries, at(before, index), &path.child(&index.to_string()));
                    }
                }
            }
            _ => {}
        }
        true
    }

    fn secret(&mut self, value: &mut Value, before: Option<&Value>, path: &FieldPath) -> bool {
        if matches!(value, Value::Secret | Value::Null) || *value == masked() || (!self.anew && before == Some(value)) {
            return true;
        }
        match value {
            Value::List(items) => {
                let items = items.iter_mut().enumerate();
                // All of them, so that all are told.
                items.fold(true, |kept, (index, item)| {
                    self.secret(item, at(before, index), &path.child(&index.to_string())) && kept
                })
            }
            Value::Map(entries) => entries.iter_mut().fold(true, |kept, (key, entry)| {
                self.secret(entry, before.and_then(|before| get(before, key)), &path.child(key)) && kept
            }),
            scalar => {
                let text = Secret::new(scalar.to_text());
                match self.sealed(text.expose(), before, path) {
                    Ok(sealed) => {
                        if let Value::String(text) = scalar {
                            crate::wipe::text(text);
                        }
                        *scalar = Value::String(sealed);
                        true
                    }
                    Err(why) => {
                        self.refuse(&why, path);
                        false
                    }
                }
            }
        }
    }

    fn sealed(&self, text: &str, before: Option<&Value>, path: &FieldPath) -> Result<String, Unresolved> {
        let keeper = self.keeper.ok_or_else(no_key)?;
        let before = match before {
            Some(Value::String(known)) => Some(known.as_str()),
            _ => None,
        };
        if self.anew { keeper.sealed_anew(text, path) } else { keeper.kept(text, path, before) }
    }

    fn refuse(&mut self, why: &Unresolved, path: &FieldPath) {
        let mut finding = Finding::new(Severity::Error, why.code(), path.clone(), why.to_string());
        finding.help = why.help().map(str::to_owned);
        finding.origin = Some(Origin::new(LayerKind::Runtime, "the change"));
        self.report.push(finding);
    }
}

/// Nothing seals what would be stored.
fn no_key() -> Unresolved {
    Unresolved::of_code(code::SECRET_NO_KEY, "a secret can't be set at run time: there is no key to seal it")
}

fn at(list: Option<&Value>, index: usize) -> Option<&Value> {
    match list {
        Some(Value::List(items)) => items.get(index),
        _ => None,
    }
}
