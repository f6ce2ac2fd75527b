//! `get`: one bare value, or a section as JSON.

use clap::ArgMatches;
use strata_config_core::{FieldPath, LayeredConfig, Value};

use crate::context::Context;
use crate::options::Format;
use crate::output::Output;
use crate::select;

pub(crate) fn run<C: LayeredConfig>(context: &Context<'_, C>, matches: &ArgMatches) -> Output {
    let text = matches.get_one::<String>("path").map(String::as_str).unwrap_or_default();
    let path = match select::path(C::SCHEMA, text) {
        Ok(path) => path,
        Err(message) => return Output::usage(&message),
    };
    let loaded = match context.load() {
        Ok(loaded) => loaded,
        Err(output) => return output,
    };
    let values = loaded.values();
    let found = match values.at(&path) {
        Some(value) => value,
        None if loaded.origin(path.as_str()).is_some() => &Value::Null,
        None => return Output::refused(&absent(&path, &values)),
    };
    // A value that came from a secret's field is one, whatever its shape; a section only holds some.
    if is_secret(found) {
        return Output::refused(&format!("`{path}` is a secret; it is never shown"));
    }
    match (context.options.format, found) {
        (Format::Json, value) => Output::json(value),
        (Format::Text, value @ (Value::List(_) | Value::Map(_))) => Output::json(value),
        (Format::Text, value) => Output::text(value.to_text() + "\n"),
    }
}

/// Whether the value is a secret, or a list or map of nothing but secrets.
fn is_secret(value: &Value) -> bool {
    match value {
        Value::Secret => true,
        Value::List(items) => !items.is_empty() && items.iter().all(is_secret),
        Value::Map(_) | Value::Null | Value::Bool(_) | Value::Int(_) | Value::Float(_) | Value::String(_) => false,
    }
}

/// Says which part of the path is not there.
fn absent(path: &FieldPath, values: &Value) -> String {
    let mut parent = FieldPath::ROOT;
    for segment in path.segments() {
        let below = parent.child(&segment);
        if values.at(&below).is_none() {
            return format!("`{path}` has no value: `{below}` is not set");
        }
        parent = below;
    }
    format!("`{path}` has no value")
}
