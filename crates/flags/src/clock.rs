//! Where the time comes from, so that tests need not sleep.

use std::fmt;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use crate::model::Moment;

/// Tells the time.
pub trait Clock: Send + Sync + fmt::Debug {
    /// The moment, as calendars know it.
    fn now(&self) -> Moment;

    /// How long the clock has run: it never goes back, and measures latencies.
    fn elapsed(&self) -> Duration;
}

/// The system's clock.
#[derive(Debug, Clone, Copy)]
pub struct SystemClock(Instant);

impl Default for SystemClock {
    fn default() -> Self {
        Self(Instant::now())
    }
}

impl Clock for SystemClock {
    fn now(&self) -> Moment {
        Moment::now()
    }

    fn elapsed(&self) -> Duration {
        self.0.elapsed()
    }
}

/// A clock that stands still until it is told to go on: for tests and simulations.
#[derive(Debug, Default)]
pub struct SimulatedClock {
    millis: AtomicI64,
    nanos: AtomicU64,
}

impl SimulatedClock {
    /// A clock that stands at this moment.
    #[must_use]
    pub fn at(moment: Moment) -> Self {
        Self { millis: AtomicI64::new(moment.millis()), nanos: AtomicU64::new(0) }
    }

    /// Lets this time pass.
    pub fn advance(&self, time: Duration) {
        let nanos = self.nanos.load(Ordering::Relaxed);
        let later = nanos.saturating_add(u64::try_from(time.as_nanos()).unwrap_or(u64::MAX));
        self.nanos.store(later, Ordering::Relaxed);
        let millis = i64::try_from(later / 1_000_000 - nanos / 1_000_000).unwrap_or(i64::MAX);
        self.millis.fetch_add(millis, Ordering::Relaxed);
    }
}

impl Clock for SimulatedClock {
    fn now(&self) -> Moment {
        Moment::from_millis(self.millis.load(Ordering::Relaxed))
    }

    fn elapsed(&self) -> Duration {
        Duration::from_nanos(self.nanos.load(Ordering::Relaxed))
    }
}
