//! The fault of 003's flags: the check fails on the seed's algorithm, which stands here, and passes on ours.

use std::cell::Cell;
use std::collections::BTreeMap;

use serde_json::json;
use strata_config::Loader;
use strata_config_flags::{Context, Why};
use strata_config_reference::learning::{Feature, FeatureManager, LearningConfig};

/// The seed's `get_feature_flag`, line by line; its `random.random()` is a generator of the same kind.
struct Seed {
    enabled: BTreeMap<&'static str, bool>,
    admin_users: Vec<&'static str>,
    beta_users: Vec<&'static str>,
    feature_rollouts: BTreeMap<&'static str, f64>,
    random: Cell<u64>,
}

impl Seed {
    fn get_feature_flag(&self, feature_name: &str, user_id: Option<&str>) -> bool {
        if !self.enabled.get(feature_name).copied().unwrap_or(false) {
            return false;
        }
        if let Some(user) = user_id
            && (self.admin_users.contains(&user) || self.beta_users.contains(&user))
        {
            return true;
        }
        let rollout_percentage = self.feature_rollouts.get(feature_name).copied().unwrap_or(0.0);
        if rollout_percentage >= 1.0 {
            return true;
        }
        self.random() < rollout_percentage
    }

    /// A number from 0.0 up to 1.0: splitmix64.
    fn random(&self) -> f64 {
        self.random.set(self.random.get().wrapping_add(0x9e37_79b9_7f4a_7c15));
        let mut bits = self.random.get();
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((bits ^ (bits >> 31)) >> 11) as f64 / (1_u64 << 53) as f64
    }
}

type Ask<'a> = &'a dyn Fn(Option<&str>) -> bool;

#[track_caller]
fn fails_on_the_seeds_alone(check: fn(Ask<'_>) -> bool) {
    let seed = Seed {
        enabled: [("ai_generation", true)].into(),
        admin_users: vec!["ada"],
        beta_users: vec!["bob"],
        feature_rollouts: [("ai_generation", 0.5)].into(),
        random: Cell::new(1),
    };
    let seed: Ask<'_> = &|user| seed.get_feature_flag("ai_generation", user);
    assert!(seed(Some("ada")) && seed(Some("bob")), "what is no fault is the same");
    assert!(!check(seed), "the seed's algorithm passes, so the check shows nothing");

    let ours = ours();
    let ours: Ask<'_> = &|user| ours.get_feature_flag(Feature::AiGeneration, user);
    assert!(ours(Some("ada")) && ours(Some("bob")));
    assert!(check(ours));
}

fn ours() -> FeatureManager {
    let section = json!({
        "ai_generation_enabled": true,
        "admin_users": ["ada"],
        "beta_users": ["bob"],
        "feature_rollouts": {"ai_generation": 0.5},
    });
    let text = json!({ "feature_flags": section }).to_string();
    FeatureManager::open(Loader::<LearningConfig>::new().text("learning.json", text)).unwrap()
}

/// Fault 8: the seed throws dice at each question, so a user has a feature on one page and not on the next.
#[test]
fn a_user_gets_the_same_answer_at_every_question() {
    fails_on_the_seeds_alone(|ask| {
        (0..100).all(|user| {
            let user = format!("user-{user}");
            let first = ask(Some(&user));
            (0..50).all(|_| ask(Some(&user)) == first)
        })
    });
}

/// Fault 8: and where nobody is named.
#[test]
fn nobody_in_particular_gets_the_same_answer_at_every_question_and_the_reason() {
    fails_on_the_seeds_alone(|ask| (0..1_000).all(|_| !ask(None)));
    let answer = ours().flags().details("ai_generation", &Context::anonymous(), true);
    assert_eq!((answer.value, answer.why), (false, Some(Why::NoBucketingKey)));
}

/// Fault 8: the share is right all the same.
#[test]
fn without_dice_a_share_is_still_a_share() {
    let features = ours();
    let ask = |user: u32| features.get_feature_flag(Feature::AiGeneration, Some(&format!("user-{user}")));
    // Five deviations of 5,000 are 250.
    assert!((0..10_000).filter(|user| ask(*user)).count().abs_diff(5_000) < 250);
}
