//! The part that does not allocate answers as datalogic-rs does, whatever the rule and the context.

use proptest::prelude::*;
use serde_json::{Map, Value as Json, json};

use super::engine::{self, Full};
use super::expression::Expression;
use super::value::{Halt, Value};
use super::variable::Environment;
use crate::bucket::Algorithm;
use crate::context::Context;
use crate::model::Moment;

/// Values that rules and contexts have in common, so that comparisons often meet.
fn scalar() -> impl Strategy<Value = Json> {
    prop_oneof![
        Just(Json::Null),
        any::<bool>().prop_map(Json::from),
        (-3_i64..12).prop_map(Json::from),
        prop_oneof![Just(0.5), Just(-2.5), Just(3.0), Just(1e300)].prop_map(Json::from),
        prop_oneof![
            Just(""),
            Just("a"),
            Just("ab"),
            Just("0"),
            Just("3"),
            Just(" 3"),
            Just("true"),
            Just("null"),
            Just("1.2.3"),
            Just("v1.2"),
            Just("2.0.0-rc.1"),
            Just("inf"),
            Just("1e0"),
            Just("@x.org"),
            Just("ann@x.org")
        ]
        .prop_map(Json::from),
    ]
}

fn variable() -> impl Strategy<Value = Json> {
    let path = prop_oneof![
        Just("a"),
        Just("b"),
        Just("c"),
        Just("a.b"),
        Just("c.1"),
        Just("c.0.a"),
        Just("targetingKey"),
        Just("$flagd.flagKey"),
        Just("$flagd.timestamp"),
        Just("targetingKey.a"),
        Just("missing"),
        Just("0")
    ];
    (path, proptest::option::of(scalar())).prop_map(|(path, default)| match default {
        Some(default) => json!({"var": [path, default]}),
        None => json!({"var": path}),
    })
}

fn rule() -> impl Strategy<Value = Json> {
    let leaf = prop_oneof![2 => scalar(), 3 => variable()];
    leaf.prop_recursive(4, 24, 4, |inner| {
        let two = || (inner.clone(), inner.clone());
        let several = |count| proptest::collection::vec(inner.clone(), count);
        let comparison = prop_oneof![
            Just("=="),
            Just("!="),
            Just("==="),
            Just("!=="),
            Just("<"),
            Just("<="),
            Just(">"),
            Just(">="),
            Just("in"),
            Just("starts_with"),
            Just("ends_with")
        ];
        let version =
            prop_oneof![Just("="), Just("!="), Just("<"), Just("<="), Just(">"), Just(">="), Just("^"), Just("~")];
        let buckets = proptest::collection::vec((inner.clone(), 0_u32..4), 1..4);
        prop_oneof![
            (comparison, two()).prop_map(|(name, (one, other))| json!({name: [one, other]})),
            (prop_oneof![Just("and"), Just("or"), Just("if")], several(1..5))
                .prop_map(|(name, all)| json!({name: all})),
            (prop_oneof![Just("!"), Just("!!")], inner.clone()).prop_map(|(name, one)| json!({name: [one]})),
            several(3..4).prop_map(|all| json!({"<": all})),
            (inner.clone(), proptest::collection::vec(scalar(), 0..4)).prop_map(|(one, all)| json!({"in": [one, all]})),
            (inner.clone(), version, prop_oneof![Just("1.2.3"), Just("v1"), Just("2.0.0")])
                .prop_map(|(one, operator, other)| json!({"sem_ver": [one, operator, other]})),
            (
                proptest::option::of(prop_oneof![
                    variable(),
                    proptest::collection::vec(prop_oneof![scalar(), variable()], 1..4)
                        .prop_map(|all| json!({"cat": all})),
                ]),
                buckets
            )
                .prop_map(|(by, buckets)| {
                    let buckets = buckets.into_iter().map(|(variant, weight)| json!([variant, weight]));
                    json!({"fractional": by.into_iter().chain(buckets).collect::<Vec<_>>()})
                }),
        ]
    })
}

fn context() -> impl Strategy<Value = Map<String, Json>> {
    let value = prop_oneof![
        4 => scalar(),
        1 => proptest::collection::vec(scalar(), 0..3).prop_map(Json::from),
        1 => scalar().prop_map(|value| json!({"b": value})),
        1 => scalar().prop_map(|value| json!([{"a": value}, value])),
    ];
    let name = prop_oneof![Just("a"), Just("b"), Just("c"), Just("a.b"), Just("0"), Just("$flagd")];
    let attributes = proptest::collection::btree_map(name.prop_map(str::to_owned), value, 0..5);
    (attributes, proptest::option::of("[a-z]{0,3}")).prop_map(|(attributes, key)| {
        attributes.into_iter().chain(key.map(|key| ("targetingKey".to_owned(), key.into()))).collect()
    })
}

/// What a value is, whichever side it comes from: as JSON, or that the rule failed.
type Result = std::result::Result<Json, Halt>;

fn by_engine(rule: &Json, generation: Algorithm, environment: &Environment<'_>) -> Result {
    let full = Full::new(rule, generation).unwrap();
    full.evaluate(environment, |result| match result {
        Some(result) => Ok(serde_json::from_str(&result.to_string()).unwrap()),
        None => Err(Halt::Failed),
    })
}

fn as_json(value: Value<'_>) -> Json {
    match value {
        Value::Null => Json::Null,
        Value::Bool(value) => value.into(),
        Value::Int(value) => value.into(),
        Value::Float(value) => value.into(),
        Value::Text(text) => text.into(),
        Value::Composite { .. } => json!(["a list or a map"]),
    }
}

fn agree(rule: &Json, attributes: &Map<String, Json>, generation: Algorithm) -> std::result::Result<(), TestCaseError> {
    let context = Context::from_json(attributes);
    let environment = Environment { flag: "flag", context: &context, now: Moment::from_millis(1_795_000_000_500) };
    let quick = Expression::new(rule, generation).map(|expression| expression.value(&environment).map(as_json));
    let full = by_engine(rule, generation, &environment);
    match (quick, full) {
        (None | Some(Err(Halt::Unsure)), _) => {}
        (Some(Ok(quick)), Ok(full)) if full.is_array() || full.is_object() => prop_assert!(quick.is_array()),
        (Some(quick), full) => prop_assert_eq!(quick, full, "{} in {:?}", rule, attributes),
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn rules_without_allocation_answer_as_the_engine_does(rule in rule(), attributes in context()) {
        agree(&rule, &attributes, Algorithm::FlagdV3)?;
    }

    #[test]
    fn so_does_the_older_generation_of_fractional(rule in rule(), attributes in context()) {
        agree(&rule, &attributes, Algorithm::FlagdV2)?;
    }
}

#[test]
fn most_rules_need_no_engine() {
    for rule in [
        json!({"if": [{"in": [{"var": "email"}, ["a", "b"]]}, "on", null]}),
        json!({"fractional": [{"cat": [{"var": "$flagd.flagKey"}, {"var": "user.name"}]}, ["on", 1], ["off"]]}),
        json!({"if": [{"and": [{">=": [{"var": "age"}, 18]}, {"sem_ver": [{"var": "v"}, "^", "1.0.0"]}]}, "on", "off"]}),
        json!({"if": [{"ends_with": [{"var": "email"}, "@x.org"]}, {"fractional": [["on", 1], ["off", 3]]}, "off"]}),
    ] {
        assert!(Expression::new(&rule, Algorithm::FlagdV3).is_some(), "{rule}");
    }
    let rule = json!({"some": [{"var": "roles"}, {"==": [{"var": ""}, "admin"]}]});
    assert!(Expression::new(&rule, Algorithm::FlagdV3).is_none());
}

#[test]
fn a_number_as_a_result_is_a_name_for_the_engine_alone() {
    let context = Context::anonymous();
    let environment = Environment { flag: "flag", context: &context, now: Moment::default() };
    let full = Full::new(&json!({"+": [1, 1]}), Algorithm::FlagdV3).unwrap();
    let name = full.evaluate(&environment, |result| engine::name(result.unwrap()).map(|name| name.into_owned()));
    assert_eq!(name.as_deref(), Some("2"));
    assert_eq!(Value::Int(2).name(), Err(Halt::Unsure));
}
