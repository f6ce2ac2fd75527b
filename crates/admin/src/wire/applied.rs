//! What became of a change.

use serde::Serialize;
use strata_config_core::{Change, Value};
use strata_config_reload::Applied;
use strata_config_store::{Json, Recorded};
use utoipa::ToSchema;

use super::FindingView;
use crate::etag::ETag;
use crate::exact;

/// A setting whose value differs.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct ChangeView {
    /// The setting's path.
    pub(crate) path: String,
    /// The value before, masked if it is secret; null where there was none.
    #[schema(value_type = serde_json::Value)]
    pub(crate) old: Value,
    /// The value after.
    #[schema(value_type = serde_json::Value)]
    pub(crate) new: Value,
    /// `live`, or `restart` where the program has to start anew.
    pub(crate) reload: String,
}

impl ChangeView {
    pub(crate) fn of(change: &Change) -> Self {
        Self {
            path: change.path.to_string(),
            old: change.before().unwrap_or_default(),
            new: change.after().unwrap_or_default(),
            reload: change.reload.as_str().to_owned(),
        }
    }

    /// A change as the history has it.
    pub(crate) fn of_recorded(change: &Recorded) -> Self {
        Self {
            path: change.path.clone(),
            old: recorded(change.old.as_ref()),
            new: recorded(change.new.as_ref()),
            reload: change.reload.clone(),
        }
    }
}

/// A value as the history has it, every number exact; null where there was none.
pub(super) fn recorded(value: Option<&Json>) -> Value {
    value.and_then(|value| exact::read(value.as_str()).ok()).unwrap_or_default()
}

/// What became of a change.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct AppliedView {
    /// The store's revision that has it.
    pub(crate) revision: u64,
    /// The ETag of the configuration in effect now.
    pub(crate) etag: String,
    /// Whether something was stored: not where there was nothing to change, or the change was only tried.
    pub(crate) stored: bool,
    /// The change was only tried.
    pub(crate) dry_run: bool,
    /// The request was carried out before, and this is what became of it then.
    pub(crate) replayed: bool,
    /// The settings whose value differs from before.
    pub(crate) changes: Vec<ChangeView>,
    /// What waits for a restart.
    pub(crate) pending: Vec<ChangeView>,
    /// What is questionable, though accepted.
    pub(crate) warnings: Vec<FindingView>,
}

impl AppliedView {
    pub(crate) fn of(applied: &Applied, etag: &ETag, dry_run: bool) -> Self {
        Self {
            revision: applied.revision,
            etag: etag.as_str().to_owned(),
            stored: applied.entry.is_some() && !applied.replayed,
            dry_run,
            replayed: applied.replayed,
            changes: applied.changes.iter().map(ChangeView::of).collect(),
            pending: applied.pending.iter().map(ChangeView::of).collect(),
            warnings: applied.warnings.findings().iter().map(FindingView::of).collect(),
        }
    }
}
