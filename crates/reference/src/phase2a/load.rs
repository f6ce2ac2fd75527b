//! How many requests ask for a component: counted for the last minute, without a lock.

use std::sync::atomic::{AtomicU64, Ordering};

use strata_config_flags::model::Moment;

/// Milliseconds of a slice of time.
const SLICE: i64 = 5_000;
/// Slices of a minute, the running one among them.
const SLICES: usize = 12;

/// The requests of the last minute. Each place of the ring has the number of its slice of time in its upper half, and the
/// requests within it in its lower half.
#[derive(Debug, Default)]
pub(super) struct Load([AtomicU64; SLICES]);

impl Load {
    /// Counts a request.
    pub(super) fn count(&self, now: Moment) {
        let slice = slice(now);
        let place = &self.0[(slice % SLICES as u64) as usize];
        let counted = |before: u64| if before >> 32 == slice { before + 1 } else { slice << 32 | 1 };
        let _ = place.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |before| Some(counted(before)));
    }

    /// Requests of the last 55 to 60 seconds.
    pub(super) fn per_minute(&self, now: Moment) -> u64 {
        let running = slice(now);
        let places = self.0.iter().map(|place| place.load(Ordering::Relaxed));
        let recent = places.filter(|place| running.wrapping_sub(place >> 32) < SLICES as u64);
        recent.map(|place| place & u64::from(u32::MAX)).sum()
    }
}

/// The number of a moment's slice of time; what fits into half a place.
fn slice(now: Moment) -> u64 {
    u64::from(now.millis().div_euclid(SLICE) as u32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_minute_is_counted_and_what_is_older_forgotten() {
        let load = Load::default();
        let at = |second: i64| Moment::from_millis(1_800_000_000_000 + second * 1_000);
        assert_eq!(load.per_minute(at(0)), 0);
        (0..60).for_each(|second| load.count(at(second)));
        assert_eq!(load.per_minute(at(59)), 60);
        assert_eq!(load.per_minute(at(60)), 55, "a slice of five seconds has gone");
        assert_eq!(load.per_minute(at(200)), 0);
        load.count(at(200));
        assert_eq!(load.per_minute(at(200)), 1, "its place is used again");
    }
}
