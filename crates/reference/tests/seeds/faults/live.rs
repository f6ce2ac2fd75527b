//! The seeds' faults that a running configuration could have: none of them can happen. Numbers as in `docs/seeds.md`.

use std::fs::{self, File};
use std::io::Read as _;
use std::sync::{Arc, mpsc};

use serde_json::json;
use strata_config::{EnvSource, Loader};
use strata_config_reference::dual_write::{Category, ConfigManager, DualWriteConfig};
use strata_config_reference::lazy_loading::{ConfigurationEngine, LazyLoadingConfig};
use strata_config_reference::phase2a::{ConfigurationManager, Persist, Phase2aConfig, RolloutStrategy};
use strata_config_reload::Live;
use strata_config_store::MemoryStore;

use crate::live::WAIT;

fn open(loader: Loader<Phase2aConfig>) -> ConfigurationManager {
    ConfigurationManager::open(loader, Arc::new(MemoryStore::new())).unwrap()
}

/// Fault 1: the seed's `load_configuration` lets defaults of the environment override the file, at each reload again.
#[test]
fn an_unset_variable_overrides_nothing_at_a_reload() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("config.json");
    fs::write(&file, r#"{"max_memory_usage_mb": 300}"#).unwrap();
    let manager = open(Loader::new().file(&file).env_source(EnvSource::given([("BATCH_SIZE", "30")])));
    assert_eq!(manager.config().max_memory_usage_mb, 300);
    fs::write(&file, r#"{"max_memory_usage_mb": 350}"#).unwrap();
    manager.load_configuration().unwrap();
    assert_eq!((manager.config().max_memory_usage_mb, manager.config().request_pipeline.batch_size), (350, 30));
}

/// Fault 2: the seed's `update_configuration` replaces nested sections by a shallow `dict.update`.
#[test]
fn an_update_keeps_the_siblings_of_what_it_sets() {
    for persist in [Persist::Stored, Persist::ThisProcess] {
        let file = "[connection_pool]\nhttp_total_pool_size = 80\nstatus = 'maintenance'";
        let manager = open(Loader::new().text("site.toml", file));
        let update = |patch| manager.update_configuration(&patch, persist, "ann").unwrap();
        update(json!({"connection_pool": {"db_pool_size": 12}}));
        update(json!({"connection_pool": {"rollout_strategy": "full"}}));
        let pool = &manager.config().connection_pool;
        assert_eq!((pool.http_total_pool_size, pool.db_pool_size, pool.http_connections_per_host), (80, 12, 30));
        assert_eq!(pool.status.to_string(), "maintenance");
        assert_eq!(pool.rollout_strategy, RolloutStrategy::Full);
    }
}

/// Fault 3: the seed's update makes plain dictionaries of sections, and an unknown key ends in a `TypeError`.
#[test]
fn an_update_is_typed_and_its_unknown_keys_are_told() {
    let manager = open(Loader::new());
    let patch = json!({"connection_pool": {"rollout_strategy": "Canary"}});
    manager.update_configuration(&patch, Persist::Stored, "ann").unwrap();
    assert_eq!(manager.config().connection_pool.rollout_strategy, RolloutStrategy::Canary);
    let patch = json!({"request_pipeline": {"batchsize": 5, "batch_size": "many"}});
    let error = manager.update_configuration(&patch, Persist::Stored, "ann").unwrap_err();
    let report = error.report().unwrap();
    let mut codes: Vec<_> = report.errors().map(|finding| (finding.code, finding.path.as_str())).collect();
    codes.sort_unstable();
    assert_eq!(codes, [("key.unknown", "request_pipeline.batchsize"), ("value.type", "request_pipeline.batch_size")]);
    assert!(report.to_string().contains("did you mean `batch_size`?"), "{report}");
}

/// Fault 4: what the seed saves has lost fields when it is loaded again.
#[test]
fn saving_a_running_configuration_loses_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("saved.json");
    let manager = open(Loader::new());
    let patch = json!({
        "rollout_user_agent_whitelist": ["curl/*"],
        "fallback_failure_threshold": 9,
        "alerts": {"enabled": false},
        "connection_pool": {"status": "error"},
    });
    manager.update_configuration(&patch, Persist::Stored, "ann").unwrap();
    manager.to_file(&file).unwrap();
    assert_eq!(open(Loader::new().file(&file)).to_value(), manager.to_value());
}

/// Fault 5: the seed opens its file and writes it anew, so that whoever reads meanwhile sees half of it.
#[test]
fn a_file_is_replaced_as_a_whole() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("saved.json");
    let manager = open(Loader::new());
    manager.to_file(&file).unwrap();
    let before = fs::read_to_string(&file).unwrap();
    let mut reader = File::open(&file).unwrap();
    manager.update_configuration(&json!({"max_memory_usage_mb": 300}), Persist::Stored, "ann").unwrap();
    manager.to_file(&file).unwrap();
    let mut read = String::new();
    reader.read_to_string(&mut read).unwrap();
    assert_eq!(read, before, "whoever has the old file open reads all of it");
    assert!(fs::read_to_string(&file).unwrap().contains("300"));
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "nothing is left beside it");
}

/// Fault 5, on failure: a file that can't be written stays what it was, and nothing stays beside it.
#[test]
fn a_write_that_fails_leaves_what_was_there() {
    let folder = tempfile::tempdir().unwrap();
    let taken = folder.path().join("saved.json");
    fs::create_dir(&taken).unwrap();
    fs::write(taken.join("inside"), "kept").unwrap();
    assert!(open(Loader::new()).to_file(&taken).is_err());
    assert_eq!(fs::read_to_string(taken.join("inside")).unwrap(), "kept");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
}

/// Fault 13: listeners run under the lock, one after another; one that fails or blocks stops the rest, and updates too.
#[test]
fn a_bad_listener_harms_nobody() {
    let manager = open(Loader::new());
    let failing = manager.register_change_callback(|_| panic!("as a callback may"));
    let (release, wait) = mpsc::channel::<()>();
    let _blocking = manager.register_change_callback(move |_| wait.recv().unwrap_or_default());
    let (sender, heard) = mpsc::channel();
    let _good = manager.register_change_callback(move |config| sender.send(config.rollout_percentage).unwrap());
    for share in [1.0, 2.0] {
        manager.update_configuration(&json!({"rollout_percentage": share}), Persist::Stored, "ann").unwrap();
        assert_eq!(heard.recv_timeout(WAIT), Ok(share));
    }
    while failing.panics() < 2 {
        std::thread::yield_now();
    }
    drop(release);
}

/// Fault 13, for seeds 001 and 004: a listener may even change the configuration that it hears of.
#[test]
fn a_listener_may_update_what_it_listens_to() {
    let manager = ConfigManager::open(Loader::<DualWriteConfig>::new()).unwrap();
    let inner = manager.clone();
    let (sender, heard) = mpsc::channel();
    let _listener =
        manager.register_change_listener(move |config| match config.percentage_for_category(Category::Critical) {
            10 => drop(inner.update_category_percentage(Category::Critical, 20, "listener").unwrap()),
            other => sender.send(other).unwrap(),
        });
    manager.update_category_percentage(Category::Critical, 10, "ann").unwrap();
    assert_eq!(heard.recv_timeout(WAIT), Ok(20));

    let engine = ConfigurationEngine::open(Live::of(Loader::<LazyLoadingConfig>::new())).unwrap();
    let failing = engine.on_change(|_| panic!("as a listener may"));
    let (sender, heard) = mpsc::channel();
    let _good = engine.on_change(move |notification| sender.send(notification.key.clone()).unwrap());
    engine.set("load_timeout", 1, "ann").unwrap();
    assert_eq!(heard.recv_timeout(WAIT).as_deref(), Ok("load_timeout"));
    while failing.panics() < 1 {
        std::thread::yield_now();
    }
}

/// Fault 15: an update that is refused says everything, and where a value that it collides with came from.
#[test]
fn a_refused_update_tells_every_mistake_with_its_place() {
    let manager = open(Loader::new().env_from([("CACHE_MEMORY_LIMIT_MB", "120")]));
    let patch = json!({"rollout_percentage": 101, "alert": {}, "connection_pool": {"status": "asleep"}});
    let error = manager.update_configuration(&patch, Persist::Stored, "ann").unwrap_err();
    assert_eq!(error.report().unwrap().errors().count(), 3, "{error}");
    let error = manager.update_configuration(&json!({"max_memory_usage_mb": 100}), Persist::Stored, "ann").unwrap_err();
    let text = error.to_string();
    assert!(text.contains("CACHE_MEMORY_LIMIT_MB") && text.contains("max_memory_usage_mb"), "{text}");
    assert_eq!(manager.config().max_memory_usage_mb, 256);
}
