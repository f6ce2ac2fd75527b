//! The same with smart-config, which keeps the file, or the variable, and the path in it of every value.
//!
//! It reads JSON; TOML is turned into JSON values before. Its own names for variables follow the paths of leaves; those of
//! the seed are handed to it under these. The schema is made once and kept for all loads.

use std::env;
use std::error::Error;
use std::sync::LazyLock;

use smart_config::de::{Serde, WellKnown};
use smart_config::{
    ConfigRepository, ConfigSchema, DescribeConfig, DeserializeConfig, Environment, ErrorWithOrigin, Json,
};

use crate::case::{self, VARIABLES};
use crate::phase2a::{ComponentStatus, RolloutStrategy};

static SCHEMA: LazyLock<ConfigSchema> = LazyLock::new(|| ConfigSchema::new(&Phase2a::DESCRIPTION, ""));

/// Loads the configuration, each source over the one before.
///
/// # Errors
/// Says everything that is wrong.
pub fn load() -> Result<Phase2a, Box<dyn Error>> {
    let variables = VARIABLES.iter().filter_map(|(name, path)| Some((path.replace('.', "_"), env::var(name).ok()?)));
    let overrides = case::overrides().map(|(path, value)| (path.replace('.', "_"), value));
    let repository = ConfigRepository::new(&SCHEMA)
        .with(Json::new("site.json", serde_json::from_str(case::json())?))
        .with(Json::new("site.toml", toml::from_str(case::toml())?))
        .with(Environment::from_iter("", variables))
        .with(Environment::from_iter("", overrides));
    Ok(repository.single::<Phase2a>()?.parse()?)
}

#[derive(DescribeConfig, DeserializeConfig, Debug)]
#[config(validate(Self::check, "the cache may not exceed the memory of everything"))]
pub struct Phase2a {
    #[config(default_t = false)]
    pub phase_2a_enabled: bool,
    #[config(default_t = RolloutStrategy::Disabled)]
    pub global_rollout_strategy: RolloutStrategy,
    #[config(nest)]
    pub connection_pool: ConnectionPool,
    #[config(nest)]
    pub request_pipeline: RequestPipeline,
    #[config(default_t = 256, validate(..=400))]
    pub max_memory_usage_mb: u32,
    #[config(default_t = true)]
    pub performance_monitoring_enabled: bool,
    #[config(default_t = true)]
    pub emergency_shutdown_enabled: bool,
    #[config(default_t = 0.0, validate(0.0..=100.0))]
    pub rollout_percentage: f64,
    #[config(default_t = 100)]
    pub rollout_target_requests_per_minute: u32,
    #[config(default)]
    pub rollout_user_agent_whitelist: Vec<String>,
    #[config(default)]
    pub rollout_ip_whitelist: Vec<String>,
    #[config(default_t = true)]
    pub enable_automatic_fallback: bool,
    #[config(default_t = 5)]
    pub fallback_failure_threshold: u32,
    #[config(default_t = 5)]
    pub fallback_recovery_time_minutes: u32,
    #[config(default_t = "1.0.0".into())]
    pub config_version: String,
    pub last_updated: Option<String>,
    pub loaded_from: Option<String>,
}

#[derive(DescribeConfig, DeserializeConfig, Debug)]
pub struct ConnectionPool {
    #[config(default_t = true)]
    pub enabled: bool,
    #[config(default_t = ComponentStatus::Enabled)]
    pub status: ComponentStatus,
    #[config(default_t = RolloutStrategy::Disabled)]
    pub rollout_strategy: RolloutStrategy,
    #[config(default_t = 100, validate(..=200))]
    pub http_total_pool_size: u32,
    #[config(default_t = 30)]
    pub http_connections_per_host: u32,
    #[config(default_t = 10.0)]
    pub http_connection_timeout: f64,
    #[config(default_t = 300)]
    pub http_pool_cleanup_interval: u32,
    #[config(default_t = 10, validate(..=20))]
    pub db_pool_size: u32,
    #[config(default_t = 5.0)]
    pub db_connection_timeout: f64,
    #[config(default_t = 20)]
    pub db_pool_overflow: u32,
    #[config(default_t = 3600)]
    pub db_pool_recycle: u32,
    #[config(default_t = 150)]
    pub max_concurrent_connections: u32,
    #[config(default_t = 3)]
    pub connection_retry_attempts: u32,
    #[config(default_t = 1.0)]
    pub connection_retry_delay: f64,
    #[config(default_t = true)]
    pub enable_metrics: bool,
    #[config(default_t = 60)]
    pub health_check_interval: u32,
    #[config(default_t = 10)]
    pub alert_threshold_failed_connections: u32,
}

#[derive(DescribeConfig, DeserializeConfig, Debug)]
pub struct RequestPipeline {
    #[config(default_t = true)]
    pub enabled: bool,
    #[config(default_t = ComponentStatus::Enabled)]
    pub status: ComponentStatus,
    #[config(default_t = RolloutStrategy::Disabled)]
    pub rollout_strategy: RolloutStrategy,
    #[config(default_t = true)]
    pub enable_caching: bool,
    #[config(default_t = 300)]
    pub cache_ttl_seconds: u32,
    #[config(default_t = 1000)]
    pub cache_max_size: u32,
    #[config(default_t = 50)]
    pub cache_memory_limit_mb: u32,
    #[config(default_t = 600)]
    pub cache_cleanup_interval: u32,
    #[config(default_t = true)]
    pub enable_batching: bool,
    #[config(default_t = 10, validate(..=50))]
    pub batch_size: u32,
    #[config(default_t = 50)]
    pub batch_timeout_ms: u32,
    #[config(default_t = 100)]
    pub max_batch_wait_time_ms: u32,
    #[config(default_t = true)]
    pub enable_deduplication: bool,
    #[config(default_t = 1000)]
    pub deduplication_window_ms: u32,
    #[config(default_t = 100)]
    pub max_concurrent_requests: u32,
    #[config(default_t = 30.0)]
    pub request_timeout_seconds: f64,
    #[config(default_t = true)]
    pub enable_metrics: bool,
    #[config(default_t = false)]
    pub enable_request_tracing: bool,
    #[config(default_t = 0.7)]
    pub cache_hit_rate_alert_threshold: f64,
}

impl Phase2a {
    fn check(&self) -> Result<(), ErrorWithOrigin> {
        match self.request_pipeline.cache_memory_limit_mb <= self.max_memory_usage_mb {
            true => Ok(()),
            false => Err(ErrorWithOrigin::custom("the cache exceeds the memory of everything")),
        }
    }
}

impl WellKnown for RolloutStrategy {
    type Deserializer = Serde![str];
    const DE: Self::Deserializer = Serde![str];
}

impl WellKnown for ComponentStatus {
    type Deserializer = Serde![str];
    const DE: Self::Deserializer = Serde![str];
}
