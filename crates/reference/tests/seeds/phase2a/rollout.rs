//! Seed 000's shares of requests, and its emergency.

use serde_json::json;
use strata_config_reference::phase2a::{
    Component, ComponentStatus, EmergencyError, Persist, Phase2aConfig, RolloutStrategy,
};
use strata_config_store::HistoryQuery;

use super::manager::open;
use super::{load, loader};

use Component::{ConnectionPool, RequestPipeline};

#[test]
fn every_strategy_has_its_share() {
    for (strategy, share) in
        [("disabled", 0.0), ("canary", 5.0), ("gradual", 25.0), ("majority", 75.0), ("full", 100.0), ("custom", 12.5)]
    {
        let loader = loader()
            .env_from([("PHASE_2A_ENABLED", "true"), ("PHASE_2A_ROLLOUT_PERCENTAGE", "12.5")])
            .set("connection_pool.rollout_strategy", strategy);
        assert_eq!(open(loader).effective_rollout_percentage(ConnectionPool), share, "{strategy}");
    }
}

#[test]
fn a_component_without_a_strategy_follows_the_global_one() {
    let manager = open(loader().env_from([("PHASE_2A_ENABLED", "true"), ("PHASE_2A_ROLLOUT", "majority")]));
    assert_eq!(Component::ALL.map(|component| manager.effective_rollout_percentage(component)), [75.0, 75.0]);
    assert_eq!(manager.component(ConnectionPool).strategy, RolloutStrategy::Majority);
}

#[test]
fn a_components_own_strategy_wins_wherever_it_is_set() {
    let variables = [("PHASE_2A_ENABLED", "true"), ("PHASE_2A_ROLLOUT", "full")];
    // Also where it says what is the default.
    let file = "[connection_pool]\nrollout_strategy = 'disabled'";
    let in_file = open(loader().text("site.toml", file).env_from(variables));
    let in_variable = open(loader().env_from([variables[0], variables[1], ("CONNECTION_POOL_ROLLOUT", "disabled")]));
    let at_run_time = open(loader().env_from(variables));
    let patch = json!({"connection_pool": {"rollout_strategy": "disabled"}});
    at_run_time.update_configuration(&patch, Persist::Stored, "ann").unwrap();
    for manager in [&in_file, &in_variable, &at_run_time] {
        assert_eq!(manager.effective_rollout_percentage(ConnectionPool), 0.0);
        assert_eq!(manager.effective_rollout_percentage(RequestPipeline), 100.0);
    }
    at_run_time.live().unset("connection_pool.rollout_strategy", "ann").unwrap();
    assert_eq!(at_run_time.effective_rollout_percentage(ConnectionPool), 100.0);
}

#[test]
fn a_component_serves_nobody_while_anything_is_off() {
    let on = [("PHASE_2A_ENABLED", "true"), ("PHASE_2A_ROLLOUT", "full")];
    for off in [
        ("PHASE_2A_ENABLED", "false"),
        ("CONNECTION_POOL_ENABLED", "false"),
        ("CONNECTION_POOL_STATUS", "disabled"),
        ("CONNECTION_POOL_STATUS", "maintenance"),
        ("CONNECTION_POOL_STATUS", "error"),
    ] {
        let manager = open(loader().env_from(on.into_iter().chain([off])));
        assert_eq!(manager.effective_rollout_percentage(ConnectionPool), 0.0, "{off:?}");
    }
}

#[test]
fn the_share_is_a_function_of_the_configuration_alone() {
    let loaded = load::<Phase2aConfig>(&[("PHASE_2A_ENABLED", "true"), ("CONNECTION_POOL_ROLLOUT", "canary")]);
    let shares = [true, false].map(|is_set| loaded.config().component_rollout(ConnectionPool, is_set).percentage);
    assert_eq!(shares, [5.0, 0.0]);
}

#[test]
fn an_emergency_turns_everything_off_and_its_end_brings_it_back() {
    let manager = open(loader().env_from([("PHASE_2A_ENABLED", "true"), ("PHASE_2A_ROLLOUT", "full")]));
    manager.update_configuration(&json!({"rollout_percentage": 5.0}), Persist::Stored, "ann").unwrap();
    manager.update_configuration(&json!({"phase_2a_enabled": true}), Persist::ThisProcess, "ann").unwrap();
    let before = manager.to_value();
    manager.emergency_disable("ann").unwrap();
    let config = manager.config();
    assert!(!config.phase_2a_enabled && !config.connection_pool.enabled && !config.request_pipeline.enabled);
    assert_eq!(config.global_rollout_strategy, RolloutStrategy::Disabled);
    assert_eq!(
        [config.connection_pool.status, config.request_pipeline.status],
        [ComponentStatus::Maintenance, ComponentStatus::Maintenance]
    );
    assert_eq!(Component::ALL.map(|component| manager.effective_rollout_percentage(component)), [0.0, 0.0]);
    let shutdown = &manager.live().history(&HistoryQuery::newest(1)).unwrap()[0];
    assert_eq!((shutdown.actor.as_str(), shutdown.tags.as_slice()), ("ann", &["emergency-disable".to_owned()][..]));

    manager.emergency_restore("bob").unwrap();
    assert_eq!(manager.to_value(), before);
    assert!(matches!(manager.emergency_restore("bob"), Err(EmergencyError::NothingToRestore)));
}

#[test]
fn an_emergency_shutdown_wants_its_permission() {
    let manager = open(loader().env_from([("PHASE_2A_EMERGENCY_SHUTDOWN_ENABLED", "false")]));
    assert!(matches!(manager.emergency_disable("ann"), Err(EmergencyError::NotPermitted)));
    assert!(manager.live().history(&HistoryQuery::default()).unwrap().is_empty());
}
