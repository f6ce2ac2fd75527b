//! Flags that follow a running configuration.
#![cfg(feature = "reload")]

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use serde_json::json;
use strata_config::LayeredConfig;
use strata_config_flags::model::{Definition, Flag, Guard, Serve, Trip};
use strata_config_flags::{Clock, Collected, Context, FlagSettings, Flags, Outcome, Settings, SimulatedClock, check};
use strata_config_reload::{Actor, Live};
use strata_config_store::{HistoryQuery, MemoryStore, Store};

#[derive(LayeredConfig, Debug, Clone, PartialEq)]
#[config(validate = check)]
struct App {
    #[config(default = "0%")]
    banner: Flag,
    #[config(nested)]
    flags: FlagSettings,
}

fn live(store: &Arc<dyn Store>) -> Live<App> {
    Live::of(App::loader()).store(Arc::clone(store)).open().unwrap()
}

fn memory() -> Arc<dyn Store> {
    Arc::new(MemoryStore::new())
}

fn eventually(is_so: impl Fn() -> bool) {
    let end = std::time::Instant::now() + Duration::from_secs(20);
    while !is_so() {
        assert!(std::time::Instant::now() < end, "it did not come");
        std::thread::sleep(Duration::from_millis(5));
    }
}

fn share(flags: &Flags, key: &str) -> usize {
    (0..1_000).filter(|unit| flags.bool(key, &Context::of(unit.to_string()), false)).count()
}

#[test]
fn who_has_seen_an_update_acknowledged_sees_its_flags() {
    let live = live(&memory());
    let flags = Flags::follow(&live).unwrap();
    for percent in [10, 40, 100, 0] {
        let applied = live.set("banner", format!("{percent}%"), "ann").unwrap();
        let found = share(&flags, "banner");
        assert!(found.abs_diff(percent * 10) < 60, "{percent} %: {found}");
        assert_eq!(flags.snapshot().revision(), applied.revision);
    }
}

#[test]
fn an_update_that_breaks_the_flags_changes_nothing() {
    let live = live(&memory());
    let flags = Flags::follow(&live).unwrap();
    live.update(&json!({"flags": {"flags": {"a": true}}}), "ann").unwrap();
    for wrong in [
        json!({"flags": {"flags": {"b": {"prerequisites": [{"flag": "c", "variant": "on"}]}}}}),
        json!({"flags": {"flags": {"banner": true}}}),
        json!({"flags": {"flags": {"a": {"prerequisites": [{"flag": "a", "variant": "on"}]}}}}),
        json!({"flags": {"flags": {"b": {"forced": "blue"}}}}),
    ] {
        let error = live.update(&wrong, "ann").unwrap_err();
        assert!(error.report().is_some(), "{error}");
        assert_eq!(live.version().revision(), 1);
        assert_eq!(flags.snapshot().set().keys().collect::<Vec<_>>(), ["a", "banner"]);
    }
}

#[test]
fn another_process_sees_the_flags_of_a_commit() {
    let store = memory();
    let (one, other) = (live(&store), live(&store));
    let flags = Flags::follow(&other).unwrap();
    one.set("banner", true, "ann").unwrap();
    other.reload_all().unwrap();
    assert_eq!(share(&flags, "banner"), 1_000);
}

#[test]
fn a_guard_that_trips_is_a_commit_with_itself_as_the_actor_and_is_there_after_a_restart() {
    let store = memory();
    let live_ = live(&store);
    let guarded = json!({
        "off_variant": "off", "fallthrough": "on",
        "guard": {"error_rate": 0.5, "min_samples": 4, "recovery": "1h", "half_open_probes": 1},
    });
    live_.update(&json!({"flags": {"flags": {"checkout": guarded}}}), "ann").unwrap();
    let flags = Flags::follow(&live_).unwrap();
    assert!(flags.bool("checkout", &Context::of("u"), false));
    (0..4).for_each(|_| flags.report("checkout", Outcome::FAILED));
    assert!(!flags.bool("checkout", &Context::of("u"), true));

    // It acts at once; whether this thread stores it or the one that asks guards for the time is left open.
    eventually(|| live_.version().revision() == 2);
    let entry = live_.history(&HistoryQuery::newest(1)).unwrap().pop().unwrap();
    assert_eq!((entry.actor.as_str(), entry.source.as_str()), ("guard checkout", "guard"));
    assert!(entry.reason.is_some_and(|reason| reason.contains("4 of 4")));

    let restarted = live(&store);
    let again = Flags::follow(&restarted).unwrap();
    assert!(!again.bool("checkout", &Context::of("u"), true));
    assert!(again.close_guard("checkout"));
    assert!(again.bool("checkout", &Context::of("u"), false));
    eventually(|| restarted.get().flags.trips == BTreeMap::<String, Trip>::new());
}

#[test]
fn a_flag_that_the_program_makes_of_settings_keeps_its_trip_and_goes_by_the_given_clock() {
    let live = live(&memory());
    let clock = Arc::new(SimulatedClock::at("2026-11-21T08:00:00Z".parse().unwrap()));
    let settings = Settings { clock: Arc::clone(&clock) as Arc<dyn Clock>, ..Settings::default() };
    let flags = Flags::follow_by(&live, settings, |configured, before| {
        let guard = Guard { consecutive_failures: Some(2), recovery: Duration::from_secs(60), ..Guard::default() };
        let made = Definition { guard: Some(guard), ..Definition::boolean(Serve::Variant("on".to_owned())) };
        let mut collected = Collected::of(configured.config, before);
        collected.add("made", App::BANNER, made);
        collected
    })
    .unwrap();
    (0..2).for_each(|_| flags.report("made", Outcome::FAILED));
    // Whether this thread stores it or the one that asks guards for the time is left open.
    eventually(|| live.get().flags.trips.contains_key("made"));
    // Another revision of the configuration takes the trip from the store.
    live.set("banner", true, "ann").unwrap();
    assert!(!flags.bool("made", &Context::anonymous(), true));
    clock.advance(Duration::from_secs(60));
    assert!(flags.bool("made", &Context::anonymous(), false), "half open, and nobody else is there");
}

#[test]
fn the_last_handle_ends_the_following() {
    let live = live(&memory());
    let flags = Flags::follow(&live).unwrap();
    let kept = flags.clone();
    drop(flags);
    live.set("banner", true, Actor::new("ann")).unwrap();
    assert_eq!(share(&kept, "banner"), 1_000);
    drop(kept);
    // Wrong flags are nobody's business now but the configuration's own check, which still refuses them.
    assert!(live.update(&json!({"flags": {"flags": {"banner": true}}}), "ann").is_err());
}

#[test]
fn flags_and_configuration_belong_together_while_both_change() {
    let live = live(&memory());
    let flags = Flags::follow(&live).unwrap();
    std::thread::scope(|scope| {
        let reader = scope.spawn(|| {
            let mut seen = 0;
            let end = std::time::Instant::now() + Duration::from_millis(500);
            while std::time::Instant::now() < end {
                // Each revision sets both flags alike, so within one snapshot they never differ.
                let snapshot = flags.snapshot();
                let unit = Context::of("u");
                assert_eq!(snapshot.set().is_on("a", &unit, false), snapshot.set().is_on("b", &unit, false));
                seen = seen.max(snapshot.revision());
            }
            seen
        });
        for number in 0..200 {
            let on = number % 2 == 0;
            live.update(&json!({"flags": {"flags": {"a": on, "b": on}}}), "ann").unwrap();
        }
        assert!(reader.join().unwrap() > 0);
    });
}
