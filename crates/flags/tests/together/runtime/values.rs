//! What a handle answers, in each type.

use serde_json::json;
use strata_config_flags::model::Scalar;
use strata_config_flags::{Context, EvaluationError, FlagEvent, Flags, Reason, Snapshots, Why};

use super::{set, simulated};

const FLAGS: &str = r#"{
    "metadata": {"team": "all", "region": "eu"},
    "flags": {
        "on": true,
        "limit": {"variants": {"low": 10}, "fallthrough": "low"},
        "ratio": {"variants": {"half": 0.5}, "fallthrough": "half"},
        "greeting": {"variants": {"a": "hello"}, "fallthrough": "a", "metadata": {"team": "shop"}},
        "theme": {"variants": {"a": {"dark": true}}, "fallthrough": "a"},
        "silent": {"fallthrough": null}
    }
}"#;

#[test]
fn every_type_has_its_question() {
    let (flags, context) = (Flags::new(set(FLAGS)), Context::of("u"));
    assert!(flags.bool("on", &context, false));
    assert_eq!(flags.int("limit", &context, 0), 10);
    assert_eq!(flags.float("ratio", &context, 0.0), 0.5);
    assert_eq!(flags.float("limit", &context, 0.0), 10.0, "an integer is a number");
    assert_eq!(flags.string("greeting", &context, "none"), "hello");
    assert_eq!(*flags.object("theme", &context, &json!({})), json!({"dark": true}));
}

#[test]
fn the_default_is_served_where_there_is_nothing_else_and_the_reason_tells_why() {
    let (flags, context) = (Flags::new(set(FLAGS)), Context::of("u"));
    assert_eq!(flags.string("limit", &context, "none"), "none");
    assert_eq!(flags.string("no such flag", &context, "none"), "none");
    let served = flags.details("silent", &context, true);
    assert_eq!((served.value, served.variant, served.error), (true, None, None));
    let missing = flags.details("no such flag", &context, 7_i64);
    let error = EvaluationError::FlagNotFound { key: "no such flag".to_owned() };
    assert_eq!((missing.value, missing.reason, missing.error), (7, Reason::Error, Some(error)));
    let mistyped = flags.details("greeting", &context, true);
    assert_eq!(mistyped.error.map(|error| error.code()), Some("TYPE_MISMATCH"));
}

#[test]
fn details_tell_all_that_is_known() {
    let flags = Flags::empty();
    flags.replace(set(FLAGS), 41);
    let details = flags.details("greeting", &Context::of("u"), String::new());
    assert_eq!((&*details.value, details.variant.as_deref(), details.revision), ("hello", Some("a"), 41));
    assert_eq!((details.reason, details.why), (Reason::Static, Some(Why::Fallthrough)));
    let text = |text: &str| Scalar::String(text.into());
    let metadata: Vec<_> = details.metadata.iter().map(|(name, value)| (&**name, value.clone())).collect();
    assert_eq!(metadata, [("region", text("eu")), ("team", text("shop"))], "the flag's own counts");
}

#[test]
fn a_text_outlives_the_set_that_it_came_from() {
    let flags = Flags::new(set(FLAGS));
    let text = flags.string("greeting", &Context::of("u"), "none");
    flags.replace(set(r#"{"flags": {}}"#), 2);
    assert_eq!(&*text, "hello");
    assert_eq!(flags.current().keys().len(), 0);
}

#[test]
fn flags_that_depend_on_time_go_by_the_handle_s_clock() {
    let json = r#"{"flags": {"later": {"fallthrough": "on", "off_variant": "off",
        "schedule": [{"from": "2026-11-21T08:01:00Z"}]}}}"#;
    let (flags, clock) = simulated(json);
    assert!(!flags.bool("later", &Context::anonymous(), true));
    clock.advance(super::seconds(60));
    assert!(flags.bool("later", &Context::anonymous(), false));
}

#[test]
fn each_replacement_is_told_in_order() {
    let flags = Flags::empty();
    let events = flags.events(8);
    (1..=3).for_each(|revision| flags.replace(set(FLAGS), revision * 10));
    let told: Vec<FlagEvent> = std::iter::from_fn(|| events.try_next()).map(|event| (*event).clone()).collect();
    let expected: Vec<FlagEvent> =
        (1..=3).map(|number| FlagEvent::Replaced { revision: number * 10, generation: number + 1 }).collect();
    assert_eq!(told, expected);
}
