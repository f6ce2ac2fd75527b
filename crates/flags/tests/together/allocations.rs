//! Asking a handle for a flag allocates nothing: what this thread asks of the allocator is counted.

use allocation_counter::measure;
use strata_config_flags::model::Definitions;
use strata_config_flags::{Context, FlagSet, Flags};

const FLAGS: &str = r#"{
    "segments": {"staff": {"when": {"attribute": "mail", "op": "ends_with", "values": ["@example.org"]}}},
    "flags": {
        "switch": true,
        "share": "25%",
        "watched": {"fallthrough": "on", "guard": {"error_rate": 0.5}},
        "timed": {"fallthrough": "on", "schedule": [{"from": "2020-01-01T00:00:00Z"}]},
        "limit": {"variants": {"low": 10, "high": 20}, "default_variant": "low",
            "rules": [{"when": {"segment": "staff"}, "serve": "high"}]},
        "ratio": {"variants": {"a": 0.5}, "fallthrough": "a"},
        "greeting": {"variants": {"a": "hello"}, "fallthrough": "a"},
        "theme": {"variants": {"a": {"dark": true}}, "fallthrough": "a"}
    }
}"#;

fn flags() -> Flags {
    let definitions: Definitions = serde_json::from_str(FLAGS).unwrap();
    Flags::new(FlagSet::new(definitions).unwrap())
}

/// Asks for everything that must not allocate.
fn ask(flags: &Flags, context: &Context<'_>, default: &serde_json::Value) {
    for key in ["switch", "share", "watched", "timed", "no such flag", "limit"] {
        let _ = flags.bool(key, context, false);
    }
    assert_eq!(flags.int("limit", context, 0), 20);
    assert!(flags.float("ratio", context, 0.0) > 0.0);
    assert_eq!(flags.string("greeting", context, "none"), "hello");
    assert_eq!(flags.object("theme", context, default)["dark"], true);
}

#[test]
fn a_question_allocates_nothing() {
    let (flags, default) = (flags(), serde_json::Value::Null);
    let context = Context::of("user-1").with("mail", "a@example.org");
    // A thread's first question registers it with arc-swap, and an unknown key is noted when it is first asked for.
    ask(&flags, &context, &default);
    let allocations = measure(|| (0..1_000).for_each(|_| ask(&flags, &context, &default)));
    assert_eq!(allocations.count_total, 0);
}

#[test]
fn a_question_to_a_snapshot_allocates_nothing() {
    let (flags, context) = (flags(), Context::of("user-1"));
    let snapshot = flags.snapshot();
    let allocations = measure(|| {
        assert!(snapshot.bool("switch", &context, false));
        assert_eq!(snapshot.string("greeting", &context, "none"), "hello");
    });
    assert_eq!(allocations.count_total, 0);
}

#[test]
fn the_counter_sees_allocations() {
    let (flags, context) = (flags(), Context::of("user-1"));
    let allocations = measure(|| drop(flags.details("switch", &context, false)));
    assert!(allocations.count_total > 0);
}
