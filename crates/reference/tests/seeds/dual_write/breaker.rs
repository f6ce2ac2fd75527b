//! Seed 001's circuit breaker and the health of adapters: a transport that fails is left out, and comes back.

use std::sync::Arc;
use std::time::Duration;

use strata_config_flags::{Clock, Outcome, Settings, SimulatedClock};
use strata_config_reference::dual_write::{AdapterType, Category, ConfigManager, GlobalOverride};
use strata_config_reload::Live;
use strata_config_store::HistoryQuery;

use super::loader;

use AdapterType::{Realtime, Websocket};

const BOTH: [AdapterType; 2] = [Websocket, Realtime];

/// A manager, and the clock that it goes by.
struct Running {
    manager: ConfigManager,
    clock: Arc<SimulatedClock>,
}

fn start(variables: &[(&'static str, &'static str)]) -> Running {
    let clock = Arc::new(SimulatedClock::at("2026-11-21T08:00:00Z".parse().unwrap()));
    let settings = Settings { clock: Arc::clone(&clock) as Arc<dyn Clock>, ..Settings::default() };
    let live = Live::of(loader().env_from(variables.iter().copied())).open().unwrap();
    Running { manager: ConfigManager::of(live, settings).unwrap(), clock }
}

impl Running {
    /// So many writes by an adapter, the last of which failed.
    fn writes(&self, adapter: AdapterType, good: usize, failed: usize) {
        (0..good).for_each(|_| self.manager.report(adapter, Outcome::OK));
        (0..failed).for_each(|_| self.manager.report(adapter, Outcome::FAILED));
    }

    fn slow_writes(&self, adapter: AdapterType, count: usize, millis: u64) {
        (0..count).for_each(|_| self.manager.report(adapter, Outcome::OK.after(Duration::from_millis(millis))));
    }

    /// Where the critical events of a unit go.
    fn of(&self, unit: u32) -> Vec<AdapterType> {
        self.manager.adapters_for_category(Category::Critical, &format!("session-{unit}"))
    }

    /// Of 1,000 units, those whose critical events go to an adapter.
    fn units(&self, adapter: AdapterType) -> usize {
        (0..1_000).filter(|unit| self.of(*unit).contains(&adapter)).count()
    }

    fn breaker(&self, adapter: AdapterType) -> Option<&'static str> {
        self.manager.adapter_status(adapter).breaker
    }
}

#[test]
fn an_adapter_that_fails_too_often_is_left_out() {
    let running = start(&[]);
    running.writes(Websocket, 95, 5);
    assert_eq!(running.of(1), BOTH, "at its threshold it still is healthy");
    running.writes(Websocket, 0, 1);
    assert_eq!(running.of(1), [Realtime]);
    assert!(!running.manager.should_dual_write(Category::Critical, "session-1"));
    assert_eq!((running.breaker(Websocket), running.breaker(Realtime)), (Some("open"), Some("closed")));
    let status = running.manager.adapter_status(Websocket);
    assert_eq!(status.since.unwrap().to_string(), "2026-11-21T08:00:00Z");
    assert!(status.because.unwrap().contains("6 of 101 failed"));
    // The configuration itself says where events would go.
    assert_eq!(running.manager.config().adapters_for_category(Category::Critical), BOTH);
}

#[test]
fn a_few_reports_trip_nothing() {
    let running = start(&[]);
    running.writes(Websocket, 0, 19);
    assert_eq!(running.of(1), BOTH);
    running.writes(Websocket, 0, 1);
    assert_eq!(running.of(1), [Realtime]);
}

#[test]
fn failures_of_more_than_a_minute_ago_do_not_count() {
    let running = start(&[]);
    running.writes(Websocket, 0, 19);
    running.clock.advance(Duration::from_secs(61));
    running.writes(Websocket, 20, 1);
    assert_eq!(running.of(1), BOTH);
}

#[test]
fn an_adapter_that_takes_a_multiple_of_its_latency_is_left_out() {
    let running = start(&[]);
    // The threshold is 200 ms for one and 150 ms for the other, and twice that opens the breaker.
    running.slow_writes(Websocket, 50, 400);
    running.slow_writes(Realtime, 50, 301);
    assert_eq!(running.of(1), [Websocket]);
    assert!(!running.manager.adapter_status(Websocket).healthy, "it is unhealthy above once its threshold");
    let patient = start(&[("CIRCUIT_BREAKER_LATENCY_MULTIPLIER", "3")]);
    patient.slow_writes(Realtime, 50, 301);
    assert_eq!(patient.of(1), BOTH);
}

#[test]
fn after_its_time_of_recovery_a_few_try_and_good_writes_bring_it_back() {
    let running = start(&[]);
    running.writes(Websocket, 0, 20);
    running.clock.advance(Duration::from_secs(29));
    assert_eq!(running.units(Websocket), 0);
    running.clock.advance(Duration::from_secs(1));
    assert_eq!(running.breaker(Websocket), Some("half_open"));
    let trials = running.units(Websocket);
    assert!((60..140).contains(&trials), "about a tenth of the units, and not {trials} of 1,000");
    assert_eq!(running.units(Realtime), 1_000, "nobody loses the other one");
    running.writes(Websocket, 2, 0);
    assert_eq!(running.breaker(Websocket), Some("half_open"));
    running.writes(Websocket, 1, 0);
    assert_eq!((running.breaker(Websocket), running.units(Websocket)), (Some("closed"), 1_000));
}

#[test]
fn a_trial_that_fails_or_is_slow_opens_it_again() {
    let running = start(&[]);
    running.writes(Websocket, 0, 20);
    for trial in [Outcome::FAILED, Outcome::OK.after(Duration::from_millis(401))] {
        running.clock.advance(Duration::from_secs(30));
        assert_eq!(running.breaker(Websocket), Some("half_open"));
        running.manager.report(Websocket, trial);
        assert_eq!((running.breaker(Websocket), running.units(Websocket)), (Some("open"), 0));
    }
    running.clock.advance(Duration::from_secs(30));
    running.slow_writes(Websocket, 3, 100);
    assert_eq!(running.breaker(Websocket), Some("closed"));
}

#[test]
fn its_settings_change_while_it_runs() {
    let running = start(&[("CIRCUIT_BREAKER_FAILURE_THRESHOLD", "0.5"), ("CIRCUIT_BREAKER_RECOVERY_TIME_S", "600")]);
    running.manager.update_adapter_health_threshold(Websocket, Some(0.5), None, "ann").unwrap();
    running.writes(Websocket, 10, 10);
    assert_eq!(running.of(1), BOTH);
    running.manager.live().set("circuit_breaker_failure_threshold", 0.4, "ann").unwrap();
    running.writes(Websocket, 0, 1);
    assert_eq!(running.of(1), [Realtime], "what was reported counts by the new threshold");
    running.clock.advance(Duration::from_secs(60));
    assert_eq!(running.breaker(Websocket), Some("open"));
    running.manager.live().set("circuit_breaker_recovery_time_s", 60, "ann").unwrap();
    assert_eq!(running.breaker(Websocket), Some("half_open"));
}

#[test]
fn an_adapters_own_threshold_opens_it_earlier() {
    let running = start(&[("ADAPTER_REALTIME_ERROR_THRESHOLD", "0.01")]);
    for adapter in BOTH {
        running.writes(adapter, 98, 2);
    }
    assert_eq!(running.of(1), [Websocket]);
    let tolerant = start(&[("ADAPTER_REALTIME_ERROR_THRESHOLD", "0.5")]);
    tolerant.writes(Realtime, 90, 10);
    assert_eq!(tolerant.of(1), [Websocket], "the breaker's own threshold holds for all");
}

#[test]
fn without_breakers_nobody_is_left_out_and_health_is_told_all_the_same() {
    let running = start(&[("CIRCUIT_BREAKER_ENABLED", "false")]);
    running.writes(Websocket, 0, 100);
    assert_eq!(running.of(1), BOTH);
    let status = running.manager.adapter_status(Websocket);
    assert_eq!((status.breaker, status.healthy, status.error_rate, status.writes), (None, false, 1.0, 100));

    // Turned off, it lets through at once whom it had left out.
    let running = start(&[]);
    running.writes(Websocket, 0, 20);
    assert_eq!(running.of(1), [Realtime]);
    running.manager.live().set("circuit_breaker_enabled", false, "ann").unwrap();
    assert_eq!(running.of(1), BOTH);
}

#[test]
fn health_follows_the_thresholds_and_the_last_minute() {
    let running = start(&[]);
    let healthy = |adapter| running.manager.adapter_status(adapter).healthy;
    assert!(healthy(Websocket) && healthy(Realtime), "nothing was reported yet");
    running.slow_writes(Websocket, 10, 180);
    running.slow_writes(Realtime, 10, 180);
    assert!(healthy(Websocket) && !healthy(Realtime));
    running.manager.update_adapter_health_threshold(Realtime, None, Some(200), "ann").unwrap();
    assert!(healthy(Realtime));
    running.writes(Realtime, 9, 1);
    assert!(running.manager.adapter_status(Realtime).error_rate == 0.05 && healthy(Realtime));
    running.writes(Realtime, 0, 1);
    assert!(!healthy(Realtime));
    running.clock.advance(Duration::from_secs(61));
    assert!(healthy(Realtime));
    let summary = running.manager.summary().adapter_status;
    assert_eq!(
        summary.iter().map(|status| (status.adapter, status.healthy)).collect::<Vec<_>>(),
        [(Websocket, true), (Realtime, true)]
    );
}

#[test]
fn an_override_to_an_adapter_that_is_left_out_goes_nowhere() {
    let running = start(&[]);
    running.writes(Realtime, 0, 20);
    running.manager.update_global_override(Some(GlobalOverride::RealtimeOnly), "ann").unwrap();
    assert_eq!(running.of(1), []);
    running.manager.update_global_override(Some(GlobalOverride::WebsocketOnly), "ann").unwrap();
    assert_eq!(running.of(1), [Websocket]);
}

#[test]
fn what_a_breaker_does_is_in_the_history() {
    let running = start(&[]);
    running.writes(Websocket, 0, 20);
    // A trip is stored by the thread that reported it, or by the one that asks guards every second, if that was faster.
    let newest = || running.manager.live().history(&HistoryQuery::newest(1)).unwrap().pop();
    let becomes = |reason: &str| {
        let said = || newest().is_some_and(|entry| entry.reason.is_some_and(|text| text.contains(reason)));
        crate::redis_server::eventually(reason, said);
    };
    becomes("20 of 20 failed");
    let entry = newest().unwrap();
    assert_eq!((entry.actor.as_str(), entry.source.as_str()), ("guard websocket", "guard"));
    assert_eq!(entry.changes[0].path.as_str(), "flags.trips");
    running.clock.advance(Duration::from_secs(30));
    running.writes(Websocket, 3, 0);
    becomes("the guard has closed");
    crate::redis_server::eventually("no trip", || running.manager.config().flags.trips.is_empty());
}
