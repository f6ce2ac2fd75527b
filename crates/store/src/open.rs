//! From an address to a store.

use std::sync::Arc;

use crate::error::{Kind, StoreError};
use crate::memory::MemoryStore;
use crate::store::Store;

/// Opens the store at an address: `memory:` is a new one in memory.
///
/// # Errors
///
/// [`is_address`](StoreError::is_address) where nothing is known of such an address, or its feature is not built in;
/// else whatever opening the store fails with.
pub fn open(url: &str) -> Result<Arc<dyn Store>, StoreError> {
    match url.split_once(':') {
        Some(("memory", "")) => Ok(Arc::new(MemoryStore::new())),
        _ => Err(StoreError::new(Kind::Address, format!("`{url}` is no address of a store; `memory:` is"))),
    }
}
