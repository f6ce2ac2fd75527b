//! A flag's guard: what is wrong with it, and what its trip makes of the flag.

use super::Scope;
use crate::bucket::{Algorithm, BUCKETS, Shares, Splitter};
use crate::model::{Definition, Guard, GuardAction, Moment, Serve, Trip};

/// What a tripped guard makes of its flag.
#[derive(Debug)]
pub(crate) struct Tripped {
    pub(crate) at: Moment,
    /// From then on it is half open.
    pub(crate) until: Moment,
    pub(crate) action: GuardAction,
    /// Where units stand among those that may try while it is half open.
    probes: Splitter,
}

/// How many slices the units are cut into while a guard is half open; each second another slice may try.
const PROBE_SLICES: u32 = 10;

impl Tripped {
    /// Whether a unit is in the slice that may try at this second. Whoever has no key may: there is nobody else.
    pub(crate) fn is_probe(&self, unit: Option<&str>, now: Moment) -> bool {
        let Some(unit) = unit else { return true };
        let slice = self.probes.place(unit).bucket / (BUCKETS / PROBE_SLICES);
        i64::from(slice) == now.millis().div_euclid(1_000).rem_euclid(i64::from(PROBE_SLICES))
    }
}

/// Says what is wrong with a flag's guard.
pub(super) fn check(definition: &Definition, scope: &mut Scope<'_>) {
    let Some(guard) = &definition.guard else { return };
    scope.within("guard", |scope| {
        if guard.error_rate.is_none() && guard.latency_ms.is_none() && guard.consecutive_failures.is_none() {
            scope.problems.push("`error_rate`, `latency_ms` or `consecutive_failures` has to say when it trips");
        }
        let mut refuse = |field: &'static str, is_wrong: bool, message: &str| {
            if is_wrong {
                scope.within(field, |scope| scope.problems.push(message));
            }
        };
        let is_share = |rate: f64| (0.0..=1.0).contains(&rate);
        refuse("error_rate", guard.error_rate.is_some_and(|rate| !is_share(rate)), "a rate is between 0.0 and 1.0");
        let is_time = |millis: f64| millis.is_finite() && millis > 0.0;
        refuse("latency_ms", guard.latency_ms.is_some_and(|millis| !is_time(millis)), "a latency is above 0");
        let multiplier = guard.latency_multiplier;
        refuse("latency_multiplier", !(multiplier.is_finite() && multiplier > 0.0), "a multiplier is above 0");
        refuse("consecutive_failures", guard.consecutive_failures == Some(0), "at least one failure is needed to trip");
        refuse("min_samples", guard.min_samples == 0, "at least one report is needed to trip");
        refuse("half_open_probes", guard.half_open_probes == 0, "at least one good report is needed to close");
        refuse("window", guard.window.is_zero(), "within no time there are no reports");
    });
}

/// What a trip makes of a flag that has a guard.
pub(super) fn tripped(key: &str, definition: &Definition, trip: &Trip) -> Option<Tripped> {
    let guard = definition.guard.as_ref()?;
    let action = action(definition, guard);
    let probes = Splitter::new(Shares {
        algorithm: Algorithm::Native1,
        salt: &format!("{key}/guard"),
        choice_salt: None,
        coverage: BUCKETS,
        weights: &[(0, 1)],
        ranges: None,
    });
    Some(Tripped { at: trip.at, until: trip.at.after(guard.recovery), action, probes })
}

/// What a flag's guard does when it trips: what a ramp says, or else what the guard says.
pub(crate) fn action(definition: &Definition, guard: &Guard) -> GuardAction {
    let served = definition.rules.iter().map(|rule| &rule.serve).chain(&definition.fallthrough);
    let on_guard = served.into_iter().rev().find_map(|serve| match serve {
        Serve::Ramp(ramp) => ramp.on_guard,
        _ => None,
    });
    on_guard.unwrap_or(guard.action)
}

#[cfg(test)]
mod tests {
    use crate::model::Flag;

    fn refusals(guard: &str) -> Vec<String> {
        let json = format!(r#"{{"fallthrough": "on", "guard": {guard}}}"#);
        let refused = serde_json::from_str::<Flag>(&json).err();
        refused.iter().flat_map(|error| error.to_string().lines().map(str::to_owned).collect::<Vec<_>>()).collect()
    }

    #[test]
    fn each_of_three_limits_is_enough() {
        for guard in [r#"{"error_rate": 0.5}"#, r#"{"latency_ms": 10}"#, r#"{"consecutive_failures": 3}"#] {
            assert!(refusals(guard).is_empty(), "{guard}");
        }
        assert!(refusals("{}")[0].contains("has to say when it trips"));
    }

    #[test]
    fn limits_that_mean_nothing_are_all_refused() {
        let refusals = refusals(
            r#"{"error_rate": 2, "consecutive_failures": 0, "latency_ms": 0, "min_samples": 0, "half_open_probes": 0, "window": 0}"#,
        );
        for field in ["error_rate", "consecutive_failures", "latency_ms", "min_samples", "half_open_probes", "window"] {
            assert!(refusals.iter().any(|refusal| refusal.contains(field)), "{field}: {refusals:?}");
        }
    }
}
