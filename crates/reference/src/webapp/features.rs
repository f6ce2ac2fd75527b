//! The web application's feature flags.

use strata_config::LayeredConfig;

/// The feature flags. All are off until somebody turns them on.
#[derive(LayeredConfig, Debug, Clone, PartialEq)]
pub struct FeatureFlags {
    /// The new dashboard.
    #[config(default = false)]
    pub new_dashboard: bool,

    /// The API that is not stable yet.
    #[config(default = false)]
    pub beta_api: bool,

    /// Analyses beyond the basic ones.
    #[config(default = false)]
    pub advanced_analytics: bool,

    /// The second version of payments.
    #[config(default = false)]
    pub payment_v2: bool,

    /// Dark pages.
    #[config(default = false)]
    pub dark_mode: bool,
}
