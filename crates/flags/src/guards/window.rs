//! A window that slides over reports, as a ring of slices of time.

use std::time::Duration;

use super::Outcome;
use crate::model::Moment;

/// How many slices a window has: it covers the running one and those before, so between 0.9 and 1.0 of its length.
const SLICES: usize = 10;

/// What was reported within a window.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Samples {
    /// Reports.
    pub count: u64,
    /// How many of them were failures.
    pub failures: u64,
    /// How many of them said how long it took.
    pub timed: u64,
    /// How long those took together.
    pub latency: Duration,
}

impl Samples {
    /// The share of failures; 0 where there are no reports.
    #[must_use]
    pub fn error_rate(&self) -> f64 {
        if self.count == 0 { 0.0 } else { self.failures as f64 / self.count as f64 }
    }

    /// How long it took on average, where anything is known.
    #[must_use]
    pub fn mean_latency(&self) -> Option<Duration> {
        let nanos = self.latency.as_nanos().checked_div(u128::from(self.timed))?;
        Some(Duration::from_nanos(u64::try_from(nanos).unwrap_or(u64::MAX)))
    }

    fn add(&mut self, other: &Self) {
        self.count = self.count.saturating_add(other.count);
        self.failures = self.failures.saturating_add(other.failures);
        self.timed = self.timed.saturating_add(other.timed);
        self.latency = self.latency.saturating_add(other.latency);
    }
}

/// The reports of the last while.
#[derive(Debug)]
pub(super) struct Window {
    /// Milliseconds of a slice.
    width: i64,
    /// The slice of time that each place of the ring is about: the moment divided by the width.
    slices: [(i64, Samples); SLICES],
    newest: i64,
}

impl Window {
    pub(super) fn of(length: Duration) -> Self {
        Self { width: width(length), slices: [(i64::MIN, Samples::default()); SLICES], newest: i64::MIN }
    }

    /// Takes another length, and keeps what was reported.
    pub(super) fn resize(&mut self, length: Duration) {
        let before = std::mem::replace(self, Self::of(length));
        if before.width == self.width {
            *self = before;
            return;
        }
        let mut slices = before.slices.to_vec();
        slices.retain(|(_, samples)| samples.count > 0);
        slices.sort_unstable_by_key(|(slice, _)| *slice);
        for (slice, samples) in slices {
            self.add(Moment::from_millis(slice.saturating_mul(before.width)), &samples);
        }
    }

    pub(super) fn record(&mut self, now: Moment, outcome: Outcome) {
        let samples = Samples {
            count: 1,
            failures: u64::from(!outcome.ok),
            timed: u64::from(outcome.latency.is_some()),
            latency: outcome.latency.unwrap_or_default(),
        };
        self.add(now, &samples);
    }

    fn add(&mut self, at: Moment, samples: &Samples) {
        let mut slice = at.millis().div_euclid(self.width);
        if slice < self.newest {
            // A clock that was set back a little goes on in the newest slice; after more than a window, all begins anew.
            if self.newest - slice < SLICES as i64 {
                slice = self.newest;
            } else {
                self.clear();
            }
        }
        self.newest = slice;
        let place = &mut self.slices[slice.rem_euclid(SLICES as i64) as usize];
        if place.0 != slice {
            *place = (slice, Samples::default());
        }
        place.1.add(samples);
    }

    /// What is within the window at a moment.
    pub(super) fn samples(&self, now: Moment) -> Samples {
        let running = now.millis().div_euclid(self.width).max(self.newest);
        let mut sum = Samples::default();
        let recent = self.slices.iter().filter(|(slice, _)| *slice > running.saturating_sub(SLICES as i64));
        recent.for_each(|(_, samples)| sum.add(samples));
        sum
    }

    pub(super) fn clear(&mut self) {
        self.slices = [(i64::MIN, Samples::default()); SLICES];
        self.newest = i64::MIN;
    }
}

fn width(length: Duration) -> i64 {
    i64::try_from(length.as_millis()).unwrap_or(i64::MAX).saturating_add(SLICES as i64 - 1).max(SLICES as i64)
        / SLICES as i64
}
