//! A flag, and all that is known of it.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use serde_json::Value as Json;
use strata_config_core::{Explained, FieldPath};
use strata_config_flags::model::{Flag, FlagValue, Moment};
use strata_config_flags::{BreakerState, Exposures, FlagExposures, Flags, GuardStatus, Places, Snapshot, Staleness};
use utoipa::ToSchema;

use super::OriginView;
use crate::current::json;

/// A flag, and all that is known of it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct FlagView {
    /// Its key.
    pub(crate) key: String,
    /// The type of its values: `bool`, `string`, `int`, `float` or `object`.
    #[serde(rename = "type")]
    pub(crate) kind: Option<String>,
    /// `enabled`, `disabled`, `maintenance`, `error` or `archived`.
    pub(crate) status: String,
    /// Whether it is in use: not where its status is another than `enabled`, and not where it is plainly `false`.
    pub(crate) enabled: bool,
    /// What it serves, in a few words.
    pub(crate) serves: String,
    /// The share of units that its fallthrough serves by share, in percent to the thousandth.
    pub(crate) percentage: Option<f64>,
    /// What it does, for people.
    pub(crate) description: Option<String>,
    /// The person or team to ask.
    pub(crate) owner: Option<String>,
    /// What it is for: `release`, `experiment`, `ops` or `permission`.
    pub(crate) lifecycle: Option<String>,
    /// When it should be gone.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub(crate) expires: Option<Moment>,
    /// Signs that it has outlived its use.
    pub(crate) stale: Vec<String>,
    /// How its guard stands.
    pub(crate) guard: Option<GuardView>,
    /// Where it stands in the configuration; of a flag that the program makes of other settings, the first of them; null
    /// where another source says it.
    pub(crate) path: Option<String>,
    /// Whether it may be changed as a flag.
    pub(crate) writable: bool,
    /// Where it was set.
    pub(crate) origin: Option<OriginView>,
    /// The whole definition, as it was written.
    pub(crate) definition: Json,
    /// The values of its variants.
    #[schema(value_type = BTreeMap<String, Json>)]
    pub(crate) variants: BTreeMap<String, Json>,
    /// What it served since the program was started.
    pub(crate) exposures: ExposuresView,
}

/// How a flag's guard stands.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct GuardView {
    /// `closed`, `open` (it has tripped) or `half_open` (a few units try again).
    pub(crate) state: String,
    /// When it tripped.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub(crate) since: Option<Moment>,
    /// Why it tripped.
    pub(crate) because: Option<String>,
    /// What it does when it trips.
    pub(crate) action: String,
    /// Reports within its window.
    pub(crate) reports: u64,
    /// Those of them that were failures.
    pub(crate) failures: u64,
}

/// What a flag served.
#[derive(Debug, Clone, Default, Serialize, ToSchema)]
pub(crate) struct ExposuresView {
    /// Answers, of all variants.
    pub(crate) total: u64,
    /// By the variant's name; the program's own default has the empty name.
    pub(crate) variants: BTreeMap<String, u64>,
    /// By OpenFeature's reason.
    pub(crate) reasons: BTreeMap<String, u64>,
    /// How often a value of another type was asked for.
    pub(crate) type_mismatches: u64,
}

/// All that views of flags are made of, at one moment.
pub(crate) struct Seen<'a> {
    pub(crate) snapshot: &'a Snapshot,
    places: Option<&'a Places>,
    explained: &'a [Explained],
    now: Moment,
    exposures: Exposures,
    stale: BTreeMap<String, Vec<String>>,
    guards: BTreeMap<String, GuardStatus>,
    overlaid: BTreeSet<String>,
}

impl<'a> Seen<'a> {
    pub(crate) fn new(
        flags: &Flags,
        snapshot: &'a Snapshot,
        places: Option<&'a Places>,
        explained: &'a [Explained],
    ) -> Self {
        let now = flags.clock().now();
        let signs = |signs: Vec<Staleness>| signs.iter().map(|sign| sign.as_str().to_owned()).collect();
        Self {
            snapshot,
            places,
            explained,
            now,
            exposures: flags.exposures(),
            stale: flags.stale(now).into_iter().map(|stale| (stale.key, signs(stale.signs))).collect(),
            guards: flags.guards().into_iter().map(|guard| (guard.key.clone(), guard)).collect(),
            overlaid: flags.overlaid(),
        }
    }

    /// A flag, if there is one of this key.
    pub(crate) fn flag(&self, key: &str) -> Option<FlagView> {
        let flag = self.snapshot.set().definition(key)?;
        let definition = flag.definition();
        let lifecycle = definition.lifecycle.clone().unwrap_or_default();
        let kind = definition.value_type();
        let value = |value: &Json| match kind.and_then(|kind| FlagValue::from_json(kind, value)) {
            Some(typed) => typed.to_json(),
            None => value.clone(),
        };
        let path = self.path(key);
        Some(FlagView {
            key: key.to_owned(),
            kind: kind.map(|kind| kind.as_str().to_owned()),
            status: definition.status.as_str().to_owned(),
            enabled: flag.is_used(),
            serves: definition.summary(self.now),
            percentage: definition.coverage(self.now).map(|share| share.percent()),
            description: definition.description.clone(),
            owner: lifecycle.owner,
            lifecycle: lifecycle.kind.map(|kind| kind.as_str().to_owned()),
            expires: lifecycle.expires,
            stale: self.stale.get(key).cloned().unwrap_or_default(),
            guard: self.guards.get(key).map(|status| guard(status, flag)),
            path: path.map(ToString::to_string),
            writable: path.is_some() && self.places.is_some_and(|places| places.for_flag(key).is_ok()),
            origin: path.and_then(|path| origin(self.explained, path)),
            definition: json(flag),
            variants: definition.variants().iter().map(|(name, json)| (name.clone(), value(json))).collect(),
            exposures: self.exposures.flags.get(key).map(ExposuresView::of).unwrap_or_default(),
        })
    }

    /// Where a flag stands, unless another source lies over it.
    fn path(&self, key: &str) -> Option<&'a FieldPath> {
        self.places?.of_flag(key).filter(|_| !self.overlaid.contains(key))
    }
}

/// The strongest origin at a path, or in it, or of what it is in.
fn origin(explained: &[Explained], path: &FieldPath) -> Option<OriginView> {
    let exact = explained.iter().find(|value| value.path == *path);
    let near = || explained.iter().find(|value| path.contains(&value.path) || value.path.contains(path));
    exact.or_else(near)?.origin.as_ref().map(OriginView::of)
}

fn guard(status: &GuardStatus, flag: &Flag) -> GuardView {
    let definition = flag.definition();
    let action = definition.guard.as_ref().map(|guard| guard.action.as_str()).unwrap_or_default();
    let state = match status.state {
        // Another program may have stored the trip.
        BreakerState::Closed if status.trip.is_some() => "open",
        BreakerState::Closed => "closed",
        BreakerState::Open { .. } => "open",
        BreakerState::HalfOpen => "half_open",
    };
    GuardView {
        state: state.to_owned(),
        since: status.trip.as_ref().map(|trip| trip.at),
        because: status.trip.as_ref().map(|trip| trip.because.clone()),
        action: action.to_owned(),
        reports: status.samples.count,
        failures: status.samples.failures,
    }
}

impl ExposuresView {
    fn of(counted: &FlagExposures) -> Self {
        let mut view = Self { total: counted.total(), type_mismatches: counted.type_mismatches, ..Self::default() };
        for served in &counted.counts {
            *view.variants.entry(served.variant.clone().unwrap_or_default()).or_default() += served.count;
            *view.reasons.entry(served.reason.as_str().to_owned()).or_default() += served.count;
        }
        view
    }
}
