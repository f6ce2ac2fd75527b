//! A store that may be out of reach, with a copy of what it last held: a start without it, and reads while it is away.

use std::fmt;
use std::fs;
use std::hash::{BuildHasher, RandomState};
use std::io;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};

use crate::backup::Backup;
use crate::documents::{Documents, State};
use crate::entry::{Draft, Entry};
use crate::error::{CommitError, Kind, StoreError};
use crate::file::durable;
use crate::hash::Hash;
use crate::history::HistoryQuery;
use crate::retention::{Pruned, Retention};
use crate::snapshot::{NewSnapshot, Snapshot};
use crate::store::{Committed, CopyStatus, Health, HealthStatus, Store, Watch};
use crate::timestamp::Timestamp;
use crate::verify::Verified;

/// How long a store that can't be opened is left alone, at first and at most.
const RETRY: (Duration, Duration) = (Duration::from_millis(250), Duration::from_secs(30));

/// What opens the store behind.
type Open = dyn Fn() -> Result<Arc<dyn Store>, StoreError> + Send + Sync;

/// A store that may be out of reach, with a copy of what it last held in a file.
///
/// While the store can't be read, [`load`](Store::load) gives the copy, so that a process starts and runs without it;
/// whatever writes or reads the past fails as the store does. The copy has a checksum, is replaced as a whole, and is
/// never older than what this process has seen. It holds what the documents hold: sealed secrets stay sealed.
///
/// ```
/// use std::sync::Arc;
/// use strata_config_store::{FileStore, LastKnownGood, Store};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let folder = std::env::temp_dir().join(format!("strata-doc-{}", std::process::id()));
/// # std::fs::create_dir_all(&folder)?;
/// let (far, copy) = (folder.join("far"), folder.join("copy.json"));
/// let open = move || Ok(Arc::new(FileStore::open(&far)?) as Arc<dyn Store>);
/// let store = LastKnownGood::new("file:far", copy, open);
/// store.load()?; // from the store; from now on there is a copy
/// assert_eq!(store.copy().unwrap().misses, 0);
/// # drop(store);
/// # std::fs::remove_dir_all(&folder)?;
/// # Ok(())
/// # }
/// ```
pub struct LastKnownGood {
    url: String,
    path: PathBuf,
    open: Box<Open>,
    inner: Mutex<Inner>,
}

/// What is known of the store behind, and of the copy.
struct Inner {
    store: Option<Arc<dyn Store>>,
    /// When opening may be tried again, and how long after the next failure.
    retry: Option<(Instant, Duration)>,
    copy: Option<Copy>,
    /// Counts what was kept, so that an answer of the store can be older than the copy.
    kept: u64,
    /// The copy's file has what `copy` has.
    is_saved: bool,
    /// The store could not be read the last time.
    problem: Option<String>,
    hits: u64,
    misses: u64,
}

/// The copy, as its file holds it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Copy {
    revision: u64,
    documents: Documents,
    head: Hash,
    /// When the store was known to hold this.
    at: Timestamp,
    /// SHA-256 of the JSON of all this, with zeros here.
    checksum: Hash,
}

impl Copy {
    fn of(state: &State) -> Self {
        let State { revision, documents, head } = state.clone();
        Self { revision, documents, head, at: Timestamp::now(), checksum: Hash::ZERO }
    }

    fn sealed(mut self) -> String {
        self.checksum = self.expected_checksum();
        serde_json::to_string(&self).expect("a copy has no map whose keys could be anything but text")
    }

    fn expected_checksum(&self) -> Hash {
        let bare = Self { checksum: Hash::ZERO, ..self.clone() };
        Hash::of(serde_json::to_string(&bare).unwrap_or_default().as_bytes())
    }

    fn state(&self) -> State {
        State { revision: self.revision, documents: self.documents.clone(), head: self.head }
    }
}

impl LastKnownGood {
    /// A store that `open` opens, when it is first asked and again after failures. `url` names it for people, without
    /// passwords; the copy is kept at `path`, whose folder must be there.
    pub fn new(
        url: impl Into<String>,
        path: impl Into<PathBuf>,
        open: impl Fn() -> Result<Arc<dyn Store>, StoreError> + Send + Sync + 'static,
    ) -> Self {
        let inner =
            Inner { store: None, retry: None, copy: None, kept: 0, is_saved: false, problem: None, hits: 0, misses: 0 };
        Self { url: url.into(), path: path.into(), open: Box::new(open), inner: Mutex::new(inner) }
    }

    /// Reads the store once, so that there is a copy before it is needed; whether the store itself answered.
    ///
    /// # Errors
    ///
    /// Where neither the store nor a copy can be read.
    pub fn warm_up(&self) -> Result<bool, StoreError> {
        self.load()?;
        Ok(self.locked().problem.is_none())
    }

    fn locked(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The store behind, opened if need be; not more often than its failures allow.
    fn store(&self) -> Result<Arc<dyn Store>, StoreError> {
        let mut inner = self.locked();
        if let Some(store) = &inner.store {
            return Ok(Arc::clone(store));
        }
        let wait = match inner.retry {
            Some((at, _)) if at > Instant::now() => {
                let why = inner.problem.clone().unwrap_or_default();
                return Err(StoreError::new(Kind::Unavailable, format!("{} is out of reach: {why}", self.url)));
            }
            Some((_, wait)) => wait,
            None => RETRY.0,
        };
        match (self.open)() {
            Ok(store) => {
                inner.retry = None;
                inner.store = Some(Arc::clone(&store));
                Ok(store)
            }
            Err(error) => {
                // Jitter, so that a fleet does not come back all at once: between half of the time and all of it.
                let share = RandomState::new().hash_one(wait) % 1000;
                let pause = wait.mul_f64(0.5 + share as f64 / 2000.0);
                inner.retry = Some((Instant::now() + pause, (wait * 2).min(RETRY.1)));
                inner.problem = Some(error.to_string());
                Err(error)
            }
        }
    }

    /// Notes what the store holds, as it said to a question that was asked when the count was `asked`. A copy that can't
    /// be written is told by `health`, and tried again at the next reading.
    fn keep(&self, state: &State, asked: u64) {
        let mut inner = self.locked();
        inner.problem = None;
        let is_late = inner.kept != asked;
        if is_late && inner.copy.as_ref().is_some_and(|copy| copy.revision >= state.revision) {
            return;
        }
        inner.kept += 1;
        if inner.is_saved && inner.copy.as_ref().is_some_and(|copy| copy.head == state.head) {
            if let Some(copy) = &mut inner.copy {
                copy.at = Timestamp::now();
            }
            return;
        }
        let copy = Copy::of(state);
        inner.is_saved = durable::replace_by(&self.path, copy.clone().sealed().as_bytes()).is_ok();
        inner.copy = Some(copy);
    }

    /// The copy, where the store fails: from memory, or else from its file.
    fn instead(&self, error: StoreError) -> Result<State, StoreError> {
        let mut inner = self.locked();
        inner.problem = Some(error.to_string());
        if inner.copy.is_none() {
            match self.read() {
                Ok(copy) => {
                    inner.is_saved = copy.is_some();
                    inner.copy = copy;
                }
                Err(damaged) => {
                    inner.misses += 1;
                    return Err(damaged);
                }
            }
        }
        match &inner.copy {
            Some(copy) => {
                let state = copy.state();
                inner.hits += 1;
                Ok(state)
            }
            None => {
                inner.misses += 1;
                Err(error)
            }
        }
    }

    fn read(&self) -> Result<Option<Copy>, StoreError> {
        let text = match fs::read_to_string(&self.path) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(durable::failed("read", &self.path, error)),
        };
        let damaged = || {
            let message = format!("{} is damaged, and {} is out of reach", self.path.display(), self.url);
            StoreError::new(Kind::Corrupt, message)
        };
        let copy: Copy = serde_json::from_str(&text).map_err(|error| damaged().because(error))?;
        if copy.checksum == copy.expected_checksum() { Ok(Some(copy)) } else { Err(damaged()) }
    }
}

impl Store for LastKnownGood {
    fn load(&self) -> Result<State, StoreError> {
        let asked = self.locked().kept;
        match self.store().and_then(|store| store.load()) {
            Ok(state) => {
                self.keep(&state, asked);
                Ok(state)
            }
            Err(error) => self.instead(error),
        }
    }

    fn commit(&self, expected: u64, documents: &Documents, draft: Draft) -> Result<Committed, CommitError> {
        let asked = self.locked().kept;
        let store = self.store().map_err(CommitError::Failed)?;
        let committed = store.commit(expected, documents, draft)?;
        if let Committed::New(entry) = &committed {
            self.keep(&entry.state(), asked);
        }
        Ok(committed)
    }

    fn entry(&self, revision: u64) -> Result<Option<Entry>, StoreError> {
        self.store()?.entry(revision)
    }

    fn history(&self, query: &HistoryQuery) -> Result<Vec<Entry>, StoreError> {
        self.store()?.history(query)
    }

    fn by_request(&self, request: &str) -> Result<Option<Entry>, StoreError> {
        self.store()?.by_request(request)
    }

    fn watch(&self, from: u64) -> Result<Box<dyn Watch>, StoreError> {
        self.store()?.watch(from)
    }

    fn snapshots(&self) -> Result<Vec<Snapshot>, StoreError> {
        self.store()?.snapshots()
    }

    fn create_snapshot(&self, snapshot: NewSnapshot) -> Result<Snapshot, StoreError> {
        self.store()?.create_snapshot(snapshot)
    }

    fn delete_snapshot(&self, id: &str) -> Result<bool, StoreError> {
        self.store()?.delete_snapshot(id)
    }

    fn prune(&self, retention: &Retention) -> Result<Pruned, StoreError> {
        self.store()?.prune(retention)
    }

    fn verify(&self) -> Result<Verified, StoreError> {
        self.store()?.verify()
    }

    fn backup(&self) -> Result<Backup, StoreError> {
        self.store()?.backup()
    }

    fn restore(&self, backup: &Backup, draft: Draft) -> Result<State, StoreError> {
        let asked = self.locked().kept;
        let state = self.store()?.restore(backup, draft)?;
        self.keep(&state, asked);
        Ok(state)
    }

    fn health(&self) -> Health {
        let health = match self.store() {
            Ok(store) => store.health(),
            Err(error) => Health::of::<()>(Err(error)),
        };
        let inner = self.locked();
        match (&inner.copy, health.status) {
            (Some(copy), HealthStatus::Healthy) if !inner.is_saved => Health {
                status: HealthStatus::Degraded,
                detail: Some(format!("revision {} could not be copied to {}", copy.revision, self.path.display())),
            },
            (_, HealthStatus::Healthy) => health,
            (Some(copy), _) => {
                let age = Timestamp::now().since(copy.at).as_secs();
                let copied = format!("working from a copy of revision {}, {age} s old", copy.revision);
                let detail = health.detail.map_or_else(|| copied.clone(), |detail| format!("{detail}; {copied}"));
                Health { status: HealthStatus::Degraded, detail: Some(detail) }
            }
            (None, _) => health,
        }
    }

    fn url(&self) -> String {
        self.url.clone()
    }

    fn copy(&self) -> Option<CopyStatus> {
        let inner = self.locked();
        let copy = inner.copy.as_ref();
        Some(CopyStatus {
            hits: inner.hits,
            misses: inner.misses,
            revision: copy.map(|copy| copy.revision),
            age: copy.map(|copy| Timestamp::now().since(copy.at)),
            in_use: inner.problem.is_some() && copy.is_some(),
        })
    }
}

impl fmt::Debug for LastKnownGood {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LastKnownGood").field("url", &self.url).field("path", &self.path).finish_non_exhaustive()
    }
}
