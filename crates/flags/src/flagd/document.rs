//! A flag of flagd's document as a definition.

use std::collections::BTreeMap;

use serde_json::{Map, Value as Json};

use super::check::{self, within};
use crate::compile::Problems;
use crate::model::{Definition, Scalar, Status};

/// The names that answers use for themselves.
const OWN_METADATA: [&str; 3] = ["why", "rule_id", "bucket"];

/// A flag without its targeting; what is wrong with it is told, also with the targeting's form.
pub(super) fn flag(entries: &Map<String, Json>, problems: &mut Problems, warnings: &mut Vec<String>) -> Definition {
    const KNOWN: [&str; 7] = ["key", "state", "variants", "defaultVariant", "targeting", "metadata", "$schema"];
    for name in entries.keys().filter(|name| !KNOWN.contains(&name.as_str())) {
        warnings.push(format!("`{}` means nothing to flagd, and is left out", name.escape_debug()));
    }
    let status = status(entries.get("state"), problems);
    let variants = within("variants", problems, |problems| variants(entries.get("variants"), problems));
    let default_variant = within("defaultVariant", problems, |problems| match entries.get("defaultVariant") {
        None | Some(Json::Null) => None,
        Some(Json::String(name)) => {
            // Where the variants are wrong, that is said already.
            if !variants.is_empty() && !variants.contains_key(name) {
                problems.unknown("variant", name, variants.keys().map(String::as_str));
            }
            Some(name.clone())
        }
        Some(other) => {
            problems.push(format!("`{other}` is no name of a variant"));
            None
        }
    });
    within("targeting", problems, |problems| match entries.get("targeting") {
        None => {}
        Some(Json::Object(targeting)) if targeting.is_empty() => {}
        Some(targeting) => check::rule(targeting, problems),
    });
    let mut metadata = within("metadata", problems, |problems| metadata(entries.get("metadata"), problems));
    for name in OWN_METADATA {
        if metadata.remove(name).is_some() {
            warnings.push(format!("the metadata `{name}` is left out: answers tell it by themselves"));
        }
    }
    Definition { variants, default_variant, status, metadata, ..Definition::default() }
}

fn status(state: Option<&Json>, problems: &mut Problems) -> Status {
    within("state", problems, |problems| match state {
        Some(Json::String(state)) if state == "ENABLED" => Status::Enabled,
        Some(Json::String(state)) if state == "DISABLED" => Status::Disabled,
        Some(other) => {
            problems.push(format!("`{other}` is no state: \"ENABLED\" or \"DISABLED\""));
            Status::Disabled
        }
        None => {
            problems.push("\"ENABLED\" or \"DISABLED\" has to be said");
            Status::Disabled
        }
    })
}

fn variants(json: Option<&Json>, problems: &mut Problems) -> BTreeMap<String, Json> {
    let entries = match json {
        Some(Json::Object(entries)) if !entries.is_empty() => entries,
        Some(Json::Object(_)) => {
            problems.push("at least one variant is needed");
            return BTreeMap::new();
        }
        _ => {
            problems.push("an object of variants is needed");
            return BTreeMap::new();
        }
    };
    let mut first = None;
    for (name, value) in entries {
        if name.is_empty() {
            problems.push("a variant's name is not empty");
        }
        within(name.as_str(), problems, |problems| match (kind(value), first) {
            (None, _) => problems.push(format!("`{value}` is no boolean, text, number or object")),
            (Some(kind), None) => first = Some(kind),
            (Some(kind), Some(before)) if kind != before => {
                problems.push(format!("this is {kind}, and a variant before is {before}: one type is for all"));
            }
            _ => {}
        });
    }
    entries.iter().map(|(name, value)| (name.clone(), value.clone())).collect()
}

fn kind(value: &Json) -> Option<&'static str> {
    match value {
        Json::Bool(_) => Some("a boolean"),
        Json::String(_) => Some("a text"),
        Json::Number(_) => Some("a number"),
        Json::Object(_) => Some("an object"),
        Json::Null | Json::Array(_) => None,
    }
}

/// Metadata of a flag or of the whole set.
pub(super) fn metadata(json: Option<&Json>, problems: &mut Problems) -> BTreeMap<String, Scalar> {
    let entries = match json {
        None => return BTreeMap::new(),
        Some(Json::Object(entries)) => entries,
        Some(_) => {
            problems.push("metadata is an object");
            return BTreeMap::new();
        }
    };
    let mut found = BTreeMap::new();
    for (name, value) in entries {
        let scalar = match value {
            Json::Bool(value) => Some(Scalar::Bool(*value)),
            Json::String(text) => Some(Scalar::String(text.clone())),
            Json::Number(number) => number.as_i64().map(Scalar::Int).or_else(|| number.as_f64().map(Scalar::Float)),
            _ => None,
        };
        match scalar {
            Some(scalar) => {
                found.insert(name.clone(), scalar);
            }
            None => within(name.as_str(), problems, |problems| {
                problems.push("metadata is texts, numbers and booleans");
            }),
        }
    }
    found
}
