//! The words of seed 003 over HTTP: how the cache of the configuration is, and whether something is valid.

use serde_json::{Map, Value as Json, json};
use strata_config_admin::{Context, Dialect, Operation};

use super::FeatureManager;

/// The words of seed 003, below `/api/learning`.
#[derive(Debug)]
pub(super) struct LearningDialect {
    pub(super) features: FeatureManager,
}

impl Dialect for LearningDialect {
    fn answer(&self, operation: Operation, _context: &Context, answer: &mut Map<String, Json>) {
        match operation {
            Operation::Status => {
                let status = self.features.live().status();
                // What is in memory has every answer; what the store keeps stands in where it is away.
                let stats = match status.statistics.copy {
                    Some(copy) => json!({"hits": copy.hits, "misses": copy.misses, "age_seconds": copy.age_seconds}),
                    None => Json::Null,
                };
                answer.insert("cache_health".to_owned(), json!(status.condition));
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
