//! The automatic fallback of seed 000: a component that keeps failing is off until it had time to recover.

use std::sync::Arc;
use std::time::Duration;

use serde_json::json;
use strata_config_flags::Why;
use strata_config_store::{HistoryQuery, MemoryStore, Store};

use super::{ConnectionPool, RequestPipeline, Running, request, rolled_out, start, start_with};

const MINUTES: Duration = Duration::from_secs(60);

fn fail(running: &Running, times: usize) {
    (0..times).for_each(|_| running.flags.report_failure(ConnectionPool));
}

#[test]
fn failures_in_a_row_turn_a_component_off_for_everybody() {
    let running = start(rolled_out("full"));
    running.update(json!({"rollout_ip_whitelist": ["10.0.0.0/8"]}));
    fail(&running, 4);
    running.flags.report_success(ConnectionPool);
    fail(&running, 4);
    assert!(running.everybody(ConnectionPool), "a success in between begins the count anew");
    fail(&running, 1);
    assert!(!running.everybody(ConnectionPool), "those on the allow list, too");
    assert_eq!(running.flags.explain("connection_pool", Some(&request("10.0.0.1"))).why, Some(Why::Guard));
    assert!(running.everybody(RequestPipeline), "the other one goes on");
}

#[test]
fn after_its_time_of_recovery_a_component_is_tried_and_comes_back() {
    let running = start(rolled_out("full"));
    fail(&running, 5);
    running.clock.advance(5 * MINUTES - Duration::from_secs(1));
    assert!(!running.everybody(ConnectionPool));
    running.clock.advance(Duration::from_secs(1));
    let tries = running.clients(ConnectionPool).len();
    assert!((800..1_200).contains(&tries), "about a tenth of the clients a second, and not {tries} of 10,000");
    running.flags.report_success(ConnectionPool);
    assert!(running.everybody(ConnectionPool));
}

#[test]
fn a_trial_that_fails_waits_for_another_time_of_recovery() {
    let running = start(rolled_out("full"));
    fail(&running, 5);
    running.clock.advance(5 * MINUTES);
    fail(&running, 1);
    assert!(!running.everybody(ConnectionPool));
    running.clock.advance(4 * MINUTES);
    assert!(!running.everybody(ConnectionPool));
    running.clock.advance(MINUTES);
    running.flags.report_success(ConnectionPool);
    assert!(running.everybody(ConnectionPool));
}

#[test]
fn the_settings_of_the_fallback_change_while_it_runs() {
    let running = start(rolled_out("full"));
    running.update(json!({"fallback_failure_threshold": 2, "fallback_recovery_time_minutes": 1}));
    fail(&running, 2);
    assert!(!running.everybody(ConnectionPool));
    running.clock.advance(MINUTES);
    assert!(!running.clients(ConnectionPool).is_empty());
    running.update(json!({"fallback_recovery_time_minutes": 30}));
    assert!(!running.everybody(ConnectionPool));
    running.update(json!({"enable_automatic_fallback": false}));
    assert!(running.everybody(ConnectionPool), "without a fallback nothing is off");
}

#[test]
fn without_the_automatic_fallback_failures_turn_nothing_off() {
    let running = start(rolled_out("full"));
    running.update(json!({"enable_automatic_fallback": false}));
    fail(&running, 100);
    assert!(running.everybody(ConnectionPool));
    assert_eq!(running.flags.rollout_statistics().connection_pool.fallback, None);
}

#[test]
fn a_fallback_is_stored_with_its_reason_and_is_there_after_a_restart() {
    let store: Arc<dyn Store> = Arc::new(MemoryStore::new());
    let running = start_with(rolled_out("full"), Arc::clone(&store));
    let mut changes = running.manager.live().changes();
    fail(&running, 5);
    // The flags' own thread may be the one that stores it, a moment after the report.
    assert!(changes.next_within(std::time::Duration::from_secs(30)).is_some());
    let entry = running.manager.live().history(&HistoryQuery::newest(1)).unwrap().pop().unwrap();
    assert_eq!(entry.actor.as_str(), "guard connection_pool");
    assert_eq!(entry.reason.as_deref(), Some("5 failures in a row"));
    let fallback = running.flags.rollout_statistics().connection_pool.fallback.unwrap();
    assert_eq!((fallback.state, fallback.because.as_deref()), ("open", Some("5 failures in a row")));
    assert_eq!(fallback.since.unwrap().to_string(), "2026-11-21T08:00:00Z");

    let again = start_with(rolled_out("full"), store);
    assert!(!again.everybody(ConnectionPool));
    again.clock.advance(5 * MINUTES);
    assert_eq!(again.flags.rollout_statistics().connection_pool.fallback.unwrap().state, "half_open");
    again.flags.report_success(ConnectionPool);
    assert!(again.everybody(ConnectionPool));
    assert!(again.manager.config().flags.trips.is_empty());
}
