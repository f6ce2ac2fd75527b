//! Seed 001: two transports for a monitor's events.

mod breaker;
mod manager;
mod routes;
mod sampling;

use serde_json::json;
use strata_config::Loader;
use strata_config_reference::dual_write::{AdapterType, Category, DualWriteConfig, GlobalOverride};

use crate::table::{self, Row, accept, at, errors, json as exported, load, origin, refuse, warnings};

use AdapterType::{Realtime, Websocket};

fn loader() -> Loader<DualWriteConfig> {
    Loader::new()
}

#[test]
fn every_default() {
    let both = json!(["websocket", "realtime"]);
    assert_eq!(
        exported(&load::<DualWriteConfig>(&[])),
        json!({
            "categories": {
                "critical": {"enabled": true, "percentage": 100, "adapters": both},
                "performance": {"enabled": true, "percentage": 50, "adapters": ["websocket"]},
                "user_activity": {"enabled": false, "percentage": 0, "adapters": ["realtime"]},
                "system": {"enabled": true, "percentage": 100, "adapters": both},
                "debug": {"enabled": false, "percentage": 0, "adapters": []},
            },
            "global_override": null,
            "adapter_health": {
                "websocket": {"error_threshold": 0.05, "latency_threshold_ms": 200},
                "realtime": {"error_threshold": 0.05, "latency_threshold_ms": 150},
            },
            "circuit_breaker_enabled": true,
            "circuit_breaker_failure_threshold": 0.05,
            "circuit_breaker_recovery_time_s": 30,
            "circuit_breaker_latency_multiplier": 2.0,
            // Ours: flags of one's own, and the breakers that are open.
            "flags": {"kill_switch": false, "segments": {}, "flags": {}, "trips": {}},
        })
    );
}

/// The 14 variables of the seed, then those of the fields that it leaves without one.
fn variables() -> Vec<Row<'static>> {
    vec![
        ("DUAL_WRITE_CRITICAL_PERCENTAGE", "75", "categories.critical.percentage", json!(75)),
        ("DUAL_WRITE_PERFORMANCE_PERCENTAGE", "75", "categories.performance.percentage", json!(75)),
        ("DUAL_WRITE_USER_ACTIVITY_PERCENTAGE", "75", "categories.user_activity.percentage", json!(75)),
        ("DUAL_WRITE_SYSTEM_PERCENTAGE", "75", "categories.system.percentage", json!(75)),
        ("DUAL_WRITE_DEBUG_PERCENTAGE", "75", "categories.debug.percentage", json!(75)),
        ("DUAL_WRITE_GLOBAL_OVERRIDE", "websocket_only", "global_override", json!("websocket_only")),
        ("ADAPTER_WEBSOCKET_ERROR_THRESHOLD", "0.1", "adapter_health.websocket.error_threshold", json!(0.1)),
        ("ADAPTER_WEBSOCKET_LATENCY_THRESHOLD_MS", "300", "adapter_health.websocket.latency_threshold_ms", json!(300)),
        ("ADAPTER_REALTIME_ERROR_THRESHOLD", "0.2", "adapter_health.realtime.error_threshold", json!(0.2)),
        ("ADAPTER_REALTIME_LATENCY_THRESHOLD_MS", "400", "adapter_health.realtime.latency_threshold_ms", json!(400)),
        ("CIRCUIT_BREAKER_ENABLED", "false", "circuit_breaker_enabled", json!(false)),
        ("CIRCUIT_BREAKER_FAILURE_THRESHOLD", "0.5", "circuit_breaker_failure_threshold", json!(0.5)),
        ("CIRCUIT_BREAKER_RECOVERY_TIME_S", "60", "circuit_breaker_recovery_time_s", json!(60)),
        ("CIRCUIT_BREAKER_LATENCY_MULTIPLIER", "3", "circuit_breaker_latency_multiplier", json!(3.0)),
        ("DUAL_WRITE_CRITICAL_ENABLED", "false", "categories.critical.enabled", json!(false)),
        ("DUAL_WRITE_PERFORMANCE_ENABLED", "false", "categories.performance.enabled", json!(false)),
        ("DUAL_WRITE_USER_ACTIVITY_ENABLED", "true", "categories.user_activity.enabled", json!(true)),
        ("DUAL_WRITE_SYSTEM_ENABLED", "false", "categories.system.enabled", json!(false)),
        ("DUAL_WRITE_DEBUG_ENABLED", "true", "categories.debug.enabled", json!(true)),
        ("DUAL_WRITE_CRITICAL_ADAPTERS", "realtime", "categories.critical.adapters", json!(["realtime"])),
        ("DUAL_WRITE_PERFORMANCE_ADAPTERS", "realtime", "categories.performance.adapters", json!(["realtime"])),
        (
            "DUAL_WRITE_USER_ACTIVITY_ADAPTERS",
            "websocket,realtime",
            "categories.user_activity.adapters",
            json!(["websocket", "realtime"]),
        ),
        ("DUAL_WRITE_SYSTEM_ADAPTERS", "WEBSOCKET", "categories.system.adapters", json!(["websocket"])),
        ("DUAL_WRITE_DEBUG_ADAPTERS", "websocket", "categories.debug.adapters", json!(["websocket"])),
        ("DUAL_WRITE_FLAGS_KILL_SWITCH", "true", "flags.kill_switch", json!(true)),
        (
            "DUAL_WRITE_FLAGS_SEGMENTS",
            r#"{"staff": {"include": ["ann"]}}"#,
            "flags.segments.staff",
            json!({"include": ["ann"]}),
        ),
        ("DUAL_WRITE_FLAGS_FLAGS", "beta=25%", "flags.flags.beta", json!("25%")),
        (
            "DUAL_WRITE_FLAGS_TRIPS",
            r#"{"websocket": {"at": "2026-11-21T08:00:00Z"}}"#,
            "flags.trips.websocket",
            json!({"at": "2026-11-21T08:00:00Z"}),
        ),
    ]
}

#[test]
fn every_variable() {
    table::every_variable::<DualWriteConfig>(&[], &variables());
}

#[test]
fn the_table_has_every_variable() {
    table::has_every_variable::<DualWriteConfig>(&variables());
}

#[test]
fn every_limit() {
    let mut rows: Vec<(String, &[&str], &[&str])> = vec![
        ("circuit_breaker_failure_threshold".into(), &["0", "1"], &["-0.01", "1.01"]),
        ("circuit_breaker_recovery_time_s".into(), &["1"], &["0"]),
        ("circuit_breaker_latency_multiplier".into(), &["1"], &["0.99"]),
    ];
    for category in ["critical", "performance", "user_activity", "system", "debug"] {
        rows.push((format!("categories.{category}.percentage"), &["0", "100"], &["101"]));
    }
    for adapter in ["websocket", "realtime"] {
        rows.push((format!("adapter_health.{adapter}.error_threshold"), &["0", "1"], &["-0.01", "1.01"]));
        rows.push((format!("adapter_health.{adapter}.latency_threshold_ms"), &["1"], &["0"]));
    }
    let rows: Vec<_> = rows.iter().map(|(path, inside, outside)| (path.as_str(), *inside, *outside)).collect();
    table::every_limit::<DualWriteConfig>(&[], &rows);
}

#[test]
fn null_is_an_explicit_none() {
    let file = "global_override = 'realtime_only'";
    let loaded = accept(loader().text("site.toml", file).env_from([("DUAL_WRITE_GLOBAL_OVERRIDE", "null")]));
    assert_eq!(loaded.config().global_override, None);
    assert_eq!(origin(&loaded, "global_override"), ("env", "DUAL_WRITE_GLOBAL_OVERRIDE".to_owned()));
}

#[test]
fn every_adapter_is_read_in_any_case() {
    let loaded = accept(loader().text("site.yaml", "categories: {debug: {adapters: [Realtime, WEBSOCKET]}}"));
    assert_eq!(loaded.config().categories.debug.adapters, [Realtime, Websocket]);
}

#[test]
fn an_unknown_adapter_lists_the_choices() {
    let report = refuse(loader().text("site.yaml", "categories: {debug: {adapters: [websocket, polling]}}"));
    assert_eq!(errors(&report), [("value.choice", "categories.debug.adapters.1", "site.yaml:1:44")]);
    assert!(report.to_string().contains("realtime"), "{report}");
}

#[test]
fn an_adapter_is_named_once() {
    let report = refuse(loader().env_from([("DUAL_WRITE_DEBUG_ADAPTERS", "websocket,websocket")]));
    assert_eq!(errors(&report), [("rule.custom", "categories.debug.adapters", "DUAL_WRITE_DEBUG_ADAPTERS")]);
}

#[test]
fn an_enabled_category_without_adapters_draws_a_warning() {
    let loaded = load::<DualWriteConfig>(&[("DUAL_WRITE_DEBUG_ENABLED", "true")]);
    assert_eq!(warnings(&loaded), [("rule.cross_field", "categories.debug.adapters", "default")]);
}

#[test]
fn a_category_is_named_in_any_case() {
    for name in ["user_activity", "USER_ACTIVITY", "User_Activity"] {
        assert_eq!(name.parse(), Ok(Category::UserActivity));
    }
}

#[test]
fn an_unknown_category_is_refused() {
    assert!("gossip".parse::<Category>().is_err());
}

#[test]
fn a_file_may_name_categories_in_capitals() {
    let loaded = accept(loader().text("site.yaml", "categories: {CRITICAL: {percentage: 10}}"));
    assert_eq!(at(&exported(&loaded), "categories.critical.percentage"), &json!(10));
}

#[test]
fn adapters_are_those_of_the_category() {
    let loaded = load::<DualWriteConfig>(&[]);
    let adapters = |category| loaded.config().adapters_for_category(category);
    assert_eq!(adapters(Category::Critical), [Websocket, Realtime]);
    assert_eq!(adapters(Category::Performance), [Websocket]);
    assert_eq!(adapters(Category::System), [Websocket, Realtime]);
}

#[test]
fn a_disabled_category_goes_nowhere() {
    for value in ["null", "websocket_only"] {
        let loaded = load::<DualWriteConfig>(&[("DUAL_WRITE_GLOBAL_OVERRIDE", value)]);
        assert!(loaded.config().adapters_for_category(Category::UserActivity).is_empty());
        assert!(!loaded.config().should_dual_write(Category::UserActivity));
    }
}

#[test]
fn two_adapters_make_a_dual_write() {
    let loaded = load::<DualWriteConfig>(&[]);
    assert!(loaded.config().should_dual_write(Category::Critical));
    assert!(!loaded.config().should_dual_write(Category::Performance));
    assert!(!loaded.config().should_dual_write(Category::Debug));
}

#[test]
fn an_override_sends_every_enabled_category_one_way() {
    for (text, global_override, adapter) in [
        ("websocket_only", GlobalOverride::WebsocketOnly, Websocket),
        ("realtime_only", GlobalOverride::RealtimeOnly, Realtime),
    ] {
        let loaded = load::<DualWriteConfig>(&[("DUAL_WRITE_GLOBAL_OVERRIDE", text)]);
        assert_eq!(loaded.config().global_override, Some(global_override));
        for category in [Category::Critical, Category::Performance, Category::System] {
            assert_eq!(loaded.config().adapters_for_category(category), [adapter]);
            assert!(!loaded.config().should_dual_write(category));
        }
    }
}

#[test]
fn the_percentage_is_that_of_the_category() {
    let loaded = load::<DualWriteConfig>(&[]);
    assert_eq!(Category::ALL.map(|category| loaded.config().percentage_for_category(category)), [100, 50, 0, 100, 0]);
}

#[test]
fn export_then_load_is_the_identity() {
    let variables = variables();
    let all: Vec<(&str, &str)> = variables.iter().map(|(variable, text, ..)| (*variable, *text)).collect();
    let loaded = load::<DualWriteConfig>(&all);
    assert_eq!(table::round_trip(&loaded, &[]).config(), loaded.config());
}

/// The seed's own list of variables, as it stands there: it says the defaults.
#[test]
fn the_seeds_environment() {
    let variables = [
        ("DUAL_WRITE_CRITICAL_PERCENTAGE", "100"),
        ("DUAL_WRITE_PERFORMANCE_PERCENTAGE", "50"),
        ("DUAL_WRITE_USER_ACTIVITY_PERCENTAGE", "0"),
        ("DUAL_WRITE_SYSTEM_PERCENTAGE", "100"),
        ("DUAL_WRITE_DEBUG_PERCENTAGE", "0"),
        ("DUAL_WRITE_GLOBAL_OVERRIDE", "null"),
        ("ADAPTER_WEBSOCKET_ERROR_THRESHOLD", "0.05"),
        ("ADAPTER_WEBSOCKET_LATENCY_THRESHOLD_MS", "200"),
        ("ADAPTER_REALTIME_ERROR_THRESHOLD", "0.05"),
        ("ADAPTER_REALTIME_LATENCY_THRESHOLD_MS", "150"),
        ("CIRCUIT_BREAKER_ENABLED", "true"),
        ("CIRCUIT_BREAKER_FAILURE_THRESHOLD", "0.05"),
        ("CIRCUIT_BREAKER_RECOVERY_TIME_S", "30"),
        ("CIRCUIT_BREAKER_LATENCY_MULTIPLIER", "2.0"),
    ];
    let loaded = load::<DualWriteConfig>(&variables);
    assert_eq!(warnings(&loaded), []);
    assert_eq!(loaded.config(), load::<DualWriteConfig>(&[]).config());
}
