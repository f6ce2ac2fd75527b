//! A web application: settings, feature flags and secrets, for development, staging and production.
//!
//! ```
//! use strata_config::LayeredConfig;
//! use strata_config_reference::webapp::WebappConfig;
//!
//! let loaded = WebappConfig::loader()
//!     .text("config.yaml", "database: {pool_size: 8}\napi: {timeout: 10}")
//!     .env_from([("SECRET_KEY", "a text of thirty-two characters."), ("API_TIMEOUT", "60")])
//!     .load()?;
//!
//! let config = loaded.config();
//! assert_eq!(config.database.pool_size, 8);
//! assert_eq!(config.api.timeout, 60);
//! assert!(!format!("{config:?}").contains("thirty-two"));
//! # Ok::<(), strata_config::Report>(())
//! ```
//!
//! # Where its settings come from
//!
//! `ENVIRONMENT` (`development` where it is unset) chooses files. Each source overrides those before it:
//!
//! 1. `config.yaml`, `config.json`, then `config/development.yaml`;
//! 2. `.env.development`, where `${VAR}` stands for a variable of the process;
//! 3. the environment. There is no prefix: `database.pool_size` is `DATABASE_POOL_SIZE`. Flags are called
//!    `FEATURE_NEW_DASHBOARD`, and secrets by their usual names (`SENTRY_DSN`);
//! 4. the command line, then what is changed at run time.
//!
//! [`ConfigWatcher`] follows the files while the application runs, after a second of quiet, and tells components of
//! changes.
//!
//! # Its flags
//!
//! [`FeatureFlagManager`] answers for whom a feature is on. Where any source sets `redis.url`, flags live in Redis, under
//! `feature_flag:new_dashboard` and its like, and win over the configuration's; elsewhere the configuration's count, and
//! `set_flag` writes to its store.
//!
//! # Its secrets
//!
//! A secret may also stand in a file that the variable with `_FILE` names (`SECRET_KEY_FILE`), or elsewhere: as a Fernet token,
//! `fernet:gAAAAA…`, that the keys in `ENCRYPTION_KEY` open, or in AWS Secrets Manager,
//! `postgresql://${aws-sm:myapp/database#username}:…`. `JWT_SECRET_ENCRYPTED` is always a token, in base64 once more. What can't
//! be read is an error. With a key, secrets may be set at run time, and are stored sealed. What reads AWS's is the feature `aws`
//! of the program.

mod config_watcher;
mod dialect;
mod feature_flag_manager;
mod features;
mod monitoring;
mod presets;
mod secrets;
mod services;

pub use config_watcher::ConfigWatcher;
pub use feature_flag_manager::{FeatureFlagError, FeatureFlagManager, FlagSummary};
pub use features::{FeatureFlag, FeatureFlags};
pub use monitoring::MonitoringConfig;
pub use services::{ApiConfig, DatabaseConfig, RedisConfig};

use std::error::Error;
use std::path::Path;
use std::sync::Arc;

use strata_config::{ConfigEnum, LayeredConfig, Loader, Report, Secret};
use strata_config_admin::{Admin, FlagWriter};
use strata_config_flags::{Collected, Configured, FlagSet, FlagSettings};
use strata_config_reload::{Live, Preset};
use strata_config_secrets::Fernet;
use tracing::level_filters::LevelFilter;

use crate::system::{self, System};
use dialect::WebappDialect;

/// The web application's configuration.
#[derive(LayeredConfig, Debug, Clone, PartialEq)]
#[config(validate = Self::check)]
pub struct WebappConfig {
    /// Shows errors in full to users; for developers alone.
    #[config(default = false)]
    pub debug: bool,

    /// The least severe message that is logged.
    #[config(default = "INFO")]
    pub log_level: LogLevel,

    /// The stage that the application runs at. It chooses the files that are read.
    #[config(default = "development", reload = "restart")]
    pub environment: Environment,

    /// Signs sessions; at least 32 characters.
    #[config(secret, validate(length(min = 32)))]
    pub secret_key: Secret<String>,

    /// Signs tokens.
    #[config(secret)]
    pub jwt_secret: Option<Secret<String>>,

    /// Signs tokens: a Fernet token, in base64 once more, that `encryption_key` opens.
    #[config(secret)]
    pub jwt_secret_encrypted: Option<Secret<String>>,

    /// The Fernet keys that open encrypted secrets, the newest first; the process's own variable counts.
    #[config(secret)]
    pub encryption_key: Option<Secret<String>>,

    /// The database.
    #[config(nested)]
    pub database: DatabaseConfig,

    /// The cache, and the home of feature flags.
    #[config(nested)]
    pub redis: RedisConfig,

    /// The external API.
    #[config(nested)]
    pub api: ApiConfig,

    /// The feature flags.
    #[config(nested, env_prefix = "FEATURE")]
    pub features: FeatureFlags,

    /// Flags by any name, segments, and the switch that turns all flags off.
    #[config(nested)]
    pub flags: FlagSettings,

    /// The services that watch over the application.
    #[config(nested)]
    pub monitoring: MonitoringConfig,
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

/// The least severe message that is logged.
#[derive(ConfigEnum, Debug, Clone, Copy, PartialEq, Eq)]
#[config(rename_all = "UPPERCASE")]
pub enum LogLevel {
    /// Everything, for developers.
    Debug,
    /// The normal course of things.
    Info,
    /// What may become a problem.
    #[config(alias = "WARN")]
    Warning,
    /// What failed.
    Error,
}

impl LogLevel {
    /// What of a log is written at this level.
    #[must_use]
    pub const fn filter(self) -> LevelFilter {
        match self {
            Self::Debug => LevelFilter::DEBUG,
            Self::Info => LevelFilter::INFO,
            Self::Warning => LevelFilter::WARN,
            Self::Error => LevelFilter::ERROR,
        }
    }
}

impl WebappConfig {
    fn check(&self, report: &mut Report) {
        strata_config_flags::check(self, report);
        secrets::check(self, report);
        if self.debug && self.environment == Environment::Production {
            report.warn([Self::DEBUG, Self::ENVIRONMENT], "debugging shows internals to the users of production");
        }
    }
}

impl System for WebappConfig {
    const NAME: &'static str = "webapp";

    fn presets() -> Vec<Preset> {
        presets::all()
    }

    fn flags(configured: &Configured<'_, Self>, before: Option<&FlagSet>) -> Collected {
        features::collect(configured, before)
    }

    fn files(loader: Loader<Self>, folder: &Path) -> Loader<Self> {
        loader
            .environment("development")
            .environment_from("ENVIRONMENT")
            .file(folder.join("config.yaml"))
            .optional()
            .file(folder.join("config.json"))
            .optional()
            .file(folder.join("config/{environment}.yaml"))
            .optional()
    }

    fn env_files(loader: Loader<Self>, folder: &Path) -> Loader<Self> {
        loader.dotenv(folder.join(".env.{environment}")).optional()
    }

    fn secrets(loader: Loader<Self>, keys: Option<&Arc<Fernet>>) -> Loader<Self> {
        secrets::read(loader, keys)
    }

    fn log_level(config: &Self) -> LevelFilter {
        config.log_level.filter()
    }

    fn admin(live: &Live<Self>) -> Result<Admin, Box<dyn Error + Send + Sync>> {
        live.watch(config_watcher::options())?.forever();
        let flags = Arc::new(FeatureFlagManager::open(live)?);
        let admin = system::interface(live)?.flags(flags.flags().clone());
        let writer: Arc<dyn FlagWriter> = flags.clone();
        Ok(admin.flag_writer(writer).mount(dialect::PREFIX, WebappDialect { flags }))
    }
}
