//! The store in an SQLite database: the embedded default where a C compiler is at hand.

mod schema;
mod tables;

use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rusqlite::{Connection, ErrorCode, TransactionBehavior};

use crate::backup::Backup;
use crate::documents::{Documents, State};
use crate::entry::{Draft, Entry};
use crate::error::{CommitError, Kind, StoreError};
use crate::history::HistoryQuery;
use crate::polling::{self, Polling};
use crate::retention::{Pruned, Retention};
use crate::snapshot::{NewSnapshot, Snapshot};
use crate::store::{Committed, Health, Store, Watch};
use crate::verify::{Anchor, Verified};

use tables::Tables;

/// A store in an SQLite database of its own, for one machine.
///
/// The database is in WAL mode and synced at each commit, so beside it stand `-wal` and `-shm` while it is open. A
/// commit writes all documents, so the database grows by their size each time, until it is [pruned](Store::prune);
/// what that frees is used again, and the file does not shrink. WAL needs shared memory, which network file systems lack.
#[derive(Debug)]
pub struct SqliteStore {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    path: PathBuf,
    connection: Mutex<Connection>,
}

impl SqliteStore {
    /// Opens the database in a file, or makes a new one, with the directories above it.
    ///
    /// # Errors
    ///
    /// Where the file can't be used, is the database of another program, or of a later version of this one.
    pub fn open(path: impl Into<PathBuf>) -> Result<Self, StoreError> {
        let path = path.into();
        let connection = Mutex::new(schema::open(&path)?);
        Ok(Self { shared: Arc::new(Shared { path, connection }) })
    }

    fn read<T>(&self, f: impl FnOnce(&Tables<'_>) -> rusqlite::Result<T>) -> Result<T, StoreError> {
        self.shared.read(f)
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, Connection> {
        self.connection.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Reads one state of the database.
    fn read<T>(&self, f: impl FnOnce(&Tables<'_>) -> rusqlite::Result<T>) -> Result<T, StoreError> {
        let mut connection = self.lock();
        let read = || {
            let transaction = connection.transaction()?;
            f(&Tables(&transaction))
        };
        read().map_err(|error| self.failed("read", error))
    }

    /// Changes the database as a whole, or not at all; alone.
    fn write<T>(
        &self,
        f: impl FnOnce(&Tables<'_>) -> rusqlite::Result<Result<T, CommitError>>,
    ) -> Result<T, CommitError> {
        let mut connection = self.lock();
        let written = (|| {
            let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
            Ok(match f(&Tables(&transaction))? {
                Ok(value) => Ok((value, transaction.commit())),
                Err(refused) => Err(refused),
            })
        })();
        match written.map_err(|error| self.failed("write", error))?? {
            (value, Ok(())) => Ok(value),
            (_, Err(error)) => {
                let error = self.failed("commit to", error);
                Err(match take_back(&mut connection) {
                    Ok(()) => CommitError::Failed(error),
                    Err(_) => CommitError::Unknown(error),
                })
            }
        }
    }

    /// A failed call, told with what was tried.
    fn failed(&self, action: &str, error: rusqlite::Error) -> StoreError {
        failed(action, &self.path, error)
    }
}

/// Makes it durable that a transaction was not committed. Its pages may have reached the log before its sync failed, and
/// a crash would bring them back; a transaction of ours that changes nothing is written over them.
fn take_back(connection: &mut Connection) -> rusqlite::Result<()> {
    if !connection.is_autocommit() {
        connection.execute_batch("ROLLBACK")?;
    }
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    Tables(&transaction).touch()?;
    transaction.commit()
}

/// A failed call, told with what was tried.
fn failed(action: &str, path: &std::path::Path, error: rusqlite::Error) -> StoreError {
    let kind = match error.sqlite_error_code() {
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Kind::Busy,
        Some(ErrorCode::ReadOnly | ErrorCode::PermissionDenied) => Kind::Denied,
        Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => Kind::Corrupt,
        // A column that is not what we wrote.
        None => Kind::Corrupt,
        Some(_) => Kind::Unavailable,
    };
    StoreError::new(kind, format!("could not {action} {}", path.display())).because(error)
}

/// What a write says that is no compare-and-set.
fn plain(error: CommitError) -> StoreError {
    match error {
        CommitError::Unknown(error) | CommitError::Failed(error) => error,
        CommitError::Conflict { .. } => unreachable!("only a compare-and-set conflicts"),
    }
}

impl Store for SqliteStore {
    fn load(&self) -> Result<State, StoreError> {
        self.read(|tables| tables.state())
    }

    fn commit(&self, expected: u64, documents: &Documents, draft: Draft) -> Result<Committed, CommitError> {
        self.shared.write(|tables| {
            if let Some(entry) = tables.by_draft(&draft)? {
                return Ok(Ok(Committed::Replayed(entry)));
            }
            let state = tables.state()?;
            if state.revision != expected {
                return Ok(Err(CommitError::Conflict { current: state.revision }));
            }
            let entry = Entry::seal(&state, documents, draft);
            tables.append(&entry)?;
            Ok(Ok(Committed::New(entry)))
        })
    }

    fn entry(&self, revision: u64) -> Result<Option<Entry>, StoreError> {
        self.read(|tables| tables.entry(revision))
    }

    fn history(&self, query: &HistoryQuery) -> Result<Vec<Entry>, StoreError> {
        self.read(|tables| tables.history(query))
    }

    fn by_request(&self, request: &str) -> Result<Option<Entry>, StoreError> {
        self.read(|tables| tables.by_request(request))
    }

    fn watch(&self, from: u64) -> Result<Box<dyn Watch>, StoreError> {
        let shared = self.shared.clone();
        let look = move |from| {
            shared.read(|tables| {
                if tables.head()?.revision == from {
                    return Ok(Ok(crate::Watched::Idle));
                }
                let (anchor, state) = (tables.anchor()?, tables.state()?);
                let read = |revisions| tables.range(revisions).map_err(|error| shared.failed("read", error));
                Ok(polling::after(from, anchor, &state, read))
            })?
        };
        Ok(Box::new(Polling::new(from, look)))
    }

    fn snapshots(&self) -> Result<Vec<Snapshot>, StoreError> {
        self.read(|tables| tables.snapshots())
    }

    fn create_snapshot(&self, snapshot: NewSnapshot) -> Result<Snapshot, StoreError> {
        let take = |tables: &Tables<'_>| {
            let newest = tables.newest_snapshot()?;
            let snapshot = Snapshot::take(&tables.state()?, snapshot, newest.as_deref());
            tables.add_snapshot(&snapshot)?;
            Ok(Ok(snapshot))
        };
        self.shared.write(take).map_err(plain)
    }

    fn delete_snapshot(&self, id: &str) -> Result<bool, StoreError> {
        self.shared.write(|tables| tables.delete_snapshot(id).map(Ok)).map_err(plain)
    }

    fn prune(&self, retention: &Retention) -> Result<Pruned, StoreError> {
        self.shared.write(|tables| tables.prune(retention).map(Ok)).map_err(plain)
    }

    fn verify(&self) -> Result<Verified, StoreError> {
        self.read(|tables| tables.verify())
    }

    fn backup(&self) -> Result<Backup, StoreError> {
        self.read(|tables| {
            let Anchor { revision, .. } = tables.anchor()?;
            let entries = tables.range(revision + 1..=tables.head()?.revision)?;
            Ok(Backup::new(tables.anchor()?, entries, tables.snapshots()?))
        })
    }

    fn restore(&self, backup: &Backup, draft: Draft) -> Result<State, StoreError> {
        backup.check()?;
        self.shared.write(|tables| tables.restore(backup, draft).map(Ok)).map_err(plain)
    }

    fn health(&self) -> Health {
        Health::of(self.load())
    }

    fn url(&self) -> String {
        format!("sqlite:{}", self.shared.path.display())
    }
}
