//! Seed 000: the rollout of optimised components.

mod flags;
mod limits;
mod manager;
mod monitoring;
mod profile;
mod rollout;
mod routes;
mod settings;
mod variables;

use std::net::IpAddr;
use std::time::{Duration, SystemTime};

use serde_json::{Value, json};
use strata_config::Loader;
use strata_config_reference::System;
use strata_config_reference::phase2a::{IpRange, Phase2aConfig, RolloutStrategy};

use crate::table::{self, accept, at, errors, json as exported, load, origin, refuse, warnings};

use variables::variables;

type Phase2aLoader = Loader<Phase2aConfig>;

fn loader() -> Phase2aLoader {
    Loader::new()
}

#[test]
fn every_default() {
    assert_eq!(
        exported(&load::<Phase2aConfig>(&[])),
        json!({
            "phase_2a_enabled": false,
            "global_rollout_strategy": "disabled",
            "connection_pool": {
                "enabled": true,
                "status": "enabled",
                "rollout_strategy": "disabled",
                "http_total_pool_size": 100,
                "http_connections_per_host": 30,
                "http_connection_timeout": 10.0,
                "http_pool_cleanup_interval": 300,
                "db_pool_size": 10,
                "db_connection_timeout": 5.0,
                "db_pool_overflow": 20,
                "db_pool_recycle": 3600,
                "max_concurrent_connections": 150,
                "connection_retry_attempts": 3,
                "connection_retry_delay": 1.0,
                "enable_metrics": true,
                "health_check_interval": 60,
                "alert_threshold_failed_connections": 10,
            },
            "request_pipeline": {
                "enabled": true,
                "status": "enabled",
                "rollout_strategy": "disabled",
                "enable_caching": true,
                "cache_ttl_seconds": 300,
                "cache_max_size": 1000,
                "cache_memory_limit_mb": 50,
                "cache_cleanup_interval": 600,
                "enable_batching": true,
                "batch_size": 10,
                "batch_timeout_ms": 50,
                "max_batch_wait_time_ms": 100,
                "enable_deduplication": true,
                "deduplication_window_ms": 1000,
                "max_concurrent_requests": 100,
                "request_timeout_seconds": 30.0,
                "enable_metrics": true,
                "enable_request_tracing": false,
                "cache_hit_rate_alert_threshold": 0.7,
            },
            "max_memory_usage_mb": 256,
            "performance_monitoring_enabled": true,
            "emergency_shutdown_enabled": true,
            "rollout_percentage": 0.0,
            "rollout_target_requests_per_minute": 100,
            "rollout_user_agent_whitelist": [],
            "rollout_ip_whitelist": [],
            "enable_automatic_fallback": true,
            "fallback_failure_threshold": 5,
            "fallback_recovery_time_minutes": 5,
            "config_version": "1.0.0",
            // Flags of one's own.
            "flags": {"kill_switch": false, "segments": {}, "flags": {}, "trips": {}},
            // What section 5.1 names, or the manager has, without a field in the seed's classes.
            "hot_reload": {"enabled": true, "check_interval": 30},
            "validation_strict": false,
            "feature_flag_cache_ttl": 3600,
            "alerts": {"enabled": true, "memory_threshold_mb": 200},
            "log_level": "INFO",
            "metrics_export_interval": 60,
        })
    );
}

#[test]
fn every_variable() {
    table::every_variable::<Phase2aConfig>(&[], &variables());
}

#[test]
fn the_table_has_every_variable() {
    table::has_every_variable::<Phase2aConfig>(&variables());
}

#[test]
fn a_variable_that_is_not_set_overrides_nothing() {
    let file = "max_memory_usage_mb = 300\nconnection_pool.http_total_pool_size = 80";
    let loaded = accept(loader().text("site.toml", file).env_from([("DB_POOL_SIZE", "7"), ("HTTP_POOL_SIZE", "")]));
    assert_eq!(loaded.config().max_memory_usage_mb, 300);
    assert_eq!(loaded.config().connection_pool.http_total_pool_size, 80);
    assert_eq!(loaded.config().connection_pool.db_pool_size, 7);
}

#[test]
fn every_strategy_is_read_in_any_case() {
    for (text, strategy) in [
        ("disabled", RolloutStrategy::Disabled),
        ("Canary", RolloutStrategy::Canary),
        ("GRADUAL", RolloutStrategy::Gradual),
        ("majority", RolloutStrategy::Majority),
        ("Full", RolloutStrategy::Full),
        ("custom", RolloutStrategy::Custom),
    ] {
        let loaded = load::<Phase2aConfig>(&[("PHASE_2A_ROLLOUT", text)]);
        assert_eq!(loaded.config().global_rollout_strategy, strategy);
    }
}

#[test]
fn every_status_is_read_in_any_case() {
    for status in ["disabled", "Enabled", "MAINTENANCE", "error"] {
        let loaded = load::<Phase2aConfig>(&[("CONNECTION_POOL_STATUS", status)]);
        assert_eq!(at(&exported(&loaded), "connection_pool.status"), &json!(status.to_lowercase()));
    }
}

#[test]
fn an_unknown_strategy_lists_the_choices() {
    let report = refuse(loader().env_from([("PHASE_2A_ROLLOUT", "canari")]));
    assert_eq!(errors(&report), [("value.choice", "global_rollout_strategy", "PHASE_2A_ROLLOUT")]);
    let text = report.to_string();
    for choice in ["disabled", "canary", "gradual", "majority", "full", "custom"] {
        assert!(text.contains(choice), "{text}");
    }
}

#[test]
fn switches_are_read_as_the_seed_reads_them() {
    for text in ["true", "1", "yes", "on", "enabled", "TRUE", "On"] {
        assert!(load::<Phase2aConfig>(&[("PHASE_2A_ENABLED", text)]).config().phase_2a_enabled, "{text}");
    }
    for text in ["false", "0", "no", "off", "disabled"] {
        assert!(!load::<Phase2aConfig>(&[("PHASE_2A_ENABLED", text)]).config().phase_2a_enabled, "{text}");
    }
    let report = refuse(loader().env_from([("PHASE_2A_ENABLED", "maybe")]));
    assert_eq!(errors(&report), [("value.type", "phase_2a_enabled", "PHASE_2A_ENABLED")]);
}

#[test]
fn an_ip_range_holds_its_addresses() {
    let holds = |range: &str, address: &str| {
        let range: IpRange = range.parse().unwrap();
        range.contains(address.parse::<IpAddr>().unwrap())
    };
    assert!(holds("10.0.0.0/8", "10.200.3.4"));
    assert!(!holds("10.0.0.0/8", "11.0.0.1"));
    assert!(holds("192.168.1.7", "192.168.1.7"));
    assert!(!holds("192.168.1.7", "192.168.1.8"));
    assert!(holds("0.0.0.0/0", "8.8.8.8"));
    assert!(!holds("0.0.0.0/0", "::1"));
    assert!(holds("2001:db8::/32", "2001:db8:1::1"));
    assert!(!holds("2001:db8::/32", "2001:db9::1"));
}

#[test]
fn a_bad_ip_range_is_reported_at_its_item() {
    let file = "rollout_ip_whitelist = [\n  '10.0.0.0/8',\n  '10.0.0.0/33',\n]";
    let report = refuse(loader().text("site.toml", file));
    assert_eq!(errors(&report), [("value.invalid", "rollout_ip_whitelist.1", "site.toml:3:3")]);
}

#[test]
fn nested_sections_of_a_file_are_typed() {
    let file = r#"{"connection_pool": {"rollout_strategy": "canary", "http_connection_timeout": 3}}"#;
    let loaded = accept(loader().text("site.json", file));
    let pool = &loaded.config().connection_pool;
    assert_eq!(pool.rollout_strategy, RolloutStrategy::Canary);
    assert!((pool.http_connection_timeout - 3.0).abs() < f64::EPSILON);
}

#[test]
fn a_file_that_sets_one_key_keeps_its_siblings() {
    let loaded = accept(
        loader()
            .text("base.toml", "connection_pool = { db_pool_size = 4, http_total_pool_size = 40 }")
            .text("site.toml", "connection_pool.db_pool_size = 8"),
    );
    let pool = &loaded.config().connection_pool;
    assert_eq!((pool.db_pool_size, pool.http_total_pool_size, pool.http_connections_per_host), (8, 40, 30));
}

#[test]
fn files_of_all_formats_say_the_same() {
    let of = |name, text| exported(&accept(loader().text(name, text)));
    let toml = of("a.toml", "phase_2a_enabled = true\n[request_pipeline]\nbatch_size = 12");
    assert_eq!(of("a.yaml", "phase_2a_enabled: true\nrequest_pipeline:\n  batch_size: 12\n"), toml);
    assert_eq!(of("a.json", r#"{"phase_2a_enabled": true, "request_pipeline": {"batch_size": 12}}"#), toml);
}

#[test]
fn a_stronger_source_overrides_a_weaker_one() {
    let file = "max_memory_usage_mb = 100\nrollout_percentage = 10\nlog_level = 'ERROR'";
    let loaded = accept(
        loader()
            .text("site.toml", file)
            .env_from([("PHASE_2A_MAX_MEMORY_MB", "200"), ("PHASE_2A_ROLLOUT_PERCENTAGE", "20")])
            .set("max_memory_usage_mb", "300"),
    );
    let layers = ["max_memory_usage_mb", "rollout_percentage", "log_level", "config_version"]
        .map(|path| origin(&loaded, path).0);
    assert_eq!(layers, ["args", "env", "file", "default"]);
    assert_eq!(loaded.config().max_memory_usage_mb, 300);
}

#[test]
fn every_mistake_is_reported_with_its_place() {
    let file = "\
phase_2a_enabled = 'perhaps'
max_memory_usage_mb = 600
conection_pool = {}

[connection_pool]
status = 'resting'
db_pool_size = -1

[request_pipeline]
batch_size = 99
cache_ttl = 60
";
    let report =
        refuse(loader().text("site.toml", file).env_from([("HTTP_POOL_SIZE", "1e3"), ("DB_POOL_SIZE", "lots")]));
    let mut found = errors(&report);
    found.sort_unstable_by_key(|(_, path, _)| *path);
    assert_eq!(
        found,
        [
            ("key.unknown", "conection_pool", "site.toml:3:1"),
            ("value.type", "connection_pool.db_pool_size", "DB_POOL_SIZE"),
            ("value.type", "connection_pool.http_total_pool_size", "HTTP_POOL_SIZE"),
            ("value.choice", "connection_pool.status", "site.toml:6:10"),
            ("rule.range", "max_memory_usage_mb", "site.toml:2:23"),
            ("value.type", "phase_2a_enabled", "site.toml:1:20"),
            ("rule.range", "request_pipeline.batch_size", "site.toml:10:14"),
            ("key.unknown", "request_pipeline.cache_ttl", "site.toml:11:1"),
        ]
    );
    // The shadowed pool size is wrong too, and may win tomorrow.
    assert!(report.warnings().any(|warning| warning.at() == "site.toml:7:16"), "{report}");
}

#[test]
fn a_file_may_ask_for_strict_validation() {
    let load = |strict: &str| {
        let file = format!("validation_strict = {strict}");
        let variables = [("PHASE_2A_ENABELD", "true")];
        Phase2aConfig::files(loader(), "".as_ref()).text("site.toml", file).env_from(variables).load()
    };
    assert!(load("false").is_ok());
    assert_eq!(errors(&load("true").unwrap_err())[0].0, "env.unknown");
}

#[test]
fn strict_validation_makes_warnings_errors() {
    let load = |strict| {
        let variables = [("CONFIG_VALIDATION_STRICT", strict), ("PHASE_2A_ENABELD", "true")];
        Phase2aConfig::files(loader(), "".as_ref()).env_from(variables)
    };
    assert_eq!(warnings(&accept(load("false"))), [("env.unknown", "", "PHASE_2A_ENABELD")]);
    let report = refuse(load("true"));
    assert_eq!(errors(&report), [("env.unknown", "", "PHASE_2A_ENABELD")]);
}

#[test]
fn the_file_of_the_variable_is_read() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("phase2a.json");
    std::fs::write(&file, r#"{"rollout_percentage": 10.0}"#).unwrap();
    let variables = [("PHASE_2A_CONFIG_FILE", file.to_str().unwrap())];
    let loaded = accept(Phase2aConfig::files(loader(), "".as_ref()).env_from(variables));
    assert!((loaded.config().rollout_percentage - 10.0).abs() < f64::EPSILON);
    assert_eq!(warnings(&loaded), []);
}

#[test]
fn a_missing_file_is_an_error() {
    let variables = [("PHASE_2A_CONFIG_FILE", "/nowhere/phase2a.json")];
    let report = refuse(Phase2aConfig::files(loader(), "".as_ref()).env_from(variables));
    assert_eq!(report.findings()[0].code, "file.missing");
}

#[test]
fn loaded_from_names_what_was_read() {
    assert_eq!(load::<Phase2aConfig>(&[]).config().loaded_from, None);
    let from = |loader: Phase2aLoader| accept(loader).config().loaded_from.clone().unwrap();
    assert_eq!(from(loader().env_from([("BATCH_SIZE", "5")])), "environment");

    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("site.toml");
    std::fs::write(&file, "rollout_percentage = 1.0").unwrap();
    assert_eq!(from(loader().file(&file)), file.to_str().unwrap());
    let both = from(loader().file(&file).env_from([("BATCH_SIZE", "5")]));
    assert_eq!(both, format!("{}, environment", file.display()));
}

#[test]
fn last_updated_is_the_time_of_the_newest_file() {
    assert_eq!(load::<Phase2aConfig>(&[]).config().last_updated, None);
    let folder = tempfile::tempdir().unwrap();
    let mut sources = loader();
    for (name, seconds) in [("old.toml", 1_000_000_000), ("new.toml", 1_700_000_000)] {
        let path = folder.path().join(name);
        let file = std::fs::File::create(&path).unwrap();
        file.set_modified(SystemTime::UNIX_EPOCH + Duration::from_secs(seconds)).unwrap();
        sources = sources.file(path);
    }
    assert_eq!(accept(sources).config().last_updated.as_deref(), Some("2023-11-14T22:13:20Z"));
}

#[test]
fn a_computed_value_cannot_be_set() {
    let loaded = accept(loader().text("site.toml", "loaded_from = 'elsewhere'\nlast_updated = 'today'"));
    assert_eq!(loaded.config().last_updated, None);
    assert_eq!(loaded.config().loaded_from, None);
    assert_eq!(
        warnings(&loaded),
        [("value.computed", "loaded_from", "site.toml:1:1"), ("value.computed", "last_updated", "site.toml:2:1"),]
    );
}

#[test]
fn export_then_load_is_the_identity() {
    let variables = variables();
    let all: Vec<(&str, &str)> = variables.iter().map(|(variable, text, ..)| (*variable, *text)).collect();
    let loaded = load::<Phase2aConfig>(&all);
    let again = table::round_trip(&loaded, &[]);
    let mut config = again.config().clone();
    config.loaded_from.clone_from(&loaded.config().loaded_from);
    assert_eq!(&config, loaded.config());
}

/// `test_environment_configuration` of section 7.1.
#[test]
fn the_seeds_environment() {
    let variables = [("PHASE_2A_ENABLED", "true"), ("PHASE_2A_ROLLOUT", "gradual"), ("HTTP_POOL_SIZE", "50")];
    let loaded = load::<Phase2aConfig>(&variables);
    assert!(loaded.config().phase_2a_enabled);
    assert_eq!(loaded.config().global_rollout_strategy, RolloutStrategy::Gradual);
    assert_eq!(loaded.config().connection_pool.http_total_pool_size, 50);
}

/// `test_configuration_validation` of section 7.1.
#[test]
fn the_seeds_invalid_memory() {
    let report = refuse(loader().set("max_memory_usage_mb", "600"));
    assert_eq!(errors(&report), [("rule.range", "max_memory_usage_mb", "--set max_memory_usage_mb")]);
}

/// `test_configuration_file_loading` of section 7.1.
#[test]
fn the_seeds_file() {
    let file: Value = json!({
        "phase_2a_enabled": true,
        "global_rollout_strategy": "canary",
        "rollout_percentage": 10.0,
    });
    let loaded = accept(loader().text("test_config.json", file.to_string()));
    assert!(loaded.config().phase_2a_enabled);
    assert_eq!(loaded.config().global_rollout_strategy, RolloutStrategy::Canary);
    assert!((loaded.config().rollout_percentage - 10.0).abs() < f64::EPSILON);
}
