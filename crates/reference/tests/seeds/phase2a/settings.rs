//! No setting is one that nothing reads: each steers something, which a test shows, or reaches the component that it is
//! for.

use std::collections::BTreeSet;
use std::sync::mpsc;

use strata_config::{LayeredConfig, variables};
use strata_config_reference::phase2a::Phase2aConfig;
use strata_config_reload::Live;

use super::loader;
use crate::document::has_test;
use crate::live::WAIT;
use crate::table;

/// What steers rollout, fallback, alerts, logging, reload or strictness, and the test that shows its effect.
const STEERS: [(&str, &str); 31] = [
    ("phase_2a_enabled", "phase2a::flags::each_switch_is_asked_in_the_seeds_order"),
    ("global_rollout_strategy", "faults::rollout::every_setting_of_the_rollout_is_consulted"),
    ("connection_pool.enabled", "phase2a::flags::a_component_that_is_off_or_not_well_serves_nobody"),
    ("connection_pool.status", "phase2a::flags::a_component_that_is_off_or_not_well_serves_nobody"),
    ("connection_pool.rollout_strategy", "phase2a::flags::a_components_own_strategy_decides_wherever_it_is_set"),
    ("request_pipeline.enabled", "phase2a::flags::a_component_that_is_off_or_not_well_serves_nobody"),
    ("request_pipeline.status", "phase2a::flags::a_component_that_is_off_or_not_well_serves_nobody"),
    ("request_pipeline.rollout_strategy", "phase2a::flags::a_components_own_strategy_decides_wherever_it_is_set"),
    ("rollout_percentage", "phase2a::flags::the_percentage_counts_for_the_strategy_of_its_name_alone"),
    (
        "rollout_target_requests_per_minute",
        "phase2a::flags::operation::a_rollout_has_its_target_load_while_enough_requests_come",
    ),
    ("rollout_user_agent_whitelist", "phase2a::flags::the_allow_lists_admit_beyond_the_share"),
    ("rollout_ip_whitelist", "phase2a::flags::the_allow_lists_admit_beyond_the_share"),
    ("emergency_shutdown_enabled", "phase2a::rollout::an_emergency_shutdown_wants_its_permission"),
    ("enable_automatic_fallback", "phase2a::flags::fallback::the_settings_of_the_fallback_change_while_it_runs"),
    ("fallback_failure_threshold", "phase2a::flags::fallback::the_settings_of_the_fallback_change_while_it_runs"),
    (
        "fallback_recovery_time_minutes",
        "phase2a::flags::fallback::after_its_time_of_recovery_a_component_is_tried_and_comes_back",
    ),
    ("feature_flag_cache_ttl", "phase2a::flags::operation::a_copy_of_remote_flags_is_stale_from_its_age_on"),
    ("flags.kill_switch", "phase2a::settings::the_switch_for_all_flags_turns_every_component_off"),
    ("flags.segments", "phase2a::settings::a_segment_says_who_gets_a_flag_of_ones_own"),
    ("flags.flags", "phase2a::flags::components_and_flags_of_ones_own_know_each_other"),
    ("flags.trips", "phase2a::flags::fallback::a_fallback_is_stored_with_its_reason_and_is_there_after_a_restart"),
    ("alerts.enabled", "phase2a::monitoring::alerts_are_silent_where_they_are_turned_off"),
    ("alerts.memory_threshold_mb", "phase2a::monitoring::thresholds_are_the_variables_and_follow_their_settings"),
    (
        "connection_pool.alert_threshold_failed_connections",
        "phase2a::monitoring::thresholds_are_the_variables_and_follow_their_settings",
    ),
    (
        "request_pipeline.cache_hit_rate_alert_threshold",
        "phase2a::monitoring::thresholds_are_the_variables_and_follow_their_settings",
    ),
    ("log_level", "serve::the_log_is_as_loud_as_the_setting_says_from_the_moment_that_it_changes"),
    (
        "metrics_export_interval",
        "phase2a::monitoring::figures_are_logged_at_the_interval_from_the_moment_that_it_changes",
    ),
    ("performance_monitoring_enabled", "phase2a::monitoring::figures_are_logged_only_while_monitoring_is_on"),
    ("hot_reload.enabled", "phase2a::manager::a_changed_file_waits_while_hot_reload_is_off"),
    ("hot_reload.check_interval", "phase2a::manager::hot_reload_and_its_interval_follow_their_settings"),
    ("validation_strict", "phase2a::strict_validation_makes_warnings_errors"),
];

/// Of the program as a whole, and not of a component: the memory that all share, and what the document is.
const OF_ALL: [&str; 2] = ["max_memory_usage_mb", "config_version"];

/// The settings of the components, which live outside of Strata.
fn of_components() -> BTreeSet<String> {
    let all = variables(Phase2aConfig::SCHEMA).into_iter().map(|variable| variable.path.to_string());
    all.filter(|path| STEERS.iter().all(|(steers, _)| steers != path)).collect()
}

#[test]
fn every_setting_that_steers_has_a_test_that_shows_its_effect() {
    for (path, test) in STEERS {
        assert!(variables(Phase2aConfig::SCHEMA).iter().any(|variable| variable.path.as_str() == path), "{path}");
        assert!(has_test(test), "{path} has no test {test}");
    }
}

/// A setting outside of a component's section would have to be in the table above.
#[test]
fn what_steers_nothing_belongs_to_a_component() {
    for path in of_components() {
        let is_component = path.starts_with("connection_pool.") || path.starts_with("request_pipeline.");
        assert!(is_component || OF_ALL.contains(&path.as_str()), "what does {path} steer?");
    }
}

#[test]
fn every_setting_of_a_component_reaches_whoever_subscribes_to_it() {
    let rows = super::variables();
    for path in of_components() {
        let (_, _, _, value) = rows.iter().find(|(_, _, known, _)| **known == path).expect("every setting has a row");
        let live = Live::of(loader()).open().unwrap();
        let (sender, heard) = mpsc::channel();
        let listener = live.subscribe(&path, move |event| {
            sender.send(serde_json::to_value(strata_config::export(&**event.after.running())).unwrap()).unwrap();
        });
        let _listener = listener.unwrap();
        live.set(&path, value.clone(), "ann").unwrap();
        let delivered = heard.recv_timeout(WAIT).expect("the component is told");
        assert_eq!(table::at(&delivered, &path), value, "{path}");
    }
}

#[test]
fn the_switch_for_all_flags_turns_every_component_off() {
    use strata_config_reference::phase2a::{ConfigurationManager, FeatureFlagManager, Persist};

    let loader = loader().env_from([("PHASE_2A_ENABLED", "true"), ("PHASE_2A_ROLLOUT", "full")]);
    let manager = ConfigurationManager::open(loader, strata_config_store::open("memory:").unwrap()).unwrap();
    let flags = FeatureFlagManager::new(manager.clone()).unwrap();
    let are_on = || ["connection_pool", "request_pipeline"].map(|feature| flags.is_feature_enabled(feature, None));
    assert_eq!(are_on(), [true, true]);
    let patch = serde_json::json!({"flags": {"kill_switch": true}});
    manager.update_configuration(&patch, Persist::Stored, "ann").unwrap();
    assert_eq!(are_on(), [false, false]);
}

#[test]
fn a_segment_says_who_gets_a_flag_of_ones_own() {
    use strata_config_reference::phase2a::{ConfigurationManager, FeatureFlagContext, FeatureFlagManager, Persist};

    let loader = loader().env_from([("PHASE_2A_ENABLED", "true")]);
    let manager = ConfigurationManager::open(loader, strata_config_store::open("memory:").unwrap()).unwrap();
    let flags = FeatureFlagManager::new(manager.clone()).unwrap();
    let of = |network| {
        serde_json::json!({"flags": {
            "segments": {"staff": {"when": {"attribute": "client_ip", "op": "in_network", "values": [network]}}},
            "flags": {"beta": {
                "off_variant": "off", "default_variant": "off",
                "rules": [{"when": {"segment": "staff"}, "serve": "on"}],
            }},
        }})
    };
    let context = FeatureFlagContext { client_ip: Some("10.0.0.7"), ..FeatureFlagContext::default() };
    let served = ["10.0.0.0/8", "192.168.0.0/16"].map(|network| {
        manager.update_configuration(&of(network), Persist::Stored, "ann").unwrap();
        flags.is_feature_enabled("beta", Some(&context))
    });
    assert_eq!(served, [true, false]);
}
