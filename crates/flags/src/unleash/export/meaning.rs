//! What a variant of ours is to Unleash.

use serde_json::{Value as Json, json};

use super::super::variant::DISABLED;
use crate::model::{Definition, FlagType};

/// What a variant of ours is to Unleash.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Meaning {
    /// The feature is off.
    Off,
    /// The feature is on, without a variant.
    On,
    /// The feature is on with this variant.
    Variant { name: String, payload: Option<Json> },
}

impl Meaning {
    /// Unleash's name for the variant, where the feature is on.
    pub(super) fn name(&self) -> Option<&str> {
        match self {
            Self::Off => None,
            Self::On => Some(DISABLED),
            Self::Variant { name, .. } => Some(name),
        }
    }
}

/// What a variant means; none is the program's own default, which programs use where a feature is off.
pub(super) fn meaning(definition: &Definition, variant: Option<&str>) -> Meaning {
    let Some(name) = variant else { return Meaning::Off };
    let variants = definition.variants();
    let Some(value) = variants.get(name) else { return Meaning::Off };
    let carried = |kind: &str, text: String| Meaning::Variant {
        name: name.to_owned(),
        payload: Some(json!({"type": kind, "value": text})),
    };
    match value {
        Json::Bool(true) => Meaning::On,
        Json::Bool(false) | Json::Null => Meaning::Off,
        Json::String(text) => carried("string", text.clone()),
        Json::Number(number) => carried("number", number.to_string()),
        value if definition.value_type() == Some(FlagType::Object) && value["feature_enabled"].is_boolean() => {
            match (value["feature_enabled"] == true, value["enabled"] == true) {
                (false, _) => Meaning::Off,
                (true, false) => Meaning::On,
                (true, true) => Meaning::Variant {
                    name: value["name"].as_str().unwrap_or(name).to_owned(),
                    payload: value.get("payload").cloned(),
                },
            }
        }
        value => carried("json", value.to_string()),
    }
}
