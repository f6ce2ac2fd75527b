//! The last known good copy of remote secrets: a file in which each is sealed.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde_json::{Value, json};
use strata_config_core::{Sealer, reference_of};

use super::Fetched;
use strata_config_core::Secret;

/// A file of sealed secrets. What can't be written or read there is as if it were not there: the source is the truth.
pub(super) struct Kept {
    file: PathBuf,
    sealer: Arc<dyn Sealer>,
    /// One writer at a time.
    writing: Mutex<()>,
}

impl Kept {
    pub(super) fn new(file: PathBuf, sealer: Arc<dyn Sealer>) -> Self {
        Self { file, sealer, writing: Mutex::new(()) }
    }

    pub(super) fn write(&self, name: &str, stage: &str, fetched: &Fetched, now: SystemTime) {
        let _writing = self.writing.lock().unwrap_or_else(PoisonError::into_inner);
        let Ok(sealed) = self.sealer.seal(fetched.text.expose()) else { return };
        let mut all = self.load();
        all.insert(key(name, stage), json!({"sealed": sealed, "version": fetched.version, "at": seconds(now)}));
        let Ok(text) = serde_json::to_string(&all) else { return };
        // Whole or not at all: a reader never sees half a file, nor does another process write into this one's.
        let new = self.file.with_extension(format!("{}.new", std::process::id()));
        if written(&new, &text).is_err() || std::fs::rename(&new, &self.file).is_err() {
            let _ = std::fs::remove_file(&new);
        }
    }

    /// What is kept, and since when.
    pub(super) fn read(&self, name: &str, stage: &str) -> Option<(Fetched, Option<SystemTime>)> {
        let all = self.load();
        let entry = all.get(&key(name, stage))?;
        let text = |field: &str| entry.get(field).and_then(Value::as_str);
        let reference = reference_of(text("sealed")?)?;
        let opened: Secret<String> = self.sealer.resolve(reference).ok()?.text;
        let at = entry.get("at").and_then(Value::as_u64).and_then(|at| UNIX_EPOCH.checked_add(Duration::from_secs(at)));
        Some((Fetched { text: opened, version: text("version")?.to_owned() }, at))
    }

    fn load(&self) -> BTreeMap<String, Value> {
        let text = std::fs::read_to_string(&self.file).unwrap_or_default();
        serde_json::from_str(&text).unwrap_or_default()
    }
}

/// Writes a file that is on the disk before it replaces another: a power cut leaves the old one or the new one.
fn written(path: &Path, text: &str) -> io::Result<()> {
    let mut file = File::create(path)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}

fn seconds(time: SystemTime) -> u64 {
    time.duration_since(UNIX_EPOCH).unwrap_or_default().as_secs()
}

fn key(name: &str, stage: &str) -> String {
    format!("{name}@{stage}")
}
