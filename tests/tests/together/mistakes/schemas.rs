//! The configurations of the corpus: every kind of leaf, every kind of section, every kind of rule.

use std::collections::BTreeMap;
use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use strata_config::{ByteSize, ConfigEnum, LayeredConfig, Report, Secret};

#[derive(ConfigEnum, Debug, Clone, Copy, PartialEq)]
pub(crate) enum Level {
    Debug,
    Info,
    Warn,
}

#[derive(Serialize, Deserialize, Debug, Clone, PartialEq)]
pub(crate) enum Shape {
    Plain,
    Round(f64),
    Square { side: u32 },
}

#[derive(Serialize, Deserialize, Debug, Clone, PartialEq)]
#[serde(transparent)]
pub(crate) struct Port(u16);

#[derive(Serialize, Deserialize, Debug, Clone, PartialEq)]
#[serde(try_from = "u32", into = "u32")]
pub(crate) struct Even(u32);

impl TryFrom<u32> for Even {
    type Error = String;
    fn try_from(value: u32) -> Result<Self, String> {
        if value.is_multiple_of(2) { Ok(Self(value)) } else { Err("an even number is needed".to_owned()) }
    }
}

impl From<Even> for u32 {
    fn from(value: Even) -> Self {
        value.0
    }
}

/// Every kind of leaf.
#[derive(LayeredConfig, Debug, Clone, PartialEq)]
#[config(env_prefix = "APP")]
pub(crate) struct Leaves {
    #[config(default = false)]
    flag: bool,
    #[config(default = 1)]
    small: u8,
    #[config(default = 0)]
    signed: i8,
    #[config(default = 0)]
    big: u64,
    #[config(default = 0)]
    wide: i64,
    #[config(default = 0.5)]
    ratio: f64,
    #[config(default = 'a')]
    letter: char,
    #[config(default = "x")]
    text: String,
    #[config(default = "info")]
    level: Level,
    #[config(default = "1s")]
    wait: Duration,
    #[config(default = "1KiB")]
    size: ByteSize,
    #[config(default = "127.0.0.1")]
    address: IpAddr,
    socket: Option<SocketAddr>,
    file: Option<PathBuf>,
    #[config(default = [])]
    list: Vec<u32>,
    #[config(default = [])]
    map: BTreeMap<String, u32>,
    pair: Option<(u32, String)>,
    triple: Option<[u8; 3]>,
    maybe: Option<u32>,
    shape: Option<Shape>,
    port: Option<Port>,
    even: Option<Even>,
}

/// Every kind of section.
#[derive(LayeredConfig, Debug, Clone, PartialEq)]
#[config(env_prefix = "APP", validate = Self::check)]
pub(crate) struct Site {
    #[config(default = "site", alias = "title", deprecated(alias = "label", since = "2.0"))]
    name: String,
    #[config(secret)]
    token: Option<Secret<String>>,
    #[config(secret, default = Vec::new())]
    keys: Vec<Secret<String>>,
    #[config(secret, default = BTreeMap::new())]
    named: BTreeMap<String, Secret<String>>,
    #[config(default = false)]
    public: bool,
    #[config(nested)]
    db: Db,
    #[config(nested)]
    cache: Option<Cache>,
    #[config(nested)]
    servers: Vec<Server>,
    #[config(nested)]
    regions: BTreeMap<String, Server>,
    #[config(nested)]
    store: Option<Store>,
    #[config(flatten)]
    limits: Limits,
    #[config(default = 0, deprecated(note = "nothing reads it"))]
    unused: u32,
}

#[derive(LayeredConfig, Debug, Clone, PartialEq)]
pub(crate) struct Db {
    #[config(default = "admin")]
    user: String,
    #[config(default = 8, validate(range(min = 1, max = 64)))]
    pool: u16,
    #[config(secret)]
    password: Option<Secret<String>>,
}

#[derive(LayeredConfig, Debug, Clone, PartialEq)]
pub(crate) struct Cache {
    path: String,
    #[config(default = 60)]
    ttl: u32,
}

#[derive(LayeredConfig, Debug, Clone, PartialEq)]
pub(crate) struct Server {
    host: String,
    #[config(default = 80)]
    port: u16,
    #[config(secret)]
    key: Option<Secret<String>>,
    #[config(nested)]
    health: Option<Health>,
}

#[derive(LayeredConfig, Debug, Clone, PartialEq)]
pub(crate) struct Health {
    url: String,
    #[config(default = "5s")]
    every: Duration,
}

#[derive(LayeredConfig, Debug, Clone, PartialEq)]
#[config(tag = "kind")]
pub(crate) enum Store {
    Memory,
    Disk {
        path: PathBuf,
        #[config(default = true)]
        sync: bool,
    },
    Bucket {
        bucket: String,
        #[config(secret)]
        access: Secret<String>,
    },
}

#[derive(LayeredConfig, Debug, Clone, PartialEq)]
#[config(validate = Self::check)]
pub(crate) struct Limits {
    #[config(default = 10)]
    soft: u32,
    #[config(default = 20)]
    hard: u32,
}

impl Limits {
    fn check(&self, report: &mut Report) {
        if self.soft > self.hard {
            report.error([Self::SOFT, Self::HARD], "`soft` is more than `hard`");
        }
    }
}

impl Site {
    fn check(&self, report: &mut Report) {
        if self.public && self.cache.is_none() {
            report.error([Self::PUBLIC, Self::CACHE], "a public site needs a cache");
        }
    }
}

/// Every kind of rule.
#[derive(LayeredConfig, Debug, Clone, PartialEq)]
#[config(env_prefix = "APP", validate = Self::check)]
pub(crate) struct Ruled {
    #[config(default = 8080, fallback = 8080, validate(range(min = 1024)), profile(pi(default = 2000, max = 9000)))]
    port: u16,
    #[config(default = "name", validate(length(min = 2, max = 8)))]
    name: String,
    #[config(default = "eu", validate(one_of("eu", "us")))]
    region: String,
    #[config(default = [], merge = "append", validate(length(max = 3), each(length(min = 2))))]
    tags: Vec<String>,
    #[config(default = [], validate(each(range(max = 9))))]
    weights: BTreeMap<String, u32>,
    #[config(default = "https://a.example", validate(url(schemes("https"))))]
    home: String,
    #[config(default = "a@b.example", validate(email))]
    mail: String,
    #[config(default = "a-1", validate(contains("-"), regex("^[a-z]-[0-9]$")))]
    node: String,
    #[config(default = "::1", validate(ip))]
    gateway: String,
    #[config(default = 2, custom = even)]
    workers: u32,
    #[config(default = 1.0, validate(range(min = 0, max = 1.5)))]
    ratio: f64,
    #[config(default = "10s", validate(range(min = "1s", max = "1m")))]
    wait: Duration,
    #[config(default = "1MiB", validate(range(max = "2MiB")), warn(range(max = "1MiB"), "large for a small board"))]
    size: ByteSize,
    #[config(default = 1)]
    least: u32,
    #[config(default = 9, fallback = 9)]
    most: u32,
    #[config(secret, validate(length(min = 12)))]
    token: Option<Secret<String>>,
    #[config(nested)]
    window: Window,
    #[config(nested)]
    windows: Vec<Window>,
}

#[derive(LayeredConfig, Debug, Clone, PartialEq)]
#[config(validate = Self::check)]
pub(crate) struct Window {
    #[config(default = 1)]
    from: u32,
    #[config(default = 5)]
    to: u32,
}

impl Window {
    fn check(&self, report: &mut Report) {
        if self.from > self.to {
            report.error([Self::FROM, Self::TO], "`from` is after `to`");
        }
    }
}

impl Ruled {
    fn check(&self, report: &mut Report) {
        if self.least > self.most {
            report.error([Self::LEAST, Self::MOST], "`least` is more than `most`");
        }
    }
}

fn even(value: &u32) -> Result<(), String> {
    if value.is_multiple_of(2) { Ok(()) } else { Err(format!("{value} is odd")) }
}

/// Values without which nothing runs.
#[derive(LayeredConfig, Debug, Clone, PartialEq)]
#[config(env_prefix = "NEED")]
pub(crate) struct Needs {
    id: String,
    #[config(secret)]
    secret: Secret<String>,
    #[config(nested)]
    inner: Inner,
    #[config(nested)]
    cache: Option<Cache>,
    #[config(nested)]
    servers: Vec<Server>,
    #[config(nested)]
    regions: BTreeMap<String, Server>,
    #[config(nested)]
    store: Store,
}

#[derive(LayeredConfig, Debug, Clone, PartialEq)]
pub(crate) struct Inner {
    count: u32,
}
