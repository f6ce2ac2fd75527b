//! Seed 001's `ConfigManager`: a test for each of its methods.

use std::ffi::OsString;
use std::sync::{Arc, Mutex, mpsc};

use serde_json::json;
use strata_config::{EnvSource, LayerKind};
use strata_config_reference::dual_write::{AdapterType, Category, ConfigManager, GlobalOverride};
use strata_config_reload::Condition;
use strata_config_store::HistoryQuery;

use super::loader;
use crate::live::{WAIT, origin};

use AdapterType::{Realtime, Websocket};

fn open() -> ConfigManager {
    ConfigManager::open(loader()).unwrap()
}

#[test]
fn the_manager_of_the_process_is_one() {
    let (one, two) = (ConfigManager::global().unwrap(), ConfigManager::global().unwrap());
    one.update_category_percentage(Category::Debug, 33, "ann").unwrap();
    assert_eq!(two.config().percentage_for_category(Category::Debug), 33);
    assert_eq!(open().config().percentage_for_category(Category::Debug), 0, "others are their own");
}

#[test]
fn the_configuration_is_read_while_it_is_changed() {
    let manager = open();
    let before = manager.config();
    manager.update_category_percentage(Category::Performance, 75, "ann").unwrap();
    assert_eq!(before.percentage_for_category(Category::Performance), 50, "what is held stays what it is");
    assert_eq!(manager.config().percentage_for_category(Category::Performance), 75);
}

#[test]
fn a_categorys_percentage_is_updated() {
    let manager = open();
    manager.update_category_percentage("PERFORMANCE".parse().unwrap(), 75, "ann").unwrap();
    assert_eq!(manager.config().percentage_for_category(Category::Performance), 75);
    assert_eq!(manager.config().adapters_for_category(Category::Performance), [Websocket]);
    assert_eq!(origin(manager.live(), "categories.performance.percentage").0, LayerKind::Runtime);
    let error = manager.update_category_percentage(Category::Performance, 101, "ann").unwrap_err();
    assert!(error.is_invalid(), "{error}");
    assert_eq!(manager.config().percentage_for_category(Category::Performance), 75);
}

#[test]
fn a_category_is_turned_on_and_off() {
    let manager = open();
    assert!(!manager.config().is_category_enabled(Category::UserActivity));
    manager.update_category_enabled(Category::UserActivity, true, "ann").unwrap();
    assert!(manager.config().is_category_enabled(Category::UserActivity));
    assert_eq!(manager.config().adapters_for_category(Category::UserActivity), [Realtime]);
    manager.update_category_enabled(Category::Critical, false, "ann").unwrap();
    assert_eq!(manager.config().adapters_for_category(Category::Critical), []);
    assert_eq!(manager.config().category(Category::Critical).percentage, 100);
}

#[test]
fn a_categorys_adapters_are_updated() {
    let manager = open();
    assert!(!manager.config().should_dual_write(Category::Performance));
    manager.update_category_adapters(Category::Performance, &[Websocket, Realtime], "ann").unwrap();
    assert!(manager.config().should_dual_write(Category::Performance));
    let error = manager.update_category_adapters(Category::Performance, &[Realtime, Realtime], "ann").unwrap_err();
    assert!(error.is_invalid(), "{error}");
}

#[test]
fn the_override_is_updated_and_ended() {
    let manager = ConfigManager::open(loader().env_from([("DUAL_WRITE_GLOBAL_OVERRIDE", "realtime_only")])).unwrap();
    manager.update_global_override(Some(GlobalOverride::WebsocketOnly), "ann").unwrap();
    assert_eq!(manager.config().adapters_for_category(Category::Critical), [Websocket]);
    manager.update_global_override(None, "ann").unwrap();
    assert_eq!(manager.config().global_override, None, "an explicit none, whatever the variable says");
    assert_eq!(manager.config().adapters_for_category(Category::Critical), [Websocket, Realtime]);
}

#[test]
fn an_adapters_health_thresholds_are_updated() {
    let manager = open();
    manager.update_adapter_health_threshold(Websocket, Some(0.1), Some(300), "ann").unwrap();
    let health = |adapter| manager.config().adapter_health.get(adapter);
    assert_eq!((health(Websocket).error_threshold, health(Websocket).latency_threshold_ms), (0.1, 300));
    assert_eq!((health(Realtime).error_threshold, health(Realtime).latency_threshold_ms), (0.05, 150));
    manager.update_adapter_health_threshold(Realtime, None, Some(400), "ann").unwrap();
    assert_eq!((health(Realtime).error_threshold, health(Realtime).latency_threshold_ms), (0.05, 400));
    // Both or neither.
    assert!(manager.update_adapter_health_threshold(Websocket, Some(0.2), Some(0), "ann").unwrap_err().is_invalid());
    assert_eq!(health(Websocket).error_threshold, 0.1);
}

#[test]
fn an_adapter_is_unhealthy_above_a_threshold() {
    let manager = open();
    let healthy = |error_rate, latency| manager.config().adapter_health.get(Websocket).is_healthy(error_rate, latency);
    assert!(healthy(0.0, 10) && healthy(0.05, 200));
    assert!(!healthy(0.051, 10) && !healthy(0.0, 201));
    manager.update_adapter_health_threshold(Websocket, None, Some(300), "ann").unwrap();
    assert!(healthy(0.0, 300));
}

#[test]
fn a_listener_hears_of_every_update() {
    let manager = open();
    let (sender, heard) = mpsc::channel();
    let listener = manager.register_change_listener(move |config| {
        sender.send(config.percentage_for_category(Category::Critical)).unwrap();
    });
    manager.update_category_percentage(Category::Critical, 75, "ann").unwrap();
    manager.update_category_percentage(Category::Critical, 80, "ann").unwrap();
    assert_eq!((heard.recv_timeout(WAIT), heard.recv_timeout(WAIT)), (Ok(75), Ok(80)));
    drop(listener);
    manager.update_category_percentage(Category::Critical, 90, "ann").unwrap();
    assert!(heard.recv().is_err(), "it is gone");
}

#[test]
fn the_environment_is_read_again_and_nothing_else() {
    type Variables = Vec<(&'static str, &'static str)>;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("site.toml");
    std::fs::write(&file, "circuit_breaker_recovery_time_s = 40").unwrap();
    let variables: Arc<Mutex<Variables>> = Arc::new(Mutex::new(vec![("DUAL_WRITE_PERFORMANCE_PERCENTAGE", "60")]));
    let asked = Arc::clone(&variables);
    let env = EnvSource::asked(move || {
        asked.lock().unwrap().iter().map(|(name, text)| (OsString::from(name), OsString::from(text))).collect()
    });
    let manager = ConfigManager::open(loader().file(&file).env_source(env)).unwrap();
    manager.update_category_percentage(Category::Critical, 10, "ann").unwrap();
    assert!(!manager.reload_from_env().unwrap());

    *variables.lock().unwrap() = vec![("DUAL_WRITE_SYSTEM_PERCENTAGE", "20"), ("DUAL_WRITE_CRITICAL_PERCENTAGE", "30")];
    std::fs::write(&file, "circuit_breaker_recovery_time_s = 50").unwrap();
    assert!(manager.reload_from_env().unwrap());
    let percentage = |category| manager.config().percentage_for_category(category);
    assert_eq!(percentage(Category::System), 20);
    assert_eq!(percentage(Category::Performance), 50, "a variable that is gone sets nothing");
    assert_eq!(percentage(Category::Critical), 10, "what was set at run time stays");
    assert_eq!(manager.config().circuit_breaker_recovery_time_s, 40, "the file is not read again");

    *variables.lock().unwrap() = vec![("DUAL_WRITE_SYSTEM_PERCENTAGE", "200")];
    let error = manager.reload_from_env().unwrap_err();
    assert!(error.to_string().contains("DUAL_WRITE_SYSTEM_PERCENTAGE"), "{error}");
    assert_eq!(percentage(Category::System), 20);
}

#[test]
fn the_configuration_is_a_value_too() {
    let manager = open();
    manager.update_global_override(Some(GlobalOverride::RealtimeOnly), "ann").unwrap();
    let value = serde_json::to_value(manager.config_value()).unwrap();
    assert_eq!(value["global_override"], json!("realtime_only"));
    assert_eq!(value["categories"]["critical"]["adapters"], json!(["websocket", "realtime"]));
}

#[test]
fn a_patch_is_validated_without_being_applied() {
    let manager = open();
    let patch = json!({"categories": {"CRITICAL": {"percentage": 101}}, "circuit_breaker_latency_multiplier": 0.5});
    assert_eq!(manager.validate(&patch).report.errors().count(), 2);
    assert!(manager.validate(&json!({"categories": {"critical": {"percentage": 1}}})).report.is_valid());
    assert_eq!(manager.config().percentage_for_category(Category::Critical), 100);
}

#[test]
fn an_update_says_who_made_it() {
    let manager = open();
    manager.update_category_percentage(Category::Critical, 75, "ann").unwrap();
    let entry = &manager.live().history(&HistoryQuery::newest(1)).unwrap()[0];
    assert_eq!((entry.actor.as_str(), entry.changes[0].path.as_str()), ("ann", "categories.critical.percentage"));
}

#[test]
fn the_summary_says_where_events_go() {
    let manager = open();
    manager.update_global_override(Some(GlobalOverride::WebsocketOnly), "ann").unwrap();
    let summary = manager.summary();
    assert_eq!((summary.categories.len(), summary.condition), (5, Condition::Healthy));
    let critical = &summary.categories[0];
    assert_eq!(
        (critical.percentage, critical.adapters.as_slice(), critical.dual_write),
        (100, &[Websocket][..], false)
    );
    let summary = serde_json::to_value(&summary).unwrap();
    assert_eq!(summary["categories"][1]["category"], json!("performance"));
    assert_eq!(summary["adapter_health"][1][0], json!("realtime"));
    assert_eq!(summary["circuit_breaker_enabled"], json!(true));
}
