//! The file in which the flags read last are kept for a start while Redis is away.

use std::collections::BTreeMap;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::Path;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::model::{Flag, Moment};

/// What the file holds.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Saved {
    pub(super) written_at: Moment,
    pub(super) flags: BTreeMap<String, Flag>,
}

/// Reads the file; nothing where there is none.
pub(super) fn load(path: &Path) -> Result<Option<Saved>, String> {
    let told = |error: &dyn std::fmt::Display| format!("{} could not be read: {error}", path.display());
    match fs::read(path) {
        Ok(text) => serde_json::from_slice(&text).map(Some).map_err(|error| told(&error)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(told(&error)),
    }
}

/// Writes the file as a whole: after a crash there is the old one or the new one.
pub(super) fn save(path: &Path, flags: &BTreeMap<String, Arc<Flag>>, written_at: Moment) -> Result<(), String> {
    let flags = flags.iter().map(|(name, flag)| (name.clone(), Flag::clone(flag))).collect();
    let write = || {
        let text = serde_json::to_vec_pretty(&Saved { written_at, flags })?;
        let mut unfinished = path.as_os_str().to_owned();
        unfinished.push(".unfinished");
        let mut file = options().write(true).create(true).truncate(true).open(&unfinished)?;
        file.write_all(&text)?;
        file.sync_all()?;
        fs::rename(&unfinished, path)?;
        match path.parent().filter(|parent| !parent.as_os_str().is_empty()) {
            Some(directory) => File::open(directory)?.sync_all(),
            None => File::open(".")?.sync_all(),
        }
    };
    write().map_err(|error: io::Error| format!("{} could not be written: {error}", path.display()))
}

/// Flags may name users, so the file is its owner's alone.
fn options() -> OpenOptions {
    let mut options = OpenOptions::new();
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}
