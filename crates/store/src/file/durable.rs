//! Files and directories that survive a power cut: written, synced, renamed, and their directory synced.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::error::{Kind, StoreError};

/// The end of the name of a file that is not finished. All are made under the exclusive lock, so that whoever holds it
/// knows them for left-overs.
const UNFINISHED: &str = ".unfinished";

/// A failed system call, told with what was tried.
pub(crate) fn failed(action: &str, path: &Path, error: io::Error) -> StoreError {
    let kind = match error.kind() {
        io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => Kind::Denied,
        _ => Kind::Unavailable,
    };
    StoreError::new(kind, format!("could not {action} {}", path.display())).because(error)
}

/// Options that create files for their owner alone: documents may hold sealed secrets.
pub(super) fn options() -> OpenOptions {
    let mut options = OpenOptions::new();
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

/// Puts a file in place as a whole: after a crash there is the old one or the new one.
pub(crate) fn replace(path: &Path, write: impl FnOnce(&mut File) -> io::Result<()>) -> Result<(), StoreError> {
    let unfinished = unfinished(path);
    let written = (|| {
        let mut file = options().write(true).create(true).truncate(true).open(&unfinished)?;
        write(&mut file)?;
        file.sync_all()?;
        fs::rename(&unfinished, path)
    })();
    if let Err(error) = written {
        // What is left here, the next start sweeps away.
        let _ = fs::remove_file(&unfinished);
        return Err(failed("write", path, error));
    }
    sync_directory(directory_of(path)).map_err(|error| failed("sync the directory of", path, error))
}

/// As [`replace`], with the content at hand.
pub(crate) fn replace_by(path: &Path, content: &[u8]) -> Result<(), StoreError> {
    replace(path, |file| file.write_all(content))
}

/// Creates an empty file for its owner alone, for good; one that is there stays.
#[cfg(feature = "sqlite")]
pub(crate) fn create_file(path: &Path) -> Result<(), StoreError> {
    let create = || {
        options().write(true).create(true).truncate(false).open(path)?.sync_all()?;
        sync_directory(directory_of(path))
    };
    create().map_err(|error| failed("create", path, error))
}

/// Removes a file for good; whether there was one.
pub(super) fn remove(path: &Path) -> Result<bool, StoreError> {
    match fs::remove_file(path) {
        Ok(()) => {
            sync_directory(directory_of(path)).map_err(|error| failed("sync the directory of", path, error))?;
            Ok(true)
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(failed("remove", path, error)),
    }
}

/// Creates a directory for its owner alone, with those above it, each recorded in its parent for good.
pub(crate) fn create_directory(path: &Path) -> Result<(), StoreError> {
    if path.is_dir() {
        return Ok(());
    }
    let parent = directory_of(path);
    // What has no parent and is no directory can't be made one.
    if parent != path {
        create_directory(parent)?;
    }
    let mut builder = DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    match builder.create(path) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists || !path.is_dir() => {
            Err(failed("create the directory", path, error))
        }
        _ => sync_directory(parent).map_err(|error| failed("sync the directory", parent, error)),
    }
}

/// Removes what writers that were killed have left; only for who holds the exclusive lock.
pub(super) fn sweep(directory: &Path) -> Result<(), StoreError> {
    let entries = fs::read_dir(directory).map_err(|error| failed("read the directory", directory, error))?;
    for entry in entries.flatten() {
        if entry.file_name().to_string_lossy().ends_with(UNFINISHED) {
            remove(&entry.path())?;
        }
    }
    Ok(())
}

/// Makes the names in a directory durable.
fn sync_directory(path: &Path) -> io::Result<()> {
    if cfg!(unix) { File::open(path)?.sync_all() } else { Ok(()) }
}

fn unfinished(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(UNFINISHED);
    name.into()
}

/// The directory that a path stands in.
pub(crate) fn directory_of(path: &Path) -> &Path {
    match path.parent() {
        Some(parent) if parent.as_os_str().is_empty() => Path::new("."),
        Some(parent) => parent,
        None => path,
    }
}
