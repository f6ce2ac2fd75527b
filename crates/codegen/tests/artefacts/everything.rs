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
pub struct Everything {
    /// TCP port.
    #[config(default = 8080, env = "PORT", validate(range(min = 1024)))]
    pub port: u16,
    /// The ratio, "quoted" | piped.
    /// It has a second line.
    #[config(default = 0.5, validate(range(min = 0.0, max = 1.0)), warn(range(max = 0.9), "too much"))]
    pub ratio: f64,
    #[config(default = true, reload = "restart")]
    pub enabled: bool,
    /// How much is logged.
    #[config(default = "info", alias = "loglevel", deprecated(alias = "verbosity", since = "0.3"))]
    pub log: Level,
    #[config(default = "30s", validate(range(min = "1s", max = "5m")))]
    pub timeout: Duration,
    #[config(default = 250, unit = "ms")]
    pub pause: Duration,
    #[config(default = "64MiB", validate(range(max = "1GiB")))]
    pub memory: ByteSize,
    #[config(default = "127.0.0.1")]
    pub bind: IpAddr,
    #[config(default = "10.0.0.1")]
    pub gateway: Ipv4Addr,
    #[config(default = "127.0.0.1:80")]
    pub peer: SocketAddr,
    #[config(default = "data/it's a $file.db", path)]
    pub file: PathBuf,
    #[config(default = "abc", validate(length(min = 2, max = 8), regex("^[a-z]+$")))]
    pub name: String,
    #[config(default = "x", allow_empty)]
    pub suffix: String,
    #[config(default = "https://a.example", validate(url(schemes("https"))))]
    pub home: String,
    #[config(default = "a@b.example", validate(email))]
    pub mail: String,
    #[config(default = "mid", validate(one_of("low", "mid")))]
    pub speed: String,
    #[config(default = ["a"], merge = "append", validate(length(max = 3)), each(length(min = 1)))]
    pub tags: Vec<String>,
    #[config(default = ["warn"])]
    pub levels: Vec<Level>,
    #[config(default = [("a b", 1.5)], each(range(min = 0.0)))]
    pub weights: BTreeMap<String, f64>,
    pub comment: Option<String>,
    #[config(allow_empty)]
    pub note: Option<String>,
    #[config(validate(range(min = 3)))]
    pub retries: Option<u8>,
    pub level: Option<Level>,
    #[config(default = 1, deprecated(note = "nothing reads it"))]
    pub unused: u32,
    #[config(default = 5, env = false, custom = odd)]
    pub inner: i64,
    #[config(default = Shape::Round)]
    pub shape: Shape,
    /// Signs sessions.
    #[config(secret, validate(length(min = 4)))]
    pub key: Secret<String>,
    #[config(secret, default = Secret::new("hunter2".to_owned()))]
    pub password: Secret<String>,
    #[config(secret)]
    pub token: Option<Secret<String>>,
    pub required: u32,
    #[config(computed = loaded_from)]
    pub loaded_from: Option<String>,
    #[config(flatten)]
    pub limits: Limits,
    /// The database.
    #[config(nested, alias = "database")]
    pub db: Db,
    /// Transport security.
    #[config(nested)]
    pub tls: Option<Tls>,
    #[config(nested)]
    pub servers: Vec<Server>,
    #[config(nested)]
    pub zones: BTreeMap<String, Server>,
    /// Where things are kept.
    #[config(nested)]
    pub store: Store,
}

/// How much is logged.
#[derive(ConfigEnum, Debug, Clone, Copy, PartialEq, Eq)]
#[config(crate = strata_config_core)]
pub enum Level {
    /// Everything.
    Debug,
    Info,
    /// What may become a problem.
    #[config(alias = "warning")]
    Warn,
}

#[derive(Serialize, Deserialize, Debug, Clone, PartialEq)]
#[serde(rename_all = "snake_case")]
pub enum Shape {
    Round,
    Oblong { ratio: f64 },
}

#[derive(LayeredConfig, Debug, Clone, PartialEq)]
#[config(crate = strata_config_core)]
pub struct Limits {
    #[config(default = 10)]
    pub soft: u32,
    #[config(default = 20)]
    pub hard: u32,
}

/// A database.
#[derive(LayeredConfig, Debug, Clone, PartialEq)]
#[config(crate = strata_config_core)]
pub struct Db {
    /// Open connections.
    #[config(default = 8, validate(range(min = 1, max = 64)), profile(pi_zero_2w(default = 4, max = 20)))]
    pub pool_size: u16,
    #[config(nested)]
    pub replica: Option<Server>,
    #[config(nested)]
    pub limits: Limits,
}

#[derive(LayeredConfig, Debug, Clone, PartialEq)]
#[config(crate = strata_config_core)]
pub struct Tls {
    /// The certificate.
    pub cert: String,
    #[config(default = 443)]
    pub port: u16,
}

/// A server.
#[derive(LayeredConfig, Debug, Clone, PartialEq)]
#[config(crate = strata_config_core)]
pub struct Server {
    pub host: String,
    #[config(default = 1)]
    pub weight: u32,
}

/// A store.
#[derive(LayeredConfig, Debug, Clone, PartialEq)]
#[config(crate = strata_config_core, tag = "kind")]
pub enum Store {
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
pub fn defaults() -> Everything {
    let required = "required = 7\nkey = 'abcdef'\n[store]\nkind = 'memory'\n";
    Everything::loader().text("required.toml", required).load().unwrap().into_config()
}
