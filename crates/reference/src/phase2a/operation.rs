//! What operators turn while the system runs: hot reload, alerts, logging.

use strata_config::{ConfigEnum, LayeredConfig};

/// How changed files are noticed.
#[derive(LayeredConfig, Debug, Clone, PartialEq)]
pub struct HotReloadConfig {
    /// Loads files again when they change.
    #[config(default = true, env = "ENABLE_HOT_RELOAD")]
    pub enabled: bool,

    /// Time after which a change is seen even where the file system announces none, in seconds.
    #[config(default = 30, validate(range(min = 1)))]
    pub check_interval: u64,
}

/// When operators are alerted. The thresholds of single components stand beside their other settings.
#[derive(LayeredConfig, Debug, Clone, PartialEq)]
pub struct AlertConfig {
    /// Raises alerts.
    #[config(default = true, env = "ENABLE_PERFORMANCE_ALERTS")]
    pub enabled: bool,

    /// Memory in use above which an alert is raised, in MB.
    #[config(default = 200, env = "MEMORY_ALERT_THRESHOLD_MB", validate(range(min = 1)))]
    pub memory_threshold_mb: u32,
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
    /// What stops the system.
    Critical,
}
