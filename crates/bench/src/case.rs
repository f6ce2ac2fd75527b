//! What every contender is given: two documents, 72 variables of which 12 are ours, two overrides.

use std::env;
use std::hint::black_box;
use std::process::{Command, exit};

/// Where the two documents are, for those who read only from disk.
pub const DIRECTORY: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/data");

/// A document that sets 22 leaves.
pub fn json() -> &'static str {
    black_box(include_str!("../data/site.json"))
}

/// A document that sets 15 leaves, some of them again.
pub fn toml() -> &'static str {
    black_box(include_str!("../data/site.toml"))
}

/// What the command line says.
pub fn overrides() -> [(&'static str, &'static str); 2] {
    black_box([("request_pipeline.batch_size", "12"), ("max_memory_usage_mb", "128")])
}

/// The variables that the seed reads, and the leaves that they set.
pub const VARIABLES: [(&str, &str); 29] = [
    ("PHASE_2A_ENABLED", "phase_2a_enabled"),
    ("PHASE_2A_ROLLOUT", "global_rollout_strategy"),
    ("PHASE_2A_ROLLOUT_PERCENTAGE", "rollout_percentage"),
    ("PHASE_2A_MAX_MEMORY_MB", "max_memory_usage_mb"),
    ("PHASE_2A_MONITORING", "performance_monitoring_enabled"),
    ("CONNECTION_POOL_ENABLED", "connection_pool.enabled"),
    ("CONNECTION_POOL_ROLLOUT", "connection_pool.rollout_strategy"),
    ("HTTP_POOL_SIZE", "connection_pool.http_total_pool_size"),
    ("HTTP_CONNECTIONS_PER_HOST", "connection_pool.http_connections_per_host"),
    ("HTTP_CONNECTION_TIMEOUT", "connection_pool.http_connection_timeout"),
    ("DB_POOL_SIZE", "connection_pool.db_pool_size"),
    ("DB_CONNECTION_TIMEOUT", "connection_pool.db_connection_timeout"),
    ("CONNECTION_POOL_METRICS", "connection_pool.enable_metrics"),
    ("CONNECTION_FAILURE_ALERT_THRESHOLD", "connection_pool.alert_threshold_failed_connections"),
    ("REQUEST_PIPELINE_ENABLED", "request_pipeline.enabled"),
    ("REQUEST_PIPELINE_ROLLOUT", "request_pipeline.rollout_strategy"),
    ("REQUEST_PIPELINE_CACHING", "request_pipeline.enable_caching"),
    ("CACHE_TTL_SECONDS", "request_pipeline.cache_ttl_seconds"),
    ("CACHE_MAX_SIZE", "request_pipeline.cache_max_size"),
    ("CACHE_MEMORY_LIMIT_MB", "request_pipeline.cache_memory_limit_mb"),
    ("REQUEST_BATCHING", "request_pipeline.enable_batching"),
    ("BATCH_SIZE", "request_pipeline.batch_size"),
    ("BATCH_TIMEOUT_MS", "request_pipeline.batch_timeout_ms"),
    ("REQUEST_PIPELINE_METRICS", "request_pipeline.enable_metrics"),
    ("ENABLE_REQUEST_TRACING", "request_pipeline.enable_request_tracing"),
    ("CACHE_HIT_RATE_ALERT_THRESHOLD", "request_pipeline.cache_hit_rate_alert_threshold"),
    ("ENABLE_AUTOMATIC_FALLBACK", "enable_automatic_fallback"),
    ("FALLBACK_FAILURE_THRESHOLD", "fallback_failure_threshold"),
    ("FALLBACK_RECOVERY_TIME_MINUTES", "fallback_recovery_time_minutes"),
];

/// Those that are set.
const SET: [(&str, &str); 12] = [
    ("PHASE_2A_ROLLOUT", "gradual"),
    ("PHASE_2A_ROLLOUT_PERCENTAGE", "25.0"),
    ("PHASE_2A_MONITORING", "false"),
    ("HTTP_POOL_SIZE", "60"),
    ("HTTP_CONNECTION_TIMEOUT", "6.25"),
    ("DB_POOL_SIZE", "6"),
    ("CONNECTION_POOL_METRICS", "false"),
    ("REQUEST_PIPELINE_ROLLOUT", "full"),
    ("CACHE_MEMORY_LIMIT_MB", "32"),
    ("BATCH_SIZE", "20"),
    ("ENABLE_REQUEST_TRACING", "true"),
    ("FALLBACK_RECOVERY_TIME_MINUTES", "10"),
];

/// Those of the process's own variables that benchmarks need themselves.
const KEPT: [&str; 5] = ["CARGO", "CARGO_TARGET_DIR", "CRITERION_HOME", "HOME", "PATH"];

/// Says that the environment is ours.
const MARK: &str = "STRATA_BENCH_ENVIRONMENT";

/// Starts this program again in an environment of 72 variables, and ends with it. Only a program can be given an
/// environment: contenders read `std::env`, as programs do.
pub fn enter_environment() {
    if env::var_os(MARK).is_some() {
        assert_eq!(env::vars_os().count(), 72);
        assert_eq!(VARIABLES.iter().filter(|(name, _)| env::var_os(name).is_some()).count(), 12);
        return;
    }
    let kept: Vec<_> = KEPT.iter().filter_map(|name| Some((*name, env::var_os(name)?))).collect();
    let others = (SET.len() + 1 + kept.len()..72).map(|at| (format!("XDG_OTHER_{at}"), format!("/usr/lib/value-{at}")));
    let mut again = Command::new(env::current_exe().expect("this program has a path"));
    again.args(env::args_os().skip(1)).env_clear().envs(SET).envs(kept).envs(others).env(MARK, "1");
    exit(again.status().expect("this program starts").code().unwrap_or(1));
}
