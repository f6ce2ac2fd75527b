//! Seed 000's `FeatureFlagManager`: who gets which component.

mod fallback;
mod operation;

use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};
use strata_config_flags::{Clock, Settings, SimulatedClock, Why};
use strata_config_reference::phase2a::{
    Component, ConfigurationManager, FeatureFlagContext, FeatureFlagManager, Persist, Phase2aConfig,
};
use strata_config_store::{MemoryStore, Store};

use super::{Phase2aLoader, loader};

use Component::{ConnectionPool, RequestPipeline};

/// A running configuration, its flags, and the clock that they go by.
struct Running {
    manager: ConfigurationManager,
    flags: FeatureFlagManager,
    clock: Arc<SimulatedClock>,
}

fn start_with(loader: Phase2aLoader, store: Arc<dyn Store>) -> Running {
    let manager = ConfigurationManager::open(loader, store).unwrap();
    let clock = Arc::new(SimulatedClock::at("2026-11-21T08:00:00Z".parse().unwrap()));
    let settings = Settings { clock: Arc::clone(&clock) as Arc<dyn Clock>, ..Settings::default() };
    let flags = FeatureFlagManager::with(manager.clone(), settings).unwrap();
    Running { manager, flags, clock }
}

fn start(loader: Phase2aLoader) -> Running {
    start_with(loader, Arc::new(MemoryStore::new()))
}

/// All of it rolled out by one strategy.
fn rolled_out(strategy: &'static str) -> Phase2aLoader {
    loader().env_from([("PHASE_2A_ENABLED", "true"), ("PHASE_2A_ROLLOUT", strategy)])
}

impl Running {
    fn update(&self, patch: Value) {
        self.manager.update_configuration(&patch, Persist::Stored, "ann").unwrap();
    }

    /// Of 10,000 clients, those that get a component.
    fn clients(&self, component: Component) -> Vec<u32> {
        (0..10_000).filter(|client| self.serves(component, *client)).collect()
    }

    fn serves(&self, component: Component, client: u32) -> bool {
        let address = address(client);
        self.flags.is_component_enabled(component, Some(&request(&address)))
    }

    /// Whether everybody does, or nobody.
    #[track_caller]
    fn everybody(&self, component: Component) -> bool {
        let count = self.clients(component).len();
        assert!(count == 0 || count == 10_000, "{count} of 10,000");
        count > 0
    }
}

fn address(client: u32) -> String {
    std::net::Ipv4Addr::from_bits(0x0a00_0000 + client).to_string()
}

fn request(client_ip: &str) -> FeatureFlagContext<'_> {
    FeatureFlagContext { client_ip: Some(client_ip), user_agent: Some("test"), ..FeatureFlagContext::default() }
}

#[test]
fn the_seeds_flag_manager_test() {
    let running = start(loader());
    let context = FeatureFlagContext {
        client_ip: Some("192.168.1.1"),
        user_agent: Some("test"),
        ..FeatureFlagContext::default()
    };
    assert!(!running.flags.is_feature_enabled("connection_pool", Some(&context)));
    let patch = json!({"phase_2a_enabled": true, "connection_pool": {"rollout_strategy": "full"}});
    running.manager.update_configuration(&patch, Persist::ThisProcess, "ann").unwrap();
    assert!(running.flags.is_feature_enabled("connection_pool", Some(&context)));
    assert!(!running.flags.is_feature_enabled("request_pipeline", Some(&context)));
    assert!(!running.flags.is_feature_enabled("no_such_component", Some(&context)));
}

#[test]
fn every_strategy_reaches_its_share_of_the_clients() {
    for (strategy, percent) in
        [("disabled", 0.0), ("canary", 5.0), ("gradual", 25.0), ("majority", 75.0), ("full", 100.0), ("custom", 12.5)]
    {
        let variables =
            [("PHASE_2A_ENABLED", "true"), ("PHASE_2A_ROLLOUT", strategy), ("PHASE_2A_ROLLOUT_PERCENTAGE", "12.5")];
        let running = start(loader().env_from(variables));
        for component in Component::ALL {
            let found = running.clients(component).len() as f64 / 100.0;
            assert!((found - percent).abs() <= 1.0, "{strategy}: {found} %");
            assert!(found == percent || percent % 100.0 != 0.0, "{strategy}: nobody and everybody are exact");
        }
    }
}

#[test]
fn the_percentage_counts_for_the_strategy_of_its_name_alone() {
    let running = start(rolled_out("custom"));
    running.update(json!({"rollout_percentage": 40.0, "request_pipeline": {"rollout_strategy": "canary"}}));
    let (pool, pipeline) = (running.clients(ConnectionPool).len(), running.clients(RequestPipeline).len());
    assert!((3_800..4_200).contains(&pool) && (400..600).contains(&pipeline), "{pool} {pipeline}");
    // A share that grows only adds.
    let before = running.clients(ConnectionPool);
    running.update(json!({"rollout_percentage": 40.5}));
    let after = running.clients(ConnectionPool);
    assert!(after.len() > before.len() && before.iter().all(|client| after.contains(client)));
}

#[test]
fn a_components_own_strategy_decides_wherever_it_is_set() {
    let running = start(rolled_out("full"));
    assert!(running.everybody(ConnectionPool) && running.everybody(RequestPipeline));
    // Also where it says what is the default.
    running.update(json!({"connection_pool": {"rollout_strategy": "disabled"}}));
    assert!(!running.everybody(ConnectionPool) && running.everybody(RequestPipeline));
    running.manager.live().unset("connection_pool.rollout_strategy", "ann").unwrap();
    assert!(running.everybody(ConnectionPool));
    running.update(json!({"global_rollout_strategy": "disabled"}));
    assert!(!running.everybody(ConnectionPool));
}

#[test]
fn each_switch_is_asked_in_the_seeds_order() {
    let running = start(rolled_out("full"));
    let context = FeatureFlagContext { request_id: Some("r1"), ..request("10.0.0.1") };
    let why = || running.flags.explain("connection_pool", Some(&context));
    assert_eq!((why().value, why().why), (true, Some(Why::Fallthrough)));
    running.update(json!({"connection_pool": {"status": "maintenance"}}));
    assert_eq!((why().value, why().why), (false, Some(Why::Status)));
    running.flags.force_enable_for_request("r1");
    assert_eq!((why().value, why().why), (true, Some(Why::Override)));
    running.update(json!({"connection_pool": {"enabled": false}}));
    assert_eq!((why().value, why().why), (true, Some(Why::Override)));
    running.update(json!({"phase_2a_enabled": false}));
    assert_eq!((why().value, why().why), (false, Some(Why::KillSwitch)));
}

#[test]
fn a_component_that_is_off_or_not_well_serves_nobody() {
    for patch in [
        json!({"connection_pool": {"enabled": false}}),
        json!({"connection_pool": {"status": "disabled"}}),
        json!({"connection_pool": {"status": "maintenance"}}),
        json!({"connection_pool": {"status": "error"}}),
    ] {
        let running = start(rolled_out("full"));
        running.update(patch.clone());
        assert!(!running.everybody(ConnectionPool) && running.everybody(RequestPipeline), "{patch}");
        running.update(json!({"connection_pool": {"enabled": true, "status": "enabled"}}));
        assert!(running.everybody(ConnectionPool));
    }
}

#[test]
fn the_allow_lists_admit_beyond_the_share() {
    let running = start(rolled_out("disabled"));
    running.update(json!({
        "rollout_user_agent_whitelist": ["Monitor", "curl/*"],
        "rollout_ip_whitelist": ["192.168.1.7", "10.9.0.0/16", "2001:db8::/32"],
    }));
    let admits = |client_ip, user_agent| {
        let context = FeatureFlagContext { client_ip: Some(client_ip), user_agent, ..FeatureFlagContext::default() };
        let answer = running.flags.explain("connection_pool", Some(&context));
        assert_eq!(answer.rule_id.as_deref(), answer.value.then_some("allow_list"));
        answer.value
    };
    for agent in ["Monitor", "curl/8.5", "curl/"] {
        assert!(admits("172.16.0.1", Some(agent)), "{agent}");
    }
    for agent in ["Monitor/1", "monitor", "libcurl/8"] {
        assert!(!admits("172.16.0.1", Some(agent)), "{agent}");
    }
    for address in ["192.168.1.7", "10.9.255.1", "2001:db8:1::1", "::ffff:10.9.0.1"] {
        assert!(admits(address, None), "{address}");
    }
    for address in ["192.168.1.8", "10.10.0.1", "2001:db9::1", "nonsense"] {
        assert!(!admits(address, None), "{address}");
    }
    let agent_alone = FeatureFlagContext { user_agent: Some("curl/8"), ..FeatureFlagContext::default() };
    assert!(running.flags.is_feature_enabled("request_pipeline", Some(&agent_alone)));
}

#[test]
fn the_allow_lists_admit_nobody_past_the_switches() {
    for patch in [
        json!({"phase_2a_enabled": false}),
        json!({"connection_pool": {"enabled": false}}),
        json!({"connection_pool": {"status": "maintenance"}}),
        json!({"connection_pool": {"status": "error"}}),
        json!({"connection_pool": {"status": "disabled"}}),
    ] {
        let running = start(rolled_out("canary"));
        running.update(json!({"rollout_ip_whitelist": ["10.0.0.0/8"]}));
        assert!(running.everybody(ConnectionPool));
        running.update(patch.clone());
        assert!(!running.everybody(ConnectionPool), "{patch}");
    }
}

#[test]
fn the_unit_is_the_address_and_the_user_agent_together() {
    let running = start(rolled_out("gradual"));
    let bucket = |context: &FeatureFlagContext<'_>| running.flags.explain("connection_pool", Some(context)).bucket;
    let one = request("10.0.0.1");
    assert_eq!(one.to_hash_key().as_deref(), Some("10.0.0.1:test"));
    let same = FeatureFlagContext {
        request_id: Some("r2"),
        api_endpoint: Some("/other"),
        request_timestamp: Some(1_800_000_000.5),
        ..one
    };
    assert!(bucket(&one).is_some());
    assert_eq!(bucket(&one), bucket(&same), "what differs between a client's requests counts for nothing");
    let others = [request("10.0.0.2"), FeatureFlagContext { user_agent: Some("other"), ..one }];
    assert!(others.iter().all(|other| bucket(other) != bucket(&one)));
    // Without a user agent the address is the unit; without an address there is none.
    let no_agent = FeatureFlagContext { user_agent: Some(""), ..one };
    assert!(bucket(&no_agent).is_some());
    assert_eq!(no_agent.to_hash_key().as_deref(), Some("10.0.0.1"));
    assert_eq!(bucket(&FeatureFlagContext { client_ip: None, ..one }), None);
}

#[test]
fn a_forced_request_gets_what_was_forced_until_it_is_cleared() {
    let running = start(rolled_out("disabled"));
    running.update(json!({"request_pipeline": {"rollout_strategy": "full"}}));
    let context = |request_id| FeatureFlagContext { request_id: Some(request_id), ..request("10.0.0.1") };
    let gets = |request_id| {
        ["connection_pool", "request_pipeline"]
            .map(|feature| running.flags.is_feature_enabled(feature, Some(&context(request_id))))
    };
    assert!(running.flags.force_enable_for_request("r1") && running.flags.force_disable_for_request("r2"));
    assert_eq!([gets("r1"), gets("r2"), gets("r3")], [[true, true], [false, false], [false, true]]);
    running.flags.force_disable_for_request("r1");
    assert_eq!(gets("r1"), [false, false], "the last word counts");
    running.flags.clear_forced_overrides();
    assert_eq!([gets("r1"), gets("r2")], [[false, true]; 2]);
}

#[test]
fn forced_requests_take_bounded_memory() {
    let running = start(rolled_out("disabled"));
    for number in 0..1_001 {
        assert!(running.flags.force_enable_for_request(&format!("r{number}")));
    }
    let forced = |request_id| {
        let context = FeatureFlagContext { request_id: Some(request_id), ..request("10.0.0.1") };
        running.flags.is_feature_enabled("connection_pool", Some(&context))
    };
    assert_eq!([forced("r0"), forced("r1"), forced("r1000")], [false, true, true], "the oldest makes way");
    assert!(!running.flags.force_enable_for_request("") && !running.flags.force_enable_for_request(&"x".repeat(257)));
    assert_eq!(running.flags.rollout_statistics().forced_enabled_count, 1_000);
    assert!(!forced(""));
}

#[test]
fn a_requests_moment_and_endpoint_are_for_the_flags_of_ones_own() {
    let running = start(rolled_out("full"));
    running.update(json!({"flags": {"flags": {"night": {
        "off_variant": "off",
        "default_variant": "off",
        "schedule": [{"from": "2026-11-21T20:00:00Z", "to": "2026-11-22T06:00:00Z"}],
        "rules": [{"when": {"attribute": "api_endpoint", "op": "starts_with", "values": ["/api/"]}, "serve": "on"}],
    }}}}));
    let night = |endpoint, hours: f64| {
        let context = FeatureFlagContext {
            api_endpoint: Some(endpoint),
            // 2026-11-21T00:00:00Z and so many hours.
            request_timestamp: Some(1_795_219_200.0 + hours * 3_600.0),
            ..request("10.0.0.1")
        };
        running.flags.is_feature_enabled("night", Some(&context))
    };
    assert_eq!([night("/api/x", 21.0), night("/", 21.0), night("/api/x", 19.9)], [true, false, false]);
    assert!(
        !running.flags.is_feature_enabled("night", Some(&request("10.0.0.1"))),
        "the clock says eight in the morning"
    );
    running.clock.advance(Duration::from_secs(13 * 3_600));
    let now = FeatureFlagContext { api_endpoint: Some("/api/x"), ..request("10.0.0.1") };
    assert!(running.flags.is_feature_enabled("night", Some(&now)));
}

#[test]
fn components_and_flags_of_ones_own_know_each_other() {
    let running = start(rolled_out("full"));
    let needs = |flag| {
        json!({"flags": {"flags": {"beta": {
            "off_variant": "off", "fallthrough": "on", "prerequisites": [{"flag": flag, "variant": "on"}],
        }}}})
    };
    running.update(needs("connection_pool"));
    let beta = || running.flags.is_feature_enabled("beta", Some(&request("10.0.0.1")));
    assert!(beta());
    running.update(json!({"connection_pool": {"enabled": false}}));
    assert!(!beta());
    for wrong in [needs("connection_pol"), json!({"flags": {"flags": {"connection_pool": true}}})] {
        let error = running.manager.update_configuration(&wrong, Persist::Stored, "ann").unwrap_err();
        assert!(error.is_invalid() && error.to_string().contains("connection_po"), "{error}");
    }
}

#[test]
fn the_command_line_gets_the_same_flags() {
    use strata_config_flags::Configured;
    use strata_config_reference::System as _;

    let loaded = super::load::<Phase2aConfig>(&[("PHASE_2A_ENABLED", "true"), ("CONNECTION_POOL_ROLLOUT", "full")]);
    let configured = Configured::new(loaded.config(), &|path| path.as_str() == "connection_pool.rollout_strategy");
    let set = Phase2aConfig::flags(&configured, None).compile(None).unwrap();
    assert_eq!(set.keys().collect::<Vec<_>>(), ["connection_pool", "request_pipeline"]);
    let context = request("10.0.0.1").to_context();
    assert_eq!(["connection_pool", "request_pipeline"].map(|key| set.is_on(key, &context, false)), [true, false]);
}
