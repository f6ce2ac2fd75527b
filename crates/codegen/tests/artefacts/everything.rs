//! A configuration with a setting of every kind.

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use strata_config_core::{ByteSize, LayeredConfig, LoadInfo, Secret};
use strata_config_derive::{ConfigEnum, LayeredConfig};

/// Everything that a setting can be.
#[derive(LayeredConfig, Debug, Clone, PartialEq)]
#[config(crate = strata_config_core, env_prefix = "APP")]
pub(crate) struct Everything {
    /// TCP port.
    #[config(default = 8080, env = "PORT", validate(range(min = 1024)))]
    pub(crate) port: u16,
    /// The ratio, "quoted" | piped.
    /// It has a second line.
    #[config(default = 0.5, validate(range(min = 0.0, max = 1.0)), warn(range(max = 0.9), "too much"))]
    pub(crate) ratio: f64,
    #[config(default = true, reload = "restart")]
    pub(crate) enabled: bool,
    /// How much is logged.
    #[config(default = "info", alias = "loglevel", deprecated(alias = "verbosity", since = "0.3"))]
    pub(crate) log: Level,
    #[config(default = "30s", validate(range(min = "1s", max = "5m")))]
    pub(crate) timeout: Duration,
    #[config(default = 250, unit = "ms")]
    pub(crate) pause: Duration,
    #[config(default = "64MiB", validate(range(max = "1GiB")))]
    pub(crate) memory: ByteSize,
    #[config(default = "127.0.0.1")]
    pub(crate) bind: IpAddr,
    #[config(default = "10.0.0.1")]
    pub(crate) gateway: Ipv4Addr,
    #[config(default = "127.0.0.1:80")]
    pub(crate) peer: SocketAddr,
    #[config(default = "data/it's a $file.db", path)]
    pub(crate) file: PathBuf,
    #[config(default = "abc", validate(length(min = 2, max = 8), regex("^[a-z]+$")))]
    pub(crate) name: String,
    #[config(default = "x", allow_empty)]
    pub(crate) suffix: String,
    #[config(default = "https://a.example", validate(url(schemes("https"))))]
    pub(crate) home: String,
    #[config(default = "a@b.example", validate(email))]
    pub(crate) mail: String,
    #[config(default = "mid", validate(one_of("low", "mid")))]
    pub(crate) speed: String,
    #[config(default = ["a"], merge = "append", validate(length(max = 3)), each(length(min = 1)))]
    pub(crate) tags: Vec<String>,
    #[config(default = ["warn"])]
    pub(crate) levels: Vec<Level>,
    #[config(default = [("a b", 1.5)], each(range(min = 0.0)))]
    pub(crate) weights: BTreeMap<String, f64>,
    pub(crate) comment: Option<String>,
    #[config(allow_empty)]
    pub(crate) note: Option<String>,
    #[config(validate(range(min = 3)))]
    pub(crate) retries: Option<u8>,
    pub(crate) level: Option<Level>,
    #[config(default = 1, deprecated(note = "nothing reads it"))]
    pub(crate) unused: u32,
    #[config(default = 5, env = false, custom = odd)]
    pub(crate) inner: i64,
    #[config(default = Shape::Round)]
    pub(crate) shape: Shape,
    /// Signs sessions.
    #[config(secret, validate(length(min = 4)))]
    pub(crate) key: Secret<String>,
    #[config(secret, default = Secret::new("hunter2".to_owned()))]
    pub(crate) password: Secret<String>,
    #[config(secret)]
    pub(crate) token: Option<Secret<String>>,
    pub(crate) required: u32,
    #[config(computed = loaded_from)]
    pub(crate) loaded_from: Option<String>,
    #[config(flatten)]
    pub(crate) limits: Limits,
    /// The database.
    #[config(nested, alias = "database")]
    pub(crate) db: Db,
    /// Transport security.
    #[config(nested)]
    pub(crate) tls: Option<Tls>,
    #[config(nested)]
    pub(crate) servers: Vec<Server>,
    #[config(nested)]
    pub(crate) zones: BTreeMap<String, Server>,
    /// Where things are kept.
    #[config(nested)]
    pub(crate) store: Store,
}

/// How much is logged.
#[derive(ConfigEnum, Debug, Clone, Copy, PartialEq, Eq)]
#[config(crate = strata_config_core)]
pub(crate) enum Level {
    /// Everything.
    Debug,
    Info,
    /// What may become a problem.
    #[config(alias = "warning")]
    Warn,
}

#[derive(Serialize, Deserialize, Debug, Clone, PartialEq)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Shape {
    Round,
    Oblong { ratio: f64 },
}

#[derive(LayeredConfig, Debug, Clone, PartialEq)]
#[config(crate = strata_config_core)]
pub(crate) struct Limits {
    #[config(default = 10)]
    pub(crate) soft: u32,
    #[config(default = 20)]
    pub(crate) hard: u32,
}

/// A database.
#[derive(LayeredConfig, Debug, Clone, PartialEq)]
#[config(crate = strata_config_core)]
pub(crate) struct Db {
    /// Open connections.
    #[config(default = 8, validate(range(min = 1, max = 64)), profile(pi_zero_2w(default = 4, max = 20)))]
    pub(crate) pool_size: u16,
    #[config(nested)]
    pub(crate) replica: Option<Server>,
    #[config(nested)]
    pub(crate) limits: Limits,
}

#[derive(LayeredConfig, Debug, Clone, PartialEq)]
#[config(crate = strata_config_core)]
pub(crate) struct Tls {
    /// The certificate.
    pub(crate) cert: String,
    #[config(default = 443)]
    pub(crate) port: u16,
}

/// A server.
#[derive(LayeredConfig, Debug, Clone, PartialEq)]
#[config(crate = strata_config_core)]
pub(crate) struct Server {
    pub(crate) host: String,
    #[config(default = 1)]
    pub(crate) weight: u32,
}

/// A store.
#[derive(LayeredConfig, Debug, Clone, PartialEq)]
#[config(crate = strata_config_core, tag = "kind")]
pub(crate) enum Store {
    /// Nothing is kept.
    Memory {
        #[config(default = 100)]
        entries: u32,
    },
    /// In a file.
    File {
        path: PathBuf,
        #[config(default = true)]
        sync: bool,
    },
}

fn odd(value: &i64) -> Result<(), &'static str> {
    if value % 2 == 1 { Ok(()) } else { Err("must be odd") }
}

fn loaded_from(_: &LoadInfo) -> Option<String> {
    None
}

/// What it is where no source says more than it must.
pub(crate) fn defaults() -> Everything {
    let required = "required = 7\nkey = 'abcdef'\n[store]\nkind = 'memory'\n";
    Everything::loader().text("required.toml", required).load().unwrap().into_config()
}
