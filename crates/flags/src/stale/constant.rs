//! Whether a definition serves the same to everybody, now and later: then the program can do without the flag.

use std::collections::BTreeSet;

use super::Staleness;
use crate::model::{Definition, Moment, Serve, Share, Split, Status};

/// Everything that a definition may serve; `None` is the program's own default.
type Outcomes<'d> = BTreeSet<Option<&'d str>>;

/// A variant that nobody can tell: no flag's variant is called so, as its name would not be empty.
const UNTOLD: &str = "";

/// The sign, where a definition serves the same to everybody from a moment on.
///
/// Conditions are not looked into, so a rule counts as one that somebody meets. Whoever a split skips, having no
/// bucketing key, does not count: a rollout at 100 % is over. Neither do guards, until they trip.
pub(super) fn in_configuration(definition: &Definition, now: Moment) -> Option<Staleness> {
    let outcomes = outcomes(definition, now)?;
    let mut outcomes = outcomes.into_iter();
    let only = outcomes.next()?.map(str::to_owned);
    outcomes.next().is_none().then_some(Staleness::ConstantInConfiguration { variant: only })
}

/// Everything that it may serve; `None` where that is only for a while.
fn outcomes(definition: &Definition, now: Moment) -> Option<Outcomes<'_>> {
    let off = definition.off_variant.as_deref();
    match definition.status {
        Status::Enabled => {}
        Status::Disabled | Status::Archived => return Some([off].into()),
        // Somebody is at work on it.
        Status::Maintenance | Status::Error => return None,
    }
    let mut outcomes = Outcomes::new();
    if !definition.schedule.is_empty() {
        outcomes.insert(off);
        if definition.schedule.iter().all(|window| window.to.is_some_and(|to| to <= now)) {
            return Some(outcomes);
        }
    }
    if !definition.prerequisites.is_empty() {
        outcomes.insert(off);
    }
    if let Some(forced) = &definition.forced {
        outcomes.insert(Some(forced));
        return Some(outcomes);
    }
    outcomes.extend(definition.targets.iter().map(|target| Some(target.variant.as_str())));
    for rule in &definition.rules {
        // Whom it leaves out goes on.
        served(&rule.serve, now, &mut outcomes);
    }
    let is_for_everybody = definition.fallthrough.as_ref().is_some_and(|serve| served(serve, now, &mut outcomes));
    if !is_for_everybody {
        outcomes.insert(definition.default_variant.as_deref());
    }
    Some(outcomes)
}

/// Adds what is served from a moment on, and tells whether everybody is.
fn served<'d>(serve: &'d Serve, now: Moment, outcomes: &mut Outcomes<'d>) -> bool {
    match serve {
        Serve::Variant(name) => {
            outcomes.insert(Some(name));
            true
        }
        Serve::CodeDefault => {
            outcomes.insert(None);
            true
        }
        Serve::Split(split) => shared_out(split, [split.coverage], outcomes),
        Serve::Ramp(ramp) => {
            let later = ramp.steps.iter().filter(|step| step.at > now).map(|step| step.coverage);
            shared_out(&ramp.split, later.chain([ramp.coverage(now)]), outcomes)
        }
        // What it names is not looked into; that it names one variant alone would be a strange rule.
        Serve::Logic(_) => {
            outcomes.extend([Some(UNTOLD), None]);
            true
        }
    }
}

/// Adds what a split serves at these coverages, and tells whether it is everybody at all of them.
fn shared_out<'d>(split: &'d Split, coverages: impl IntoIterator<Item = Share>, outcomes: &mut Outcomes<'d>) -> bool {
    let (mut is_for_everybody, mut is_for_nobody) = (true, true);
    for coverage in coverages {
        is_for_everybody &= coverage == Share::EVERYBODY;
        is_for_nobody &= coverage == Share::NOBODY;
    }
    if is_for_nobody {
        return false;
    }
    if split.weights.is_empty() {
        outcomes.insert(Some("on"));
    }
    outcomes
        .extend(split.weights.iter().filter(|weight| weight.weight > 0).map(|weight| Some(weight.variant.as_str())));
    // Places of one's own may leave anybody out.
    is_for_everybody && split.ranges.is_none()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Flag;

    fn only(flag: &str) -> Option<Option<String>> {
        let flag: Flag = serde_json::from_str(flag).unwrap();
        let now = "2026-11-21T08:00:00Z".parse().unwrap();
        in_configuration(&flag.definition(), now).map(|sign| match sign {
            Staleness::ConstantInConfiguration { variant } => variant,
            other => panic!("{other:?}"),
        })
    }

    #[test]
    fn what_serves_one_variant_to_everybody_is_constant() {
        let (on, off) = (Some(Some("on".to_owned())), Some(Some("off".to_owned())));
        for flag in ["true", r#""100%""#, r#""full""#, r#"{"forced": "on"}"#, r#"{"fallthrough": "on"}"#] {
            assert_eq!(only(flag), on, "{flag}");
        }
        for flag in ["false", r#""0%""#, r#""disabled""#] {
            assert_eq!(only(flag), off, "{flag}");
        }
        let same = r#"{"rules": [{"when": {"segment": "s"}, "serve": "on"}], "targets": [{"unit": "u", "variant": "on"}],
            "fallthrough": "on"}"#;
        assert_eq!(only(same), on);
        assert_eq!(only(r#"{"fallthrough": null}"#), Some(None));
        assert_eq!(only(r#"{"status": "archived", "off_variant": "off", "fallthrough": "25%"}"#), off);
    }

    #[test]
    fn what_may_serve_something_else_is_not() {
        for flag in [
            r#""25%""#,
            r#"{"fallthrough": "on", "default_variant": "off", "targets": [{"unit": "u", "variant": "off"}]}"#,
            r#"{"fallthrough": "on", "schedule": [{"from": "2027-01-01T00:00:00Z"}]}"#,
            r#"{"fallthrough": "on", "off_variant": "off", "prerequisites": [{"flag": "f", "variant": "on"}]}"#,
            r#"{"fallthrough": {"split": {"weights": [{"variant": "on", "weight": 1}, {"variant": "off", "weight": 1}]}}}"#,
            r#"{"status": "maintenance"}"#,
        ] {
            assert_eq!(only(flag), None, "{flag}");
        }
    }

    #[test]
    fn a_ramp_is_constant_only_when_it_is_over() {
        let ramp = |at: &str| {
            format!(
                r#"{{"default_variant": "off", "fallthrough": {{"ramp": {{"steps": [
                {{"at": "2026-01-01T00:00:00Z", "coverage": "10%"}}, {{"at": "{at}", "coverage": "100%"}}]}}}}}}"#
            )
        };
        assert_eq!(only(&ramp("2026-02-01T00:00:00Z")), Some(Some("on".to_owned())));
        assert_eq!(only(&ramp("2027-02-01T00:00:00Z")), None);
    }
}
