//! What a load read: for computed fields and for status.

use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// What a load read.
#[derive(Debug, Clone, Default)]
pub struct LoadInfo {
    pub(crate) files: Vec<(PathBuf, Option<SystemTime>)>,
    pub(crate) environment: bool,
    pub(crate) stage: Option<String>,
}

impl LoadInfo {
    /// The files that were read, weakest first.
    pub fn files(&self) -> impl DoubleEndedIterator<Item = &Path> {
        self.files.iter().map(|(path, _)| path.as_path())
    }

    /// Whether any variable set a value.
    #[must_use]
    pub fn has_environment(&self) -> bool {
        self.environment
    }

    /// The environment's name (development, staging, production), where the loader was told one.
    #[must_use]
    pub fn environment(&self) -> Option<&str> {
        self.stage.as_deref()
    }

    /// When the newest of the files was written.
    #[must_use]
    pub fn newest_file(&self) -> Option<SystemTime> {
        self.files.iter().filter_map(|(_, modified)| *modified).max()
    }
}
