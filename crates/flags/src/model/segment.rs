//! A group of units that several flags speak of.

use std::collections::BTreeSet;

use serde::{Deserialize, Deserializer, Serialize};

use super::Condition;

/// A group of units. Who is included is in it, who is excluded is not, and everybody else is where the condition holds.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Segment {
    /// What it is, for people.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Targeting keys that are in it whatever else holds.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub include: BTreeSet<String>,
    /// Targeting keys that are not in it though the condition may hold.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub exclude: BTreeSet<String>,
    /// Who else is in it; nobody where nothing is said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub when: Option<Condition>,
}

impl<'de> Deserialize<'de> for Segment {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Default, Deserialize)]
        #[serde(deny_unknown_fields, default)]
        struct Parts {
            description: Option<String>,
            include: BTreeSet<String>,
            exclude: BTreeSet<String>,
            when: Option<Condition>,
        }

        let Parts { description, include, exclude, when } = Parts::deserialize(deserializer)?;
        crate::compile::sound_segment(Self { description, include, exclude, when })
    }
}
