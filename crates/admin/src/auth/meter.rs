//! How often something may happen: a bucket that leaks evenly, kept as one number (the generic cell rate algorithm).

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// How often: so many in a time, all of them at once if need be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Rate {
    /// Between two, in nanoseconds.
    step: u64,
    /// How far ahead of the even pace one may be.
    burst: u64,
}

impl Rate {
    /// So many in this time; at least one.
    pub(crate) fn new(count: u32, within: Duration) -> Self {
        let burst = nanos(within);
        Self { step: (burst / u64::from(count.max(1))).max(1), burst }
    }
}

/// One count. Moments are times since any beginning, the same for all calls.
#[derive(Debug, Default)]
pub(crate) struct Meter {
    /// When everything that has happened so far would be done at the even pace, in nanoseconds.
    due: AtomicU64,
}

impl Meter {
    /// Counts one more, or says after what time there is room for it.
    pub(crate) fn take(&self, rate: Rate, now: Duration) -> Result<(), Duration> {
        let now = nanos(now);
        let mut due = self.due.load(Ordering::Relaxed);
        loop {
            let next = due.max(now).saturating_add(rate.step);
            let ahead = next - now;
            if ahead > rate.burst {
                return Err(Duration::from_nanos(ahead - rate.burst));
            }
            match self.due.compare_exchange_weak(due, next, Ordering::Relaxed, Ordering::Relaxed) {
                Ok(_) => return Ok(()),
                Err(other) => due = other,
            }
        }
    }

    /// Whether nothing that has happened counts any more.
    pub(crate) fn is_quiet(&self, now: Duration) -> bool {
        self.due.load(Ordering::Relaxed) <= nanos(now)
    }
}

fn nanos(time: Duration) -> u64 {
    u64::try_from(time.as_nanos()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE: Duration = Duration::from_secs(60);

    #[test]
    fn all_may_come_at_once_and_then_at_the_even_pace() {
        let (meter, rate) = (Meter::default(), Rate::new(10, MINUTE));
        let now = Duration::from_secs(1000);
        for _ in 0..10 {
            assert_eq!(meter.take(rate, now), Ok(()));
        }
        assert_eq!(meter.take(rate, now), Err(Duration::from_secs(6)));
        assert_eq!(meter.take(rate, now + Duration::from_secs(5)), Err(Duration::from_secs(1)));
        assert_eq!(meter.take(rate, now + Duration::from_secs(6)), Ok(()));
        assert!(!meter.is_quiet(now + MINUTE) && meter.is_quiet(now + MINUTE + Duration::from_secs(6)));
    }

    #[test]
    fn a_minute_of_rest_gives_the_whole_share_and_no_more() {
        let (meter, rate) = (Meter::default(), Rate::new(3, MINUTE));
        for start in [0, 60, 6000] {
            let now = Duration::from_secs(start);
            let taken = (0..10).filter(|_| meter.take(rate, now).is_ok()).count();
            assert_eq!(taken, 3, "after {start} s");
        }
    }

    #[test]
    fn many_threads_together_get_no_more_than_one() {
        let (meter, rate) = (Meter::default(), Rate::new(100, MINUTE));
        let taken: usize = std::thread::scope(|scope| {
            let one = || (0..100).filter(|_| meter.take(rate, Duration::ZERO).is_ok()).count();
            let threads: Vec<_> = (0..4).map(|_| scope.spawn(one)).collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).sum()
        });
        assert_eq!(taken, 100);
    }
}
