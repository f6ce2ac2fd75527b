//! Signs that a flag has outlived its use.

use strata_config_flags::{Context, StaleRules, Staleness};

use super::{moment, seconds, simulated};

const FLAGS: &str = r#"{"flags": {
    "done": {"fallthrough": "100%", "lifecycle": {"owner": "shop"}},
    "half": {"fallthrough": "50%", "lifecycle": {"owner": "shop", "kind": "experiment"}},
    "expired": {"fallthrough": "50%", "lifecycle": {"owner": "search", "expires": "2026-11-20T00:00:00Z"}},
    "ops": {"fallthrough": "50%", "lifecycle": {"kind": "ops"}}
}}"#;

fn signs(stale: &[strata_config_flags::Stale]) -> Vec<String> {
    let line = |stale: &strata_config_flags::Stale| {
        let signs: Vec<&str> = stale.signs.iter().map(Staleness::as_str).collect();
        format!("{}: {}", stale.key, signs.join(", "))
    };
    stale.iter().map(line).collect()
}

#[test]
fn definitions_tell_what_is_constant_and_what_is_past_its_time() {
    let (flags, _clock) = simulated(FLAGS);
    let stale = flags.stale(flags.clock().now());
    assert_eq!(signs(&stale), ["done: constant_in_configuration", "expired: expired"]);
    assert_eq!(stale[1].owner.as_deref(), Some("search"));
    assert_eq!(stale[1].signs, [Staleness::Expired { since: moment("2026-11-20T00:00:00Z") }]);
}

#[test]
fn a_flag_that_serves_one_variant_only_is_constant_in_use_from_so_many_evaluations_on() {
    let (flags, _clock) = simulated(FLAGS);
    let rules = StaleRules { least_evaluations: 3, ..StaleRules::default() };
    let in_use = || signs(&flags.stale_by(flags.clock().now(), &rules)).contains(&"half: constant_in_use".to_owned());
    let ask = |unit: &str| flags.bool("half", &Context::of(unit), false);
    // A unit always gets the same.
    let first = ask("u");
    ask("u");
    assert!(!in_use());
    ask("u");
    assert!(in_use());
    let other = (0..).map(|number| format!("u{number}")).find(|unit| ask(unit) != first);
    assert!(other.is_some() && !in_use());
}

#[test]
fn a_flag_that_nobody_asks_for_is_told_after_a_time() {
    let (flags, clock) = simulated(FLAGS);
    let _ = flags.bool("half", &Context::of("u"), false);
    let began = flags.clock().now();
    clock.advance(seconds(24 * 60 * 60));
    let stale = flags.stale(flags.clock().now());
    let never: Vec<&str> = stale
        .iter()
        .filter(|stale| stale.signs.contains(&Staleness::NeverAsked { since: began }))
        .map(|stale| &*stale.key)
        .collect();
    assert_eq!(never, ["done", "expired", "ops"]);
}

#[test]
fn only_what_is_meant_to_go_gets_too_old() {
    let (flags, _clock) = simulated(FLAGS);
    let made = moment("2026-01-01T00:00:00Z");
    let rules = StaleRules { made: ["half", "ops"].map(|key| (key.to_owned(), made)).into(), ..StaleRules::default() };
    let old: Vec<String> = signs(&flags.stale_by(flags.clock().now(), &rules));
    assert!(old.contains(&"half: old".to_owned()) && !old.iter().any(|line| line.starts_with("ops")), "{old:?}");
}

#[test]
fn the_program_s_keys_and_the_flags_are_compared_both_ways() {
    let (flags, _clock) = simulated(r#"{"flags": {"used": "50%", "unused": "50%"}}"#);
    let _ = flags.bool("asked", &Context::of("u"), false);
    let rules = StaleRules { keys: Some(&["used", "missing"]), ..StaleRules::default() };
    let stale = signs(&flags.stale_by(flags.clock().now(), &rules));
    assert_eq!(stale, ["asked: not_defined", "missing: not_defined", "unused: not_in_program"]);
}

#[test]
fn usage_is_by_owner() {
    let (flags, _clock) = simulated(FLAGS);
    for _ in 0..3 {
        let _ = flags.bool("half", &Context::of("u"), false);
    }
    let usage = flags.usage_by_owner();
    let of = |owner: Option<&str>| {
        let usage = &usage[&owner.map(str::to_owned)];
        (usage.flags, usage.never_asked, usage.evaluations)
    };
    assert_eq!([of(Some("shop")), of(Some("search")), of(None)], [(2, 1, 3), (1, 1, 0), (1, 1, 0)]);
}
