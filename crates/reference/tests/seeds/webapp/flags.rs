//! Seed 002's flags: in the configuration's store, and in Redis where a URL is set.

use std::sync::Arc;

use strata_config::Loader;
use strata_config_flags::redis::StoredFlag;
use strata_config_flags::{Context, Reason, Why};
use strata_config_reference::webapp::{FeatureFlag, FeatureFlagError, FeatureFlagManager, WebappConfig};
use strata_config_reload::Live;
use strata_config_store::{HistoryQuery, MemoryStore};

use super::KEY;
use crate::redis_server::{Server, WAIT, eventually};
use crate::table::{self, accept, load, refuse};

fn live(variables: &[(&str, &str)]) -> Live<WebappConfig> {
    let loader = Loader::<WebappConfig>::new().env_from(variables.iter().copied().chain([KEY]));
    Live::of(loader).store(Arc::new(MemoryStore::new())).open().unwrap()
}

fn manager(variables: &[(&str, &str)]) -> FeatureFlagManager {
    FeatureFlagManager::open(&live(variables)).unwrap()
}

/// A manager whose flags live in Redis.
fn in_redis(server: &Server) -> FeatureFlagManager {
    let manager = manager(&[("REDIS_URL", &server.url())]);
    assert!(manager.wait_until_read(WAIT), "{:?}", manager.status());
    manager
}

fn share(manager: &FeatureFlagManager, flag: FeatureFlag) -> usize {
    (0..1_000).filter(|unit| manager.is_enabled(flag, Some(&unit.to_string()), false)).count()
}

#[test]
fn the_five_flags_have_the_seeds_names() {
    let keys = FeatureFlag::ALL.map(FeatureFlag::key);
    assert_eq!(keys, ["new_dashboard", "beta_api", "advanced_analytics", "payment_v2", "dark_mode"]);
    for flag in FeatureFlag::ALL {
        assert_eq!(flag.to_string(), flag.key());
        assert_eq!(flag.key().parse(), Ok(flag));
    }
    let manager = manager(&[]);
    assert_eq!(manager.flags().snapshot().set().keys().len(), 5);
    assert!("newest_dashboard".parse::<FeatureFlag>().is_err());
}

#[test]
fn a_variable_says_a_flag_in_a_word() {
    let manager = manager(&[
        ("FEATURE_NEW_DASHBOARD", "true"),
        ("FEATURE_BETA_API", "25%"),
        ("FEATURE_ADVANCED_ANALYTICS", "canary"),
        ("FEATURE_PAYMENT_V2", "false"),
    ]);
    assert_eq!(share(&manager, FeatureFlag::NewDashboard), 1_000);
    assert!((200..300).contains(&share(&manager, FeatureFlag::BetaApi)));
    assert!((30..75).contains(&share(&manager, FeatureFlag::AdvancedAnalytics)));
    assert_eq!(share(&manager, FeatureFlag::PaymentV2), 0);
    let report = refuse(Loader::<WebappConfig>::new().env_from([KEY, ("FEATURE_DARK_MODE", "25")]));
    assert!(report.to_string().contains("write `25%`"), "{report}");
}

#[test]
fn the_default_counts_where_nobody_has_said_anything() {
    let manager = manager(&[("FEATURE_BETA_API", "false")]);
    for default in [true, false] {
        assert_eq!(manager.is_enabled(FeatureFlag::DarkMode, Some("ann"), default), default);
        assert!(!manager.is_enabled(FeatureFlag::BetaApi, Some("ann"), default), "said to be off");
    }
}

#[test]
fn a_flag_that_is_set_is_kept_and_says_who_set_it() {
    let live = live(&[]);
    let manager = FeatureFlagManager::open(&live).unwrap();
    manager.set_flag(FeatureFlag::DarkMode, true, &["ann"], Some(25.0), "admin").unwrap();
    assert!(manager.is_enabled(FeatureFlag::DarkMode, Some("ann"), false));
    assert!((200..300).contains(&share(&manager, FeatureFlag::DarkMode)));
    let entry = live.history(&HistoryQuery::newest(1)).unwrap().pop().unwrap();
    assert_eq!(entry.actor, "admin");

    let again = Live::of(Loader::<WebappConfig>::new().env_from([KEY])).store(Arc::clone(live.store())).open().unwrap();
    let restarted = FeatureFlagManager::open(&again).unwrap();
    assert_eq!(share(&restarted, FeatureFlag::DarkMode), share(&manager, FeatureFlag::DarkMode));

    manager.set_flag(FeatureFlag::DarkMode, false, &["ann"], None, "admin").unwrap();
    assert!(!manager.is_enabled(FeatureFlag::DarkMode, Some("ann"), true), "off for everyone");
}

#[test]
fn a_share_that_is_none_is_refused() {
    let manager = manager(&[]);
    for percent in [-1.0, 100.1, f64::NAN] {
        let error = manager.set_flag(FeatureFlag::DarkMode, true, &[], Some(percent), "admin").unwrap_err();
        assert!(matches!(error, FeatureFlagError::Percentage(_)), "{error}");
    }
    assert!(manager.is_enabled(FeatureFlag::DarkMode, Some("ann"), true), "still unsaid");
}

#[test]
fn nobody_in_particular_is_no_part_of_a_share() {
    let manager = manager(&[("FEATURE_NEW_DASHBOARD", "99%"), ("FEATURE_BETA_API", "true")]);
    assert!(!manager.is_enabled(FeatureFlag::NewDashboard, None, true));
    assert!(manager.is_enabled(FeatureFlag::BetaApi, None, false));
    let why = manager.flags().details(FeatureFlag::NewDashboard.key(), &Context::anonymous(), false).why;
    assert_eq!(why, Some(Why::NoBucketingKey));
}

#[test]
fn every_flag_is_listed_as_the_seed_lists_it() {
    let manager = manager(&[("FEATURE_BETA_API", "true")]);
    manager.set_flag(FeatureFlag::DarkMode, true, &["ann", "bob"], Some(0.0), "admin").unwrap();
    manager.set_flag(FeatureFlag::PaymentV2, false, &[], Some(12.5), "admin").unwrap();
    let listed: Vec<_> = manager
        .list()
        .into_iter()
        .map(|(flag, short)| (flag.key(), short.enabled, short.user_whitelist_count, short.percentage_rollout))
        .collect();
    assert_eq!(
        listed,
        [
            ("new_dashboard", false, 0, None),
            ("beta_api", true, 0, None),
            ("advanced_analytics", false, 0, None),
            ("payment_v2", false, 0, Some(12.5)),
            ("dark_mode", true, 2, Some(0.0)),
        ]
    );
}

#[test]
fn flags_that_contradict_each_other_are_refused_when_they_are_loaded() {
    let text = "flags: {flags: {banner: {prerequisites: [{flag: dark_moode, variant: on}]}}}";
    let report = refuse(Loader::<WebappConfig>::new().text("config.yaml", text).env_from([KEY]));
    assert!(report.to_string().contains("did you mean `dark_mode`?"), "{report}");
    let text = text.replace("moode", "mode");
    accept(Loader::<WebappConfig>::new().text("config.yaml", text).env_from([KEY]));
}

#[test]
fn without_a_url_no_redis_is_asked() {
    assert!(manager(&[]).status().is_none());
    let loaded = load::<WebappConfig>(&[KEY]);
    assert_eq!(table::json(&loaded)["redis"]["flag_cache_ttl"], 300);
}

#[ignore = "needs redis-server"]
#[test]
fn with_a_url_flags_live_in_redis_under_the_seeds_keys() {
    let server = Server::start();
    server.put(
        "feature_flag:new_dashboard",
        r#"{"enabled": true, "user_whitelist": ["ann"], "percentage_rollout": null}"#,
    );
    server.put("feature_flag:unknown", r#"{"enabled": true}"#);
    let manager = in_redis(&server);
    assert!(manager.is_enabled(FeatureFlag::NewDashboard, Some("ann"), false));
    assert_eq!(share(&manager, FeatureFlag::NewDashboard), 0);
    assert!(manager.is_enabled(FeatureFlag::DarkMode, Some("ann"), true), "neither in Redis nor set: the default");
    assert_eq!(manager.flags().snapshot().set().keys().len(), 5);

    manager.set_flag(FeatureFlag::BetaApi, true, &["ann"], Some(0.0), "admin").unwrap();
    let value: String = redis::cmd("GET").arg("feature_flag:beta_api").query(&mut server.connect()).unwrap();
    let stored: StoredFlag = serde_json::from_str(&value).unwrap();
    assert_eq!((stored.enabled, stored.user_whitelist), (true, vec!["ann".to_owned()]));
    assert!(manager.is_enabled(FeatureFlag::BetaApi, Some("ann"), false));
    assert_eq!(share(&manager, FeatureFlag::BetaApi), 0);
}

#[ignore = "needs redis-server"]
#[test]
fn a_flag_in_redis_wins_over_the_configurations() {
    let server = Server::start();
    let manager = manager(&[("REDIS_URL", &server.url()), ("FEATURE_DARK_MODE", "true"), ("FEATURE_BETA_API", "true")]);
    assert!(manager.wait_until_read(WAIT));
    manager.set_flag(FeatureFlag::DarkMode, false, &[], None, "admin").unwrap();
    assert!(!manager.is_enabled(FeatureFlag::DarkMode, Some("ann"), true));
    assert!(manager.is_enabled(FeatureFlag::BetaApi, Some("ann"), false), "not in Redis");
}

#[ignore = "needs redis-server"]
#[test]
fn no_flag_expires() {
    let server = Server::start();
    in_redis(&server).set_flag(FeatureFlag::DarkMode, true, &[], None, "admin").unwrap();
    let ttl: i64 = redis::cmd("TTL").arg("feature_flag:dark_mode").query(&mut server.connect()).unwrap();
    assert_eq!(ttl, -1);
}

#[ignore = "needs redis-server"]
#[test]
fn the_caches_ttl_says_when_flags_are_stale_and_the_last_known_good_serves() {
    let mut server = Server::start();
    server.put("feature_flag:dark_mode", r#"{"enabled": true}"#);
    let manager = manager(&[("REDIS_URL", &server.url()), ("REDIS_FLAG_CACHE_TTL", "1")]);
    assert!(manager.wait_until_read(WAIT));
    server.kill();
    let reason = || manager.flags().details("dark_mode", &Context::of("ann"), false).reason;
    eventually("the flags are stale", || reason() == Reason::Stale);
    assert!(manager.is_enabled(FeatureFlag::DarkMode, Some("ann"), false));
    assert!(manager.status().is_some_and(|status| status.stale && !status.connected));
    server.restart();
    eventually("they are fresh again", || reason() == Reason::Static);
}
