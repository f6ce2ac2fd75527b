//! When a breaker trips, and how it recovers.

use std::time::Duration;

use crate::model::{Guard, GuardAction};

/// When a breaker trips, and how it recovers.
#[derive(Debug, Clone, PartialEq)]
pub struct Limits {
    /// The share of failures, 0.0 to 1.0, above which it trips.
    pub error_rate: Option<f64>,
    /// Failures one after another that trip it, however few reports there are.
    pub consecutive_failures: Option<u32>,
    /// The latency that counts as normal.
    pub latency: Option<Duration>,
    /// How many times the normal latency the mean may be before it trips.
    pub latency_multiplier: f64,
    /// Reports within the window below which no rate and no mean trips it.
    pub min_samples: u32,
    /// How far back reports count.
    pub window: Duration,
    /// How long it stays open before a few may try again; `None`: until somebody closes it.
    pub recovery: Option<Duration>,
    /// Good reports in a row, while it is half open, that close it.
    pub half_open_probes: u32,
}

impl Default for Limits {
    /// No limit at all, and the times of a [`Guard`] where nothing is said.
    fn default() -> Self {
        Self::of(&Guard::default(), GuardAction::Off)
    }
}

impl Limits {
    /// Those of a flag's guard that does this when it trips. A paused ramp waits for somebody to close the guard.
    #[must_use]
    pub fn of(guard: &Guard, action: GuardAction) -> Self {
        Self {
            error_rate: guard.error_rate,
            consecutive_failures: guard.consecutive_failures,
            // What is refused when compiled does not come here; what comes from elsewhere is no limit then.
            latency: guard.latency_ms.and_then(|millis| Duration::try_from_secs_f64(millis / 1_000.0).ok()),
            latency_multiplier: guard.latency_multiplier,
            min_samples: guard.min_samples,
            window: guard.window,
            recovery: (action != GuardAction::Pause).then_some(guard.recovery),
            half_open_probes: guard.half_open_probes,
        }
    }

    /// The mean latency above which it trips.
    #[must_use]
    pub fn highest_latency(&self) -> Option<Duration> {
        let seconds = self.latency?.as_secs_f64() * self.latency_multiplier;
        Duration::try_from_secs_f64(seconds).ok()
    }
}
