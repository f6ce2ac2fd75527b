//! The board's profile: what it is, what it changed, and the memory that the configuration needs.

use serde::Serialize;
use strata_config_core::{Budget, Explained, LayerKind, Memory, Profile, Share, Value};
use utoipa::ToSchema;

use super::board::BoardView;
use crate::current::Current;

/// The profile that is applied, and the board.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct ProfileView {
    /// Its name; null where none is applied.
    name: Option<String>,
    /// Who chose it: `auto`, `option` or `none`; null where the application did not say.
    chosen_by: Option<&'static str>,
    /// The machine; null where the application does not look at it.
    board: Option<BoardView>,
    /// The memory that the profile says there is.
    memory: Option<MemoryView>,
    /// The settings whose value is the profile's, or was brought within its limits.
    changed: Vec<ClampView>,
    /// The memory that the configuration needs.
    budget: BudgetView,
}

/// The memory of a board, in bytes.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[schema(as = ProfileMemory)]
struct MemoryView {
    /// All of it.
    total: u64,
    /// What the program may use.
    ceiling: u64,
    /// What the system keeps.
    system: u64,
}

/// A setting whose value a profile changed.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = ProfileChange)]
struct ClampView {
    /// The setting's path.
    path: String,
    /// What it would be without the profile, masked if it is secret; null where nothing else sets it.
    #[schema(value_type = serde_json::Value)]
    from: Value,
    /// What it is.
    #[schema(value_type = serde_json::Value)]
    to: Value,
    /// `profile` for a default, `fallback` for a value that was brought within limits.
    layer: String,
    /// The profile.
    at: String,
}

/// The memory that a configuration needs, as far as its settings say what they cost, in bytes.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = Budget)]
struct BudgetView {
    /// All shares together.
    need: u64,
    /// What the program may use; null where no profile says so.
    ceiling: Option<u64>,
    /// All that there is.
    total: Option<u64>,
    /// Whether the need is within the ceiling.
    fits: bool,
    /// Each setting that costs memory, the largest first.
    shares: Vec<ShareView>,
}

/// One setting's share of the memory.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = BudgetShare)]
struct ShareView {
    /// The setting's path.
    path: String,
    /// Its value.
    #[schema(value_type = serde_json::Value)]
    value: Value,
    /// What one unit of the value takes, in bytes.
    cost: u64,
    /// What the value takes, in bytes.
    need: u64,
}

impl ProfileView {
    /// What is known of the version in effect; nothing where no profile is applied, and nobody looks at the board.
    pub(crate) fn of(current: &Current, board: Option<BoardView>, chosen_by: Option<&'static str>) -> Option<Self> {
        let profile = current.version.profile();
        if profile.is_none() && chosen_by.is_none() {
            return None;
        }
        Some(Self {
            name: profile.map(|profile| profile.name().to_owned()),
            chosen_by,
            board,
            memory: profile.and_then(Profile::memory).map(MemoryView::of),
            changed: current.explained().iter().filter_map(ClampView::of).collect(),
            budget: BudgetView::of(current.version.budget()),
        })
    }
}

impl MemoryView {
    fn of(memory: Memory) -> Self {
        let (total, ceiling) = (memory.total.bytes(), memory.ceiling.bytes());
        Self { total, ceiling, system: total.saturating_sub(ceiling) }
    }
}

impl ClampView {
    fn of(explained: &Explained) -> Option<Self> {
        let origin = explained.origin.as_ref()?;
        let is_profiles = match origin.layer {
            LayerKind::Profile => true,
            LayerKind::Fallback => origin.at.starts_with("profile "),
            _ => false,
        };
        is_profiles.then(|| Self {
            path: explained.path.to_string(),
            from: explained.shadows.first().map(|shadow| shadow.value.clone()).unwrap_or_default(),
            to: explained.value.clone(),
            layer: origin.layer.as_str().to_owned(),
            at: origin.at.clone(),
        })
    }
}

impl BudgetView {
    fn of(budget: Budget) -> Self {
        let share = |share: Share| ShareView {
            path: share.path.to_string(),
            value: share.value,
            cost: share.cost.bytes(),
            need: share.need.bytes(),
        };
        Self {
            need: budget.need.bytes(),
            ceiling: budget.memory.map(|memory| memory.ceiling.bytes()),
            total: budget.memory.map(|memory| memory.total.bytes()),
            fits: budget.excess().is_none(),
            shares: budget.shares.into_iter().map(share).collect(),
        }
    }
}
