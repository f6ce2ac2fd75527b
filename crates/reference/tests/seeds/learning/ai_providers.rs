//! Seed 003's AI providers: fallback, and a circuit breaker that leaves out who keeps failing.

use std::sync::Arc;
use std::time::Duration;

use serde_json::json;
use strata_config::Loader;
use strata_config_flags::SimulatedClock;
use strata_config_flags::model::Moment;
use strata_config_reference::learning::{AiProvider, AiProviders, LearningConfig};
use strata_config_reload::Live;

fn open() -> (Live<LearningConfig>, AiProviders, Arc<SimulatedClock>) {
    let loader = Loader::<LearningConfig>::new().env_from([("GEMINI_API_KEY", "g"), ("OPENAI_API_KEY", "o")]);
    let live = Live::of(loader).open().unwrap();
    let clock = Arc::new(SimulatedClock::at(Moment::from_millis(1_000_000)));
    let providers = AiProviders::with_clock(&live, Arc::<SimulatedClock>::clone(&clock));
    (live, providers, clock)
}

fn fail(providers: &AiProviders, provider: AiProvider, times: u32) {
    (0..times).for_each(|_| providers.report(provider, false));
}

#[test]
fn a_provider_that_keeps_failing_is_left_out_and_tried_again() {
    let (_live, providers, clock) = open();
    fail(&providers, AiProvider::Gemini, 4);
    providers.report(AiProvider::Gemini, true);
    fail(&providers, AiProvider::Gemini, 4);
    assert_eq!(providers.provider(), Some(AiProvider::Gemini), "five in a row it takes");
    fail(&providers, AiProvider::Gemini, 1);
    assert_eq!(providers.provider(), Some(AiProvider::OpenAi));
    fail(&providers, AiProvider::OpenAi, 5);
    assert_eq!(providers.provider(), Some(AiProvider::Mock));

    clock.advance(Duration::from_secs(61));
    assert_eq!(providers.provider(), Some(AiProvider::Gemini), "one request finds out");
    assert_eq!(providers.provider(), Some(AiProvider::OpenAi), "and no other");
    providers.report(AiProvider::Gemini, true);
    assert_eq!(providers.provider(), Some(AiProvider::Gemini));
}

#[test]
fn the_breakers_limits_are_live_and_it_can_be_turned_off() {
    let (live, providers, _clock) = open();
    live.update(&json!({"ai_provider": {"circuit_breaker_failure_threshold": 2}}), "ann").unwrap();
    fail(&providers, AiProvider::Gemini, 2);
    assert_eq!(providers.provider(), Some(AiProvider::OpenAi));
    live.update(&json!({"ai_provider": {"circuit_breaker_enabled": false}}), "ann").unwrap();
    assert_eq!(providers.provider(), Some(AiProvider::Gemini));
}

#[test]
fn a_provider_without_a_key_is_never_asked() {
    let live = Live::of(Loader::<LearningConfig>::new().env_from([("OPENAI_API_KEY", "o")])).open().unwrap();
    let providers = AiProviders::new(&live);
    assert_eq!(providers.provider(), Some(AiProvider::OpenAi));
    live.update(&json!({"ai_provider": {"fallback_providers": []}}), "ann").unwrap();
    assert_eq!(providers.provider(), None);
}
