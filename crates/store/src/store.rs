//! The trait that every store implements, and what its calls answer.

use std::fmt::Debug;
use std::time::Duration;

use crate::backup::Backup;
use crate::documents::{Documents, State};
use crate::entry::{Draft, Entry};
use crate::error::{CommitError, StoreError};
use crate::history::HistoryQuery;
use crate::retention::{Pruned, Retention};
use crate::snapshot::{NewSnapshot, Snapshot};
use crate::verify::Verified;

/// A place that keeps documents, the history of their commits, and snapshots.
///
/// All calls block, and may be made from any thread. What is acknowledged is stored for good; what fails leaves the
/// store as it was, unless the error says that this is unknown. Several stores may be open on one place, in one
/// process or many, and see each other's commits.
///
/// Every call but [`health`](Self::health) and [`url`](Self::url) fails where the place can't be read or written, where
/// what is stored is damaged, and where somebody else holds it for too long. [`StoreError`] tells these apart.
pub trait Store: Send + Sync + Debug {
    /// What is stored now.
    ///
    /// # Errors
    ///
    /// As every call's.
    fn load(&self) -> Result<State, StoreError>;

    /// Replaces the documents and adds the history entry, both or neither, if the store still is at the revision
    /// `expected`. Where the draft's request is in the history already, nothing is written, whatever was expected.
    ///
    /// # Errors
    ///
    /// [`CommitError::Conflict`] where somebody else was faster. [`CommitError::Unknown`] where the writing failed in
    /// a way that leaves open whether the commit is stored.
    fn commit(&self, expected: u64, documents: &Documents, draft: Draft) -> Result<Committed, CommitError>;

    /// The entry of a revision; nothing where there is none, or it was pruned.
    ///
    /// # Errors
    ///
    /// As every call's.
    fn entry(&self, revision: u64) -> Result<Option<Entry>, StoreError>;

    /// Entries of the history, the newest first.
    ///
    /// # Errors
    ///
    /// As every call's.
    fn history(&self, query: &HistoryQuery) -> Result<Vec<Entry>, StoreError>;

    /// The entry of a request; nothing where it is unknown, or was pruned.
    ///
    /// # Errors
    ///
    /// As every call's.
    fn by_request(&self, request: &str) -> Result<Option<Entry>, StoreError>;

    /// The commits after a revision, those of other processes as well.
    ///
    /// # Errors
    ///
    /// As every call's.
    fn watch(&self, from: u64) -> Result<Box<dyn Watch>, StoreError>;

    /// The snapshots, the oldest first.
    ///
    /// # Errors
    ///
    /// As every call's.
    fn snapshots(&self) -> Result<Vec<Snapshot>, StoreError>;

    /// Keeps what is stored now under an id of its own.
    ///
    /// # Errors
    ///
    /// As every call's.
    fn create_snapshot(&self, snapshot: NewSnapshot) -> Result<Snapshot, StoreError>;

    /// Removes a snapshot; whether there was one.
    ///
    /// # Errors
    ///
    /// As every call's.
    fn delete_snapshot(&self, id: &str) -> Result<bool, StoreError>;

    /// Removes old entries and snapshots: never the last entry, never a snapshot with a tag. The chain of what is kept
    /// stays verifiable. A request whose entry is removed is forgotten.
    ///
    /// # Errors
    ///
    /// As every call's.
    fn prune(&self, retention: &Retention) -> Result<Pruned, StoreError>;

    /// Reads everything and says what is damaged.
    ///
    /// # Errors
    ///
    /// Where not even that can be found out.
    fn verify(&self) -> Result<Verified, StoreError>;

    /// Everything that is stored, as one value.
    ///
    /// # Errors
    ///
    /// As every call's.
    fn backup(&self) -> Result<Backup, StoreError>;

    /// Commits the documents of a backup as a new revision, and adds its snapshots that are not there. A store that
    /// nothing was ever committed to takes over the backup's history before.
    ///
    /// # Errors
    ///
    /// As every call's; and [`is_invalid`](StoreError::is_invalid) where the backup's chain is broken.
    fn restore(&self, backup: &Backup, draft: Draft) -> Result<State, StoreError>;

    /// How the store feels.
    fn health(&self) -> Health;

    /// The store's address, for people: without passwords.
    fn url(&self) -> String;

    /// How the last known good copy is doing, where the store keeps one.
    fn copy(&self) -> Option<CopyStatus> {
        None
    }
}

/// How a last known good copy is doing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CopyStatus {
    /// Times that the copy stood in for the store.
    pub hits: u64,
    /// Times that it was needed, and there was none.
    pub misses: u64,
    /// The revision that it holds.
    pub revision: Option<u64>,
    /// How long ago the store was known to hold this.
    pub age: Option<Duration>,
    /// It stands in for the store now.
    pub in_use: bool,
}

/// What became of a commit that did not fail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Committed {
    /// It is stored, as this entry.
    New(Entry),
    /// Its request was carried out before, as this entry; nothing was written.
    Replayed(Entry),
}

impl Committed {
    /// The entry, new or old.
    #[must_use]
    pub fn into_entry(self) -> Entry {
        match self {
            Self::New(entry) | Self::Replayed(entry) => entry,
        }
    }
}

/// The commits of a store, as they come.
pub trait Watch: Send + Debug {
    /// What came since the last call, or comes within a time.
    ///
    /// # Errors
    ///
    /// Where the store can't be read. The next call tries again, and misses nothing.
    fn next(&mut self, timeout: Duration) -> Result<Watched, StoreError>;
}

/// What a watch saw.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Watched {
    /// Entries in order, without a gap; at least one.
    Entries(Vec<Entry>),
    /// The history no longer reaches back, or the store was replaced: this is what it holds. The watch goes on from here.
    Reset(State),
    /// Nothing within the time.
    Idle,
}

/// How a store feels.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Health {
    /// In one word.
    pub status: HealthStatus,
    /// What is wrong, for a person.
    pub detail: Option<String>,
}

impl Health {
    /// Nothing is wrong.
    #[must_use]
    pub const fn healthy() -> Self {
        Self { status: HealthStatus::Healthy, detail: None }
    }

    /// What an attempt to use the store came to.
    #[must_use]
    pub fn of<T>(attempt: Result<T, StoreError>) -> Self {
        match attempt {
            Ok(_) => Self::healthy(),
            Err(error) => {
                let status = if error.is_busy() { HealthStatus::Degraded } else { HealthStatus::Critical };
                Self { status, detail: Some(error.to_string()) }
            }
        }
    }
}

/// How a store feels, in one word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum HealthStatus {
    /// It reads and writes.
    Healthy,
    /// It answers, but not as it should.
    Degraded,
    /// It can't be used.
    Critical,
}
