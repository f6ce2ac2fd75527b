//! How a rollout is going: the seed's `get_rollout_statistics`.

use serde::Serialize;
use strata_config_flags::model::Moment;
use strata_config_flags::{FlagExposures, GuardStatus};

use super::ComponentRollout;

/// How a rollout is going.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RolloutStatistics {
    /// The master switch.
    pub phase_2a_enabled: bool,
    /// The share under the strategy `custom`, in per cent.
    pub global_rollout_percentage: f64,
    /// The pools.
    pub connection_pool: ComponentStatistics,
    /// The pipeline.
    pub request_pipeline: ComponentStatistics,
    /// Decisions that are kept for their users, which the seed counts: none, as each is made anew.
    pub cache_entries: usize,
    /// Requests that are forced on.
    pub forced_enabled_count: usize,
    /// Requests that are forced off.
    pub forced_disabled_count: usize,
    /// The store of the flags is out of reach, and has been for as long as `feature_flag_cache_ttl` says.
    pub flags_are_stale: bool,
}

/// How a component's rollout is going.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ComponentStatistics {
    /// Its settings, and the share that follows from them.
    #[serde(flatten)]
    pub rollout: ComponentRollout,
    /// Times that it was on.
    pub served: u64,
    /// Times that it was off.
    pub left_out: u64,
    /// Requests of the last minute.
    pub requests_per_minute: u64,
    /// Whether these are as many as `rollout_target_requests_per_minute` wants: fewer prove little.
    pub has_target_load: bool,
    /// The automatic fallback, where it is enabled.
    pub fallback: Option<FallbackStatistics>,
}

/// How a component's automatic fallback stands.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FallbackStatistics {
    /// `closed` while the component runs, `open` once it fell back, `half_open` when a few requests try it again.
    pub state: &'static str,
    /// When it fell back.
    pub since: Option<Moment>,
    /// Why.
    pub because: Option<String>,
}

impl ComponentStatistics {
    pub(super) fn new(
        rollout: ComponentRollout,
        counted: Option<&FlagExposures>,
        requests_per_minute: u64,
        target: u32,
        guard: Option<&GuardStatus>,
    ) -> Self {
        let times = |variant| counted.map_or(0, |counted| counted.of(Some(variant)));
        Self {
            rollout,
            served: times("on"),
            left_out: times("off"),
            requests_per_minute,
            has_target_load: requests_per_minute >= u64::from(target),
            fallback: guard.map(|guard| FallbackStatistics {
                state: guard.state.as_str(),
                since: guard.trip.as_ref().map(|trip| trip.at),
                because: guard.trip.as_ref().map(|trip| trip.because.clone()),
            }),
        }
    }
}
