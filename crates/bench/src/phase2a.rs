//! The settings of the first reference system, 51 leaves, as a plain struct with its defaults and its limits.

use std::str::FromStr;

use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Phase2a {
    pub phase_2a_enabled: bool,
    pub global_rollout_strategy: RolloutStrategy,
    pub connection_pool: ConnectionPool,
    pub request_pipeline: RequestPipeline,
    pub max_memory_usage_mb: u32,
    pub performance_monitoring_enabled: bool,
    pub emergency_shutdown_enabled: bool,
    pub rollout_percentage: f64,
    pub rollout_target_requests_per_minute: u32,
    pub rollout_user_agent_whitelist: Vec<String>,
    pub rollout_ip_whitelist: Vec<String>,
    pub enable_automatic_fallback: bool,
    pub fallback_failure_threshold: u32,
    pub fallback_recovery_time_minutes: u32,
    pub config_version: String,
    pub last_updated: Option<String>,
    pub loaded_from: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ConnectionPool {
    pub enabled: bool,
    pub status: ComponentStatus,
    pub rollout_strategy: RolloutStrategy,
    pub http_total_pool_size: u32,
    pub http_connections_per_host: u32,
    pub http_connection_timeout: f64,
    pub http_pool_cleanup_interval: u32,
    pub db_pool_size: u32,
    pub db_connection_timeout: f64,
    pub db_pool_overflow: u32,
    pub db_pool_recycle: u32,
    pub max_concurrent_connections: u32,
    pub connection_retry_attempts: u32,
    pub connection_retry_delay: f64,
    pub enable_metrics: bool,
    pub health_check_interval: u32,
    pub alert_threshold_failed_connections: u32,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RequestPipeline {
    pub enabled: bool,
    pub status: ComponentStatus,
    pub rollout_strategy: RolloutStrategy,
    pub enable_caching: bool,
    pub cache_ttl_seconds: u32,
    pub cache_max_size: u32,
    pub cache_memory_limit_mb: u32,
    pub cache_cleanup_interval: u32,
    pub enable_batching: bool,
    pub batch_size: u32,
    pub batch_timeout_ms: u32,
    pub max_batch_wait_time_ms: u32,
    pub enable_deduplication: bool,
    pub deduplication_window_ms: u32,
    pub max_concurrent_requests: u32,
    pub request_timeout_seconds: f64,
    pub enable_metrics: bool,
    pub enable_request_tracing: bool,
    pub cache_hit_rate_alert_threshold: f64,
}

#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum RolloutStrategy {
    Disabled,
    Canary,
    Gradual,
    Majority,
    Full,
}

#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ComponentStatus {
    Disabled,
    Enabled,
    Maintenance,
    Error,
}

impl FromStr for RolloutStrategy {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "disabled" => Ok(Self::Disabled),
            "canary" => Ok(Self::Canary),
            "gradual" => Ok(Self::Gradual),
            "majority" => Ok(Self::Majority),
            "full" => Ok(Self::Full),
            _ => Err(format!("`{text}` is not a rollout strategy")),
        }
    }
}

impl FromStr for ComponentStatus {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "disabled" => Ok(Self::Disabled),
            "enabled" => Ok(Self::Enabled),
            "maintenance" => Ok(Self::Maintenance),
            "error" => Ok(Self::Error),
            _ => Err(format!("`{text}` is not a status")),
        }
    }
}

impl Phase2a {
    /// Gives itself back where it keeps the limits.
    pub fn check(self) -> Result<Self, String> {
        let limited = Limited {
            rollout_percentage: self.rollout_percentage,
            max_memory_usage_mb: self.max_memory_usage_mb,
            http_total_pool_size: self.connection_pool.http_total_pool_size,
            db_pool_size: self.connection_pool.db_pool_size,
            batch_size: self.request_pipeline.batch_size,
            cache_memory_limit_mb: self.request_pipeline.cache_memory_limit_mb,
        };
        limited.check().map(|()| self)
    }
}

/// What has a limit, of a contender's own struct as well.
pub struct Limited {
    pub rollout_percentage: f64,
    pub max_memory_usage_mb: u32,
    pub http_total_pool_size: u32,
    pub db_pool_size: u32,
    pub batch_size: u32,
    pub cache_memory_limit_mb: u32,
}

impl Limited {
    /// The limits of the board.
    ///
    /// # Errors
    /// Names the first leaf that is out of its limits.
    pub fn check(&self) -> Result<(), String> {
        let limits = [
            ("rollout_percentage", (0.0..=100.0).contains(&self.rollout_percentage)),
            ("max_memory_usage_mb", self.max_memory_usage_mb <= 400),
            ("connection_pool.http_total_pool_size", self.http_total_pool_size <= 200),
            ("connection_pool.db_pool_size", self.db_pool_size <= 20),
            ("request_pipeline.batch_size", self.batch_size <= 50),
            ("request_pipeline.cache_memory_limit_mb", self.cache_memory_limit_mb <= self.max_memory_usage_mb),
        ];
        match limits.iter().find(|(_, kept)| !kept) {
            Some((path, _)) => Err(format!("{path} is out of its limits")),
            None => Ok(()),
        }
    }
}

impl Default for Phase2a {
    fn default() -> Self {
        Self {
            phase_2a_enabled: false,
            global_rollout_strategy: RolloutStrategy::Disabled,
            connection_pool: ConnectionPool::default(),
            request_pipeline: RequestPipeline::default(),
            max_memory_usage_mb: 256,
            performance_monitoring_enabled: true,
            emergency_shutdown_enabled: true,
            rollout_percentage: 0.0,
            rollout_target_requests_per_minute: 100,
            rollout_user_agent_whitelist: Vec::new(),
            rollout_ip_whitelist: Vec::new(),
            enable_automatic_fallback: true,
            fallback_failure_threshold: 5,
            fallback_recovery_time_minutes: 5,
            config_version: "1.0.0".to_owned(),
            last_updated: None,
            loaded_from: None,
        }
    }
}

impl Default for ConnectionPool {
    fn default() -> Self {
        Self {
            enabled: true,
            status: ComponentStatus::Enabled,
            rollout_strategy: RolloutStrategy::Disabled,
            http_total_pool_size: 100,
            http_connections_per_host: 30,
            http_connection_timeout: 10.0,
            http_pool_cleanup_interval: 300,
            db_pool_size: 10,
            db_connection_timeout: 5.0,
            db_pool_overflow: 20,
            db_pool_recycle: 3600,
            max_concurrent_connections: 150,
            connection_retry_attempts: 3,
            connection_retry_delay: 1.0,
            enable_metrics: true,
            health_check_interval: 60,
            alert_threshold_failed_connections: 10,
        }
    }
}

impl Default for RequestPipeline {
    fn default() -> Self {
        Self {
            enabled: true,
            status: ComponentStatus::Enabled,
            rollout_strategy: RolloutStrategy::Disabled,
            enable_caching: true,
            cache_ttl_seconds: 300,
            cache_max_size: 1000,
            cache_memory_limit_mb: 50,
            cache_cleanup_interval: 600,
            enable_batching: true,
            batch_size: 10,
            batch_timeout_ms: 50,
            max_batch_wait_time_ms: 100,
            enable_deduplication: true,
            deduplication_window_ms: 1000,
            max_concurrent_requests: 100,
            request_timeout_seconds: 30.0,
            enable_metrics: true,
            enable_request_tracing: false,
            cache_hit_rate_alert_threshold: 0.7,
        }
    }
}
