//! Questions to imported flags, in GrowthBook's words.

use serde_json::{Map, Value, json};
use strata_config_flags::growthbook::{self, Outcome};
use strata_config_flags::interchange::Imported;
use strata_config_flags::{Context, FlagSet};

pub(crate) fn set(imported: Imported) -> FlagSet {
    assert!(imported.refused.is_empty(), "{:?}", imported.refused);
    FlagSet::new(imported.definitions).unwrap_or_else(|invalid| panic!("{invalid}"))
}

pub(crate) fn attributes(case: &Value) -> Map<String, Value> {
    case["attributes"].as_object().cloned().unwrap_or_default()
}

/// What the cases tell of a feature.
pub(crate) fn told(set: &FlagSet, flag: &str, context: &Context<'_>) -> Value {
    let Ok(answer) = set.evaluate(flag, context) else {
        return json!({"value": null, "on": false, "off": true, "source": "unknownFeature", "ruleId": ""});
    };
    let outcome = Outcome::of(&answer);
    let mut told = json!({
        "value": outcome.value.map(strata_config_flags::model::FlagValue::to_json),
        "on": outcome.is_on(),
        "off": !outcome.is_on(),
        "source": outcome.source.as_str(),
        "ruleId": outcome.rule_id,
    });
    if let Some(variation) = outcome.variation {
        let mut result = json!({
            "variationId": variation.id,
            "key": variation.key,
            "inExperiment": true,
            "hashUsed": variation.hash_used(),
            "value": told["value"],
        });
        if let Some(bucket) = variation.bucket {
            result["bucket"] = json!(bucket);
        }
        told["experimentResult"] = result;
        told["experiment"] = json!({"key": variation.experiment});
    }
    told
}

/// Whether a condition holds for these attributes.
pub(crate) fn holds(condition: &Value, attributes: &Value, groups: &Value) -> bool {
    let feature = json!({"defaultValue": false, "rules": [{"condition": condition, "force": true}]});
    let set = set(growthbook::import(&json!({"features": {"it": feature}, "savedGroups": groups})));
    set.is_on("it", &Context::from_json(attributes.as_object().unwrap()), false)
}

/// Whether two values are the same, whole numbers also where one is written with a fraction.
pub(crate) fn same(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Number(one), Value::Number(other)) => one.as_f64() == other.as_f64(),
        (Value::Array(ones), Value::Array(others)) => {
            ones.len() == others.len() && ones.iter().zip(others).all(|(one, other)| same(one, other))
        }
        (one, other) => one == other,
    }
}
