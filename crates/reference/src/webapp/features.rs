//! The web application's feature flags.

use strata_config::{ConfigEnum, FieldPath, LayeredConfig};
use strata_config_flags::model::{Definition, Flag, Serve};
use strata_config_flags::{Collected, Configured, FlagSet};

use super::WebappConfig;

/// The feature flags. All are off until somebody turns them on: `true`, `25%`, `canary`, or a definition.
#[derive(LayeredConfig, Debug, Clone, PartialEq)]
pub struct FeatureFlags {
    /// The new dashboard.
    #[config(default = false)]
    pub new_dashboard: Flag,

    /// The API that is not stable yet.
    #[config(default = false)]
    pub beta_api: Flag,

    /// Analyses beyond the basic ones.
    #[config(default = false)]
    pub advanced_analytics: Flag,

    /// The second version of payments.
    #[config(default = false)]
    pub payment_v2: Flag,

    /// Dark pages.
    #[config(default = false)]
    pub dark_mode: Flag,
}

/// A feature that a flag turns on: a field of [`FeatureFlags`].
#[derive(ConfigEnum, Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FeatureFlag {
    /// The new dashboard.
    NewDashboard,
    /// The API that is not stable yet.
    BetaApi,
    /// Analyses beyond the basic ones.
    AdvancedAnalytics,
    /// The second version of payments.
    PaymentV2,
    /// Dark pages.
    DarkMode,
}

impl FeatureFlag {
    /// All of them.
    pub const ALL: [Self; 5] =
        [Self::NewDashboard, Self::BetaApi, Self::AdvancedAnalytics, Self::PaymentV2, Self::DarkMode];

    /// Its key: the name of its field, and what follows `feature_flag:` in Redis.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::NewDashboard => "new_dashboard",
            Self::BetaApi => "beta_api",
            Self::AdvancedAnalytics => "advanced_analytics",
            Self::PaymentV2 => "payment_v2",
            Self::DarkMode => "dark_mode",
        }
    }

    /// The setting that it is.
    #[must_use]
    pub fn path(self) -> FieldPath {
        WebappConfig::FEATURES.child(self.key())
    }
}

/// The flags of the configuration. One that nobody has set leaves the word to the default that the question brings, as
/// one that is not in Redis does.
pub(super) fn collect(configured: &Configured<'_, WebappConfig>, before: Option<&FlagSet>) -> Collected {
    let mut collected = Collected::of(configured.config, before);
    for flag in FeatureFlag::ALL.into_iter().filter(|flag| !configured.is_set(&flag.path())) {
        let unsaid = Flag::from(Definition::boolean(Serve::CodeDefault));
        collected.sources.flags.insert(flag.key().to_owned(), unsaid.into());
    }
    collected
}
