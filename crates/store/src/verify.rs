//! The chain of the history, walked.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::documents::State;
use crate::entry::Entry;
use crate::hash::Hash;
use crate::snapshot::Snapshot;

/// Where the history begins: the last entry that was pruned, or nothing at revision 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Anchor {
    /// Its revision.
    pub revision: u64,
    /// Its hash.
    pub hash: Hash,
}

/// What a look at everything found.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Verified {
    /// Where the history begins.
    pub anchor: Anchor,
    /// How many entries there are.
    pub entries: usize,
    /// How many snapshots there are.
    pub snapshots: usize,
    /// What is damaged, in the order of the history; empty where all is well.
    pub damages: Vec<Damage>,
}

impl Verified {
    /// Whether nothing is damaged.
    #[must_use]
    pub fn is_intact(&self) -> bool {
        self.damages.is_empty()
    }
}

/// One thing that is not as it was written.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Damage {
    /// An entry's content does not fit its hash.
    Altered {
        /// The entry's revision.
        revision: u64,
    },
    /// An entry does not continue the one before it: that one was replaced.
    Unchained {
        /// The entry's revision.
        revision: u64,
    },
    /// Entries are not there, or not in order.
    Missing {
        /// The first revision that should be there.
        revision: u64,
    },
    /// The documents stored as current are not those of the last entry.
    Head {
        /// The last entry's revision.
        revision: u64,
    },
    /// A snapshot's content does not fit its checksum.
    Snapshot {
        /// The snapshot's id.
        id: String,
    },
    /// The medium itself is damaged.
    Storage {
        /// What the backend says.
        detail: String,
    },
}

impl Damage {
    /// The revision at which the history breaks.
    #[must_use]
    pub fn revision(&self) -> Option<u64> {
        match self {
            Self::Altered { revision }
            | Self::Unchained { revision }
            | Self::Missing { revision }
            | Self::Head { revision } => Some(*revision),
            Self::Snapshot { .. } | Self::Storage { .. } => None,
        }
    }
}

impl fmt::Display for Damage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Altered { revision } => write!(f, "the entry of revision {revision} was altered"),
            Self::Unchained { revision } => {
                write!(f, "the entry of revision {revision} does not continue the one before it, which was replaced")
            }
            Self::Missing { revision } => write!(f, "the entry of revision {revision} is missing"),
            Self::Head { revision } => {
                write!(f, "the current documents are not those of the last entry, revision {revision}")
            }
            Self::Snapshot { id } => write!(f, "the snapshot {id} was altered"),
            Self::Storage { detail } => f.write_str(detail),
        }
    }
}

/// A walk along the chain, entry by entry from the oldest; for stores, so that all judge alike.
#[derive(Debug)]
pub struct ChainWalk {
    found: Verified,
    before: Anchor,
}

impl ChainWalk {
    /// A walk that begins behind an anchor.
    #[must_use]
    pub fn new(anchor: Anchor) -> Self {
        Self { found: Verified { anchor, ..Verified::default() }, before: anchor }
    }

    /// Judges the next entry.
    pub fn entry(&mut self, entry: &Entry) {
        let expected = self.before.revision + 1;
        if entry.revision != expected {
            self.damage(Damage::Missing { revision: expected });
        } else if entry.previous != self.before.hash {
            self.damage(Damage::Unchained { revision: expected });
        }
        if !entry.is_intact() {
            self.damage(Damage::Altered { revision: entry.revision });
        }
        self.found.entries += 1;
        self.before = Anchor { revision: entry.revision, hash: entry.hash };
    }

    /// Judges a snapshot.
    pub fn snapshot(&mut self, snapshot: &Snapshot) {
        if !snapshot.is_intact() {
            self.damage(Damage::Snapshot { id: snapshot.id.clone() });
        }
        self.found.snapshots += 1;
    }

    /// Notes a damage that the caller found.
    pub fn damage(&mut self, damage: Damage) {
        self.found.damages.push(damage);
    }

    /// Judges what the store gives as current, by the documents of the last entry.
    #[must_use]
    pub fn finish(mut self, current: &State, last: Option<&Entry>) -> Verified {
        let revision = self.before.revision;
        if current.revision > revision {
            self.damage(Damage::Missing { revision: revision + 1 });
        } else if last.map_or_else(State::default, Entry::state) != *current {
            self.damage(Damage::Head { revision });
        }
        self.found
    }
}
