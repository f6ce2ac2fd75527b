//! Merge patches of `/config`: what they say that is in effect already is no change, so that a document may be sent back.

use strata_config_core::report::code;
use strata_config_core::{FieldPath, Finding, Report, Schema, Severity, Value};

use super::paths::field;
use crate::current::Current;

/// What of a patch differs from the configuration in effect: the rest would only pin what weaker sources say.
///
/// # Errors
/// It gives a computed value another one.
pub(super) fn differing(patch: &Value, current: &Current) -> Result<Value, Report> {
    let mut report = Report::new();
    let rest = rest(patch, Some(&current.config), &FieldPath::ROOT, current.schema, &mut report);
    if report.is_valid() { Ok(rest.unwrap_or_else(|| Value::Map(Vec::new()))) } else { Err(report) }
}

fn rest(
    patch: &Value,
    current: Option<&Value>,
    path: &FieldPath,
    schema: &'static Schema,
    report: &mut Report,
) -> Option<Value> {
    if current.is_some_and(|current| says(current, patch)) {
        return None;
    }
    if !path.is_root() && field(schema, &path.segments()).is_some_and(|field| field.meta.computed) {
        let message = "the program fills this in, so that nobody else sets it";
        report.push(Finding::new(Severity::Error, code::COMPUTED, path.clone(), message)).help =
            Some("leave it out, or send it as it is".to_owned());
        return None;
    }
    let (Value::Map(entries), Some(Value::Map(known))) = (patch, current) else { return Some(patch.clone()) };
    let rest = entries.iter().filter_map(|(key, value)| {
        let known = known.iter().find(|(other, _)| other == key).map(|(_, value)| value);
        Some((key.clone(), rest(value, known, &path.child(key), schema, report)?))
    });
    let rest: Vec<(String, Value)> = rest.collect();
    (!rest.is_empty()).then_some(Value::Map(rest))
}

/// Whether a value is what an answer has said of this one.
fn says(current: &Value, told: &Value) -> bool {
    match (current, told) {
        (Value::Secret, Value::Map(entries)) => {
            matches!(&entries[..], [(key, Value::Bool(true))] if key == "$secret")
        }
        // JSON has no such number.
        (Value::Float(number), Value::Null) => !number.is_finite(),
        _ => current == told,
    }
}
