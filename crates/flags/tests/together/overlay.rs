//! Flags of another source over those of the configuration.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::{Value, json};
use strata_config_flags::model::{Definitions, Flag};
use strata_config_flags::{Context, FlagSet, Flags, Reason, Why};

fn set(flags: Value) -> FlagSet {
    let definitions: Definitions = serde_json::from_value(json!({ "flags": flags })).unwrap();
    FlagSet::new(definitions).unwrap()
}

fn layer(flags: Value) -> BTreeMap<String, Arc<Flag>> {
    serde_json::from_value::<BTreeMap<String, Flag>>(flags)
        .unwrap()
        .into_iter()
        .map(|(k, v)| (k, Arc::new(v)))
        .collect()
}

fn is_on(flags: &Flags, key: &str) -> bool {
    flags.bool(key, &Context::of("ann"), false)
}

fn keys(refused: &BTreeMap<String, String>) -> Vec<&str> {
    refused.keys().map(String::as_str).collect()
}

#[test]
fn a_flag_of_the_other_source_wins_and_stays_over_every_set_to_come() {
    let flags = Flags::new(set(json!({"a": false, "b": true})));
    assert!(flags.overlay(layer(json!({"a": true, "c": true}))).is_empty());
    assert_eq!(["a", "b", "c"].map(|key| is_on(&flags, key)), [true, true, true]);
    flags.replace(set(json!({"a": false, "b": false})), 7);
    assert_eq!(["a", "b", "c"].map(|key| is_on(&flags, key)), [true, false, true]);
    assert_eq!(flags.snapshot().revision(), 7);
    flags.overlay(BTreeMap::new());
    assert_eq!(["a", "b", "c"].map(|key| is_on(&flags, key)), [false, false, false]);
    assert_eq!(flags.snapshot().revision(), 7);
}

#[test]
fn a_flag_that_does_not_fit_is_left_out_by_name_and_keeps_what_it_said_before() {
    let flags = Flags::new(set(json!({"a": false})));
    flags.overlay(layer(json!({"x": true, "y": true})));
    let refused = flags.overlay(layer(json!({
        "x": {"fallthrough": "off", "prerequisites": [{"flag": "nobody", "variant": "on"}]},
        "y": false,
        "z": {"rules": [{"when": {"segment": "nobody"}, "serve": "on"}]},
    })));
    assert_eq!(keys(&refused), ["x", "z"]);
    assert!(refused["x"].contains("no flag `nobody`"), "{refused:?}");
    assert!(is_on(&flags, "x"), "what it said before");
    assert!(!is_on(&flags, "y"), "the others change");
    assert_eq!(flags.snapshot().set().keys().collect::<Vec<_>>(), ["a", "x", "y"]);

    // Once the configuration has what was missing, it fits.
    flags.replace(set(json!({"a": false, "nobody": true})), 1);
    assert_eq!(keys(&flags.overlay_refused()), ["z"]);
    assert!(!is_on(&flags, "x"));
}

#[test]
fn a_flag_that_the_configurations_flags_need_otherwise_is_left_out() {
    let flags = Flags::new(set(json!({
        "base": {"variants": {"blue": 1, "green": 2}, "fallthrough": "blue"},
        "needs": {"fallthrough": "on", "prerequisites": [{"flag": "base", "variant": "blue"}]},
        "other": false,
    })));
    let refused = flags.overlay(layer(json!({"base": true, "other": true})));
    assert_eq!(keys(&refused), ["base"]);
    assert!(refused["base"].contains("needs"), "{refused:?}");
    assert!(is_on(&flags, "needs") && is_on(&flags, "other"));
}

#[test]
fn a_circle_through_both_sources_changes_nothing() {
    let needs = |flag: &str| json!({"fallthrough": "on", "prerequisites": [{"flag": flag, "variant": "on"}]});
    let flags = Flags::new(set(json!({"a": needs("b"), "b": true})));
    let refused = flags.overlay(layer(json!({"b": needs("a")})));
    assert_eq!(keys(&refused), ["b"]);
    assert!(is_on(&flags, "a"));
}

#[test]
fn only_mistakes_of_several_flags_together_leave_out_all_of_them() {
    let needs = |flag: &str| json!({"fallthrough": "on", "prerequisites": [{"flag": flag, "variant": "on"}]});
    let flags = Flags::empty();
    let refused = flags.overlay(layer(json!({"a": needs("b"), "b": needs("a"), "c": true})));
    assert!(!refused.is_empty() && !refused.contains_key("c"), "{refused:?}");
    assert!(is_on(&flags, "c"));
}

#[test]
fn answers_of_a_source_that_is_away_are_stale_and_no_others() {
    let flags = Flags::new(set(json!({"a": true, "b": true})));
    flags.overlay(layer(json!({"b": true, "c": "50%"})));
    flags.overlay_is_stale(true);
    let reason = |key: &str| flags.details(key, &Context::of("ann"), false).reason;
    assert_eq!(["a", "b", "c"].map(reason), [Reason::Static, Reason::Stale, Reason::Stale]);
    assert_eq!(
        flags.details("b", &Context::of("ann"), false).why,
        Some(Why::Fallthrough),
        "what decided is still told"
    );
    assert!(is_on(&flags, "b"));
    flags.replace(set(json!({"a": true})), 1);
    assert_eq!(["a", "b"].map(reason), [Reason::Static, Reason::Stale]);
    flags.overlay_is_stale(false);
    assert_eq!(["a", "b", "c"].map(reason), [Reason::Static, Reason::Static, Reason::Split]);
}
