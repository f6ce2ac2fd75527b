//! What operators turn: the cache of the configuration, logging, security.

use strata_config::{ConfigEnum, LayeredConfig};
use tracing::level_filters::LevelFilter;

/// The cache of the configuration itself.
#[derive(LayeredConfig, Debug, Clone, PartialEq)]
pub struct CacheConfig {
    /// Age at which a copy of the database's settings counts as stale, in seconds.
    #[config(default = 300, validate(range(min = 1)))]
    pub ttl_seconds: u64,

    /// Follows the hints that the statistics give.
    #[config(default = true)]
    pub auto_optimize: bool,

    /// Share of hits (0.0-1.0) below which the cache counts as critical.
    #[config(default = 0.1, validate(range(min = 0.0, max = 1.0)))]
    pub optimize_threshold: f64,

    /// Reads all settings when the application starts, so that the first request does not wait for them.
    #[config(default = true)]
    pub warm_on_start: bool,
}

/// What protects the application. Since version 1.3.0.
#[derive(LayeredConfig, Debug, Clone, PartialEq)]
pub struct SecurityConfig {
    /// Records who changed which setting.
    #[config(default = true)]
    pub audit_logging: bool,

    /// Requests of one user that are answered, per minute.
    #[config(default = 60, validate(range(min = 1)))]
    pub rate_limit_per_minute: u32,

    /// Age at which the key of an AI provider is to be replaced, in days.
    #[config(
        default = 90,
        validate(range(min = 1)),
        warn(range(max = 365), "a key that is more than a year old is often known to others")
    )]
    pub api_key_rotation_days: u32,
}

/// The least severe message that is logged.
#[derive(ConfigEnum, Debug, Clone, Copy, PartialEq, Eq)]
#[config(rename_all = "UPPERCASE")]
pub enum LogLevel {
    /// Everything, for developers.
    Debug,
    /// The normal course of things.
    Info,
    /// What may become a problem.
    #[config(alias = "WARN")]
    Warning,
    /// What failed.
    Error,
}

impl LogLevel {
    /// What of a log is written at this level.
    #[must_use]
    pub const fn filter(self) -> LevelFilter {
        match self {
            Self::Debug => LevelFilter::DEBUG,
            Self::Info => LevelFilter::INFO,
            Self::Warning => LevelFilter::WARN,
            Self::Error => LevelFilter::ERROR,
        }
    }
}
