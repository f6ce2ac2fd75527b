//! The store in memory: for tests, and for services that forget.

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::backup::Backup;
use crate::documents::{Documents, State};
use crate::entry::{Draft, Entry};
use crate::error::{CommitError, StoreError};
use crate::history::HistoryQuery;
use crate::retention::{Pruned, Retention};
use crate::snapshot::{NewSnapshot, Snapshot};
use crate::store::{Committed, Health, Store, Watch, Watched};
use crate::verify::{Anchor, ChainWalk, Verified};

/// A store in memory. A clone is a second handle on the same store; when the last is dropped, all is forgotten.
///
/// The history grows until it is [pruned](Store::prune).
#[derive(Debug, Clone, Default)]
pub struct MemoryStore {
    shared: Arc<Shared>,
}

#[derive(Debug, Default)]
struct Shared {
    kept: Mutex<Kept>,
    committed: Condvar,
}

/// What the store keeps.
#[derive(Debug, Default)]
struct Kept {
    anchor: Anchor,
    entries: Vec<Entry>,
    snapshots: Vec<Snapshot>,
    /// The newest id ever given, so that none comes twice.
    newest_id: Option<String>,
}

impl MemoryStore {
    /// A new and empty one.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }
}

impl Shared {
    /// Nothing of ours panics while it holds the lock half-way through a change, so a poisoned one is as good.
    fn lock(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Kept {
    fn state(&self) -> State {
        self.entries.last().map(Entry::state).unwrap_or_default()
    }

    fn by_request(&self, request: &str) -> Option<&Entry> {
        self.entries.iter().rev().find(|entry| entry.request.as_deref() == Some(request))
    }

    /// The entry after the current state, stored.
    fn push(&mut self, documents: &Documents, draft: Draft) -> Entry {
        let entry = Entry::seal(&self.state(), documents, draft);
        self.entries.push(entry.clone());
        entry
    }

    /// What comes after a revision; nothing where nothing does.
    fn after(&self, revision: u64) -> Watched {
        let state = self.state();
        if revision == state.revision {
            return Watched::Idle;
        }
        if revision < self.anchor.revision || revision > state.revision {
            return Watched::Reset(state);
        }
        let first = self.entries.partition_point(|entry| entry.revision <= revision);
        Watched::Entries(self.entries[first..].to_vec())
    }
}

impl Store for MemoryStore {
    fn load(&self) -> Result<State, StoreError> {
        Ok(self.shared.lock().state())
    }

    fn commit(&self, expected: u64, documents: &Documents, draft: Draft) -> Result<Committed, CommitError> {
        let mut kept = self.shared.lock();
        if let Some(entry) = draft.request.as_deref().and_then(|request| kept.by_request(request)) {
            return Ok(Committed::Replayed(entry.clone()));
        }
        let current = kept.state().revision;
        if current != expected {
            return Err(CommitError::Conflict { current });
        }
        let entry = kept.push(documents, draft);
        self.shared.committed.notify_all();
        Ok(Committed::New(entry))
    }

    fn entry(&self, revision: u64) -> Result<Option<Entry>, StoreError> {
        let kept = self.shared.lock();
        let found = kept.entries.binary_search_by_key(&revision, |entry| entry.revision);
        Ok(found.ok().map(|at| kept.entries[at].clone()))
    }

    fn history(&self, query: &HistoryQuery) -> Result<Vec<Entry>, StoreError> {
        let kept = self.shared.lock();
        Ok(kept.entries.iter().rev().filter(|entry| query.matches(entry)).take(query.most()).cloned().collect())
    }

    fn by_request(&self, request: &str) -> Result<Option<Entry>, StoreError> {
        Ok(self.shared.lock().by_request(request).cloned())
    }

    fn watch(&self, from: u64) -> Result<Box<dyn Watch>, StoreError> {
        Ok(Box::new(MemoryWatch { shared: self.shared.clone(), from }))
    }

    fn snapshots(&self) -> Result<Vec<Snapshot>, StoreError> {
        Ok(self.shared.lock().snapshots.clone())
    }

    fn create_snapshot(&self, snapshot: NewSnapshot) -> Result<Snapshot, StoreError> {
        let mut kept = self.shared.lock();
        let snapshot = Snapshot::take(&kept.state(), snapshot, kept.newest_id.as_deref());
        kept.newest_id = Some(snapshot.id.clone());
        kept.snapshots.push(snapshot.clone());
        Ok(snapshot)
    }

    fn delete_snapshot(&self, id: &str) -> Result<bool, StoreError> {
        let mut kept = self.shared.lock();
        let before = kept.snapshots.len();
        kept.snapshots.retain(|snapshot| snapshot.id != id);
        Ok(kept.snapshots.len() < before)
    }

    fn prune(&self, retention: &Retention) -> Result<Pruned, StoreError> {
        let mut kept = self.shared.lock();
        let entries = retention.expired_entries(kept.entries.len(), kept.entries.iter().map(|entry| entry.at));
        let last = kept.entries.drain(..entries).next_back();
        if let Some(last) = last {
            kept.anchor = Anchor { revision: last.revision, hash: last.hash };
        }
        let snapshots = retention.expired_snapshots(&kept.snapshots);
        kept.snapshots.retain(|snapshot| !snapshots.contains(&snapshot.id));
        Ok(Pruned { entries, snapshots })
    }

    fn verify(&self) -> Result<Verified, StoreError> {
        let kept = self.shared.lock();
        let mut walk = ChainWalk::new(kept.anchor);
        kept.entries.iter().for_each(|entry| walk.entry(entry));
        kept.snapshots.iter().for_each(|snapshot| walk.snapshot(snapshot));
        Ok(walk.finish(&kept.state(), kept.entries.last()))
    }

    fn backup(&self) -> Result<Backup, StoreError> {
        let kept = self.shared.lock();
        Ok(Backup::new(kept.anchor, kept.entries.clone(), kept.snapshots.clone()))
    }

    fn restore(&self, backup: &Backup, draft: Draft) -> Result<State, StoreError> {
        backup.check()?;
        let mut kept = self.shared.lock();
        if draft.request.as_deref().is_some_and(|request| kept.by_request(request).is_some()) {
            return Ok(kept.state());
        }
        if kept.entries.is_empty() {
            kept.anchor = backup.anchor();
            kept.entries = backup.entries().to_vec();
        }
        for snapshot in backup.snapshots() {
            if kept.snapshots.iter().all(|known| known.id != snapshot.id) {
                kept.snapshots.push(snapshot.clone());
            }
        }
        kept.snapshots.sort_by(|a, b| a.id.cmp(&b.id));
        kept.newest_id = kept.newest_id.take().max(kept.snapshots.last().map(|snapshot| snapshot.id.clone()));
        let state = kept.push(&backup.state().documents, draft).state();
        self.shared.committed.notify_all();
        Ok(state)
    }

    fn health(&self) -> Health {
        Health::healthy()
    }

    fn url(&self) -> String {
        "memory:".to_owned()
    }
}

#[derive(Debug)]
struct MemoryWatch {
    shared: Arc<Shared>,
    from: u64,
}

impl Watch for MemoryWatch {
    fn next(&mut self, timeout: Duration) -> Result<Watched, StoreError> {
        let Self { shared, from } = self;
        let idle = |kept: &mut Kept| kept.after(*from) == Watched::Idle;
        let waited = shared.committed.wait_timeout_while(shared.lock(), timeout, idle);
        let (kept, _) = waited.unwrap_or_else(PoisonError::into_inner);
        let watched = kept.after(*from);
        if watched != Watched::Idle {
            *from = kept.state().revision;
        }
        Ok(watched)
    }
}
