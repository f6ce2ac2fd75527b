//! How the cache of the configuration is: the copy of the store that stands in where the store is away.

use serde::Serialize;
use strata_config_reload::{Condition, Live, UpdateError};

use super::LearningConfig;

/// How the cache of the configuration is, in one word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum CacheHealth {
    /// It is used as it should be.
    Healthy,
    /// It stands in for the store, or is stale.
    Degraded,
    /// It answers too seldom to be of use.
    Critical,
}

/// What the cache did so far, how it is, and what would help.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CacheReport {
    /// Times that the copy stood in for the store.
    pub hits: u64,
    /// Times that there was none.
    pub misses: u64,
    /// Share of hits (0.0-1.0); none where nobody asked.
    pub hit_rate: Option<f64>,
    /// Age of the copy, in seconds.
    pub age_seconds: Option<u64>,
    /// In one word.
    pub health: CacheHealth,
    /// What would help, for people.
    pub hints: Vec<&'static str>,
}

impl CacheReport {
    /// How the cache of a running configuration is.
    #[must_use]
    pub fn of(live: &Live<LearningConfig>) -> Self {
        let status = live.status();
        let config = live.get();
        let copy = status.statistics.copy;
        let (hits, misses) = copy.as_ref().map_or((0, 0), |copy| (copy.hits, copy.misses));
        let hit_rate = (hits + misses > 0).then(|| hits as f64 / (hits + misses) as f64);
        let age_seconds = copy.as_ref().and_then(|copy| copy.age_seconds);
        let is_stale = age_seconds.is_some_and(|age| age > config.cache.ttl_seconds);
        let is_rare = hit_rate.is_some_and(|rate| rate < config.cache.optimize_threshold);
        let mut hints = Vec::new();
        if copy.is_none() {
            hints.push("keep a copy of the store, `?copy=FILE` behind its address: a start then does not wait for it");
        }
        if is_rare {
            hints.push("the copy answers too seldom: warm it after each start, while the store can be read");
        }
        if is_stale {
            hints.push("the copy is older than `cache.ttl_seconds`: read the store again");
        }
        let is_away = copy.as_ref().is_some_and(|copy| copy.in_use);
        let health = match status.condition {
            _ if is_rare => CacheHealth::Critical,
            Condition::Critical => CacheHealth::Critical,
            Condition::Degraded => CacheHealth::Degraded,
            Condition::Healthy if is_stale || is_away => CacheHealth::Degraded,
            Condition::Healthy => CacheHealth::Healthy,
        };
        Self { hits, misses, hit_rate, age_seconds, health, hints }
    }
}

/// Reads every source and the store again where the cache is not well, and `cache.auto_optimize` says so; whether it did.
///
/// # Errors
/// What is wrong with what was read; the configuration stays what it is then.
pub fn auto_optimize(live: &Live<LearningConfig>) -> Result<bool, UpdateError> {
    if !live.get().cache.auto_optimize || CacheReport::of(live).health == CacheHealth::Healthy {
        return Ok(false);
    }
    live.reload_all().map(|_| true)
}

/// Reads every source and the store, so that the copy is new, where `cache.warm_on_start` says so; whether it did.
///
/// # Errors
/// What is wrong with what was read.
pub fn warm_cache(live: &Live<LearningConfig>) -> Result<bool, UpdateError> {
    if !live.get().cache.warm_on_start {
        return Ok(false);
    }
    live.reload_all().map(|_| true)
}
