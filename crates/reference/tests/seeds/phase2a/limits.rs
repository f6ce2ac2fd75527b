//! The limits of the rollout, and what falls back where they are exceeded.

use serde_json::json;
use strata_config::Mode;
use strata_config_reference::phase2a::Phase2aConfig;

use super::loader;
use crate::table::{self, accept, at, errors, json as exported, load, refuse, warnings};

#[test]
fn every_limit() {
    let positive: (&[&str], &[&str]) = (&["1"], &["0"]);
    let mut rows: Vec<(&str, &[&str], &[&str])> = vec![
        ("rollout_percentage", &["0", "100"], &["-0.001", "100.001"]),
        ("max_memory_usage_mb", &["50", "400"], &["0", "401"]),
        ("connection_pool.http_total_pool_size", &["1", "200"], &["0", "201"]),
        ("connection_pool.db_pool_size", &["1", "20"], &["0", "21"]),
        ("connection_pool.http_connection_timeout", &["0.001"], &["0", "-1"]),
        ("connection_pool.db_connection_timeout", &["0.001"], &["0"]),
        ("connection_pool.connection_retry_delay", &["0"], &["-0.1"]),
        ("request_pipeline.batch_size", &["1", "50"], &["0", "51"]),
        ("request_pipeline.request_timeout_seconds", &["0.001"], &["0"]),
        ("request_pipeline.cache_hit_rate_alert_threshold", &["0", "1"], &["-0.1", "1.1"]),
        ("rollout_user_agent_whitelist", &["[]", r#"["curl/*"]"#], &[r#"[""]"#]),
        ("config_version", &["2"], &[""]),
    ];
    for path in [
        "connection_pool.http_connections_per_host",
        "connection_pool.http_pool_cleanup_interval",
        "connection_pool.db_pool_recycle",
        "connection_pool.max_concurrent_connections",
        "connection_pool.health_check_interval",
        "connection_pool.alert_threshold_failed_connections",
        "request_pipeline.cache_ttl_seconds",
        "request_pipeline.cache_max_size",
        "request_pipeline.cache_memory_limit_mb",
        "request_pipeline.cache_cleanup_interval",
        "request_pipeline.max_concurrent_requests",
        "rollout_target_requests_per_minute",
        "fallback_failure_threshold",
        "hot_reload.check_interval",
        "feature_flag_cache_ttl",
        "alerts.memory_threshold_mb",
        "metrics_export_interval",
    ] {
        rows.push((path, positive.0, positive.1));
    }
    table::every_limit::<Phase2aConfig>(&[], &rows);
}

#[test]
fn each_limit_falls_back_by_its_own_rule() {
    for (path, beyond, fallback) in [
        ("max_memory_usage_mb", "401", 200),
        ("connection_pool.http_total_pool_size", "201", 50),
        ("connection_pool.db_pool_size", "21", 5),
    ] {
        let loaded = accept(loader().set(path, beyond).mode(Mode::Lenient));
        let mut after = exported(&loaded);
        assert_eq!(at(&after, path), &json!(fallback));
        assert_eq!(warnings(&loaded).len(), 1, "{path}");

        // Nothing else fell back, whatever the message says.
        let defaults = exported(&load::<Phase2aConfig>(&[]));
        table::restore(&mut after, &defaults, path);
        assert_eq!(after, defaults);
    }
}

#[test]
fn a_batch_over_50_has_no_fallback() {
    let report = refuse(loader().set("request_pipeline.batch_size", "51").mode(Mode::Lenient));
    assert_eq!(errors(&report), [("rule.range", "request_pipeline.batch_size", "--set request_pipeline.batch_size")]);
}

#[test]
fn the_cache_may_not_exceed_the_memory() {
    let with_cache =
        |mb: &str| loader().text("site.toml", "max_memory_usage_mb = 100").env_from([("CACHE_MEMORY_LIMIT_MB", mb)]);
    accept(with_cache("100"));
    let report = refuse(with_cache("101"));
    assert_eq!(
        errors(&report),
        [("rule.cross_field", "request_pipeline.cache_memory_limit_mb", "CACHE_MEMORY_LIMIT_MB")]
    );
    let related = &report.findings()[0].related[0];
    assert_eq!(related.path, Phase2aConfig::MAX_MEMORY_USAGE_MB);
    assert_eq!(related.origin.as_ref().map(|origin| origin.at.as_str()), Some("site.toml:1:23"));
}

#[test]
fn a_cache_over_the_memory_falls_back_to_25() {
    let loaded = accept(loader().set("max_memory_usage_mb", "40").mode(Mode::Lenient));
    assert_eq!(loaded.config().request_pipeline.cache_memory_limit_mb, 25);
    assert_eq!(loaded.config().max_memory_usage_mb, 40);
}

#[test]
fn a_memory_below_that_fallback_stays_an_error() {
    let report = refuse(loader().set("max_memory_usage_mb", "10").mode(Mode::Lenient));
    assert!(report.errors().any(|error| error.code == "rule.cross_field"));
}
