//! Seed 004: packages at run time.

mod engine;
mod monitoring;
mod past;
mod routes;
mod transfer;
mod watch;

use serde_json::{Value, json};
use strata_config::Loader;
use strata_config_reference::lazy_loading::{LazyLoadingConfig, UnloadingStrategy};

use crate::table::{self, Row, accept, errors, json as exported, load, origin, refuse};

fn loader() -> Loader<LazyLoadingConfig> {
    Loader::new()
}

#[test]
fn every_default() {
    assert_eq!(
        exported(&load::<LazyLoadingConfig>(&[])),
        json!({
            "lazy_loading_unloading_enabled": true,
            "lazy_loading_unloading_check_interval": 60.0,
            "lazy_loading_unloading_strategy": "BALANCED",
            "lazy_loading_unloading_aggressive_timeout": 300.0,
            "lazy_loading_unloading_balanced_timeout": 600.0,
            "lazy_loading_unloading_conservative_timeout": 1200.0,
            "lazy_loading_unloading_memory_pressure_threshold": 0.8,
            "lazy_loading_unloading_memory_pressure_timeout": 60.0,
            "lazy_loading_unloading_max_unloads_per_cycle": 5,
            "lazy_loading_unloading_min_memory_savings_threshold": 1_048_576,
            "package_reloading_enabled": true,
            "smart_reloading_enabled": true,
            "reloading_check_interval": 30.0,
            "max_reloads_per_cycle": 3,
            "reloading_performance_threshold": 0.1,
            "memory_pressure_threshold": 0.8,
            "memory_optimization_enabled": true,
            "memory_cleanup_interval": 300.0,
            "max_concurrent_loads": 10,
            "load_timeout": 30.0,
            "cache_enabled": true,
            "cache_size_limit": 104_857_600,
            "analytics_enabled": true,
            "performance_monitoring_enabled": true,
            "metrics_collection_interval": 60.0,
        })
    );
}

/// A row for every key: its variable is the key in capitals.
fn variables() -> Vec<Row<'static>> {
    let row = |variable, text, path, value: Value| (variable, text, path, value);
    vec![
        row("LAZY_LOADING_UNLOADING_ENABLED", "false", "lazy_loading_unloading_enabled", json!(false)),
        row("LAZY_LOADING_UNLOADING_CHECK_INTERVAL", "15", "lazy_loading_unloading_check_interval", json!(15.0)),
        row("LAZY_LOADING_UNLOADING_STRATEGY", "aggressive", "lazy_loading_unloading_strategy", json!("AGGRESSIVE")),
        row(
            "LAZY_LOADING_UNLOADING_AGGRESSIVE_TIMEOUT",
            "10",
            "lazy_loading_unloading_aggressive_timeout",
            json!(10.0),
        ),
        row("LAZY_LOADING_UNLOADING_BALANCED_TIMEOUT", "20", "lazy_loading_unloading_balanced_timeout", json!(20.0)),
        row(
            "LAZY_LOADING_UNLOADING_CONSERVATIVE_TIMEOUT",
            "30",
            "lazy_loading_unloading_conservative_timeout",
            json!(30.0),
        ),
        row(
            "LAZY_LOADING_UNLOADING_MEMORY_PRESSURE_THRESHOLD",
            "0.9",
            "lazy_loading_unloading_memory_pressure_threshold",
            json!(0.9),
        ),
        row(
            "LAZY_LOADING_UNLOADING_MEMORY_PRESSURE_TIMEOUT",
            "5",
            "lazy_loading_unloading_memory_pressure_timeout",
            json!(5.0),
        ),
        row(
            "LAZY_LOADING_UNLOADING_MAX_UNLOADS_PER_CYCLE",
            "9",
            "lazy_loading_unloading_max_unloads_per_cycle",
            json!(9),
        ),
        row(
            "LAZY_LOADING_UNLOADING_MIN_MEMORY_SAVINGS_THRESHOLD",
            "4096",
            "lazy_loading_unloading_min_memory_savings_threshold",
            json!(4096),
        ),
        row("PACKAGE_RELOADING_ENABLED", "false", "package_reloading_enabled", json!(false)),
        row("SMART_RELOADING_ENABLED", "false", "smart_reloading_enabled", json!(false)),
        row("RELOADING_CHECK_INTERVAL", "0.5", "reloading_check_interval", json!(0.5)),
        row("MAX_RELOADS_PER_CYCLE", "1", "max_reloads_per_cycle", json!(1)),
        row("RELOADING_PERFORMANCE_THRESHOLD", "0.2", "reloading_performance_threshold", json!(0.2)),
        row("MEMORY_PRESSURE_THRESHOLD", "0.7", "memory_pressure_threshold", json!(0.7)),
        row("MEMORY_OPTIMIZATION_ENABLED", "false", "memory_optimization_enabled", json!(false)),
        row("MEMORY_CLEANUP_INTERVAL", "10", "memory_cleanup_interval", json!(10.0)),
        row("MAX_CONCURRENT_LOADS", "1", "max_concurrent_loads", json!(1)),
        row("LOAD_TIMEOUT", "1.5", "load_timeout", json!(1.5)),
        row("CACHE_ENABLED", "false", "cache_enabled", json!(false)),
        row("CACHE_SIZE_LIMIT", "1GiB", "cache_size_limit", json!(1_073_741_824)),
        row("ANALYTICS_ENABLED", "false", "analytics_enabled", json!(false)),
        row("PERFORMANCE_MONITORING_ENABLED", "false", "performance_monitoring_enabled", json!(false)),
        row("METRICS_COLLECTION_INTERVAL", "5", "metrics_collection_interval", json!(5.0)),
    ]
}

#[test]
fn every_variable() {
    table::every_variable::<LazyLoadingConfig>(&[], &variables());
}

#[test]
fn the_table_has_every_variable() {
    table::has_every_variable::<LazyLoadingConfig>(&variables());
}

#[test]
fn every_limit() {
    let mut rows: Vec<(&str, &[&str], &[&str])> = vec![("max_concurrent_loads", &["1", "1000"], &["0", "1001"])];
    for path in [
        "lazy_loading_unloading_check_interval",
        "lazy_loading_unloading_aggressive_timeout",
        "lazy_loading_unloading_balanced_timeout",
        "lazy_loading_unloading_conservative_timeout",
        "lazy_loading_unloading_memory_pressure_timeout",
        "reloading_check_interval",
        "memory_cleanup_interval",
        "load_timeout",
        "metrics_collection_interval",
    ] {
        rows.push((path, &["0.001", "30", "86400.5"], &["0", "-1"]));
    }
    for path in [
        "lazy_loading_unloading_max_unloads_per_cycle",
        "lazy_loading_unloading_min_memory_savings_threshold",
        "max_reloads_per_cycle",
        "cache_size_limit",
    ] {
        rows.push((path, &["1"], &["0"]));
    }
    for path in [
        "lazy_loading_unloading_memory_pressure_threshold",
        "reloading_performance_threshold",
        "memory_pressure_threshold",
    ] {
        rows.push((path, &["0", "0.9", "1"], &["-0.001", "1.001"]));
    }
    table::every_limit::<LazyLoadingConfig>(&[], &rows);
}

#[test]
fn every_strategy_is_read_in_any_case() {
    for (text, strategy) in [
        ("AGGRESSIVE", UnloadingStrategy::Aggressive),
        ("balanced", UnloadingStrategy::Balanced),
        ("Conservative", UnloadingStrategy::Conservative),
    ] {
        let loaded = load::<LazyLoadingConfig>(&[("LAZY_LOADING_UNLOADING_STRATEGY", text)]);
        assert_eq!(loaded.config().lazy_loading_unloading_strategy, strategy);
    }
}

#[test]
fn an_unknown_strategy_lists_the_choices() {
    let report = refuse(loader().set("lazy_loading_unloading_strategy", "BALANCE"));
    assert_eq!(report.findings()[0].code, "value.choice");
    for choice in ["AGGRESSIVE", "BALANCED", "CONSERVATIVE"] {
        assert!(report.to_string().contains(choice), "{report}");
    }
}

#[test]
fn an_unknown_key_is_reported_with_the_nearest() {
    let report = refuse(loader().text("site.toml", "cache_size_limits = 5"));
    assert_eq!(errors(&report), [("key.unknown", "cache_size_limits", "site.toml:1:1")]);
    assert!(report.findings()[0].help.as_deref().unwrap().contains("cache_size_limit"));
}

#[test]
fn a_file_sets_flat_keys() {
    let file = "lazy_loading_unloading_strategy: AGGRESSIVE\nlazy_loading_unloading_check_interval: 15.0\n";
    let loaded = accept(loader().text("site.yaml", file));
    assert_eq!(loaded.config().lazy_loading_unloading_strategy, UnloadingStrategy::Aggressive);
    assert_eq!(origin(&loaded, "lazy_loading_unloading_check_interval"), ("file", "site.yaml:2:40".to_owned()));
}

#[test]
fn every_mistake_is_reported_with_its_place() {
    let file = r#"{
  "memory_pressure_threshold": 80,
  "load_timeout": "soon",
  "max_concurrent_loads": 10000
}"#;
    let report = refuse(loader().text("site.json", file));
    assert_eq!(
        errors(&report),
        [
            ("rule.range", "memory_pressure_threshold", "site.json:2:32"),
            ("value.type", "load_timeout", "site.json:3:19"),
            ("rule.range", "max_concurrent_loads", "site.json:4:27"),
        ]
    );
}

#[test]
fn sizes_are_numbers_of_bytes_and_may_be_written_with_a_unit() {
    let loaded = accept(loader().text("site.toml", "cache_size_limit = '2MiB'"));
    assert_eq!(loaded.config().cache_size_limit, 2 << 20);
    assert_eq!(exported(&loaded)["cache_size_limit"], json!(2_097_152));
}

#[test]
fn export_then_load_is_the_identity() {
    let variables = variables();
    let all: Vec<(&str, &str)> = variables.iter().map(|(variable, text, ..)| (*variable, *text)).collect();
    let loaded = load::<LazyLoadingConfig>(&all);
    assert_eq!(table::round_trip(&loaded, &[]).config(), loaded.config());
}
