//! A rule: who gets what.

use serde::{Deserialize, Serialize};

use super::{Condition, Serve};

/// Serves something to those for whom a condition holds. Rules are asked in their order, and the first that serves ends it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// Its name, which answers tell as `rule_id`; its number, from 0, where it has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// What it is for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// For whom; for everybody where nothing is said.
    #[serde(default, skip_serializing_if = "Condition::is_always")]
    pub when: Condition,
    /// What they get. A split that leaves a unit out goes on with the next rule.
    pub serve: Serve,
}
