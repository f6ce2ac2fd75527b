//! Seed 001's sampling: the event's unit decides, in each category for itself.

use strata_config_flags::{Configured, Why};
use strata_config_reference::System as _;
use strata_config_reference::dual_write::{AdapterType, Category, ConfigManager, DualWriteConfig, GlobalOverride};

use super::loader;

use AdapterType::{Realtime, Websocket};

fn open() -> ConfigManager {
    ConfigManager::open(loader()).unwrap()
}

/// Of 10,000 units, those whose events are sampled.
fn sampled(manager: &ConfigManager, category: Category) -> Vec<u32> {
    (0..10_000).filter(|unit| manager.is_sampled(category, &format!("session-{unit}"))).collect()
}

#[test]
fn a_share_of_the_units_is_sampled() {
    let manager = open();
    for (percentage, least, most) in [(0, 0, 0), (1, 60, 140), (50, 4_800, 5_200), (100, 10_000, 10_000)] {
        manager.update_category_percentage(Category::Performance, percentage, "ann").unwrap();
        let found = sampled(&manager, Category::Performance).len();
        assert!((least..=most).contains(&found), "{percentage} %: {found} of 10,000");
    }
}

#[test]
fn a_unit_keeps_its_answer_and_a_share_that_grows_only_adds() {
    let manager = open();
    let before = sampled(&manager, Category::Performance);
    assert_eq!(sampled(&manager, Category::Performance), before);
    manager.update_category_percentage(Category::Performance, 75, "ann").unwrap();
    let after = sampled(&manager, Category::Performance);
    assert!(after.len() > before.len() && before.iter().all(|unit| after.contains(unit)));
}

#[test]
fn each_category_samples_units_of_its_own() {
    let manager = open();
    manager.update_category_percentage(Category::System, 50, "ann").unwrap();
    let (one, other) = (sampled(&manager, Category::Performance), sampled(&manager, Category::System));
    let both = one.iter().filter(|unit| other.contains(unit)).count();
    assert!((2_300..2_700).contains(&both), "{both} of 10,000 are in both, and not a quarter");
}

#[test]
fn an_event_goes_to_the_adapters_of_its_category_where_it_is_sampled() {
    let manager = open();
    for unit in (0..200).map(|unit| format!("session-{unit}")) {
        assert_eq!(manager.adapters_for_category(Category::Critical, &unit), [Websocket, Realtime]);
        assert!(manager.should_dual_write(Category::Critical, &unit));
        let expected: &[AdapterType] =
            if manager.is_sampled(Category::Performance, &unit) { &[Websocket] } else { &[] };
        assert_eq!(manager.adapters_for_category(Category::Performance, &unit), expected);
        assert!(!manager.should_dual_write(Category::Performance, &unit));
    }
}

#[test]
fn a_dual_write_wants_a_unit_that_is_sampled_and_two_adapters() {
    let manager = open();
    manager.update_category_adapters(Category::Performance, &[Websocket, Realtime], "ann").unwrap();
    let twice = (0..1_000).filter(|unit| manager.should_dual_write(Category::Performance, &format!("session-{unit}")));
    let twice = twice.count();
    assert!((430..570).contains(&twice), "{twice} of 1,000");
}

#[test]
fn a_disabled_category_samples_nobody() {
    let manager = open();
    manager.update_category_percentage(Category::UserActivity, 100, "ann").unwrap();
    assert!(sampled(&manager, Category::UserActivity).is_empty());
    assert_eq!(manager.adapters_for_category(Category::UserActivity, "session-1"), []);
    manager.update_category_enabled(Category::UserActivity, true, "ann").unwrap();
    assert_eq!(manager.adapters_for_category(Category::UserActivity, "session-1"), [Realtime]);
}

#[test]
fn an_event_without_a_unit_is_in_no_share_but_the_whole() {
    let manager = open();
    assert!((0..100).all(|_| !manager.is_sampled(Category::Performance, "")));
    assert!(manager.is_sampled(Category::Critical, ""));
    let answer = manager.flags().details("performance", &strata_config_flags::Context::anonymous(), true);
    assert_eq!((answer.value, answer.why), (false, Some(Why::NoBucketingKey)));
}

#[test]
fn an_override_says_where_and_the_sample_says_whether() {
    let manager = open();
    manager.update_global_override(Some(GlobalOverride::RealtimeOnly), "ann").unwrap();
    assert_eq!(manager.adapters_for_category(Category::Critical, "session-1"), [Realtime]);
    assert!(!manager.should_dual_write(Category::Critical, "session-1"));
    for unit in (0..200).map(|unit| format!("session-{unit}")) {
        let expected: &[AdapterType] = if manager.is_sampled(Category::Performance, &unit) { &[Realtime] } else { &[] };
        assert_eq!(manager.adapters_for_category(Category::Performance, &unit), expected);
    }
    assert_eq!(manager.adapters_for_category(Category::Debug, "session-1"), [], "a disabled category stays so");
}

#[test]
fn categories_and_adapters_are_flags_for_the_command_line_too() {
    let loaded = super::load::<DualWriteConfig>(&[("DUAL_WRITE_DEBUG_ENABLED", "true")]);
    let collected = DualWriteConfig::flags(&Configured::new(loaded.config(), &|_| false), None);
    assert_eq!(collected.flag_path("critical").unwrap().as_str(), "categories.critical.percentage");
    let set = collected.compile(None).unwrap();
    let keys: Vec<&str> = set.keys().collect();
    assert_eq!(keys, ["critical", "debug", "performance", "realtime", "system", "user_activity", "websocket"]);
    let manager = open();
    assert_eq!(manager.flags().snapshot().set().keys().collect::<Vec<_>>(), keys);
    // A flag of one's own may have another name, and use them.
    let own = serde_json::json!({"flags": {"flags": {"critical": true}}});
    assert!(manager.live().update(&own, "ann").unwrap_err().to_string().contains("two settings are the flag"));
}
