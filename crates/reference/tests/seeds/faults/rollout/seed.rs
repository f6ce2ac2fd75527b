//! Seed 000's `FeatureFlagManager` as it stands there (section 4.1), in Rust, its faults included.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::time::{Duration, Instant};

use md5::{Digest as _, Md5};

/// `RolloutStrategy`: there is no other.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Strategy {
    Disabled,
    Canary,
    Gradual,
    Majority,
    Full,
}

/// What of `Phase2AConfig` has to do with flags.
#[expect(dead_code, reason = "that the seed's manager never reads some of these is the fault")]
pub(super) struct SeedConfig {
    pub(super) phase_2a_enabled: bool,
    pub(super) global_rollout_strategy: Strategy,
    pub(super) connection_pool: Strategy,
    pub(super) request_pipeline: Strategy,
    pub(super) rollout_percentage: f64,
    pub(super) rollout_user_agent_whitelist: Vec<String>,
    pub(super) rollout_ip_whitelist: Vec<String>,
}

impl SeedConfig {
    /// The defaults, with the master switch on; both components are enabled by default.
    pub(super) fn enabled() -> Self {
        Self {
            phase_2a_enabled: true,
            global_rollout_strategy: Strategy::Disabled,
            connection_pool: Strategy::Disabled,
            request_pipeline: Strategy::Disabled,
            rollout_percentage: 0.0,
            rollout_user_agent_whitelist: Vec::new(),
            rollout_ip_whitelist: Vec::new(),
        }
    }
}

/// `FeatureFlagContext`.
pub(super) struct SeedContext {
    pub(super) client_ip: Option<String>,
    pub(super) user_agent: Option<String>,
}

impl SeedContext {
    fn to_hash_key(&self) -> String {
        let text = |text: &Option<String>| text.clone().unwrap_or_else(|| "None".to_owned());
        md5_hex(&format!("{}:{}", text(&self.client_ip), text(&self.user_agent)))
    }
}

fn md5_hex(text: &str) -> String {
    Md5::digest(text.as_bytes()).iter().fold(String::new(), |mut hex, byte| {
        write!(hex, "{byte:02x}").expect("a String takes everything");
        hex
    })
}

/// `int(md5(hash_key)[:8], 16) % 100`.
pub(super) fn bucket(context: &SeedContext) -> f64 {
    let hash = u32::from_str_radix(&md5_hex(&context.to_hash_key())[..8], 16).expect("eight digits of hex");
    f64::from(hash % 100)
}

/// `FeatureFlagManager`, without its forced requests.
pub(super) struct SeedFlagManager {
    pub(super) config: SeedConfig,
    rollout_cache: HashMap<String, bool>,
    cache_expiry: Instant,
    /// `random.random()`.
    random: Box<dyn FnMut() -> f64>,
}

const HOUR: Duration = Duration::from_secs(3_600);

impl SeedFlagManager {
    pub(super) fn new(config: SeedConfig, random: impl FnMut() -> f64 + 'static) -> Self {
        let cache_expiry = Instant::now() + HOUR;
        Self { config, rollout_cache: HashMap::new(), cache_expiry, random: Box::new(random) }
    }

    pub(super) fn is_feature_enabled(&mut self, feature: &str, context: Option<&SeedContext>) -> bool {
        if !self.config.phase_2a_enabled {
            return false;
        }
        let strategy = match feature {
            "connection_pool" => self.config.connection_pool,
            "request_pipeline" => self.config.request_pipeline,
            _ => return false,
        };
        self.evaluate_rollout_strategy(strategy, self.config.rollout_percentage, context)
    }

    fn evaluate_rollout_strategy(&mut self, strategy: Strategy, global: f64, context: Option<&SeedContext>) -> bool {
        match (strategy, context) {
            (Strategy::Disabled, _) => false,
            (Strategy::Full, _) => true,
            (_, Some(context)) => self.consistent_rollout_decision(strategy, global, context),
            (_, None) => (self.random)() * 100.0 < strategy_percentage(strategy, global),
        }
    }

    fn consistent_rollout_decision(&mut self, strategy: Strategy, global: f64, context: &SeedContext) -> bool {
        let hash_key = context.to_hash_key();
        if Instant::now() < self.cache_expiry {
            if let Some(decision) = self.rollout_cache.get(&hash_key) {
                return *decision;
            }
        } else {
            self.rollout_cache.clear();
            self.cache_expiry = Instant::now() + HOUR;
        }
        let decision = bucket(context) < strategy_percentage(strategy, global);
        self.rollout_cache.insert(hash_key, decision);
        decision
    }
}

fn strategy_percentage(strategy: Strategy, global: f64) -> f64 {
    match strategy {
        Strategy::Canary => 5.0,
        Strategy::Gradual => 25.0,
        Strategy::Majority => 75.0,
        _ => global,
    }
}
