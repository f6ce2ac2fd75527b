//! Entries of the history, and the notifications that are made of them.

use serde::Serialize;
use strata_config_core::Value;
use strata_config_store::{Entry, Timestamp};
use utoipa::ToSchema;

use super::ChangeView;
use super::applied::recorded;
use crate::request::own_name;

/// A change that was made, for ever as it was written.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct EntryView {
    /// The revision that it made.
    pub(crate) revision: u64,
    /// When, in RFC 3339.
    #[schema(value_type = String, format = DateTime)]
    pub(crate) at: Timestamp,
    /// Who made it.
    pub(crate) actor: String,
    /// By what way: `api`, `console`, `cli`, `program`, …
    pub(crate) source: String,
    /// Why, where somebody said so.
    pub(crate) reason: Option<String>,
    /// The request's name.
    pub(crate) request: Option<String>,
    /// Words to find it by.
    pub(crate) tags: Vec<String>,
    /// The effective values that differed from before.
    pub(crate) changes: Vec<ChangeView>,
    /// SHA-256 of the entry and, by that of the one before, of all before it.
    pub(crate) hash: String,
}

impl EntryView {
    pub(crate) fn of(entry: &Entry) -> Self {
        Self {
            revision: entry.revision,
            at: entry.at,
            actor: entry.actor.clone(),
            source: entry.source.clone(),
            reason: entry.reason.clone(),
            request: entry.request.as_deref().map(|name| own_name(name, &entry.actor).to_owned()),
            tags: entry.tags.clone(),
            changes: entry.changes.iter().map(ChangeView::of_recorded).collect(),
            hash: entry.hash.to_string(),
        }
    }
}

/// One setting that was changed.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct NotificationView {
    /// When, in RFC 3339.
    #[schema(value_type = String, format = DateTime)]
    pub(crate) timestamp: Timestamp,
    /// The setting's path.
    pub(crate) key: String,
    /// The value before; null where there was none.
    #[schema(value_type = Option<serde_json::Value>)]
    pub(crate) old_value: Value,
    /// The value after.
    #[schema(value_type = Option<serde_json::Value>)]
    pub(crate) new_value: Value,
    /// Who changed it.
    pub(crate) user: String,
    /// By what way.
    pub(crate) source: String,
    /// Why, where somebody said so.
    pub(crate) description: Option<String>,
    /// The revision that has it.
    pub(crate) revision: u64,
}

impl NotificationView {
    /// What an entry changed, one after another.
    pub(crate) fn of(entry: &Entry) -> Vec<Self> {
        let changed = entry.changes.iter().map(|change| Self {
            timestamp: entry.at,
            key: change.path.clone(),
            old_value: recorded(change.old.as_ref()),
            new_value: recorded(change.new.as_ref()),
            user: entry.actor.clone(),
            source: entry.source.clone(),
            description: entry.reason.clone(),
            revision: entry.revision,
        });
        changed.collect()
    }
}
