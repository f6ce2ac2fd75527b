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
