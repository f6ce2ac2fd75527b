//! Opening a live configuration.

use std::sync::atomic::AtomicU64;
use std::sync::{Arc, Mutex};

use arc_swap::ArcSwap;
use strata_config_core::{LayeredConfig, Loader, Outcome, Resolver, Sealer};
use strata_config_store::{HistoryQuery, Limit, MemoryStore, Retention, State, Store, StoreError, Timestamp};

use crate::bus::Bus;
use crate::declared::Declaration;
use crate::error::OpenError;
use crate::live::{Live, Shared};
use crate::preset::Preset;
use crate::status::{Counters, Standing};
use crate::stored::Stored;
use crate::watch::{WatchOptions, WatchState};
use crate::writer::{Built, Step, Writer};

/// History entries that are kept where nothing else is said.
const HISTORY: usize = 1_000;

/// Snapshots without a tag that are kept where nothing else is said.
const SNAPSHOTS: usize = 50;

/// The most revisions that are tried where the newest can't be used.
const FALL_BACK: usize = 100;

/// What a live configuration is opened with.
#[derive(Debug)]
#[must_use = "nothing is read until it is opened"]
pub struct LiveBuilder<C> {
    loader: Loader<C>,
    store: Option<Arc<dyn Store>>,
    declared: Vec<Declaration>,
    retention: Retention,
    watch: Option<WatchOptions>,
    presets: Vec<Preset>,
    fall_back: bool,
    sealer: Option<Arc<dyn Sealer>>,
}

impl<C: LayeredConfig> LiveBuilder<C> {
    pub(crate) fn new(loader: Loader<C>) -> Self {
        let kept = |count| Limit { count: Some(count), age: None };
        let retention = Retention { history: kept(HISTORY), snapshots: kept(SNAPSHOTS), ..Retention::default() };
        Self {
            loader,
            store: None,
            declared: Vec::new(),
            retention,
            watch: None,
            presets: Vec::new(),
            fall_back: false,
            sealer: None,
        }
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

    /// Follows files and the store for as long as the configuration lives; see [`Live::watch`].
    pub fn watch(mut self, options: WatchOptions) -> Self {
        self.watch = Some(options);
        self
    }

    /// Adds a preset; one of the same name that was added before makes way.
    pub fn preset(mut self, preset: Preset) -> Self {
        self.presets.retain(|known| known.name() != preset.name());
        self.presets.push(preset);
        self
    }

    /// Adds presets, as [`preset`](Self::preset) does.
    pub fn presets(self, presets: impl IntoIterator<Item = Preset>) -> Self {
        presets.into_iter().fold(self, Self::preset)
    }

    /// Seals the secrets that are set at run time, so that they can be: a store, its history, its snapshots and its backups
    /// hold them sealed alone. What was sealed is read by the same; without a sealer such a change is refused.
    pub fn sealer(mut self, sealer: Arc<dyn Sealer>) -> Self {
        self.loader = self.loader.resolver(Arc::clone(&sealer) as Arc<dyn Resolver>);
        self.sealer = Some(sealer);
        self
    }

    /// Starts also where what the store holds can't be used any more, since a rule became stricter, say: with the newest
    /// revision of the history that can be, or with none of them. It is as if the running program had met the commit that
    /// it can't use: the [status](crate::Status) is degraded and says why, and the next change that leads to a valid
    /// configuration mends the store. What is wrong with any other source is an error still.
    pub fn or_newest_usable(mut self) -> Self {
        self.fall_back = true;
        self
    }

    /// Reads the store and every source without starting anything: the store's revision, and what could be read, also
    /// where it is wrong.
    ///
    /// # Errors
    /// Why the store can't be read.
    pub fn read(self) -> Result<(u64, Outcome<C>), StoreError> {
        let state = self.store.map_or_else(|| Ok(State::default()), |store| store.load())?;
        let revision = state.revision;
        let writer = Writer::new(self.loader.stack(), state, self.declared)?;
        Ok((revision, writer.outcome(&writer.stack, &writer.stored, &writer.here)))
    }

    /// Reads the store and every source, and starts.
    ///
    /// # Errors
    /// Everything that is wrong with the configuration; why the store can't be read, or watching not begin.
    pub fn open(self) -> Result<Live<C>, OpenError> {
        let Self { loader, store, declared, retention, watch, presets, fall_back, sealer } = self;
        let alone = store.is_none();
        let store = store.unwrap_or_else(|| Arc::new(MemoryStore::new()));
        let state = store.load()?;
        let revision = state.revision;
        let mut writer = Writer::new(loader.stack(), state, declared)?;
        writer.sealer = sealer;
        let (revision, built) = match writer.build(&writer.stack, &writer.stored, None, Step::Reload) {
            Ok(built) => (revision, built),
            Err(report) if fall_back && revision > 0 => {
                let Some(usable) = newest_usable(&writer, &*store)? else { return Err(report.into()) };
                writer.refused_commit = Some(Arc::new(report));
                usable
            }
            Err(report) => return Err(report.into()),
        };
        let version = Arc::new(built.into_version(revision, 1, Timestamp::now()));
        let resolvers = writer.stack.resolvers().to_vec();
        let live = Live {
            shared: Arc::new(Shared {
                current: Arc::new(ArcSwap::new(Arc::clone(&version.running))),
                version: ArcSwap::new(version),
                standing: ArcSwap::from_pointee(Standing::of(&writer, 1)),
                writer: Mutex::new(writer),
                vetoes: Mutex::new(Vec::new()),
                store,
                alone,
                bus: Bus::new(),
                counters: Counters::new(),
                resolvers,
                retention,
                presets,
                names: AtomicU64::new(1),
                watch: Arc::new(WatchState::default()),
            }),
        };
        if let Some(options) = watch {
            live.watch(options)?.forever();
        }
        Ok(live)
    }
}

/// The newest revision before the store's own that can be used, built; revision 0 is that of an empty store.
fn newest_usable<C: LayeredConfig>(
    writer: &Writer<C>,
    store: &dyn Store,
) -> Result<Option<(u64, Built<C>)>, StoreError> {
    let build = |stored: &Stored| writer.build(&writer.stack, stored, None, Step::Reload).ok();
    // Where the sources are wrong without the store as well, no revision of it helps, but for one that hides the mistake.
    let query = HistoryQuery { to: Some(writer.state.revision - 1), ..HistoryQuery::newest(FALL_BACK) };
    for entry in store.history(&query)? {
        if let Some(built) = Stored::read(&entry.documents, &writer.stack.upgrade()).ok().as_ref().and_then(build) {
            return Ok(Some((entry.revision, built)));
        }
    }
    Ok(build(&Stored::empty()).map(|built| (0, built)))
}
