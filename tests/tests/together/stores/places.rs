//! Places for stores, which go away when a test ends.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use strata_config_store::conformance::Place;
use strata_config_store::{FileStore, MemoryStore, SqliteStore, Store};
use tempfile::TempDir;

/// A store in memory.
#[derive(Debug, Default)]
pub(crate) struct Memory(MemoryStore);

impl Place for Memory {
    fn open(&self) -> Arc<dyn Store> {
        Arc::new(self.0.clone())
    }
}

/// A store in a directory.
#[derive(Debug)]
pub(crate) struct Directory(TempDir);

impl Directory {
    pub(crate) fn new() -> Self {
        Self(tempfile::tempdir().expect("a temporary directory"))
    }

    pub(crate) fn path(&self) -> &Path {
        self.0.path()
    }

    pub(crate) fn store(&self) -> FileStore {
        FileStore::open(self.path()).expect("opens")
    }
}

impl Place for Directory {
    fn open(&self) -> Arc<dyn Store> {
        Arc::new(self.store())
    }
}

/// A store in a database.
#[derive(Debug)]
pub(crate) struct Database(TempDir);

impl Database {
    pub(crate) fn new() -> Self {
        Self(tempfile::tempdir().expect("a temporary directory"))
    }

    pub(crate) fn path(&self) -> PathBuf {
        self.0.path().join("strata.db")
    }

    pub(crate) fn store(&self) -> SqliteStore {
        SqliteStore::open(self.path()).expect("opens")
    }
}

impl Place for Database {
    fn open(&self) -> Arc<dyn Store> {
        Arc::new(self.store())
    }
}
