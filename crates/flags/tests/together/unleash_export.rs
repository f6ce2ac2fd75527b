//! What Unleash can say of our flags, and what it can't.
#![cfg(feature = "unleash")]

use serde_json::{Value as Json, json};
use strata_config_flags::interchange::Exported;
use strata_config_flags::model::{Definition, Definitions};
use strata_config_flags::{Context, FlagSet, unleash};

fn definitions(definitions: Json) -> Definitions {
    serde_json::from_value(definitions).unwrap()
}

fn export(flag: Json) -> Exported {
    unleash::export(&definitions(json!({
        "flags": {"it": flag, "other": true, "parent": {"prerequisites": [{"flag": "other", "variant": "on"}]}},
        "segments": {
            "staff": {"exclude": ["eve"], "when": {"attribute": "team", "op": "in", "values": ["core"]}},
            "named": {"include": ["ann"]},
        },
    })))
}

fn why(exported: &Exported) -> String {
    let refused = exported.refused.iter().filter(|refused| refused.flag == "it");
    refused.flat_map(|refused| &refused.problems).cloned().collect::<Vec<_>>().join("\n")
}

/// Whether our set and the export, read again, answer alike for many contexts.
fn answers_alike(flag: Json) {
    let exported = export(flag.clone());
    assert_eq!(why(&exported), "", "{flag}");
    let again = unleash::import(&exported.document);
    assert_eq!((again.refused, again.warnings), (Vec::new(), Vec::new()));
    let ours = FlagSet::new(definitions(json!({
        "flags": {"it": flag, "other": true},
        "segments": {"staff": {"exclude": ["eve"], "when": {"attribute": "team", "op": "in", "values": ["core"]}}},
    })))
    .unwrap();
    let theirs = FlagSet::new(again.definitions).unwrap();
    let mut seen = [0, 0];
    for unit in (0..100).map(|unit| unit.to_string()).chain(["ann".to_owned(), "eve".to_owned()]) {
        for (team, version) in [("core", "1.0.0"), ("core", "2.0.0"), ("web", "2.0.0"), ("web", "none")] {
            for at in ["2026-01-01T00:00:00Z", "2026-06-01T00:00:00Z", "2026-12-01T00:00:00Z"] {
                let context = Context::of(&*unit).with("team", team).with("version", version).at(at.parse().unwrap());
                let (ours, theirs) =
                    (unleash::variant(&ours, "it", &context), unleash::variant(&theirs, "it", &context));
                assert_eq!((ours.name, ours.feature_enabled), (theirs.name, theirs.feature_enabled), "{context:?}");
                seen[usize::from(ours.feature_enabled)] += 1;
            }
        }
    }
    assert!(seen.iter().all(|count| *count > 0), "only one answer was seen: {flag}");
}

#[test]
fn what_unleash_can_say_answers_alike() {
    let core = json!({"attribute": "team", "op": "in", "values": ["core"]});
    let share = |coverage: &str| json!({"split": {"algorithm": "unleash", "salt": "g", "coverage": coverage}});
    for flag in [
        json!({"default_variant": "off", "rules": [{"when": core, "serve": "on"}]}),
        json!({"default_variant": "off", "rules": [{"when": {"not": core}, "serve": "on"}]}),
        json!({"default_variant": "off", "rules": [{"when": {"segment": "staff"}, "serve": "on"}]}),
        json!({"default_variant": "off", "fallthrough": share("50%")}),
        json!({"default_variant": "off", "fallthrough": share("33.3%")}),
        json!({"default_variant": "off", "rules": [{"when": core, "serve": share("30%")}], "fallthrough": share("10%")}),
        json!({"default_variant": "off", "targets": [{"unit": ["ann", "7"], "variant": "on"}]}),
        json!({"default_variant": "off", "rules": [{"when": {"any": [core, {"all": [
            {"attribute": "version", "op": "semver_at_least", "values": ["2.0.0"]},
            {"share": {"algorithm": "unleash", "salt": "s", "coverage": "50%"}},
        ]}]}, "serve": "on"}]}),
        json!({"default_variant": "off", "rules": [
            {"when": {"attribute": "now", "op": "after", "values": ["2026-06-01T00:00:00Z"]}, "serve": "on"},
        ]}),
        json!({"off_variant": "off", "schedule": [{"from": "2026-06-01T00:00:00Z", "to": "2026-12-01T00:00:00Z"}],
            "fallthrough": "on"}),
        json!({"variants": {"blue": "#00f", "red": "#f00"}, "fallthrough": {"split": {
            "algorithm": "unleash", "coverage": "60%",
            "weights": [{"variant": "blue", "weight": 1}, {"variant": "red", "weight": 2}],
        }}}),
    ] {
        answers_alike(flag);
    }
}

#[test]
fn a_flag_that_is_off_for_everybody_is_not_enabled() {
    for flag in [
        json!(false),
        json!("0%"),
        json!({"forced": "off", "fallthrough": "on"}),
        json!({"status": "disabled", "off_variant": "off", "fallthrough": "on"}),
    ] {
        let exported = export(flag.clone());
        assert_eq!(why(&exported), "", "{flag}");
        let again = FlagSet::new(unleash::import(&exported.document).definitions).unwrap();
        assert!(!unleash::is_enabled(&again, "it", &Context::of("u")), "{flag}");
        assert!(unleash::is_enabled(&again, "other", &Context::of("u")));
    }
}

#[test]
fn a_killed_set_is_a_set_of_disabled_features() {
    let exported = unleash::export(&definitions(json!({"kill_switch": true, "flags": {"it": true}})));
    assert_eq!(exported.document["features"][0]["enabled"], false);
}

#[test]
fn what_unleash_cant_say_is_refused_by_name_and_the_rest_is_exported() {
    let rule = |when: Json| json!({"default_variant": "off", "rules": [{"when": when, "serve": "on"}]});
    for (flag, message) in [
        (json!("25%"), "fallthrough: `native-1` places units otherwise"),
        (json!({"guard": {"error_rate": 0.1}, "off_variant": "off"}), "guard: "),
        (json!({"status": "disabled", "off_variant": "on"}), "off_variant: "),
        (
            json!({"schedule": [{"from": "2026-01-01T00:00:00Z", "to": "2026-02-01T00:00:00Z"}, {"from": "2027-01-01T00:00:00Z"}],
            "off_variant": "off", "fallthrough": "on"}),
            "several times",
        ),
        (
            json!({"default_variant": "off", "fallthrough": {"ramp": {"steps": [{"at": "2026-01-01T00:00:00Z", "coverage": "10%"}]}}}),
            "do not grow with time",
        ),
        (json!({"targets": [{"unit": "eve", "variant": "off"}], "fallthrough": "on"}), "only turn on"),
        (rule(json!({"attribute": "x", "op": "exists"})), "rules.0: Unleash has no operator for `exists`"),
        (rule(json!({"attribute": "x", "op": "like", "values": ["a*"]})), "no operator for `like`"),
        (rule(json!({"attribute": "x", "op": "in", "values": [1]})), "with texts alone"),
        (rule(json!({"attribute": "x", "op": "in", "values": ["a"], "ignore_case": true})), "heeds case"),
        (rule(json!({"attribute": "x", "op": "more_than", "values": [1, 2]})), "with one value"),
        (rule(json!({"not": {"segment": "staff"}})), "who is not in a segment"),
        (rule(json!({"segment": "named"})), "the segment `named` is refused"),
        (rule(json!({"flag": "other", "variant": "on"})), "can't ask other flags"),
        (json!({"off_variant": "off", "prerequisites": [{"flag": "parent", "variant": "on"}]}), "no such chain"),
        (json!({"off_variant": "off", "prerequisites": [{"flag": "other", "variant": "off"}]}), "stands for off"),
        (
            json!({"variants": {"a": 1, "b": 2}, "fallthrough": {"split": {
            "weights": [{"variant": "a", "weight": 1}, {"variant": "b", "weight": 1}]}}}),
            "`native-1` places units otherwise",
        ),
    ] {
        let exported = export(flag.clone());
        assert!(why(&exported).contains(message), "{message}: {:?}", exported.refused);
        let features = exported.document["features"].as_array().unwrap();
        assert!(features.iter().any(|feature| feature["name"] == "other"));
        assert!(features.iter().all(|feature| feature["name"] != "it"));
    }
}

#[test]
fn a_flag_that_does_not_compile_is_refused() {
    let broken = Definition { default_variant: Some("nonsense".to_owned()), ..Definition::default() };
    let mut definitions = definitions(json!({"flags": {"other": true}}));
    definitions.flags.insert("it".to_owned(), broken.into());
    let exported = unleash::export(&definitions);
    assert!(why(&exported).contains("there is no variant `nonsense`"), "{:?}", exported.refused);
    assert_eq!(exported.document["features"].as_array().unwrap().len(), 1);
}

#[test]
fn who_needs_a_refused_flag_is_refused_too() {
    let exported = unleash::export(&definitions(json!({"flags": {
        "half": "50%",
        "child": {"off_variant": "off", "prerequisites": [{"flag": "half", "variant": "on"}]},
    }})));
    let told: Vec<String> =
        exported.refused.iter().map(|refused| format!("{}: {:?}", refused.flag, refused.problems)).collect();
    assert_eq!(exported.document["features"], json!([]));
    assert!(told.iter().any(|told| told.starts_with("child: [\"it needs `half`")), "{told:?}");
}

#[test]
fn what_no_answer_depends_on_is_left_behind_with_a_warning() {
    let exported = export(json!({"fallthrough": "on", "metadata": {"team": "shop", "type": "release"},
        "lifecycle": {"owner": "ann"}}));
    assert_eq!(why(&exported), "");
    let warnings = &exported.warnings.iter().find(|warning| warning.flag == "it").unwrap().problems;
    assert_eq!(warnings[..], ["metadata.team: left behind", "lifecycle: left behind"]);
    let features = exported.document["features"].as_array().unwrap();
    assert!(features.iter().any(|feature| feature["name"] == "it" && feature["type"] == "release"));
}
