//! Flags that may have outlived their use: what their definitions say, and what was asked of them.

mod constant;

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use crate::exposure::FlagExposures;
use crate::flags::Flags;
use crate::model::{Flag, Lifecycle, Moment};

/// A flag that may have outlived its use.
#[derive(Debug, Clone, PartialEq)]
pub struct Stale {
    /// The flag's key.
    pub key: String,
    /// Whom to ask.
    pub owner: Option<String>,
    /// Every sign that was found.
    pub signs: Vec<Staleness>,
}

/// A sign that a flag may have outlived its use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Staleness {
    /// Its definition serves the same to everybody, now and later.
    ConstantInConfiguration {
        /// The variant; `None` for the program's own default.
        variant: Option<String>,
    },
    /// It may serve more than one variant, but has served only one.
    ConstantInUse {
        /// The variant; `None` for the program's own default.
        variant: Option<String>,
        /// How often.
        evaluations: u64,
    },
    /// Nobody has asked for it.
    NeverAsked {
        /// Since when.
        since: Moment,
    },
    /// It should be gone.
    Expired {
        /// Since when.
        since: Moment,
    },
    /// It is for a release or an experiment, and older than those should get.
    Old {
        /// When it was made.
        made: Moment,
    },
    /// No typed key of the program names it.
    NotInProgram,
    /// A typed key of the program, or a question, names it, and there is no such flag.
    NotDefined {
        /// How often it was asked for by that key.
        evaluations: u64,
    },
}

impl Staleness {
    /// The sign in a word, for metrics.
    #[must_use]
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::ConstantInConfiguration { .. } => "constant_in_configuration",
            Self::ConstantInUse { .. } => "constant_in_use",
            Self::NeverAsked { .. } => "never_asked",
            Self::Expired { .. } => "expired",
            Self::Old { .. } => "old",
            Self::NotInProgram => "not_in_program",
            Self::NotDefined { .. } => "not_defined",
        }
    }
}

/// From when on something counts as stale.
#[derive(Debug, Clone, PartialEq)]
pub struct StaleRules<'r> {
    /// Evaluations below which a flag is not called constant in use.
    pub least_evaluations: u64,
    /// How long counting has to run before a flag is called never asked.
    pub least_time: Duration,
    /// How old a flag for a release or an experiment may get.
    pub longest_life: Duration,
    /// When flags were made, as far as it is known: a store's history does.
    pub made: BTreeMap<String, Moment>,
    /// The typed keys of the program, where they are all that it asks for.
    pub keys: Option<&'r [&'r str]>,
}

impl Default for StaleRules<'_> {
    /// 1,000 evaluations, one day, and 90 days; nothing known of the program's keys.
    fn default() -> Self {
        const DAY: Duration = Duration::from_secs(24 * 60 * 60);
        Self { least_evaluations: 1_000, least_time: DAY, longest_life: 90 * DAY, made: BTreeMap::new(), keys: None }
    }
}

/// What the flags of one owner are used for.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct OwnerUsage {
    /// Their number.
    pub flags: usize,
    /// How many of them were never asked for.
    pub never_asked: usize,
    /// How often they were asked for.
    pub evaluations: u64,
}

impl Flags {
    /// Flags that may have outlived their use at a moment, in the order of the alphabet.
    #[must_use]
    pub fn stale(&self, now: Moment) -> Vec<Stale> {
        self.stale_by(now, &StaleRules::default())
    }

    /// The same, by rules of one's own.
    #[must_use]
    pub fn stale_by(&self, now: Moment, rules: &StaleRules<'_>) -> Vec<Stale> {
        let (set, exposures) = (std::sync::Arc::clone(self.snapshot().set()), self.exposures());
        let typed: Option<BTreeSet<&str>> = rules.keys.map(|keys| keys.iter().copied().collect());
        let unused = FlagExposures::default();
        let mut found = BTreeMap::new();
        for (key, flag) in set.keys().filter_map(|key| Some((key, set.definition(key)?))) {
            let counted = exposures.flags.get(key).unwrap_or(&unused);
            let mut signs = Vec::new();
            // While a guard acts, what it serves is not what was meant.
            if set.trip(key).is_none() {
                signs.extend(constant::in_configuration(&flag.definition(), now));
            }
            if signs.is_empty() {
                signs.extend(constant_in_use(counted, rules.least_evaluations));
            }
            if counted.total() == 0 && now >= exposures.since.after(rules.least_time) {
                signs.push(Staleness::NeverAsked { since: exposures.since });
            }
            signs.extend(too_old(key, flag, now, rules));
            if typed.as_ref().is_some_and(|typed| !typed.contains(key)) {
                signs.push(Staleness::NotInProgram);
            }
            if !signs.is_empty() {
                let owner = lifecycle(flag).and_then(|lifecycle| lifecycle.owner.clone());
                found.insert(key.to_owned(), Stale { key: key.to_owned(), owner, signs });
            }
        }
        let asked = exposures.unknown.iter().map(|(key, count)| (key.as_str(), *count));
        let missing = typed.into_iter().flatten().map(|key| (key, 0)).chain(asked);
        for (key, evaluations) in missing.filter(|(key, _)| set.definition(key).is_none()) {
            let signs = vec![Staleness::NotDefined { evaluations }];
            found.insert(key.to_owned(), Stale { key: key.to_owned(), owner: None, signs });
        }
        found.into_values().collect()
    }

    /// What the flags of each owner are used for; those of nobody under `None`.
    #[must_use]
    pub fn usage_by_owner(&self) -> BTreeMap<Option<String>, OwnerUsage> {
        let (set, exposures) = (std::sync::Arc::clone(self.snapshot().set()), self.exposures());
        let mut owners: BTreeMap<Option<String>, OwnerUsage> = BTreeMap::new();
        for key in set.keys() {
            let owner = set.definition(key).and_then(lifecycle).and_then(|lifecycle| lifecycle.owner.clone());
            let usage = owners.entry(owner).or_default();
            let evaluations = exposures.flags.get(key).map_or(0, FlagExposures::total);
            usage.flags += 1;
            usage.never_asked += usize::from(evaluations == 0);
            usage.evaluations += evaluations;
        }
        owners
    }
}

fn lifecycle(flag: &Flag) -> Option<&Lifecycle> {
    if let Flag::Defined(definition) = flag { definition.lifecycle.as_ref() } else { None }
}

fn constant_in_use(counted: &FlagExposures, least: u64) -> Option<Staleness> {
    let evaluations = counted.total();
    let variant = &counted.counts.first()?.variant;
    let is_one = counted.counts.iter().all(|served| served.variant == *variant);
    (is_one && evaluations >= least).then(|| Staleness::ConstantInUse { variant: variant.clone(), evaluations })
}

fn too_old(key: &str, flag: &Flag, now: Moment, rules: &StaleRules<'_>) -> Option<Staleness> {
    let lifecycle = lifecycle(flag)?;
    if let Some(since) = lifecycle.expires.filter(|expires| *expires <= now) {
        return Some(Staleness::Expired { since });
    }
    let made = rules.made.get(key).filter(|made| made.after(rules.longest_life) <= now)?;
    lifecycle.kind.is_some_and(|kind| kind.is_temporary()).then_some(Staleness::Old { made: *made })
}
