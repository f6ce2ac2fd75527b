//! Where flags are in Redis, and how patiently they are followed.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::time::Duration;

use strata_config_core::Secret;

/// Where flags are in Redis, and how patiently they are followed.
#[derive(Debug, Clone)]
pub struct RedisSettings {
    /// `redis://[user]:[password]@host:port/database`. It is never shown.
    pub url: Secret<String>,
    /// What stands before a flag's name in its key; `feature_flag:`.
    pub prefix: String,
    /// Which flags are read; all below the prefix.
    pub which: Which,
    /// How long connecting, and each command, may take; 5 s.
    pub timeout: Duration,
    /// How often the flags are read where nobody tells of a change; 5 s. They are read twice within
    /// [`stale_after`](Self::stale_after) at least.
    pub poll: Duration,
    /// The age at which what was read counts as stale; 300 s.
    pub stale_after: Duration,
    /// The longest pause between two attempts to connect; 30 s.
    pub longest_pause: Duration,
    /// Where what was read last is kept for a start while Redis is away; nowhere.
    pub file: Option<PathBuf>,
}

/// Which flags are read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Which {
    /// All below the prefix. Redis looks through all its keys for them at each reading: not for a database that holds
    /// millions of others.
    All,
    /// Those of these names.
    Named(BTreeSet<String>),
}

impl Which {
    pub(super) fn has(&self, name: &str) -> bool {
        match self {
            Self::All => true,
            Self::Named(names) => names.contains(name),
        }
    }
}

impl RedisSettings {
    /// The settings of a URL.
    #[must_use]
    pub fn new(url: impl Into<Secret<String>>) -> Self {
        Self {
            url: url.into(),
            prefix: "feature_flag:".to_owned(),
            which: Which::All,
            timeout: Duration::from_secs(5),
            poll: Duration::from_secs(5),
            stale_after: Duration::from_secs(300),
            longest_pause: Duration::from_secs(30),
            file: None,
        }
    }

    /// Reads the flags of these names alone.
    #[must_use]
    pub fn named(mut self, names: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.which = Which::Named(names.into_iter().map(Into::into).collect());
        self
    }

    /// The channel on which whoever writes a flag tells its name.
    pub(super) fn channel(&self) -> String {
        format!("{}changed", self.prefix)
    }

    /// A shorter time than none would keep the thread busy.
    pub(super) fn period(&self) -> Duration {
        self.poll.min(self.stale_after / 2).max(Duration::from_millis(10))
    }
}
