//! The shortest code that an expert would write: serde for the documents, `Option` structs for their layers, a line
//! for each variable.

use std::env;
use std::error::Error;
use std::str::FromStr;

use serde::Deserialize;

use crate::case;
use crate::phase2a::{ComponentStatus, ConnectionPool, Phase2a, RequestPipeline, RolloutStrategy};

/// Loads the configuration, each source over the one before.
///
/// # Errors
/// Says the first thing that is wrong.
pub fn load() -> Result<Phase2a, Box<dyn Error>> {
    let mut config = Phase2a::default();
    serde_json::from_str::<PartialPhase2a>(case::json())?.apply(&mut config);
    toml::from_str::<PartialPhase2a>(case::toml())?.apply(&mut config);
    apply_env(&mut config)?;
    for (path, value) in case::overrides() {
        match path {
            "request_pipeline.batch_size" => config.request_pipeline.batch_size = value.parse()?,
            "max_memory_usage_mb" => config.max_memory_usage_mb = value.parse()?,
            _ => return Err(format!("no option {path}").into()),
        }
    }
    Ok(config.check()?)
}

/// A struct with every field optional, and how it is laid over the full one.
macro_rules! partial {
    ($name:ident for $full:ty { $($field:ident: $type:ty,)* } $(nested { $($nested:ident: $partial:ty,)* })?) => {
        #[derive(Default, Deserialize)]
        #[serde(default, deny_unknown_fields)]
        struct $name {
            $($field: Option<$type>,)*
            $($($nested: $partial,)*)?
        }

        impl $name {
            fn apply(self, config: &mut $full) {
                $(if let Some(value) = self.$field {
                    config.$field = value;
                })*
                $($(self.$nested.apply(&mut config.$nested);)*)?
            }
        }
    };
}

partial!(PartialPhase2a for Phase2a {
    phase_2a_enabled: bool,
    global_rollout_strategy: RolloutStrategy,
    max_memory_usage_mb: u32,
    performance_monitoring_enabled: bool,
    emergency_shutdown_enabled: bool,
    rollout_percentage: f64,
    rollout_target_requests_per_minute: u32,
    rollout_user_agent_whitelist: Vec<String>,
    rollout_ip_whitelist: Vec<String>,
    enable_automatic_fallback: bool,
    fallback_failure_threshold: u32,
    fallback_recovery_time_minutes: u32,
    config_version: String,
    last_updated: Option<String>,
    loaded_from: Option<String>,
} nested {
    connection_pool: PartialPool,
    request_pipeline: PartialPipeline,
});

partial!(PartialPool for ConnectionPool {
    enabled: bool,
    status: ComponentStatus,
    rollout_strategy: RolloutStrategy,
    http_total_pool_size: u32,
    http_connections_per_host: u32,
    http_connection_timeout: f64,
    http_pool_cleanup_interval: u32,
    db_pool_size: u32,
    db_connection_timeout: f64,
    db_pool_overflow: u32,
    db_pool_recycle: u32,
    max_concurrent_connections: u32,
    connection_retry_attempts: u32,
    connection_retry_delay: f64,
    enable_metrics: bool,
    health_check_interval: u32,
    alert_threshold_failed_connections: u32,
});

partial!(PartialPipeline for RequestPipeline {
    enabled: bool,
    status: ComponentStatus,
    rollout_strategy: RolloutStrategy,
    enable_caching: bool,
    cache_ttl_seconds: u32,
    cache_max_size: u32,
    cache_memory_limit_mb: u32,
    cache_cleanup_interval: u32,
    enable_batching: bool,
    batch_size: u32,
    batch_timeout_ms: u32,
    max_batch_wait_time_ms: u32,
    enable_deduplication: bool,
    deduplication_window_ms: u32,
    max_concurrent_requests: u32,
    request_timeout_seconds: f64,
    enable_metrics: bool,
    enable_request_tracing: bool,
    cache_hit_rate_alert_threshold: f64,
});

fn apply_env(config: &mut Phase2a) -> Result<(), String> {
    macro_rules! env {
        ($($name:literal => $($field:ident).+,)*) => {
            $(if let Ok(text) = env::var($name) {
                config.$($field).+ = parse($name, &text)?;
            })*
        };
    }
    env! {
        "PHASE_2A_ENABLED" => phase_2a_enabled,
        "PHASE_2A_ROLLOUT" => global_rollout_strategy,
        "PHASE_2A_ROLLOUT_PERCENTAGE" => rollout_percentage,
        "PHASE_2A_MAX_MEMORY_MB" => max_memory_usage_mb,
        "PHASE_2A_MONITORING" => performance_monitoring_enabled,
        "CONNECTION_POOL_ENABLED" => connection_pool.enabled,
        "CONNECTION_POOL_ROLLOUT" => connection_pool.rollout_strategy,
        "HTTP_POOL_SIZE" => connection_pool.http_total_pool_size,
        "HTTP_CONNECTIONS_PER_HOST" => connection_pool.http_connections_per_host,
        "HTTP_CONNECTION_TIMEOUT" => connection_pool.http_connection_timeout,
        "DB_POOL_SIZE" => connection_pool.db_pool_size,
        "DB_CONNECTION_TIMEOUT" => connection_pool.db_connection_timeout,
        "CONNECTION_POOL_METRICS" => connection_pool.enable_metrics,
        "CONNECTION_FAILURE_ALERT_THRESHOLD" => connection_pool.alert_threshold_failed_connections,
        "REQUEST_PIPELINE_ENABLED" => request_pipeline.enabled,
        "REQUEST_PIPELINE_ROLLOUT" => request_pipeline.rollout_strategy,
        "REQUEST_PIPELINE_CACHING" => request_pipeline.enable_caching,
        "CACHE_TTL_SECONDS" => request_pipeline.cache_ttl_seconds,
        "CACHE_MAX_SIZE" => request_pipeline.cache_max_size,
        "CACHE_MEMORY_LIMIT_MB" => request_pipeline.cache_memory_limit_mb,
        "REQUEST_BATCHING" => request_pipeline.enable_batching,
        "BATCH_SIZE" => request_pipeline.batch_size,
        "BATCH_TIMEOUT_MS" => request_pipeline.batch_timeout_ms,
        "REQUEST_PIPELINE_METRICS" => request_pipeline.enable_metrics,
        "ENABLE_REQUEST_TRACING" => request_pipeline.enable_request_tracing,
        "CACHE_HIT_RATE_ALERT_THRESHOLD" => request_pipeline.cache_hit_rate_alert_threshold,
        "ENABLE_AUTOMATIC_FALLBACK" => enable_automatic_fallback,
        "FALLBACK_FAILURE_THRESHOLD" => fallback_failure_threshold,
        "FALLBACK_RECOVERY_TIME_MINUTES" => fallback_recovery_time_minutes,
    }
    Ok(())
}

fn parse<T: FromStr<Err: std::fmt::Display>>(name: &str, text: &str) -> Result<T, String> {
    text.parse().map_err(|error| format!("{name}: {error}"))
}
