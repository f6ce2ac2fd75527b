//! The handle that a program asks for its flags: cheap to clone, never locked by a question, replaced as a whole.

mod evaluation;
mod held;
mod install;
mod overlay;
mod reader;
mod reports;
mod snapshot;

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use arc_swap::{ArcSwap, ArcSwapOption, Guard};
use serde_json::Value as Json;

use crate::answer::EvaluationError;
use crate::clock::{Clock, SystemClock};
use crate::context::Context;
use crate::event::{Bus, FlagEvent, Subscription};
use crate::exposure::{ExposureEvent, Exposures, MOST_STRIPES, Recorder, stripes_of_this_machine};
use crate::guards::TripSink;
use crate::set::FlagSet;

pub use evaluation::{Evaluation, FromFlag};
pub use held::Held;
use install::Writer;
pub use reader::FlagsReader;
pub use reports::GuardStatus;
pub use snapshot::Snapshot;

/// The flags of a program.
///
/// Questions load one pointer, evaluate and count; they take no lock, and none but those for texts, objects and details
/// allocate. Each answer belongs to one revision. For several answers of one revision, ask one [`Flags::snapshot`].
///
/// ```
/// use strata_config_flags::{Context, FlagSet, Flags, model::Definitions};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let definitions: Definitions = serde_json::from_str(r#"{"flags": {"dark_mode": true}}"#)?;
/// let flags = Flags::new(FlagSet::new(definitions)?);
/// assert!(flags.bool("dark_mode", &Context::of("user-1"), false));
/// assert_eq!(flags.exposures().flags["dark_mode"].of(Some("on")), 1);
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Flags(Arc<Inner>);

struct Inner {
    current: ArcSwap<Snapshot>,
    shared: Arc<Shared>,
    events: Bus<FlagEvent>,
    sink: ArcSwapOption<Sink>,
    /// Held while a set is put into use; by no question and no report that changes nothing.
    writer: Mutex<Writer>,
    /// What the sets come from, for as long as somebody asks for flags.
    #[cfg(feature = "reload")]
    places: ArcSwapOption<crate::places::Places>,
    #[cfg(feature = "reload")]
    kept: std::sync::OnceLock<Box<dyn std::any::Any + Send + Sync>>,
}

/// A handle that keeps nothing alive.
#[cfg(feature = "reload")]
pub(crate) struct WeakFlags(std::sync::Weak<Inner>);

#[cfg(feature = "reload")]
impl WeakFlags {
    pub(crate) fn upgrade(&self) -> Option<Flags> {
        self.0.upgrade().map(Flags)
    }
}

/// What all snapshots of a program share.
struct Shared {
    clock: Arc<dyn Clock>,
    recorder: Recorder,
    exposures: Bus<ExposureEvent>,
}

struct Sink(Arc<dyn TripSink>);

/// What a handle is made with.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Where the time comes from.
    pub clock: Arc<dyn Clock>,
    /// Into how many stripes counters are cut, so that threads do not contend: a power of two up to 16, or the next one.
    /// Each costs a flag of two variants 128 bytes.
    pub stripes: usize,
}

impl Default for Settings {
    /// The system's clock, and as many stripes as the machine runs threads.
    fn default() -> Self {
        Self { clock: Arc::new(SystemClock::default()), stripes: stripes_of_this_machine() }
    }
}

impl Flags {
    /// The flags of a set, of revision 0.
    #[must_use]
    pub fn new(set: impl Into<Arc<FlagSet>>) -> Self {
        Self::with(set, Settings::default())
    }

    /// No flags, until a set comes.
    #[must_use]
    pub fn empty() -> Self {
        Self::new(FlagSet::default())
    }

    /// The flags of a set, with settings of one's own.
    #[must_use]
    pub fn with(set: impl Into<Arc<FlagSet>>, settings: Settings) -> Self {
        let stripes = settings.stripes.clamp(1, MOST_STRIPES).next_power_of_two();
        let recorder = Recorder::new(stripes, settings.clock.now());
        let shared = Arc::new(Shared { clock: settings.clock, recorder, exposures: Bus::default() });
        let inner = Inner {
            current: ArcSwap::from_pointee(Snapshot::nothing(Arc::clone(&shared))),
            shared,
            events: Bus::default(),
            sink: ArcSwapOption::empty(),
            writer: Mutex::default(),
            #[cfg(feature = "reload")]
            places: ArcSwapOption::empty(),
            #[cfg(feature = "reload")]
            kept: std::sync::OnceLock::new(),
        };
        let flags = Self(Arc::new(inner));
        flags.install(&mut flags.writer(), set.into(), 0);
        flags
    }

    /// Puts another set into use. Questions that are being answered are so by the set before; the counts of flags go on,
    /// and guards keep what was reported. A trip that this program saw and that the set does not know yet stays.
    ///
    /// `FlagSet::compile(sources, Some(flags.snapshot().set()))` makes a set at the cost of what has changed.
    pub fn replace(&self, set: impl Into<Arc<FlagSet>>, revision: u64) {
        self.install(&mut self.writer(), set.into(), revision);
    }

    /// The flags as they are now, for several questions to one revision.
    #[must_use]
    pub fn snapshot(&self) -> Arc<Snapshot> {
        self.0.current.load_full()
    }

    #[inline]
    fn load(&self) -> Guard<Arc<Snapshot>> {
        self.0.current.load()
    }

    fn writer(&self) -> MutexGuard<'_, Writer> {
        self.0.writer.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether a boolean flag is on; the default where there is no such flag, or it serves none of its variants.
    #[inline]
    #[must_use]
    pub fn bool(&self, key: &str, context: &Context<'_>, default: bool) -> bool {
        self.load().bool(key, context, default)
    }

    /// The value of a flag of type `int`.
    #[inline]
    #[must_use]
    pub fn int(&self, key: &str, context: &Context<'_>, default: i64) -> i64 {
        self.load().int(key, context, default)
    }

    /// The value of a flag of type `float` or `int`.
    #[inline]
    #[must_use]
    pub fn float(&self, key: &str, context: &Context<'_>, default: f64) -> f64 {
        self.load().float(key, context, default)
    }

    /// The value of a flag of type `string`. It is not copied: it keeps the set that it came from.
    #[must_use]
    pub fn string<'d>(&self, key: &str, context: &Context<'_>, default: &'d str) -> Held<'d, str> {
        held::hold(self.load(), key, context, default)
    }

    /// The value of a flag of type `object`. It is not copied: it keeps the set that it came from.
    #[must_use]
    pub fn object<'d>(&self, key: &str, context: &Context<'_>, default: &'d Json) -> Held<'d, Json> {
        held::hold(self.load(), key, context, default)
    }

    /// The value of a flag, and all that is known about it: `flags.details("limit", &context, 10)`.
    #[must_use]
    pub fn details<T: FromFlag>(&self, key: &str, context: &Context<'_>, default: T) -> Evaluation<T> {
        self.load().details(key, context, default)
    }

    /// What was served since the handle was made. Reading takes nothing away.
    #[must_use]
    pub fn exposures(&self) -> Exposures {
        self.0.shared.recorder.read(self.clock().now())
    }

    /// What was served since it was taken before: for one exporter that sends differences. Counts of flags that have
    /// gone are told for the last time. [`Exposures::since`] does it for any number of readers.
    #[must_use]
    pub fn take_exposures(&self) -> Exposures {
        self.0.shared.recorder.take(self.clock().now())
    }

    /// Each single answer from now on, in a queue of this length; what comes while it is full is lost, and counted. While
    /// anybody listens, each answer costs some allocations.
    #[must_use = "dropping it ends the subscription"]
    pub fn exposure_events(&self, capacity: usize) -> Subscription<ExposureEvent> {
        self.0.shared.exposures.subscribe(capacity)
    }

    /// How many single answers were lost to queues that were full.
    #[must_use]
    pub fn exposure_events_dropped(&self) -> u64 {
        self.0.shared.exposures.dropped()
    }

    /// What happens from now on, in a queue of this length; what comes while it is full is lost, and counted.
    #[must_use = "dropping it ends the subscription"]
    pub fn events(&self, capacity: usize) -> Subscription<FlagEvent> {
        self.0.events.subscribe(capacity)
    }

    /// Has trips stored from now on, instead of kept in this program alone.
    pub fn store_trips(&self, sink: Arc<dyn TripSink>) {
        self.0.sink.store(Some(Arc::new(Sink(sink))));
    }

    #[cfg(feature = "reload")]
    pub(crate) fn downgrade(&self) -> WeakFlags {
        WeakFlags(Arc::downgrade(&self.0))
    }

    /// Keeps what the sets come from.
    #[cfg(feature = "reload")]
    pub(crate) fn keep(&self, source: impl std::any::Any + Send + Sync) {
        // A handle follows one source, from where it is made.
        let _ = self.0.kept.set(Box::new(source));
    }

    /// Where the flags stand in the configuration that they follow; nothing where they follow none.
    #[cfg(feature = "reload")]
    #[must_use]
    pub fn places(&self) -> Option<Arc<crate::places::Places>> {
        self.0.places.load_full()
    }

    /// Says where the flags stand from now on.
    #[cfg(feature = "reload")]
    pub(crate) fn stand(&self, places: Arc<crate::places::Places>) {
        self.0.places.store(Some(places));
    }

    /// Where the time comes from.
    #[must_use]
    pub fn clock(&self) -> &dyn Clock {
        &*self.0.shared.clock
    }

    /// The value of a flag of any type, by borrowing: what [`Snapshot::evaluate`] answers, given to a function.
    ///
    /// # Errors
    /// There is no such flag.
    pub fn evaluate<R>(
        &self,
        key: &str,
        context: &Context<'_>,
        with: impl FnOnce(crate::Answer<'_>) -> R,
    ) -> Result<R, EvaluationError> {
        self.load().evaluate(key, context).map(with)
    }
}

impl Default for Flags {
    fn default() -> Self {
        Self::empty()
    }
}

impl fmt::Debug for Flags {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let snapshot = self.load();
        f.debug_struct("Flags")
            .field("set", snapshot.set())
            .field("revision", &snapshot.revision())
            .field("generation", &snapshot.generation())
            .finish_non_exhaustive()
    }
}
