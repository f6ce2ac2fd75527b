//! Values as `serde_json` has them, and back, with every integer exact: its own numbers end at 64 bits.

use serde::de::IgnoredAny;
use serde_json::{Number, Value as Json};
use strata_config_core::Value;

/// What stands before the digits of an integer that is kept as text. A text that begins with a NUL gets another one, so
/// that no text is taken for a number.
const INTEGER: &str = "\0integer ";

/// Reads JSON of any kind.
///
/// # Errors
/// What is wrong with the text.
pub(crate) fn read(text: &str) -> Result<Value, String> {
    serde_json::from_str::<IgnoredAny>(text).map_err(|error| error.to_string())?;
    // Documents of the configuration are objects.
    match Value::from_json("body", &format!("{{\"value\":{text}}}")) {
        Ok(Value::Map(mut entries)) => Ok(entries.pop().map(|(_, value)| value).unwrap_or_default()),
        Ok(_) => Err("it is no value".to_owned()),
        Err(report) => Err(report.errors().map(|finding| finding.message.clone()).collect::<Vec<_>>().join("; ")),
    }
}

/// A value as JSON; integers of more than 64 bits are texts that [`value`] knows. Numbers that JSON does not know are
/// null.
pub(crate) fn json(value: &Value) -> Json {
    match value {
        Value::Null => Json::Null,
        Value::Bool(value) => Json::Bool(*value),
        Value::Int(value) => match (i64::try_from(*value), u64::try_from(*value)) {
            (Ok(value), _) => value.into(),
            (_, Ok(value)) => value.into(),
            _ => Json::String(format!("{INTEGER}{value}")),
        },
        Value::Float(value) => Number::from_f64(*value).map_or(Json::Null, Json::Number),
        Value::String(text) if text.starts_with('\0') => Json::String(format!("\0{text}")),
        Value::String(text) => Json::String(text.clone()),
        Value::List(items) => items.iter().map(json).collect(),
        Value::Map(entries) => entries.iter().map(|(key, value)| (key.clone(), json(value))).collect(),
        Value::Secret => Json::Object([("$secret".to_owned(), Json::Bool(true))].into_iter().collect()),
    }
}

/// The value of JSON that [`json`] has made, or of any other.
pub(crate) fn value(json: &Json) -> Value {
    match json {
        Json::Null => Value::Null,
        Json::Bool(value) => Value::Bool(*value),
        Json::Number(number) => match (number.as_i128(), number.as_f64()) {
            (Some(value), _) => Value::Int(value),
            (None, Some(value)) => Value::Float(value),
            (None, None) => Value::Null,
        },
        Json::String(text) => match text.strip_prefix(INTEGER).and_then(|digits| digits.parse().ok()) {
            Some(value) => Value::Int(value),
            None => Value::String(text.strip_prefix('\0').unwrap_or(text).to_owned()),
        },
        Json::Array(items) => Value::List(items.iter().map(value).collect()),
        Json::Object(members) => Value::Map(members.iter().map(|(key, json)| (key.clone(), value(json))).collect()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_lost_on_the_way_there_and_back() {
        let text = |text: &str| Value::String(text.to_owned());
        let numbers = [i128::MIN, i128::from(i64::MIN) - 1, -1, 1 << 53, i128::from(u64::MAX) + 1, i128::MAX];
        let mut items: Vec<Value> = numbers.into_iter().map(Value::Int).collect();
        items.extend([text(""), text("\0"), text("\0integer 12"), text("\0\0x"), Value::Float(1.0), Value::Null]);
        let whole = Value::Map(vec![("a".to_owned(), Value::List(items)), ("b".to_owned(), Value::Bool(true))]);
        assert_eq!(value(&json(&whole)), whole);
    }
}
