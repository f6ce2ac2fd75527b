//! What operators see of seed 000's rollout, and what they turn off.

use std::sync::Arc;
use std::time::{Duration, Instant};

use serde_json::json;
use strata_config_flags::Context;
use strata_config_reference::phase2a::FeatureFlagContext;
use strata_config_store::{FileStore, LastKnownGood, Store, StoreError};

use super::{ConnectionPool, RequestPipeline, request, rolled_out, start, start_with};
use crate::live::WAIT;

#[test]
fn the_statistics_are_the_seeds_and_say_what_was_served() {
    let running = start(rolled_out("canary"));
    running.update(json!({"rollout_percentage": 7.5, "request_pipeline": {"status": "maintenance"}}));
    let served = running.clients(ConnectionPool).len();
    let _ = running.serves(RequestPipeline, 1);
    running.flags.force_enable_for_request("r1");
    running.flags.force_disable_for_request("r2");
    running.flags.force_disable_for_request("r3");
    let statistics = serde_json::to_value(running.flags.rollout_statistics()).unwrap();
    assert_eq!(
        statistics,
        json!({
            "phase_2a_enabled": true,
            "global_rollout_percentage": 7.5,
            "connection_pool": {
                "enabled": true, "strategy": "canary", "status": "enabled", "percentage": 5.0,
                "served": served, "left_out": 10_000 - served,
                "requests_per_minute": 10_000, "has_target_load": true,
                "fallback": {"state": "closed", "since": null, "because": null},
            },
            "request_pipeline": {
                "enabled": true, "strategy": "canary", "status": "maintenance", "percentage": 0.0,
                "served": 0, "left_out": 1,
                "requests_per_minute": 1, "has_target_load": false,
                "fallback": {"state": "closed", "since": null, "because": null},
            },
            "cache_entries": 0,
            "forced_enabled_count": 1,
            "forced_disabled_count": 2,
            "flags_are_stale": false,
        })
    );
}

#[test]
fn a_rollout_has_its_target_load_while_enough_requests_come() {
    let running = start(rolled_out("canary"));
    running.update(json!({"rollout_target_requests_per_minute": 60}));
    let has_load = || running.flags.rollout_statistics().connection_pool.has_target_load;
    for client in 0..59 {
        let _ = running.serves(ConnectionPool, client);
    }
    assert!(!has_load());
    let _ = running.serves(ConnectionPool, 59);
    assert!(has_load());
    running.update(json!({"rollout_target_requests_per_minute": 61}));
    assert!(!has_load());
    running.update(json!({"rollout_target_requests_per_minute": 60}));
    running.clock.advance(Duration::from_secs(60));
    assert!(!has_load(), "they are more than a minute old");
}

#[test]
fn a_copy_of_remote_flags_is_stale_from_its_age_on() {
    let folder = tempfile::tempdir().unwrap();
    let (far, copy) = (folder.path().join("far"), folder.path().join("copy.json"));
    let open = move || Ok(Arc::new(FileStore::open(&far)?) as Arc<dyn Store>);
    let near = start_with(rolled_out("full"), Arc::new(LastKnownGood::new("file:far", copy.clone(), open)));
    near.update(json!({"request_pipeline": {"rollout_strategy": "disabled"}}));
    assert!(!near.flags.are_flags_stale());

    let cut = || Err(StoreError::other("no route to far", "the cable is cut"));
    let away = |ttl| {
        let loader = rolled_out("full").set("feature_flag_cache_ttl", ttl);
        start_with(loader, Arc::new(LastKnownGood::new("file:far", copy.clone(), cut)))
    };
    let (patient, strict) = (away("3600"), away("1"));
    assert_eq!(strict.flags.stale_after(), Duration::from_secs(1));
    let since = Instant::now();
    while !strict.flags.are_flags_stale() {
        assert!(since.elapsed() < WAIT, "the copy gets no older");
        std::thread::sleep(Duration::from_millis(20));
    }
    assert!(strict.flags.rollout_statistics().flags_are_stale);
    assert!(!patient.flags.are_flags_stale());
    // They are the last known good ones, and used.
    assert!(strict.everybody(ConnectionPool) && !strict.everybody(RequestPipeline));
}

#[test]
fn a_test_of_two_variants_is_added_while_the_system_runs_and_counted() {
    let running = start(rolled_out("full"));
    running.update(json!({"flags": {"flags": {"batching": {
        "variants": {"small": 5, "large": 20},
        "fallthrough": {"split": {
            "bucket_by": ["client_ip", "user_agent"],
            "weights": [{"variant": "small", "weight": 1}, {"variant": "large", "weight": 1}],
        }},
    }}}}));
    let size = |client: u32| {
        let address = super::address(client);
        running.flags.flags().int("batching", &request(&address).to_context(), 10)
    };
    let sizes: Vec<i64> = (0..1_000).map(size).collect();
    assert!(sizes.iter().all(|size| [5, 20].contains(size)));
    assert_eq!(sizes, (0..1_000).map(size).collect::<Vec<_>>(), "everybody keeps his variant");
    let small = sizes.iter().filter(|size| **size == 5).count();
    assert!((450..550).contains(&small), "{small}");
    let exposures = running.flags.flags().exposures();
    let counted = |variant| exposures.flags["batching"].of(Some(variant));
    assert_eq!((counted("small"), counted("large")), (2 * small as u64, 2 * (1_000 - small as u64)));
    assert_eq!(running.flags.flags().int("batching", &Context::anonymous(), 10), 10, "nobody has no variant");
}

#[test]
fn an_emergency_leaves_nobody_a_component_and_its_end_brings_them_back() {
    let running = start(rolled_out("full"));
    running.update(json!({"rollout_ip_whitelist": ["10.0.0.0/8"]}));
    running.flags.force_enable_for_request("r1");
    let forced = FeatureFlagContext { request_id: Some("r1"), ..request("10.0.0.1") };
    running.manager.emergency_disable("ann").unwrap();
    assert!(!running.everybody(ConnectionPool) && !running.everybody(RequestPipeline));
    assert!(!running.flags.is_component_enabled(ConnectionPool, Some(&forced)));
    running.manager.emergency_restore("ann").unwrap();
    assert!(running.everybody(ConnectionPool) && running.flags.is_component_enabled(ConnectionPool, Some(&forced)));
}
