//! Snapshots as files, one each.

use std::fs;
use std::path::{Path, PathBuf};

use super::durable::{self, failed};
use crate::error::{Kind, StoreError};
use crate::snapshot::{Snapshot, is_id};

/// The directory of the snapshots.
#[derive(Debug)]
pub(super) struct Snapshots(PathBuf);

impl Snapshots {
    pub(super) fn new(directory: &Path) -> Self {
        Self(directory.join("snapshots"))
    }

    pub(super) fn directory(&self) -> &Path {
        &self.0
    }

    /// The ids, the oldest first.
    pub(super) fn ids(&self) -> Result<Vec<String>, StoreError> {
        let entries = fs::read_dir(&self.0).and_then(Iterator::collect::<std::io::Result<Vec<_>>>);
        let entries = entries.map_err(|error| failed("read the directory", &self.0, error))?;
        let id = |name: &str| name.strip_suffix(".json").filter(|id| is_id(id)).map(str::to_owned);
        let mut ids: Vec<_> = entries.iter().filter_map(|entry| id(entry.file_name().to_str()?)).collect();
        ids.sort();
        Ok(ids)
    }

    /// All of them, the oldest first.
    pub(super) fn all(&self) -> Result<Vec<Snapshot>, StoreError> {
        let read = |id: &String| match self.read(id)? {
            Some(snapshot) if snapshot.is_intact() => Ok(snapshot),
            _ => Err(StoreError::new(Kind::Corrupt, format!("{} was altered", self.path(id).display()))),
        };
        self.ids()?.iter().map(read).collect()
    }

    /// The snapshot in a file; nothing where there is none in it.
    pub(super) fn read(&self, id: &str) -> Result<Option<Snapshot>, StoreError> {
        let path = self.path(id);
        let text = fs::read(&path).map_err(|error| failed("read", &path, error))?;
        Ok(serde_json::from_slice(&text).ok().filter(|snapshot: &Snapshot| snapshot.id == id))
    }

    pub(super) fn has(&self, id: &str) -> bool {
        self.path(id).exists()
    }

    pub(super) fn write(&self, snapshot: &Snapshot) -> Result<(), StoreError> {
        durable::replace_by(&self.path(&snapshot.id), (snapshot.line() + "\n").as_bytes())
    }

    /// Removes one; whether there was one.
    pub(super) fn remove(&self, id: &str) -> Result<bool, StoreError> {
        // An id comes from people, and would be a path.
        if is_id(id) { durable::remove(&self.path(id)) } else { Ok(false) }
    }

    fn path(&self, id: &str) -> PathBuf {
        self.0.join(format!("{id}.json"))
    }
}
