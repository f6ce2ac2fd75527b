//! How a rule stands: what was reported, since when it is beyond, and whether that is an alert.

use std::time::Instant;

use serde::Serialize;
use serde_json::Value as Json;
use strata_config_store::Timestamp;
use utoipa::ToSchema;

use super::rule::AlertRule;
use crate::wire::pointer;

/// An alert, whether it is active or not.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct AlertView {
    /// What it is called.
    pub(crate) name: String,
    /// The figure that is compared.
    pub(crate) figure: String,
    /// What was reported last; null where nothing was.
    pub(crate) value: Option<f64>,
    /// What it is compared with; null where the configuration has no number there.
    pub(crate) threshold: Option<f64>,
    /// `above`, `at_least` or `below`: the side of the threshold that is an alert.
    pub(crate) direction: String,
    /// Since when it is active.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub(crate) since: Option<Timestamp>,
    /// Whether it is one now.
    pub(crate) active: bool,
    /// Whether the configuration turns it on.
    pub(crate) enabled: bool,
    /// The figure is no longer reported.
    pub(crate) stale: bool,
    /// The threshold's path in the configuration.
    pub(crate) path: String,
}

/// What the configuration says of a rule.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Thresholds {
    pub(crate) threshold: Option<f64>,
    pub(crate) is_enabled: bool,
}

impl Thresholds {
    pub(crate) fn of(rule: &AlertRule, running: &Json) -> Self {
        let at = |path| running.pointer(&pointer(path));
        let threshold = at(&rule.threshold).and_then(Json::as_f64);
        let is_enabled = rule.enabled_by.as_ref().is_none_or(|path| at(path).and_then(Json::as_bool) == Some(true));
        Self { threshold, is_enabled }
    }
}

/// How a rule stands.
#[derive(Debug)]
pub(crate) struct State {
    pub(crate) rule: AlertRule,
    reported: Option<(f64, Instant)>,
    is_stale: bool,
    beyond_since: Option<Instant>,
    /// Since when it is an alert, and against which threshold.
    active: Option<(Timestamp, f64)>,
}

impl State {
    pub(crate) fn new(rule: AlertRule) -> Self {
        Self { rule, reported: None, is_stale: false, beyond_since: None, active: None }
    }

    pub(crate) fn take(&mut self, value: f64, now: Instant) {
        self.reported = Some((value, now));
    }

    /// Compares; whether the alert has begun or ended.
    pub(crate) fn look(&mut self, thresholds: &Thresholds, now: Instant) -> bool {
        let was_active = self.active.is_some();
        self.is_stale = self.reported.is_some_and(|(_, at)| now.saturating_duration_since(at) >= self.rule.fresh);
        let value = self.reported.filter(|_| thresholds.is_enabled && !self.is_stale).map(|(value, _)| value);
        match (value, thresholds.threshold) {
            (Some(value), Some(threshold)) => self.compare(value, threshold, now),
            _ => (self.beyond_since, self.active) = (None, None),
        }
        was_active != self.active.is_some()
    }

    fn compare(&mut self, value: f64, threshold: f64, now: Instant) {
        let direction = self.rule.direction;
        let is_beyond = direction.is_beyond(value, threshold);
        if let Some((_, begun_at)) = self.active {
            #[expect(clippy::float_cmp, reason = "the same setting unless somebody changed it")]
            let is_same = begun_at == threshold;
            // Only a figure that has come back clearly ends it; a threshold that was moved is meant as it stands.
            let back = direction.back(threshold, self.rule.margin);
            let stays = is_beyond || (is_same && direction.is_beyond(value, back));
            if !stays {
                (self.beyond_since, self.active) = (None, None);
            }
            return;
        }
        if !is_beyond {
            self.beyond_since = None;
            return;
        }
        let since = *self.beyond_since.get_or_insert(now);
        if now.saturating_duration_since(since) >= self.rule.lasting {
            self.active = Some((Timestamp::now(), threshold));
        }
    }

    pub(crate) fn view(&self, thresholds: &Thresholds) -> AlertView {
        AlertView {
            name: self.rule.name.clone(),
            figure: self.rule.figure.clone(),
            value: self.reported.map(|(value, _)| value),
            threshold: thresholds.threshold,
            direction: self.rule.direction.as_str().to_owned(),
            since: self.active.map(|(since, _)| since),
            active: self.active.is_some(),
            enabled: thresholds.is_enabled,
            stale: self.is_stale,
            path: self.rule.threshold.to_string(),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use strata_config_core::FieldPath;

    use super::*;

    const AT: FieldPath = FieldPath::new("limit");

    fn limit(threshold: f64) -> Thresholds {
        Thresholds { threshold: Some(threshold), is_enabled: true }
    }

    /// Whether the alert is active after each value.
    fn active(rule: AlertRule, values: &[(f64, f64)]) -> Vec<bool> {
        let mut state = State::new(rule);
        let now = Instant::now();
        let step = |&(value, threshold): &(f64, f64)| {
            state.take(value, now);
            state.look(&limit(threshold), now);
            state.active.is_some()
        };
        values.iter().map(step).collect()
    }

    #[test]
    fn a_figure_that_wavers_around_the_threshold_is_one_alert() {
        let at_100 = [100.0, 101.0, 99.0, 96.0, 101.0, 95.0, 99.0].map(|value| (value, 100.0));
        assert_eq!(active(AlertRule::above("f", AT), &at_100), [false, true, true, true, true, false, false]);
        let below = [0.7, 0.6, 0.71, 0.74, 0.72].map(|value| (value, 0.7));
        assert_eq!(active(AlertRule::below("f", AT), &below), [false, true, true, false, false]);
        assert_eq!(
            active(AlertRule::at_least("f", AT), &[(9.0, 10.0), (10.0, 10.0), (9.0, 10.0)]),
            [false, true, false]
        );
    }

    #[test]
    fn a_threshold_that_is_moved_counts_as_it_stands() {
        assert_eq!(
            active(AlertRule::above("f", AT), &[(99.0, 90.0), (99.0, 100.0), (99.0, 98.0)]),
            [true, false, true]
        );
    }

    #[test]
    fn it_begins_only_after_its_time_and_ends_when_nothing_is_reported_any_more() {
        let mut state = State::new(
            AlertRule::above("f", AT).for_duration(Duration::from_secs(10)).stale_after(Duration::from_secs(60)),
        );
        let start = Instant::now();
        let mut after = |seconds: u64, value: Option<f64>| {
            let now = start + Duration::from_secs(seconds);
            value.into_iter().for_each(|value| state.take(value, now));
            let told = state.look(&limit(1.0), now);
            (told, state.active.is_some(), state.is_stale)
        };
        assert_eq!(after(0, Some(2.0)), (false, false, false));
        assert_eq!(after(5, Some(0.0)), (false, false, false));
        assert_eq!(after(6, Some(2.0)), (false, false, false));
        // It was below in between.
        assert_eq!(after(12, Some(2.0)), (false, false, false));
        assert_eq!(after(16, Some(2.0)), (true, true, false));
        assert_eq!(after(75, None), (false, true, false));
        assert_eq!(after(76, None), (true, false, true));
    }
}
