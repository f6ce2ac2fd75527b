//! Snapshots of what was set at run time, and the way back to one.

use strata_config_reload::{Actor, Applied, Point, UpdateError};
use strata_config_store::{Snapshot, StoreError};

use super::ConfigurationEngine;

impl ConfigurationEngine {
    /// Keeps what is set now; the snapshot's id. Beyond the limit that the engine was opened with, the oldest without a
    /// tag go.
    ///
    /// # Errors
    /// Where the store can't be written.
    pub fn create_snapshot<T: Into<String>>(
        &self,
        description: impl Into<String>,
        tags: impl IntoIterator<Item = T>,
        actor: impl Into<Actor>,
    ) -> Result<String, StoreError> {
        self.live().snapshot(description, tags, actor).map(|snapshot| snapshot.id)
    }

    /// The snapshots, the oldest first: id, time, description, tags, and who took them.
    ///
    /// # Errors
    /// Where the store can't be read.
    pub fn list_snapshots(&self) -> Result<Vec<Snapshot>, StoreError> {
        self.live().snapshots()
    }

    /// Goes back to a snapshot, as one change that the history shows.
    ///
    /// # Errors
    /// Where there is no such snapshot, or what it holds is wrong by now; then nothing changed.
    pub fn rollback_to_snapshot(&self, id: &str, actor: impl Into<Actor>) -> Result<Applied, UpdateError> {
        self.live().rollback(&Point::Snapshot(id.to_owned()), actor)
    }

    /// Removes a snapshot; whether there was one.
    ///
    /// # Errors
    /// Where the store can't be written.
    pub fn delete_snapshot(&self, id: &str) -> Result<bool, StoreError> {
        self.live().delete_snapshot(id)
    }
}
