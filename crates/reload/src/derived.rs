//! Views: what a program makes of its configuration, built before a change is accepted and put in effect with it.

use std::any::Any;
use std::cell::RefCell;
use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use arc_swap::ArcSwap;
use strata_config_core::report::code;
use strata_config_core::{Change, Explained, FieldPath, Finding, LayeredConfig, Provenance, Report, Severity};

use crate::error::UpdateError;
use crate::live::Live;
use crate::reader::{Guard, Reader};
use crate::version::Version;

/// A configuration that could be in effect: what a view is built from.
pub struct Candidate<'a, C, T> {
    facts: &'a Facts<'a, C>,
    previous: Option<&'a T>,
    warnings: RefCell<Report>,
}

/// What is known of a configuration that could be in effect.
pub(crate) struct Facts<'a, C> {
    pub(crate) running: &'a Arc<C>,
    pub(crate) desired: &'a Arc<C>,
    pub(crate) provenance: &'a Provenance,
    pub(crate) revision: u64,
    pub(crate) generation: u64,
    pub(crate) changes: &'a [Change],
}

impl<'a, C, T> Candidate<'a, C, T> {
    /// What the program would run with; values that need a restart are those it started with. A view may keep it, and is
    /// then one with the configuration that it was built from.
    #[must_use]
    pub fn config(&self) -> &'a Arc<C> {
        self.facts.running
    }

    /// What all layers say, also where it needs a restart.
    #[must_use]
    pub fn desired(&self) -> &'a Arc<C> {
        self.facts.desired
    }

    /// Where the desired values came from: all of them, or those at or below these paths.
    #[must_use]
    pub fn explain(&self, paths: &[FieldPath]) -> Vec<Explained>
    where
        C: LayeredConfig,
    {
        self.facts.provenance.explain(&**self.facts.desired, paths)
    }

    /// The store's commit that this would stand on.
    #[must_use]
    pub fn revision(&self) -> u64 {
        self.facts.revision
    }

    /// This process's count of changes, with this one.
    #[must_use]
    pub fn generation(&self) -> u64 {
        self.facts.generation
    }

    /// The desired values that would differ from those in effect; none where the view is built for the first time.
    #[must_use]
    pub fn changes(&self) -> &'a [Change] {
        self.facts.changes
    }

    /// The view in effect, where there is one: what did not change may be taken from it. A view that was built and then
    /// refused with its change is never seen here.
    #[must_use]
    pub fn previous(&self) -> Option<&'a T> {
        self.previous
    }

    /// Says what is questionable about these settings, though the view could be built. In strict mode it refuses.
    pub fn warn(&self, paths: impl IntoIterator<Item = FieldPath>, message: impl Into<String>) {
        self.warnings.borrow_mut().warn(paths, message).code = code::ADDED;
    }
}

impl<C, T> fmt::Debug for Candidate<'_, C, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Facts { revision, generation, changes, .. } = self.facts;
        f.debug_struct("Candidate")
            .field("revision", revision)
            .field("generation", generation)
            .field("changes", changes)
            .finish_non_exhaustive()
    }
}

/// A view of the configuration, which changes together with it. Clones are the same view; with the last one it ends, and
/// readers keep what they have.
pub struct Derived<T> {
    current: Arc<ArcSwap<T>>,
    /// What is registered; held here alone.
    view: Arc<dyn Any + Send + Sync>,
}

impl<T> Derived<T> {
    /// The view at this moment. It belongs to one version of the configuration; who has seen that version by
    /// [`Live::get`] gets its view, or that of a later one.
    #[inline]
    #[must_use]
    pub fn get(&self) -> Guard<T> {
        Guard(self.current.load())
    }

    /// A reader for hot loops.
    #[must_use]
    pub fn reader(&self) -> Reader<T> {
        Reader::new(Arc::clone(&self.current))
    }
}

impl<T> Clone for Derived<T> {
    fn clone(&self) -> Self {
        Self { current: Arc::clone(&self.current), view: Arc::clone(&self.view) }
    }
}

impl<T> fmt::Debug for Derived<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Derived").finish_non_exhaustive()
    }
}

/// A view, whatever its type.
pub(crate) trait View<C>: Send + Sync {
    /// Builds the view of a configuration; what is questionable goes to the report.
    fn build(&self, facts: &Facts<'_, C>, report: &mut Report) -> Option<Product>;
}

/// A view that waits for its change. Calling it puts it in effect, and gives what it takes the place of: its destructor is
/// the program's code, and must not run before everything is in effect.
pub(crate) type Product = Box<dyn FnOnce() -> Arc<dyn Any + Send + Sync> + Send>;

struct Slot<T, F, I> {
    build: F,
    current: Arc<ArcSwap<T>>,
    installed: Arc<I>,
}

impl<C, T, F, I> View<C> for Slot<T, F, I>
where
    T: Send + Sync + 'static,
    F: Fn(&Candidate<'_, C, T>) -> Result<T, Report> + Send + Sync,
    I: Fn(&Arc<T>) + Send + Sync + 'static,
{
    fn build(&self, facts: &Facts<'_, C>, report: &mut Report) -> Option<Product> {
        let previous = self.current.load_full();
        let next = Arc::new(build(&self.build, facts, Some(&previous), report)?);
        let (current, installed) = (Arc::clone(&self.current), Arc::clone(&self.installed));
        Some(Box::new(move || {
            let before = current.swap(Arc::clone(&next));
            // The change is committed: what goes wrong here is not its fault.
            let _ = catch_unwind(AssertUnwindSafe(|| installed(&next)));
            before
        }))
    }
}

/// Calls the program's function; a panic is an error, as a veto's is.
fn build<C, T>(
    build: &impl Fn(&Candidate<'_, C, T>) -> Result<T, Report>,
    facts: &Facts<'_, C>,
    previous: Option<&T>,
    report: &mut Report,
) -> Option<T> {
    let candidate = Candidate { facts, previous, warnings: RefCell::default() };
    let built = catch_unwind(AssertUnwindSafe(|| build(&candidate)));
    report.append(candidate.warnings.into_inner());
    let failed = |message: &str| {
        let message = format!("the view `{}` {message}", std::any::type_name::<T>());
        Finding::new(Severity::Error, code::ADDED, FieldPath::ROOT, message)
    };
    match built {
        Ok(Ok(view)) => return Some(view),
        Ok(Err(found)) if found.is_valid() => {
            report.append(found);
            report.push(failed("could not be built"));
        }
        Ok(Err(found)) => report.append(found),
        // What it panicked with may hold a secret; the program's panic hook has seen it.
        Err(_) => {
            report.push(failed("panicked"));
        }
    }
    None
}

impl<C: LayeredConfig> Live<C> {
    /// Derives a view from the configuration, now and with every change: an update, a rollback, a file that was saved,
    /// another process's commit, a dry run.
    ///
    /// The function is asked once a change is known to be valid, before vetoes are and the store is. Errors that it
    /// returns refuse the change exactly as rules do, at the places that their paths lead to; nothing is half applied. A
    /// file or another process's commit that is refused leaves what was in effect. What it builds is in effect a moment
    /// before the configuration is, and before anybody is told. It is called under the writer's lock, so that it may ask
    /// this configuration everything, and change nothing.
    ///
    /// # Errors
    /// Where the view of the configuration in effect can't be built, with a [report](UpdateError::report); and from
    /// within a change.
    pub fn derive<T, F>(&self, build: F) -> Result<Derived<T>, UpdateError>
    where
        T: Send + Sync + 'static,
        F: Fn(&Candidate<'_, C, T>) -> Result<T, Report> + Send + Sync + 'static,
    {
        self.derive_into(build, |_| {})
    }

    /// As [`derive`](Self::derive); and hands each view on at the moment when it takes effect, the first one too: for
    /// who keeps it in a place of his own. The function is called under the writer's lock, before anybody is told of the
    /// change; it is to be quick, and must not ask this configuration anything. A panic in it is contained.
    ///
    /// # Errors
    /// As for [`derive`](Self::derive).
    pub fn derive_into<T, F, I>(&self, build: F, installed: I) -> Result<Derived<T>, UpdateError>
    where
        T: Send + Sync + 'static,
        F: Fn(&Candidate<'_, C, T>) -> Result<T, Report> + Send + Sync + 'static,
        I: Fn(&Arc<T>) + Send + Sync + 'static,
    {
        let mut writer = self.enter()?;
        let version = self.version();
        let mut report = Report::new();
        let facts = Facts {
            running: &version.running,
            desired: &version.desired,
            provenance: &version.provenance,
            revision: version.revision,
            generation: version.generation,
            changes: &[],
        };
        let first = self::build(&build, &facts, None, &mut report);
        version.provenance.judge(&mut report);
        let Some(first) = first.filter(|_| report.is_valid()) else {
            return Err(UpdateError::invalid(report));
        };
        if !report.is_empty() {
            let mut version = Version::clone(&version);
            version.provenance.warn(report);
            self.show(Arc::new(version));
        }
        let first = Arc::new(first);
        installed(&first);
        let current = Arc::new(ArcSwap::new(first));
        let slot = Arc::new(Slot { build, current: Arc::clone(&current), installed: Arc::new(installed) });
        let view: Arc<dyn View<C>> = Arc::clone(&slot) as Arc<dyn View<C>>;
        writer.views.retain(|view| view.strong_count() > 0);
        writer.views.push(Arc::downgrade(&view));
        Ok(Derived { current, view: slot })
    }
}
