//! A store that does what it is told to: it fails where a test wants it to, or waits, and else is one in memory.

use std::fmt;
use std::sync::{Arc, Mutex};

use strata_config_store::{
    Backup, CommitError, Committed, Documents, Draft, Entry, Health, HistoryQuery, MemoryStore, NewSnapshot, Pruned,
    Retention, Snapshot, State, Store, StoreError, Verified, Watch,
};

/// What fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    Load,
    Entry,
    History,
    ByRequest,
    /// A commit that is not written.
    Commit,
    /// A commit of which it can't be said whether it is written: it is not.
    Unwritten,
    /// A commit of which it can't be said whether it is written: it is.
    Written,
}

type Hook = Box<dyn FnOnce() + Send>;

/// The store; clones are one.
#[derive(Clone, Default)]
pub(crate) struct Double {
    pub(crate) inner: MemoryStore,
    faults: Arc<Mutex<Vec<Fault>>>,
    hooks: Arc<Mutex<Vec<(Fault, Hook)>>>,
}

impl Double {
    /// These calls fail from now on, and no others.
    pub(crate) fn fail(&self, faults: &[Fault]) {
        *self.faults.lock().unwrap() = faults.to_vec();
    }

    /// Does something before the next such call.
    pub(crate) fn before(&self, call: Fault, hook: impl FnOnce() + Send + 'static) {
        self.hooks.lock().unwrap().push((call, Box::new(hook)));
    }

    fn at(&self, call: Fault) -> Result<(), StoreError> {
        let hook = {
            let mut hooks = self.hooks.lock().unwrap();
            hooks.iter().position(|(wanted, _)| *wanted == call).map(|at| hooks.remove(at).1)
        };
        if let Some(hook) = hook {
            hook();
        }
        let fails = self.faults.lock().unwrap().contains(&call);
        if fails { Err(StoreError::other(format!("{call:?}"), "the disk is gone")) } else { Ok(()) }
    }
}

impl fmt::Debug for Double {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Double")
    }
}

impl Store for Double {
    fn load(&self) -> Result<State, StoreError> {
        self.at(Fault::Load)?;
        self.inner.load()
    }

    fn commit(&self, expected: u64, documents: &Documents, draft: Draft) -> Result<Committed, CommitError> {
        self.at(Fault::Commit).map_err(CommitError::Failed)?;
        self.at(Fault::Unwritten).map_err(CommitError::Unknown)?;
        let committed = self.inner.commit(expected, documents, draft)?;
        self.at(Fault::Written).map_err(CommitError::Unknown)?;
        Ok(committed)
    }

    fn entry(&self, revision: u64) -> Result<Option<Entry>, StoreError> {
        self.at(Fault::Entry)?;
        self.inner.entry(revision)
    }

    fn history(&self, query: &HistoryQuery) -> Result<Vec<Entry>, StoreError> {
        self.at(Fault::History)?;
        self.inner.history(query)
    }

    fn by_request(&self, request: &str) -> Result<Option<Entry>, StoreError> {
        self.at(Fault::ByRequest)?;
        self.inner.by_request(request)
    }

    fn watch(&self, from: u64) -> Result<Box<dyn Watch>, StoreError> {
        self.inner.watch(from)
    }

    fn snapshots(&self) -> Result<Vec<Snapshot>, StoreError> {
        self.inner.snapshots()
    }

    fn create_snapshot(&self, snapshot: NewSnapshot) -> Result<Snapshot, StoreError> {
        self.inner.create_snapshot(snapshot)
    }

    fn delete_snapshot(&self, id: &str) -> Result<bool, StoreError> {
        self.inner.delete_snapshot(id)
    }

    fn prune(&self, retention: &Retention) -> Result<Pruned, StoreError> {
        self.inner.prune(retention)
    }

    fn verify(&self) -> Result<Verified, StoreError> {
        self.inner.verify()
    }

    fn backup(&self) -> Result<Backup, StoreError> {
        self.inner.backup()
    }

    fn restore(&self, backup: &Backup, draft: Draft) -> Result<State, StoreError> {
        self.inner.restore(backup, draft)
    }

    fn health(&self) -> Health {
        self.inner.health()
    }

    fn url(&self) -> String {
        "double:".to_owned()
    }
}
