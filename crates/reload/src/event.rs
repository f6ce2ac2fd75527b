//! What listeners are told.

use std::sync::Arc;

use strata_config_core::{Change, FieldPath, Report};
use strata_config_store::{Entry, Timestamp};

use crate::version::Version;

/// Something that happened to a live configuration.
pub struct Event<C> {
    /// Its number in this process, from 1 and without gaps: who misses one was too slow.
    pub number: u64,
    /// When.
    pub at: Timestamp,
    /// What.
    pub kind: EventKind,
    /// The settings whose desired value differs; `reload` says which of them wait for a restart.
    pub changes: Vec<Change>,
    /// The version before.
    pub before: Arc<Version<C>>,
    /// The version after; the same where nothing changed.
    pub after: Arc<Version<C>>,
}

/// What happened.
#[derive(Debug, Clone)]
pub enum EventKind {
    /// A commit of the store, by this process or another, is in effect.
    Committed(Arc<Entry>),
    /// A source has other content, which is in effect.
    Reloaded {
        /// The source's name.
        source: String,
    },
    /// A source or a commit can't be used; what was in effect stays.
    Failed {
        /// The source's name.
        source: String,
        /// What is wrong.
        report: Arc<Report>,
    },
    /// A source that failed can be used again.
    Recovered {
        /// The source's name.
        source: String,
    },
}

impl EventKind {
    /// Whether something took effect.
    #[must_use]
    pub fn is_change(&self) -> bool {
        matches!(self, Self::Committed(_) | Self::Reloaded { .. })
    }

    /// The kind in one word.
    #[must_use]
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Committed(_) => "committed",
            Self::Reloaded { .. } => "reloaded",
            Self::Failed { .. } => "failed",
            Self::Recovered { .. } => "recovered",
        }
    }
}

impl<C> std::fmt::Debug for Event<C> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Event")
            .field("number", &self.number)
            .field("kind", &self.kind.as_str())
            .field("changes", &self.changes)
            .field("after", &self.after)
            .finish_non_exhaustive()
    }
}

impl<C> Event<C> {
    /// Whether it changes something at or below a path, or above it; the root's path stands for every change.
    #[must_use]
    pub fn touches(&self, path: &FieldPath) -> bool {
        self.kind.is_change()
            && (path.is_root()
                || self.changes.iter().any(|change| path.contains(&change.path) || change.path.contains(path)))
    }
}
