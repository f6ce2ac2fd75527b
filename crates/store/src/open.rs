//! From an address to a store.

use std::path::Path;
use std::sync::Arc;

use crate::error::{Kind, StoreError};
use crate::file::{self, FileStore};
use crate::last_known_good::LastKnownGood;
use crate::memory::MemoryStore;
use crate::store::Store;

/// What stands before the path of a last known good copy.
const COPY: &str = "?copy=";

/// The name of the database in a directory.
const DATABASE: &str = "strata.db";

/// Opens the store at an address:
///
/// | address | store |
/// |---|---|
/// | `memory:` | a new one in memory |
/// | `file:DIRECTORY` | a [`FileStore`] |
/// | `sqlite:FILE` | an SQLite database, with the feature `sqlite`; in a directory (or with a `/` at its end), the file `strata.db` there |
/// | `DIRECTORY` alone | what is in the directory: a `strata.db`, or else a [`FileStore`] |
///
/// A directory that holds a store of one kind gets none of another beside it.
///
/// With `?copy=FILE` behind it, the store keeps a [`LastKnownGood`] copy there, and opens where there is one, whether the
/// store is in reach or not.
///
/// # Errors
///
/// [`is_address`](StoreError::is_address) where nothing is known of such an address, its feature is not built in, a
/// directory holds a store of another kind, or two stores; else whatever opening the store fails with.
pub fn open(url: &str) -> Result<Arc<dyn Store>, StoreError> {
    let Some((url, copy)) = url.rsplit_once(COPY) else { return plain(url) };
    let behind = url.to_owned();
    let store = LastKnownGood::new(url, copy, move || plain(&behind));
    store.warm_up()?;
    Ok(Arc::new(store))
}

fn plain(url: &str) -> Result<Arc<dyn Store>, StoreError> {
    match url.split_once(':') {
        Some(("memory", "")) => Ok(Arc::new(MemoryStore::new())),
        Some(("file", directory)) if !directory.is_empty() => in_directory(directory),
        Some(("sqlite", path)) if !path.is_empty() => in_database(path),
        // One letter is a drive.
        Some((scheme, _)) if scheme.len() > 1 && !scheme.contains(['/', '\\', '.']) => Err(unknown(url)),
        _ if url.is_empty() => Err(unknown(url)),
        _ => bare(url),
    }
}

fn unknown(url: &str) -> StoreError {
    let known = "`memory:`, `file:DIRECTORY`, `sqlite:FILE` and a directory alone are";
    StoreError::new(Kind::Address, format!("`{url}` is no address of a store; {known}"))
}

/// A directory tells by its content what it is.
fn bare(directory: &str) -> Result<Arc<dyn Store>, StoreError> {
    let path = Path::new(directory);
    match (path.join(DATABASE).exists(), file::is_in(path)) {
        (true, true) => {
            let message = format!("{directory} holds two stores; say `file:{directory}` or `sqlite:{directory}`");
            Err(StoreError::new(Kind::Address, message))
        }
        (true, false) => in_database(directory),
        (false, _) => in_directory(directory),
    }
}

fn in_directory(directory: &str) -> Result<Arc<dyn Store>, StoreError> {
    let path = Path::new(directory);
    if path.join(DATABASE).exists() && !file::is_in(path) {
        return Err(another(directory, &format!("a database; say `sqlite:{directory}`")));
    }
    Ok(Arc::new(FileStore::open(path)?))
}

fn in_database(path: &str) -> Result<Arc<dyn Store>, StoreError> {
    let directory = Path::new(path);
    if !path.ends_with('/') && !directory.is_dir() {
        return sqlite(path, directory);
    }
    let database = directory.join(DATABASE);
    if file::is_in(directory) && !database.exists() {
        return Err(another(path, &format!("a store of files; say `file:{path}`")));
    }
    sqlite(path, &database)
}

/// Whoever looks there next would not know which of the two to take.
fn another(directory: &str, which: &str) -> StoreError {
    StoreError::new(Kind::Address, format!("{directory} holds {which}, or name another place"))
}

#[cfg(feature = "sqlite")]
fn sqlite(_: &str, file: &Path) -> Result<Arc<dyn Store>, StoreError> {
    Ok(Arc::new(crate::sqlite::SqliteStore::open(file)?))
}

#[cfg(not(feature = "sqlite"))]
fn sqlite(path: &str, _: &Path) -> Result<Arc<dyn Store>, StoreError> {
    let message = format!("`sqlite:{path}` needs the feature `sqlite` of strata-config-store");
    Err(StoreError::new(Kind::Address, message))
}
