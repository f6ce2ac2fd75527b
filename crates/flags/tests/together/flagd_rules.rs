//! Targeting that became rules of ours serves what it would serve as logic, and common targeting never allocates.
#![cfg(feature = "flagd")]

use proptest::prelude::*;
use serde_json::{Map, Value as Json, json};
use strata_config_flags::flagd::import;
use strata_config_flags::model::{Definition, Definitions, Logic, Serve};
use strata_config_flags::{Context, FlagSet};

const VARIANTS: [&str; 4] = ["a", "b", "c", "true"];

fn flag(targeting: &Json) -> Json {
    let variants: Map<String, Json> = VARIANTS.into_iter().map(|name| (name.to_owned(), name.into())).collect();
    json!({"state": "ENABLED", "variants": variants, "defaultVariant": "c", "targeting": targeting})
}

/// The definition that a flag's targeting becomes.
fn imported(targeting: &Json) -> (Definition, FlagSet) {
    let imported = import(&json!({"flags": {"it": flag(targeting)}}));
    assert_eq!(imported.refused, [], "{targeting}");
    let definition = imported.definitions.flags["it"].definition().into_owned();
    (definition, FlagSet::new(imported.definitions).unwrap())
}

/// The same flag, its targeting left as it is.
fn as_logic(definition: &Definition, targeting: &Json) -> FlagSet {
    let fallthrough = Some(Serve::Logic(Logic::new(targeting.clone())));
    let definition = Definition { rules: Vec::new(), fallthrough, ..definition.clone() };
    let flags = [("it".to_owned(), definition.into())].into();
    FlagSet::new(Definitions { flags, ..Definitions::default() }).unwrap()
}

fn is_logic(definition: &Definition) -> bool {
    matches!(definition.fallthrough, Some(Serve::Logic(_)))
}

fn scalar() -> impl Strategy<Value = Json> {
    proptest::sample::select(vec![
        json!(null),
        json!(true),
        json!(false),
        json!(0),
        json!(1),
        json!(1.5),
        json!(""),
        json!("x"),
        json!("xy"),
        json!("1"),
        json!("true"),
        json!("u1"),
        json!("null"),
    ])
}

fn variable() -> impl Strategy<Value = Json> {
    proptest::sample::select(vec!["a", "b", "targetingKey", "missing"]).prop_map(|path| json!({"var": path}))
}

fn condition() -> impl Strategy<Value = Json> {
    let equality = proptest::sample::select(vec!["==", "===", "!=", "!=="]);
    let leaf = prop_oneof![
        (equality, variable(), scalar(), any::<bool>()).prop_map(|(name, one, other, turned)| match turned {
            true => json!({name: [other, one]}),
            false => json!({name: [one, other]}),
        }),
        (variable(), proptest::collection::vec(scalar(), 0..4)).prop_map(|(one, all)| json!({"in": [one, all]})),
        (scalar(), variable()).prop_map(|(part, text)| json!({"in": [part, text]})),
        any::<bool>().prop_map(Json::from),
    ];
    leaf.prop_recursive(3, 8, 3, |inner| {
        prop_oneof![
            (prop_oneof![Just("and"), Just("or")], proptest::collection::vec(inner.clone(), 1..4))
                .prop_map(|(name, all)| json!({name: all})),
            (prop_oneof![Just("!"), Just("!!")], inner).prop_map(|(name, one)| json!({name: [one]})),
        ]
    })
}

fn targeting() -> impl Strategy<Value = Json> {
    let result = prop_oneof![
        3 => proptest::sample::select(vec![json!("a"), json!("b"), json!("c"), json!(true)]),
        1 => Just(Json::Null),
        1 => (0_u32..3, 1_u32..3).prop_map(|(one, other)| json!({"fractional": [["a", one], ["b", other], ["true"]]})),
    ];
    let chain = (proptest::collection::vec((condition(), result.clone()), 1..4), proptest::option::of(result));
    let chain = chain.prop_map(|(pairs, last)| {
        let operands = pairs.into_iter().flat_map(|(when, then)| [when, then]).chain(last);
        json!({"if": operands.collect::<Vec<_>>()})
    });
    let chain = chain.boxed();
    let nested = (condition(), chain.clone()).prop_map(|(when, rest)| json!({"if": [when, "a", rest]}));
    prop_oneof![chain, nested]
}

fn context() -> impl Strategy<Value = Map<String, Json>> {
    let value = || {
        prop_oneof![
            4 => scalar(),
            1 => proptest::collection::vec(scalar(), 0..3).prop_map(Json::from),
            1 => scalar().prop_map(|value| json!({"x": value})),
        ]
    };
    let key = proptest::sample::select((0..9).map(|unit| json!(format!("u{unit}"))).collect::<Vec<_>>());
    let all = (proptest::option::of(value()), proptest::option::of(value()), proptest::option::of(key));
    all.prop_map(|(a, b, key)| {
        let named = [("a", a), ("b", b), ("targetingKey", key)];
        named.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))).collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn rules_serve_what_their_logic_would_serve(
        targeting in targeting(),
        contexts in proptest::collection::vec(context(), 8),
    ) {
        let (definition, rules) = imported(&targeting);
        let logic = as_logic(&definition, &targeting);
        for context in &contexts {
            let ask = |set: &FlagSet| {
                set.evaluate("it", &Context::from_json(context)).unwrap().variant().map(str::to_owned)
            };
            prop_assert_eq!(ask(&rules), ask(&logic), "{} in {:?}", targeting, context);
        }
    }
}

#[test]
fn common_targeting_becomes_rules() {
    for targeting in [
        json!({"if": [{"in": [{"var": "email"}, ["a@x.org", "b@x.org"]]}, "a", "b"]}),
        json!({"if": [{"==": [{"var": ["color"]}, "yellow"]}, "a", {"if": [{"===": [{"var": "age"}, 3]}, "b", null]}]}),
        json!({"if": [{"in": ["@x.org", {"var": ["email"]}]}, {"fractional": [["a", 1], ["b", 1]]}]}),
        json!({"fractional": [["a", 1], ["b", 1]]}),
        json!({"if": [{"and": [{"!==": [{"var": "email"}, null]}, {"!": [{"in": ["x", {"var": "a"}]}]}]}, "a"]}),
    ] {
        assert!(!is_logic(&imported(&targeting).0), "{targeting}");
    }
    for targeting in [
        // A number in a text, an operator that may fail, another path, a hash of another text.
        json!({"if": [{"==": [{"var": "a"}, "1"]}, "a"]}),
        json!({"if": [{"starts_with": [{"var": "a"}, "x"]}, "a"]}),
        json!({"if": [{"===": [{"var": "a.b"}, "x"]}, "a"]}),
        json!({"fractional": [{"var": "email"}, ["a", 1], ["b", 1]]}),
    ] {
        assert!(is_logic(&imported(&targeting).0), "{targeting}");
    }
}

#[test]
fn an_evaluator_becomes_a_segment_where_it_is_a_condition_of_ours() {
    let imported = import(&json!({
        "flags": {"it": flag(&json!({"if": [{"$ref": "staff"}, "a", {"if": [{"!": [{"$ref": "old"}]}, "b"]}]}))},
        "$evaluators": {
            "staff": {"in": ["@x.org", {"var": "email"}]}, "old": {"!": [{"$ref": "staff"}]},
            "adult": {">": [{"var": "age"}, 17]},
        },
    }));
    assert_eq!(imported.definitions.segments.keys().collect::<Vec<_>>(), ["old", "staff"]);
    assert_eq!(imported.warnings.len(), 1);
    assert!(imported.warnings[0].problems[0].contains("`adult`"));
    let set = FlagSet::new(imported.definitions).unwrap();
    assert_eq!(set.evaluate("it", &Context::of("u").with("email", "ann@x.org")).unwrap().variant(), Some("a"));
    assert_eq!(set.evaluate("it", &Context::of("u")).unwrap().variant(), Some("c"));
}

#[test]
fn neither_rules_nor_common_logic_allocate() {
    let rules = [
        json!({"if": [{"in": [{"var": "email"}, ["a@x.org"]]}, "a", {"fractional": [["a", 1], ["b", 1]]}]}),
        json!({"if": [{"and": [{">=": [{"var": "age"}, 18]}, {"sem_ver": [{"var": "version"}, "^", "1.0.0"]}]}, "a", "b"]}),
        json!({"if": [{"ends_with": [{"var": "email"}, "@x.org"]}, "a", {"==": [{"var": "user.name"}, 3]}]}),
        json!({"fractional": [{"cat": [{"var": "$flagd.flagKey"}, {"var": "email"}, {"var": "age"}]}, ["a", 1], ["b", 1]]}),
        json!({"if": [{"starts_with": [{"var": "age"}, "x"]}, "a", "b"]}),
    ];
    let user = json!({"name": 3});
    let context = Context::of("u1")
        .with("email", "ann@x.org")
        .with("age", 33)
        .with("version", "1.2.3")
        .with("user", strata_config_flags::Attribute::from(&user));
    for targeting in rules {
        let (_, set) = imported(&targeting);
        let measured = allocation_counter::measure(|| {
            for _ in 0..10 {
                set.evaluate("it", &context).unwrap();
            }
        });
        assert_eq!(measured.count_total, 0, "{targeting}");
    }
}
