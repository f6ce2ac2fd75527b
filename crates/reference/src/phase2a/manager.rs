//! The manager of seed 000: the running configuration, with the names that the seed gives its methods.

use std::error::Error;
use std::io;
use std::path::Path;
use std::sync::Arc;

use serde::Serialize;
use strata_config::{Loader, Value};
use strata_config_reload::{
    Actor, Applied, Condition, DynVersion, Guard, Live, Preview, Subscription, UpdateError, Version, WatchError,
    WatchOptions,
};
use strata_config_store::{Store, Timestamp};

use super::hot_reload::HotReload;
use super::{Component, ComponentRollout, Phase2aConfig, RolloutStrategy, save};

/// The running configuration of Phase 2A. Clones are the same one.
///
/// ```
/// use serde_json::json;
/// use strata_config::LayeredConfig;
/// use strata_config_reference::phase2a::{Component, ConfigurationManager, Persist, Phase2aConfig};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
/// let loader = Phase2aConfig::loader().env_from([("PHASE_2A_ENABLED", "true"), ("PHASE_2A_ROLLOUT", "canary")]);
/// let manager = ConfigurationManager::open(loader, strata_config_store::open("memory:")?)?;
/// assert_eq!(manager.effective_rollout_percentage(Component::ConnectionPool), 5.0);
///
/// let patch = json!({"connection_pool": {"rollout_strategy": "majority"}});
/// manager.update_configuration(&patch, Persist::Stored, "ann")?;
/// assert_eq!(manager.effective_rollout_percentage(Component::ConnectionPool), 75.0);
/// assert_eq!(manager.effective_rollout_percentage(Component::RequestPipeline), 5.0);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct ConfigurationManager {
    live: Live<Phase2aConfig>,
    hot_reload: Arc<HotReload>,
}

/// How long an update lasts: the seed's `persist`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Persist {
    /// It is stored, and there again after a restart.
    Stored,
    /// It is this process's alone, and ends with it, or with a stored update of the same settings.
    ThisProcess,
}

/// The rollout and the state of the configuration, in short.
#[derive(Debug, Clone, Serialize)]
pub struct Summary {
    /// The master switch.
    pub phase_2a_enabled: bool,
    /// The strategy of components that set none.
    pub global_rollout_strategy: RolloutStrategy,
    /// The share under the strategy `custom`.
    pub global_rollout_percentage: f64,
    /// The pools.
    pub connection_pool: ComponentRollout,
    /// The pipeline.
    pub request_pipeline: ComponentRollout,
    /// What was read: the files, then `environment`.
    pub loaded_from: Option<String>,
    /// When the configuration in effect took effect.
    pub last_updated: Timestamp,
    /// The revision of the store that is in effect.
    pub revision: u64,
    /// Whether everything that was read can be used.
    pub condition: Condition,
    /// Why not.
    pub reasons: Vec<String>,
}

impl ConfigurationManager {
    /// Loads the configuration from a loader's sources and what a store holds; while `hot_reload.enabled`, its files are
    /// watched from then on.
    ///
    /// # Errors
    /// Everything that is wrong with the configuration; why the store can't be read; or that the system has no thread
    /// left.
    pub fn open(loader: Loader<Phase2aConfig>, store: Arc<dyn Store>) -> Result<Self, Box<dyn Error + Send + Sync>> {
        Ok(Self::of(Live::of(loader).store(store).open()?, WatchOptions::new())?)
    }

    /// The manager of a running configuration, which nobody else watches. While `hot_reload.enabled`, its files are
    /// watched, as the settings say; the options say the rest.
    ///
    /// # Errors
    /// Somebody else watches it, or the system has no thread left.
    pub fn of(live: Live<Phase2aConfig>, options: WatchOptions) -> Result<Self, WatchError> {
        let hot_reload = Arc::new(HotReload::follow(&live, options)?);
        Ok(Self { live, hot_reload })
    }

    /// The running configuration itself.
    #[must_use]
    pub fn live(&self) -> &Live<Phase2aConfig> {
        &self.live
    }

    /// The configuration at this moment: the seed's `get_config`.
    #[must_use]
    pub fn config(&self) -> Guard<Phase2aConfig> {
        self.live.get()
    }

    /// Reads files, environment and store again: the seed's `load_configuration`. Whether anything differs.
    ///
    /// # Errors
    /// What of it can't be used; there, what was in effect stays in effect.
    pub fn load_configuration(&self) -> Result<bool, UpdateError> {
        self.live.reload_all()
    }

    /// Merges a patch (RFC 7396), so that what it does not name stays as it is.
    ///
    /// # Errors
    /// Everything that would be wrong with the result; then nothing changed.
    pub fn update_configuration<P: Serialize + ?Sized>(
        &self,
        patch: &P,
        persist: Persist,
        actor: impl Into<Actor>,
    ) -> Result<Applied, UpdateError> {
        match persist {
            Persist::Stored => self.live.update(patch, actor),
            Persist::ThisProcess => self.live.update_here(patch, actor),
        }
    }

    /// What a patch would do, and everything that would be wrong; nothing changes.
    #[must_use]
    pub fn validate<P: Serialize + ?Sized>(&self, patch: &P) -> Preview {
        self.live.validate(patch)
    }

    /// Calls a function with every new configuration, for as long as what it returns is held. One that fails or takes
    /// its time stops nobody else.
    pub fn register_change_callback(&self, mut callback: impl FnMut(&Phase2aConfig) + Send + 'static) -> Subscription {
        let listener = self.live.subscribe("", move |event| callback(event.after.running()));
        listener.expect("the path of the whole configuration names something")
    }

    /// Watches the files from now on, whatever the settings say, in this process alone.
    ///
    /// # Errors
    /// As for an update; and where the system has no thread left.
    pub fn start_hot_reload(&self, actor: impl Into<Actor>) -> Result<(), Box<dyn Error + Send + Sync>> {
        self.set_hot_reload(true, actor.into())
    }

    /// Watches the files no longer, whatever the settings say, in this process alone.
    ///
    /// # Errors
    /// As for [`start_hot_reload`](Self::start_hot_reload).
    pub fn stop_hot_reload(&self, actor: impl Into<Actor>) -> Result<(), Box<dyn Error + Send + Sync>> {
        self.set_hot_reload(false, actor.into())
    }

    fn set_hot_reload(&self, on: bool, actor: Actor) -> Result<(), Box<dyn Error + Send + Sync>> {
        let on = Value::Map(vec![("enabled".to_owned(), Value::Bool(on))]);
        self.live.update_here(&Value::Map(vec![("hot_reload".to_owned(), on)]), actor)?;
        // It would follow by itself soon; whoever called this may rely on it at once.
        Ok(self.hot_reload.adjust()?)
    }

    /// The whole configuration, with every field: the seed's `to_dict`.
    #[must_use]
    pub fn to_value(&self) -> Value {
        DynVersion::export(&*self.live.version())
    }

    /// Writes the whole configuration as JSON: all of it or nothing, whatever happens meanwhile.
    ///
    /// # Errors
    /// Why it could not be written; then the file is what it was.
    pub fn to_file(&self, path: &Path) -> io::Result<()> {
        save::replace(path, &serde_json::to_vec_pretty(&self.to_value())?)
    }

    /// How far a component is rolled out.
    #[must_use]
    pub fn component(&self, component: Component) -> ComponentRollout {
        ComponentRollout::of(&self.live.version(), component)
    }

    /// The share of requests that a component serves, in per cent: the seed's `get_effective_rollout_percentage`.
    #[must_use]
    pub fn effective_rollout_percentage(&self, component: Component) -> f64 {
        self.component(component).percentage
    }

    /// The rollout and the state of the configuration, in short.
    #[must_use]
    pub fn summary(&self) -> Summary {
        let (version, status) = (self.live.version(), self.live.status());
        let version: &Version<Phase2aConfig> = &version;
        let config = version.running();
        Summary {
            phase_2a_enabled: config.phase_2a_enabled,
            global_rollout_strategy: config.global_rollout_strategy,
            global_rollout_percentage: config.rollout_percentage,
            connection_pool: ComponentRollout::of(version, Component::ConnectionPool),
            request_pipeline: ComponentRollout::of(version, Component::RequestPipeline),
            loaded_from: config.loaded_from.clone(),
            last_updated: version.at(),
            revision: version.revision(),
            condition: status.condition,
            reasons: status.reasons,
        }
    }
}
