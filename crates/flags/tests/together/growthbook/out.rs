//! What goes out to GrowthBook, and what can't.

use serde_json::{Value, json};
use strata_config_flags::interchange::Exported;
use strata_config_flags::model::Definitions;
use strata_config_flags::{Context, FlagSet, growthbook};

fn definitions(flags: Value) -> Definitions {
    serde_json::from_value(flags).unwrap()
}

fn refusal(exported: &Exported, flag: &str) -> String {
    let refused = exported.refused.iter().find(|refused| refused.flag == flag);
    assert!(exported.document["features"].get(flag).is_none());
    refused.unwrap_or_else(|| panic!("{flag}: {exported:?}")).problems.join("\n")
}

#[test]
fn what_means_the_same_is_written() {
    let ours = definitions(json!({
        "flags": {
            "plain": true,
            "half": {"fallthrough": {"split": {"algorithm": "growthbook-1", "coverage": "50%"}}, "default_variant": "off"},
            "off": {"status": "disabled", "off_variant": "off"},
            "rich": {
                "variants": {"a": "A", "b": "B", "c": "C"},
                "default_variant": "c",
                "prerequisites": [{"flag": "plain", "variant": "on"}],
                "targets": [{"unit": ["ann", "bob"], "variant": "a"}],
                "rules": [
                    {"id": "staff", "when": {"segment": "staff"}, "serve": "b"},
                    {"when": {"attribute": "country", "op": "in", "values": ["de"], "ignore_case": true, "negate": true}, "serve": "a"},
                ],
                "fallthrough": {"split": {"algorithm": "growthbook-2", "coverage": "50%", "weights": [
                    {"variant": "a", "weight": 1}, {"variant": "b", "weight": 3},
                ]}},
            },
        },
        "segments": {"staff": {"include": ["eve"], "exclude": ["mallory"], "when": {"attribute": "mail", "op": "exists"}}},
    }));
    let exported = growthbook::export(&ours);
    assert_eq!((exported.refused.len(), exported.warnings.len()), (0, 0), "{exported:?}");
    assert_eq!(exported.document["features"]["off"], json!({"defaultValue": false}));
    let back = growthbook::import(&exported.document);
    assert!(back.refused.is_empty(), "{:?}", back.refused);
    let (one, other) = (FlagSet::new(ours).unwrap(), FlagSet::new(back.definitions).unwrap());
    let units = (0..300).map(|unit| unit.to_string()).chain(["ann", "eve", "mallory"].map(str::to_owned));
    let mut values = std::collections::BTreeSet::new();
    for unit in units {
        for context in [
            Context::of(&unit).with("country", "DE"),
            Context::of(&unit).with("country", "FR"),
            Context::of(&unit).with("country", "de").with("mail", "m"),
        ] {
            for flag in ["plain", "half", "off", "rich"] {
                let [one, other] = [&one, &other].map(|set| set.evaluate(flag, &context).unwrap());
                assert_eq!(one.value(), other.value(), "{flag} {context:?}");
                values.insert(format!("{:?}", one.value()));
            }
        }
    }
    assert_eq!(values.len(), 5, "{values:?}");
}

#[test]
fn what_growthbook_can_not_say_is_refused_by_name() {
    let when = |when: Value| json!({"rules": [{"when": when, "serve": "on"}]});
    let exported = growthbook::export(&definitions(json!({"flags": {
        "fine": false,
        "share": "25%",
        "ramp": {"fallthrough": {"ramp": {"steps": [{"at": "2026-01-01T00:00:00Z", "coverage": "5%"}]}}},
        "scheduled": {"schedule": [{"from": "2026-01-01T00:00:00Z"}]},
        "compared": when(json!({"attribute": "age", "op": "at_least", "values": [18]})),
        "number": when(json!({"attribute": "age", "op": "in", "values": ["18"]})),
        "nested": when(json!({"not": {"flag": "fine", "variant": "on"}})),
        "needs": {"prerequisites": [{"flag": "share", "variant": "on"}]},
        "noted": {"fallthrough": "on", "lifecycle": {"owner": "shop"}},
    }})));
    for (flag, message) in [
        ("share", "fallthrough: by `native-1` other units are in"),
        ("ramp", "GrowthBook has no ramps"),
        ("scheduled", "GrowthBook has no schedules"),
        ("compared", "rules.0: `at_least` means something else"),
        ("number", "rules.0: `in` compares numbers"),
        ("nested", "rules.0: another flag within `any` or `not`"),
        ("needs", "it needs `share`, which is refused"),
    ] {
        let refusal = refusal(&exported, flag);
        assert!(refusal.contains(message), "{flag}: {refusal}");
    }
    assert_eq!(exported.document["features"]["noted"], json!({"defaultValue": true}));
    assert_eq!(exported.warnings.len(), 1);
    assert_eq!(exported.document["features"].as_object().unwrap().len(), 2);
}
