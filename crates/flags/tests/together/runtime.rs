//! What surrounds evaluation while a program runs: swaps, counts, guards, signs of age, figures.

mod breaker;
mod exposures;
mod guards;
mod metrics;
mod stale;
mod store;
mod swaps;
mod values;

use std::sync::Arc;
use std::time::Duration;

use strata_config_flags::model::Moment;
use strata_config_flags::{FlagSet, Flags, Settings, SimulatedClock};

/// The set that this JSON defines.
fn set(json: &str) -> FlagSet {
    FlagSet::new(serde_json::from_str(json).unwrap()).unwrap()
}

fn moment(text: &str) -> Moment {
    text.parse().unwrap()
}

const fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

/// Flags whose clock stands still at eight o'clock.
fn simulated(json: &str) -> (Flags, Arc<SimulatedClock>) {
    let clock = Arc::new(SimulatedClock::at(moment("2026-11-21T08:00:00Z")));
    let settings = Settings { clock: Arc::<SimulatedClock>::clone(&clock), ..Settings::default() };
    (Flags::with(set(json), settings), clock)
}
