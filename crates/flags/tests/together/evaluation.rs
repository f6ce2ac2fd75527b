//! The order of evaluation, and what each step answers.

use serde_json::json;
use strata_config_flags::model::{Definitions, Moment};
use strata_config_flags::{Answer, Context, EvaluationError, FlagSet, Reason, Why};

fn set(definitions: serde_json::Value) -> FlagSet {
    let definitions: Definitions = serde_json::from_value(definitions).unwrap();
    FlagSet::new(definitions).unwrap_or_else(|invalid| panic!("{invalid}"))
}

fn one(flag: serde_json::Value) -> FlagSet {
    set(json!({"flags": {"it": flag}}))
}

fn told(answer: &Answer<'_>) -> (Option<String>, Reason, Why) {
    (answer.variant().map(str::to_owned), answer.reason, answer.why)
}

fn ask(set: &FlagSet, context: &Context<'_>) -> (Option<String>, Reason, Why) {
    told(&set.evaluate("it", context).unwrap())
}

fn served(variant: &str, reason: Reason, why: Why) -> (Option<String>, Reason, Why) {
    (Some(variant.to_owned()), reason, why)
}

fn at(text: &str) -> Moment {
    text.parse().unwrap()
}

/// A flag in which every step would have an answer of its own.
fn rich() -> serde_json::Value {
    json!({
        "variants": {"a": "A", "b": "B", "c": "C", "d": "D", "e": "E", "off": "O"},
        "default_variant": "e",
        "off_variant": "off",
        "targets": [{"unit": "ann", "variant": "b"}],
        "rules": [{"id": "germans", "when": {"attribute": "country", "op": "in", "values": ["DE"]}, "serve": "c"}],
        "fallthrough": "d",
    })
}

fn with(mut flag: serde_json::Value, field: &str, value: serde_json::Value) -> serde_json::Value {
    flag[field] = value;
    flag
}

#[test]
fn an_unknown_flag_is_an_error_with_its_name() {
    let error = one(json!(true)).evaluate("other", &Context::of("u")).unwrap_err();
    assert_eq!(error, EvaluationError::FlagNotFound { key: "other".to_owned() });
    assert_eq!(error.code(), "FLAG_NOT_FOUND");
}

#[test]
fn everybody_gets_the_fallthrough_for_whom_nothing_else_is_said() {
    assert_eq!(ask(&one(rich()), &Context::of("bob")), served("d", Reason::Default, Why::Fallthrough));
    assert_eq!(ask(&one(json!(true)), &Context::anonymous()), served("on", Reason::Static, Why::Fallthrough));
}

#[test]
fn a_rule_comes_before_the_fallthrough_and_a_target_before_the_rules() {
    let germans = Context::of("bob").with("country", "DE");
    let set = one(rich());
    assert_eq!(ask(&set, &germans), served("c", Reason::TargetingMatch, Why::Rule));
    assert_eq!(set.evaluate("it", &germans).unwrap().rule_id(), Some("germans"));
    let ann = Context::of("ann").with("country", "DE");
    assert_eq!(ask(&set, &ann), served("b", Reason::TargetingMatch, Why::Target));
}

#[test]
fn a_forced_variant_comes_before_targets() {
    let set = one(with(rich(), "forced", json!("a")));
    assert_eq!(ask(&set, &Context::of("ann")), served("a", Reason::Static, Why::Forced));
}

#[test]
fn a_missing_prerequisite_turns_it_off_before_a_forced_variant() {
    let flag = with(with(rich(), "forced", json!("a")), "prerequisites", json!([{"flag": "other", "variant": "on"}]));
    let set_with = |other: bool| set(json!({"flags": {"it": flag, "other": other}}));
    assert_eq!(ask(&set_with(false), &Context::of("ann")), served("off", Reason::Disabled, Why::Prerequisite));
    assert_eq!(ask(&set_with(true), &Context::of("ann")), served("a", Reason::Static, Why::Forced));
}

#[test]
fn a_prerequisite_that_is_off_serves_nothing_even_where_its_variant_fits() {
    let needed = json!({"variants": {"x": 1, "y": 2}, "off_variant": "x", "fallthrough": "y", "status": "disabled"});
    let flag = with(rich(), "prerequisites", json!([{"flag": "needed", "variant": "x"}]));
    let set = set(json!({"flags": {"it": flag, "needed": needed}}));
    assert_eq!(ask(&set, &Context::of("ann")), served("off", Reason::Disabled, Why::Prerequisite));
}

#[test]
fn a_tripped_guard_comes_before_prerequisites_and_lets_units_try_after_its_recovery() {
    let flag = with(rich(), "guard", json!({"error_rate": 0.1, "recovery": "30s"}));
    let trips = json!({"it": {"at": "2026-01-01T00:00:00Z", "because": "12 % failed"}});
    let set = set(json!({"flags": {"it": flag}, "trips": trips}));
    let bob = |moment: &str| ask(&set, &Context::of("bob").at(at(moment)));
    assert_eq!(bob("2026-01-01T00:00:29Z"), served("off", Reason::Disabled, Why::Guard));
    // Half open: each second another tenth of the units may try, so in ten seconds everybody does once.
    let tries = (30..40).map(|second| bob(&format!("2026-01-01T00:00:{second}Z")).2).filter(|why| *why != Why::Guard);
    assert_eq!(tries.count(), 1);
}

#[test]
fn a_guard_that_pauses_keeps_a_ramp_where_it_was() {
    let ramp = json!({"ramp": {"steps": [
        {"at": "2026-01-01T00:00:00Z", "coverage": "10%"},
        {"at": "2026-02-01T00:00:00Z", "coverage": "100%"},
    ]}});
    let flag = |action: &str| {
        json!({
            "default_variant": "off", "off_variant": "off", "fallthrough": ramp, "guard": {"error_rate": 0.1, "action": action},
        })
    };
    let trips = json!({"it": {"at": "2026-01-15T00:00:00Z"}});
    let share = |set: &FlagSet, moment: &str| {
        (0..2_000).filter(|unit| set.is_on("it", &Context::of(unit.to_string()).at(at(moment)), false)).count()
    };
    let unguarded = set(json!({"flags": {"it": flag("pause")}}));
    assert_eq!(share(&unguarded, "2025-12-31T00:00:00Z"), 0);
    let first = share(&unguarded, "2026-01-20T00:00:00Z");
    assert!((150..250).contains(&first), "{first}");
    assert_eq!(share(&unguarded, "2026-02-02T00:00:00Z"), 2_000);
    let paused = set(json!({"flags": {"it": flag("pause")}, "trips": trips}));
    assert_eq!(share(&paused, "2026-02-02T00:00:00Z"), first);
    // Within the recovery time of a guard that rolls back nobody is served by share.
    let rolled_back = set(json!({"flags": {"it": flag("rollback")}, "trips": trips}));
    assert_eq!(share(&rolled_back, "2026-01-15T00:00:10Z"), 0);
}

#[test]
fn out_of_its_schedule_it_is_off() {
    let set = one(with(rich(), "schedule", json!([{"from": "2026-01-01T00:00:00Z", "to": "2026-02-01T00:00:00Z"}])));
    let bob = |moment: &str| ask(&set, &Context::of("bob").at(at(moment)));
    assert_eq!(bob("2025-12-31T23:59:59Z"), served("off", Reason::Disabled, Why::Schedule));
    assert_eq!(bob("2026-01-01T00:00:00Z"), served("d", Reason::Default, Why::Fallthrough));
    assert_eq!(bob("2026-02-01T00:00:00Z"), served("off", Reason::Disabled, Why::Schedule));
}

#[test]
fn any_status_but_enabled_turns_it_off() {
    for status in ["disabled", "maintenance", "error", "archived"] {
        let set = one(with(with(rich(), "status", json!(status)), "forced", json!("a")));
        assert_eq!(ask(&set, &Context::of("ann")), served("off", Reason::Disabled, Why::Status), "{status}");
    }
}

#[test]
fn a_request_may_force_a_variant_and_only_the_kill_switch_is_stronger() {
    let flag = with(rich(), "status", json!("disabled"));
    let ann = Context::of("ann").force("it", "b");
    assert_eq!(ask(&one(flag.clone()), &ann), served("b", Reason::Static, Why::Override));
    let unknown = Context::of("ann").force("it", "nonsense").force("other", "b");
    assert_eq!(ask(&one(flag.clone()), &unknown), served("off", Reason::Disabled, Why::Status));
    let killed = set(json!({"kill_switch": true, "flags": {"it": flag}}));
    assert_eq!(ask(&killed, &ann), served("off", Reason::Disabled, Why::KillSwitch));
}

#[test]
fn a_split_that_leaves_a_unit_out_goes_on_with_the_next_rule() {
    let flag = json!({
        "variants": {"a": 1, "b": 2},
        "rules": [
            {"serve": {"split": {"coverage": "0%", "weights": [{"variant": "a", "weight": 1}]}}},
            {"serve": {"split": {"weights": [{"variant": "b", "weight": 1}]}}},
        ],
    });
    let set = one(flag);
    assert_eq!(ask(&set, &Context::of("bob")), served("b", Reason::Split, Why::Rule));
    let answer = set.evaluate("it", &Context::of("bob")).unwrap();
    assert_eq!(answer.rule_id(), Some("1"));
    assert!(answer.bucket.is_some_and(|bucket| bucket < 100_000));
}

#[test]
fn without_a_bucketing_key_a_split_is_skipped_and_the_answer_says_so() {
    assert_eq!(ask(&one(json!("50%")), &Context::anonymous()), served("off", Reason::Default, Why::NoBucketingKey));
    assert_eq!(ask(&one(json!("100%")), &Context::of("")), served("off", Reason::Default, Why::NoBucketingKey));
    let by = json!({"default_variant": "off", "fallthrough": {"split": {"bucket_by": ["ip", "agent"]}}});
    let half = Context::anonymous().with("ip", "10.0.0.1");
    assert_eq!(ask(&one(by.clone()), &half), served("off", Reason::Default, Why::NoBucketingKey));
    let whole = half.with("agent", "curl");
    assert_eq!(ask(&one(by), &whole), served("on", Reason::Split, Why::Fallthrough));
}

#[test]
fn the_programs_default_is_served_where_nothing_has_an_answer() {
    let set = one(json!({"variants": {"a": 1}}));
    let answer = set.evaluate("it", &Context::of("u")).unwrap();
    assert_eq!((answer.variant(), answer.value(), answer.why), (None, None, Why::Default));
    let null = json!({"default_variant": "on", "fallthrough": null});
    let set = one(null.clone());
    assert_eq!(ask(&set, &Context::of("u")), (None, Reason::Static, Why::Fallthrough));
    assert_eq!(serde_json::to_value(set.definition("it").unwrap()).unwrap(), null);
}

#[test]
fn segments_include_exclude_and_ask_their_condition() {
    let flag = json!({"default_variant": "off", "rules": [{"when": {"segment": "staff"}, "serve": "on"}]});
    let staff = json!({
        "include": ["ann"], "exclude": ["eve"],
        "when": {"attribute": "email", "op": "ends_with", "values": ["@example.org"]},
    });
    let set = set(json!({"flags": {"it": flag}, "segments": {"staff": staff}}));
    let is_on =
        |unit: &'static str, email: &'static str| set.is_on("it", &Context::of(unit).with("email", email), false);
    assert!(is_on("ann", "ann@elsewhere.org"));
    assert!(!is_on("eve", "eve@example.org"));
    assert!(is_on("bob", "bob@example.org"));
    assert!(!is_on("bob", "bob@elsewhere.org"));
}

#[test]
fn a_trace_tells_every_step() {
    let flag = with(
        rich(),
        "rules",
        json!([
            {"id": "beta", "when": {"attribute": "plan", "op": "in", "values": ["beta"]}, "serve": "a"},
            {"id": "some", "serve": {"split": {"coverage": "0%", "weights": [{"variant": "b", "weight": 1}]}}},
        ]),
    );
    let set = one(flag);
    let (answer, trace) = set.explain("it", &Context::of("bob")).unwrap();
    assert_eq!(answer.variant(), Some("d"));
    let told: Vec<String> = trace.steps.iter().map(|step| format!("{}: {}", step.asked, step.outcome)).collect();
    assert_eq!(told[0], "rule beta: does not hold");
    assert!(told[1].starts_with("rule some: left out at "), "{}", told[1]);
    assert_eq!(told[2], "fallthrough: serves `d` (fallthrough)");
}

#[test]
fn versions_are_compared_from_the_attributes_side() {
    let on = |op: &str, version: &'static str| {
        let rule = json!({"when": {"attribute": "version", "op": op, "value": "1.2.2"}, "serve": "on"});
        let set = one(json!({"default_variant": "off", "rules": [rule]}));
        set.is_on("it", &Context::anonymous().with("version", version), false)
    };
    for (op, older, same, newer) in [
        ("semver_equals", false, true, false),
        ("semver_less", true, false, false),
        ("semver_at_most", true, true, false),
        ("semver_more", false, false, true),
        ("semver_at_least", false, true, true),
    ] {
        assert_eq!([on(op, "1.2.1"), on(op, "1.2.2"), on(op, "1.2.3")], [older, same, newer], "{op}");
    }
}

#[test]
fn is_converts_nothing_and_looks_into_no_lists() {
    let holds = |values: serde_json::Value, context: &Context<'_>| {
        let test = json!({"attribute": "a", "op": "is", "values": values});
        one(json!({"rules": [{"when": test, "serve": "on"}], "default_variant": "off"})).is_on("it", context, false)
    };
    let with = |value: strata_config_flags::Attribute<'static>| Context::anonymous().with("a", value);
    assert!(holds(json!([1, "x"]), &with(1.into())) && holds(json!([1, "x"]), &with("x".into())));
    assert!(!holds(json!(["1"]), &with(1.into())) && !holds(json!([1]), &with("1".into())));
    assert!(holds(json!([true]), &with(true.into())) && !holds(json!(["true"]), &with(true.into())));
    assert!(!holds(json!(["x"]), &with(vec!["x"].into())) && !holds(json!(["x"]), &Context::anonymous()));
}
