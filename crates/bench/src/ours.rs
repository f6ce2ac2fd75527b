//! The same with strata-config, which keeps the origin of every leaf, and what it shadows.
//!
//! Its leaves are set by the 29 variables that the others read, and by no others (`env = false`).

use strata_config::{ConfigEnum, LayeredConfig, Loaded, Report};

use crate::case;

/// Loads the configuration, each source over the one before.
///
/// # Errors
/// Says everything that is wrong.
pub fn load() -> Result<Loaded<Phase2a>, Report> {
    let loader = Phase2a::loader().text("site.json", case::json()).text("site.toml", case::toml()).env();
    case::overrides().into_iter().fold(loader, |loader, (path, value)| loader.set(path, value)).load()
}

#[derive(LayeredConfig, Debug, Clone, PartialEq)]
#[config(validate = Self::check)]
pub struct Phase2a {
    #[config(default = false, env = "PHASE_2A_ENABLED")]
    pub phase_2a_enabled: bool,
    #[config(default = "disabled", env = "PHASE_2A_ROLLOUT")]
    pub global_rollout_strategy: RolloutStrategy,
    #[config(nested)]
    pub connection_pool: ConnectionPool,
    #[config(nested)]
    pub request_pipeline: RequestPipeline,
    #[config(default = 256, env = "PHASE_2A_MAX_MEMORY_MB", validate(range(max = 400)))]
    pub max_memory_usage_mb: u32,
    #[config(default = true, env = "PHASE_2A_MONITORING")]
    pub performance_monitoring_enabled: bool,
    #[config(default = true, env = false)]
    pub emergency_shutdown_enabled: bool,
    #[config(default = 0.0, env = "PHASE_2A_ROLLOUT_PERCENTAGE", validate(range(min = 0.0, max = 100.0)))]
    pub rollout_percentage: f64,
    #[config(default = 100, env = false)]
    pub rollout_target_requests_per_minute: u32,
    #[config(default = [], env = false)]
    pub rollout_user_agent_whitelist: Vec<String>,
    #[config(default = [], env = false)]
    pub rollout_ip_whitelist: Vec<String>,
    #[config(default = true, env = "ENABLE_AUTOMATIC_FALLBACK")]
    pub enable_automatic_fallback: bool,
    #[config(default = 5, env = "FALLBACK_FAILURE_THRESHOLD")]
    pub fallback_failure_threshold: u32,
    #[config(default = 5, env = "FALLBACK_RECOVERY_TIME_MINUTES")]
    pub fallback_recovery_time_minutes: u32,
    #[config(default = "1.0.0", env = false)]
    pub config_version: String,
    #[config(env = false)]
    pub last_updated: Option<String>,
    #[config(env = false)]
    pub loaded_from: Option<String>,
}

#[derive(LayeredConfig, Debug, Clone, PartialEq)]
pub struct ConnectionPool {
    #[config(default = true, env = "CONNECTION_POOL_ENABLED")]
    pub enabled: bool,
    #[config(default = "enabled", env = false)]
    pub status: ComponentStatus,
    #[config(default = "disabled", env = "CONNECTION_POOL_ROLLOUT")]
    pub rollout_strategy: RolloutStrategy,
    #[config(default = 100, env = "HTTP_POOL_SIZE", validate(range(max = 200)))]
    pub http_total_pool_size: u32,
    #[config(default = 30, env = "HTTP_CONNECTIONS_PER_HOST")]
    pub http_connections_per_host: u32,
    #[config(default = 10.0, env = "HTTP_CONNECTION_TIMEOUT")]
    pub http_connection_timeout: f64,
    #[config(default = 300, env = false)]
    pub http_pool_cleanup_interval: u32,
    #[config(default = 10, env = "DB_POOL_SIZE", validate(range(max = 20)))]
    pub db_pool_size: u32,
    #[config(default = 5.0, env = "DB_CONNECTION_TIMEOUT")]
    pub db_connection_timeout: f64,
    #[config(default = 20, env = false)]
    pub db_pool_overflow: u32,
    #[config(default = 3600, env = false)]
    pub db_pool_recycle: u32,
    #[config(default = 150, env = false)]
    pub max_concurrent_connections: u32,
    #[config(default = 3, env = false)]
    pub connection_retry_attempts: u32,
    #[config(default = 1.0, env = false)]
    pub connection_retry_delay: f64,
    #[config(default = true, env = "CONNECTION_POOL_METRICS")]
    pub enable_metrics: bool,
    #[config(default = 60, env = false)]
    pub health_check_interval: u32,
    #[config(default = 10, env = "CONNECTION_FAILURE_ALERT_THRESHOLD")]
    pub alert_threshold_failed_connections: u32,
}

#[derive(LayeredConfig, Debug, Clone, PartialEq)]
pub struct RequestPipeline {
    #[config(default = true, env = "REQUEST_PIPELINE_ENABLED")]
    pub enabled: bool,
    #[config(default = "enabled", env = false)]
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
    #[config(default = 600, env = false)]
    pub cache_cleanup_interval: u32,
    #[config(default = true, env = "REQUEST_BATCHING")]
    pub enable_batching: bool,
    #[config(default = 10, env = "BATCH_SIZE", validate(range(max = 50)))]
    pub batch_size: u32,
    #[config(default = 50, env = "BATCH_TIMEOUT_MS")]
    pub batch_timeout_ms: u32,
    #[config(default = 100, env = false)]
    pub max_batch_wait_time_ms: u32,
    #[config(default = true, env = false)]
    pub enable_deduplication: bool,
    #[config(default = 1000, env = false)]
    pub deduplication_window_ms: u32,
    #[config(default = 100, env = false)]
    pub max_concurrent_requests: u32,
    #[config(default = 30.0, env = false)]
    pub request_timeout_seconds: f64,
    #[config(default = true, env = "REQUEST_PIPELINE_METRICS")]
    pub enable_metrics: bool,
    #[config(default = false, env = "ENABLE_REQUEST_TRACING")]
    pub enable_request_tracing: bool,
    #[config(default = 0.7, env = "CACHE_HIT_RATE_ALERT_THRESHOLD")]
    pub cache_hit_rate_alert_threshold: f64,
}

#[derive(ConfigEnum, Debug, Clone, Copy, PartialEq)]
pub enum RolloutStrategy {
    Disabled,
    Canary,
    Gradual,
    Majority,
    Full,
}

#[derive(ConfigEnum, Debug, Clone, Copy, PartialEq)]
pub enum ComponentStatus {
    Disabled,
    Enabled,
    Maintenance,
    Error,
}

impl Phase2a {
    fn check(&self, report: &mut Report) {
        if self.request_pipeline.cache_memory_limit_mb > self.max_memory_usage_mb {
            let cache = Self::REQUEST_PIPELINE.join(&RequestPipeline::CACHE_MEMORY_LIMIT_MB);
            report.error([cache, Self::MAX_MEMORY_USAGE_MB], "the cache may not exceed the memory of everything");
        }
    }
}
