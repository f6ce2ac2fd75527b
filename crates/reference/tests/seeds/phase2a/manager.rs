//! Seed 000's `ConfigurationManager`: a test for each of its methods.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::{Duration, Instant};

use serde_json::json;
use strata_config::LayerKind;
use strata_config_reference::phase2a::{ConfigurationManager, Persist, Phase2aConfig, RolloutStrategy};
use strata_config_reload::Condition;
use strata_config_store::{HistoryQuery, MemoryStore};

use super::{Phase2aLoader, loader};
use crate::live::{WAIT, origin};

pub(super) fn open(loader: Phase2aLoader) -> ConfigurationManager {
    ConfigurationManager::open(loader, std::sync::Arc::new(MemoryStore::new())).unwrap()
}

#[test]
fn the_manager_loads_defaults_file_and_environment() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("config.json");
    fs::write(&file, r#"{"phase_2a_enabled": true, "request_pipeline": {"batch_size": 20}}"#).unwrap();
    let manager = open(loader().file(&file).env_from([("BATCH_SIZE", "30")]));
    let config = manager.config();
    assert!(config.phase_2a_enabled);
    assert_eq!((config.request_pipeline.batch_size, config.max_memory_usage_mb), (30, 256));
}

#[test]
fn a_wrong_configuration_is_not_opened() {
    let store = std::sync::Arc::new(MemoryStore::new());
    let error = ConfigurationManager::open(loader().env_from([("BATCH_SIZE", "51")]), store).unwrap_err();
    assert!(error.to_string().contains("BATCH_SIZE"), "{error}");
}

#[test]
fn a_stored_update_is_there_after_a_restart() {
    let store = strata_config_store::open("memory:").unwrap();
    let manager = ConfigurationManager::open(loader(), store.clone()).unwrap();
    let applied = manager.update_configuration(&json!({"rollout_percentage": 25.0}), Persist::Stored, "ann").unwrap();
    assert_eq!(applied.revision, 1);
    // A variable of the next start is weaker than what an operator set.
    let again = loader().env_from([("PHASE_2A_ROLLOUT_PERCENTAGE", "50")]);
    let again = ConfigurationManager::open(again, store).unwrap();
    for manager in [manager, again] {
        assert_eq!(manager.config().rollout_percentage, 25.0);
        assert!(origin(manager.live(), "rollout_percentage").1.starts_with("ann 2"));
    }
}

/// The seed's `persist=False`.
#[test]
fn an_update_of_this_process_alone_is_not_stored() {
    let store = strata_config_store::open("memory:").unwrap();
    let manager = ConfigurationManager::open(loader(), store.clone()).unwrap();
    let patch = json!({"connection_pool": {"http_total_pool_size": 50}});
    manager.update_configuration(&patch, Persist::ThisProcess, "ann").unwrap();
    assert_eq!(manager.config().connection_pool.http_total_pool_size, 50);
    assert_eq!(manager.config().connection_pool.http_connections_per_host, 30);
    assert_eq!(origin(manager.live(), "connection_pool.http_total_pool_size").0, LayerKind::Program);
    assert!(manager.live().history(&HistoryQuery::default()).unwrap().is_empty());
    let again = ConfigurationManager::open(loader(), store).unwrap();
    assert_eq!(again.config().connection_pool.http_total_pool_size, 100);
    // A stored update of the same setting takes its place.
    let patch = json!({"connection_pool": {"http_total_pool_size": 60}});
    manager.update_configuration(&patch, Persist::Stored, "ann").unwrap();
    assert_eq!(manager.config().connection_pool.http_total_pool_size, 60);
}

#[test]
fn a_wrong_update_changes_nothing() {
    let manager = open(loader());
    for persist in [Persist::Stored, Persist::ThisProcess] {
        let patch = json!({"rollout_percentage": 101.0, "connection_pool": {"db_pool_size": 21}, "enabled": true});
        let error = manager.update_configuration(&patch, persist, "ann").unwrap_err();
        assert_eq!(error.report().unwrap().errors().count(), 3, "{error}");
    }
    assert_eq!(*manager.config(), Phase2aConfig::clone(&open(loader()).config()));
}

#[test]
fn a_patch_is_validated_without_being_applied() {
    let manager = open(loader());
    assert!(!manager.validate(&json!({"max_memory_usage_mb": 401})).report.is_valid());
    let preview = manager.validate(&json!({"max_memory_usage_mb": 300}));
    assert!(preview.report.is_valid());
    assert_eq!(preview.changes[0].path.as_str(), "max_memory_usage_mb");
    assert_eq!(manager.config().max_memory_usage_mb, 256);
}

#[test]
fn callbacks_hear_of_changes_and_of_nothing_else() {
    let manager = open(loader());
    let (sender, heard) = mpsc::channel();
    let _callback = manager.register_change_callback(move |config| sender.send(config.rollout_percentage).unwrap());
    let update = |share: f64| manager.update_configuration(&json!({"rollout_percentage": share}), Persist::Stored, "a");
    update(10.0).unwrap();
    assert_eq!(update(10.0).unwrap().entry, None);
    assert!(update(101.0).is_err());
    assert!(!manager.load_configuration().unwrap());
    update(20.0).unwrap();
    assert_eq!((heard.recv_timeout(WAIT), heard.recv_timeout(WAIT)), (Ok(10.0), Ok(20.0)));
    assert!(heard.try_recv().is_err());
}

/// What a pool does with its settings: it listens to its own section.
#[test]
fn settings_reach_the_pools_while_they_run() {
    let manager = open(loader());
    let pool = manager.live().project(|config| &config.connection_pool);
    let (sender, heard) = mpsc::channel();
    let listener = manager.live().subscribe("connection_pool", move |event| {
        sender.send(event.after.running().connection_pool.http_total_pool_size).unwrap();
    });
    let _listener = listener.unwrap();
    let update = |patch| manager.update_configuration(&patch, Persist::Stored, "ann").unwrap();
    update(json!({"request_pipeline": {"batch_size": 5}}));
    update(json!({"connection_pool": {"http_total_pool_size": 80}}));
    assert_eq!(heard.recv_timeout(WAIT), Ok(80));
    assert_eq!(pool.get().http_total_pool_size, 80);
    assert!(heard.try_recv().is_err());
}

#[test]
fn loading_again_takes_over_a_changed_file() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("config.json");
    fs::write(&file, "{}").unwrap();
    let manager = open(loader().file(&file));
    fs::write(&file, r#"{"global_rollout_strategy": "canary"}"#).unwrap();
    assert!(manager.load_configuration().unwrap());
    assert_eq!(manager.config().global_rollout_strategy, RolloutStrategy::Canary);
    assert!(manager.config().last_updated.is_some());
    assert!(!manager.load_configuration().unwrap());
}

#[test]
fn a_file_that_fails_to_load_keeps_the_configuration_of_before() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("config.json");
    fs::write(&file, r#"{"fallback_failure_threshold": 9}"#).unwrap();
    let manager = open(loader().file(&file));
    for broken in [r#"{"fallback_failure_threshold": "#, r#"{"fallback_failure_threshold": 0}"#] {
        fs::write(&file, broken).unwrap();
        assert!(manager.load_configuration().is_err());
        assert_eq!(manager.config().fallback_failure_threshold, 9);
        let summary = manager.summary();
        assert_eq!(summary.condition, Condition::Degraded);
        assert!(summary.reasons[0].contains("config.json"), "{:?}", summary.reasons);
    }
    fs::write(&file, r#"{"fallback_failure_threshold": 8}"#).unwrap();
    assert!(manager.load_configuration().unwrap());
    assert_eq!((manager.config().fallback_failure_threshold, manager.summary().condition), (8, Condition::Healthy));
}

/// A manager over a file, and what it is told of the memory.
fn watched(folder: &Path, variables: &[(&str, &str)]) -> (PathBuf, ConfigurationManager, mpsc::Receiver<u32>) {
    let file = folder.join("config.json");
    fs::write(&file, "{}").unwrap();
    let manager = open(loader().file(&file).env_from(variables.iter().copied()));
    let (sender, heard) = mpsc::channel();
    manager.register_change_callback(move |config| sender.send(config.max_memory_usage_mb).unwrap_or(())).forever();
    (file, manager, heard)
}

#[test]
fn a_changed_file_is_in_effect_without_any_call() {
    let folder = tempfile::tempdir().unwrap();
    let (file, manager, heard) = watched(folder.path(), &[]);
    // Times lie: the new content counts, though the file says that it is older than before.
    let before = fs::metadata(&file).unwrap().modified().unwrap();
    fs::write(&file, r#"{"max_memory_usage_mb": 300}"#).unwrap();
    File::options().write(true).open(&file).unwrap().set_modified(before - Duration::from_secs(60)).unwrap();
    assert_eq!(heard.recv_timeout(WAIT), Ok(300));
    assert_eq!(manager.config().max_memory_usage_mb, 300);
}

#[test]
fn a_changed_file_waits_while_hot_reload_is_off() {
    let folder = tempfile::tempdir().unwrap();
    let (file, manager, heard) = watched(folder.path(), &[("ENABLE_HOT_RELOAD", "false")]);
    fs::write(&file, r#"{"max_memory_usage_mb": 300}"#).unwrap();
    assert_eq!(heard.recv_timeout(Duration::from_millis(400)), Err(RecvTimeoutError::Timeout));
    assert_eq!(manager.live().status().watch.unwrap().looks, 0, "nobody looked");
    // Whoever asks for it is told what the file says in any case.
    assert!(manager.load_configuration().unwrap());
    assert_eq!(manager.config().max_memory_usage_mb, 300);
}

#[test]
fn hot_reload_is_started_and_stopped() {
    let folder = tempfile::tempdir().unwrap();
    let (file, manager, heard) = watched(folder.path(), &[("ENABLE_HOT_RELOAD", "false")]);
    manager.start_hot_reload("ann").unwrap();
    assert_eq!(heard.recv_timeout(WAIT), Ok(256), "the switch is a change of its own");
    fs::write(&file, r#"{"max_memory_usage_mb": 300}"#).unwrap();
    assert_eq!(heard.recv_timeout(WAIT), Ok(300));
    manager.stop_hot_reload("ann").unwrap();
    assert_eq!(heard.recv_timeout(WAIT), Ok(300));
    fs::write(&file, r#"{"max_memory_usage_mb": 200}"#).unwrap();
    assert_eq!(heard.recv_timeout(Duration::from_millis(400)), Err(RecvTimeoutError::Timeout));
    assert!(manager.live().history(&HistoryQuery::default()).unwrap().is_empty(), "this process's own affair");
}

#[test]
fn hot_reload_and_its_interval_follow_their_settings() {
    let folder = tempfile::tempdir().unwrap();
    let (file, manager, heard) = watched(folder.path(), &[("ENABLE_HOT_RELOAD", "false")]);
    let patch = json!({"hot_reload": {"enabled": true, "check_interval": 1}});
    manager.update_configuration(&patch, Persist::Stored, "ann").unwrap();
    assert_eq!(heard.recv_timeout(WAIT), Ok(256));
    fs::write(&file, r#"{"max_memory_usage_mb": 300}"#).unwrap();
    assert_eq!(heard.recv_timeout(WAIT), Ok(300));
    let looks = || manager.live().status().watch.map_or(0, |watch| watch.looks);
    let before = looks();
    let end = Instant::now() + WAIT;
    while looks() < before + 2 {
        assert!(Instant::now() < end, "nothing changes, and yet the file is looked at each second");
        std::thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn the_end_of_the_manager_is_the_end_of_its_threads() {
    let folder = tempfile::tempdir().unwrap();
    let (_file, manager, heard) = watched(folder.path(), &[]);
    drop(manager);
    assert_eq!(heard.recv_timeout(WAIT), Err(RecvTimeoutError::Disconnected), "the callback is gone");
}

#[test]
fn what_is_written_to_a_file_loads_as_the_same_configuration() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("saved.json");
    let manager = open(loader());
    let patch = json!({"emergency_shutdown_enabled": false, "rollout_ip_whitelist": ["10.0.0.0/8"],
        "request_pipeline": {"enable_request_tracing": true}});
    manager.update_configuration(&patch, Persist::Stored, "ann").unwrap();
    manager.update_configuration(&json!({"rollout_percentage": 7.5}), Persist::ThisProcess, "ann").unwrap();
    manager.to_file(&file).unwrap();
    let again = open(loader().file(&file));
    assert_eq!(again.to_value(), manager.to_value());
    assert_eq!(again.config().rollout_percentage, 7.5);
    let (section, total) = match manager.to_value() {
        strata_config::Value::Map(entries) => (entries.iter().any(|(key, _)| key == "alerts"), entries.len()),
        _ => panic!("a configuration is a table"),
    };
    assert!(section && total == 22, "{total}");
}

#[test]
fn the_summary_says_what_is_rolled_out_and_how_the_configuration_is() {
    let manager = open(loader().env_from([("PHASE_2A_ENABLED", "true"), ("PHASE_2A_ROLLOUT", "gradual")]));
    let summary = serde_json::to_value(manager.summary()).unwrap();
    assert_eq!(summary["phase_2a_enabled"], json!(true));
    assert_eq!(summary["global_rollout_strategy"], json!("gradual"));
    assert_eq!(
        summary["connection_pool"],
        json!({"enabled": true, "status": "enabled", "strategy": "gradual", "percentage": 25.0})
    );
    assert_eq!((&summary["loaded_from"], &summary["condition"]), (&json!("environment"), &json!("healthy")));
}

#[test]
fn the_seeds_manager_test() {
    let folder = tempfile::tempdir().unwrap();
    let manager = open(loader().file(folder.path().join("test_config.json")).optional());
    assert!(!manager.config().phase_2a_enabled);
    let updates = json!({"rollout_percentage": 25.0});
    manager.update_configuration(&updates, Persist::ThisProcess, "test").unwrap();
    assert_eq!(manager.config().rollout_percentage, 25.0);
}
