//! The same with schematic, which keeps each layer, but not which of them a value came from.
//!
//! Variables are its highest layer, so that the overrides are laid over what it has loaded. It is built without its
//! `validate`, since the limits hold after the overrides.

use std::error::Error;

use schematic::{Config, ConfigEnum, ConfigLoader};
use serde::{Deserialize, Serialize};

use crate::case;
use crate::phase2a::Limited;

/// Loads the configuration, each source over the one before.
///
/// # Errors
/// Says the first thing that is wrong.
pub fn load() -> Result<Phase2a, Box<dyn Error>> {
    let mut loader = ConfigLoader::<Phase2a>::new();
    let mut config = loader.code(case::json(), "site.json")?.code(case::toml(), "site.toml")?.load()?.config;
    for (path, value) in case::overrides() {
        match path {
            "request_pipeline.batch_size" => config.request_pipeline.batch_size = value.parse()?,
            "max_memory_usage_mb" => config.max_memory_usage_mb = value.parse()?,
            _ => return Err(format!("no option {path}").into()),
        }
    }
    config.limited().check()?;
    Ok(config)
}

#[derive(Config, Debug)]
#[config(rename_all = "snake_case")]
pub struct Phase2a {
    #[setting(default = false, env = "PHASE_2A_ENABLED")]
    pub phase_2a_enabled: bool,
    #[setting(default = RolloutStrategy::Disabled, env = "PHASE_2A_ROLLOUT")]
    pub global_rollout_strategy: RolloutStrategy,
    #[setting(nested)]
    pub connection_pool: ConnectionPool,
    #[setting(nested)]
    pub request_pipeline: RequestPipeline,
    #[setting(default = 256, env = "PHASE_2A_MAX_MEMORY_MB")]
    pub max_memory_usage_mb: u32,
    #[setting(default = true, env = "PHASE_2A_MONITORING")]
    pub performance_monitoring_enabled: bool,
    #[setting(default = true)]
    pub emergency_shutdown_enabled: bool,
    #[setting(default = 0.0, env = "PHASE_2A_ROLLOUT_PERCENTAGE")]
    pub rollout_percentage: f64,
    #[setting(default = 100)]
    pub rollout_target_requests_per_minute: u32,
    pub rollout_user_agent_whitelist: Vec<String>,
    pub rollout_ip_whitelist: Vec<String>,
    #[setting(default = true, env = "ENABLE_AUTOMATIC_FALLBACK")]
    pub enable_automatic_fallback: bool,
    #[setting(default = 5, env = "FALLBACK_FAILURE_THRESHOLD")]
    pub fallback_failure_threshold: u32,
    #[setting(default = 5, env = "FALLBACK_RECOVERY_TIME_MINUTES")]
    pub fallback_recovery_time_minutes: u32,
    #[setting(default = "1.0.0")]
    pub config_version: String,
    pub last_updated: Option<String>,
    pub loaded_from: Option<String>,
}

#[derive(Config, Debug)]
#[config(rename_all = "snake_case")]
pub struct ConnectionPool {
    #[setting(default = true, env = "CONNECTION_POOL_ENABLED")]
    pub enabled: bool,
    #[setting(default = ComponentStatus::Enabled)]
    pub status: ComponentStatus,
    #[setting(default = RolloutStrategy::Disabled, env = "CONNECTION_POOL_ROLLOUT")]
    pub rollout_strategy: RolloutStrategy,
    #[setting(default = 100, env = "HTTP_POOL_SIZE")]
    pub http_total_pool_size: u32,
    #[setting(default = 30, env = "HTTP_CONNECTIONS_PER_HOST")]
    pub http_connections_per_host: u32,
    #[setting(default = 10.0, env = "HTTP_CONNECTION_TIMEOUT")]
    pub http_connection_timeout: f64,
    #[setting(default = 300)]
    pub http_pool_cleanup_interval: u32,
    #[setting(default = 10, env = "DB_POOL_SIZE")]
    pub db_pool_size: u32,
    #[setting(default = 5.0, env = "DB_CONNECTION_TIMEOUT")]
    pub db_connection_timeout: f64,
    #[setting(default = 20)]
    pub db_pool_overflow: u32,
    #[setting(default = 3600)]
    pub db_pool_recycle: u32,
    #[setting(default = 150)]
    pub max_concurrent_connections: u32,
    #[setting(default = 3)]
    pub connection_retry_attempts: u32,
    #[setting(default = 1.0)]
    pub connection_retry_delay: f64,
    #[setting(default = true, env = "CONNECTION_POOL_METRICS")]
    pub enable_metrics: bool,
    #[setting(default = 60)]
    pub health_check_interval: u32,
    #[setting(default = 10, env = "CONNECTION_FAILURE_ALERT_THRESHOLD")]
    pub alert_threshold_failed_connections: u32,
}

#[derive(Config, Debug)]
#[config(rename_all = "snake_case")]
pub struct RequestPipeline {
    #[setting(default = true, env = "REQUEST_PIPELINE_ENABLED")]
    pub enabled: bool,
    #[setting(default = ComponentStatus::Enabled)]
    pub status: ComponentStatus,
    #[setting(default = RolloutStrategy::Disabled, env = "REQUEST_PIPELINE_ROLLOUT")]
    pub rollout_strategy: RolloutStrategy,
    #[setting(default = true, env = "REQUEST_PIPELINE_CACHING")]
    pub enable_caching: bool,
    #[setting(default = 300, env = "CACHE_TTL_SECONDS")]
    pub cache_ttl_seconds: u32,
    #[setting(default = 1000, env = "CACHE_MAX_SIZE")]
    pub cache_max_size: u32,
    #[setting(default = 50, env = "CACHE_MEMORY_LIMIT_MB")]
    pub cache_memory_limit_mb: u32,
    #[setting(default = 600)]
    pub cache_cleanup_interval: u32,
    #[setting(default = true, env = "REQUEST_BATCHING")]
    pub enable_batching: bool,
    #[setting(default = 10, env = "BATCH_SIZE")]
    pub batch_size: u32,
    #[setting(default = 50, env = "BATCH_TIMEOUT_MS")]
    pub batch_timeout_ms: u32,
    #[setting(default = 100)]
    pub max_batch_wait_time_ms: u32,
    #[setting(default = true)]
    pub enable_deduplication: bool,
    #[setting(default = 1000)]
    pub deduplication_window_ms: u32,
    #[setting(default = 100)]
    pub max_concurrent_requests: u32,
    #[setting(default = 30.0)]
    pub request_timeout_seconds: f64,
    #[setting(default = true, env = "REQUEST_PIPELINE_METRICS")]
    pub enable_metrics: bool,
    #[setting(default = false, env = "ENABLE_REQUEST_TRACING")]
    pub enable_request_tracing: bool,
    #[setting(default = 0.7, env = "CACHE_HIT_RATE_ALERT_THRESHOLD")]
    pub cache_hit_rate_alert_threshold: f64,
}

#[derive(ConfigEnum, Serialize, Deserialize, Default, Debug, Clone, PartialEq)]
#[serde(rename_all = "lowercase")]
pub enum RolloutStrategy {
    #[default]
    Disabled,
    Canary,
    Gradual,
    Majority,
    Full,
}

#[derive(ConfigEnum, Serialize, Deserialize, Default, Debug, Clone, PartialEq)]
#[serde(rename_all = "lowercase")]
pub enum ComponentStatus {
    #[default]
    Disabled,
    Enabled,
    Maintenance,
    Error,
}

impl Phase2a {
    fn limited(&self) -> Limited {
        Limited {
            rollout_percentage: self.rollout_percentage,
            max_memory_usage_mb: self.max_memory_usage_mb,
            http_total_pool_size: self.connection_pool.http_total_pool_size,
            db_pool_size: self.connection_pool.db_pool_size,
            batch_size: self.request_pipeline.batch_size,
            cache_memory_limit_mb: self.request_pipeline.cache_memory_limit_mb,
        }
    }
}
