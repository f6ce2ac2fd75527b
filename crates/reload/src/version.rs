//! One state of the running configuration, with everything that is known of it.

use std::sync::Arc;

use strata_config_core::{
    Budget, Change, Explained, FieldPath, LayeredConfig, LoadInfo, Profile, Provenance, Report, Value, diff,
};
use strata_config_store::Timestamp;

use crate::declared::Declared;

/// One state of the running configuration, for good: a later change makes another one.
pub struct Version<C> {
    pub(crate) running: Arc<C>,
    pub(crate) desired: Arc<C>,
    pub(crate) provenance: Provenance,
    pub(crate) revision: u64,
    pub(crate) generation: u64,
    pub(crate) at: Timestamp,
    pub(crate) declared: Vec<Declared>,
}

impl<C: LayeredConfig> Version<C> {
    /// What the program runs with: values that need a restart are those it started with.
    #[must_use]
    pub fn running(&self) -> &Arc<C> {
        &self.running
    }

    /// What all layers say: what the program will run with after a restart.
    #[must_use]
    pub fn desired(&self) -> &Arc<C> {
        &self.desired
    }

    /// What waits for a restart: from what runs to what is desired.
    #[must_use]
    pub fn pending(&self) -> Vec<Change> {
        if Arc::ptr_eq(&self.running, &self.desired) { Vec::new() } else { diff(&*self.running, &*self.desired) }
    }

    /// The store's commit that this stands on; 0 where nothing was ever committed.
    #[must_use]
    pub fn revision(&self) -> u64 {
        self.revision
    }

    /// This process's count of changes: 1 is what it started with.
    #[must_use]
    pub fn generation(&self) -> u64 {
        self.generation
    }

    /// When it took effect.
    #[must_use]
    pub fn at(&self) -> Timestamp {
        self.at
    }

    /// Where the desired values came from: all of them, or those at or below these paths.
    #[must_use]
    pub fn explain(&self, paths: &[FieldPath]) -> Vec<Explained> {
        self.provenance.explain(&*self.desired, paths)
    }

    /// What is questionable, though accepted.
    #[must_use]
    pub fn warnings(&self) -> &Report {
        self.provenance.warnings()
    }

    /// The memory that the desired configuration will need, as far as its settings say what they cost.
    #[must_use]
    pub fn budget(&self) -> Budget {
        self.provenance.budget(&*self.desired)
    }

    /// The profile that is applied.
    #[must_use]
    pub fn profile(&self) -> Option<&Profile> {
        self.provenance.profile()
    }

    /// What was read.
    #[must_use]
    pub fn info(&self) -> &LoadInfo {
        self.provenance.info()
    }

    /// The value of a key that the program declared.
    #[must_use]
    pub fn declared(&self, key: &str) -> Option<&Value> {
        self.declared.iter().find(|declared| declared.key == key).map(|declared| &declared.value)
    }

    /// The keys that the program declared, with their values and where these came from.
    #[must_use]
    pub fn declared_keys(&self) -> &[Declared] {
        &self.declared
    }
}

impl<C> Clone for Version<C> {
    fn clone(&self) -> Self {
        Self {
            running: Arc::clone(&self.running),
            desired: Arc::clone(&self.desired),
            provenance: self.provenance.clone(),
            declared: self.declared.clone(),
            ..*self
        }
    }
}

/// Values may be secrets.
impl<C> std::fmt::Debug for Version<C> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Version")
            .field("revision", &self.revision)
            .field("generation", &self.generation)
            .finish_non_exhaustive()
    }
}
