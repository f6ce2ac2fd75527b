//! Whose flag it is, and how long it is meant to live.

use serde::{Deserialize, Serialize};

use super::Moment;

/// Whose flag it is, what for, and until when.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Lifecycle {
    /// The person or team to ask.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
    /// What it is for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<LifecycleKind>,
    /// When it should be gone; from then on it is told as stale, and works on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires: Option<Moment>,
}

/// What a flag is for, which says how long it may live (after Hodgson, "Feature Toggles", 2017).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LifecycleKind {
    /// Turns on something new, and then goes.
    Release,
    /// Compares variants, and then goes.
    Experiment,
    /// A switch for operators; may stay.
    Ops,
    /// Who may use what; stays.
    Permission,
}

impl LifecycleKind {
    /// The kind's name in a definition.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Release => "release",
            Self::Experiment => "experiment",
            Self::Ops => "ops",
            Self::Permission => "permission",
        }
    }

    /// Whether such a flag is meant to go one day.
    #[must_use]
    pub const fn is_temporary(self) -> bool {
        matches!(self, Self::Release | Self::Experiment)
    }
}
