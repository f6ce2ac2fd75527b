//! The same with confik, which keeps no origins.
//!
//! Its own names for variables follow the paths of leaves; those of the seed are a source of ours, as the overrides are.

use std::env;
use std::error::Error;
use std::fmt::Display;
use std::str::FromStr;

use confik::helpers::BuilderOf;
use confik::{Configuration, JsonSource, Source, TomlSource};

use crate::case;
use crate::phase2a::{ComponentStatus, Limited, RolloutStrategy};

/// Loads the configuration, each source over the one before.
///
/// # Errors
/// Says the first thing that is wrong.
pub fn load() -> Result<Phase2a, Box<dyn Error>> {
    let config = Phase2a::builder()
        .override_with(JsonSource::new(case::json()))
        .override_with(TomlSource::new(case::toml()))
        .override_with(Variables)
        .override_with(Overrides)
        .try_build()?;
    config.limited().check()?;
    Ok(config)
}

type Failure = Box<dyn Error + Send + Sync>;

#[derive(Debug)]
struct Variables;

impl Source<BuilderOf<Phase2a>> for Variables {
    fn provide(&self) -> Result<BuilderOf<Phase2a>, Failure> {
        let mut config = BuilderOf::<Phase2a>::default();
        macro_rules! env {
            ($($name:literal => $($field:ident).+,)*) => {
                $(config.$($field).+ = variable($name)?;)*
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
        Ok(config)
    }
}

fn variable<T: FromStr<Err: Display>>(name: &str) -> Result<Option<T>, String> {
    let text = env::var(name).ok();
    text.map(|text| text.parse().map_err(|error| format!("{name}: {error}"))).transpose()
}

#[derive(Debug)]
struct Overrides;

impl Source<BuilderOf<Phase2a>> for Overrides {
    fn provide(&self) -> Result<BuilderOf<Phase2a>, Failure> {
        let mut config = BuilderOf::<Phase2a>::default();
        for (path, value) in case::overrides() {
            match path {
                "request_pipeline.batch_size" => config.request_pipeline.batch_size = Some(value.parse()?),
                "max_memory_usage_mb" => config.max_memory_usage_mb = Some(value.parse()?),
                _ => return Err(format!("no option {path}").into()),
            }
        }
        Ok(config)
    }
}

#[derive(Configuration, Debug)]
#[confik(forward(serde(deny_unknown_fields)))]
pub struct Phase2a {
    #[confik(default = false)]
    pub phase_2a_enabled: bool,
    #[confik(default = RolloutStrategy::Disabled)]
    pub global_rollout_strategy: RolloutStrategy,
    pub connection_pool: ConnectionPool,
    pub request_pipeline: RequestPipeline,
    #[confik(default = 256u32)]
    pub max_memory_usage_mb: u32,
    #[confik(default = true)]
    pub performance_monitoring_enabled: bool,
    #[confik(default = true)]
    pub emergency_shutdown_enabled: bool,
    #[confik(default = 0.0)]
    pub rollout_percentage: f64,
    #[confik(default = 100u32)]
    pub rollout_target_requests_per_minute: u32,
    #[confik(default)]
    pub rollout_user_agent_whitelist: Vec<String>,
    #[confik(default)]
    pub rollout_ip_whitelist: Vec<String>,
    #[confik(default = true)]
    pub enable_automatic_fallback: bool,
    #[confik(default = 5u32)]
    pub fallback_failure_threshold: u32,
    #[confik(default = 5u32)]
    pub fallback_recovery_time_minutes: u32,
    #[confik(default = "1.0.0")]
    pub config_version: String,
    pub last_updated: Option<String>,
    pub loaded_from: Option<String>,
}

#[derive(Configuration, Debug)]
#[confik(forward(serde(deny_unknown_fields)))]
pub struct ConnectionPool {
    #[confik(default = true)]
    pub enabled: bool,
    #[confik(default = ComponentStatus::Enabled)]
    pub status: ComponentStatus,
    #[confik(default = RolloutStrategy::Disabled)]
    pub rollout_strategy: RolloutStrategy,
    #[confik(default = 100u32)]
    pub http_total_pool_size: u32,
    #[confik(default = 30u32)]
    pub http_connections_per_host: u32,
    #[confik(default = 10.0)]
    pub http_connection_timeout: f64,
    #[confik(default = 300u32)]
    pub http_pool_cleanup_interval: u32,
    #[confik(default = 10u32)]
    pub db_pool_size: u32,
    #[confik(default = 5.0)]
    pub db_connection_timeout: f64,
    #[confik(default = 20u32)]
    pub db_pool_overflow: u32,
    #[confik(default = 3600u32)]
    pub db_pool_recycle: u32,
    #[confik(default = 150u32)]
    pub max_concurrent_connections: u32,
    #[confik(default = 3u32)]
    pub connection_retry_attempts: u32,
    #[confik(default = 1.0)]
    pub connection_retry_delay: f64,
    #[confik(default = true)]
    pub enable_metrics: bool,
    #[confik(default = 60u32)]
    pub health_check_interval: u32,
    #[confik(default = 10u32)]
    pub alert_threshold_failed_connections: u32,
}

#[derive(Configuration, Debug)]
#[confik(forward(serde(deny_unknown_fields)))]
pub struct RequestPipeline {
    #[confik(default = true)]
    pub enabled: bool,
    #[confik(default = ComponentStatus::Enabled)]
    pub status: ComponentStatus,
    #[confik(default = RolloutStrategy::Disabled)]
    pub rollout_strategy: RolloutStrategy,
    #[confik(default = true)]
    pub enable_caching: bool,
    #[confik(default = 300u32)]
    pub cache_ttl_seconds: u32,
    #[confik(default = 1000u32)]
    pub cache_max_size: u32,
    #[confik(default = 50u32)]
    pub cache_memory_limit_mb: u32,
    #[confik(default = 600u32)]
    pub cache_cleanup_interval: u32,
    #[confik(default = true)]
    pub enable_batching: bool,
    #[confik(default = 10u32)]
    pub batch_size: u32,
    #[confik(default = 50u32)]
    pub batch_timeout_ms: u32,
    #[confik(default = 100u32)]
    pub max_batch_wait_time_ms: u32,
    #[confik(default = true)]
    pub enable_deduplication: bool,
    #[confik(default = 1000u32)]
    pub deduplication_window_ms: u32,
    #[confik(default = 100u32)]
    pub max_concurrent_requests: u32,
    #[confik(default = 30.0)]
    pub request_timeout_seconds: f64,
    #[confik(default = true)]
    pub enable_metrics: bool,
    #[confik(default = false)]
    pub enable_request_tracing: bool,
    #[confik(default = 0.7)]
    pub cache_hit_rate_alert_threshold: f64,
}

impl Configuration for RolloutStrategy {
    type Builder = Option<Self>;
}

impl Configuration for ComponentStatus {
    type Builder = Option<Self>;
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
