//! Dual write: which events of a monitor go to which of two transports.
//!
//! A monitor moves from WebSocket to Realtime, one [`Category`] of events at a time. Each category has a switch, the
//! share of its events that is sampled, and its adapters; with both adapters, its events are written twice and can be
//! compared. An override sends everything one way at once, and a circuit breaker leaves out a transport that fails.
//!
//! ```
//! use strata_config::LayeredConfig;
//! use strata_config_reference::dual_write::{AdapterType, Category, DualWriteConfig};
//!
//! let loaded = DualWriteConfig::loader().env_from([("DUAL_WRITE_PERFORMANCE_PERCENTAGE", "75")]).load()?;
//!
//! let config = loaded.config();
//! assert_eq!(config.percentage_for_category(Category::Performance), 75);
//! assert_eq!(config.adapters_for_category(Category::Performance), [AdapterType::Websocket]);
//! assert!(!config.should_dual_write(Category::Performance));
//! assert!(config.should_dual_write("CRITICAL".parse().unwrap()));
//! # Ok::<(), strata_config::Report>(())
//! ```
//!
//! [`ConfigManager`] decides for single events: [`adapters_for_category`](ConfigManager::adapters_for_category) samples by
//! the event's unit and leaves out whose breaker is open, as reports of writes say.
//!
//! # Where its variables come from
//!
//! The root's prefix is `DUAL_WRITE`. A category replaces it (`DUAL_WRITE_CRITICAL_PERCENTAGE`), so that its name
//! follows the prefix at once; so does an adapter (`ADAPTER_REALTIME_ERROR_THRESHOLD`). The circuit breaker's settings
//! stand at the root and name their variables.

mod adapters;
mod categories;
mod dialect;
mod flags;
mod manager;
mod presets;
mod sampling;

pub use adapters::{AdapterHealth, AdapterHealthConfig, AdapterType, RealtimeHealth, WebsocketHealth};
pub use categories::{
    CategoriesConfig, Category, CategoryConfig, CriticalCategory, DebugCategory, PerformanceCategory, SystemCategory,
    UserActivityCategory,
};
pub use manager::{CategorySummary, ConfigManager, Summary};
pub use sampling::AdapterStatus;

use std::error::Error;

use strata_config::{ConfigEnum, LayeredConfig, Report};
use strata_config_admin::Admin;
use strata_config_flags::{Collected, Configured, FlagSet, FlagSettings, Settings};
use strata_config_reload::{Live, Preset};

use crate::system::{self, System};
use dialect::DualWriteDialect;

/// The sampling of a monitor's events to two transports.
#[derive(LayeredConfig, Debug, Clone, PartialEq)]
#[config(env_prefix = "DUAL_WRITE", validate = Self::check)]
pub struct DualWriteConfig {
    /// The categories of events.
    #[config(nested)]
    pub categories: CategoriesConfig,

    /// Sends the events of every enabled category one way, whatever its adapters are. `null` for no override.
    #[config(default = None)]
    pub global_override: Option<GlobalOverride>,

    /// When an adapter counts as unhealthy.
    #[config(nested)]
    pub adapter_health: AdapterHealthConfig,

    /// Leaves out an adapter that is unhealthy.
    #[config(default = true, env = "CIRCUIT_BREAKER_ENABLED")]
    pub circuit_breaker_enabled: bool,

    /// Share of failed writes (0.0-1.0) above which the breaker opens.
    #[config(default = 0.05, env = "CIRCUIT_BREAKER_FAILURE_THRESHOLD", validate(range(min = 0.0, max = 1.0)))]
    pub circuit_breaker_failure_threshold: f64,

    /// Time before an adapter that was left out is tried again, in seconds.
    #[config(default = 30, env = "CIRCUIT_BREAKER_RECOVERY_TIME_S", validate(range(min = 1)))]
    pub circuit_breaker_recovery_time_s: u64,

    /// The breaker also opens when writes take longer than this many times the adapter's latency threshold.
    #[config(default = 2.0, env = "CIRCUIT_BREAKER_LATENCY_MULTIPLIER", validate(range(min = 1.0)))]
    pub circuit_breaker_latency_multiplier: f64,

    /// Flags besides those of categories and adapters, segments, and the breakers that are open.
    #[config(nested)]
    pub flags: FlagSettings,
}

/// The one way that all events go.
#[derive(ConfigEnum, Debug, Clone, Copy, PartialEq, Eq)]
pub enum GlobalOverride {
    /// WebSocket alone.
    WebsocketOnly,
    /// Realtime alone.
    RealtimeOnly,
}

impl DualWriteConfig {
    /// The settings of one category.
    #[must_use]
    pub fn category(&self, category: Category) -> CategoryConfig<'_> {
        self.categories.get(category)
    }

    /// Whether the category's events are written at all.
    #[must_use]
    pub fn is_category_enabled(&self, category: Category) -> bool {
        self.category(category).enabled
    }

    /// The adapters that the category's events go to: none while it is disabled, one under an override.
    #[must_use]
    pub fn adapters_for_category(&self, category: Category) -> &[AdapterType] {
        let settings = self.categories.get(category);
        if !settings.enabled {
            return &[];
        }
        match self.global_override {
            Some(GlobalOverride::WebsocketOnly) => &[AdapterType::Websocket],
            Some(GlobalOverride::RealtimeOnly) => &[AdapterType::Realtime],
            None => settings.adapters,
        }
    }

    /// Whether the category's events go to more than one adapter.
    #[must_use]
    pub fn should_dual_write(&self, category: Category) -> bool {
        self.adapters_for_category(category).len() > 1
    }

    /// The share of the category's events that is sampled, in per cent.
    #[must_use]
    pub fn percentage_for_category(&self, category: Category) -> u8 {
        self.categories.get(category).percentage
    }

    fn check(&self, report: &mut Report) {
        flags::check(self, report);
        for category in Category::ALL {
            let settings = self.categories.get(category);
            if settings.enabled && settings.adapters.is_empty() {
                // The five structs have the same fields, so the constants of one name those of all.
                let path = Self::CATEGORIES.join(&CategoriesConfig::path(category));
                report.warn(
                    [path.join(&CriticalCategory::ADAPTERS), path.join(&CriticalCategory::ENABLED)],
                    "the category is enabled, but its events go to no adapter",
                );
            }
        }
    }
}

impl System for DualWriteConfig {
    const NAME: &'static str = "dual-write";

    fn presets() -> Vec<Preset> {
        presets::all()
    }

    fn flags(configured: &Configured<'_, Self>, before: Option<&FlagSet>) -> Collected {
        flags::collect(configured, before)
    }

    fn admin(live: &Live<Self>) -> Result<Admin, Box<dyn Error + Send + Sync>> {
        system::watch(live)?;
        let manager = ConfigManager::of(live.clone(), Settings::default())?;
        let admin = system::interface(live)?.flags(manager.flags().clone());
        Ok(admin.mount("/api/dual-write", DualWriteDialect { manager }))
    }
}
