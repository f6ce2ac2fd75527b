//! A group of units that several flags speak of.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::Condition;

/// A group of units. Who is included is in it, who is excluded is not, and everybody else is where the condition holds.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Segment {
    /// What it is, for people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Targeting keys that are in it whatever else holds.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub include: BTreeSet<String>,
    /// Targeting keys that are not in it though the condition may hold.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub exclude: BTreeSet<String>,
    /// Who else is in it; nobody where nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub when: Option<Condition>,
}
