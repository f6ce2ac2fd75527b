//! A learning application: when cards come back, how sessions are mixed, how learners are assessed, which AI helps.
//!
//! ```
//! use strata_config::LayeredConfig;
//! use strata_config_reference::learning::{Algorithm, LearningConfig};
//!
//! let loaded = LearningConfig::loader()
//!     .text("learning.yaml", "spaced_repetition: {default_algorithm: leitner, leitner_box_count: 7}")
//!     .env_from([("LEARNING_SPACED_REPETITION_BATCH_SIZE", "200")])
//!     .load()?;
//!
//! let config = loaded.config();
//! assert_eq!(config.spaced_repetition.default_algorithm, Algorithm::Leitner);
//! assert_eq!(config.spaced_repetition.batch_size, 200);
//! assert_eq!(config.interleaving.default_weights.due, 0.6);
//! # Ok::<(), strata_config::Report>(())
//! ```
//!
//! # Where its settings come from
//!
//! Each source overrides those before it:
//!
//! 1. the overrides of the environment (`DJANGO_ENV`: `development` where it is unset), which the program carries with
//!    it: `learning/production.toml` and its like;
//! 2. `learning.yaml`;
//! 3. the database: the store's document;
//! 4. variables with the prefix `LEARNING`, such as `LEARNING_INTERLEAVING_MAX_SESSION_SIZE`. `DJANGO_ENV`, `DEBUG` and
//!    the keys of AI providers (`GEMINI_API_KEY`) have their usual names.
//!
//! # Its rules
//!
//! Rules of one field stand at the field. Rules over several fields stand in `learning/rules.rs`: an error where the
//! application could not work, a warning where it would work badly.

mod ai_provider;
mod ai_providers;
mod cache;
mod diagnostic;
mod dialect;
mod feature_flags;
mod features;
mod interleaving;
mod migrations;
mod operation;
mod presets;
mod rules;
mod spaced_repetition;

pub use ai_provider::{AiProvider, AiProviderConfig, ApiKeys};
pub use ai_providers::AiProviders;
pub use cache::{CacheHealth, CacheReport, auto_optimize, warm_cache};
pub use diagnostic::{DiagnosticConfig, Difficulty, Feedback, QuestionSelection};
pub use feature_flags::FeatureFlagsConfig;
pub use features::{Feature, FeatureManager};
pub use interleaving::{InterleavingConfig, Weights};
pub use migrations::migrations;
pub use operation::{CacheConfig, LogLevel, SecurityConfig};
pub use spaced_repetition::{Algorithm, SpacedRepetitionConfig};

use std::error::Error;
use std::path::Path;

use strata_config::{ConfigEnum, LayeredConfig, Loader};
use strata_config_admin::{Admin, AlertRule};
use strata_config_flags::{Collected, Configured, FlagSet, FlagSettings};
use strata_config_migrate::Migrations;
use strata_config_reload::{Live, Preset};
use tracing::level_filters::LevelFilter;

use crate::system::{self, System};
use dialect::LearningDialect;

/// The whole configuration of the learning application.
#[derive(LayeredConfig, Debug, Clone, PartialEq)]
#[config(env_prefix = "LEARNING", validate = Self::check)]
pub struct LearningConfig {
    /// The stage that the application runs at. It chooses the overrides that the program carries with it.
    #[config(default = "development", env = "DJANGO_ENV", reload = "restart")]
    pub environment: Environment,

    /// Shows errors in full to users; for developers alone.
    #[config(default = false, env = "DEBUG")]
    pub debug_mode: bool,

    /// The least severe message that is logged.
    #[config(default = "INFO")]
    pub log_level: LogLevel,

    /// When cards come back.
    #[config(nested)]
    pub spaced_repetition: SpacedRepetitionConfig,

    /// How sessions are mixed.
    #[config(nested)]
    pub interleaving: InterleavingConfig,

    /// How learners are assessed.
    #[config(nested)]
    pub diagnostic: DiagnosticConfig,

    /// Which AI provider helps.
    #[config(nested)]
    pub ai_provider: AiProviderConfig,

    /// Which features are on, and for whom.
    #[config(nested)]
    pub feature_flags: FeatureFlagsConfig,

    /// Flags by any name, segments beside `admin` and `beta`, and the switch that turns all flags off.
    #[config(nested)]
    pub flags: FlagSettings,

    /// The cache of the configuration itself.
    #[config(nested)]
    pub cache: CacheConfig,

    /// What protects the application.
    #[config(nested)]
    pub security: SecurityConfig,

    /// The version of this document's layout. Older documents are migrated.
    #[config(default = "1.3.0", env = false, validate(non_empty))]
    pub version: String,

    /// When a migration last changed this document (RFC 3339).
    #[config(env = false)]
    pub last_migrated: Option<String>,
}

/// The stage that an application runs at.
#[derive(ConfigEnum, Debug, Clone, Copy, PartialEq, Eq)]
pub enum Environment {
    /// A developer's machine.
    Development,
    /// A rehearsal of production.
    Staging,
    /// The real thing.
    Production,
}

impl System for LearningConfig {
    const NAME: &'static str = "learning";

    fn presets() -> Vec<Preset> {
        presets::all()
    }

    fn migrations() -> Option<Migrations> {
        // A test holds the chain together.
        migrations().ok()
    }

    fn flags(configured: &Configured<'_, Self>, before: Option<&FlagSet>) -> Collected {
        features::collect(configured.config, before)
    }

    fn files(loader: Loader<Self>, folder: &Path) -> Loader<Self> {
        loader
            .environment("development")
            .environment_from("DJANGO_ENV")
            .text_for("development", "learning/development.toml", include_str!("learning/development.toml"))
            .text_for("staging", "learning/staging.toml", include_str!("learning/staging.toml"))
            .text_for("production", "learning/production.toml", include_str!("learning/production.toml"))
            .file(folder.join("learning.yaml"))
            .optional()
    }

    fn log_level(config: &Self) -> LevelFilter {
        config.log_level.filter()
    }

    fn admin(live: &Live<Self>) -> Result<Admin, Box<dyn Error + Send + Sync>> {
        system::watch(live)?;
        // Where the store is away, its copy stands in, and the status says so.
        let _ = warm_cache(live);
        let features = FeatureManager::of(live)?;
        // The application tells how old its keys are; who may replace them is reminded in time.
        let rotation = Self::SECURITY.join(&SecurityConfig::API_KEY_ROTATION_DAYS);
        let reminder = AlertRule::above("api_key_age_days", rotation);
        let admin = system::interface(live)?.alert(reminder).flags(features.flags().clone());
        Ok(admin.mount("/api/learning", LearningDialect { features }))
    }
}
