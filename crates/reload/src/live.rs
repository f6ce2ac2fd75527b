//! The handle of a running configuration.

use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, Weak};

use arc_swap::ArcSwap;
use serde::Serialize;
use strata_config_core::{FieldPath, LayeredConfig, Loader, Report, Resolver, Value};
use strata_config_store::{Retention, Store};

use crate::actor::Actor;
use crate::builder::LiveBuilder;
use crate::bus::{Bus, Interest};
use crate::commit::{Applied, Batch, Preview, Proposal};
use crate::declared::Declaration;
use crate::edit::{Target, based, batched, merged, merged_here};
use crate::error::UpdateError;
use crate::event::Event;
use crate::listen::{Changes, Subscription};
use crate::preset::Preset;
use crate::reader::{Guard, Projection, Reader};
use crate::status::{Counters, Standing};
use crate::sync::locked;
use crate::version::Version;
use crate::watch::WatchState;
use crate::writer::{NamedVeto, Writer};

/// A running configuration: read without waiting, changed one at a time. Clones are the same configuration.
pub struct Live<C> {
    pub(crate) shared: Arc<Shared<C>>,
}

/// What all clones share.
pub(crate) struct Shared<C> {
    /// What readers see; by itself, so that a read is one load.
    pub(crate) current: Arc<ArcSwap<C>>,
    pub(crate) version: ArcSwap<Version<C>>,
    pub(crate) writer: Mutex<Writer<C>>,
    /// What the writer last knew, for those who do not wait for it.
    pub(crate) standing: ArcSwap<Standing>,
    /// Functions that may refuse a change, each with its number and name.
    pub(crate) vetoes: Mutex<Vec<NamedVeto<C>>>,
    pub(crate) store: Arc<dyn Store>,
    /// The store was made for this configuration: nobody else commits to it.
    pub(crate) alone: bool,
    pub(crate) bus: Bus<C>,
    pub(crate) counters: Counters,
    /// What reads secrets that stand elsewhere.
    pub(crate) resolvers: Vec<Arc<dyn Resolver>>,
    pub(crate) retention: Retention,
    pub(crate) presets: Vec<Preset>,
    pub(crate) names: AtomicU64,
    pub(crate) watch: Arc<WatchState>,
}

impl<C> Drop for Shared<C> {
    fn drop(&mut self) {
        self.bus.close();
        self.watch.end();
    }
}

impl<C: LayeredConfig> Live<C> {
    /// What a loader's sources say becomes a running configuration, once it is opened.
    pub fn of(loader: Loader<C>) -> LiveBuilder<C> {
        LiveBuilder::new(loader)
    }

    /// The configuration at this moment.
    #[inline]
    #[must_use]
    pub fn get(&self) -> Guard<C> {
        Guard(self.shared.current.load())
    }

    /// A reader for hot loops.
    #[must_use]
    pub fn reader(&self) -> Reader<C> {
        Reader::new(Arc::clone(&self.shared.current))
    }

    /// One part of the configuration, for a component that need not know the rest.
    #[must_use]
    pub fn project<T: ?Sized>(&self, part: fn(&C) -> &T) -> Projection<C, T> {
        Projection { current: Arc::clone(&self.shared.current), part }
    }

    /// The configuration with everything that is known of it.
    #[must_use]
    pub fn version(&self) -> Arc<Version<C>> {
        self.shared.version.load_full()
    }

    /// Merges a patch (RFC 7396) into the values that were set at run time.
    ///
    /// # Errors
    /// Where the result would be wrong, a veto refuses it, or the store fails; then nothing changed.
    pub fn update<P: Serialize + ?Sized>(&self, patch: &P, actor: impl Into<Actor>) -> Result<Applied, UpdateError> {
        let patch = Value::from_serialize(patch);
        self.write(&actor.into(), &mut |writer, version| merged(writer, version, &patch))
    }

    /// Merges a patch into the values of this process alone. They stand above all others, the stored ones too, in the
    /// layer `program`; they have no revision and no history, and end with the process, or with the next stored change
    /// of the same settings. A null removes what was set so.
    ///
    /// # Errors
    /// Where the result would be wrong, or a veto refuses it; then nothing changed.
    pub fn update_here<P: Serialize + ?Sized>(
        &self,
        patch: &P,
        actor: impl Into<Actor>,
    ) -> Result<Applied, UpdateError> {
        let patch = Value::from_serialize(patch);
        self.write(&actor.into(), &mut |writer, version| merged_here(writer, version, &patch))
    }

    /// Makes the changes of a batch, all or none.
    ///
    /// # Errors
    /// As for [`update`](Self::update).
    pub fn apply(&self, batch: &Batch, actor: impl Into<Actor>) -> Result<Applied, UpdateError> {
        self.write(&actor.into(), &mut |writer, version| batched(writer, version, batch))
    }

    /// Sets one value.
    ///
    /// # Errors
    /// As for [`update`](Self::update).
    pub fn set(&self, path: &str, value: impl Serialize, actor: impl Into<Actor>) -> Result<Applied, UpdateError> {
        self.apply(&Batch::new().set(path, value), actor)
    }

    /// Removes what was set at run time at a path, and below it: what weaker sources say shows again.
    ///
    /// # Errors
    /// As for [`update`](Self::update).
    pub fn unset(&self, path: &str, actor: impl Into<Actor>) -> Result<Applied, UpdateError> {
        self.apply(&Batch::new().unset(path), actor)
    }

    /// Removes everything that was set at run time.
    ///
    /// # Errors
    /// As for [`update`](Self::update).
    pub fn reset(&self, actor: impl Into<Actor>) -> Result<Applied, UpdateError> {
        let nothing = || Value::Map(Vec::new());
        self.write(&actor.into(), &mut |writer, _| Target { runtime: nothing(), here: nothing(), ..Target::of(writer) })
    }

    /// Replaces the layer `store`, the weakest above the defaults: settings of a fleet, or of another service.
    ///
    /// # Errors
    /// As for [`update`](Self::update).
    pub fn set_base<P: Serialize + ?Sized>(&self, base: &P, actor: impl Into<Actor>) -> Result<Applied, UpdateError> {
        let base = Value::from_serialize(base);
        self.write(&actor.into(), &mut |writer, _| based(writer, &base))
    }

    /// What a patch would do; nothing is changed, nor are vetoes asked.
    #[must_use]
    pub fn validate<P: Serialize + ?Sized>(&self, patch: &P) -> Preview {
        let patch = Value::from_serialize(patch);
        self.preview(&mut |writer, version| merged(writer, version, &patch))
    }

    /// What a batch would do; nothing is changed, nor are vetoes asked.
    #[must_use]
    pub fn validate_batch(&self, batch: &Batch) -> Preview {
        self.preview(&mut |writer, version| batched(writer, version, batch))
    }

    /// Every value as a patch would make it, secrets masked; nothing is changed, nor are vetoes asked.
    ///
    /// # Errors
    /// Where the result would be wrong.
    pub fn values_after<P: Serialize + ?Sized>(&self, patch: &P) -> Result<Value, UpdateError> {
        let patch = Value::from_serialize(patch);
        self.outcome(&mut |writer, version| merged(writer, version, &patch))
    }

    /// Calls a function for every change at, below or above a path; the empty path stands for every change.
    ///
    /// # Errors
    /// Where the path can't be read or names nothing.
    pub fn subscribe(
        &self,
        path: &str,
        listener: impl FnMut(&Event<C>) + Send + 'static,
    ) -> Result<Subscription, UpdateError> {
        let path = FieldPath::parse(path).map_err(UpdateError::missing)?;
        let version = self.version();
        let is_declared = path.segments().first().is_some_and(|first| version.declared(first).is_some());
        if !is_declared {
            C::SCHEMA.find(&path).map_err(|unknown| UpdateError::missing(format!("such setting: {unknown}")))?;
        }
        Ok(Subscription::new(self.shared.bus.open(Interest::Changes(path)), listener))
    }

    /// Every change from now on, to take one by one.
    #[must_use]
    pub fn changes(&self) -> Changes<C> {
        Changes::new(self.shared.bus.open(Interest::Changes(FieldPath::ROOT)))
    }

    /// Everything that happens from now on, failures too.
    #[must_use]
    pub fn events(&self) -> Changes<C> {
        Changes::new(self.shared.bus.open(Interest::Everything))
    }

    /// Adds a function that may refuse a change, before it is stored. It may ask this configuration everything and
    /// change nothing: that is an error. What this returns takes it away again.
    pub fn veto(
        &self,
        name: impl Into<String>,
        veto: impl Fn(&Proposal<'_, C>) -> Result<(), String> + Send + Sync + 'static,
    ) -> u64 {
        let id = self.shared.names.fetch_add(1, Ordering::Relaxed);
        locked(&self.shared.vetoes).push((id, name.into(), Arc::new(veto)));
        id
    }

    /// Takes a veto away; whether it was there.
    pub fn remove_veto(&self, id: u64) -> bool {
        // What it holds goes away after the lock does.
        let removed: Vec<_> = locked(&self.shared.vetoes).extract_if(.., |(known, ..)| *known == id).collect();
        !removed.is_empty()
    }

    /// Declares a key outside the struct, or declares it anew. What the store holds for it becomes its value.
    ///
    /// # Errors
    /// Where a setting has this key, or the rule refuses the value that the key would have.
    pub fn declare(&self, declaration: Declaration) -> Result<(), UpdateError> {
        let path = FieldPath::ROOT.child(&declaration.key);
        if C::SCHEMA.find(&path).is_ok() {
            return Err(UpdateError::vetoed("the schema", format!("`{path}` is a setting of the struct")));
        }
        let mut writer = self.enter()?;
        let mut report = Report::new();
        let value = declaration.value(&writer.stored, &writer.here, &mut report);
        if !report.is_valid() {
            return Err(UpdateError::invalid(report));
        }
        writer.declared.retain(|known| known.key != declaration.key);
        writer.declared.push(declaration);
        let mut version = Version::clone(&self.shared.version.load());
        version.declared.retain(|known| known.key != value.key);
        version.declared.push(value);
        self.show(Arc::new(version));
        Ok(())
    }

    /// The value of a key that was declared at run time.
    #[must_use]
    pub fn declared(&self, key: &str) -> Option<Value> {
        self.shared.version.load().declared(key).cloned()
    }

    /// The store.
    #[must_use]
    pub fn store(&self) -> &Arc<dyn Store> {
        &self.shared.store
    }

    /// Shows a version to readers: what `get` gives, `version` knows of.
    pub(crate) fn show(&self, version: Arc<Version<C>>) {
        self.shared.version.store(Arc::clone(&version));
        self.shared.current.store(Arc::clone(&version.running));
    }
}

impl<C> Live<C> {
    /// A handle that keeps nothing alive, for what only goes along with the configuration.
    #[must_use]
    pub fn downgrade(&self) -> WeakLive<C> {
        WeakLive(Arc::downgrade(&self.shared))
    }
}

/// A [`Live`] that may have ended.
pub struct WeakLive<C>(Weak<Shared<C>>);

impl<C> WeakLive<C> {
    /// The configuration, where anybody still has it.
    #[must_use]
    pub fn upgrade(&self) -> Option<Live<C>> {
        self.0.upgrade().map(|shared| Live { shared })
    }
}

impl<C> fmt::Debug for WeakLive<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("WeakLive")
    }
}

impl<C> Clone for Live<C> {
    fn clone(&self) -> Self {
        Self { shared: Arc::clone(&self.shared) }
    }
}

impl<C> fmt::Debug for Live<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Live").field("version", &*self.shared.version.load()).finish_non_exhaustive()
    }
}
