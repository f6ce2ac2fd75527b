//! Configuration experiments: presets that are served by share, with exposures counted.

mod arm;
mod definition;

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, OnceLock};

use arc_swap::ArcSwapOption;
use serde_json::Value as Json;
use strata_config_core::{FieldPath, Report};
use strata_config_flags::model::{Definitions, Flag};
use strata_config_flags::{Context, FlagSet, Flags, Reason};
use strata_config_reload::{Actor, Applied, Batch, Declaration, DynLive, DynVersion, UpdateError};

use crate::current::json;
use arm::values_of;
pub(crate) use definition::{Arm, Definition};

/// The declared key that holds them.
const KEY: &str = "experiments";

/// Experiments with a configuration: each serves two presets or more, by share. They are stored with the configuration, so
/// they are durable, audited, and go back with it. Assigning changes nothing for anybody else, and a unit gets the same
/// preset at every time.
///
/// ```
/// use std::sync::Arc;
///
/// use strata_config::LayeredConfig;
/// use strata_config_admin::Experiments;
/// use strata_config_flags::Context;
/// use strata_config_reload::{Live, Preset};
///
/// #[derive(LayeredConfig)]
/// struct AppConfig {
///     /// Requests a client may have open.
///     #[config(default = 8)]
///     parallel: u32,
/// }
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let narrow = Preset::new("narrow", "One at a time").set("parallel", 1);
/// let wide = Preset::new("wide", "As many as there are").set("parallel", 64);
/// let live = Live::of(AppConfig::loader()).preset(narrow).preset(wide).declare(Experiments::declaration()).open()?;
/// let experiments = Experiments::of(Arc::new(live.clone()))?;
/// // Most are begun by `PUT /experiments/width`; this says the same.
/// live.set("experiments.width", serde_json::json!({"arms": [
///     {"preset": "narrow", "weight": 1}, {"preset": "wide", "weight": 1},
/// ]}), "ann")?;
/// let assigned = experiments.assign("width", &Context::of("user-1")).ok_or("no such experiment")?;
/// assert!(assigned.values["parallel"] == 1 || assigned.values["parallel"] == 64);
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Experiments(Arc<Inner>);

struct Inner {
    live: Arc<dyn DynLive>,
    flags: Flags,
    current: ArcSwapOption<Current>,
}

/// The experiments of one version of the configuration.
struct Current {
    version: Arc<dyn DynVersion>,
    definitions: BTreeMap<String, Definition>,
    set: Arc<FlagSet>,
    /// The configuration under each preset, made when it is first served.
    values: BTreeMap<String, OnceLock<Result<Arc<Json>, Report>>>,
    /// The configuration as it is.
    unchanged: Arc<Json>,
}

/// What a unit was given by an experiment.
#[derive(Debug, Clone, PartialEq)]
pub struct Assignment {
    /// The experiment.
    pub experiment: String,
    /// The preset; none for those who have no part in it.
    pub preset: Option<String>,
    /// OpenFeature's reason: `SPLIT`, also for those whom the share leaves out; `DEFAULT` where there is no targeting key;
    /// `DISABLED`; or `ERROR` where the preset can't be used with the configuration as it is.
    pub reason: Reason,
    /// The unit's place in the split, 0 to 99,999.
    pub bucket: Option<u32>,
    /// The effective configuration with the preset's values, secrets masked.
    pub values: Arc<Json>,
    /// Why the preset can't be used.
    pub problems: Report,
}

impl Experiments {
    /// The key that holds the experiments, for [`LiveBuilder::declare`](strata_config_reload::LiveBuilder::declare), so that
    /// what is stored is known when the configuration is opened.
    #[must_use]
    pub fn declaration() -> Declaration {
        let rule = |value: &strata_config_core::Value| definition::parse_all(value).map(drop);
        Declaration::new(KEY, serde_json::Map::new()).doc("Presets that are served by share.").rule(rule)
    }

    /// The experiments of a configuration; the key is declared where it is not yet.
    ///
    /// # Errors
    /// A setting has the key `experiments`, or what is stored there is no experiment.
    pub fn of(live: Arc<dyn DynLive>) -> Result<Self, UpdateError> {
        if live.current().declared().iter().all(|declared| declared.key != KEY) {
            live.declare(Self::declaration())?;
        }
        Ok(Self(Arc::new(Inner { live, flags: Flags::empty(), current: ArcSwapOption::empty() })))
    }

    /// What a unit gets: counted as an exposure. `None` where there is no such experiment.
    ///
    /// The first question for a preset after a change builds the configuration under it, and may wait for a change that is
    /// being made.
    #[must_use]
    pub fn assign(&self, experiment: &str, context: &Context<'_>) -> Option<Assignment> {
        let current = self.current();
        let answer = current.set.evaluate(experiment, context).ok()?;
        let assigned = Assignment {
            experiment: experiment.to_owned(),
            preset: answer.variant().map(str::to_owned),
            reason: answer.reason,
            bucket: answer.bucket,
            values: Arc::clone(&current.unchanged),
            problems: Report::new(),
        };
        let Some(made) = assigned.preset.as_ref().and_then(|preset| Some((preset, current.values.get(preset)?))) else {
            return Some(assigned);
        };
        let (preset, made) = made;
        match made.get_or_init(|| values_of(&*self.0.live, &*current.version, preset).map(Arc::new)) {
            Ok(values) => {
                // It counts when it is served.
                let _ = self.0.flags.evaluate(experiment, context, |_| ());
                Some(Assignment { values: Arc::clone(values), ..assigned })
            }
            Err(problems) => {
                Some(Assignment { preset: None, reason: Reason::Error, problems: problems.clone(), ..assigned })
            }
        }
    }

    /// How often each preset was served, by experiment.
    #[must_use]
    pub fn exposures(&self) -> BTreeMap<String, BTreeMap<String, u64>> {
        let current = self.current();
        let counted = self.0.flags.exposures();
        let each = current.definitions.iter().map(|(name, definition)| {
            let mut counts: BTreeMap<String, u64> = definition.arms.iter().map(|arm| (arm.preset.clone(), 0)).collect();
            for served in counted.flags.get(name).into_iter().flat_map(|flag| &flag.counts) {
                if let Some(count) = served.variant.as_ref().and_then(|preset| counts.get_mut(preset)) {
                    *count += served.count;
                }
            }
            (name.clone(), counts)
        });
        each.collect()
    }

    /// The definitions, with the revision that they stand on.
    pub(crate) fn definitions(&self) -> (BTreeMap<String, Definition>, u64) {
        let current = self.current();
        (current.definitions.clone(), current.version.revision())
    }

    /// What is wrong with a definition: its own contradictions, and presets that there are not.
    pub(crate) fn check(&self, definition: &Definition) -> Report {
        let presets: Vec<&str> = self.0.live.presets().iter().map(strata_config_reload::Preset::name).collect();
        definition.check(Some(&presets))
    }

    /// The experiments of the version in effect, made once for each version.
    fn current(&self) -> Arc<Current> {
        let version = self.0.live.current();
        if let Some(known) = &*self.0.current.load()
            && Arc::ptr_eq(&known.version, &version)
        {
            return Arc::clone(known);
        }
        let declared = version.declared().iter().find(|declared| declared.key == KEY);
        // The rule has refused everything else.
        let definitions = declared.and_then(|declared| definition::parse_all(&declared.value).ok()).unwrap_or_default();
        let set = Arc::new(set_of(&definitions));
        let presets = definitions.values().flat_map(|definition| &definition.arms).map(|arm| arm.preset.clone());
        let values = presets.map(|preset| (preset, OnceLock::new())).collect();
        let unchanged = Arc::new(json(&version.values()));
        let current = Arc::new(Current { version, definitions, set, values, unchanged });
        self.0.flags.replace(Arc::clone(&current.set), current.version.revision());
        self.0.current.store(Some(Arc::clone(&current)));
        current
    }
}

/// Each experiment as a flag, whose variants are its presets.
fn set_of(definitions: &BTreeMap<String, Definition>) -> FlagSet {
    let flags = definitions.iter().map(|(name, definition)| (name.clone(), Flag::from(definition.flag(name))));
    let flags = Definitions { flags: flags.collect(), ..Definitions::default() };
    // Definitions that passed their check make flags; were one to be refused, none would be served.
    FlagSet::new(flags).unwrap_or_else(|refused| {
        tracing::error!(%refused, "experiments can't be served");
        FlagSet::new(Definitions::default()).expect("no flags are valid flags")
    })
}

/// The change that puts an experiment, or takes it away.
pub(crate) fn store(
    live: &dyn DynLive,
    name: &str,
    definition: Option<&Definition>,
    actor: Actor,
) -> Result<Applied, UpdateError> {
    let path = FieldPath::ROOT.child(KEY).child(name);
    let batch = match definition {
        Some(definition) => Batch::new().set(path.as_str(), definition),
        None => Batch::new().unset(path.as_str()),
    };
    live.apply(&batch, actor)
}

impl fmt::Debug for Experiments {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Experiments").field("flags", &self.0.flags).finish_non_exhaustive()
    }
}
