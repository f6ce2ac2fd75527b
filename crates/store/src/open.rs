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
/// With `?copy=FILE` behind it, the store keeps a [`LastKnownGood`] copy there, and opens where there is one, whether the
/// store is in reach or not.
///
/// # Errors
///
/// [`is_address`](StoreError::is_address) where nothing is known of such an address, its feature is not built in, or a
/// directory holds two stores; else whatever opening the store fails with.
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
        Some(("file", directory)) if !directory.is_empty() => Ok(Arc::new(FileStore::open(directory)?)),
        Some(("sqlite", path)) if !path.is_empty() => sqlite(path),
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
        (true, false) => sqlite(directory),
        (false, _) => Ok(Arc::new(FileStore::open(path)?)),
    }
}

#[cfg(feature = "sqlite")]
fn sqlite(path: &str) -> Result<Arc<dyn Store>, StoreError> {
    let directory = path.ends_with('/') || Path::new(path).is_dir();
    let file = if directory { Path::new(path).join(DATABASE) } else { path.into() };
    Ok(Arc::new(crate::sqlite::SqliteStore::open(file)?))
}

#[cfg(not(feature = "sqlite"))]
fn sqlite(path: &str) -> Result<Arc<dyn Store>, StoreError> {
    let message = format!("`sqlite:{path}` needs the feature `sqlite` of strata-config-store");
    Err(StoreError::new(Kind::Address, message))
}
