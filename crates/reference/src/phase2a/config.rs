//! The master configuration: all settings of Phase 2A, and what has to hold between them.
//!
//! This file and those that it names need the library alone, so that a program for the board takes them as they are
//! (`device/board`).

use strata_config::{LayeredConfig, LoadInfo, Report};
use strata_config_flags::FlagSettings;

use super::flags;
use super::{
    AlertConfig, ConnectionPoolConfig, HotReloadConfig, IpRange, LogLevel, RequestPipelineConfig, RolloutStrategy,
};

/// The master configuration of the Phase 2A optimisations.
#[derive(LayeredConfig, Debug, Clone, PartialEq)]
#[config(env_prefix = "PHASE_2A", validate = Self::check)]
pub struct Phase2aConfig {
    /// The master switch. Off, no component runs optimised, whatever else is set.
    #[config(default = false, env = "PHASE_2A_ENABLED")]
    pub phase_2a_enabled: bool,

    /// The rollout of every component that does not set a strategy of its own.
    #[config(default = "disabled", env = "PHASE_2A_ROLLOUT")]
    pub global_rollout_strategy: RolloutStrategy,

    /// The pools of HTTP and database connections.
    #[config(nested, env_prefix = "CONNECTION_POOL")]
    pub connection_pool: ConnectionPoolConfig,

    /// Caching, batching and deduplication of requests.
    #[config(nested, env_prefix = "REQUEST_PIPELINE")]
    pub request_pipeline: RequestPipelineConfig,

    /// Memory that all optimisations may use together, in MB. The board has 512; at least 112 are the system's.
    #[config(
        default = 256,
        env = "PHASE_2A_MAX_MEMORY_MB",
        validate(range(min = 1, max = 400)),
        fallback = 200,
        resource = "memory_mb"
    )]
    pub max_memory_usage_mb: u32,

    /// Measures the components while they run.
    #[config(default = true, env = "PHASE_2A_MONITORING")]
    pub performance_monitoring_enabled: bool,

    /// Permits the emergency shutdown of all optimisations at once.
    #[config(default = true)]
    pub emergency_shutdown_enabled: bool,

    /// The share of requests under the strategy `custom`, in per cent.
    #[config(default = 0.0, env = "PHASE_2A_ROLLOUT_PERCENTAGE", validate(range(min = 0.0, max = 100.0)))]
    pub rollout_percentage: f64,

    /// The load at which a rollout proves anything, in requests a minute; its statistics say whether a component has it.
    #[config(default = 100, validate(range(min = 1)))]
    pub rollout_target_requests_per_minute: u32,

    /// User agents that are admitted beyond the share: exact, or with `*` for any text.
    #[config(default = [], each(non_empty))]
    pub rollout_user_agent_whitelist: Vec<String>,

    /// Clients that are admitted beyond the share: addresses, or networks such as `10.0.0.0/8`.
    #[config(default = [])]
    pub rollout_ip_whitelist: Vec<IpRange>,

    /// A component that keeps failing falls back to the unoptimised path by itself.
    #[config(default = true, env = "ENABLE_AUTOMATIC_FALLBACK")]
    pub enable_automatic_fallback: bool,

    /// Failures in a row after which a component falls back.
    #[config(default = 5, env = "FALLBACK_FAILURE_THRESHOLD", validate(range(min = 1)))]
    pub fallback_failure_threshold: u32,

    /// Time before a component that fell back is tried again, in minutes.
    #[config(default = 5, env = "FALLBACK_RECOVERY_TIME_MINUTES")]
    pub fallback_recovery_time_minutes: u32,

    /// How changed files are noticed.
    #[config(nested)]
    pub hot_reload: HotReloadConfig,

    /// Makes every warning an error: an unknown variable, a deprecated key, a value that is only advised against.
    #[config(default = false, env = "CONFIG_VALIDATION_STRICT")]
    pub validation_strict: bool,

    /// Age at which a copy of remote feature flags counts as stale, in seconds.
    #[config(default = 3600, env = "FEATURE_FLAG_CACHE_TTL", validate(range(min = 1)))]
    pub feature_flag_cache_ttl: u64,

    /// When operators are alerted.
    #[config(nested)]
    pub alerts: AlertConfig,

    /// The least severe message that the components log.
    #[config(default = "INFO", env = "PHASE_2A_LOG_LEVEL")]
    pub log_level: LogLevel,

    /// Time between two exports of metrics, in seconds.
    #[config(default = 60, env = "METRICS_EXPORT_INTERVAL", validate(range(min = 1)))]
    pub metrics_export_interval: u64,

    /// Flags besides those of the components, segments, and the components that fell back.
    #[config(nested)]
    pub flags: FlagSettings,

    /// The version of this document's layout.
    #[config(default = "1.0.0", validate(non_empty))]
    pub config_version: String,

    /// When the newest file that was read was last written (RFC 3339). None where no file was read.
    #[config(computed = last_updated)]
    pub last_updated: Option<String>,

    /// What was read: the files, then `environment` where a variable set something. None where all is default.
    #[config(computed = loaded_from)]
    pub loaded_from: Option<String>,
}

impl Phase2aConfig {
    fn check(&self, report: &mut Report) {
        if self.request_pipeline.cache_memory_limit_mb > self.max_memory_usage_mb {
            let cache = Self::REQUEST_PIPELINE.join(&RequestPipelineConfig::CACHE_MEMORY_LIMIT_MB);
            report
                .error([cache, Self::MAX_MEMORY_USAGE_MB], "the cache may not exceed the memory of all optimisations");
        }
        flags::check(self, report);
    }
}

fn last_updated(info: &LoadInfo) -> Option<String> {
    info.newest_file().map(|time| humantime::format_rfc3339_seconds(time).to_string())
}

fn loaded_from(info: &LoadInfo) -> Option<String> {
    let mut sources: Vec<String> = info.files().map(|file| file.display().to_string()).collect();
    if info.has_environment() {
        sources.push("environment".to_owned());
    }
    (!sources.is_empty()).then(|| sources.join(", "))
}
