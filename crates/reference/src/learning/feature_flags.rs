//! Which features are on, and for whom.

use std::collections::BTreeMap;

use strata_config::{LayeredConfig, Report};

use super::{Environment, Feature};

/// Which features are on, and for whom. A feature that is enabled is open to `admin_users` and `beta_users`, and to the
/// share of all others that `feature_rollouts` says.
#[derive(LayeredConfig, Debug, Clone, PartialEq)]
#[config(validate = Self::check)]
pub struct FeatureFlagsConfig {
    /// Schedules that follow the learner's progress.
    #[config(default = false)]
    pub adaptive_learning_enabled: bool,

    /// Questions that an AI writes.
    #[config(default = false)]
    pub ai_generation_enabled: bool,

    /// Sessions that mix topics.
    #[config(default = true)]
    pub interleaved_practice_enabled: bool,

    /// The assessments of new learners.
    #[config(default = true)]
    pub diagnostics_enabled: bool,

    /// Users, by their id, for whom every enabled feature is on.
    #[config(default = [], each(non_empty))]
    pub admin_users: Vec<String>,

    /// Users, by their id, for whom every enabled feature is on before it is on for all.
    #[config(default = [], each(non_empty))]
    pub beta_users: Vec<String>,

    /// The share of the other users (0.0-1.0) for whom a feature is on; 0.0 where it is not named.
    #[config(
        default = [("interleaved_practice", 1.0), ("diagnostics", 1.0)],
        each(range(min = 0.0, max = 1.0))
    )]
    pub feature_rollouts: BTreeMap<String, f64>,

    /// The environments in which a feature may be on; in all where it is not named.
    #[config(default = [])]
    pub feature_environments: BTreeMap<String, Vec<Environment>>,
}

impl FeatureFlagsConfig {
    /// The names of the features, as the maps use them.
    pub const FEATURES: [&str; 4] = [
        Feature::AdaptiveLearning.key(),
        Feature::AiGeneration.key(),
        Feature::InterleavedPractice.key(),
        Feature::Diagnostics.key(),
    ];

    fn check(&self, report: &mut Report) {
        let rollouts = self.feature_rollouts.keys().map(|name| (Self::FEATURE_ROLLOUTS, name));
        let environments = self.feature_environments.keys().map(|name| (Self::FEATURE_ENVIRONMENTS, name));
        for (map, name) in rollouts.chain(environments) {
            if !Self::FEATURES.contains(&name.as_str()) {
                report.error([map.child(name)], format!("no feature is called `{name}`"));
            }
        }
    }
}
