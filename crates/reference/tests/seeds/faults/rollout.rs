//! The faults of seed 000's rollout: each shown on the seed's own algorithm, and not to happen here.

mod seed;

use std::collections::BTreeSet;

use serde_json::{Value, json};
use strata_config::Loader;
use strata_config_flags::Why;
use strata_config_reference::phase2a::{
    ConfigurationManager, FeatureFlagContext, FeatureFlagManager, Persist, Phase2aConfig,
};

use seed::{SeedConfig, SeedContext, SeedFlagManager, Strategy};

const FEATURES: [&str; 2] = ["connection_pool", "request_pipeline"];

/// A running rollout: every component by its own strategy.
struct Ours {
    manager: ConfigurationManager,
    flags: FeatureFlagManager,
}

impl Ours {
    fn start(patch: Value) -> Self {
        let loader = Loader::<Phase2aConfig>::new().env_from([("PHASE_2A_ENABLED", "true")]);
        let store = strata_config_store::open("memory:").unwrap();
        let manager = ConfigurationManager::open(loader, store).unwrap();
        let flags = FeatureFlagManager::new(manager.clone()).unwrap();
        let ours = Self { manager, flags };
        ours.update(patch);
        ours
    }

    fn update(&self, patch: Value) {
        self.manager.update_configuration(&patch, Persist::ThisProcess, "ann").unwrap();
    }

    fn is_enabled(&self, feature: &str, client: u32) -> bool {
        let (ip, agent) = client_of(client);
        let context =
            FeatureFlagContext { client_ip: Some(&ip), user_agent: Some(agent), ..FeatureFlagContext::default() };
        self.flags.is_feature_enabled(feature, Some(&context))
    }

    fn clients(&self, feature: &str, of: u32) -> BTreeSet<u32> {
        (0..of).filter(|client| self.is_enabled(feature, *client)).collect()
    }
}

fn client_of(client: u32) -> (String, &'static str) {
    (std::net::Ipv4Addr::from_bits(0x0a00_0000 + client).to_string(), "test")
}

fn seed_context(client: u32) -> SeedContext {
    let (client_ip, user_agent) = client_of(client);
    SeedContext { client_ip: Some(client_ip), user_agent: Some(user_agent.to_owned()) }
}

fn seed_clients(seed: &mut SeedFlagManager, feature: &str, of: u32) -> BTreeSet<u32> {
    (0..of).filter(|client| seed.is_feature_enabled(feature, Some(&seed_context(*client)))).collect()
}

/// Nothing of these is random in the seed, so no number is ever drawn.
fn seed(connection_pool: Strategy, request_pipeline: Strategy) -> SeedFlagManager {
    let config = SeedConfig { connection_pool, request_pipeline, ..SeedConfig::enabled() };
    SeedFlagManager::new(config, || unreachable!("a request has a context"))
}

/// Fault 6, first half: the key of the seed's cache leaves out the feature.
#[test]
fn a_decision_for_one_feature_says_nothing_about_another() {
    let mut theirs = seed(Strategy::Canary, Strategy::Majority);
    let pool = seed_clients(&mut theirs, "connection_pool", 1_000);
    let pipeline = seed_clients(&mut theirs, "request_pipeline", 1_000);
    assert_eq!(pool, pipeline, "the seed serves the pipeline to 5 %, since that is what it knows of the pool");

    let ours = Ours::start(json!({
        "connection_pool": {"rollout_strategy": "canary"}, "request_pipeline": {"rollout_strategy": "majority"},
    }));
    let alone = ours.clients("request_pipeline", 1_000);
    let pool = ours.clients("connection_pool", 1_000);
    assert!((700..800).contains(&alone.len()) && (30..80).contains(&pool.len()), "{} {}", alone.len(), pool.len());
    assert_eq!(ours.clients("request_pipeline", 1_000), alone);
}

/// Fault 6, second half: in the seed, who was asked for once is stuck for an hour.
#[test]
fn a_share_that_is_raised_counts_at_once() {
    let mut theirs = seed(Strategy::Canary, Strategy::Disabled);
    let before = seed_clients(&mut theirs, "connection_pool", 1_000);
    theirs.config.connection_pool = Strategy::Majority;
    assert_eq!(seed_clients(&mut theirs, "connection_pool", 1_000), before, "the seed goes on with 5 %");

    let ours = Ours::start(json!({"connection_pool": {"rollout_strategy": "canary"}}));
    let before = ours.clients("connection_pool", 1_000);
    ours.update(json!({"connection_pool": {"rollout_strategy": "majority"}}));
    let after = ours.clients("connection_pool", 1_000);
    assert!((700..800).contains(&after.len()), "{}", after.len());
    assert!(after.is_superset(&before));
}

/// Fault 7, of seed 000: `md5 % 100` knows whole percents alone.
#[test]
fn a_share_of_less_than_a_percent_is_one() {
    // The seed's enumeration has no strategy that reads the percentage, so its last branch is asked directly.
    let of = |percentage: f64| {
        (0..20_000).filter(|client| seed::bucket(&seed_context(*client)) < percentage).collect::<BTreeSet<u32>>()
    };
    assert_eq!(of(0.1), of(1.0), "the seed serves 1 % where 0.1 % is asked for");

    let ours = |percentage: f64| {
        let patch = json!({"connection_pool": {"rollout_strategy": "custom"}, "rollout_percentage": percentage});
        Ours::start(patch).clients("connection_pool", 20_000)
    };
    let (tenth, one) = (ours(0.1), ours(1.0));
    assert!((8..35).contains(&tenth.len()) && (150..250).contains(&one.len()), "{} {}", tenth.len(), one.len());
    assert!(one.is_superset(&tenth));
}

/// Fault 7, of seed 000 too: what is hashed leaves out the feature, so the same clients always come first.
#[test]
fn each_feature_has_clients_of_its_own() {
    // A manager for each, so that it is not the cache.
    let theirs = FEATURES.map(|feature| seed_clients(&mut seed(Strategy::Gradual, Strategy::Gradual), feature, 10_000));
    assert_eq!(theirs[0], theirs[1], "in the seed a quarter of the clients tries everything");

    let ours = Ours::start(json!({"global_rollout_strategy": "gradual"}));
    let ours = FEATURES.map(|feature| ours.clients(feature, 10_000));
    let both = ours[0].intersection(&ours[1]).count();
    // A sixteenth, as for two coins that know nothing of each other.
    assert!((500..750).contains(&both), "{both} of 10,000 get both");
}

/// Fault 8: without a context the seed throws dice on each call.
#[test]
fn nothing_is_random_without_a_context() {
    let mut dice = [0.10, 0.90, 0.30].into_iter().cycle();
    let config = SeedConfig { connection_pool: Strategy::Gradual, ..SeedConfig::enabled() };
    let mut theirs = SeedFlagManager::new(config, move || dice.next().expect("a cycle has no end"));
    let asked: Vec<bool> = (0..3).map(|_| theirs.is_feature_enabled("connection_pool", None)).collect();
    assert_eq!(asked, [true, false, false], "the same question, and other answers");

    for strategy in ["canary", "gradual", "majority"] {
        let ours = Ours::start(json!({"connection_pool": {"rollout_strategy": strategy}}));
        assert!((0..1_000).all(|_| !ours.flags.is_feature_enabled("connection_pool", None)), "{strategy}");
        let answer = ours.flags.explain("connection_pool", None);
        assert_eq!((answer.value, answer.why), (false, Some(Why::NoBucketingKey)), "{strategy}");
    }
}

/// Fault 9: the seed's flag manager reads neither the percentage, nor the allow lists, nor the global strategy.
#[test]
fn every_setting_of_the_rollout_is_consulted() {
    let mut theirs = SeedFlagManager::new(
        SeedConfig {
            global_rollout_strategy: Strategy::Full,
            rollout_percentage: 100.0,
            rollout_user_agent_whitelist: vec!["test".to_owned()],
            rollout_ip_whitelist: vec!["10.0.0.0/8".to_owned()],
            ..SeedConfig::enabled()
        },
        || unreachable!("a request has a context"),
    );
    assert_eq!(seed_clients(&mut theirs, "connection_pool", 1_000), BTreeSet::new(), "all of these, and nobody");

    let percentage = json!({"global_rollout_strategy": "custom", "rollout_percentage": 100.0});
    for patch in [
        json!({"global_rollout_strategy": "full"}),
        percentage,
        json!({"rollout_user_agent_whitelist": ["te*"]}),
        json!({"rollout_ip_whitelist": ["10.0.0.0/8"]}),
    ] {
        let ours = Ours::start(json!({}));
        assert!(ours.clients("connection_pool", 1_000).is_empty());
        ours.update(patch.clone());
        assert_eq!(ours.clients("connection_pool", 1_000).len(), 1_000, "{patch}");
    }
}
