//! What was counted: how often each flag served each variant, and why.

use std::collections::BTreeMap;

use crate::answer::Reason;
use crate::model::Moment;

/// How often each flag was asked, and what it served.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Exposures {
    /// Since when it was counted.
    pub since: Moment,
    /// When the counts were read.
    pub until: Moment,
    /// By the flag's key; also flags that have gone, until their counts are taken.
    pub flags: BTreeMap<String, FlagExposures>,
    /// Questions for keys that no flag has, for as many keys as are told apart.
    pub unknown: BTreeMap<String, u64>,
    /// Questions for other keys that no flag has.
    pub unknown_others: u64,
}

/// What one flag served.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct FlagExposures {
    /// How often each variant was served for each reason; what never was is left out.
    pub counts: Vec<Served>,
    /// How often a value of another type was asked for.
    pub type_mismatches: u64,
    /// When counts were read and had grown since they were read before: it is as exact as counts are read often.
    pub last_seen: Option<Moment>,
    /// Whether there is no such flag any more.
    pub is_gone: bool,
}

/// How often a variant was served for a reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Served {
    /// The variant; `None` for the program's own default.
    pub variant: Option<String>,
    /// Why.
    pub reason: Reason,
    /// How often.
    pub count: u64,
}

impl Exposures {
    /// Questions that were answered, of all flags.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.flags.values().map(FlagExposures::total).sum()
    }

    /// Questions for keys that no flag has.
    #[must_use]
    pub fn not_found(&self) -> u64 {
        self.unknown.values().sum::<u64>() + self.unknown_others
    }

    /// What was counted between an earlier reading and this one, so that several readers need not know of each other.
    /// A count that has become smaller began anew, and counts in full.
    #[must_use]
    pub fn since(&self, earlier: &Self) -> Self {
        let none = FlagExposures::default();
        let flags = self.flags.iter().map(|(key, flag)| {
            let before = earlier.flags.get(key).unwrap_or(&none);
            (key.clone(), flag.since(before))
        });
        let unknown = self.unknown.iter().map(|(key, count)| {
            let before = earlier.unknown.get(key).copied().unwrap_or(0);
            (key.clone(), grown(*count, before))
        });
        Self {
            since: earlier.until.max(self.since),
            until: self.until,
            flags: flags.filter(|(_, flag)| flag.total() + flag.type_mismatches > 0).collect(),
            unknown: unknown.filter(|(_, count)| *count > 0).collect(),
            unknown_others: grown(self.unknown_others, earlier.unknown_others),
        }
    }
}

impl FlagExposures {
    /// Questions that were answered.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.counts.iter().map(|served| served.count).sum()
    }

    /// How often a variant was served, for whatever reason; `None` for the program's own default.
    #[must_use]
    pub fn of(&self, variant: Option<&str>) -> u64 {
        self.counts.iter().filter(|served| served.variant.as_deref() == variant).map(|served| served.count).sum()
    }

    fn since(&self, earlier: &Self) -> Self {
        let counts = self.counts.iter().map(|served| {
            let same = |before: &&Served| (&before.variant, before.reason) == (&served.variant, served.reason);
            let before = earlier.counts.iter().find(same).map_or(0, |before| before.count);
            Served { count: grown(served.count, before), ..served.clone() }
        });
        Self {
            counts: counts.filter(|served| served.count > 0).collect(),
            type_mismatches: grown(self.type_mismatches, earlier.type_mismatches),
            ..*self
        }
    }
}

fn grown(now: u64, before: u64) -> u64 {
    now.checked_sub(before).unwrap_or(now)
}
