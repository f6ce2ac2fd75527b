//! Whatever is imported, nothing panics, what is not refused compiles, and an export of it answers alike.
#![cfg(feature = "unleash")]

use std::path::Path;
use std::sync::LazyLock;

use proptest::prelude::*;
use serde_json::{Value as Json, json};
use strata_config_flags::{Context, FlagSet, unleash};

/// Every state of the specification.
static STATES: LazyLock<Vec<Json>> = LazyLock::new(states);

fn states() -> Vec<Json> {
    let folder = std::env::var_os("STRATA_CONFORMANCE").expect("STRATA_CONFORMANCE names a folder");
    let folder = Path::new(&folder).join("unleash-client-specification");
    let mut found = Vec::new();
    for entry in std::fs::read_dir(&folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|extension| extension == "json") {
            let json: Json = serde_json::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap();
            found.extend(json.get("state").filter(|state| state["features"].is_array()).cloned());
        }
    }
    assert!(found.len() >= 20, "{}", found.len());
    found
}

/// Imports, and makes sure of what is promised whatever comes in: every named feature is there or refused by name, and
/// what is there compiles and answers.
fn import_and_ask(features: &Json) -> Result<(), TestCaseError> {
    let imported = unleash::import(features);
    let named = features["features"].as_array().into_iter().flatten().filter_map(|feature| feature["name"].as_str());
    for name in named.filter(|name| !name.is_empty()) {
        let is_there = imported.definitions.flags.contains_key(name);
        prop_assert!(is_there != imported.is_refused(name), "{name} is {is_there}");
    }
    prop_assert!(imported.refused.iter().all(|refused| !refused.problems.is_empty()));
    let set = FlagSet::new(imported.definitions);
    prop_assert!(set.is_ok(), "{}", set.unwrap_err());
    let set = set.unwrap();
    let context = Context::of("ann").with("environment", "dev").with("version", "1.2.3");
    let exported = unleash::export(&set.definitions());
    let again = unleash::import(&exported.document);
    prop_assert!(again.refused.is_empty(), "{:?}", again.refused);
    let again = FlagSet::new(again.definitions).unwrap();
    for name in set.keys() {
        let variant = unleash::variant(&set, name, &context);
        if !exported.is_refused(name) {
            prop_assert_eq!(unleash::variant(&again, name, &context), variant, "{} after an export", name);
        }
        prop_assert!(variant.feature_enabled || !variant.enabled);
        prop_assert_eq!(unleash::is_enabled(&set, name, &context), variant.feature_enabled);
    }
    Ok(())
}

/// Values that stand where they should not.
fn strange() -> impl Strategy<Value = Json> {
    prop_oneof![
        Just(Json::Null),
        any::<bool>().prop_map(Json::from),
        any::<i64>().prop_map(Json::from),
        any::<f64>().prop_map(Json::from),
        ".{0,12}".prop_map(Json::from),
        Just(json!([])),
        Just(json!({})),
        Just(json!([[[1]]])),
        Just(json!("1e999")),
        Just(json!("9999-12-31T23:59:59.999Z")),
        Just(json!("0000-01-01")),
        Just(json!("default")),
        Just(json!("random")),
        Just(json!("targetingKey")),
        Just(json!("disabled")),
    ]
}

/// How many values a JSON has, itself included.
fn size(json: &Json) -> usize {
    1 + match json {
        Json::Array(items) => items.iter().map(size).sum(),
        Json::Object(entries) => entries.values().map(size).sum(),
        _ => 0,
    }
}

/// Puts a value in the place of the one with this number.
fn replace(json: &mut Json, number: &mut usize, value: &Json) {
    if *number == 0 {
        json.clone_from(value);
    }
    *number = number.wrapping_sub(1);
    match json {
        Json::Array(items) => items.iter_mut().for_each(|item| replace(item, number, value)),
        Json::Object(entries) => entries.values_mut().for_each(|entry| replace(entry, number, value)),
        _ => {}
    }
}

fn any_json() -> impl Strategy<Value = Json> {
    let names = prop_oneof![
        Just("features"),
        Just("segments"),
        Just("name"),
        Just("enabled"),
        Just("strategies"),
        Just("constraints"),
        Just("parameters"),
        Just("variants"),
        Just("weight"),
        Just("dependencies"),
        Just("feature"),
        Just("overrides"),
        Just("contextName"),
        Just("operator"),
        Just("values"),
        Just("value"),
        Just("rollout"),
        Just("id"),
    ];
    strange().prop_recursive(6, 64, 6, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Json::from),
            prop::collection::hash_map(names.clone().prop_map(str::to_owned), inner, 0..6)
                .prop_map(|entries| Json::Object(entries.into_iter().collect())),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    #[ignore = "needs the foreign test files, by STRATA_CONFORMANCE"]
    fn conformance_a_mutated_specification_imports_or_is_refused_by_name(
        mutations in prop::collection::vec((any::<prop::sample::Index>(), strange()), 1..6),
        state in any::<prop::sample::Index>(),
    ) {
        let mut features = state.get(&STATES).clone();
        for (place, value) in mutations {
            let mut number = place.index(size(&features));
            replace(&mut features, &mut number, &value);
        }
        import_and_ask(&features)?;
    }

    #[test]
    fn any_json_imports_or_is_refused(json in any_json()) {
        import_and_ask(&json)?;
        import_and_ask(&json!({"features": [json.clone()], "segments": [json]}))?;
    }

    #[test]
    fn any_text_imports_or_is_refused(text in ".{0,64}") {
        if let Ok(imported) = unleash::import_text(&text) {
            prop_assert!(imported.definitions.flags.is_empty());
        }
    }

    #[test]
    fn any_context_is_read(json in any_json()) {
        let _ = unleash::context(&json);
    }
}
