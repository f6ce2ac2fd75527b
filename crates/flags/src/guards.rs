//! What watches over flags: reports of success and failure, breakers that trip and recover, and who stores a trip.

mod breaker;
mod limits;
mod sink;
mod watch;
mod watched;
mod window;

pub use breaker::{Breaker, BreakerState, Change};
pub use limits::Limits;
pub use sink::{NotStored, TripSink};
pub use watch::Watch;
pub(crate) use watched::{Watched, Wish};
pub use window::Samples;

use std::time::Duration;

/// How something that a flag turned on went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Outcome {
    /// Whether it went well.
    pub ok: bool,
    /// How long it took, where that is known.
    pub latency: Option<Duration>,
}

impl Outcome {
    /// It went well.
    pub const OK: Self = Self { ok: true, latency: None };
    /// It failed.
    pub const FAILED: Self = Self { ok: false, latency: None };

    /// The same, and how long it took.
    #[must_use]
    pub const fn after(self, latency: Duration) -> Self {
        Self { latency: Some(latency), ..self }
    }
}
