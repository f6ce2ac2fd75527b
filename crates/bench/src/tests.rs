//! The contenders do the same work.

use crate::case::{JSON, OVERRIDES, TOML, VARIABLES, environment};
use crate::phase2a::{Phase2a, RolloutStrategy};
use crate::{by_hand, figment};

#[test]
fn there_are_51_leaves_and_72_variables() {
    let config = serde_json::to_value(Phase2a::default()).unwrap();
    let nested = ["connection_pool", "request_pipeline"].map(|name| config[name].as_object().unwrap().len());
    assert_eq!(config.as_object().unwrap().len() - nested.len() + nested.iter().sum::<usize>(), 51);
    let env = environment();
    assert_eq!(env.len(), 72);
    assert_eq!(VARIABLES.iter().filter(|(name, _)| env.contains_key(*name)).count(), 12);
}

#[test]
fn by_hand_layers_all_sources() {
    let config = by_hand::load(JSON, TOML, &environment(), &OVERRIDES).unwrap();
    assert_eq!(config.fallback_failure_threshold, 4, "the JSON document");
    assert_eq!(config.config_version, "1.2.0", "the TOML document");
    assert_eq!(config.request_pipeline.rollout_strategy, RolloutStrategy::Full, "the environment");
    assert_eq!(config.request_pipeline.batch_size, 12, "the overrides");
    assert_eq!(config.connection_pool.db_pool_overflow, 20, "the defaults");
}

#[test]
fn figment_comes_to_the_same() {
    let by_hand = by_hand::load(JSON, TOML, &environment(), &OVERRIDES).unwrap();
    assert_eq!(figment::load(JSON, TOML, &environment(), &OVERRIDES).unwrap(), by_hand);
}
