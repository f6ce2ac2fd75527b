//! Seed 003 while it runs: the database, updates, the cache, the age of keys.

use std::sync::Arc;

use serde_json::{Value as Json, json};
use strata_config::FieldPath;
use strata_config_reference::learning::{CacheHealth, CacheReport, LearningConfig, auto_optimize, warm_cache};
use strata_config_reload::{Actor, Batch, Live};
use strata_config_store::{FileStore, HistoryQuery, LastKnownGood, MemoryStore, Store};

use super::loader;
use crate::server::Server;

fn live() -> Live<LearningConfig> {
    Live::of(loader()).store(Arc::new(MemoryStore::new())).open().unwrap()
}

fn actor(name: &str) -> Actor {
    name.into()
}

#[test]
fn the_database_is_a_source() {
    let store = Arc::new(MemoryStore::new());
    let file = loader().text("learning.yaml", "spaced_repetition: {batch_size: 150}");
    let live = Live::of(file).store(store).open().unwrap();
    let base = json!({"spaced_repetition": {"batch_size": 120, "max_interval_days": 100}});
    live.set_base(&base, actor("import")).unwrap();
    let config = live.get();
    assert_eq!((config.spaced_repetition.batch_size, config.spaced_repetition.max_interval_days), (150, 100));
    let found = live.version().explain(&[FieldPath::new("spaced_repetition.max_interval_days")]).remove(0);
    let origin = found.to_string();
    assert!(origin.starts_with("store 1"), "{origin}");
}

/// The example of the seed: an update from the admin panel.
#[test]
fn an_update_is_merged_validated_and_told() {
    let live = live();
    let update = json!({"spaced_repetition": {"batch_size": 200, "cache_ttl_seconds": 300}});
    live.update(&update, Actor::new("admin").via("admin_panel")).unwrap();
    let config = live.get();
    assert_eq!((config.spaced_repetition.batch_size, config.spaced_repetition.leitner_box_count), (200, 5));
    let entry = live.store().history(&HistoryQuery::default()).unwrap().remove(0);
    assert_eq!((entry.actor.as_str(), entry.source.as_str()), ("admin", "admin_panel"));
    assert!(live.update(&json!({"spaced_repetition": {"batch_size": "many"}}), actor("admin")).is_err());
    assert_eq!(live.get().spaced_repetition.batch_size, 200);
}

#[test]
fn a_batch_is_applied_whole_or_not_at_all() {
    let live = live();
    let batch = Batch::new().set("interleaving.min_session_size", 10).set("interleaving.max_session_size", 5);
    assert!(live.apply(&batch, actor("admin")).is_err());
    assert_eq!(live.get().interleaving.min_session_size, 5);
    let batch = Batch::new().set("interleaving.min_session_size", 10).set("interleaving.max_session_size", 60);
    live.apply(&batch, actor("admin")).unwrap();
    assert_eq!((live.get().interleaving.min_session_size, live.get().interleaving.max_session_size), (10, 60));
}

#[test]
fn the_cache_has_statistics_health_hints_and_is_warmed() {
    let folder = tempfile::tempdir().unwrap();
    let (far, copy) = (folder.path().join("far"), folder.path().join("copy.json"));
    let away = folder.path().join("away");
    std::fs::create_dir(&far).unwrap();
    let opened = far.clone();
    let open = move || Ok(Arc::new(FileStore::open(&opened)?) as Arc<dyn Store>);
    let live = Live::of(loader()).store(Arc::new(LastKnownGood::new("file:far", &copy, open))).open().unwrap();
    let report = CacheReport::of(&live);
    assert_eq!((report.health, report.hit_rate, report.hints), (CacheHealth::Healthy, None, Vec::new()));
    assert!(!auto_optimize(&live).unwrap(), "nothing helps what is well");
    assert!(warm_cache(&live).unwrap());
    live.set("cache.warm_on_start", false, actor("admin")).unwrap();
    assert!(!warm_cache(&live).unwrap());

    // A store that is away: the copy stands in.
    std::fs::rename(&far, &away).unwrap();
    std::fs::write(&far, "no directory").unwrap();
    let opened = far.clone();
    let open = move || Ok(Arc::new(FileStore::open(&opened)?) as Arc<dyn Store>);
    let alone = Live::of(loader()).store(Arc::new(LastKnownGood::new("file:far", &copy, open))).open().unwrap();
    let report = CacheReport::of(&alone);
    assert!(report.hits > 0 && report.misses == 0 && report.hit_rate == Some(1.0), "{report:?}");
    assert_ne!(report.health, CacheHealth::Healthy);
}

#[test]
fn a_cache_without_a_copy_is_given_a_hint() {
    let report = CacheReport::of(&live());
    assert!(report.health == CacheHealth::Healthy && report.hints[0].contains("?copy=FILE"), "{report:?}");
}

#[test]
fn auto_optimize_can_be_turned_off() {
    let live = live();
    live.set("cache.auto_optimize", false, actor("admin")).unwrap();
    assert!(!auto_optimize(&live).unwrap());
}

#[test]
fn a_key_that_is_too_old_is_an_alert() {
    let server = Server::start("learning", &[]);
    let active = || {
        let alerts = server.get("/api/v1/alerts").of(200);
        let alerts = alerts["alerts"].as_array().or(alerts.as_array()).cloned().unwrap_or_default();
        let is_active = |alert: &&Json| alert["active"] == true;
        alerts.iter().filter(is_active).map(|alert| alert["name"].clone()).collect::<Vec<_>>()
    };
    server.call("POST", "/api/v1/reports", &json!({"figures": {"api_key_age_days": 89}})).of(200);
    assert_eq!(active(), Vec::<Json>::new());
    server.call("PATCH", "/api/v1/config", &json!({"security": {"api_key_rotation_days": 60}})).of(200);
    assert_eq!(active(), ["api_key_age_days"], "nobody has to report again");
}
