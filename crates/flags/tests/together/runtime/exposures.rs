//! What was served is counted, exactly.

use std::sync::Arc;
use std::thread;

use strata_config_flags::{Context, Exposures, Flags, Reason, Settings};

use super::{set, simulated};

const SHARE: &str = r#"{"flags": {"half": "50%", "on": true}}"#;

/// The counts of a flag as `variant reason count`, a default as `-`.
fn counts(exposures: &Exposures, key: &str) -> Vec<String> {
    let Some(flag) = exposures.flags.get(key) else { return Vec::new() };
    let line = |served: &strata_config_flags::Served| {
        format!("{} {} {}", served.variant.as_deref().unwrap_or("-"), served.reason, served.count)
    };
    flag.counts.iter().map(line).collect()
}

#[test]
fn counts_are_by_variant_and_reason() {
    let flags = Flags::new(set(
        r#"{"flags": {"f": {"fallthrough": "off", "targets": [{"unit": "ann", "variant": "on"}]}, "n": {"fallthrough": null}}}"#,
    ));
    for unit in ["ann", "bob", "carl"] {
        let _ = flags.bool("f", &Context::of(unit), false);
        let _ = flags.bool("n", &Context::of(unit), false);
    }
    let _ = flags.int("f", &Context::of("ann"), 0);
    let _ = flags.int("no such flag", &Context::of("ann"), 0);
    let exposures = flags.exposures();
    assert_eq!(counts(&exposures, "f"), ["off DEFAULT 2", "on TARGETING_MATCH 1"]);
    assert_eq!(counts(&exposures, "n"), ["- STATIC 3"]);
    assert_eq!((exposures.flags["f"].type_mismatches, exposures.not_found()), (1, 1));
    assert_eq!(exposures.unknown["no such flag"], 1);
}

#[test]
fn counts_add_up_over_threads() {
    let settings = Settings { stripes: 3, ..Settings::default() };
    let flags = Flags::with(set(SHARE), settings);
    const THREADS: u64 = 8;
    const EACH: u64 = 20_000;
    thread::scope(|scope| {
        for thread in 0..THREADS {
            let flags = &flags;
            scope.spawn(move || {
                for number in 0..EACH {
                    let unit = format!("{thread}-{number}");
                    let _ = flags.bool("half", &Context::of(&unit), false);
                    let _ = flags.bool("on", &Context::of(&unit), false);
                }
            });
        }
    });
    let exposures = flags.exposures();
    let (half, on) = (&exposures.flags["half"], &exposures.flags["on"]);
    assert_eq!((half.total(), on.of(Some("on"))), (THREADS * EACH, THREADS * EACH));
    assert_eq!(half.of(Some("on")) + half.of(Some("off")), THREADS * EACH);
    let served: u64 =
        half.counts.iter().filter(|served| served.reason == Reason::Split).map(|served| served.count).sum();
    assert_eq!(served, THREADS * EACH);
}

#[test]
fn counts_go_on_through_changes_also_of_variants() {
    let flags = Flags::new(set(r#"{"flags": {"f": true}}"#));
    let ask = || flags.bool("f", &Context::anonymous(), false);
    ask();
    flags.replace(set(r#"{"flags": {"f": {"fallthrough": "off"}}}"#), 1);
    ask();
    let old = flags.snapshot();
    flags.replace(set(r#"{"flags": {"f": {"variants": {"on": true, "never": false}, "fallthrough": "on"}}}"#), 2);
    ask();
    // Somebody still holds the set before, and asks it.
    let _ = old.bool("f", &Context::anonymous(), false);
    let expected = ["off STATIC 2", "on STATIC 2"];
    let sorted = |exposures: &Exposures| {
        let mut counts = counts(exposures, "f");
        counts.sort();
        counts
    };
    assert_eq!(sorted(&flags.exposures()), expected);
    drop(old);
    assert_eq!(sorted(&flags.exposures()), expected);
    assert_eq!(sorted(&flags.exposures()), expected, "reading takes nothing away");
}

#[test]
fn a_flag_that_goes_is_told_until_it_is_taken_and_goes_on_where_it_comes_back() {
    let flags = Flags::new(set(SHARE));
    let ask = || flags.bool("on", &Context::anonymous(), false);
    ask();
    flags.replace(set(r#"{"flags": {}}"#), 1);
    let gone = &flags.exposures().flags["on"];
    assert_eq!((gone.total(), gone.is_gone), (1, true));
    flags.replace(set(SHARE), 2);
    ask();
    assert_eq!(counts(&flags.exposures(), "on"), ["on STATIC 2"]);
    flags.replace(set(r#"{"flags": {}}"#), 3);
    assert_eq!(counts(&flags.take_exposures(), "on"), ["on STATIC 2"]);
    assert!(!flags.exposures().flags.contains_key("on"));
}

#[test]
fn what_is_taken_is_what_came_since() {
    let flags = Flags::new(set(SHARE));
    let ask = |times: usize| assert!((0..times).all(|_| flags.bool("on", &Context::anonymous(), false)));
    ask(3);
    assert_eq!(counts(&flags.take_exposures(), "on"), ["on STATIC 3"]);
    assert_eq!(counts(&flags.take_exposures(), "on"), [""; 0]);
    let first = flags.exposures();
    ask(2);
    assert_eq!(counts(&flags.take_exposures(), "on"), ["on STATIC 2"]);
    assert_eq!(counts(&flags.exposures().since(&first), "on"), ["on STATIC 2"], "readers do not know of each other");
    assert_eq!(counts(&flags.exposures(), "on"), ["on STATIC 5"]);
}

#[test]
fn flags_that_come_and_go_without_end_do_not_fill_memory() {
    let flags = Flags::empty();
    for number in 0..3_000_u64 {
        flags.replace(set(&format!(r#"{{"flags": {{"f{number}": true}}}}"#)), number);
        let _ = flags.bool(&format!("f{number}"), &Context::anonymous(), false);
    }
    let kept = flags.exposures().flags;
    assert!((1_000..=1_001).contains(&kept.len()), "{}", kept.len());
    assert!(kept.contains_key("f2999") && kept.contains_key("f2500") && !kept.contains_key("f0"));
}

#[test]
fn when_a_flag_was_last_seen_is_as_exact_as_counts_are_read() {
    let (flags, clock) = simulated(SHARE);
    let seen = || flags.exposures().flags["on"].last_seen.map(|moment| moment.to_string());
    assert_eq!(seen(), None);
    let _ = flags.bool("on", &Context::anonymous(), false);
    clock.advance(super::seconds(10));
    assert_eq!(seen().as_deref(), Some("2026-11-21T08:00:10Z"));
    clock.advance(super::seconds(10));
    assert_eq!(seen().as_deref(), Some("2026-11-21T08:00:10Z"), "nobody asked since");
}

#[test]
fn each_answer_is_an_event_for_those_who_listen_and_none_blocks() {
    let (flags, _clock) = simulated(SHARE);
    let _ = flags.bool("on", &Context::of("before"), false);
    let events = flags.exposure_events(2);
    for unit in ["ann", "bob", "carl"] {
        let _ = flags.bool("on", &Context::of(unit), false);
    }
    let units: Vec<_> = std::iter::from_fn(|| events.try_next()).map(|event| event.targeting_key.clone()).collect();
    assert_eq!(units, [Some("ann".to_owned()), Some("bob".to_owned())]);
    assert_eq!((events.dropped(), flags.exposure_events_dropped()), (1, 1));
    let _ = flags.bool("on", &Context::of("dora"), false);
    let event = Arc::unwrap_or_clone(events.try_next().unwrap());
    assert_eq!((&*event.key, event.variant.as_deref(), event.reason), ("on", Some("on"), Reason::Static));
}
