//! Guards of flags: reports trip them, time and good reports close them, evaluation follows.

use std::time::Duration;

use strata_config_flags::{BreakerState, Context, FlagEvent, Flags, Outcome, Why};

use super::{seconds, set, simulated};

fn guarded(action: &str) -> String {
    format!(
        r#"{{"flags": {{
            "new": {{"fallthrough": "100%", "off_variant": "off", "default_variant": "off",
                "targets": [{{"unit": "tester", "variant": "on"}}],
                "guard": {{"error_rate": 0.5, "min_samples": 4, "window": "60s", "recovery": "30s",
                    "half_open_probes": 2, "action": "{action}"}}}},
            "other": true
        }}}}"#
    )
}

fn is_on(flags: &Flags, unit: &str) -> bool {
    flags.bool("new", &Context::of(unit), false)
}

fn fail(flags: &Flags) {
    (0..4).for_each(|_| flags.report("new", Outcome::FAILED));
}

fn state(flags: &Flags) -> BreakerState {
    flags.guards()[0].state
}

/// How many of 1,000 units the flag is on for.
fn share(flags: &Flags) -> usize {
    (0..1_000).filter(|number| is_on(flags, &format!("unit-{number}"))).count()
}

#[test]
fn failures_turn_the_flag_off_and_good_trials_turn_it_on_again() {
    let (flags, clock) = simulated(&guarded("off"));
    let events = flags.events(16);
    assert_eq!(share(&flags), 1_000);
    fail(&flags);
    assert_eq!((share(&flags), is_on(&flags, "tester")), (0, false));
    assert_eq!(flags.details("new", &Context::of("u"), false).why, Some(Why::Guard));
    assert!(flags.bool("other", &Context::of("u"), false), "other flags go on");

    clock.advance(seconds(30));
    let trying = share(&flags);
    assert!((50..=150).contains(&trying), "about a tenth may try: {trying}");
    flags.report("new", Outcome::OK);
    assert_eq!(state(&flags), BreakerState::HalfOpen);
    flags.report("new", Outcome::OK);
    assert_eq!((state(&flags), share(&flags)), (BreakerState::Closed, 1_000));

    let told: Vec<&str> = std::iter::from_fn(|| events.try_next())
        .map(|event| match &*event {
            FlagEvent::Replaced { .. } => "replaced",
            FlagEvent::Tripped { .. } => "tripped",
            FlagEvent::HalfOpen { .. } => "half open",
            FlagEvent::Closed { .. } => "closed",
            FlagEvent::NotStored { .. } => "not stored",
        })
        .collect();
    assert_eq!(told, ["replaced", "tripped", "half open", "replaced", "closed"]);
}

#[test]
fn one_bad_trial_opens_it_again_for_the_whole_time() {
    let (flags, clock) = simulated(&guarded("off"));
    fail(&flags);
    let first = flags.guards()[0].trip.clone().unwrap();
    clock.advance(seconds(31));
    flags.report("new", Outcome::OK);
    flags.report("new", Outcome::FAILED);
    let again = flags.guards()[0].trip.clone().unwrap();
    assert_eq!((again.at, share(&flags)), (first.at.after(seconds(31)), 0));
    clock.advance(seconds(29));
    assert_eq!(state(&flags), BreakerState::Open { since: again.at });
    clock.advance(seconds(1));
    assert_eq!(state(&flags), BreakerState::HalfOpen);
}

#[test]
fn a_rollback_takes_shares_back_and_leaves_targets() {
    let (flags, _clock) = simulated(&guarded("rollback"));
    fail(&flags);
    assert_eq!((share(&flags), is_on(&flags, "tester")), (0, true));
}

#[test]
fn a_paused_ramp_stays_where_it_is_until_somebody_closes_the_guard() {
    let json = r#"{"flags": {"new": {"default_variant": "off",
        "fallthrough": {"ramp": {"on_guard": "pause", "steps": [
            {"at": "2026-11-21T07:00:00Z", "coverage": "20%"}, {"at": "2026-11-21T09:00:00Z", "coverage": "100%"}]}},
        "guard": {"consecutive_failures": 2}}}}"#;
    let (flags, clock) = simulated(json);
    let before = share(&flags);
    fail(&flags);
    let trip = flags.guards()[0].trip.clone().unwrap();
    assert_eq!(trip.coverage.map(|share| share.to_string()).as_deref(), Some("20%"));
    clock.advance(seconds(100_000));
    assert_eq!(share(&flags), before);
    flags.report("new", Outcome::OK);
    assert!(matches!(state(&flags), BreakerState::Open { .. }), "no time closes it");
    assert!(flags.close_guard("new"));
    assert!(!flags.close_guard("new"), "it is closed already");
    assert_eq!(share(&flags), 1_000);
}

#[test]
fn a_trip_outlives_a_set_that_does_not_know_it() {
    let (flags, clock) = simulated(&guarded("off"));
    fail(&flags);
    flags.replace(set(&guarded("off")), 7);
    assert_eq!((share(&flags), flags.snapshot().revision()), (0, 7));
    clock.advance(seconds(30));
    (0..2).for_each(|_| flags.report("new", Outcome::OK));
    assert_eq!(share(&flags), 1_000);
    flags.replace(set(&guarded("off")), 8);
    assert_eq!(share(&flags), 1_000);
}

#[test]
fn a_trip_that_comes_with_a_set_counts_as_one_of_ours() {
    let (flags, clock) = simulated(&guarded("off"));
    let tripped = guarded("off").replacen(
        '{',
        r#"{"trips": {"new": {"at": "2026-11-21T08:00:00Z", "because": "another node"}}, "#,
        1,
    );
    flags.replace(set(&tripped), 2);
    assert_eq!(share(&flags), 0);
    assert!(matches!(state(&flags), BreakerState::Open { .. }));
    clock.advance(seconds(30));
    (0..2).for_each(|_| flags.report("new", Outcome::OK));
    assert_eq!(share(&flags), 1_000, "closed here, whatever the set says");
    flags.replace(set(&tripped), 3);
    assert_eq!(share(&flags), 1_000, "that trip is over");
}

#[test]
fn other_limits_apply_at_once_and_keep_what_was_reported() {
    let (flags, _clock) = simulated(&guarded("off"));
    (0..3).for_each(|_| flags.report("new", Outcome::FAILED));
    flags.replace(set(&guarded("off").replace(r#""min_samples": 4"#, r#""min_samples": 40"#)), 2);
    flags.report("new", Outcome::FAILED);
    assert_eq!((state(&flags), flags.guards()[0].samples.count), (BreakerState::Closed, 4));
    flags.replace(set(&guarded("off")), 3);
    flags.report("new", Outcome::FAILED);
    assert!(matches!(state(&flags), BreakerState::Open { .. }));
}

#[test]
fn a_flag_that_loses_its_guard_loses_its_trip() {
    let (flags, _clock) = simulated(&guarded("off"));
    fail(&flags);
    flags.replace(set(r#"{"flags": {"new": true}}"#), 2);
    assert_eq!((share(&flags), flags.guards()), (1_000, Vec::new()));
}

#[test]
fn a_guard_can_be_tripped_by_hand() {
    let (flags, _clock) = simulated(&guarded("off"));
    assert!(flags.trip_guard("new", "a drill"));
    assert_eq!((share(&flags), &*flags.guards()[0].trip.clone().unwrap().because), (0, "a drill"));
    assert!(!flags.trip_guard("other", "it has no guard"));
}

#[test]
fn time_alone_is_noticed_by_a_tick_once() {
    let (flags, clock) = simulated(&guarded("off"));
    fail(&flags);
    let events = flags.events(8);
    flags.tick();
    assert_eq!(events.try_next(), None);
    clock.advance(seconds(30));
    flags.tick();
    flags.tick();
    assert!(matches!(&*events.try_next().unwrap(), FlagEvent::HalfOpen { key, .. } if key == "new"));
    assert_eq!(events.try_next(), None);
}

#[test]
fn a_watch_measures_and_counts_silence_and_panics_as_failures() {
    let (flags, clock) = simulated(&guarded("off"));
    let watch = flags.watch("new");
    clock.advance(Duration::from_millis(250));
    watch.succeeded();
    let samples = || flags.guards()[0].samples;
    assert_eq!((samples().count, samples().failures, samples().latency), (1, 0, Duration::from_millis(250)));
    drop(flags.watch("new"));
    let refused: Result<(), &str> = flags.watch("new").result(Err("refused"));
    assert_eq!(refused, Err("refused"));
    assert_eq!((samples().count, samples().failures), (3, 2));
    let panicked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        let _watch = flags.watch("new");
        panic!("while it is watched");
    }));
    assert!(panicked.is_err());
    assert!(matches!(state(&flags), BreakerState::Open { .. }), "three of four failed");
}

#[test]
fn many_threads_that_fail_at_once_trip_it_once() {
    let (flags, _clock) = simulated(&guarded("off"));
    let events = flags.events(64);
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| (0..100).for_each(|_| flags.report("new", Outcome::FAILED)));
        }
    });
    let trips = std::iter::from_fn(|| events.try_next()).filter(|event| matches!(**event, FlagEvent::Tripped { .. }));
    assert_eq!((trips.count(), share(&flags)), (1, 0));
}

/// The flag's answers and its guard say the same, once nobody works on them.
#[test]
fn however_threads_meet_flags_and_guards_agree_in_the_end() {
    let json = guarded("off").replace("60s", "10s").replace("30s", "3ms");
    let (flags, clock) = simulated(&json);
    std::thread::scope(|scope| {
        for thread in 0..4_u32 {
            let (flags, json, clock) = (&flags, &json, &clock);
            scope.spawn(move || {
                for number in 0..200_u32 {
                    match (number + thread) % 8 {
                        0 => flags.replace(set(json), u64::from(number)),
                        1 => {
                            flags.close_guard("new");
                        }
                        2 => clock.advance(Duration::from_millis(1)),
                        _ => flags.report("new", Outcome { ok: number % 3 == 0, latency: None }),
                    }
                }
            });
        }
    });
    let guard = flags.guards().remove(0);
    let is_open = guard.state != BreakerState::Closed;
    assert_eq!(guard.trip.is_some(), is_open, "{guard:?}");
    if let BreakerState::Open { since } = guard.state {
        assert_eq!(guard.trip.map(|trip| trip.at), Some(since));
    }
}
