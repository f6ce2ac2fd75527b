//! The words of seed 003 over HTTP: how the cache of the configuration is, and whether something is valid.

use serde_json::{Map, Value as Json, json};
use strata_config_admin::{Context, Dialect, Operation};

use super::{CacheReport, FeatureManager};

/// The words of seed 003, below `/api/learning`.
#[derive(Debug)]
pub(super) struct LearningDialect {
    pub(super) features: FeatureManager,
}

impl Dialect for LearningDialect {
    fn answer(&self, operation: Operation, _context: &Context, answer: &mut Map<String, Json>) {
        match operation {
            Operation::Status => {
                let live = self.features.live();
                let report = CacheReport::of(live);
                // What is in memory has every answer; what the store keeps stands in where it is away.
                let stats = match live.status().statistics.copy {
                    Some(copy) => json!({
                        "hits": copy.hits,
                        "misses": copy.misses,
                        "hit_rate": report.hit_rate,
                        "age_seconds": copy.age_seconds,
                    }),
                    None => Json::Null,
                };
                answer.insert("cache_health".to_owned(), json!(report.health));
                answer.insert("cache_hints".to_owned(), json!(report.hints));
                answer.insert("cache_stats".to_owned(), stats);
            }
            Operation::Validate => {
                let is_valid = answer.get("valid").cloned().unwrap_or_default();
                answer.insert("is_valid".to_owned(), is_valid);
            }
            _ => {}
        }
    }
}
