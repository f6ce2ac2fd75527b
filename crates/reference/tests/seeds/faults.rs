//! The seeds' faults that a load could have: none of them can happen. Numbers as in `docs/seeds.md`.

mod learning_flags;
mod listeners;
mod live;
mod migrations;
mod rollout;
mod webapp_flags;
mod webapp_secrets;

use serde_json::{Value, json};
use strata_config::{Loader, Mode};
use strata_config_reference::phase2a::{Phase2aConfig, RolloutStrategy};

use crate::table::{self, accept, errors, json as exported, load, refuse};

fn loader() -> Loader<Phase2aConfig> {
    Loader::new()
}

/// Fault 1: the seed's `from_environment` fills in defaults, and these then override the file.
#[test]
fn an_unset_variable_overrides_nothing() {
    let file = json!({
        "phase_2a_enabled": true,
        "max_memory_usage_mb": 300,
        "connection_pool": {"http_total_pool_size": 80, "rollout_strategy": "full"},
        "request_pipeline": {"batch_size": 20},
    });
    let loaded = accept(loader().text("site.json", file.to_string()).env_from([("BATCH_SIZE", "30")]));
    let config = loaded.config();
    assert!(config.phase_2a_enabled);
    assert_eq!(config.max_memory_usage_mb, 300);
    assert_eq!(config.connection_pool.http_total_pool_size, 80);
    assert_eq!(config.connection_pool.rollout_strategy, RolloutStrategy::Full);
    // Only the variable that is set counts.
    assert_eq!(config.request_pipeline.batch_size, 30);
}

/// Fault 3, first half: sections that come from a file stay plain dictionaries.
#[test]
fn sections_of_a_file_are_typed() {
    let loaded = accept(loader().text("site.json", r#"{"connection_pool": {"rollout_strategy": "Canary"}}"#));
    assert_eq!(loaded.config().connection_pool.rollout_strategy, RolloutStrategy::Canary);
    let report = refuse(loader().text("site.json", r#"{"connection_pool": {"enabled": "perhaps"}}"#));
    assert_eq!(errors(&report), [("value.type", "connection_pool.enabled", "site.json:1:33")]);
}

/// Fault 3, second half: an unknown key ends in a `TypeError` without a place.
#[test]
fn unknown_keys_are_reported_with_a_suggestion() {
    let report =
        refuse(loader().text("site.json", "{\"request_pipeline\": {\n  \"batchsize\": 5,\n  \"retries\": 1}}"));
    assert_eq!(
        errors(&report),
        [
            ("key.unknown", "request_pipeline.batchsize", "site.json:2:3"),
            ("key.unknown", "request_pipeline.retries", "site.json:3:3"),
        ]
    );
    assert_eq!(report.findings()[0].help.as_deref(), Some("did you mean `batch_size`?"));
}

/// Fault 4: `to_dict` leaves fields out, so what is saved and loaded again has lost them.
#[test]
fn saving_and_loading_loses_nothing() {
    let dropped = json!({
        "emergency_shutdown_enabled": false,
        "rollout_target_requests_per_minute": 7,
        "rollout_user_agent_whitelist": ["curl/*"],
        "rollout_ip_whitelist": ["10.0.0.0/8"],
        "enable_automatic_fallback": false,
        "fallback_failure_threshold": 9,
        "fallback_recovery_time_minutes": 1,
    });
    let loaded = accept(loader().text("site.json", dropped.to_string()));
    let again = table::round_trip(&loaded, &[]);
    assert_eq!(again.config(), loaded.config());
    let again = exported(&again);
    for (key, value) in dropped.as_object().unwrap() {
        assert_eq!(&again[key], value);
    }
}

/// Fault 10: the seed looks for "memory" and "pool_size" in messages, so one mistake changes other settings too.
#[test]
fn a_fallback_belongs_to_its_own_field() {
    let loaded = accept(loader().set("max_memory_usage_mb", "450").mode(Mode::Lenient));
    assert_eq!(loaded.config().max_memory_usage_mb, 200);
    assert_eq!(loaded.config().request_pipeline.cache_memory_limit_mb, 50, "the seed lowers this one to 25");

    let loaded = accept(loader().set("connection_pool.http_total_pool_size", "201").mode(Mode::Lenient));
    assert_eq!(loaded.config().connection_pool.http_total_pool_size, 50);
    assert_eq!(loaded.config().connection_pool.db_pool_size, 10, "the seed lowers this one to 5");

    // The other way round, the seed's message about the batch mentions "memory", so memory and cache are lowered.
    let report = refuse(loader().set("request_pipeline.batch_size", "51").mode(Mode::Lenient));
    assert_eq!(report.errors().count(), 1);
}

/// Fault 15: errors stop at the first, and do not say where the value came from.
#[test]
fn every_mistake_is_reported_at_once_with_its_place() {
    let report = refuse(
        loader()
            .text("site.toml", "[connection_pool]\nstatus = 'asleep'\n")
            .text("site.yaml", "request_pipeline:\n  batch_size: 51\n")
            .text("site.json", r#"{"alert": {}}"#)
            .env_from([("HTTP_POOL_SIZE", "many")])
            .set("rollout_percentage", "101"),
    );
    let mut found = errors(&report);
    found.sort_unstable();
    assert_eq!(
        found,
        [
            ("key.unknown", "alert", "site.json:1:2"),
            ("rule.range", "request_pipeline.batch_size", "site.yaml:2:15"),
            ("rule.range", "rollout_percentage", "--set rollout_percentage"),
            ("value.choice", "connection_pool.status", "site.toml:2:10"),
            ("value.type", "connection_pool.http_total_pool_size", "HTTP_POOL_SIZE"),
        ]
    );
    let report: Value = serde_json::to_value(&report).unwrap();
    assert_eq!(report["errors"].as_array().unwrap().len(), 5);
    assert_eq!(exported(&load::<Phase2aConfig>(&[]))["rollout_percentage"], json!(0.0));
}
