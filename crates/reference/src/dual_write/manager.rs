//! The manager of seed 001: the running configuration, with the names that the seed gives its methods.

use std::error::Error;
use std::sync::Arc;

use once_cell::sync::OnceCell;
use serde::Serialize;
use strata_config::{FieldPath, LayeredConfig, Loader, Value};
use strata_config_flags::{Flags, Settings};
use strata_config_reload::{
    Actor, Applied, Batch, Condition, DynVersion, Guard, Live, Preview, Subscription, UpdateError,
};

use super::flags;
use super::sampling::{AdapterStatus, Reports};
use super::{
    AdapterHealth, AdapterHealthConfig, AdapterType, CategoriesConfig, Category, CriticalCategory, DualWriteConfig,
    GlobalOverride, WebsocketHealth,
};

/// The running configuration of dual write. Clones are the same one.
///
/// ```
/// use std::time::Duration;
///
/// use strata_config::LayeredConfig;
/// use strata_config_flags::Outcome;
/// use strata_config_reference::dual_write::{AdapterType, Category, ConfigManager, DualWriteConfig, GlobalOverride};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
/// let manager = ConfigManager::open(DualWriteConfig::loader())?;
///
/// manager.update_category_percentage(Category::Performance, 75, "ann")?;
/// manager.update_global_override(Some(GlobalOverride::WebsocketOnly), "ann")?;
/// manager.update_adapter_health_threshold(AdapterType::Websocket, Some(0.1), Some(300), "ann")?;
///
/// assert_eq!(manager.config().percentage_for_category(Category::Performance), 75);
/// assert_eq!(manager.adapters_for_category(Category::Critical, "session-1"), [AdapterType::Websocket]);
/// manager.report(AdapterType::Websocket, Outcome::OK.after(Duration::from_millis(20)));
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct ConfigManager {
    live: Live<DualWriteConfig>,
    pub(super) flags: Flags,
    pub(super) reports: Arc<Reports>,
}

/// The whole configuration in effect, as it is used.
#[derive(Debug, Clone, Serialize)]
pub struct Summary {
    /// The five categories.
    pub categories: Vec<CategorySummary>,
    /// The one way that all events go.
    pub global_override: Option<GlobalOverride>,
    /// The limits of each adapter.
    pub adapter_health: Vec<(AdapterType, AdapterHealth)>,
    /// How each adapter is doing.
    pub adapter_status: Vec<AdapterStatus>,
    /// Whether an unhealthy adapter is left out.
    pub circuit_breaker_enabled: bool,
    /// Whether everything that was read can be used.
    pub condition: Condition,
}

/// What becomes of a category's events.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CategorySummary {
    /// The category.
    pub category: Category,
    /// Whether they are written at all.
    pub enabled: bool,
    /// The share that is sampled, in per cent.
    pub percentage: u8,
    /// Where they go, an override included.
    pub adapters: Vec<AdapterType>,
    /// Whether that is more than one adapter.
    pub dual_write: bool,
}

static PROCESS: OnceCell<ConfigManager> = OnceCell::new();

impl ConfigManager {
    /// The process's manager, over its environment: the seed's singleton. The first who asks loads it.
    ///
    /// # Errors
    /// Everything that is wrong with the environment; the next who asks tries again.
    pub fn global() -> Result<Self, Box<dyn Error + Send + Sync>> {
        PROCESS.get_or_try_init(|| Self::open(DualWriteConfig::loader().env())).cloned()
    }

    /// A manager of its own, over a loader's sources.
    ///
    /// # Errors
    /// Everything that is wrong with the configuration.
    pub fn open(loader: Loader<DualWriteConfig>) -> Result<Self, Box<dyn Error + Send + Sync>> {
        Ok(Self::of(Live::of(loader).open()?, Settings::default())?)
    }

    /// The manager of a running configuration; the settings are those of its flags, a clock of one's own among them.
    ///
    /// # Errors
    /// Everything that is wrong with the flags in effect.
    pub fn of(live: Live<DualWriteConfig>, settings: Settings) -> Result<Self, UpdateError> {
        let flags = Flags::follow_by(&live, settings, flags::collect)?;
        Ok(Self { live, flags, reports: Arc::default() })
    }

    /// The running configuration itself.
    #[must_use]
    pub fn live(&self) -> &Live<DualWriteConfig> {
        &self.live
    }

    /// The configuration at this moment: the seed's `get_config`.
    #[must_use]
    pub fn config(&self) -> Guard<DualWriteConfig> {
        self.live.get()
    }

    /// Sets whether a category's events are written.
    ///
    /// # Errors
    /// As for every update: what would be wrong with the result; then nothing changed.
    pub fn update_category_enabled(
        &self,
        category: Category,
        enabled: bool,
        actor: impl Into<Actor>,
    ) -> Result<Applied, UpdateError> {
        self.set(&category_path(category).join(&CriticalCategory::ENABLED), enabled, actor)
    }

    /// Sets the share of a category's events that is sampled, in per cent.
    ///
    /// # Errors
    /// As for every update; more than 100 is wrong.
    pub fn update_category_percentage(
        &self,
        category: Category,
        percentage: u8,
        actor: impl Into<Actor>,
    ) -> Result<Applied, UpdateError> {
        self.set(&category_path(category).join(&CriticalCategory::PERCENTAGE), percentage, actor)
    }

    /// Sets where a category's events go.
    ///
    /// # Errors
    /// As for every update; an adapter that is named twice is wrong.
    pub fn update_category_adapters(
        &self,
        category: Category,
        adapters: &[AdapterType],
        actor: impl Into<Actor>,
    ) -> Result<Applied, UpdateError> {
        self.set(&category_path(category).join(&CriticalCategory::ADAPTERS), adapters, actor)
    }

    /// Sends all events one way; `None` ends that, whatever the environment says.
    ///
    /// # Errors
    /// As for every update.
    pub fn update_global_override(
        &self,
        global_override: Option<GlobalOverride>,
        actor: impl Into<Actor>,
    ) -> Result<Applied, UpdateError> {
        self.set(&DualWriteConfig::GLOBAL_OVERRIDE, global_override, actor)
    }

    /// Sets limits of an adapter, those that are given, both or neither.
    ///
    /// # Errors
    /// As for every update.
    pub fn update_adapter_health_threshold(
        &self,
        adapter: AdapterType,
        error_threshold: Option<f64>,
        latency_threshold_ms: Option<u64>,
        actor: impl Into<Actor>,
    ) -> Result<Applied, UpdateError> {
        // Both structs have the same fields, so the constants of one name those of the other.
        let path = DualWriteConfig::ADAPTER_HEALTH.join(&AdapterHealthConfig::path(adapter));
        let mut batch = Batch::new();
        if let Some(share) = error_threshold {
            batch = batch.set(path.join(&WebsocketHealth::ERROR_THRESHOLD).as_str(), share);
        }
        if let Some(time) = latency_threshold_ms {
            batch = batch.set(path.join(&WebsocketHealth::LATENCY_THRESHOLD_MS).as_str(), time);
        }
        self.live.apply(&batch, actor)
    }

    /// What a patch would do, and everything that would be wrong; nothing changes.
    #[must_use]
    pub fn validate<P: Serialize + ?Sized>(&self, patch: &P) -> Preview {
        self.live.validate(patch)
    }

    /// Calls a function with every new configuration, for as long as what it returns is held. One that fails or takes
    /// its time stops nobody else.
    pub fn register_change_listener(
        &self,
        mut listener: impl FnMut(&DualWriteConfig) + Send + 'static,
    ) -> Subscription {
        let subscription = self.live.subscribe("", move |event| listener(event.after.running()));
        subscription.expect("the path of the whole configuration names something")
    }

    /// Reads the environment again, and nothing else; whether anything differs. What was set at run time stays.
    ///
    /// # Errors
    /// What is wrong with the variables; then what was in effect stays in effect.
    pub fn reload_from_env(&self) -> Result<bool, UpdateError> {
        self.live.reload("environment")
    }

    /// The configuration as a value: the seed's `get_config_dict`.
    #[must_use]
    pub fn config_value(&self) -> Value {
        DynVersion::export(&*self.live.version())
    }

    /// What becomes of the events of every category now.
    #[must_use]
    pub fn summary(&self) -> Summary {
        let config = self.config();
        let categories = Category::ALL.map(|category| CategorySummary {
            category,
            enabled: config.is_category_enabled(category),
            percentage: config.percentage_for_category(category),
            adapters: config.adapters_for_category(category).to_vec(),
            dual_write: config.should_dual_write(category),
        });
        let health = |adapter| (adapter, config.adapter_health.get(adapter));
        Summary {
            categories: categories.to_vec(),
            global_override: config.global_override,
            adapter_health: AdapterType::ALL.map(health).to_vec(),
            adapter_status: AdapterType::ALL.map(|adapter| self.adapter_status(adapter)).to_vec(),
            circuit_breaker_enabled: config.circuit_breaker_enabled,
            condition: self.live.status().condition,
        }
    }

    fn set(&self, path: &FieldPath, value: impl Serialize, actor: impl Into<Actor>) -> Result<Applied, UpdateError> {
        self.live.set(path.as_str(), value, actor)
    }
}

/// The five structs have the same fields, so the constants of one name those of all.
fn category_path(category: Category) -> FieldPath {
    DualWriteConfig::CATEGORIES.join(&CategoriesConfig::path(category))
}
