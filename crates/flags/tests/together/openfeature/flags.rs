//! The flags of OpenFeature's scenarios, whose file is no format of a product's: targeting is an expression of CEL.

use std::sync::Arc;

use serde_json::{Map, Value as Json, json};
use strata_config_flags::FlagSet;

/// The two expressions that the file has, as conditions of ours, each with the variant that it gives.
fn rule(expression: &str) -> Json {
    let email = json!({ "attribute": "email", "op": "in", "value": "ballmer@macrosoft.com" });
    let (when, variant) = match expression {
        "email == 'ballmer@macrosoft.com' ? 'zero' : ''" => (email, "zero"),
        "!customer && email == 'ballmer@macrosoft.com' && age > 10 ? 'internal' : ''" => {
            let customer = json!({ "attribute": "customer", "op": "in", "value": true });
            let age = json!({ "attribute": "age", "op": "more_than", "value": 10 });
            (json!({ "all": [{ "not": customer }, email, age] }), "internal")
        }
        other => panic!("the file has a new expression: {other}"),
    };
    json!({ "when": when, "serve": variant })
}

fn flag(given: &Json) -> Json {
    let mut flag = Map::new();
    flag.insert("variants".to_owned(), given["variants"].clone());
    if let Some(variant) = given["defaultVariant"].as_str() {
        flag.insert("fallthrough".to_owned(), variant.into());
    }
    if given["disabled"] == true {
        flag.insert("status".to_owned(), "disabled".into());
    }
    if let Some(expression) = given["contextEvaluator"].as_str() {
        flag.insert("rules".to_owned(), json!([rule(expression)]));
    }
    if given["flagMetadata"].is_object() {
        flag.insert("metadata".to_owned(), given["flagMetadata"].clone());
    }
    flag.into()
}

/// The set of all flags of the file.
pub(crate) fn set(file: &str) -> Arc<FlagSet> {
    let given: Map<String, Json> = serde_json::from_str(file).unwrap();
    let flags: Map<String, Json> = given.iter().map(|(key, given)| (key.clone(), flag(given))).collect();
    let definitions = serde_json::from_value(json!({ "flags": flags })).unwrap();
    Arc::new(FlagSet::new(definitions).unwrap_or_else(|invalid| panic!("{invalid}")))
}
