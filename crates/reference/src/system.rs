//! What the command line has to know of a reference system.

use std::error::Error;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use strata_config::{LayeredConfig, Loader, Resolver};
use strata_config_admin::{Admin, Experiments, metrics};
use strata_config_flags::{Collected, Configured, FlagSet};
use strata_config_migrate::Migrations;
use strata_config_reload::{Declaration, Live, Preset, WatchError, WatchOptions};
use strata_config_secrets::Fernet;
use tracing::level_filters::LevelFilter;

/// A configuration that knows its name and the files that it reads by itself.
///
/// The command line adds the rest. The weakest source comes first:
///
/// 1. the defaults and the board's profile,
/// 2. [`System::files`], then the files given by `-f`,
/// 3. [`System::env_files`], then those given by `--env-file`,
/// 4. the environment,
/// 5. `--set` and the other options.
pub trait System: LayeredConfig {
    /// The name on the command line.
    const NAME: &'static str;

    /// Adds the files that the system reads by itself, from `folder`.
    #[expect(unused_variables, reason = "most systems read none")]
    fn files(loader: Loader<Self>, folder: &Path) -> Loader<Self> {
        loader
    }

    /// Adds the `.env` files that the system reads by itself, from `folder`.
    #[expect(unused_variables, reason = "most systems read none")]
    fn env_files(loader: Loader<Self>, folder: &Path) -> Loader<Self> {
        loader
    }

    /// Adds what reads secrets that stand elsewhere: with a ring of keys, `fernet:` references.
    fn secrets(loader: Loader<Self>, keys: Option<&Arc<Fernet>>) -> Loader<Self> {
        match keys {
            Some(keys) => loader.resolver(Arc::clone(keys) as Arc<dyn Resolver>),
            None => loader,
        }
    }

    /// Named sets of values for common needs: `preset apply NAME` applies one as a single change.
    #[must_use]
    fn presets() -> Vec<Preset> {
        Vec::new()
    }

    /// The chain of steps that brings documents of older versions up to date, where there were such.
    #[must_use]
    fn migrations() -> Option<Migrations> {
        None
    }

    /// Keys outside the struct, each with a default and a rule: experiments with the configuration, in every system.
    #[must_use]
    fn declarations() -> Vec<Declaration> {
        vec![Experiments::declaration()]
    }

    /// The flags of the system: its leaves that are flags, and those that it makes of other settings. What has not
    /// changed is shared with a set that was made before.
    #[must_use]
    fn flags(configured: &Configured<'_, Self>, before: Option<&FlagSet>) -> Collected {
        Collected::of(configured.config, before)
    }

    /// How much the system logs.
    #[must_use]
    #[expect(unused_variables, reason = "most systems have no such setting")]
    fn log_level(config: &Self) -> LevelFilter {
        LevelFilter::INFO
    }

    /// Starts what runs beside the configuration, the watching among it, and gives its interface over HTTP: that of every
    /// configuration, and the system's own mount. What was started lives as long as the interface.
    ///
    /// # Errors
    /// Everything that is wrong with the flags in effect; or that the system has no thread left.
    fn admin(live: &Live<Self>) -> Result<Admin, Box<dyn Error + Send + Sync>>;
}

/// Follows files, the store's commits by other processes and SIGHUP, for as long as the configuration lives.
pub(crate) fn watch<C: LayeredConfig>(live: &Live<C>) -> Result<(), WatchError> {
    live.watch(watch_options())?.forever();
    Ok(())
}

/// What a server watches.
pub(crate) fn watch_options() -> WatchOptions {
    WatchOptions::new().sighup(true)
}

/// The interface over HTTP that every system has.
pub(crate) fn interface<S: System>(live: &Live<S>) -> Result<Admin, Box<dyn Error + Send + Sync>> {
    let experiments = Experiments::of(Arc::new(live.clone()))?;
    Ok(strata_config_admin::router(live).name(S::NAME).experiments(experiments))
}

/// Logs the figures of `/metrics` at the interval that the configuration says, for as long as it says one.
pub(crate) fn tell_figures<C: LayeredConfig>(
    admin: Admin,
    live: &Live<C>,
    interval: impl Fn(&C) -> Option<Duration> + Send + 'static,
) -> Admin {
    let live = live.clone();
    admin.export_metrics(move || interval(&live.get()).unwrap_or(Duration::MAX), metrics::to_event)
}
