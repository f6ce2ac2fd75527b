//! Who changed a value last, by a store's history.

use std::fmt;

use serde::Serialize;
use strata_config_core::FieldPath;
use strata_config_store::{HistoryQuery, Store, StoreError, Timestamp};

use super::paint::escaped;

/// Who changed a value last.
#[derive(Debug, Clone, Serialize)]
pub(super) struct LastChange {
    revision: u64,
    at: Timestamp,
    actor: String,
    source: String,
    reason: Option<String>,
}

/// The last change of every value that the history knows, the newest first.
#[derive(Debug, Default)]
pub(super) struct LastChanges {
    changes: Vec<(FieldPath, LastChange)>,
}

impl LastChanges {
    pub(super) fn of(store: &dyn Store) -> Result<Self, StoreError> {
        let mut changes: Vec<(FieldPath, LastChange)> = Vec::new();
        for entry in store.history(&HistoryQuery::default())? {
            let change = LastChange {
                revision: entry.revision,
                at: entry.at,
                actor: entry.actor,
                source: entry.source,
                reason: entry.reason,
            };
            for recorded in entry.changes {
                let Ok(path) = FieldPath::parse(&recorded.path) else { continue };
                if !changes.iter().any(|(known, _)| *known == path) {
                    changes.push((path, change.clone()));
                }
            }
        }
        Ok(Self { changes })
    }

    /// The last change of a value, or of a part of it, or of what it is a part of.
    pub(super) fn of_value(&self, value: &FieldPath) -> Option<&LastChange> {
        let touches = |path: &FieldPath| path.contains(value) || value.contains(path);
        self.changes.iter().find(|(path, _)| touches(path)).map(|(_, change)| change)
    }
}

/// `by ann (cli) at 2026-11-21T05:00:07.250Z, revision 3: the launch`.
impl fmt::Display for LastChange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { revision, at, actor, source, reason } = self;
        write!(f, "by {} ({}) at {at}, revision {revision}", escaped(actor), escaped(source))?;
        reason.as_ref().map_or(Ok(()), |reason| write!(f, ": {}", escaped(reason)))
    }
}
