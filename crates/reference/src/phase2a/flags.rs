//! The components as feature flags: what the settings of a rollout mean, said in a flag's words.

use std::time::Duration;

use serde_json::Value as Json;
use strata_config::Report;
use strata_config_flags::model::{
    Condition, Definition, Guard, GuardAction, Operator, Rule, Scalar, Serve, Share, Split, Status, Test,
};
use strata_config_flags::{Collected, Configured, FlagSet};

use super::flag_context::{CLIENT_IP, USER_AGENT};
use super::{Component, ComponentStatus, Phase2aConfig};

/// The rule that lets the allow lists in, as answers name it.
const ALLOW_LIST: &str = "allow_list";

/// Good reports that bring a component back, after its time of recovery.
const TRIALS: u32 = 1;

/// The flags of a configuration: those of its section `flags`, and one for each component, of the component's name.
///
/// `phase_2a_enabled` is the switch above all of them.
pub(super) fn collect(configured: &Configured<'_, Phase2aConfig>, before: Option<&FlagSet>) -> Collected {
    let mut found = Collected::of(configured.config, before);
    found.sources.kill_switch |= !configured.config.phase_2a_enabled;
    for component in Component::ALL {
        let path = component.strategy_path();
        let is_set = configured.is_set(&path);
        found.add(component.key(), path, definition(configured.config, component, is_set));
    }
    found
}

/// Checks the flags together, those of the components among them.
pub(super) fn check(config: &Phase2aConfig, report: &mut Report) {
    // Whose strategy counts makes no flag valid or invalid.
    let nothing_is_set = |_: &_| false;
    if let Err(found) = collect(&Configured::new(config, &nothing_is_set), None).compile(None) {
        report.append(found);
    }
}

fn definition(config: &Phase2aConfig, component: Component, is_set: bool) -> Definition {
    let rollout = config.component_rollout(component, is_set);
    let share = rollout.strategy.percentage(config.rollout_percentage);
    Definition {
        description: Some(component.description().to_owned()),
        status: match (rollout.enabled, rollout.status) {
            (true, ComponentStatus::Enabled) => Status::Enabled,
            (_, ComponentStatus::Maintenance) => Status::Maintenance,
            (_, ComponentStatus::Error) => Status::Error,
            (false, ComponentStatus::Enabled) | (_, ComponentStatus::Disabled) => Status::Disabled,
        },
        guard: config.enable_automatic_fallback.then(|| fallback(config)),
        rules: allow_lists(config).into_iter().collect(),
        metadata: [("strategy".to_owned(), Scalar::String(rollout.strategy.to_string()))].into(),
        ..Definition::boolean(by_share(Share::from_percent(share).unwrap_or(Share::NOBODY)))
    }
}

/// Nobody and everybody need no unit; between them the client's address and its user agent are it, or the address alone
/// where a request names no user agent.
fn by_share(coverage: Share) -> Serve {
    match coverage {
        Share::NOBODY => Serve::Variant("off".to_owned()),
        Share::EVERYBODY => Serve::Variant("on".to_owned()),
        coverage => Serve::Split(Split {
            coverage,
            bucket_by: vec![CLIENT_IP.to_owned(), USER_AGENT.to_owned()],
            fallback_by: vec![CLIENT_IP.to_owned()],
            ..Split::default()
        }),
    }
}

/// Admits whom the lists name, before any share is asked.
fn allow_lists(config: &Phase2aConfig) -> Option<Rule> {
    let one_of = |attribute: &str, op, values: Vec<Json>| {
        let test = Test { attribute: attribute.to_owned(), op, values, ignore_case: false, negate: false };
        (!test.values.is_empty()).then_some(Condition::Test(test))
    };
    let agents = config.rollout_user_agent_whitelist.iter().map(|pattern| Json::from(pattern.as_str())).collect();
    let networks = config.rollout_ip_whitelist.iter().map(|range| Json::from(range.to_string())).collect();
    let lists = [one_of(USER_AGENT, Operator::Like, agents), one_of(CLIENT_IP, Operator::InNetwork, networks)];
    let when: Vec<Condition> = lists.into_iter().flatten().collect();
    (!when.is_empty()).then(|| Rule {
        id: Some(ALLOW_LIST.to_owned()),
        description: Some("Admitted beyond the share".to_owned()),
        when: Condition::Any(when),
        serve: Serve::Variant("on".to_owned()),
    })
}

/// The automatic fallback: so many failures in a row turn a component off, for everybody, until it had time to recover.
fn fallback(config: &Phase2aConfig) -> Guard {
    Guard {
        consecutive_failures: Some(config.fallback_failure_threshold),
        recovery: Duration::from_secs(60 * u64::from(config.fallback_recovery_time_minutes)),
        half_open_probes: TRIALS,
        action: GuardAction::Off,
        ..Guard::default()
    }
}
