//! How far a component is rolled out, and whether it works.

use strata_config::ConfigEnum;

/// The share of requests that an optimised component serves.
#[derive(ConfigEnum, Debug, Clone, Copy, PartialEq, Eq)]
pub enum RolloutStrategy {
    /// No request.
    Disabled,
    /// 5 % of the requests.
    Canary,
    /// 25 % of the requests.
    Gradual,
    /// 75 % of the requests.
    Majority,
    /// Every request.
    Full,
    /// The share that `rollout_percentage` says.
    Custom,
}

impl RolloutStrategy {
    /// The share of the requests, in per cent; `custom` is the one that the strategy of this name has.
    #[must_use]
    pub const fn percentage(self, custom: f64) -> f64 {
        match self {
            Self::Disabled => 0.0,
            Self::Canary => 5.0,
            Self::Gradual => 25.0,
            Self::Majority => 75.0,
            Self::Full => 100.0,
            Self::Custom => custom,
        }
    }
}

/// Whether a component may run optimised.
#[derive(ConfigEnum, Debug, Clone, Copy, PartialEq, Eq)]
pub enum ComponentStatus {
    /// Turned off by an operator.
    Disabled,
    /// In use.
    Enabled,
    /// Out of use while somebody works on it.
    Maintenance,
    /// Out of use since it failed.
    Error,
}
