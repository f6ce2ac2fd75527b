//! From the option `--store` to a store.

use std::path::Path;
use std::sync::Arc;

use strata_config_core::LayeredConfig;
use strata_config_store::{MemoryStore, Store, StoreError};

use crate::context::Context;
use crate::output::Output;

/// Where the commands over a store find it, where nothing else is said: a directory below that of the process.
pub(crate) const DEFAULT: &str = ".strata";

impl<C: LayeredConfig> Context<'_, C> {
    /// The store that the options name, for commands that read one only where it is named.
    pub(crate) fn named_store(&self) -> Result<Option<Arc<dyn Store>>, Output> {
        self.options.store.as_deref().map(|address| self.open_existing(address)).transpose()
    }

    /// The store to read. Where nothing was ever stored at the application's own address, that is an empty store, and it
    /// is not made.
    pub(crate) fn store_to_read(&self) -> Result<Arc<dyn Store>, Output> {
        match &self.options.store {
            Some(address) => self.open_existing(address),
            None if is_absent(&self.command.store) => Ok(Arc::new(MemoryStore::new())),
            None => self.open_store(&self.command.store),
        }
    }

    /// The store to write; it is made where it is not there yet.
    pub(crate) fn store_to_write(&self) -> Result<Arc<dyn Store>, Output> {
        self.open_store(self.options.store.as_ref().unwrap_or(&self.command.store))
    }

    fn open_existing(&self, address: &str) -> Result<Arc<dyn Store>, Output> {
        if is_absent(address) {
            let message = format!("there is no store at `{address}`; a command that writes makes it");
            return Err(self.failed("missing", message));
        }
        self.open_store(address)
    }

    fn open_store(&self, address: &str) -> Result<Arc<dyn Store>, Output> {
        (self.command.open)(address).map_err(|error| self.store_failed(&error))
    }

    /// A store that fails.
    pub(crate) fn store_failed(&self, error: &StoreError) -> Output {
        self.failed("store", format!("the store can't be used: {error}"))
    }
}

/// Whether the address is that of a place on this machine where nothing is.
fn is_absent(address: &str) -> bool {
    let path = match address.split_once(':') {
        Some(("file" | "sqlite", path)) => path,
        // One letter is a drive.
        Some((scheme, _)) if scheme.len() > 1 && !scheme.contains(['/', '\\', '.']) => return false,
        _ => address,
    };
    !path.is_empty() && !Path::new(path).exists()
}
