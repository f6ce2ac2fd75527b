//! The examples of flagd-testbed's evaluator scenarios: `fractional`, `sem_ver`, texts, defaults and failures.
#![cfg(feature = "flagd")]

use serde_json::{Value as Json, json};
use strata_config_flags::flagd::{ImportOptions, import_with};
use strata_config_flags::model::Moment;
use strata_config_flags::{Algorithm, Context, FlagSet, Reason, Why};

fn set(flags: &Json, generation: Algorithm) -> FlagSet {
    let document = json!({
        "flags": flags,
        "$evaluators": {"is_ballmer": {"==": ["ballmer@macrosoft.com", {"var": ["email"]}]}},
    });
    let imported = import_with(&document, ImportOptions::default().with_fractional(generation));
    assert_eq!(imported.refused, []);
    FlagSet::new(imported.definitions).unwrap()
}

fn flag(variants: &[&str], default: Json, targeting: Json) -> Json {
    let variants: serde_json::Map<String, Json> =
        variants.iter().map(|name| ((*name).to_owned(), Json::from(*name))).collect();
    json!({"state": "ENABLED", "variants": variants, "defaultVariant": default, "targeting": targeting})
}

/// What a flag that is alone in its set serves; `fallback` for the program's own default.
#[track_caller]
fn served(key: &str, flag: &Json, context: Json, generation: Algorithm) -> (String, Reason, Why) {
    let set = set(&json!({key: flag}), generation);
    let answer = set.evaluate(key, &Context::from_json(context.as_object().unwrap())).unwrap();
    (answer.variant().unwrap_or("fallback").to_owned(), answer.reason, answer.why)
}

const SUITS: [&str; 5] = ["clubs", "diamonds", "hearts", "spades", "wild"];

fn suits(by: Json) -> Json {
    let buckets = json!([by, ["clubs", 25], ["diamonds", 25], ["hearts", 25], ["spades", 25]]);
    flag(&SUITS, "wild".into(), json!({"fractional": buckets}))
}

#[test]
fn fractional_places_names_as_flagd_does() {
    let own = json!({"cat": [{"var": "$flagd.flagKey"}, {"var": "user.name"}]});
    let shared = json!({"cat": ["shared-seed", {"var": "user.name"}]});
    let older = [
        ("fractional-flag", &own, "jack", "spades"),
        ("fractional-flag", &own, "queen", "clubs"),
        ("fractional-flag", &own, "ten", "diamonds"),
        ("fractional-flag", &own, "nine", "hearts"),
        ("fractional-flag", &own, "3", "diamonds"),
        ("fractional-flag-A-shared-seed", &shared, "jack", "hearts"),
        ("fractional-flag-A-shared-seed", &shared, "queen", "spades"),
        ("fractional-flag-A-shared-seed", &shared, "ten", "hearts"),
        ("fractional-flag-B-shared-seed", &shared, "nine", "diamonds"),
    ];
    let newer = [
        ("fractional-flag", &own, "jack", "hearts"),
        ("fractional-flag", &own, "queen", "spades"),
        ("fractional-flag", &own, "ten", "clubs"),
        ("fractional-flag", &own, "nine", "diamonds"),
        ("fractional-flag", &own, "3", "clubs"),
        ("fractional-flag-A-shared-seed", &shared, "seven", "hearts"),
        ("fractional-flag-A-shared-seed", &shared, "eight", "diamonds"),
        ("fractional-flag-B-shared-seed", &shared, "nine", "clubs"),
        ("fractional-flag-B-shared-seed", &shared, "two", "spades"),
    ];
    for (generation, examples) in [(Algorithm::FlagdV2, older), (Algorithm::FlagdV3, newer)] {
        for (key, by, name, expected) in examples {
            let context = json!({"user": {"name": name}});
            let (variant, ..) = served(key, &suits(by.clone()), context, generation);
            assert_eq!(variant, expected, "{key} for {name} by {generation}");
        }
    }
}

#[test]
fn the_short_form_hashes_the_flags_key_and_the_targeting_key() {
    let short = flag(&["heads", "tails", "draw"], "draw".into(), json!({"fractional": [["heads"], ["tails", 1]]}));
    for generation in [Algorithm::FlagdV2, Algorithm::FlagdV3] {
        for (unit, expected) in [("jon@company.com", "heads"), ("jane@company.com", "tails")] {
            let context = json!({"targetingKey": unit});
            let (variant, reason, _) = served("fractional-flag-shorthand", &short, context, generation);
            assert_eq!((variant.as_str(), reason), (expected, Reason::Split), "{unit} by {generation}");
        }
        let (variant, reason, why) = served("fractional-flag-shorthand", &short, json!({}), generation);
        assert_eq!((variant.as_str(), reason, why), ("draw", Reason::Default, Why::NoBucketingKey));
    }
}

#[test]
fn hashes_at_the_edges_fall_where_flagd_lets_them_fall() {
    let edge = json!({"fractional": [{"var": "targetingKey"}, ["lower", 50], ["upper", 50]]});
    let edge = flag(&["lower", "upper"], "lower".into(), edge);
    for (unit, expected) in
        [("ejOoVL", "lower"), ("bY9fO-", "lower"), ("SI7p-", "lower"), ("6LvT0", "upper"), ("ceQdGm", "upper")]
    {
        let (variant, ..) = served("edge", &edge, json!({"targetingKey": unit}), Algorithm::FlagdV3);
        assert_eq!(variant, expected, "{unit}");
    }
}

#[test]
fn variants_and_weights_may_be_rules_themselves() {
    let by = json!({"var": "targetingKey"});
    let premium = json!({"==": [{"var": "tier"}, "premium"]});
    let variant = json!({"fractional": [by, [{"if": [premium, "premium", "standard"]}, 50], ["standard", 50]]});
    let variant = flag(&["premium", "standard", "none"], "none".into(), variant);
    let named = json!({"fractional": [by, [{"var": "color"}, 50], ["blue", 50]]});
    let named = flag(&["red", "green", "blue", "none"], "none".into(), named);
    let weight = json!({"fractional": [by, ["red", {"if": [premium, 100, 0]}], ["blue", 10]]});
    let weight = flag(&["red", "blue", "none"], "none".into(), weight);
    for (flag, unit, name, value, expected) in [
        (&variant, "jon@company.com", "tier", "premium", "premium"),
        (&variant, "jon@company.com", "tier", "basic", "standard"),
        (&variant, "user1", "tier", "premium", "standard"),
        (&variant, "user1", "tier", "basic", "standard"),
        (&named, "jon@company.com", "color", "red", "red"),
        (&named, "jon@company.com", "color", "green", "green"),
        (&named, "user1", "color", "red", "blue"),
        (&named, "jon@company.com", "color", "yellow", "fallback"),
        (&named, "jon@company.com", "color", "", "fallback"),
        (&weight, "jon@company.com", "tier", "premium", "red"),
        (&weight, "jon@company.com", "tier", "basic", "blue"),
        (&weight, "user1", "tier", "premium", "red"),
        (&weight, "user1", "tier", "basic", "blue"),
    ] {
        let context = json!({"targetingKey": unit, name: value});
        let (variant, ..) = served("nested", flag, context, Algorithm::FlagdV3);
        assert_eq!(variant, expected, "{unit}, {name} {value}");
    }
}

#[test]
fn a_split_may_be_a_condition() {
    for (weights, expected) in [([0, 100], "big"), ([100, 0], "small")] {
        let condition = json!({"fractional": [[false, weights[0]], [true, weights[1]]]});
        let flag = flag(&["big", "small", "none"], "none".into(), json!({"if": [condition, "big", "small"]}));
        let (variant, ..) = served("it", &flag, json!({"targetingKey": "some-targeting-key"}), Algorithm::FlagdV3);
        assert_eq!(variant, expected);
    }
}

#[test]
fn weights_may_follow_the_time() {
    let ramp = json!({"fractional": [
        ["on", {"-": [{"var": "$flagd.timestamp"}, 1_740_000_000]}], ["off", {"-": [1_800_000_000, {"var": "$flagd.timestamp"}]}],
    ]});
    let set = set(&json!({"it": flag(&["on", "off"], "off".into(), ramp)}), Algorithm::FlagdV3);
    let share = |seconds: i64| {
        let at = Moment::from_millis(seconds * 1_000);
        let is_on =
            |unit: &u32| set.evaluate("it", &Context::of(unit.to_string()).at(at)).unwrap().variant() == Some("on");
        (0..1_000).filter(is_on).count()
    };
    assert_eq!(share(1_740_000_000), 0);
    assert!((150..350).contains(&share(1_755_000_000)));
    assert_eq!(share(1_800_000_000), 1_000);
}

#[test]
fn versions_compare_as_in_flagd() {
    let version = |operator: &str, other: &str| json!({"sem_ver": [{"var": "version"}, operator, other]});
    let order = json!({"if": [
        version("=", "2.0.0"), "equal", {"if": [version(">", "2.0.0"), "greater", {"if": [version("<", "2.0.0"), "lesser", "none"]}]},
    ]});
    let order = flag(&["equal", "greater", "lesser", "none"], "none".into(), order);
    let range = json!({"if": [version("~", "3.0.0"), "minor", {"if": [version("^", "3.0.0"), "major", "none"]}]});
    let range = flag(&["minor", "major", "none"], "none".into(), range);
    let matches =
        |rule: Json| flag(&["match", "no-match"], "no-match".into(), json!({"if": [rule, "match", "no-match"]}));
    let (prefixed, partial, built) =
        (matches(version("=", "v1.0.0")), matches(version("^", "1")), matches(version("=", "1.0.0+build")));
    for (flag, version, expected) in [
        (&order, "2.0.0", "equal"),
        (&order, "2.1.0", "greater"),
        (&order, "1.9.0", "lesser"),
        (&order, "2.0.0-alpha", "lesser"),
        (&order, "2.0.0.0", "none"),
        (&range, "3.0.1", "minor"),
        (&range, "3.1.0", "major"),
        (&range, "4.0.0", "none"),
        (&prefixed, "1.0.0", "match"),
        (&prefixed, "v1.0.0", "match"),
        (&prefixed, "2.0.0", "no-match"),
        (&partial, "1.5.0", "match"),
        (&partial, "1.0.0", "match"),
        (&partial, "2.0.0", "no-match"),
        (&built, "1.0.0", "match"),
        (&built, "1.0.0+other", "match"),
        (&built, "2.0.0", "no-match"),
    ] {
        let (variant, ..) = served("it", flag, json!({"version": version}), Algorithm::FlagdV3);
        assert_eq!(variant, expected, "{version}");
    }
}

#[test]
fn an_operator_that_fails_leads_to_the_default_and_says_so() {
    let truth = |rule: Json| flag(&["true", "false", "none"], "none".into(), json!({"if": [rule, "true", "false"]}));
    for (rule, context) in [
        (json!({"sem_ver": [{"var": "version"}, "=", "1.0.0"]}), json!({"version": "not-a-version"})),
        (json!({"starts_with": [{"var": "num"}, "abc"]}), json!({"num": 3})),
        (json!({"ends_with": [{"var": "num"}, "xyz"]}), json!({"num": 3})),
        (json!({"fractional": [{"var": "missing_key"}, ["one", 50], ["two", 50]]}), json!({})),
        (json!({"fractional": [{"var": "targetingKey"}, ["one", 0], ["two", 0]]}), json!({"targetingKey": "u"})),
        (json!({"+": [{"var": "text"}, 1]}), json!({"text": "x"})),
    ] {
        let told = served("it", &truth(rule.clone()), context, Algorithm::FlagdV3);
        assert_eq!(told, ("none".to_owned(), Reason::Default, Why::LogicFailed), "{rule}");
    }
}

/// As all implementations that are out there do it; what is there and of another type is flagd-testbed's, above.
#[test]
fn an_attribute_that_is_not_there_compares_with_nothing() {
    let truth = |rule: Json| flag(&["true", "false", "none"], "none".into(), json!({"if": [rule, "true", "false"]}));
    for rule in [
        json!({"sem_ver": [{"var": "missing"}, "=", "1.0.0"]}),
        json!({"starts_with": [{"var": "missing"}, "abc"]}),
        json!({"ends_with": [{"var": "missing"}, "xyz"]}),
    ] {
        let told = served("it", &truth(rule.clone()), json!({}), Algorithm::FlagdV3);
        assert_eq!((told.0.as_str(), told.1), ("false", Reason::TargetingMatch), "{rule}");
    }
}

#[test]
fn a_variant_that_there_is_not_is_an_error_and_the_programs_default() {
    let flag = flag(&["a", "b"], "a".into(), json!({"if": [true, {"var": "wanted"}]}));
    let told = served("it", &flag, json!({"wanted": "c"}), Algorithm::FlagdV3);
    assert_eq!(told, ("fallback".to_owned(), Reason::Error, Why::LogicFailed));
    assert_eq!(served("it", &flag, json!({"wanted": "b"}), Algorithm::FlagdV3).0, "b");
    assert_eq!(served("it", &flag, json!({}), Algorithm::FlagdV3).0, "a");
}

#[test]
fn null_and_nothing_lead_to_the_default_variant_or_to_the_programs_own() {
    let boss = json!({"==": ["jobs@orange.com", {"var": ["email"]}]});
    for targeting in [json!({"if": [boss, "special", null]}), json!({"if": [boss, "special"]})] {
        for (default, expected) in [(json!("normal"), "normal"), (Json::Null, "fallback")] {
            let flag = flag(&["normal", "special"], default, targeting.clone());
            let ask = |email: &str| served("it", &flag, json!({"email": email}), Algorithm::FlagdV3);
            assert_eq!(ask("jobs@orange.com"), ("special".to_owned(), Reason::TargetingMatch, Why::Rule));
            assert_eq!(ask("ann@orange.com"), (expected.to_owned(), Reason::Default, Why::Default));
        }
    }
}

#[test]
fn references_stand_for_their_evaluators() {
    let flag = flag(&["hi", "bye", "none"], "none".into(), json!({"if": [{"$ref": "is_ballmer"}, "hi", "bye"]}));
    for (email, expected) in [("ballmer@macrosoft.com", "hi"), ("ann@x.org", "bye")] {
        let told = served("it", &flag, json!({"email": email}), Algorithm::FlagdV3);
        assert_eq!(told, (expected.to_owned(), Reason::TargetingMatch, Why::Rule));
    }
}

#[test]
fn a_disabled_flag_serves_the_programs_default() {
    let mut flag = flag(&["a", "b"], "a".into(), json!({}));
    flag["state"] = "DISABLED".into();
    assert_eq!(
        served("it", &flag, json!({}), Algorithm::FlagdV3),
        ("fallback".to_owned(), Reason::Disabled, Why::Status)
    );
}

#[test]
fn what_looks_into_lists_is_left_to_the_engine() {
    let rule =
        json!({"if": [{"some": [{"var": "roles"}, {"==": [{"var": ""}, "admin"]}]}, {"cat": ["vari", "ant"]}, null]});
    let flag = flag(&["variant", "none"], "none".into(), rule);
    for (roles, expected) in [(json!(["user", "admin"]), "variant"), (json!(["user"]), "none"), (json!([]), "none")] {
        assert_eq!(served("it", &flag, json!({"roles": roles}), Algorithm::FlagdV3).0, expected);
    }
}
