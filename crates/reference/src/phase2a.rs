//! Phase 2A: the gradual rollout of optimised components on a Raspberry Pi Zero 2W.
//!
//! Two components, a [connection pool](ConnectionPoolConfig) and a [request pipeline](RequestPipelineConfig), go live for
//! a growing share of the requests. Everything is off until somebody turns it on; a component that fails too often falls
//! back by itself; and no setting may ask for more than the board has.
//!
//! ```
//! use strata_config::LayeredConfig;
//! use strata_config_reference::phase2a::{Phase2aConfig, RolloutStrategy};
//!
//! let loaded = Phase2aConfig::loader()
//!     .text("site.toml", "phase_2a_enabled = true\nconnection_pool.rollout_strategy = 'canary'")
//!     .env_from([("HTTP_POOL_SIZE", "50")])
//!     .load()?;
//!
//! let config = loaded.config();
//! assert!(config.phase_2a_enabled);
//! assert_eq!(config.connection_pool.rollout_strategy, RolloutStrategy::Canary);
//! assert_eq!(config.connection_pool.http_total_pool_size, 50);
//! assert_eq!(config.request_pipeline.batch_size, 10);
//! # Ok::<(), strata_config::Report>(())
//! ```
//!
//! [`ConfigurationManager`] runs it, and [`FeatureFlagManager`] decides which requests get which component.
//!
//! # Where its variables come from
//!
//! The documented names (`HTTP_POOL_SIZE`, `CACHE_TTL_SECONDS`) have no common prefix, so each stands at its field. A
//! setting without a documented name gets one from its path, below `CONNECTION_POOL`, `REQUEST_PIPELINE` or `PHASE_2A`.
//! Two variables steer the loading itself: `PHASE_2A_CONFIG_FILE` names a file, and `CONFIG_VALIDATION_STRICT` chooses
//! the mode.

mod alerts;
mod component;
mod config;
mod connection_pool;
mod dialect;
mod emergency;
mod flag_context;
mod flag_manager;
mod flags;
mod forced;
mod hot_reload;
mod ip_range;
mod load;
mod manager;
mod operation;
mod presets;
mod request_pipeline;
mod rollout;
mod rollout_routes;
mod save;
mod statistics;

pub use alerts::alert_rules;
pub use component::{Component, ComponentRollout};
pub use config::Phase2aConfig;
pub use connection_pool::ConnectionPoolConfig;
pub use emergency::EmergencyError;
pub use flag_context::FeatureFlagContext;
pub use flag_manager::FeatureFlagManager;
pub use ip_range::{InvalidIpRange, IpRange};
pub use manager::{ConfigurationManager, Persist, Summary};
pub use operation::{AlertConfig, HotReloadConfig, LogLevel};
pub use request_pipeline::RequestPipelineConfig;
pub use rollout::{ComponentStatus, RolloutStrategy};
pub use statistics::{ComponentStatistics, FallbackStatistics, RolloutStatistics};

use std::error::Error;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use strata_config::Loader;
use strata_config_admin::Admin;
use strata_config_flags::{Collected, Configured, FlagSet};
use strata_config_reload::{Live, Preset};
use tracing::level_filters::LevelFilter;

use crate::system::{self, System};
use dialect::Phase2aDialect;

impl System for Phase2aConfig {
    const NAME: &'static str = "phase2a";

    fn presets() -> Vec<Preset> {
        presets::all()
    }

    fn files(loader: Loader<Self>, _folder: &Path) -> Loader<Self> {
        loader
            .mode_from_env("CONFIG_VALIDATION_STRICT")
            .strict_if(|config| config.validation_strict)
            .file_from_env("PHASE_2A_CONFIG_FILE")
    }

    fn flags(configured: &Configured<'_, Self>, before: Option<&FlagSet>) -> Collected {
        flags::collect(configured, before)
    }

    fn log_level(config: &Self) -> LevelFilter {
        config.log_level.filter()
    }

    fn admin(live: &Live<Self>) -> Result<Admin, Box<dyn Error + Send + Sync>> {
        let manager = ConfigurationManager::of(live.clone(), system::watch_options())?;
        let flags = FeatureFlagManager::new(manager)?;
        let admin = system::interface(live)?.flags(flags.flags().clone());
        let admin = alert_rules().into_iter().fold(admin.rollout(Arc::new(flags.clone())), Admin::alert);
        let admin = system::tell_figures(admin, live, |config| {
            config.performance_monitoring_enabled.then(|| Duration::from_secs(config.metrics_export_interval))
        });
        Ok(admin.mount("/api/admin/phase2a", Phase2aDialect { flags }))
    }
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
            // Nothing that is logged stops the system: that is told where it ends.
            Self::Critical => LevelFilter::OFF,
        }
    }
}
