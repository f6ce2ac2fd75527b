//! Whatever comes in, an import ends with flags that compile, and names those that do not.

use std::collections::BTreeSet;

use proptest::prelude::*;
use serde_json::{Map, Value, json};
use strata_config_flags::growthbook::{self, Outcome};
use strata_config_flags::model::Definitions;
use strata_config_flags::{Context, FlagSet};

/// A document in which everything occurs that imports read.
fn document() -> Value {
    let parents = json!([{"id": "parent", "condition": {"value": {"$gt": 0}}, "gate": true}, {"id": "parent"}]);
    let condition = json!({
        "$or": [{"a.b": {"$in": ["x", 1, null]}}, {"$nor": [{"c": {"$regex": "^x+"}}]}, {"$not": {"d": true}}],
        "$and": [{"t": {"$elemMatch": {"e": {"$size": {"$lt": 3}}}, "$all": ["x", {"$gt": 1}]}}],
        "id": {"$inGroup": "g", "$notInGroup": "h", "$ne": [1]},
        "v": {"$vgte": "1.2.3", "$not": {"$alli": ["A"]}, "$type": "string", "$exists": false},
    });
    json!({
        "features": {
            "parent": {"defaultValue": 1, "rules": [{"id": "r", "force": 2, "coverage": 0.25, "seed": "s", "hashVersion": 2}]},
            "it": {"defaultValue": "x", "rules": [
                {"parentConditions": parents, "filters": [{"seed": "f", "attribute": "id", "ranges": [[0.1, 0.9]]}]},
                {"condition": condition, "force": "y", "range": [0.2, 0.8], "hashAttribute": "a.b", "fallbackAttribute": "c"},
                {"key": "k", "variations": ["x", "z"], "weights": [0.4, 0.6], "coverage": 0.7, "namespace": ["n", 0, 0.5],
                 "meta": [{"key": "one"}, {"passthrough": true}]},
                {"variations": ["x", "w"], "ranges": [[0, 0.3], [0.3, 1]]},
            ]},
        },
        "savedGroups": {"g": [1, "2"], "h": []},
        "experiments": [{"key": "e", "variations": [1, 2], "force": 1, "active": true, "condition": {"x": null}}],
    })
}

fn count(value: &Value) -> usize {
    1 + match value {
        Value::Array(items) => items.iter().map(count).sum(),
        Value::Object(entries) => entries.values().map(count).sum(),
        _ => 0,
    }
}

/// The part of a document with this number, in the order in which they are met.
fn part<'v>(value: &'v mut Value, number: &mut usize) -> Option<&'v mut Value> {
    if *number == 0 {
        return Some(value);
    }
    *number -= 1;
    match value {
        Value::Array(items) => items.iter_mut().find_map(|item| part(item, number)),
        Value::Object(entries) => entries.values_mut().find_map(|item| part(item, number)),
        _ => None,
    }
}

fn json_value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        "[a-z.$\\\\(\\[?0-9é😀-]{0,6}".prop_map(Value::from),
        prop::sample::select(vec!["parent", "it", "k", "g", "id", "$in", "1e400", ""]).prop_map(Value::from),
    ];
    let key = prop_oneof![
        prop::sample::select(vec![
            "$or",
            "$and",
            "$not",
            "$in",
            "$nin",
            "$inGroup",
            "$elemMatch",
            "$size",
            "$all",
            "$regex",
            "$lt",
            "$veq",
            "a.b",
            "id",
            "key",
            "condition",
            "force",
            "coverage",
            "ranges",
            "variations",
            "rules",
            "parentConditions",
        ])
        .prop_map(str::to_owned),
        "[a-z$.]{0,4}",
    ];
    leaf.prop_recursive(4, 24, 4, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::vec((key.clone(), inner), 0..4)
                .prop_map(|entries| Value::Object(entries.into_iter().collect::<Map<_, _>>())),
        ]
    })
}

/// The names of the flags that a document has.
fn names(document: &Value) -> BTreeSet<String> {
    let features = document["features"].as_object().into_iter().flatten().map(|(name, _)| name.clone());
    features.collect()
}

/// Imports a document and asks every flag for a context.
fn import_and_ask(document: &Value, context: &Context<'_>) -> Result<(), TestCaseError> {
    let imported = growthbook::import(document);
    let kept: BTreeSet<String> = imported.definitions.flags.keys().cloned().collect();
    if let Value::Object(object) = document {
        let is_payload = object.get("features").is_some_and(|features| {
            features.as_object().is_some_and(|features| features.values().all(Value::is_object))
        });
        for name in names(document).into_iter().filter(|_| is_payload) {
            prop_assert!(kept.contains(&name) || imported.is_refused(&name), "{} is lost", name);
        }
    }
    prop_assert!(imported.refused.iter().all(|refused| !refused.problems.is_empty()));
    let text = serde_json::to_string(&imported.definitions).unwrap();
    let set = FlagSet::new(imported.definitions).unwrap_or_else(|invalid| panic!("{invalid}"));
    for key in set.keys() {
        let answer = set.evaluate(key, context).unwrap();
        let outcome = Outcome::of(&answer);
        prop_assert_eq!(outcome.value, answer.value());
        prop_assert!(outcome.variation.is_none_or(|variation| variation.id < 65_536));
    }
    // What goes out again comes back, and answers as before.
    let exported = growthbook::export(&set.definitions());
    let back = growthbook::import(&exported.document);
    prop_assert!(back.refused.is_empty(), "{:?} of {}", back.refused, exported.document);
    let back = FlagSet::new(back.definitions).unwrap();
    for key in set.keys() {
        match back.evaluate(key, context) {
            Ok(answer) => prop_assert_eq!(answer.value(), set.evaluate(key, context).unwrap().value(), "{}", key),
            Err(_) => prop_assert!(exported.is_refused(key), "{} is lost", key),
        }
    }
    // What was carried over is a configuration that is read back.
    prop_assert_eq!(serde_json::from_str::<Definitions>(&text).unwrap(), set.definitions());
    Ok(())
}

proptest! {

    #[test]
    fn a_document_with_a_part_replaced_is_imported_or_refused(
        places in prop::collection::vec((any::<prop::sample::Index>(), json_value()), 1..4),
        attributes in prop::collection::btree_map("id|a|t|v|c|d", json_value(), 0..6),
    ) {
        let mut document = document();
        for (place, value) in places {
            let mut number = place.index(count(&document));
            *part(&mut document, &mut number).unwrap() = value;
        }
        let attributes: Map<String, Value> = attributes.into_iter().collect();
        import_and_ask(&document, &Context::from_json(&attributes))?;
    }

    #[test]
    fn any_json_is_imported_or_refused(document in json_value()) {
        import_and_ask(&document, &Context::of("unit"))?;
    }

    #[test]
    fn any_condition_holds_or_not(condition in json_value(), value in json_value()) {
        let rule = json!({"force": true, "condition": condition});
        let document = json!({"features": {"it": {"defaultValue": false, "rules": [rule]}}});
        let attributes = json!({"a": {"b": value}, "id": value});
        import_and_ask(&document, &Context::from_json(attributes.as_object().unwrap()))?;
    }
}

#[test]
fn the_whole_document_is_carried_over() {
    let imported = growthbook::import(&document());
    assert!(imported.refused.is_empty(), "{:?}", imported.refused);
    assert_eq!(imported.definitions.flags.keys().collect::<Vec<_>>(), ["e", "it", "parent"]);
}

#[test]
fn deep_conditions_are_refused_and_not_followed() {
    let nest = |key: &str, levels: usize| {
        let wrap = |inner: Value, _| if key == "$or" { json!({ key: [inner] }) } else { json!({ key: inner }) };
        (0..levels).fold(json!({"a": 1}), wrap)
    };
    for key in ["$or", "$not", "$elemMatch"] {
        for (levels, is_kept) in [(20, true), (60, false), (100, false)] {
            let inner = if key == "$elemMatch" { json!({"a": nest(key, levels)}) } else { nest(key, levels) };
            let rule = json!({"force": true, "condition": inner});
            let imported = growthbook::import(&json!({"it": {"defaultValue": false, "rules": [rule]}}));
            assert_eq!(imported.refused.is_empty(), is_kept, "{key} {levels}: {:?}", imported.refused);
        }
    }
    // JSON text that is nested deeper than 128 is not read at all.
    let text = format!("{}1{}", r#"{"$not":"#.repeat(100_000), "}".repeat(100_000));
    assert!(growthbook::import_text(&text).is_err());
}
