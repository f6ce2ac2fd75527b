//! A configuration of our own, with secrets where the five systems have none: in lists, in maps, in lists and maps of
//! structs, in an optional section, as a default, with a variable's name of its own and an alias.

use std::collections::BTreeMap;
use std::error::Error;

use strata_config::{LayeredConfig, Secret};
use strata_config_admin::Admin;
use strata_config_reference::System;
use strata_config_reload::Live;

/// The default of a secret, which nothing shows either.
pub(crate) const DEFAULT: &str = "d3FaultOfaSecretThatNob0dyMayEverSeeAnyw";

/// Secrets wherever they can stand.
#[derive(LayeredConfig, Debug, Clone, PartialEq)]
#[config(env_prefix = "SHELF")]
pub(crate) struct Shelf {
    /// Beside the secrets.
    #[config(default = 3, validate(range(min = 1, max = 10)))]
    pub(crate) size: u32,

    /// With a default.
    #[config(secret, default = Secret::new(DEFAULT.to_owned()))]
    pub(crate) default: Secret<String>,

    /// By another name as well.
    #[config(secret, env = "OLD_PASSWORD", alias = "old", validate(length(min = 20)))]
    pub(crate) password: Option<Secret<String>>,

    /// Several.
    #[config(secret, default = [])]
    pub(crate) keys: Vec<Secret<String>>,

    /// By name.
    #[config(secret, default = [])]
    pub(crate) tokens: BTreeMap<String, Secret<String>>,

    /// Only where it is wanted.
    #[config(nested)]
    pub(crate) vault: Option<Vault>,

    /// One after another.
    #[config(nested)]
    pub(crate) doors: Vec<Door>,

    /// By name.
    #[config(nested)]
    pub(crate) boxes: BTreeMap<String, Door>,
}

/// A section that may be absent.
#[derive(LayeredConfig, Debug, Clone, PartialEq)]
pub(crate) struct Vault {
    /// What opens it.
    #[config(secret, reload = "restart", validate(length(min = 20)))]
    pub(crate) code: Secret<String>,
}

/// What stands in lists and maps.
#[derive(LayeredConfig, Debug, Clone, PartialEq)]
pub(crate) struct Door {
    /// How wide.
    #[config(default = 90)]
    pub(crate) width: u32,

    /// What opens it.
    #[config(secret, validate(length(min = 20)))]
    pub(crate) pin: Secret<String>,
}

impl System for Shelf {
    const NAME: &'static str = "shelf";

    fn admin(live: &Live<Self>) -> Result<Admin, Box<dyn Error + Send + Sync>> {
        live.watch(strata_config_reload::WatchOptions::new())?.forever();
        Ok(strata_config_admin::router(live).name(Self::NAME).mount("/shelf", NoWords))
    }
}

/// No words of its own.
#[derive(Debug)]
struct NoWords;

impl strata_config_admin::Dialect for NoWords {}
