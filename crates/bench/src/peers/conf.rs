//! The same with conf, which tells a logger the kind of source of each value, and keeps none.
//!
//! It reads one document, so that the two are merged before.

use std::error::Error;

use conf::Conf;
use serde_json::Value;

use crate::case;
use crate::phase2a::{ComponentStatus, Limited, RolloutStrategy};

/// Loads the configuration, each source over the one before.
///
/// # Errors
/// Says everything that is wrong in one source.
pub fn load() -> Result<Phase2a, Box<dyn Error>> {
    let mut document = serde_json::from_str(case::json())?;
    merge(&mut document, toml::from_str(case::toml())?);
    let args = case::overrides().map(|(path, value)| {
        let name = path.rsplit('.').next().unwrap_or(path);
        format!("--{}={value}", name.replace('_', "-"))
    });
    let args = ["bench".to_owned()].into_iter().chain(args);
    Ok(Phase2a::conf_builder().args(args).doc("site.json and site.toml", document).try_parse()?)
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

#[derive(Conf, Debug)]
#[conf(serde, validation_predicate = Phase2a::check)]
pub struct Phase2a {
    #[conf(parameter, env = "PHASE_2A_ENABLED", default_value = "false", serde)]
    pub phase_2a_enabled: bool,
    #[conf(parameter, env = "PHASE_2A_ROLLOUT", default_value = "disabled", serde)]
    pub global_rollout_strategy: RolloutStrategy,
    #[conf(flatten, serde)]
    pub connection_pool: ConnectionPool,
    #[conf(flatten, serde)]
    pub request_pipeline: RequestPipeline,
    #[conf(parameter, long, env = "PHASE_2A_MAX_MEMORY_MB", default_value = "256", serde)]
    pub max_memory_usage_mb: u32,
    #[conf(parameter, env = "PHASE_2A_MONITORING", default_value = "true", serde)]
    pub performance_monitoring_enabled: bool,
    #[conf(parameter, default_value = "true", serde)]
    pub emergency_shutdown_enabled: bool,
    #[conf(parameter, env = "PHASE_2A_ROLLOUT_PERCENTAGE", default_value = "0.0", serde)]
    pub rollout_percentage: f64,
    #[conf(parameter, default_value = "100", serde)]
    pub rollout_target_requests_per_minute: u32,
    #[conf(repeat, serde)]
    pub rollout_user_agent_whitelist: Vec<String>,
    #[conf(repeat, serde)]
    pub rollout_ip_whitelist: Vec<String>,
    #[conf(parameter, env = "ENABLE_AUTOMATIC_FALLBACK", default_value = "true", serde)]
    pub enable_automatic_fallback: bool,
    #[conf(parameter, env = "FALLBACK_FAILURE_THRESHOLD", default_value = "5", serde)]
    pub fallback_failure_threshold: u32,
    #[conf(parameter, env = "FALLBACK_RECOVERY_TIME_MINUTES", default_value = "5", serde)]
    pub fallback_recovery_time_minutes: u32,
    #[conf(parameter, default_value = "1.0.0", serde)]
    pub config_version: String,
    #[conf(parameter, serde)]
    pub last_updated: Option<String>,
    #[conf(parameter, serde)]
    pub loaded_from: Option<String>,
}

#[derive(Conf, Debug)]
#[conf(serde)]
pub struct ConnectionPool {
    #[conf(parameter, env = "CONNECTION_POOL_ENABLED", default_value = "true", serde)]
    pub enabled: bool,
    #[conf(parameter, default_value = "enabled", serde)]
    pub status: ComponentStatus,
    #[conf(parameter, env = "CONNECTION_POOL_ROLLOUT", default_value = "disabled", serde)]
    pub rollout_strategy: RolloutStrategy,
    #[conf(parameter, env = "HTTP_POOL_SIZE", default_value = "100", serde)]
    pub http_total_pool_size: u32,
    #[conf(parameter, env = "HTTP_CONNECTIONS_PER_HOST", default_value = "30", serde)]
    pub http_connections_per_host: u32,
    #[conf(parameter, env = "HTTP_CONNECTION_TIMEOUT", default_value = "10.0", serde)]
    pub http_connection_timeout: f64,
    #[conf(parameter, default_value = "300", serde)]
    pub http_pool_cleanup_interval: u32,
    #[conf(parameter, env = "DB_POOL_SIZE", default_value = "10", serde)]
    pub db_pool_size: u32,
    #[conf(parameter, env = "DB_CONNECTION_TIMEOUT", default_value = "5.0", serde)]
    pub db_connection_timeout: f64,
    #[conf(parameter, default_value = "20", serde)]
    pub db_pool_overflow: u32,
    #[conf(parameter, default_value = "3600", serde)]
    pub db_pool_recycle: u32,
    #[conf(parameter, default_value = "150", serde)]
    pub max_concurrent_connections: u32,
    #[conf(parameter, default_value = "3", serde)]
    pub connection_retry_attempts: u32,
    #[conf(parameter, default_value = "1.0", serde)]
    pub connection_retry_delay: f64,
    #[conf(parameter, env = "CONNECTION_POOL_METRICS", default_value = "true", serde)]
    pub enable_metrics: bool,
    #[conf(parameter, default_value = "60", serde)]
    pub health_check_interval: u32,
    #[conf(parameter, env = "CONNECTION_FAILURE_ALERT_THRESHOLD", default_value = "10", serde)]
    pub alert_threshold_failed_connections: u32,
}

#[derive(Conf, Debug)]
#[conf(serde)]
pub struct RequestPipeline {
    #[conf(parameter, env = "REQUEST_PIPELINE_ENABLED", default_value = "true", serde)]
    pub enabled: bool,
    #[conf(parameter, default_value = "enabled", serde)]
    pub status: ComponentStatus,
    #[conf(parameter, env = "REQUEST_PIPELINE_ROLLOUT", default_value = "disabled", serde)]
    pub rollout_strategy: RolloutStrategy,
    #[conf(parameter, env = "REQUEST_PIPELINE_CACHING", default_value = "true", serde)]
    pub enable_caching: bool,
    #[conf(parameter, env = "CACHE_TTL_SECONDS", default_value = "300", serde)]
    pub cache_ttl_seconds: u32,
    #[conf(parameter, env = "CACHE_MAX_SIZE", default_value = "1000", serde)]
    pub cache_max_size: u32,
    #[conf(parameter, env = "CACHE_MEMORY_LIMIT_MB", default_value = "50", serde)]
    pub cache_memory_limit_mb: u32,
    #[conf(parameter, default_value = "600", serde)]
    pub cache_cleanup_interval: u32,
    #[conf(parameter, env = "REQUEST_BATCHING", default_value = "true", serde)]
    pub enable_batching: bool,
    #[conf(parameter, long, env = "BATCH_SIZE", default_value = "10", serde)]
    pub batch_size: u32,
    #[conf(parameter, env = "BATCH_TIMEOUT_MS", default_value = "50", serde)]
    pub batch_timeout_ms: u32,
    #[conf(parameter, default_value = "100", serde)]
    pub max_batch_wait_time_ms: u32,
    #[conf(parameter, default_value = "true", serde)]
    pub enable_deduplication: bool,
    #[conf(parameter, default_value = "1000", serde)]
    pub deduplication_window_ms: u32,
    #[conf(parameter, default_value = "100", serde)]
    pub max_concurrent_requests: u32,
    #[conf(parameter, default_value = "30.0", serde)]
    pub request_timeout_seconds: f64,
    #[conf(parameter, env = "REQUEST_PIPELINE_METRICS", default_value = "true", serde)]
    pub enable_metrics: bool,
    #[conf(parameter, env = "ENABLE_REQUEST_TRACING", default_value = "false", serde)]
    pub enable_request_tracing: bool,
    #[conf(parameter, env = "CACHE_HIT_RATE_ALERT_THRESHOLD", default_value = "0.7", serde)]
    pub cache_hit_rate_alert_threshold: f64,
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
