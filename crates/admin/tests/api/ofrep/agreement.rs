//! All flags at once, each by itself, and the same question within the process: one answer.

use proptest::prelude::*;
use proptest::test_runner::{Config as Cases, TestRunner};
use serde_json::{Map, Value as Json, json};
use strata_config_flags::model::FlagValue;
use strata_config_flags::{Context, FlagSet, Flags};

use super::{ALL, one};
use crate::site::Site;

fn serve() -> impl Strategy<Value = Json> {
    prop_oneof![
        Just(json!("a")),
        Just(json!("b")),
        Just(Json::Null),
        (0_u32..=100_000, 1_u32..5, 0_u32..5).prop_map(|(steps, one, other)| json!({"split": {
            "coverage": steps, "weights": [{"variant": "a", "weight": one}, {"variant": "b", "weight": other}],
        }})),
    ]
}

fn value() -> impl Strategy<Value = Json> {
    prop_oneof![any::<bool>().prop_map(Json::from), (-3_i64..3).prop_map(Json::from), "[a-c]{0,2}".prop_map(Json::from),]
}

fn condition() -> impl Strategy<Value = Json> {
    let operator = prop::sample::select(vec!["in", "is", "contains", "starts_with"]);
    (prop::sample::select(vec!["x", "y", "targetingKey"]), operator, value(), any::<bool>()).prop_map(
        |(attribute, op, value, negate)| {
            let value = if matches!(op, "starts_with" | "contains") { json!(value.to_string()) } else { value };
            json!({"attribute": attribute, "op": op, "values": [value], "negate": negate})
        },
    )
}

fn flag() -> impl Strategy<Value = Json> {
    let variants = prop::sample::select(vec![
        json!({"a": true, "b": false}),
        json!({"a": 1, "b": 2.5}),
        json!({"a": "x", "b": ""}),
        json!({"a": {"deep": [null, 1.0]}, "b": []}),
    ]);
    let rule = (condition(), serve()).prop_map(|(when, serve)| json!({"when": when, "serve": serve}));
    let status = prop::sample::select(vec!["enabled", "enabled", "disabled"]);
    (variants, prop::collection::vec(rule, 0..3), serve(), status, any::<bool>()).prop_map(
        |(variants, rules, fallthrough, status, has_default)| {
            let mut flag = json!({
                "variants": variants, "rules": rules, "fallthrough": fallthrough, "status": status,
                "metadata": {"team": "x", "share": 0.5},
            });
            if has_default {
                flag["default_variant"] = json!("b");
            }
            flag
        },
    )
}

fn context() -> impl Strategy<Value = Map<String, Json>> {
    let attributes = prop::collection::btree_map("[xyz]", value(), 0..3);
    (attributes, prop::option::of("[a-z0-9]{1,4}")).prop_map(|(attributes, key)| {
        attributes.into_iter().chain(key.map(|key| ("targetingKey".to_owned(), key.into()))).collect()
    })
}

/// What the process itself answers, in the protocol's words.
fn of_process(flags: &Flags, key: &str, context: &Context<'_>) -> Json {
    let told = |answer: strata_config_flags::Answer<'_>| {
        let mut told = json!({
            "key": key, "variant": answer.variant().unwrap_or_default(), "reason": answer.reason.as_str(),
            "metadata": answer.metadata_json(),
        });
        if let Some(value) = answer.value() {
            told["value"] = FlagValue::to_json(value);
        }
        told
    };
    flags.evaluate(key, context, told).unwrap()
}

#[test]
fn every_way_to_ask_gives_the_same_answer() {
    let flags = Flags::empty();
    let site = Site::with(&[], |admin| admin.flags(flags.clone()));
    let cases = (prop::collection::btree_map("[a-z/ ]{1,6}", flag(), 1..5), prop::collection::vec(context(), 1..4));
    TestRunner::new(Cases::with_cases(64))
        .run(&cases, |(definitions, contexts)| {
            let set = FlagSet::new(serde_json::from_value(json!({ "flags": definitions })).unwrap());
            // A few do not go together, such as a split whose weights are all nothing.
            let Ok(set) = set else { return Err(TestCaseError::reject("no set of flags")) };
            flags.replace(set, 1);
            for context in &contexts {
                let body = json!({ "context": context });
                let bulk = site.call("POST", ALL, &body).json();
                prop_assert_eq!(bulk["flags"].as_array().unwrap().len(), definitions.len());
                for told in bulk["flags"].as_array().unwrap() {
                    let key = told["key"].as_str().unwrap();
                    let path = key.replace('/', "%2F").replace(' ', "%20");
                    prop_assert_eq!(&site.call("POST", &one(&path), &body).json(), told);
                    prop_assert_eq!(&of_process(&flags, key, &Context::from_json(context)), told);
                }
            }
            Ok(())
        })
        .unwrap();
}
