//! What was migrated, by whom and when; and the steps that changed after somebody took them.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use strata_config_store::Timestamp;

use crate::chain::Migrations;
use crate::error::{Kind, MigrateError};
use crate::plan::{Direction, Plan};

/// A step that was taken, for ever as it was written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    /// The step's id.
    pub id: String,
    /// What the step declared to do, as a hash.
    pub checksum: String,
    /// `up`, or `down` where it was taken back.
    pub direction: String,
    /// The version before.
    pub from: String,
    /// The version after.
    pub to: String,
    /// Who did it.
    pub actor: String,
    /// When.
    pub at: Timestamp,
    /// How long the step took, in microseconds.
    pub micros: u64,
    /// The document: a file's name, or `base` or `runtime` of a store.
    pub document: String,
}

impl Record {
    /// What a plan's steps leave in the history.
    pub(crate) fn of(plan: &Plan, document: &str, actor: &str, at: Timestamp) -> Vec<Self> {
        let record = |step: &crate::plan::PlannedStep| Self {
            id: step.id().to_owned(),
            checksum: step.checksum().to_owned(),
            direction: plan.direction().as_str().to_owned(),
            from: step.from().to_string(),
            to: step.to().to_string(),
            actor: actor.to_owned(),
            at,
            micros: u64::try_from(step.took().as_micros()).unwrap_or(u64::MAX),
            document: document.to_owned(),
        };
        plan.steps().iter().map(record).collect()
    }
}

impl Migrations {
    /// Makes sure that every step that was taken, and not taken back, is still what it was.
    pub(crate) fn check_history<'r>(&self, records: impl IntoIterator<Item = &'r Record>) -> Result<(), MigrateError> {
        let mut taken = BTreeMap::new();
        for record in records {
            if record.direction == Direction::Down.as_str() {
                taken.remove(&(&record.document, &record.id));
            } else {
                taken.insert((&record.document, &record.id), record);
            }
        }
        for link in &self.0.links {
            let id = link.step.id();
            let other = taken.values().find(|record| record.id == id && record.checksum != link.checksum);
            if let Some(record) = other {
                let message = format!(
                    "step `{id}` is another one than {} took at {}: its checksum was {}, and is {}; restore the step, \
                     and put what it is to do now into a new one",
                    record.actor,
                    record.at,
                    short(&record.checksum),
                    short(&link.checksum),
                );
                return Err(MigrateError::new(Kind::Changed, message).at_step(id));
            }
        }
        Ok(())
    }
}

/// The beginning of a checksum, enough for people.
fn short(checksum: &str) -> &str {
    checksum.get(..12).unwrap_or(checksum)
}
