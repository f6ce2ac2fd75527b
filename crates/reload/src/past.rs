//! The past of a live configuration: history, snapshots, and the way back.

use std::sync::Arc;

use strata_config_core::LayeredConfig;
use strata_config_store::{Backup, Entry, HistoryQuery, NewSnapshot, Snapshot, StoreError, Timestamp, Verified};

use crate::actor::Actor;
use crate::commit::{Applied, Preview};
use crate::edit::Target;
use crate::error::UpdateError;
use crate::live::Live;
use crate::stored::Stored;
use crate::write::draft;
use crate::writer::{Step, Writer};

/// A point of the past to go back to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Point {
    /// What the store held after this revision; 0 is the empty store.
    Revision(u64),
    /// What a snapshot kept, by its id.
    Snapshot(String),
}

impl<C: LayeredConfig> Live<C> {
    /// Entries of the history, the newest first.
    ///
    /// # Errors
    /// Where the store can't be read.
    pub fn history(&self, query: &HistoryQuery) -> Result<Vec<Entry>, StoreError> {
        self.shared.store.history(query)
    }

    /// The snapshots, the oldest first.
    ///
    /// # Errors
    /// Where the store can't be read.
    pub fn snapshots(&self) -> Result<Vec<Snapshot>, StoreError> {
        self.shared.store.snapshots()
    }

    /// Keeps what the store holds now; old snapshots without a tag make room.
    ///
    /// # Errors
    /// Where the store can't be written.
    pub fn snapshot<T: Into<String>>(
        &self,
        description: impl Into<String>,
        tags: impl IntoIterator<Item = T>,
        actor: impl Into<Actor>,
    ) -> Result<Snapshot, StoreError> {
        let new = NewSnapshot {
            description: description.into(),
            tags: tags.into_iter().map(Into::into).collect(),
            actor: actor.into().name,
            at: Timestamp::now(),
        };
        let snapshot = self.shared.store.create_snapshot(new)?;
        self.prune();
        Ok(snapshot)
    }

    /// Removes a snapshot; whether there was one.
    ///
    /// # Errors
    /// Where the store can't be written.
    pub fn delete_snapshot(&self, id: &str) -> Result<bool, StoreError> {
        self.shared.store.delete_snapshot(id)
    }

    /// Goes back to a point of the past, as a new revision.
    ///
    /// # Errors
    /// As for [`update`](Self::update); and where there is no such point any more.
    pub fn rollback(&self, to: &Point, actor: impl Into<Actor>) -> Result<Applied, UpdateError> {
        let past = self.past(to)?;
        let mut actor = actor.into();
        actor.reason.get_or_insert_with(|| match to {
            Point::Revision(revision) => format!("rollback to revision {revision}"),
            Point::Snapshot(id) => format!("rollback to snapshot {id}"),
        });
        self.write(&actor, &mut |writer, _| there(writer, &past))
    }

    /// What going back to a point of the past would do; nothing is changed, nor are vetoes asked.
    ///
    /// # Errors
    /// Where there is no such point any more, or the store can't be read.
    pub fn validate_rollback(&self, to: &Point) -> Result<Preview, UpdateError> {
        let past = self.past(to)?;
        Ok(self.preview(&mut |writer, _| there(writer, &past)))
    }

    /// What the store held at a point of the past.
    fn past(&self, to: &Point) -> Result<Stored, UpdateError> {
        let documents = match to {
            Point::Revision(0) => Some(strata_config_store::Documents::default()),
            Point::Revision(revision) => self.shared.store.entry(*revision)?.map(|entry| entry.documents),
            Point::Snapshot(id) => {
                let snapshots = self.shared.store.snapshots()?;
                snapshots.into_iter().find(|snapshot| snapshot.id == *id).map(|snapshot| snapshot.documents)
            }
        };
        let documents = documents.ok_or_else(|| {
            UpdateError::missing(match to {
                Point::Revision(revision) => format!("revision {revision} in the history"),
                Point::Snapshot(id) => format!("snapshot `{id}`"),
            })
        })?;
        let upgrade = self.enter()?.stack.upgrade();
        let stored = Stored::read(&documents, &upgrade)?;
        stored.check_writable()?;
        Ok(stored)
    }

    /// Everything that the store holds.
    ///
    /// # Errors
    /// Where the store can't be read.
    pub fn backup(&self) -> Result<Backup, StoreError> {
        self.shared.store.backup()
    }

    /// Takes the documents of a backup, as a new revision; its history too, where the store is new.
    ///
    /// # Errors
    /// As for [`update`](Self::update); and where the backup is damaged.
    pub fn restore(&self, backup: &Backup, actor: impl Into<Actor>) -> Result<Applied, UpdateError> {
        let mut actor = actor.into();
        actor.reason.get_or_insert_with(|| "restore of a backup".to_owned());
        let mut writer = self.enter()?;
        let result = self.restore_locked(&mut writer, backup, &actor);
        if !actor.dry {
            self.shared.counters.wrote(result.is_ok());
        }
        result
    }

    fn restore_locked(&self, writer: &mut Writer<C>, backup: &Backup, actor: &Actor) -> Result<Applied, UpdateError> {
        if let Some(applied) = self.carried_out(writer, actor)? {
            return Ok(applied);
        }
        self.catch_up(writer)?;
        self.expect_revision(writer, actor)?;
        let version = self.version();
        let stored = Stored::read(&backup.state().documents, &writer.stack.upgrade())?;
        let step = Step::Commit(writer.state.revision + 1);
        let built = writer.build(&writer.stack, &stored, Some(&version), step).map_err(UpdateError::invalid)?;
        stored.check_writable()?;
        self.ask(&version, &built, actor)?;
        if actor.dry {
            return Ok(self.tried(writer, &built));
        }
        let is_new = writer.state.revision == 0;
        let draft = draft(actor, Timestamp::now(), &built.changes);
        let state = self.shared.store.restore(backup, draft)?;
        // It is stored: from here on, nobody may say that nothing changed.
        let entry = self.shared.store.entry(state.revision).map_err(UpdateError::unknown)?.map(Arc::new);
        let follows = if is_new {
            // The backup's history is the store's now, and was never in effect here.
            self.commit_of_others(writer, state.clone(), entry.clone())
        } else {
            self.catch_up(writer).map(drop)
        };
        follows.map_err(UpdateError::unknown)?;
        let now = self.version();
        let (pending, warnings) = (now.pending(), now.warnings().clone());
        Ok(Applied { revision: state.revision, entry, replayed: false, changes: built.changes, pending, warnings })
    }

    /// Reads everything that the store holds, and says where its history does not hang together.
    ///
    /// # Errors
    /// Where not even that can be found out.
    pub fn verify(&self) -> Result<Verified, StoreError> {
        self.shared.store.verify()
    }
}

/// The way to what the store held.
fn there<C>(writer: &Writer<C>, past: &Stored) -> Target {
    // What this process alone has would stand above the past.
    let here = writer.here.base.clone();
    Target { base: past.base.clone(), runtime: past.runtime.clone(), here, ..Target::of(writer) }
}
