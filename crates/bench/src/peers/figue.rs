//! The same with figue, which keeps the place of every value in its document, the variable or the argument.
//!
//! It reads one document, so that the two are merged before; its places are those of the merged text.

use std::error::Error;

use facet::Facet;
use figue::Driver;
use serde_json::Value;

use crate::case;
use crate::phase2a::Limited;

/// Loads the configuration, each source over the one before.
///
/// # Errors
/// Says everything that is wrong.
pub fn load() -> Result<Phase2a, Box<dyn Error>> {
    let mut document = serde_json::from_str(case::json())?;
    merge(&mut document, toml::from_str(case::toml())?);
    let args =
        case::overrides().map(|(path, value)| [format!("--config.{}", path.replace('_', "-")), value.to_owned()]);
    let config = figue::builder::<Program>()?
        .file(|file| file.content(document.to_string(), "site.json"))
        .env(|env| env)
        .cli(|cli| cli.args(args.into_iter().flatten()))
        .build();
    let config = Driver::new(config).run().into_result()?.value.config;
    config.check()?;
    Ok(config)
}

/// Lays one document over another.
fn merge(below: &mut Value, above: Value) {
    match (below, above) {
        (Value::Object(below), Value::Object(above)) => {
            for (key, value) in above {
                merge(below.entry(key).or_insert(Value::Null), value);
            }
        }
        (below, above) => *below = above,
    }
}

/// What the program is called with.
#[derive(Facet)]
struct Program {
    #[facet(figue::config, figue::env_prefix = "PHASE_2A")]
    config: Phase2a,
}

#[derive(Facet, Debug)]
pub struct Phase2a {
    #[facet(default = false, figue::env_alias = "PHASE_2A_ENABLED")]
    pub phase_2a_enabled: bool,
    #[facet(default = RolloutStrategy::Disabled, figue::env_alias = "PHASE_2A_ROLLOUT")]
    pub global_rollout_strategy: RolloutStrategy,
    pub connection_pool: ConnectionPool,
    pub request_pipeline: RequestPipeline,
    #[facet(default = 256, figue::env_alias = "PHASE_2A_MAX_MEMORY_MB")]
    pub max_memory_usage_mb: u32,
    #[facet(default = true, figue::env_alias = "PHASE_2A_MONITORING")]
    pub performance_monitoring_enabled: bool,
    #[facet(default = true)]
    pub emergency_shutdown_enabled: bool,
    #[facet(default = 0.0, figue::env_alias = "PHASE_2A_ROLLOUT_PERCENTAGE")]
    pub rollout_percentage: f64,
    #[facet(default = 100)]
    pub rollout_target_requests_per_minute: u32,
    #[facet(default)]
    pub rollout_user_agent_whitelist: Vec<String>,
    #[facet(default)]
    pub rollout_ip_whitelist: Vec<String>,
    #[facet(default = true, figue::env_alias = "ENABLE_AUTOMATIC_FALLBACK")]
    pub enable_automatic_fallback: bool,
    #[facet(default = 5, figue::env_alias = "FALLBACK_FAILURE_THRESHOLD")]
    pub fallback_failure_threshold: u32,
    #[facet(default = 5, figue::env_alias = "FALLBACK_RECOVERY_TIME_MINUTES")]
    pub fallback_recovery_time_minutes: u32,
    #[facet(default = "1.0.0")]
    pub config_version: String,
    pub last_updated: Option<String>,
    pub loaded_from: Option<String>,
}

#[derive(Facet, Debug)]
pub struct ConnectionPool {
    #[facet(default = true, figue::env_alias = "CONNECTION_POOL_ENABLED")]
    pub enabled: bool,
    #[facet(default = ComponentStatus::Enabled)]
    pub status: ComponentStatus,
    #[facet(default = RolloutStrategy::Disabled, figue::env_alias = "CONNECTION_POOL_ROLLOUT")]
    pub rollout_strategy: RolloutStrategy,
    #[facet(default = 100, figue::env_alias = "HTTP_POOL_SIZE")]
    pub http_total_pool_size: u32,
    #[facet(default = 30, figue::env_alias = "HTTP_CONNECTIONS_PER_HOST")]
    pub http_connections_per_host: u32,
    #[facet(default = 10.0, figue::env_alias = "HTTP_CONNECTION_TIMEOUT")]
    pub http_connection_timeout: f64,
    #[facet(default = 300)]
    pub http_pool_cleanup_interval: u32,
    #[facet(default = 10, figue::env_alias = "DB_POOL_SIZE")]
    pub db_pool_size: u32,
    #[facet(default = 5.0, figue::env_alias = "DB_CONNECTION_TIMEOUT")]
    pub db_connection_timeout: f64,
    #[facet(default = 20)]
    pub db_pool_overflow: u32,
    #[facet(default = 3600)]
    pub db_pool_recycle: u32,
    #[facet(default = 150)]
    pub max_concurrent_connections: u32,
    #[facet(default = 3)]
    pub connection_retry_attempts: u32,
    #[facet(default = 1.0)]
    pub connection_retry_delay: f64,
    #[facet(default = true, figue::env_alias = "CONNECTION_POOL_METRICS")]
    pub enable_metrics: bool,
    #[facet(default = 60)]
    pub health_check_interval: u32,
    #[facet(default = 10, figue::env_alias = "CONNECTION_FAILURE_ALERT_THRESHOLD")]
    pub alert_threshold_failed_connections: u32,
}

#[derive(Facet, Debug)]
pub struct RequestPipeline {
    #[facet(default = true, figue::env_alias = "REQUEST_PIPELINE_ENABLED")]
    pub enabled: bool,
    #[facet(default = ComponentStatus::Enabled)]
    pub status: ComponentStatus,
    #[facet(default = RolloutStrategy::Disabled, figue::env_alias = "REQUEST_PIPELINE_ROLLOUT")]
    pub rollout_strategy: RolloutStrategy,
    #[facet(default = true, figue::env_alias = "REQUEST_PIPELINE_CACHING")]
    pub enable_caching: bool,
    #[facet(default = 300, figue::env_alias = "CACHE_TTL_SECONDS")]
    pub cache_ttl_seconds: u32,
    #[facet(default = 1000, figue::env_alias = "CACHE_MAX_SIZE")]
    pub cache_max_size: u32,
    #[facet(default = 50, figue::env_alias = "CACHE_MEMORY_LIMIT_MB")]
    pub cache_memory_limit_mb: u32,
    #[facet(default = 600)]
    pub cache_cleanup_interval: u32,
    #[facet(default = true, figue::env_alias = "REQUEST_BATCHING")]
    pub enable_batching: bool,
    #[facet(default = 10, figue::env_alias = "BATCH_SIZE")]
    pub batch_size: u32,
    #[facet(default = 50, figue::env_alias = "BATCH_TIMEOUT_MS")]
    pub batch_timeout_ms: u32,
    #[facet(default = 100)]
    pub max_batch_wait_time_ms: u32,
    #[facet(default = true)]
    pub enable_deduplication: bool,
    #[facet(default = 1000)]
    pub deduplication_window_ms: u32,
    #[facet(default = 100)]
    pub max_concurrent_requests: u32,
    #[facet(default = 30.0)]
    pub request_timeout_seconds: f64,
    #[facet(default = true, figue::env_alias = "REQUEST_PIPELINE_METRICS")]
    pub enable_metrics: bool,
    #[facet(default = false, figue::env_alias = "ENABLE_REQUEST_TRACING")]
    pub enable_request_tracing: bool,
    #[facet(default = 0.7, figue::env_alias = "CACHE_HIT_RATE_ALERT_THRESHOLD")]
    pub cache_hit_rate_alert_threshold: f64,
}

#[derive(Facet, Debug)]
#[facet(rename_all = "lowercase")]
#[repr(u8)]
pub enum RolloutStrategy {
    Disabled,
    Canary,
    Gradual,
    Majority,
    Full,
}

#[derive(Facet, Debug)]
#[facet(rename_all = "lowercase")]
#[repr(u8)]
pub enum ComponentStatus {
    Disabled,
    Enabled,
    Maintenance,
    Error,
}

impl Phase2a {
    fn check(&self) -> Result<(), String> {
        let limited = Limited {
            rollout_percentage: self.rollout_percentage,
            max_memory_usage_mb: self.max_memory_usage_mb,
            http_total_pool_size: self.connection_pool.http_total_pool_size,
            db_pool_size: self.connection_pool.db_pool_size,
            batch_size: self.request_pipeline.batch_size,
            cache_memory_limit_mb: self.request_pipeline.cache_memory_limit_mb,
        };
        limited.check()
    }
}
