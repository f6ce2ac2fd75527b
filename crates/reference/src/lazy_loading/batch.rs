//! What became of each key of a batch.

use std::collections::BTreeMap;

use strata_config::Report;
use strata_config_reload::Applied;

/// What became of a batch, which is applied whole or not at all.
#[derive(Debug, Clone)]
pub struct BatchResult {
    /// What became of each key.
    pub results: BTreeMap<String, KeyResult>,
    /// The change, where it was made.
    pub applied: Option<Applied>,
}

/// What became of a key of a batch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KeyResult {
    /// Its value is in effect.
    Updated,
    /// Its value is wrong, for these reasons.
    Refused(Vec<String>),
    /// Its value is right, and was not set, since another one is wrong.
    NotApplied,
}

impl BatchResult {
    pub(super) fn applied(keys: Vec<String>, applied: Applied) -> Self {
        let results = keys.into_iter().map(|key| (key, KeyResult::Updated)).collect();
        Self { results, applied: Some(applied) }
    }

    pub(super) fn refused(keys: Vec<String>, report: &Report) -> Self {
        let result = |key: &str| {
            let of_key =
                report.errors().filter(|finding| finding.path.segments().first().is_some_and(|own| own == key));
            let reasons: Vec<String> = of_key.map(|finding| finding.message.clone()).collect();
            if reasons.is_empty() { KeyResult::NotApplied } else { KeyResult::Refused(reasons) }
        };
        let results = keys.into_iter().map(|key| (key.clone(), result(&key))).collect();
        Self { results, applied: None }
    }

    /// Whether every key was updated: the seed's `all(results.values())`.
    #[must_use]
    pub fn all(&self) -> bool {
        self.applied.is_some()
    }
}
