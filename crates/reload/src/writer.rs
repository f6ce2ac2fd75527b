//! The one who writes: what is known of sources and store, and how a version is built of them.

use std::collections::BTreeMap;
use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use strata_config_core::report::code;
use strata_config_core::{
    Change, FieldPath, Finding, LayerKind, LayeredConfig, Provenance, Report, Severity, SourceId, Stack, Value, diff,
    freeze,
};
use strata_config_store::{State, StoreError, Timestamp};

use crate::commit::Proposal;
use crate::declared::Declaration;
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
    /// The newest commit can't be used by this process.
    pub(crate) refused_commit: Option<Arc<Report>>,
    pub(crate) declared: Vec<Declaration>,
    /// Events so far.
    pub(crate) events: u64,
}

/// A source that can't be used.
#[derive(Debug, Clone)]
pub(crate) struct Failing {
    pub(crate) since: Timestamp,
    pub(crate) report: Arc<Report>,
}

/// A configuration that could be in effect.
pub(crate) struct Built<C> {
    pub(crate) desired: Arc<C>,
    pub(crate) running: Arc<C>,
    pub(crate) provenance: Provenance,
    pub(crate) declared: Vec<(String, Value)>,
    /// The desired values that differ from those before.
    pub(crate) changes: Vec<Change>,
    /// What waits for a restart.
    pub(crate) pending: Vec<Change>,
}

impl<C: LayeredConfig> Writer<C> {
    pub(crate) fn new(stack: Stack<C>, state: State, declared: Vec<Declaration>) -> Result<Self, StoreError> {
        let stored = Stored::read(&state.documents)?;
        Ok(Self { stack, failing: BTreeMap::new(), state, stored, refused_commit: None, declared, events: 0 })
    }

    /// Whether a key of the run-time values is one that the program declared.
    pub(crate) fn is_declared(&self, key: &str) -> bool {
        self.declared.iter().any(|declared| declared.key == key)
    }

    /// Builds a version of these sources and documents; values that need a restart stay those that run before.
    ///
    /// All foreign code runs in here (checks, rules, serde's traits), so that nothing can panic once a change is stored.
    pub(crate) fn build(
        &self,
        stack: &Stack<C>,
        stored: &Stored,
        before: Option<&Version<C>>,
    ) -> Result<Built<C>, Report> {
        catch_unwind(AssertUnwindSafe(|| self.build_of(stack, stored, before))).unwrap_or_else(|_| {
            // What it panicked with may hold a secret; the program's panic hook has seen it.
            let mut report = Report::new();
            let message = "a check, or other code of the program's, panicked";
            report.push(Finding::new(Severity::Error, code::ADDED, FieldPath::ROOT, message.to_owned()));
            Err(report)
        })
    }

    fn build_of(&self, stack: &Stack<C>, stored: &Stored, before: Option<&Version<C>>) -> Result<Built<C>, Report> {
        let mut report = Report::new();
        let declared = self.declared.iter();
        let declared: Vec<(String, Value)> = declared
            .map(|declared| {
                let value = declared.value(&stored.runtime, &mut report, |path| stored.mark(path));
                (declared.key.clone(), value)
            })
            .collect();
        let base = is_filled(&stored.base).then(|| stored.base_layer());
        let runtime = is_filled(&stored.runtime).then(|| stored.runtime_layer(|key| self.is_declared(key)));
        let outcome = stack.outcome(base, runtime);
        if !report.is_valid() {
            report.append(outcome.report().clone());
            return Err(report);
        }
        let (desired, provenance) = outcome.into_loaded()?.split();
        let desired = Arc::new(desired);
        let running = match before.map(|before| freeze(&*desired, &*before.running)).transpose()?.flatten() {
            Some(mixed) => Arc::new(mixed),
            None => Arc::clone(&desired),
        };
        let mut changes = before.map(|before| diff(&*before.desired, &*desired)).unwrap_or_default();
        changes.extend(before.into_iter().flat_map(|before| declared_changes(before, &declared)));
        let pending = if Arc::ptr_eq(&running, &desired) { Vec::new() } else { diff(&*running, &*desired) };
        Ok(Built { desired, running, provenance, declared, changes, pending })
    }

    /// Builds what an edit leads to. What only a person could have meant is an error here, though the same in an old
    /// document is none: a key that nobody knows, a value that lenient mode would replace.
    pub(crate) fn build_edited(&self, stored: &Stored, version: &Version<C>) -> Result<Built<C>, Report> {
        let built = self.build(&self.stack, stored, Some(version));
        let mut report = match &built {
            Ok(built) => built.provenance.warnings().clone(),
            Err(report) => report.clone(),
        };
        report.refuse(|finding| {
            let of_runtime = finding.origin.as_ref().is_some_and(|origin| origin.layer == LayerKind::Runtime);
            let code = finding.code == code::UNKNOWN_KEY || finding.code == code::FALLBACK;
            of_runtime && code && stored.runtime.at(&finding.path) != self.stored.runtime.at(&finding.path)
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
fn declared_changes<C>(before: &Version<C>, declared: &[(String, Value)]) -> Vec<Change> {
    let change = |(key, new): &(String, Value)| {
        let old = before.declared.iter().find(|(known, _)| known == key).map(|(_, old)| old)?;
        (old != new).then(|| Change::of_declared(FieldPath::ROOT.child(key), Some(old.clone()), Some(new.clone())))
    };
    declared.iter().filter_map(change).collect()
}

fn is_filled(values: &Value) -> bool {
    matches!(values, Value::Map(entries) if !entries.is_empty())
}
