//! What a change is made of, and what becomes of it.

use std::sync::Arc;

use serde::Serialize;
use strata_config_core::{Change, FieldPath, Report, Value};
use strata_config_store::Entry;

/// Changes of single values, made all together or not at all.
#[derive(Debug, Clone, Default)]
pub struct Batch {
    pub(crate) steps: Vec<Step>,
}

/// One change of a batch; a path that can't be read is told when the batch is applied.
#[derive(Clone)]
pub(crate) struct Step {
    pub(crate) path: Result<FieldPath, (String, String)>,
    /// The value to set; nothing to remove what was set.
    pub(crate) value: Option<Value>,
}

/// Values may be secrets.
impl std::fmt::Debug for Step {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {:?}", if self.value.is_some() { "set" } else { "unset" }, self.path)
    }
}

impl Batch {
    /// No changes yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the value at a path.
    #[must_use]
    pub fn set(self, path: &str, value: impl Serialize) -> Self {
        self.step(path, Some(Value::from_serialize(&value)))
    }

    /// Removes what was set at run time at a path, and below it.
    #[must_use]
    pub fn unset(self, path: &str) -> Self {
        self.step(path, None)
    }

    fn step(mut self, path: &str, value: Option<Value>) -> Self {
        let path = FieldPath::parse(path).map_err(|message| (path.to_owned(), message));
        self.steps.push(Step { path, value });
        self
    }
}

/// A change that was made.
#[derive(Debug, Clone)]
pub struct Applied {
    /// The revision of the store that has it.
    pub revision: u64,
    /// The history's entry; none where there was nothing to change, or the change was only tried.
    pub entry: Option<Arc<Entry>>,
    /// The request was carried out before, as this entry; nothing was done now.
    pub replayed: bool,
    /// The settings whose desired value differs from before.
    pub changes: Vec<Change>,
    /// What waits for a restart now.
    pub pending: Vec<Change>,
    /// What is questionable, though accepted.
    pub warnings: Report,
}

/// What a change would do.
#[derive(Debug, Clone)]
pub struct Preview {
    /// Everything that is wrong or questionable; without errors the change would be made.
    pub report: Report,
    /// The settings whose desired value would differ; none where the report has errors.
    pub changes: Vec<Change>,
    /// What would wait for a restart.
    pub pending: Vec<Change>,
}

/// A change that is about to be stored: what a veto is asked about.
pub struct Proposal<'a, C> {
    /// What runs.
    pub running: &'a C,
    /// What would be desired.
    pub desired: &'a C,
    /// The settings whose desired value would differ.
    pub changes: &'a [Change],
    /// Who asks for it.
    pub actor: &'a str,
}

impl<C> std::fmt::Debug for Proposal<'_, C> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Proposal").field("actor", &self.actor).field("changes", &self.changes).finish_non_exhaustive()
    }
}
