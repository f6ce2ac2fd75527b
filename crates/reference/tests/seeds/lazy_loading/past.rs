//! Seed 004's engine: snapshots, notifications, and services that come and go.

use std::error::Error;
use std::sync::{Arc, Mutex, mpsc};

use serde_json::json;
use strata_config::Value;
use strata_config_reference::lazy_loading::{ConfigurationEngine, ServiceManager, SynchroniseError, ValueSource};
use strata_config_reload::{Actor, Live};
use strata_config_store::{HistoryQuery, Limit};

use super::engine::open;
use super::loader;
use crate::live::WAIT;

#[test]
fn a_snapshot_has_a_description_tags_a_time_and_a_user() {
    let engine = open();
    let id = engine.create_snapshot("Before major configuration changes", ["backup", "major-changes"], "ann").unwrap();
    let snapshots = engine.list_snapshots().unwrap();
    assert_eq!(snapshots.len(), 1);
    let snapshot = &snapshots[0];
    assert_eq!((&snapshot.id, snapshot.actor.as_str()), (&id, "ann"));
    assert_eq!(snapshot.description, "Before major configuration changes");
    assert_eq!(snapshot.tags, ["backup", "major-changes"]);
    assert!(snapshot.at.millis() > 0);
}

#[test]
fn a_rollback_brings_back_what_a_snapshot_holds() {
    let engine = open();
    engine.set("load_timeout", 10.0, "ann").unwrap();
    let snapshot = engine.create_snapshot("Before performance tuning", ["tuning"], "ann").unwrap();
    let updates = [("lazy_loading_unloading_strategy", json!("AGGRESSIVE")), ("load_timeout", json!(1.0))];
    engine.update(updates, "ann").unwrap();
    let applied = engine.rollback_to_snapshot(&snapshot, "bob").unwrap();
    assert_eq!(applied.revision, 3, "a rollback is a change of its own");
    assert_eq!(engine.config().load_timeout, 10.0);
    assert_eq!(engine.get("lazy_loading_unloading_strategy").unwrap().source, ValueSource::Default);
    let newest = &engine.notifications(1).unwrap()[0];
    assert_eq!((newest.user.as_str(), newest.description.as_ref().unwrap().contains(&snapshot)), ("bob", true));
}

#[test]
fn an_unknown_snapshot_is_an_error() {
    let engine = open();
    let error = engine.rollback_to_snapshot("no-such-snapshot", "ann").unwrap_err();
    assert!(error.is_missing() && error.to_string().contains("no-such-snapshot"), "{error}");
    assert!(!engine.delete_snapshot("no-such-snapshot").unwrap());
}

/// Best practice 1 of the seed: snapshot, change, test, and back on error.
#[test]
fn a_change_that_does_not_prove_itself_is_rolled_back() {
    let engine = open();
    let snapshot = engine.create_snapshot("Before performance optimization", ["optimization"], "ann").unwrap();
    engine.set("lazy_loading_unloading_check_interval", 15.0, "ann").unwrap();
    let tested: Result<(), &str> = Err("too slow");
    if tested.is_err() {
        engine.rollback_to_snapshot(&snapshot, "ann").unwrap();
    }
    assert_eq!(engine.config().lazy_loading_unloading_check_interval, 60.0);
}

/// Best practice 2 of the seed; a batch that fails needs no rollback, as it changed nothing.
#[test]
fn a_batch_goes_with_a_snapshot() {
    let engine = open();
    let snapshot = engine.create_snapshot("Enable unloading system", ["unloading"], "ann").unwrap();
    assert!(engine.update([("cache_enabled", json!(false)), ("load_timeout", json!(2))], "ann").unwrap().all());
    assert!(!engine.update([("cache_enabled", json!(true)), ("load_timeout", json!(0))], "ann").unwrap().all());
    assert_eq!((engine.config().cache_enabled, engine.config().load_timeout), (false, 2.0));
    engine.rollback_to_snapshot(&snapshot, "ann").unwrap();
    assert_eq!((engine.config().cache_enabled, engine.config().load_timeout), (true, 30.0));
}

#[test]
fn old_snapshots_are_cleaned_up_and_those_with_a_tag_stay() {
    let kept = Limit { count: Some(2), age: None };
    let engine = ConfigurationEngine::open(Live::of(loader()).keep_snapshots(kept)).unwrap();
    engine.create_snapshot("tagged", ["keep"], "ann").unwrap();
    for description in ["first", "second", "third"] {
        engine.create_snapshot(description, [""; 0], "ann").unwrap();
    }
    let left: Vec<String> = engine.list_snapshots().unwrap().into_iter().map(|snapshot| snapshot.description).collect();
    assert_eq!(left, ["tagged", "second", "third"]);
}

#[test]
fn a_snapshot_is_deleted() {
    let engine = open();
    let id = engine.create_snapshot("one", [""; 0], "ann").unwrap();
    assert!(engine.delete_snapshot(&id).unwrap());
    assert!(engine.list_snapshots().unwrap().is_empty());
    assert!(engine.rollback_to_snapshot(&id, "ann").unwrap_err().is_missing());
}

#[test]
fn a_notification_has_time_key_old_new_and_user() {
    let engine = open();
    let (sender, heard) = mpsc::channel();
    let _listener = engine.on_change(move |notification| sender.send(notification.clone()).unwrap());
    engine.set("load_timeout", 10.0, Actor::new("ann").via("api").because("slow disks")).unwrap();
    let heard = heard.recv_timeout(WAIT).unwrap();
    assert_eq!((heard.key.as_str(), heard.user.as_str(), heard.source.as_str()), ("load_timeout", "ann", "api"));
    assert_eq!((&heard.old_value, &heard.new_value), (&Some(Value::Float(30.0)), &Some(Value::Float(10.0))));
    assert_eq!(heard.description.as_deref(), Some("slow disks"));
    assert!(heard.timestamp.millis() > 0);
    assert_eq!(engine.notifications(10).unwrap(), [heard]);
}

#[test]
fn a_changed_source_is_notified_too() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("site.yaml");
    std::fs::write(&file, "load_timeout: 10.0").unwrap();
    let engine = ConfigurationEngine::open(Live::of(loader().file(&file))).unwrap();
    let (sender, heard) = mpsc::channel();
    let _listener = engine.on_change(move |notification| sender.send(notification.clone()).unwrap());
    std::fs::write(&file, "load_timeout: 20.0").unwrap();
    engine.live().reload_all().unwrap();
    let heard = heard.recv_timeout(WAIT).unwrap();
    assert_eq!(
        (heard.key.as_str(), heard.new_value, heard.source.as_str()),
        ("load_timeout", Some(Value::Float(20.0)), "reload")
    );
    assert!(heard.user.ends_with("site.yaml"), "{}", heard.user);
}

#[test]
fn notifications_are_the_newest_first_and_no_more_than_wanted() {
    let engine = open();
    engine.update([("load_timeout", json!(1)), ("cache_enabled", json!(false))], "ann").unwrap();
    engine.set("load_timeout", 2, "bob").unwrap();
    let keys = |limit| -> Vec<String> {
        engine.notifications(limit).unwrap().into_iter().map(|one| format!("{} {}", one.user, one.key)).collect()
    };
    assert_eq!(keys(10), ["bob load_timeout", "ann load_timeout", "ann cache_enabled"]);
    assert_eq!(keys(2), ["bob load_timeout", "ann load_timeout"]);
}

#[test]
fn a_keys_history_says_who_changed_it() {
    let engine = open();
    engine.set("load_timeout", 1, "ann").unwrap();
    engine.update([("load_timeout", json!(2)), ("cache_enabled", json!(false))], "bob").unwrap();
    engine.reset("load_timeout", "eve").unwrap();
    let users: Vec<String> = engine.change_history("load_timeout").unwrap().into_iter().map(|one| one.user).collect();
    assert_eq!(users, ["eve", "bob", "ann"]);
    assert_eq!(engine.change_history("cache_enabled").unwrap().len(), 1);
}

/// Services whose values a test sets; none stands for a failure.
#[derive(Clone, Default)]
struct Services(Arc<Mutex<Option<serde_json::Value>>>);

impl Services {
    fn say(&self, values: serde_json::Value) {
        *self.0.lock().unwrap() = Some(values);
    }
}

impl ServiceManager for Services {
    fn name(&self) -> &str {
        "package-service"
    }

    fn values(&self) -> Result<Value, Box<dyn Error + Send + Sync>> {
        let values = self.0.lock().unwrap().clone();
        Ok(Value::from_serialize(&values.ok_or("the package service is down")?))
    }
}

#[test]
fn a_services_values_are_taken_over_and_synchronised() {
    let engine = open();
    assert!(engine.synchronise().unwrap().is_none(), "there is no service manager");
    let services = Services::default();
    services.say(json!({"load_timeout": 5.0, "max_concurrent_loads": 50}));
    engine.integrate_with_service_manager(services.clone()).unwrap();
    let value = engine.get("load_timeout").unwrap();
    assert_eq!((value.value, value.source), (Value::Float(5.0), ValueSource::Service));
    services.say(json!({"load_timeout": 6.0}));
    engine.synchronise().unwrap();
    assert_eq!(engine.config().load_timeout, 6.0);
    assert_eq!(engine.config().max_concurrent_loads, 10, "what a service no longer says is gone");
    assert!(engine.synchronise().unwrap().unwrap().entry.is_none(), "nothing changed, so nothing is stored");
    let entry = &engine.live().history(&HistoryQuery::newest(1)).unwrap()[0];
    assert_eq!((entry.actor.as_str(), entry.source.as_str()), ("package-service", "service"));
}

#[test]
fn whoever_runs_the_service_has_the_last_word() {
    let loader = loader().env_from([("LOAD_TIMEOUT", "20")]);
    let engine = ConfigurationEngine::open(Live::of(loader)).unwrap();
    engine.set("cache_enabled", false, "ann").unwrap();
    let services = Services::default();
    services.say(json!({"load_timeout": 5.0, "cache_enabled": true, "analytics_enabled": false}));
    engine.integrate_with_service_manager(services).unwrap();
    let config = engine.config();
    assert_eq!((config.load_timeout, config.cache_enabled, config.analytics_enabled), (20.0, false, false));
    engine.reset("cache_enabled", "ann").unwrap();
    assert_eq!(engine.get("cache_enabled").unwrap().source, ValueSource::Service);
}

#[test]
fn a_service_that_fails_or_says_nonsense_changes_nothing() {
    let engine = open();
    let services = Services::default();
    let error = engine.integrate_with_service_manager(services.clone()).unwrap_err();
    assert!(matches!(&error, SynchroniseError::Service(_)) && error.to_string().contains("down"), "{error}");
    services.say(json!({"load_timeout": 5.0}));
    engine.synchronise().unwrap();
    services.say(json!({"load_timeout": -5.0}));
    assert!(matches!(engine.synchronise(), Err(SynchroniseError::Update(error)) if error.is_invalid()));
    assert_eq!(engine.config().load_timeout, 5.0);
}

#[test]
fn a_backup_restores_values_and_history() {
    let engine = open();
    engine.set("load_timeout", 1.0, "ann").unwrap();
    engine.set("load_timeout", 2.0, "ann").unwrap();
    let backup = engine.live().backup().unwrap();
    let other = open();
    other.live().restore(&backup, "bob").unwrap();
    assert_eq!(other.config().load_timeout, 2.0);
    // The two changes that the backup brought, and the restore itself, which is the one that this engine saw.
    assert_eq!(other.change_history("load_timeout").unwrap().len(), 3);
}
