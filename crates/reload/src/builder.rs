//! Opening a live configuration.

use std::sync::atomic::AtomicU64;
use std::sync::{Arc, Mutex};

use arc_swap::ArcSwap;
use strata_config_core::{LayeredConfig, Loader};
use strata_config_store::{Limit, MemoryStore, Retention, Store, Timestamp};

use crate::bus::Bus;
use crate::declared::Declaration;
use crate::error::OpenError;
use crate::live::{Live, Shared};
use crate::status::{Counters, Standing};
use crate::writer::Writer;

/// History entries that are kept where nothing else is said.
const HISTORY: usize = 1_000;

/// Snapshots without a tag that are kept where nothing else is said.
const SNAPSHOTS: usize = 50;

/// What a live configuration is opened with.
#[derive(Debug)]
#[must_use = "nothing is read until it is opened"]
pub struct LiveBuilder<C> {
    loader: Loader<C>,
    store: Option<Arc<dyn Store>>,
    declared: Vec<Declaration>,
    retention: Retention,
}

impl<C: LayeredConfig> LiveBuilder<C> {
    pub(crate) fn new(loader: Loader<C>) -> Self {
        let kept = |count| Limit { count: Some(count), age: None };
        let retention = Retention { history: kept(HISTORY), snapshots: kept(SNAPSHOTS), ..Retention::default() };
        Self { loader, store: None, declared: Vec::new(), retention }
    }

    /// Where changes are kept. Without a store they last as long as the process.
    pub fn store(mut self, store: Arc<dyn Store>) -> Self {
        self.store = Some(store);
        self
    }

    /// Declares a key outside the struct; see [`Live::declare`].
    pub fn declare(mut self, declaration: Declaration) -> Self {
        self.declared.push(declaration);
        self
    }

    /// How much history is kept, by count and age: 1,000 entries where nothing is said.
    pub fn keep_history(mut self, limit: Limit) -> Self {
        self.retention.history = limit;
        self
    }

    /// How many snapshots are kept, by count and age: 50 where nothing is said. Those with a tag stay always.
    pub fn keep_snapshots(mut self, limit: Limit) -> Self {
        self.retention.snapshots = limit;
        self
    }

    /// Reads the store and every source, and starts.
    ///
    /// # Errors
    /// Everything that is wrong with the configuration; or why the store can't be read.
    pub fn open(self) -> Result<Live<C>, OpenError> {
        let Self { loader, store, declared, retention } = self;
        let store = store.unwrap_or_else(|| Arc::new(MemoryStore::new()));
        let state = store.load()?;
        let revision = state.revision;
        let writer = Writer::new(loader.stack(), state, declared)?;
        let built = writer.build(&writer.stack, &writer.stored, None)?;
        let version = Arc::new(built.into_version(revision, 1, Timestamp::now()));
        Ok(Live {
            shared: Arc::new(Shared {
                current: Arc::new(ArcSwap::new(Arc::clone(&version.running))),
                version: ArcSwap::new(version),
                standing: ArcSwap::from_pointee(Standing::of(&writer)),
                writer: Mutex::new(writer),
                vetoes: Mutex::new(Vec::new()),
                store,
                bus: Bus::new(),
                counters: Counters::new(),
                retention,
                names: AtomicU64::new(1),
            }),
        })
    }
}
