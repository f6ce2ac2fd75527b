//! The same with confique, which keeps no origins.
//!
//! It opens files itself, and reads JSON as JSON5; from memory its layers are read by serde_json and toml, as its
//! documentation shows.

use std::error::Error;

use confique::{Config, Layer};

use crate::case;
use crate::phase2a::{ComponentStatus, RolloutStrategy};

type Phase2aLayer = <Phase2a as Config>::Layer;

/// Loads the configuration, each source over the one before.
///
/// # Errors
/// Says the first thing that is wrong.
pub fn load() -> Result<Phase2a, Box<dyn Error>> {
    let config = Phase2a::builder()
        .preloaded(overrides()?)
        .env()
        .preloaded(toml::from_str(case::toml())?)
        .preloaded(serde_json::from_str(case::json())?)
        .load()?;
    if config.request_pipeline.cache_memory_limit_mb > config.max_memory_usage_mb {
        return Err("the cache may not exceed the memory of everything".into());
    }
    Ok(config)
}

fn overrides() -> Result<Phase2aLayer, Box<dyn Error>> {
    let mut layer = Phase2aLayer::empty();
    for (path, value) in case::overrides() {
        match path {
            "request_pipeline.batch_size" => layer.request_pipeline.batch_size = Some(value.parse()?),
            "max_memory_usage_mb" => layer.max_memory_usage_mb = Some(value.parse()?),
            _ => return Err(format!("no option {path}").into()),
        }
    }
    Ok(layer)
}

#[derive(Config, Debug)]
#[config(layer_attr(serde(deny_unknown_fields)))]
pub struct Phase2a {
    #[config(default = false, env = "PHASE_2A_ENABLED")]
    pub phase_2a_enabled: bool,
    #[config(default = "disabled", env = "PHASE_2A_ROLLOUT")]
    pub global_rollout_strategy: RolloutStrategy,
    #[config(nested)]
    pub connection_pool: ConnectionPool,
    #[config(nested)]
    pub request_pipeline: RequestPipeline,
    #[config(default = 256, env = "PHASE_2A_MAX_MEMORY_MB", validate(*max_memory_usage_mb <= 400, "is above 400"))]
    pub max_memory_usage_mb: u32,
    #[config(default = true, env = "PHASE_2A_MONITORING")]
    pub performance_monitoring_enabled: bool,
    #[config(default = true)]
    pub emergency_shutdown_enabled: bool,
    #[config(default = 0.0, env = "PHASE_2A_ROLLOUT_PERCENTAGE", validate((0.0..=100.0).contains(rollout_percentage), "is no percentage"))]
    pub rollout_percentage: f64,
    #[config(default = 100)]
    pub rollout_target_requests_per_minute: u32,
    #[config(default = [])]
    pub rollout_user_agent_whitelist: Vec<String>,
    #[config(default = [])]
    pub rollout_ip_whitelist: Vec<String>,
    #[config(default = true, env = "ENABLE_AUTOMATIC_FALLBACK")]
    pub enable_automatic_fallback: bool,
    #[config(default = 5, env = "FALLBACK_FAILURE_THRESHOLD")]
    pub fallback_failure_threshold: u32,
    #[config(default = 5, env = "FALLBACK_RECOVERY_TIME_MINUTES")]
    pub fallback_recovery_time_minutes: u32,
    #[config(default = "1.0.0")]
    pub config_version: String,
    pub last_updated: Option<String>,
    pub loaded_from: Option<String>,
}

#[derive(Config, Debug)]
#[config(layer_attr(serde(deny_unknown_fields)))]
pub struct ConnectionPool {
    #[config(default = true, env = "CONNECTION_POOL_ENABLED")]
    pub enabled: bool,
    #[config(default = "enabled")]
    pub status: ComponentStatus,
    #[config(default = "disabled", env = "CONNECTION_POOL_ROLLOUT")]
    pub rollout_strategy: RolloutStrategy,
    #[config(default = 100, env = "HTTP_POOL_SIZE", validate(*http_total_pool_size <= 200, "is above 200"))]
    pub http_total_pool_size: u32,
    #[config(default = 30, env = "HTTP_CONNECTIONS_PER_HOST")]
    pub http_connections_per_host: u32,
    #[config(default = 10.0, env = "HTTP_CONNECTION_TIMEOUT")]
    pub http_connection_timeout: f64,
    #[config(default = 300)]
    pub http_pool_cleanup_interval: u32,
    #[config(default = 10, env = "DB_POOL_SIZE", validate(*db_pool_size <= 20, "is above 20"))]
    pub db_pool_size: u32,
    #[config(default = 5.0, env = "DB_CONNECTION_TIMEOUT")]
    pub db_connection_timeout: f64,
    #[config(default = 20)]
    pub db_pool_overflow: u32,
    #[config(default = 3600)]
    pub db_pool_recycle: u32,
    #[config(default = 150)]
    pub max_concurrent_connections: u32,
    #[config(default = 3)]
    pub connection_retry_attempts: u32,
    #[config(default = 1.0)]
    pub connection_retry_delay: f64,
    #[config(default = true, env = "CONNECTION_POOL_METRICS")]
    pub enable_metrics: bool,
    #[config(default = 60)]
    pub health_check_interval: u32,
    #[config(default = 10, env = "CONNECTION_FAILURE_ALERT_THRESHOLD")]
    pub alert_threshold_failed_connections: u32,
}

#[derive(Config, Debug)]
#[config(layer_attr(serde(deny_unknown_fields)))]
pub struct RequestPipeline {
    #[config(default = true, env = "REQUEST_PIPELINE_ENABLED")]
    pub enabled: bool,
    #[config(default = "enabled")]
    pub status: ComponentStatus,
    #[config(default = "disabled", env = "REQUEST_PIPELINE_ROLLOUT")]
    pub rollout_strategy: RolloutStrategy,
    #[config(default = true, env = "REQUEST_PIPELINE_CACHING")]
    pub enable_caching: bool,
    #[config(default = 300, env = "CACHE_TTL_SECONDS")]
    pub cache_ttl_seconds: u32,
    #[config(default = 1000, env = "CACHE_MAX_SIZE")]
    pub cache_max_size: u32,
    #[config(default = 50, env = "CACHE_MEMORY_LIMIT_MB")]
    pub cache_memory_limit_mb: u32,
    #[config(default = 600)]
    pub cache_cleanup_interval: u32,
    #[config(default = true, env = "REQUEST_BATCHING")]
    pub enable_batching: bool,
    #[config(default = 10, env = "BATCH_SIZE", validate(*batch_size <= 50, "is above 50"))]
    pub batch_size: u32,
    #[config(default = 50, env = "BATCH_TIMEOUT_MS")]
    pub batch_timeout_ms: u32,
    #[config(default = 100)]
    pub max_batch_wait_time_ms: u32,
    #[config(default = true)]
    pub enable_deduplication: bool,
    #[config(default = 1000)]
    pub deduplication_window_ms: u32,
    #[config(default = 100)]
    pub max_concurrent_requests: u32,
    #[config(default = 30.0)]
    pub request_timeout_seconds: f64,
    #[config(default = true, env = "REQUEST_PIPELINE_METRICS")]
    pub enable_metrics: bool,
    #[config(default = false, env = "ENABLE_REQUEST_TRACING")]
    pub enable_request_tracing: bool,
    #[config(default = 0.7, env = "CACHE_HIT_RATE_ALERT_THRESHOLD")]
    pub cache_hit_rate_alert_threshold: f64,
}
