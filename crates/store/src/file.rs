//! The store in a directory: an append-only journal that is the truth, and files made of it.
//!
//! What is acknowledged is synced. The journal is a chain of lines, so that an unfinished one at its end, which a
//! killed writer leaves, is recognised; readers pass over it, and the next writer cuts it off.

mod commit;
pub(crate) mod durable;
mod index;
mod journal;
mod lock;
mod replace;
mod snapshots;
mod verify;
mod view;
mod watch;

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use crate::backup::Backup;
use crate::documents::{Documents, State};
use crate::entry::{Draft, Entry};
use crate::error::{CommitError, Kind, StoreError};
use crate::history::HistoryQuery;
use crate::retention::{Pruned, Retention};
use crate::snapshot::{NewSnapshot, Snapshot};
use crate::store::{Committed, Health, HealthStatus, Store, Watch};
use crate::verify::{Anchor, Verified};

use commit::Stopped;
use index::Index;
use lock::Lock;
use snapshots::Snapshots;
use view::View;

/// A store in a directory of its own, for one machine.
///
/// | file | what it is |
/// |---|---|
/// | `journal.jsonl` | the truth: a line that says where the history begins, then one JSON line an entry |
/// | `checkpoint.json`, `journal.index` | where each entry stands in the journal; made again where they are lost |
/// | `snapshots/ID.json` | one file a snapshot |
/// | `lock` | locked for the length of a call, by many readers or one writer |
///
/// A commit writes all documents, so the journal grows by their size each time, until it is [pruned](Store::prune).
/// Locks and syncing have to work as on a local disk, which network file systems seldom promise.
#[derive(Debug)]
pub struct FileStore {
    shared: Arc<Shared>,
}

/// What a store and its watches share.
#[derive(Debug)]
struct Shared {
    places: Places,
    view: Mutex<Option<View>>,
    stopped: Stopped,
    /// Why the index could not be brought up to date. The journal is all that counts, but grows slow to open.
    trouble: Mutex<Option<String>>,
}

/// The paths of a store.
#[derive(Debug)]
struct Places {
    directory: PathBuf,
    lock: PathBuf,
    journal: PathBuf,
    index: Index,
    snapshots: Snapshots,
}

impl FileStore {
    /// The name of the journal in a store's directory.
    pub(crate) const JOURNAL: &str = "journal.jsonl";

    /// Opens the store in a directory, or makes a new one there, and removes what killed writers have left.
    ///
    /// # Errors
    ///
    /// Where the directory can't be used, or holds the journal of a later version. Damaged entries are told by the
    /// calls that read them, and by [`verify`](Store::verify).
    pub fn open(directory: impl Into<PathBuf>) -> Result<Self, StoreError> {
        let directory = directory.into();
        let places = Places {
            lock: directory.join("lock"),
            journal: directory.join(Self::JOURNAL),
            index: Index::new(&directory),
            snapshots: Snapshots::new(&directory),
            directory,
        };
        match places.prepare() {
            // Who may only read reads.
            Err(error) if error.is_denied() && places.journal.exists() => (),
            outcome => outcome?,
        }
        places.check_format()?;
        let shared = Shared { places, view: Mutex::default(), stopped: Stopped::default(), trouble: Mutex::default() };
        Ok(Self { shared: Arc::new(shared) })
    }

    fn read<T>(&self, f: impl FnOnce(&View, &Places) -> Result<T, StoreError>) -> Result<T, StoreError> {
        self.shared.read(f)
    }
}

impl Places {
    /// Makes what is missing, and sweeps.
    fn prepare(&self) -> Result<(), StoreError> {
        durable::create_directory(&self.directory)?;
        let _lock = Lock::exclusive(&self.lock)?;
        durable::create_directory(self.snapshots.directory())?;
        durable::sweep(&self.directory)?;
        durable::sweep(self.snapshots.directory())?;
        if self.journal.exists() {
            return Ok(());
        }
        if let Some(checkpoint) = self.index.checkpoint() {
            let (path, revision) = (self.journal.display(), checkpoint.revision);
            let message = format!("{path} is gone, though revision {revision} was stored");
            return Err(StoreError::new(Kind::Corrupt, message));
        }
        journal::create(&self.journal, Anchor::default(), |_| Ok(()))
    }

    fn check_format(&self) -> Result<(), StoreError> {
        let file = std::fs::File::open(&self.journal);
        let file = file.map_err(|error| durable::failed("open", &self.journal, error))?;
        journal::read_header(&self.journal, &mut std::io::BufReader::new(file)).map(drop)
    }
}

impl Shared {
    /// Reads what is stored now, while nobody writes.
    fn read<T>(&self, f: impl FnOnce(&View, &Places) -> Result<T, StoreError>) -> Result<T, StoreError> {
        let mut slot = self.view.lock().unwrap_or_else(PoisonError::into_inner);
        let _lock = Lock::shared(&self.places.lock)?;
        f(View::refresh(&mut slot, &self.places)?, &self.places)
    }

    /// Changes what is stored now, alone. Where `f` replaces the journal, it empties the slot.
    fn write<T, E: From<StoreError>>(
        &self,
        f: impl FnOnce(&mut Option<View>, &Places) -> Result<T, E>,
    ) -> Result<T, E> {
        let mut slot = self.view.lock().unwrap_or_else(PoisonError::into_inner);
        let _lock = Lock::exclusive(&self.places.lock)?;
        self.stopped.check()?;
        View::refresh(&mut slot, &self.places)?;
        let done = f(&mut slot, &self.places)?;
        // The change is stored. What follows only makes the next start faster.
        let checkpoint = View::refresh(&mut slot, &self.places).and_then(|view| view.checkpoint(&self.places));
        let trouble = checkpoint.err().map(|error| error.to_string());
        *self.trouble.lock().unwrap_or_else(PoisonError::into_inner) = trouble;
        Ok(done)
    }
}

impl Store for FileStore {
    fn load(&self) -> Result<State, StoreError> {
        self.read(|view, _| Ok(view.state.clone()))
    }

    fn commit(&self, expected: u64, documents: &Documents, draft: Draft) -> Result<Committed, CommitError> {
        self.shared.commit(expected, documents, draft)
    }

    fn entry(&self, revision: u64) -> Result<Option<Entry>, StoreError> {
        self.read(|view, places| match view.revisions().contains(&revision) {
            true => view.entry(places, revision).map(Some),
            false => Ok(None),
        })
    }

    fn history(&self, query: &HistoryQuery) -> Result<Vec<Entry>, StoreError> {
        self.read(|view, places| {
            let revisions = view.revisions().rev().filter(|revision| query.spans(*revision));
            let entries = revisions.map(|revision| view.entry(places, revision));
            let matching = |entry: &Result<Entry, _>| entry.as_ref().map_or(true, |entry| query.matches(entry));
            entries.filter(matching).take(query.most()).collect()
        })
    }

    fn by_request(&self, request: &str) -> Result<Option<Entry>, StoreError> {
        self.read(|view, places| view.by_request(places, request))
    }

    fn watch(&self, from: u64) -> Result<Box<dyn Watch>, StoreError> {
        Ok(Box::new(watch::watch(self.shared.clone(), from)))
    }

    fn snapshots(&self) -> Result<Vec<Snapshot>, StoreError> {
        let _lock = Lock::shared(&self.shared.places.lock)?;
        self.shared.places.snapshots.all()
    }

    fn create_snapshot(&self, snapshot: NewSnapshot) -> Result<Snapshot, StoreError> {
        self.shared.write(|slot, places| {
            let state = View::refresh(slot, places)?.state.clone();
            let newest = places.snapshots.ids()?.pop();
            let snapshot = Snapshot::take(&state, snapshot, newest.as_deref());
            places.snapshots.write(&snapshot)?;
            Ok(snapshot)
        })
    }

    fn delete_snapshot(&self, id: &str) -> Result<bool, StoreError> {
        let _lock = Lock::exclusive(&self.shared.places.lock)?;
        self.shared.places.snapshots.remove(id)
    }

    fn prune(&self, retention: &Retention) -> Result<Pruned, StoreError> {
        self.shared.prune(retention)
    }

    fn verify(&self) -> Result<Verified, StoreError> {
        let _lock = Lock::shared(&self.shared.places.lock)?;
        verify::verify(&self.shared.places)
    }

    fn backup(&self) -> Result<Backup, StoreError> {
        self.read(|view, places| {
            let entries = view.revisions().map(|revision| view.entry(places, revision));
            Ok(Backup::new(view.anchor(), entries.collect::<Result<_, _>>()?, places.snapshots.all()?))
        })
    }

    fn restore(&self, backup: &Backup, draft: Draft) -> Result<State, StoreError> {
        self.shared.restore(backup, draft)
    }

    fn health(&self) -> Health {
        let trouble = self.shared.trouble.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let health = Health::of(self.shared.stopped.check().and_then(|()| self.load()));
        match trouble {
            Some(_) if health.status == HealthStatus::Healthy => {
                Health { status: HealthStatus::Degraded, detail: trouble }
            }
            _ => health,
        }
    }

    fn url(&self) -> String {
        format!("file:{}", self.shared.places.directory.display())
    }
}

/// Whether a directory holds such a store.
pub(crate) fn is_in(directory: &Path) -> bool {
    directory.join(FileStore::JOURNAL).exists()
}
