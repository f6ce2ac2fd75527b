//! The one who writes: what is known of sources and store, and how a version is built of them.

use std::collections::BTreeMap;
use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::{Arc, Weak};

use strata_config_core::report::code;
use strata_config_core::{
    Change, FieldPath, Finding, LayerKind, LayeredConfig, Outcome, Provenance, Report, Sealer, Severity, SourceId,
    Stack, Value, diff, freeze,
};
use strata_config_store::{State, StoreError, Timestamp};

use crate::commit::Proposal;
use crate::declared::{Declaration, Declared};
use crate::derived::{Facts, Product, View};
use crate::stored::Stored;
use crate::version::Version;

/// A function that may refuse a change.
pub(crate) type Veto<C> = dyn Fn(&Proposal<'_, C>) -> Result<(), String> + Send + Sync;

/// The same with its number and its name.
pub(crate) type NamedVeto<C> = (u64, String, Arc<Veto<C>>);

/// What the writer's lock guards.
pub(crate) struct Writer<C> {
    /// The sources as they are in effect.
    pub(crate) stack: Stack<C>,
    /// Sources whose newest content can't be used.
    pub(crate) failing: BTreeMap<SourceId, Failing>,
    /// The store's newest commit, and its documents.
    pub(crate) state: State,
    pub(crate) stored: Stored,
    /// The run-time values of this process alone, above the stored ones.
    pub(crate) here: Stored,
    /// The newest commit can't be used by this process.
    pub(crate) refused_commit: Option<Arc<Report>>,
    pub(crate) declared: Vec<Declaration>,
    /// Views of the configuration; those whose handles are gone count no more.
    pub(crate) views: Vec<Weak<dyn View<C>>>,
    /// Events so far.
    pub(crate) events: u64,
    /// What seals secrets, where anything does.
    pub(crate) sealer: Option<Arc<dyn Sealer>>,
    /// Secrets that stand elsewhere can't be read again.
    pub(crate) refused_secrets: Option<Arc<Report>>,
}

/// A source that can't be used.
#[derive(Debug, Clone)]
pub(crate) struct Failing {
    pub(crate) since: Timestamp,
    pub(crate) report: Arc<Report>,
    /// The files that the refused content came from, and those that it names.
    pub(crate) files: Vec<PathBuf>,
}

/// A configuration that could be in effect.
pub(crate) struct Built<C> {
    pub(crate) desired: Arc<C>,
    pub(crate) running: Arc<C>,
    pub(crate) provenance: Provenance,
    pub(crate) declared: Vec<Declared>,
    /// The desired values that differ from those before.
    pub(crate) changes: Vec<Change>,
    /// What waits for a restart.
    pub(crate) pending: Vec<Change>,
    /// The views of it, to be put in effect with it.
    pub(crate) products: Vec<Product>,
}

/// What a version would be made by, which decides how it is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Step {
    /// A commit to the store, with its revision.
    Commit(u64),
    /// A change of this process alone.
    Here,
    /// Sources that were read again; the same values at other places are no change.
    Reload,
}

impl<C: LayeredConfig> Writer<C> {
    pub(crate) fn new(stack: Stack<C>, state: State, declared: Vec<Declaration>) -> Result<Self, StoreError> {
        let stored = Stored::read(&state.documents, &stack.upgrade())?;
        let here = Stored::empty();
        let (failing, views) = (BTreeMap::new(), Vec::new());
        let (sealer, refused_commit, refused_secrets) = (None, None, None);
        Ok(Self {
            stack,
            failing,
            state,
            stored,
            here,
            refused_commit,
            declared,
            views,
            events: 0,
            sealer,
            refused_secrets,
        })
    }

    /// Whether a key of the run-time values is one that the program declared.
    pub(crate) fn is_declared(&self, key: &str) -> bool {
        self.declared.iter().any(|declared| declared.key == key)
    }

    /// Whether a path is that of a key that the program declared, or below it.
    pub(crate) fn is_below_declared(&self, path: &FieldPath) -> bool {
        path.segments().first().is_some_and(|key| self.is_declared(key))
    }

    /// Builds a version of these sources and documents; values that need a restart stay those that run before.
    pub(crate) fn build(
        &self,
        stack: &Stack<C>,
        stored: &Stored,
        before: Option<&Version<C>>,
        step: Step,
    ) -> Result<Built<C>, Report> {
        self.build_over(stack, stored, &self.here, before, step)
    }

    /// All foreign code runs in here (checks, rules, serde's traits), so that nothing can panic once a change is stored.
    fn build_over(
        &self,
        stack: &Stack<C>,
        stored: &Stored,
        here: &Stored,
        before: Option<&Version<C>>,
        step: Step,
    ) -> Result<Built<C>, Report> {
        guarded(|| self.build_of(stack, stored, here, before, step)).and_then(|built| built)
    }

    fn build_of(
        &self,
        stack: &Stack<C>,
        stored: &Stored,
        here: &Stored,
        before: Option<&Version<C>>,
        step: Step,
    ) -> Result<Built<C>, Report> {
        let mut report = Report::new();
        let declared = self.declared.iter();
        let declared: Vec<Declared> = declared.map(|declared| declared.value(stored, here, &mut report)).collect();
        let outcome = self.outcome(stack, stored, here);
        if !report.is_valid() {
            report.append(outcome.report().clone());
            return Err(report);
        }
        let (desired, mut provenance) = outcome.into_loaded()?.split();
        let desired = Arc::new(desired);
        let running = match before.map(|before| freeze(&*desired, &*before.running)).transpose()?.flatten() {
            Some(mixed) => Arc::new(mixed),
            None => Arc::clone(&desired),
        };
        let mut changes = before.map(|before| diff(&*before.desired, &*desired)).unwrap_or_default();
        changes.extend(before.into_iter().flat_map(|before| declared_changes(before, &declared)));
        let pending = if Arc::ptr_eq(&running, &desired) { Vec::new() } else { diff(&*running, &*desired) };
        let views: Vec<Arc<dyn View<C>>> = self.views.iter().filter_map(Weak::upgrade).collect();
        let mut products = Vec::with_capacity(views.len());
        if !views.is_empty() {
            let generation = before.map_or(1, |before| before.generation);
            let facts = Facts {
                running: &running,
                desired: &desired,
                provenance: &provenance,
                revision: if let Step::Commit(revision) = step { revision } else { self.state.revision },
                generation: if step == Step::Reload && changes.is_empty() { generation } else { generation + 1 },
                changes: &changes,
            };
            products.extend(views.iter().filter_map(|view| view.build(&facts, &mut report)));
            provenance.judge(&mut report);
            if !report.is_valid() {
                report.append(provenance.warnings().clone());
                return Err(report);
            }
            provenance.warn(report);
        }
        Ok(Built { desired, running, provenance, declared, changes, pending, products })
    }

    /// What these sources and documents say, whether it is right or not; declared keys aside.
    pub(crate) fn outcome(&self, stack: &Stack<C>, stored: &Stored, here: &Stored) -> Outcome<C> {
        let base = is_filled(&stored.base).then(|| stored.base_layer());
        let runtime = [(LayerKind::Runtime, "the store", stored), (LayerKind::Program, "this process", here)];
        let runtime = runtime.into_iter().filter(|(.., values)| is_filled(&values.runtime));
        let runtime = runtime.map(|(kind, name, values)| values.runtime_layer(kind, name, |key| self.is_declared(key)));
        stack.outcome(base, runtime)
    }

    /// Builds what an edit leads to. What only a person could have meant is an error here, though the same in an old
    /// document is none: a key that nobody knows, a value that lenient mode would replace.
    pub(crate) fn build_edited(
        &self,
        stored: &Stored,
        here: &Stored,
        version: &Version<C>,
        step: Step,
    ) -> Result<Built<C>, Report> {
        let built = self.build_over(&self.stack, stored, here, Some(version), step);
        let mut report = match &built {
            Ok(built) => built.provenance.warnings().clone(),
            Err(report) => report.clone(),
        };
        report.refuse(|finding| {
            let code = finding.code == code::UNKNOWN_KEY || finding.code == code::FALLBACK;
            let (new, old) = match finding.origin.as_ref().map(|origin| origin.layer) {
                Some(LayerKind::Runtime) => (stored, &self.stored),
                Some(LayerKind::Program) => (here, &self.here),
                _ => return false,
            };
            code && new.runtime.at(&finding.path) != old.runtime.at(&finding.path)
        });
        if report.is_valid() { built } else { Err(report) }
    }
}

impl<C: LayeredConfig> Built<C> {
    /// The version that follows another.
    pub(crate) fn into_version(self, revision: u64, generation: u64, at: Timestamp) -> Version<C> {
        let Self { desired, running, provenance, declared, .. } = self;
        Version { running, desired, provenance, revision, generation, at, declared }
    }
}

impl<C> fmt::Debug for Writer<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Writer").field("revision", &self.state.revision).finish_non_exhaustive()
    }
}

/// The declared values that differ. One that was declared just now has changed nothing.
fn declared_changes<C>(before: &Version<C>, declared: &[Declared]) -> Vec<Change> {
    let change = |new: &Declared| {
        let old = before.declared.iter().find(|known| known.key == new.key)?;
        let (path, values) = (FieldPath::ROOT.child(&new.key), (old.value.clone(), new.value.clone()));
        (old.value != new.value).then(|| Change::of_declared(path, Some(values.0), Some(values.1)))
    };
    declared.iter().filter_map(change).collect()
}

fn is_filled(values: &Value) -> bool {
    matches!(values, Value::Map(entries) if !entries.is_empty())
}

/// Runs code of the program's: serde's traits, rules, checks. A panic is a finding.
pub(crate) fn guarded<R>(run: impl FnOnce() -> R) -> Result<R, Report> {
    catch_unwind(AssertUnwindSafe(run)).map_err(|_| {
        // What it panicked with may hold a secret; the program's panic hook has seen it.
        let mut report = Report::new();
        let message = "a check, or other code of the program's, panicked";
        report.push(Finding::new(Severity::Error, code::ADDED, FieldPath::ROOT, message.to_owned()));
        report
    })
}
