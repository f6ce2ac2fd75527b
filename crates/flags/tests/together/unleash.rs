//! What becomes of Unleash's features that its own specification does not ask about.
#![cfg(feature = "unleash")]

use serde_json::{Value as Json, json};
use strata_config_flags::interchange::{Imported, Refused};
use strata_config_flags::unleash::{self, Options};
use strata_config_flags::{Context, FlagSet, Reason, Why};

fn features(features: Json) -> Json {
    json!({"version": 2, "features": features})
}

/// A feature that is on by these strategies.
fn feature(name: &str, strategies: Json) -> Json {
    json!({"name": name, "enabled": true, "strategies": strategies})
}

fn with(mut feature: Json, field: &str, value: Json) -> Json {
    feature[field] = value;
    feature
}

fn one(strategy: Json) -> Imported {
    unleash::import(&features(json!([feature("it", json!([strategy]))])))
}

fn set(imported: Imported) -> FlagSet {
    assert_eq!(imported.refused, []);
    FlagSet::new(imported.definitions).unwrap_or_else(|invalid| panic!("{invalid}"))
}

fn rollout(share: &str, stickiness: &str) -> Json {
    json!({"name": "flexibleRollout", "parameters": {"rollout": share, "stickiness": stickiness, "groupId": "g"}})
}

fn two_variants(stickiness: &str) -> Json {
    json!([
        {"name": "a", "weight": 500, "stickiness": stickiness, "payload": {"type": "json", "value": "{\"x\":1}"}},
        {"name": "b", "weight": 500},
    ])
}

fn told(notes: &[Refused], flag: &str) -> String {
    notes
        .iter()
        .filter(|note| note.flag == flag)
        .flat_map(|note| &note.problems)
        .cloned()
        .collect::<Vec<_>>()
        .join("\n")
}

#[test]
fn a_feature_without_variants_is_a_boolean_flag() {
    let set = set(one(json!({"name": "userWithId", "parameters": {"userIds": "ann, bob"}})));
    assert!(set.is_on("it", &Context::of("bob"), false));
    assert!(!set.is_on("it", &Context::of("eve"), true));
    let answer = set.evaluate("it", &Context::of("bob")).unwrap();
    assert_eq!((answer.variant(), answer.rule_id(), answer.why), (Some("on"), Some("0-userWithId"), Why::Rule));
}

#[test]
fn a_single_rollout_is_what_everybody_gets_so_that_its_share_can_be_seen() {
    let imported = one(rollout("25", "default"));
    let definition = imported.definitions.flags["it"].definition().into_owned();
    assert_eq!(definition.rules, []);
    assert_eq!(definition.coverage("2026-01-01T00:00:00Z".parse().unwrap()).unwrap().to_string(), "25%");
    let set = set(imported);
    let on = (0..10_000).filter(|unit| set.is_on("it", &Context::of(unit.to_string()), false)).count();
    assert!((2_300..2_700).contains(&on), "{on}");
}

#[test]
fn a_variant_serves_what_unleash_answers_and_is_found_by_its_name() {
    let feature = with(feature("it", json!([])), "variants", two_variants("default"));
    let set = set(unleash::import(&features(json!([feature]))));
    let names: Vec<&str> =
        (0..100).map(|unit| set.evaluate("it", &Context::of(unit.to_string())).unwrap().variant().unwrap()).collect();
    assert!(names.contains(&"a") && names.contains(&"b"));
    assert!(names.iter().all(|name| ["a", "b"].contains(name)));
    let a = names.iter().position(|name| *name == "a").unwrap();
    let context = Context::of(a.to_string());
    let variant = unleash::variant(&set, "it", &context);
    assert_eq!((variant.name, variant.enabled, variant.feature_enabled), ("a", true, true));
    assert_eq!(variant.payload, Some(unleash::Payload { kind: "json", value: "{\"x\":1}" }));
}

#[test]
fn a_feature_is_on_without_a_variant_for_whom_only_chance_could_choose() {
    let feature = with(feature("it", json!([])), "variants", two_variants("default"));
    let set = set(unleash::import(&features(json!([feature]))));
    let variant = unleash::variant(&set, "it", &Context::anonymous());
    assert_eq!((variant.name, variant.enabled, variant.feature_enabled), ("disabled", false, true));
    assert_eq!(set.evaluate("it", &Context::anonymous()).unwrap().variant(), Some("enabled"));
}

#[test]
fn a_rollout_and_its_variants_may_be_sticky_to_different_fields() {
    let feature = with(feature("it", json!([rollout("50", "sessionId")])), "variants", two_variants("userId"));
    let set = set(unleash::import(&features(json!([feature]))));
    let plain = set_of_rollout();
    for session in 0..50 {
        for user in 0..10 {
            let context = Context::of(user.to_string()).with("sessionId", session.to_string());
            assert_eq!(unleash::is_enabled(&set, "it", &context), unleash::is_enabled(&plain, "it", &context));
        }
        // Whose variant it is depends on the user alone.
        let variant = |user: u32| {
            let context = Context::of(user.to_string()).with("sessionId", session.to_string());
            let variant = unleash::variant(&set, "it", &context);
            variant.enabled.then(|| variant.name.to_owned())
        };
        let served: Vec<Option<String>> = (0..10).map(variant).collect();
        assert!(served.iter().all(Option::is_some) || served.iter().all(Option::is_none));
    }
}

fn set_of_rollout() -> FlagSet {
    set(one(rollout("50", "sessionId")))
}

#[test]
fn an_override_gives_a_variant_only_to_whom_the_rollout_reaches() {
    let variants = json!([
        {"name": "a", "weight": 1000},
        {"name": "b", "weight": 0, "overrides": [{"contextName": "plan", "values": ["gold"]}]},
    ]);
    let feature = with(feature("it", json!([rollout("50", "userId")])), "variants", variants);
    let set = set(unleash::import(&features(json!([feature]))));
    let named = |unit: u32, plan: &'static str| {
        unleash::variant(&set, "it", &Context::of(unit.to_string()).with("plan", plan)).name.to_owned()
    };
    let pairs: Vec<(String, String)> = (0..40).map(|unit| (named(unit, "gold"), named(unit, "none"))).collect();
    assert!(
        pairs
            .iter()
            .all(|(gold, none)| { [("b", "a"), ("disabled", "disabled")].contains(&(gold.as_str(), none.as_str())) })
    );
    assert!(pairs.iter().any(|(gold, _)| gold == "b") && pairs.iter().any(|(gold, _)| gold == "disabled"));
}

#[test]
fn variants_of_one_name_and_different_payloads_stay_apart() {
    let strategy = |plan: &str, payload: &str| {
        json!({
            "name": "default",
            "constraints": [{"contextName": "plan", "operator": "IN", "values": [plan]}],
            "variants": [{"name": "v", "weight": 1, "payload": {"type": "string", "value": payload}}],
        })
    };
    let parent = feature("parent", json!([strategy("gold", "1"), strategy("iron", "2")]));
    let child = with(feature("child", json!([])), "dependencies", json!([{"feature": "parent", "variants": ["v"]}]));
    let set = set(unleash::import(&features(json!([parent, child]))));
    for (plan, value) in [("gold", "1"), ("iron", "2")] {
        let context = Context::anonymous().with("plan", plan);
        let variant = unleash::variant(&set, "parent", &context);
        assert_eq!((variant.name, variant.payload.map(|payload| payload.value)), ("v", Some(value)));
        assert!(unleash::is_enabled(&set, "child", &context));
    }
    assert!(!unleash::is_enabled(&set, "child", &Context::anonymous()));
}

#[test]
fn what_is_random_is_refused_by_name_unless_there_is_a_field_for_it() {
    let random = features(json!([
        feature("some", json!([rollout("50", "random")])),
        feature("old", json!([{"name": "gradualRolloutRandom", "parameters": {"percentage": "50"}}])),
        with(feature("variants", json!([])), "variants", two_variants("random")),
        feature("all", json!([rollout("100", "random")])),
        feature("none", json!([rollout("0", "random")])),
    ]));
    let imported = unleash::import(&random);
    assert_eq!(imported.definitions.flags.keys().collect::<Vec<_>>(), ["all", "none"]);
    for name in ["some", "old", "variants"] {
        assert!(told(&imported.refused, name).contains("which field of the context"), "{name}");
    }
    let options = Options { random_as: Some("requestId".to_owned()) };
    let set = set(unleash::import_with(&random, &options));
    let is_on = |name: &str, request: u32| {
        unleash::is_enabled(&set, name, &Context::of("ann").with("requestId", request.to_string()))
    };
    for name in ["some", "old"] {
        let on = (0..1_000).filter(|request| is_on(name, *request)).count();
        assert!((400..600).contains(&on), "{name}: {on}");
    }
    assert!((0..100).all(|request| is_on("all", request) && is_on("variants", request) && !is_on("none", request)));
}

#[test]
fn what_unleashs_clients_never_match_never_matches_and_is_told() {
    let constraint = |operator: &str, value: Json| json!({"name": "default", "constraints": [{"contextName": "x", "operator": operator, "value": value}]});
    for (strategy, message) in [
        (json!({"name": "byTheMoon"}), "`byTheMoon` is no strategy"),
        (constraint("NEAR", json!("1")), "strategies.0.constraints.0.operator: `NEAR` is no operator"),
        (constraint("NUM_GT", json!("ten")), "constraints.0.value: `ten` is no number"),
        (constraint("DATE_AFTER", json!("soon")), "`soon` is no moment"),
        (constraint("SEMVER_GT", json!("1.2")), "`1.2` is no version"),
        (json!({"name": "default", "segments": [7]}), "there is no segment 7"),
        (rollout("half", "default"), "parameters.rollout: `half` is no percentage"),
    ] {
        let imported = one(strategy);
        assert!(told(&imported.warnings, "it").contains(message), "{message}: {:?}", imported.warnings);
        let set = set(imported);
        let context = Context::of("u").with("x", "1");
        assert!(!unleash::is_enabled(&set, "it", &context), "{message}");
    }
}

#[test]
fn all_mistakes_are_told_at_once_with_their_places_and_the_other_features_are_there() {
    let bad = json!({
        "name": "bad", "enabled": "yes",
        "strategies": [{"name": 5}, {"name": "default", "constraints": [{"operator": "IN"}]}],
        "variants": [{"name": "v", "weight": -1}],
        "dependencies": [{"enabled": true}],
    });
    let child = with(feature("child", json!([])), "dependencies", json!([{"feature": "bad"}]));
    let imported = unleash::import(&features(json!([bad, child, feature("good", json!([])), 7, {"enabled": true}])));
    let problems = told(&imported.refused, "bad");
    for message in [
        "enabled: `\"yes\"` is no boolean",
        "strategies.0.name: `5` is no text",
        "strategies.1.constraints.0: a constraint needs `contextName`",
        "variants.0.weight: `-1` is no whole number",
        "dependencies.0: a dependency needs `feature`",
    ] {
        assert!(problems.contains(message), "{message}: {problems}");
    }
    assert!(told(&imported.refused, "child").contains("depends on `bad`, which is refused"));
    assert!(told(&imported.refused, "").contains("features.3: `7` is no object"));
    assert!(told(&imported.refused, "").contains("features.4.name: a feature needs one"));
    assert_eq!(imported.definitions.flags.keys().collect::<Vec<_>>(), ["good"]);
}

#[test]
fn two_features_of_one_name_are_both_refused() {
    let imported = unleash::import(&features(json!([feature("it", json!([])), feature("it", json!([]))])));
    assert!(told(&imported.refused, "it").contains("several features"));
    assert!(imported.definitions.flags.is_empty());
}

#[test]
fn a_text_that_is_no_json_and_json_that_is_no_list_of_features_say_so() {
    assert!(unleash::import_text("{").unwrap_err().is_eof());
    let problems = |text: &str| told(&unleash::import_text(text).unwrap().refused, "");
    assert!(problems("[]").contains("an object with a list `features`"));
    assert!(problems("{}").contains("`features` has to be there"));
    assert!(problems(r#"{"features": 5}"#).contains("features: `5` is no list"));
    assert_eq!(problems(r#"{"features": []}"#), "");
}

#[test]
fn a_date_is_compared_with_the_clock_where_the_context_says_no_time() {
    let after = |moment: &str| json!({"name": "default", "constraints": [{"contextName": "currentTime", "operator": "DATE_AFTER", "value": moment}]});
    let context = json!({"userId": 7});
    assert!(unleash::is_enabled(&set(one(after("2020-01-01T00:00:00Z"))), "it", &unleash::context(&context)));
    assert!(!unleash::is_enabled(&set(one(after("9000-01-01T00:00:00Z"))), "it", &unleash::context(&context)));
    let broken = json!({"currentTime": "yesterday"});
    assert!(!unleash::is_enabled(&set(one(after("2020-01-01T00:00:00Z"))), "it", &unleash::context(&broken)));
}

#[test]
fn the_hostname_is_the_contexts_to_say() {
    let imported = one(json!({"name": "applicationHostname", "parameters": {"hostNames": "web-1, Web-2"}}));
    assert!(told(&imported.warnings, "it").contains("the context's `hostname`"));
    let set = set(imported);
    assert!(unleash::is_enabled(&set, "it", &Context::anonymous().with("hostname", "WEB-2")));
    assert!(!unleash::is_enabled(&set, "it", &Context::anonymous().with("hostname", "web-3")));
    assert!(!unleash::is_enabled(&set, "it", &Context::anonymous()));
}

#[test]
fn a_disabled_feature_and_an_unmet_dependency_are_off_in_openfeatures_words() {
    let off = with(feature("off", json!([])), "enabled", json!(false));
    let child = with(feature("child", json!([])), "dependencies", json!([{"feature": "off"}]));
    let set = set(unleash::import(&features(json!([off, child]))));
    let told = |name: &str| {
        let answer = set.evaluate(name, &Context::of("u")).unwrap();
        (answer.variant().map(str::to_owned), answer.reason, answer.why)
    };
    assert_eq!(told("off"), (Some("off".to_owned()), Reason::Disabled, Why::Status));
    assert_eq!(told("child"), (Some("off".to_owned()), Reason::Disabled, Why::Prerequisite));
}

#[test]
fn a_field_of_a_context_counts_before_a_property_and_numbers_are_texts() {
    let context =
        json!({"userId": 7, "plan": null, "properties": {"userId": "8", "plan": "gold", "age": 12, "vip": true}});
    let context = unleash::context(&context);
    assert_eq!(context.targeting_key(), Some("7"));
    let named = |name: &str| context.attribute(name).cloned();
    assert_eq!(named("plan"), Some("gold".into()));
    assert_eq!(named("age"), Some("12".into()));
    assert_eq!(named("vip"), Some("true".into()));
}

#[test]
fn a_flag_that_was_not_imported_can_be_asked_too() {
    let definitions = json!({"flags": {
        "switch": true,
        "colour": {"variants": {"blue": "#00f"}, "fallthrough": "blue"},
        "nothing": {"variants": {"blue": "#00f"}},
    }});
    let set = FlagSet::new(serde_json::from_value(definitions).unwrap()).unwrap();
    let asked = |name: &str| {
        let variant = unleash::variant(&set, name, &Context::of("u"));
        (variant.name.to_owned(), variant.enabled, variant.feature_enabled)
    };
    assert_eq!(asked("switch"), ("disabled".to_owned(), false, true));
    assert_eq!(asked("colour"), ("blue".to_owned(), true, true));
    assert_eq!(asked("nothing"), ("disabled".to_owned(), false, false));
    assert_eq!(asked("missing"), ("disabled".to_owned(), false, false));
}
