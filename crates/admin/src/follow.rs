//! Files that are read again when their content has changed.

use std::fs;
use std::io;
use std::path::PathBuf;
use std::sync::Weak;
use std::thread;
use std::time::Duration;

use sha2::{Digest, Sha256};

/// How often files are looked at. They are small; comparing their content finds what times and sizes hide, on every file
/// system.
const PERIOD: Duration = Duration::from_millis(500);

/// Some files, and what they held.
#[derive(Debug)]
pub(crate) struct Files {
    paths: Vec<PathBuf>,
    /// What was read last.
    known: [u8; 32],
    /// What was there at the last look.
    seen: [u8; 32],
}

impl Files {
    /// These files as they are now: to be called before they are read, so that no change is missed.
    pub(crate) fn of(paths: impl IntoIterator<Item = PathBuf>) -> Self {
        let paths: Vec<PathBuf> = paths.into_iter().collect();
        let known = content(&paths);
        Self { paths, known, seen: known }
    }

    /// Calls when the files have changed, on a thread that ends with the owner.
    ///
    /// # Errors
    /// The system gives no thread.
    pub(crate) fn follow<T: Send + Sync + 'static>(
        mut self,
        name: &str,
        owner: Weak<T>,
        changed: impl Fn(&T) + Send + 'static,
    ) -> io::Result<()> {
        let run = move || {
            loop {
                thread::sleep(PERIOD);
                let Some(owner) = owner.upgrade() else { return };
                if self.have_changed() {
                    changed(&owner);
                }
            }
        };
        thread::Builder::new().name(name.to_owned()).spawn(run).map(drop)
    }

    /// Whether they hold something else since they were read, and the same at two looks: one of them might be in the midst
    /// of a write.
    fn have_changed(&mut self) -> bool {
        let now = content(&self.paths);
        let is_settled = std::mem::replace(&mut self.seen, now) == now;
        is_settled && std::mem::replace(&mut self.known, now) != now
    }
}

/// A hash of what they hold; a file that can't be read holds the reason.
fn content(paths: &[PathBuf]) -> [u8; 32] {
    let mut hash = Sha256::new();
    for path in paths {
        let held = fs::read(path).unwrap_or_else(|error| error.to_string().into_bytes());
        hash.update((held.len() as u64).to_be_bytes());
        hash.update(&held);
    }
    hash.finalize().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_counts_once_it_has_settled() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("file");
        fs::write(&path, "one").unwrap();
        let mut files = Files::of([path.clone()]);
        assert!(!files.have_changed());
        fs::write(&path, "two, ha").unwrap();
        assert!(!files.have_changed());
        fs::write(&path, "two, whole").unwrap();
        assert!(!files.have_changed());
        assert!(files.have_changed());
        assert!(!files.have_changed());
        fs::remove_file(&path).unwrap();
        assert!(!files.have_changed());
        assert!(files.have_changed(), "a file that is gone has changed");
    }
}
