//! What every contender is given: two documents, 72 variables of which 12 are ours, two overrides.

use std::collections::HashMap;

/// A document that sets 22 leaves.
pub const JSON: &str = include_str!("../data/site.json");

/// A document that sets 15 leaves, some of them again.
pub const TOML: &str = include_str!("../data/site.toml");

/// What the command line says.
pub const OVERRIDES: [(&str, &str); 2] = [("request_pipeline.batch_size", "12"), ("max_memory_usage_mb", "128")];

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

/// The environment: what is set for us, and 60 variables of other people's.
pub fn environment() -> HashMap<String, String> {
    let others = (0..60).map(|at| (format!("{}_{at}", OTHERS[at % OTHERS.len()]), format!("/usr/lib/value-{at}")));
    let ours = SET.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    others.chain(ours).collect()
}

const OTHERS: [&str; 6] =
    ["PATH", "XDG_DATA_HOME", "LC_MEASUREMENT", "KUBERNETES_SERVICE_PORT", "HOSTNAME", "HTTP_PROXY"];
