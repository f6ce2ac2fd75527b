//! Lazy loading: when a service unloads packages that it does not need, and loads them again.
//!
//! The settings are meant to be turned while the service runs: every one takes effect at once. Their keys are flat and
//! long, as clients name them in the paths of the HTTP API.
//!
//! ```
//! use strata_config::LayeredConfig;
//! use strata_config_reference::lazy_loading::{LazyLoadingConfig, UnloadingStrategy};
//!
//! let loaded = LazyLoadingConfig::loader()
//!     .text("site.yaml", "lazy_loading_unloading_strategy: AGGRESSIVE")
//!     .env_from([("CACHE_SIZE_LIMIT", "256MiB")])
//!     .load()?;
//!
//! let config = loaded.config();
//! assert_eq!(config.lazy_loading_unloading_strategy, UnloadingStrategy::Aggressive);
//! assert_eq!(config.cache_size_limit, 256 << 20);
//! # Ok::<(), strata_config::Report>(())
//! ```
//!
//! # Where its variables come from
//!
//! There is no prefix: a variable is its key in capitals (`MAX_CONCURRENT_LOADS`).

mod batch;
mod dialect;
mod engine;
mod notification;
mod rule;
mod service;
mod snapshots;
mod summary;
mod value;

pub use batch::{BatchResult, KeyResult};
pub use engine::ConfigurationEngine;
pub use notification::Notification;
pub use rule::ValidationRule;
pub use service::{ServiceManager, SynchroniseError};
pub use summary::{Summary, ValidationStatus};
pub use value::{EngineValue, ValueSource};

mod presets;

use std::error::Error;
use std::time::Duration;

use strata_config::{ConfigEnum, LayeredConfig, Value};
use strata_config_admin::{Admin, Experiments};

use strata_config_reload::{Declaration, Live, Preset};

use crate::system::{self, System};
use dialect::LazyLoadingDialect;

/// The run-time configuration of lazy loading.
#[derive(LayeredConfig, Debug, Clone, PartialEq)]
pub struct LazyLoadingConfig {
    // Unloading
    /// Unloads packages that have not been used for a while.
    #[config(default = true)]
    pub lazy_loading_unloading_enabled: bool,

    /// Time between two checks for packages to unload, in seconds.
    #[config(default = 60.0, validate(range(min = 0.001)))]
    pub lazy_loading_unloading_check_interval: f64,

    /// Which of the timeouts counts.
    #[config(default = "BALANCED")]
    pub lazy_loading_unloading_strategy: UnloadingStrategy,

    /// Time without use after which the strategy `AGGRESSIVE` unloads a package, in seconds.
    #[config(default = 300.0, validate(range(min = 0.001)))]
    pub lazy_loading_unloading_aggressive_timeout: f64,

    /// Time without use after which the strategy `BALANCED` unloads a package, in seconds.
    #[config(default = 600.0, validate(range(min = 0.001)))]
    pub lazy_loading_unloading_balanced_timeout: f64,

    /// Time without use after which the strategy `CONSERVATIVE` unloads a package, in seconds.
    #[config(default = 1200.0, validate(range(min = 0.001)))]
    pub lazy_loading_unloading_conservative_timeout: f64,

    /// Share of the memory in use (0.0-1.0) above which the memory pressure timeout counts.
    #[config(default = 0.8, validate(range(min = 0.0, max = 1.0)))]
    pub lazy_loading_unloading_memory_pressure_threshold: f64,

    /// Time without use after which a package is unloaded under memory pressure, in seconds.
    #[config(default = 60.0, validate(range(min = 0.001)))]
    pub lazy_loading_unloading_memory_pressure_timeout: f64,

    /// Packages that one check unloads at most.
    #[config(default = 5, validate(range(min = 1)))]
    pub lazy_loading_unloading_max_unloads_per_cycle: u32,

    /// Memory that unloading a package must free, in bytes or as a size (`1MiB`).
    #[config(default = 1_048_576, with = bytes, validate(range(min = 1)))]
    pub lazy_loading_unloading_min_memory_savings_threshold: u64,

    // Reloading
    /// Loads packages again whose files changed.
    #[config(default = true)]
    pub package_reloading_enabled: bool,

    /// Loads a package again only where that pays.
    #[config(default = true)]
    pub smart_reloading_enabled: bool,

    /// Time between two checks for packages to load again, in seconds.
    #[config(default = 30.0, validate(range(min = 0.001)))]
    pub reloading_check_interval: f64,

    /// Packages that one check loads again at most.
    #[config(default = 3, validate(range(min = 1)))]
    pub max_reloads_per_cycle: u32,

    /// Gain in performance (0.0-1.0) that loading a package again must bring.
    #[config(default = 0.1, validate(range(min = 0.0, max = 1.0)))]
    pub reloading_performance_threshold: f64,

    // Memory
    /// Share of the memory in use (0.0-1.0) above which the whole service saves memory.
    #[config(default = 0.8, validate(range(min = 0.0, max = 1.0)))]
    pub memory_pressure_threshold: f64,

    /// Saves memory under pressure.
    #[config(default = true)]
    pub memory_optimization_enabled: bool,

    /// Time between two clean-ups of memory, in seconds.
    #[config(default = 300.0, validate(range(min = 0.001)))]
    pub memory_cleanup_interval: f64,

    // Performance
    /// Packages that are loaded at the same time at most.
    #[config(default = 10, validate(range(min = 1, max = 1000)))]
    pub max_concurrent_loads: u32,

    /// Time that loading a package may take, in seconds.
    #[config(default = 30.0, validate(range(min = 0.001)))]
    pub load_timeout: f64,

    /// Keeps loaded packages.
    #[config(default = true)]
    pub cache_enabled: bool,

    /// Memory of the kept packages, in bytes or as a size (`100MiB`).
    #[config(default = 104_857_600, with = bytes, validate(range(min = 1)))]
    pub cache_size_limit: u64,

    // Analytics and monitoring
    /// Records which packages are used.
    #[config(default = true)]
    pub analytics_enabled: bool,

    /// Measures how long packages take to load.
    #[config(default = true)]
    pub performance_monitoring_enabled: bool,

    /// Time between two collections of figures, in seconds.
    #[config(default = 60.0, validate(range(min = 0.001)))]
    pub metrics_collection_interval: f64,
}

/// Bytes as clients of the HTTP API know them: a number. Sources may also write `100MiB`.
mod bytes {
    use serde::{Deserialize, Deserializer, Serializer};
    use strata_config::ByteSize;

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u64, D::Error> {
        ByteSize::deserialize(deserializer).map(ByteSize::bytes)
    }

    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands over a reference")]
    pub(super) fn serialize<S: Serializer>(bytes: &u64, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_u64(*bytes)
    }
}

/// How soon an unused package is unloaded.
#[derive(ConfigEnum, Debug, Clone, Copy, PartialEq, Eq)]
#[config(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum UnloadingStrategy {
    /// Soon: memory is short.
    Aggressive,
    /// After a fair time.
    Balanced,
    /// Late: loading takes long.
    Conservative,
}

impl System for LazyLoadingConfig {
    const NAME: &'static str = "lazy-loading";

    fn presets() -> Vec<Preset> {
        presets::all()
    }

    fn declarations() -> Vec<Declaration> {
        // The seed's own example.
        let rule = ValidationRule::new(
            "custom_setting",
            "Custom setting must be a non-empty string",
            |value| matches!(value, Value::String(text) if !text.is_empty()),
        );
        vec![Experiments::declaration(), rule.required().default_value("default").into()]
    }

    fn admin(live: &Live<Self>) -> Result<Admin, Box<dyn Error + Send + Sync>> {
        system::watch(live)?;
        let engine = ConfigurationEngine::of(live.clone());
        let admin = system::tell_figures(system::interface(live)?, live, |config| {
            let interval = Duration::try_from_secs_f64(config.metrics_collection_interval).unwrap_or(Duration::MAX);
            config.performance_monitoring_enabled.then_some(interval)
        });
        Ok(admin.mount("/api/lazy-loading-config", LazyLoadingDialect { engine }))
    }
}
