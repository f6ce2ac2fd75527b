//! Flag values as OpenFeature's.

use open_feature::{StructValue, Value};
use serde_json::{Map, Value as Json};

use crate::model::FlagValue;

/// What no value says that was found in a set, since the set holds one type a flag.
const OTHER: &str = "the value is of another type";

pub(super) fn bool(value: &FlagValue) -> Result<bool, String> {
    value.as_bool().ok_or_else(|| OTHER.to_owned())
}

pub(super) fn int(value: &FlagValue) -> Result<i64, String> {
    if let FlagValue::Int(value) = value { Ok(*value) } else { Err(OTHER.to_owned()) }
}

pub(super) fn float(value: &FlagValue) -> Result<f64, String> {
    match value {
        FlagValue::Float(value) => Ok(*value),
        FlagValue::Int(value) => Ok(*value as f64),
        _ => Err(OTHER.to_owned()),
    }
}

pub(super) fn string(value: &FlagValue) -> Result<String, String> {
    if let FlagValue::String(value) = value { Ok(value.to_string()) } else { Err(OTHER.to_owned()) }
}

/// An object. The SDK knows neither nulls nor integers beyond 64 bits, nor a list that stands alone.
pub(super) fn object(value: &FlagValue) -> Result<StructValue, String> {
    match value {
        FlagValue::Object(Json::Object(entries)) => fields(entries, ""),
        FlagValue::Object(_) => {
            Err("the value is a list, and OpenFeature's SDK for Rust knows objects alone".to_owned())
        }
        _ => Err(OTHER.to_owned()),
    }
}

fn fields(entries: &Map<String, Json>, path: &str) -> Result<StructValue, String> {
    let mut fields = StructValue::default();
    for (name, value) in entries {
        let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
        fields.add_field(name, item(value, &path)?);
    }
    Ok(fields)
}

fn item(value: &Json, path: &str) -> Result<Value, String> {
    let refused = |what: &str| Err(format!("`{path}` is {what}, which OpenFeature's SDK for Rust can't hold"));
    Ok(match value {
        Json::Null => return refused("null"),
        Json::Bool(value) => Value::Bool(*value),
        Json::Number(number) => match (number.as_i64(), number.as_f64()) {
            (Some(value), _) => Value::Int(value),
            (None, Some(value)) if !number.is_u64() => Value::Float(value),
            _ => return refused("an integer of more than 64 bits with its sign"),
        },
        Json::String(text) => Value::String(text.clone()),
        Json::Array(items) => {
            let items = items.iter().enumerate().map(|(index, value)| item(value, &format!("{path}.{index}")));
            Value::Array(items.collect::<Result<_, _>>()?)
        }
        Json::Object(entries) => Value::Struct(fields(entries, path)?),
    })
}
