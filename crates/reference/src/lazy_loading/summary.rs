//! The configuration in figures.

use std::collections::BTreeMap;

use serde::Serialize;
use strata_config_reload::Condition;
use strata_config_store::Timestamp;

use super::ConfigurationEngine;

/// The configuration in figures, without any value.
#[derive(Debug, Clone, Serialize)]
pub struct Summary {
    /// The number of keys, those that were declared too.
    pub total_values: usize,
    /// How many values came from each kind of source that has any.
    pub sources: BTreeMap<&'static str, usize>,
    /// Whether everything that was read is valid.
    pub validation_status: ValidationStatus,
    /// The number of snapshots; none where the store can't be read.
    pub snapshots: Option<usize>,
    /// The revision of the store that is in effect.
    pub revision: u64,
    /// When the configuration in effect took effect.
    pub last_updated: Timestamp,
    /// How well the configuration is.
    pub condition: Condition,
}

/// Whether everything that was read is valid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum ValidationStatus {
    /// It is.
    Valid,
    /// Something is not; what was in effect before it stays in effect.
    Invalid,
}

impl Summary {
    pub(super) fn of(engine: &ConfigurationEngine) -> Self {
        let snapshots = engine.list_snapshots().map(|snapshots| snapshots.len()).ok();
        Self { snapshots, ..Self::without_store(engine) }
    }

    /// The same without asking the store.
    pub(super) fn without_store(engine: &ConfigurationEngine) -> Self {
        let (values, status) = (engine.values(), engine.live().status());
        let mut sources = BTreeMap::new();
        for value in &values {
            *sources.entry(value.source.as_str()).or_default() += 1;
        }
        let is_valid = status.sources.iter().all(|source| source.ok) && status.revision == status.store_revision;
        Self {
            total_values: values.len(),
            sources,
            validation_status: if is_valid { ValidationStatus::Valid } else { ValidationStatus::Invalid },
            snapshots: None,
            revision: status.revision,
            last_updated: status.since,
            condition: status.condition,
        }
    }
}
