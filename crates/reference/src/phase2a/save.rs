//! Writing a file so that it is there as a whole, old or new, whatever happens meanwhile.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};

/// Tells the files beside each other that this process writes.
static WRITTEN: AtomicU64 = AtomicU64::new(0);

/// Replaces a file's content: the new one is written beside it, to the disk, and then takes its name.
pub(super) fn replace(path: &Path, content: &[u8]) -> io::Result<()> {
    let name = path.file_name().ok_or_else(|| io::Error::new(io::ErrorKind::InvalidInput, "the path names no file"))?;
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let count = WRITTEN.fetch_add(1, Ordering::Relaxed);
    let beside = folder.join(format!(".{}.{}-{count}.new", name.to_string_lossy(), std::process::id()));
    let written = write(&beside, content).and_then(|()| fs::rename(&beside, path));
    if written.is_err() {
        // The first error says what is wrong; that a leftover stays is the lesser harm.
        let _ = fs::remove_file(&beside);
    }
    written?;
    // The new name is on the disk with its folder. Windows knows no such thing.
    if cfg!(unix) { File::open(folder)?.sync_all() } else { Ok(()) }
}

fn write(path: &Path, content: &[u8]) -> io::Result<()> {
    let mut file = File::create(path)?;
    file.write_all(content)?;
    file.sync_all()
}
