//! Seed 003's features: flags made of its settings.

use serde_json::json;
use strata_config::Loader;
use strata_config_flags::{Context, Reason, Why};
use strata_config_reference::learning::{Feature, FeatureFlagsConfig, FeatureManager, LearningConfig};

use crate::table::{errors, refuse};

fn open(section: serde_json::Value) -> FeatureManager {
    let text = json!({ "feature_flags": section }).to_string();
    FeatureManager::open(Loader::<LearningConfig>::new().text("learning.json", text)).unwrap()
}

fn share(features: &FeatureManager, feature: Feature) -> usize {
    (0..1_000).filter(|unit| features.get_feature_flag(feature, Some(&unit.to_string()))).count()
}

const ALL_ON: [(&str, bool); 4] = [
    ("adaptive_learning_enabled", true),
    ("ai_generation_enabled", true),
    ("interleaved_practice_enabled", true),
    ("diagnostics_enabled", true),
];

/// A section in which everything is enabled, and this besides.
fn enabled(more: serde_json::Value) -> serde_json::Value {
    let mut section: serde_json::Value = ALL_ON.into_iter().map(|(key, on)| (key.to_owned(), json!(on))).collect();
    section.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    section
}

#[test]
fn the_four_features_are_flags_of_these_names() {
    let features = open(json!({}));
    let mut names = FeatureFlagsConfig::FEATURES;
    assert_eq!(names, Feature::ALL.map(Feature::key));
    names.sort_unstable();
    assert_eq!(features.flags().snapshot().set().keys().collect::<Vec<_>>(), names);
    let on = Feature::ALL.map(|feature| share(&features, feature));
    assert_eq!(on, [0, 0, 1_000, 1_000], "as the defaults say");
    assert!(!features.is_feature_enabled("time_travel", Some("ada")));
}

#[test]
fn a_feature_that_is_not_enabled_is_on_for_nobody() {
    for (key, _) in ALL_ON {
        let mut section = enabled(json!({
            "admin_users": ["ada"],
            "feature_rollouts": {"adaptive_learning": 1.0, "ai_generation": 1.0},
        }));
        section[key] = json!(false);
        let features = open(section);
        for feature in Feature::ALL {
            let is_off = key.starts_with(feature.key());
            assert_eq!(share(&features, feature), if is_off { 0 } else { 1_000 }, "{key}: {feature}");
            assert_eq!(features.get_feature_flag(feature, Some("ada")), !is_off, "{key}: {feature}");
        }
    }
}

#[test]
fn admins_and_beta_users_have_what_is_enabled_before_the_share() {
    let features = open(enabled(json!({"admin_users": ["ada"], "beta_users": ["bob"]})));
    let rule = |user: &str| features.flags().details("ai_generation", &Context::of(user), false);
    assert_eq!((rule("ada").value, rule("ada").rule_id.as_deref()), (true, Some("admin")));
    assert_eq!((rule("bob").value, rule("bob").rule_id.as_deref()), (true, Some("beta")));
    assert!(!rule("cyd").value);
    let set = features.flags().snapshot();
    assert_eq!(set.set().segments().map(|(name, _)| name.to_owned()).collect::<Vec<_>>(), ["admin", "beta"]);
}

#[test]
fn a_share_is_of_users_and_of_other_users_for_each_feature() {
    let rollouts = json!({"feature_rollouts": {"adaptive_learning": 0.5, "ai_generation": 0.5, "diagnostics": 0.001}});
    let features = open(enabled(rollouts));
    assert!((450..550).contains(&share(&features, Feature::AdaptiveLearning)));
    assert!(share(&features, Feature::Diagnostics) < 10);
    let both = (0..1_000).filter(|unit| {
        let user = unit.to_string();
        features.get_feature_flag(Feature::AdaptiveLearning, Some(&user))
            && features.get_feature_flag(Feature::AiGeneration, Some(&user))
    });
    assert!((190..310).contains(&both.count()), "half of a half");
}

#[test]
fn nobody_in_particular_is_no_part_of_a_share() {
    let features = open(enabled(json!({"feature_rollouts": {"ai_generation": 0.99}})));
    assert!(!features.get_feature_flag(Feature::AiGeneration, None));
    let answer = features.flags().details("ai_generation", &Context::anonymous(), false);
    assert_eq!((answer.reason, answer.why), (Reason::Default, Some(Why::NoBucketingKey)));
    assert!(features.get_feature_flag(Feature::Diagnostics, None), "on for all");
}

#[test]
fn a_feature_is_off_outside_of_its_environments() {
    let section = enabled(json!({
        "admin_users": ["ada"],
        "feature_rollouts": {"ai_generation": 1.0},
        "feature_environments": {"ai_generation": ["staging"], "diagnostics": ["development", "staging"]},
    }));
    let features = open(section.clone());
    assert!(!features.get_feature_flag(Feature::AiGeneration, Some("ada")), "not even for admins");
    assert!(features.get_feature_flag(Feature::Diagnostics, Some("bob")));
    let answer = features.flags().details("ai_generation", &Context::of("ada"), false);
    assert_eq!(answer.reason, Reason::Disabled);
    assert_eq!(serde_json::to_value(&answer.metadata["feature_environments"]).unwrap(), "not in development");

    let text = json!({ "feature_flags": section, "environment": "staging" }).to_string();
    let features = FeatureManager::open(Loader::<LearningConfig>::new().text("learning.json", text)).unwrap();
    assert!(features.get_feature_flag(Feature::AiGeneration, Some("bob")));
}

#[test]
fn features_follow_the_running_configuration() {
    let features = open(json!({}));
    let update = |patch| features.live().update(&patch, "ann").unwrap();
    update(json!({"feature_flags": {"ai_generation_enabled": true, "beta_users": ["bob"]}}));
    assert!(features.is_feature_enabled("ai_generation", Some("bob")));
    update(json!({"feature_flags": {"feature_rollouts": {"ai_generation": 1.0}}}));
    assert_eq!(share(&features, Feature::AiGeneration), 1_000);
    update(json!({"flags": {"kill_switch": true}}));
    assert_eq!(share(&features, Feature::AiGeneration), 0);
}

#[test]
fn flags_of_ones_own_know_the_segments_and_can_not_take_a_features_name() {
    let own = r#"{"flags": {"flags": {"banner": {"rules": [{"when": {"segment": "beta"}, "serve": "on"}]}}},
        "feature_flags": {"beta_users": ["bob"]}}"#;
    let features = FeatureManager::open(Loader::<LearningConfig>::new().text("learning.json", own)).unwrap();
    assert!(features.is_feature_enabled("banner", Some("bob")) && !features.is_feature_enabled("banner", Some("cyd")));

    let taken = "flags.flags.diagnostics = true";
    let report = refuse(Loader::<LearningConfig>::new().text("learning.toml", taken));
    assert!(report.to_string().contains("two settings are the flag `diagnostics`"), "{report}");
    let unknown = "[flags.flags.banner]\nrules = [{ when = { segment = \"gamma\" }, serve = \"on\" }]";
    let report = refuse(Loader::<LearningConfig>::new().text("learning.toml", unknown));
    assert_eq!(errors(&report)[0].1, "flags.flags.banner.rules.0.when.segment", "{report}");
}

#[test]
fn what_is_served_is_counted() {
    let features = open(enabled(json!({"admin_users": ["ada"], "feature_rollouts": {"ai_generation": 0.5}})));
    let on = share(&features, Feature::AiGeneration) as u64;
    assert!(features.get_feature_flag(Feature::AiGeneration, Some("ada")));
    let exposures = features.flags().exposures();
    let counted = &exposures.flags["ai_generation"];
    assert_eq!((counted.of(Some("on")), counted.of(Some("off"))), (on + 1, 1_000 - on));
}
