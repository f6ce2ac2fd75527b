//! Snapshots: states that are kept.

use serde::Serialize;
use strata_config_store::{Snapshot, Timestamp};
use utoipa::ToSchema;

/// A state that is kept.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct SnapshotView {
    /// Its name.
    pub(crate) id: String,
    /// The revision that it was taken of.
    pub(crate) revision: u64,
    /// When, in RFC 3339.
    #[schema(value_type = String, format = DateTime)]
    pub(crate) at: Timestamp,
    /// Who took it.
    pub(crate) actor: String,
    /// What it is for.
    pub(crate) description: String,
    /// Words to find it by; one that has any is never cleaned up.
    pub(crate) tags: Vec<String>,
}

impl SnapshotView {
    pub(crate) fn of(snapshot: &Snapshot) -> Self {
        Self {
            id: snapshot.id.clone(),
            revision: snapshot.revision,
            at: snapshot.at,
            actor: snapshot.actor.clone(),
            description: snapshot.description.clone(),
            tags: snapshot.tags.clone(),
        }
    }
}
