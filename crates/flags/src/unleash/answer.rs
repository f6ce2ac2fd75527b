//! Unleash's two questions: is a feature enabled, and which variant is it?

use serde_json::Value as Json;

use super::variant::DISABLED;
use crate::answer::{Answer, Reason};
use crate::context::Context;
use crate::model::FlagValue;
use crate::set::FlagSet;

/// What Unleash's `getVariant` answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Variant<'s> {
    /// The variant's name; `disabled` where none was chosen.
    pub name: &'s str,
    /// Whether one was chosen.
    pub enabled: bool,
    /// Whether the feature is on.
    pub feature_enabled: bool,
    /// What the variant carries.
    pub payload: Option<Payload<'s>>,
}

/// What a variant carries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Payload<'s> {
    /// `string`, `json`, `csv` or `number`.
    pub kind: &'s str,
    /// The text that was put in.
    pub value: &'s str,
}

/// Whether a feature is on; a feature that there is not is off.
#[must_use]
pub fn is_enabled(set: &FlagSet, feature: &str, context: &Context<'_>) -> bool {
    variant(set, feature, context).feature_enabled
}

/// A feature's variant; that of a feature that there is not is `disabled`.
#[must_use]
pub fn variant<'s>(set: &'s FlagSet, feature: &str, context: &Context<'_>) -> Variant<'s> {
    set.evaluate(feature, context).map_or(NONE, |answer| Variant::of(&answer))
}

const NONE: Variant<'static> = Variant { name: DISABLED, enabled: false, feature_enabled: false, payload: None };

impl<'s> Variant<'s> {
    /// What an answer is to Unleash. A flag that was not imported is on with the variant that it serves, unless it is
    /// off or serves none.
    #[must_use]
    pub fn of(answer: &Answer<'s>) -> Self {
        match answer.value() {
            None => NONE,
            Some(FlagValue::Bool(is_on)) => Self { feature_enabled: *is_on, ..NONE },
            Some(FlagValue::Object(value)) if value.get("feature_enabled").is_some() => Self::of_value(value),
            Some(_) if answer.reason == Reason::Disabled => NONE,
            Some(_) => {
                Self { name: answer.variant().unwrap_or(DISABLED), enabled: true, feature_enabled: true, payload: None }
            }
        }
    }

    fn of_value(value: &'s Json) -> Self {
        let text = |value: &'s Json| value.as_str().unwrap_or_default();
        let payload = |payload: &'s Json| Payload { kind: text(&payload["type"]), value: text(&payload["value"]) };
        Self {
            name: text(&value["name"]),
            enabled: value["enabled"] == true,
            feature_enabled: value["feature_enabled"] == true,
            payload: value.get("payload").map(payload),
        }
    }
}
