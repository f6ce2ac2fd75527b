//! A rich configuration for the targets that load one: everything that the derive knows, secrets at several depths.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use strata_config::{ByteSize, ConfigEnum, LayeredConfig, Report, Secret};

#[derive(ConfigEnum, Debug, Clone, Copy, PartialEq)]
pub(crate) enum Level {
    Low,
    #[config(alias = "MID")]
    Middle,
    High,
}

/// An enum with data that is one leaf.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Shape {
    Point,
    Circle(f64),
    Box { width: u32, height: Option<i8> },
}

#[derive(LayeredConfig, Debug, Clone, PartialEq)]
#[config(env_prefix = "S", validate = Self::check)]
pub(crate) struct Site {
    #[config(default = "site", validate(length(max = 40)))]
    name: String,
    #[config(default = 10, alias = "number", validate(range(min = -5, max = 1000)), fallback = 7)]
    count: i64,
    #[config(default = 0.5, warn(range(max = 2.0), "that is much"))]
    ratio: f64,
    #[config(default = 0.25)]
    single: f32,
    #[config(default = "low", fallback = "high")]
    level: Level,
    #[config(default = "30s", reload = "restart", unit = "ms")]
    wait: Duration,
    #[config(default = 1024)]
    size: ByteSize,
    #[config(default = [], merge = "append", validate(each(length(max = 20))))]
    tags: Vec<String>,
    #[config(default = [], merge = "union")]
    ports: Vec<u16>,
    #[config(default = [], validate(length(max = 12)))]
    weights: BTreeMap<String, u32>,
    shape: Option<Shape>,
    note: Option<String>,
    anything: Option<serde_json::Value>,
    /// Its name keeps a document from including files of this machine.
    include: Option<String>,
    #[config(secret, validate(length(min = 3)))]
    token: Option<Secret<String>>,
    #[config(secret, default = [])]
    keys: BTreeMap<String, Secret<String>>,
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
}

#[derive(LayeredConfig, Debug, Clone, PartialEq)]
pub(crate) struct Cache {
    #[config(default = 60, validate(range(min = 1)), fallback = 60)]
    ttl: u32,
    #[config(default = true)]
    warm: bool,
}

#[derive(LayeredConfig, Debug, Clone, PartialEq)]
pub(crate) struct Server {
    host: String,
    #[config(default = 80, deprecated(alias = "p", since = "0.1"))]
    port: u16,
    #[config(secret)]
    key: Option<Secret<String>>,
    #[config(nested)]
    replicas: Vec<Cache>,
}

#[derive(LayeredConfig, Debug, Clone, PartialEq)]
#[config(tag = "type")]
pub(crate) enum Store {
    Memory,
    File {
        path: String,
        sync: Option<bool>,
    },
    Remote {
        #[config(secret)]
        password: Option<Secret<String>>,
        #[config(nested)]
        cache: Cache,
    },
}

#[derive(LayeredConfig, Debug, Clone, PartialEq)]
pub(crate) struct Limits {
    #[config(default = 1)]
    min: u8,
    #[config(default = 9)]
    max: u8,
}

impl Site {
    fn check(&self, report: &mut Report) {
        if self.limits.min > self.limits.max {
            report.error([Self::NAME], "the least is above the most");
        }
        if self.cache.is_some() && self.servers.is_empty() {
            report.warn([Self::CACHE, Self::SERVERS], "a cache for nobody");
        }
    }

    /// The same without its secrets, as an export has it.
    pub(crate) fn without_secrets(mut self) -> Self {
        self.token = None;
        self.keys.clear();
        self.servers.iter_mut().chain(self.regions.values_mut()).for_each(|server| server.key = None);
        if let Some(Store::Remote { password, .. }) = &mut self.store {
            *password = None;
        }
        self
    }
}

/// Whether the value at these keys of a document is a secret's, or part of one.
pub(crate) fn is_secret(keys: &[&str]) -> bool {
    matches!(keys, ["token" | "keys", ..] | ["servers" | "regions", _, "key", ..] | ["store", "password", ..])
}
