//! A live configuration whatever its type: what tools and interfaces work with.

use std::sync::Arc;
use std::time::Duration;

use strata_config_core::{
    Budget, Change, Explained, FieldPath, LayeredConfig, Profile, Report, Schema, Value, export, values,
};
use strata_config_store::{Backup, Entry, HistoryQuery, Snapshot, StoreError, Timestamp, Verified};

use crate::actor::Actor;
use crate::commit::{Applied, Batch, Preview};
use crate::declared::{Declaration, Declared};
use crate::error::UpdateError;
use crate::event::{Event, EventKind};
use crate::listen::Changes;
use crate::live::Live;
use crate::past::Point;
use crate::preset::Preset;
use crate::status::Status;
use crate::version::Version;

/// A live configuration whatever its type: its values are documents, its settings are those of the schema.
///
/// Each method is that of [`Live`] with the same name.
pub trait DynLive: Send + Sync {
    /// What there is to set.
    fn schema(&self) -> &'static Schema;
    /// The configuration in effect, for several questions to one state of it.
    fn current(&self) -> Arc<dyn DynVersion>;
    /// The store's newest commit that this process knows, also where that can't be used.
    fn store_revision(&self) -> u64;
    /// How everything is doing.
    fn status(&self) -> Status;
    /// Merges a patch.
    ///
    /// # Errors
    /// As [`Live::update`]'s.
    fn update(&self, patch: &Value, actor: Actor) -> Result<Applied, UpdateError>;
    /// Merges a patch into the values of this process alone.
    ///
    /// # Errors
    /// As [`Live::update_here`]'s.
    fn update_here(&self, patch: &Value, actor: Actor) -> Result<Applied, UpdateError>;
    /// Makes the changes of a batch.
    ///
    /// # Errors
    /// As [`Live::update`]'s.
    fn apply(&self, batch: &Batch, actor: Actor) -> Result<Applied, UpdateError>;
    /// Removes everything that was set at run time.
    ///
    /// # Errors
    /// As [`Live::update`]'s.
    fn reset(&self, actor: Actor) -> Result<Applied, UpdateError>;
    /// Replaces the layer `store`.
    ///
    /// # Errors
    /// As [`Live::update`]'s.
    fn set_base(&self, base: &Value, actor: Actor) -> Result<Applied, UpdateError>;
    /// Declares a key outside the struct.
    ///
    /// # Errors
    /// As [`Live::declare`]'s.
    fn declare(&self, declaration: Declaration) -> Result<(), UpdateError>;
    /// What a patch would do.
    fn validate(&self, patch: &Value) -> Preview;
    /// What a batch would do.
    fn validate_batch(&self, batch: &Batch) -> Preview;
    /// Every value as a patch would make it.
    ///
    /// # Errors
    /// As [`Live::values_after`]'s.
    fn values_after(&self, patch: &Value) -> Result<Value, UpdateError>;
    /// The presets.
    fn presets(&self) -> &[Preset];
    /// What applying a preset would do.
    ///
    /// # Errors
    /// Where there is no such preset.
    fn validate_preset(&self, name: &str) -> Result<Preview, UpdateError>;
    /// Applies a preset.
    ///
    /// # Errors
    /// As [`Live::apply_preset`]'s.
    fn apply_preset(&self, name: &str, actor: Actor) -> Result<Applied, UpdateError>;
    /// Reads a source again.
    ///
    /// # Errors
    /// As [`Live::reload`]'s.
    fn reload(&self, source: &str) -> Result<bool, UpdateError>;
    /// Reads everything again.
    ///
    /// # Errors
    /// As [`Live::reload_all`]'s.
    fn reload_all(&self) -> Result<bool, UpdateError>;
    /// Entries of the history.
    ///
    /// # Errors
    /// Where the store can't be read.
    fn history(&self, query: &HistoryQuery) -> Result<Vec<Entry>, StoreError>;
    /// The snapshots.
    ///
    /// # Errors
    /// Where the store can't be read.
    fn snapshots(&self) -> Result<Vec<Snapshot>, StoreError>;
    /// Keeps what the store holds now.
    ///
    /// # Errors
    /// Where the store can't be written.
    fn snapshot(&self, description: String, tags: Vec<String>, actor: Actor) -> Result<Snapshot, StoreError>;
    /// Removes a snapshot.
    ///
    /// # Errors
    /// Where the store can't be written.
    fn delete_snapshot(&self, id: &str) -> Result<bool, StoreError>;
    /// Goes back to a point of the past.
    ///
    /// # Errors
    /// As [`Live::rollback`]'s.
    fn rollback(&self, to: &Point, actor: Actor) -> Result<Applied, UpdateError>;
    /// What going back to a point of the past would do.
    ///
    /// # Errors
    /// As [`Live::validate_rollback`]'s.
    fn validate_rollback(&self, to: &Point) -> Result<Preview, UpdateError>;
    /// Everything that the store holds.
    ///
    /// # Errors
    /// Where the store can't be read.
    fn backup(&self) -> Result<Backup, StoreError>;
    /// Takes the documents of a backup.
    ///
    /// # Errors
    /// As [`Live::restore`]'s.
    fn restore(&self, backup: &Backup, actor: Actor) -> Result<Applied, UpdateError>;
    /// Checks the store.
    ///
    /// # Errors
    /// As [`Live::verify`]'s.
    fn verify(&self) -> Result<Verified, StoreError>;
    /// Everything that happens from now on.
    fn events(&self) -> Box<dyn DynEvents>;
}

/// One state of a configuration whatever its type, for good.
///
/// Each method is that of [`Version`] with the same name, on the desired values.
pub trait DynVersion: Send + Sync {
    /// Every desired value, secrets masked.
    fn values(&self) -> Value;
    /// Every value that the program runs with, secrets masked.
    fn running(&self) -> Value;
    /// The whole configuration as an application would write it: without computed values and secrets.
    fn export(&self) -> Value;
    /// Where desired values came from: all of them, or those at or below these paths.
    fn explain(&self, paths: &[FieldPath]) -> Vec<Explained>;
    /// The keys that the program declared, with their values and where these came from.
    fn declared(&self) -> &[Declared];
    /// What waits for a restart.
    fn pending(&self) -> Vec<Change>;
    /// What is questionable, though accepted.
    fn warnings(&self) -> &Report;
    /// The memory that the desired configuration will need.
    fn budget(&self) -> Budget;
    /// The profile that is applied.
    fn profile(&self) -> Option<&Profile>;
    /// The store's commit that this stands on.
    fn revision(&self) -> u64;
    /// This process's count of changes.
    fn generation(&self) -> u64;
    /// When it took effect.
    fn at(&self) -> Timestamp;
}

/// Events of a configuration whatever its type.
pub trait DynEvents: Send {
    /// The next event; `None` where none comes within the time.
    fn next_within(&mut self, time: Duration) -> Option<Arc<dyn DynEvent>>;
    /// Events that were dropped since they were not taken in time.
    fn missed(&self) -> u64;
}

/// An event of a configuration whatever its type.
pub trait DynEvent: Send + Sync {
    /// Its number in this process.
    fn number(&self) -> u64;
    /// When.
    fn at(&self) -> Timestamp;
    /// What happened.
    fn kind(&self) -> &EventKind;
    /// The settings whose desired value differs.
    fn changes(&self) -> &[Change];
    /// The revision and generation afterwards.
    fn after(&self) -> (u64, u64);
}

impl<C: LayeredConfig> DynEvents for Changes<C> {
    fn next_within(&mut self, time: Duration) -> Option<Arc<dyn DynEvent>> {
        Self::next_within(self, time).map(|event| event as Arc<dyn DynEvent>)
    }

    fn missed(&self) -> u64 {
        Self::missed(self)
    }
}

impl<C: LayeredConfig> DynEvent for Event<C> {
    fn number(&self) -> u64 {
        self.number
    }

    fn at(&self) -> Timestamp {
        self.at
    }

    fn kind(&self) -> &EventKind {
        &self.kind
    }

    fn changes(&self) -> &[Change] {
        &self.changes
    }

    fn after(&self) -> (u64, u64) {
        (self.after.revision(), self.after.generation())
    }
}

impl<C: LayeredConfig> DynVersion for Version<C> {
    fn values(&self) -> Value {
        values(&**self.desired())
    }

    fn running(&self) -> Value {
        values(&**Self::running(self))
    }

    fn export(&self) -> Value {
        export(&**self.desired())
    }

    fn explain(&self, paths: &[FieldPath]) -> Vec<Explained> {
        Self::explain(self, paths)
    }

    fn declared(&self) -> &[Declared] {
        self.declared_keys()
    }

    fn pending(&self) -> Vec<Change> {
        Self::pending(self)
    }

    fn warnings(&self) -> &Report {
        Self::warnings(self)
    }

    fn budget(&self) -> Budget {
        Self::budget(self)
    }

    fn profile(&self) -> Option<&Profile> {
        Self::profile(self)
    }

    fn revision(&self) -> u64 {
        Self::revision(self)
    }

    fn generation(&self) -> u64 {
        Self::generation(self)
    }

    fn at(&self) -> Timestamp {
        Self::at(self)
    }
}

impl<C: LayeredConfig> DynLive for Live<C> {
    fn schema(&self) -> &'static Schema {
        C::SCHEMA
    }

    fn current(&self) -> Arc<dyn DynVersion> {
        self.version()
    }

    fn store_revision(&self) -> u64 {
        Self::store_revision(self)
    }

    fn status(&self) -> Status {
        Self::status(self)
    }

    fn update(&self, patch: &Value, actor: Actor) -> Result<Applied, UpdateError> {
        Self::update(self, patch, actor)
    }

    fn update_here(&self, patch: &Value, actor: Actor) -> Result<Applied, UpdateError> {
        Self::update_here(self, patch, actor)
    }

    fn apply(&self, batch: &Batch, actor: Actor) -> Result<Applied, UpdateError> {
        Self::apply(self, batch, actor)
    }

    fn reset(&self, actor: Actor) -> Result<Applied, UpdateError> {
        Self::reset(self, actor)
    }

    fn set_base(&self, base: &Value, actor: Actor) -> Result<Applied, UpdateError> {
        Self::set_base(self, base, actor)
    }

    fn declare(&self, declaration: Declaration) -> Result<(), UpdateError> {
        Self::declare(self, declaration)
    }

    fn validate(&self, patch: &Value) -> Preview {
        Self::validate(self, patch)
    }

    fn validate_batch(&self, batch: &Batch) -> Preview {
        Self::validate_batch(self, batch)
    }

    fn values_after(&self, patch: &Value) -> Result<Value, UpdateError> {
        Self::values_after(self, patch)
    }

    fn presets(&self) -> &[Preset] {
        Self::presets(self)
    }

    fn validate_preset(&self, name: &str) -> Result<Preview, UpdateError> {
        Self::validate_preset(self, name)
    }

    fn apply_preset(&self, name: &str, actor: Actor) -> Result<Applied, UpdateError> {
        Self::apply_preset(self, name, actor)
    }

    fn reload(&self, source: &str) -> Result<bool, UpdateError> {
        Self::reload(self, source)
    }

    fn reload_all(&self) -> Result<bool, UpdateError> {
        Self::reload_all(self)
    }

    fn history(&self, query: &HistoryQuery) -> Result<Vec<Entry>, StoreError> {
        Self::history(self, query)
    }

    fn snapshots(&self) -> Result<Vec<Snapshot>, StoreError> {
        Self::snapshots(self)
    }

    fn snapshot(&self, description: String, tags: Vec<String>, actor: Actor) -> Result<Snapshot, StoreError> {
        Self::snapshot(self, description, tags, actor)
    }

    fn delete_snapshot(&self, id: &str) -> Result<bool, StoreError> {
        Self::delete_snapshot(self, id)
    }

    fn rollback(&self, to: &Point, actor: Actor) -> Result<Applied, UpdateError> {
        Self::rollback(self, to, actor)
    }

    fn validate_rollback(&self, to: &Point) -> Result<Preview, UpdateError> {
        Self::validate_rollback(self, to)
    }

    fn backup(&self) -> Result<Backup, StoreError> {
        Self::backup(self)
    }

    fn restore(&self, backup: &Backup, actor: Actor) -> Result<Applied, UpdateError> {
        Self::restore(self, backup, actor)
    }

    fn verify(&self) -> Result<Verified, StoreError> {
        Self::verify(self)
    }

    fn events(&self) -> Box<dyn DynEvents> {
        Box::new(Self::events(self))
    }
}
