//! The features of the learning application, as flags made of its settings, and who asks for them.

use std::collections::BTreeSet;

use strata_config::{ConfigEnum, FieldPath, Loader, Report};
use strata_config_flags::model::{Condition, Definition, Rule, Scalar, Segment, Serve, Share, Status};
use strata_config_flags::{Collected, Context, FlagSet, Flags};
use strata_config_reload::{Live, OpenError, UpdateError};

use super::{Environment, FeatureFlagsConfig, LearningConfig};
use crate::System;

/// A feature that a flag turns on.
#[derive(ConfigEnum, Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Feature {
    /// Schedules that follow the learner's progress.
    AdaptiveLearning,
    /// Questions that an AI writes.
    AiGeneration,
    /// Sessions that mix topics.
    InterleavedPractice,
    /// The assessments of new learners.
    Diagnostics,
}

impl Feature {
    /// All of them.
    pub const ALL: [Self; 4] =
        [Self::AdaptiveLearning, Self::AiGeneration, Self::InterleavedPractice, Self::Diagnostics];

    /// The flag's key, and the feature's name in `feature_rollouts` and `feature_environments`.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::AdaptiveLearning => "adaptive_learning",
            Self::AiGeneration => "ai_generation",
            Self::InterleavedPractice => "interleaved_practice",
            Self::Diagnostics => "diagnostics",
        }
    }

    fn is_enabled(self, section: &FeatureFlagsConfig) -> bool {
        match self {
            Self::AdaptiveLearning => section.adaptive_learning_enabled,
            Self::AiGeneration => section.ai_generation_enabled,
            Self::InterleavedPractice => section.interleaved_practice_enabled,
            Self::Diagnostics => section.diagnostics_enabled,
        }
    }

    fn path(self) -> FieldPath {
        LearningConfig::FEATURE_FLAGS.join(&match self {
            Self::AdaptiveLearning => FeatureFlagsConfig::ADAPTIVE_LEARNING_ENABLED,
            Self::AiGeneration => FeatureFlagsConfig::AI_GENERATION_ENABLED,
            Self::InterleavedPractice => FeatureFlagsConfig::INTERLEAVED_PRACTICE_ENABLED,
            Self::Diagnostics => FeatureFlagsConfig::DIAGNOSTICS_ENABLED,
        })
    }
}

/// Who has every enabled feature before it is on for all: the names of the two segments.
const ADMIN: &str = "admin";
const BETA: &str = "beta";

/// The flags of the configuration: its four features, and those that its section `flags` holds.
pub(super) fn collect(config: &LearningConfig, before: Option<&FlagSet>) -> Collected {
    let mut collected = Collected::of(config, before);
    let section = &config.feature_flags;
    for (name, users, field) in [
        (ADMIN, &section.admin_users, FeatureFlagsConfig::ADMIN_USERS),
        (BETA, &section.beta_users, FeatureFlagsConfig::BETA_USERS),
    ] {
        let include: BTreeSet<String> = users.iter().cloned().collect();
        let segment = Segment { include, ..Segment::default() };
        collected.add_segment(name, LearningConfig::FEATURE_FLAGS.join(&field), segment);
    }
    for feature in Feature::ALL {
        collected.add(feature.key(), feature.path(), definition(feature, section, config.environment));
    }
    collected
}

/// Checks the features together with the flags that stand in the section `flags`.
pub(super) fn check(config: &LearningConfig, report: &mut Report) {
    if let Err(found) = collect(config, None).compile(None) {
        report.append(found);
    }
}

fn definition(feature: Feature, section: &FeatureFlagsConfig, environment: Environment) -> Definition {
    let share = section.feature_rollouts.get(feature.key()).copied().unwrap_or(0.0);
    let mut definition = Definition::boolean(match Share::from_percent(share * 100.0).unwrap_or(Share::NOBODY) {
        // These two need not know who asks.
        Share::NOBODY => Serve::Variant("off".to_owned()),
        Share::EVERYBODY => Serve::Variant("on".to_owned()),
        share => Serve::share(share),
    });
    definition.rules = [ADMIN, BETA].map(early).into();
    let environments = section.feature_environments.get(feature.key());
    let is_here = environments.is_none_or(|environments| environments.contains(&environment));
    if !feature.is_enabled(section) || !is_here {
        definition.status = Status::Disabled;
    }
    if !is_here {
        let told = Scalar::String(format!("not in {environment}"));
        definition.metadata.insert("feature_environments".to_owned(), told);
    }
    definition
}

/// A rule that gives a feature to all of a segment.
fn early(segment: &str) -> Rule {
    Rule {
        id: Some(segment.to_owned()),
        description: None,
        when: Condition::Segment(segment.to_owned()),
        serve: Serve::Variant("on".to_owned()),
    }
}

/// For whom the learning application's features are on.
///
/// ```
/// use strata_config::LayeredConfig;
/// use strata_config_reference::learning::{Feature, FeatureManager, LearningConfig};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let loader = LearningConfig::loader().env_from([
///     ("LEARNING_FEATURE_FLAGS_ADAPTIVE_LEARNING_ENABLED", "true"),
///     ("LEARNING_FEATURE_FLAGS_FEATURE_ROLLOUTS", "adaptive_learning=0.5"),
///     ("LEARNING_FEATURE_FLAGS_ADMIN_USERS", "ada"),
/// ]);
/// let features = FeatureManager::open(loader)?;
/// assert!(features.get_feature_flag(Feature::AdaptiveLearning, Some("ada")));
/// let users = (0..1_000).filter(|id| features.get_feature_flag(Feature::AdaptiveLearning, Some(&id.to_string())));
/// assert!((450..550).contains(&users.count()));
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct FeatureManager {
    flags: Flags,
    live: Live<LearningConfig>,
}

impl FeatureManager {
    /// The features of a configuration of its own, over a loader's sources.
    ///
    /// # Errors
    /// Everything that is wrong with the sources.
    pub fn open(loader: Loader<LearningConfig>) -> Result<Self, OpenError> {
        let live = Live::of(loader).open()?;
        // What has just been opened has been checked, its flags included.
        Self::of(&live).map_err(|error| OpenError::Invalid(error.report().cloned().unwrap_or_default()))
    }

    /// The features of a running configuration.
    ///
    /// # Errors
    /// Everything that is wrong with its flags.
    pub fn of(live: &Live<LearningConfig>) -> Result<Self, UpdateError> {
        Ok(Self { flags: Flags::follow_with(live, LearningConfig::flags)?, live: live.clone() })
    }

    /// Whether a feature is on for a user. For nobody in particular it is on where it is on for everybody.
    #[must_use]
    pub fn get_feature_flag(&self, feature: Feature, user_id: Option<&str>) -> bool {
        self.is_feature_enabled(feature.key(), user_id)
    }

    /// As [`get_feature_flag`](Self::get_feature_flag), for a feature by its name, or any flag of the section `flags`. One
    /// that nobody knows is off.
    #[must_use]
    pub fn is_feature_enabled(&self, name: &str, user_id: Option<&str>) -> bool {
        self.flags.bool(name, &user_id.map_or_else(Context::anonymous, Context::of), false)
    }

    /// The flags, for all questions that the seed does not ask.
    #[must_use]
    pub fn flags(&self) -> &Flags {
        &self.flags
    }

    /// The running configuration.
    #[must_use]
    pub fn live(&self) -> &Live<LearningConfig> {
        &self.live
    }
}
