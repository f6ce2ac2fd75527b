//! The engine of seed 004: the running configuration by keys, with the names that the seed gives its methods.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use serde::Serialize;
use strata_config::{FieldPath, Value};
use strata_config_reload::{Actor, Applied, Batch, DynVersion, Guard, Live, LiveBuilder, OpenError, UpdateError};

use super::batch::BatchResult;
use super::rule::ValidationRule;
use super::service::ServiceManager;
use super::value::EngineValue;
use super::{LazyLoadingConfig, Summary};

/// The running configuration of lazy loading. Clones are the same one.
///
/// ```
/// use serde_json::json;
/// use strata_config::LayeredConfig;
/// use strata_config_reference::lazy_loading::{ConfigurationEngine, LazyLoadingConfig};
/// use strata_config_reload::Live;
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let engine = ConfigurationEngine::open(Live::of(LazyLoadingConfig::loader()))?;
/// let snapshot = engine.create_snapshot("Before performance tuning", ["tuning"], "ann")?;
///
/// let result = engine.update(
///     [
///         ("lazy_loading_unloading_strategy", json!("AGGRESSIVE")),
///         ("lazy_loading_unloading_check_interval", json!(15.0)),
///     ],
///     "ann",
/// )?;
/// assert!(result.all());
/// assert_eq!(engine.config().lazy_loading_unloading_check_interval, 15.0);
///
/// engine.rollback_to_snapshot(&snapshot, "ann")?;
/// assert_eq!(engine.config().lazy_loading_unloading_check_interval, 60.0);
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct ConfigurationEngine {
    live: Live<LazyLoadingConfig>,
    pub(super) services: Arc<Mutex<Option<Arc<dyn ServiceManager>>>>,
}

impl ConfigurationEngine {
    /// An engine over a running configuration, with its loader, store and limits.
    ///
    /// # Errors
    /// Everything that is wrong with the configuration; or why the store can't be read.
    pub fn open(live: LiveBuilder<LazyLoadingConfig>) -> Result<Self, OpenError> {
        Ok(Self::of(live.open()?))
    }

    /// The engine of a configuration that runs already.
    #[must_use]
    pub fn of(live: Live<LazyLoadingConfig>) -> Self {
        Self { live, services: Arc::default() }
    }

    /// The running configuration itself.
    #[must_use]
    pub fn live(&self) -> &Live<LazyLoadingConfig> {
        &self.live
    }

    /// The settings at this moment, typed.
    #[must_use]
    pub fn config(&self) -> Guard<LazyLoadingConfig> {
        self.live.get()
    }

    /// A key's value, and where it came from; `None` for a key that nobody knows.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<EngineValue> {
        let version = self.live.version();
        let explained = version.explain(&[FieldPath::ROOT.child(key)]).into_iter().find_map(EngineValue::of_setting);
        explained.or_else(|| {
            let declared = version.declared_keys().iter().find(|declared| declared.key == key);
            declared.map(EngineValue::of_declared)
        })
    }

    /// Every key's value, and where it came from; those that were declared last.
    #[must_use]
    pub fn values(&self) -> Vec<EngineValue> {
        let version = self.live.version();
        let settings = version.explain(&[]).into_iter().filter_map(EngineValue::of_setting);
        settings.chain(version.declared_keys().iter().map(EngineValue::of_declared)).collect()
    }

    /// Sets a key's value, which is in effect at once; [`Actor::because`] is the seed's description.
    ///
    /// # Errors
    /// What is wrong with the value, or that nobody knows the key; then nothing changed.
    pub fn set(&self, key: &str, value: impl Serialize, actor: impl Into<Actor>) -> Result<Applied, UpdateError> {
        self.live.set(key, value, actor)
    }

    /// Sets several keys' values, all or none; the result says of each key what became of it.
    ///
    /// # Errors
    /// Where it is not the values that are wrong: a veto, or the store.
    pub fn update<K: Into<String>, V: Serialize>(
        &self,
        updates: impl IntoIterator<Item = (K, V)>,
        actor: impl Into<Actor>,
    ) -> Result<BatchResult, UpdateError> {
        let mut keys: Vec<String> = Vec::new();
        let mut batch = Batch::new();
        for (key, value) in updates {
            let key = key.into();
            batch = batch.set(&key, value);
            keys.push(key);
        }
        match self.live.apply(&batch, actor) {
            Ok(applied) => Ok(BatchResult::applied(keys, applied)),
            Err(error) => match error.report() {
                Some(report) => Ok(BatchResult::refused(keys, report)),
                None => Err(error),
            },
        }
    }

    /// What would be wrong with a key's value; nothing is set.
    #[must_use]
    pub fn validate(&self, key: &str, value: impl Serialize) -> Vec<String> {
        let preview = self.live.validate_batch(&Batch::new().set(key, value));
        preview.report.errors().map(|finding| finding.message.clone()).collect()
    }

    /// What is wrong with what was read: by a source's name where its newest content can't be used, so that what it said
    /// before is in effect; by key where a value is only advised against.
    #[must_use]
    pub fn validate_configuration(&self) -> BTreeMap<String, Vec<String>> {
        let mut errors: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for finding in self.live.version().warnings().findings() {
            errors.entry(finding.path.to_string()).or_default().push(finding.message.clone());
        }
        for source in self.live.status().sources {
            if let Some(problem) = source.problem {
                errors.entry(source.name).or_default().push(problem);
            }
        }
        errors
    }

    /// Declares a key outside the schema, with its default and its rule.
    ///
    /// # Errors
    /// Where a setting has this key, or its rule refuses the value that it would have.
    pub fn add_validation_rule(&self, rule: ValidationRule) -> Result<(), UpdateError> {
        self.live.declare(rule.into())
    }

    /// Removes what was set of one key at run time: what weaker sources say shows again.
    ///
    /// # Errors
    /// Where nobody knows the key; or as for [`set`](Self::set).
    pub fn reset(&self, key: &str, actor: impl Into<Actor>) -> Result<Applied, UpdateError> {
        self.live.unset(key, actor)
    }

    /// Removes everything that was set at run time.
    ///
    /// # Errors
    /// As for [`set`](Self::set).
    pub fn reset_all(&self, actor: impl Into<Actor>) -> Result<Applied, UpdateError> {
        self.live.reset(actor)
    }

    /// Every key with its value, those that were declared too: what [`import`](Self::import) takes.
    #[must_use]
    pub fn export(&self) -> Value {
        let version = self.live.version();
        let mut all = match DynVersion::export(&*version) {
            Value::Map(entries) => entries,
            _ => Vec::new(),
        };
        all.extend(version.declared_keys().iter().map(|declared| (declared.key.clone(), declared.value.clone())));
        Value::Map(all)
    }

    /// Sets the values of an export, all or none; keys that it does not name stay as they are.
    ///
    /// # Errors
    /// Everything that is wrong with them; then nothing changed.
    pub fn import<P: Serialize + ?Sized>(&self, values: &P, actor: impl Into<Actor>) -> Result<Applied, UpdateError> {
        self.live.update(values, actor)
    }

    /// The configuration in figures, without any value.
    #[must_use]
    pub fn configuration_summary(&self) -> Summary {
        Summary::of(self)
    }
}

impl std::fmt::Debug for ConfigurationEngine {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ConfigurationEngine").field("live", &self.live).finish_non_exhaustive()
    }
}
