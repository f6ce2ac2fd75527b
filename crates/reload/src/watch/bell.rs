//! Wakes a thread: something may have changed, or it is to end.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use crate::sync::locked;

/// Wakes a thread. Rings while it is awake are not lost.
#[derive(Debug)]
pub(crate) struct Bell {
    rung: Mutex<Rung>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct Rung {
    /// The first and the last ring that nobody has answered yet.
    waiting: Option<(Instant, Instant)>,
    stopped: bool,
}

/// Why a thread woke.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Woken {
    /// The bell rang.
    Rung,
    /// The time has come.
    Late,
    /// It is to end.
    Stopped,
}

impl Bell {
    pub(crate) fn new() -> Self {
        Self { rung: Mutex::default(), changed: Condvar::new() }
    }

    #[cfg(feature = "watch")]
    pub(crate) fn ring(&self) {
        let now = Instant::now();
        let mut rung = locked(&self.rung);
        let first = rung.waiting.map_or(now, |(first, _)| first);
        rung.waiting = Some((first, now));
        self.changed.notify_all();
    }

    pub(crate) fn stop(&self) {
        locked(&self.rung).stopped = true;
        self.changed.notify_all();
    }

    pub(crate) fn is_stopped(&self) -> bool {
        locked(&self.rung).stopped
    }

    /// Waits for the bell, and then until it has been quiet for a while, but no longer than `most`.
    pub(crate) fn wait(&self, until: Instant, quiet: Duration, most: Duration) -> Woken {
        let mut rung = locked(&self.rung);
        loop {
            let now = Instant::now();
            let due = match rung.waiting {
                Some((first, last)) => (last + quiet).min(first + most),
                None => until,
            };
            if rung.stopped {
                return Woken::Stopped;
            }
            if now >= due {
                return if rung.waiting.take().is_some() { Woken::Rung } else { Woken::Late };
            }
            rung = self.sleep(rung, due - now);
        }
    }

    /// Lets a time pass, whatever rings; whether the thread is to go on.
    pub(crate) fn pause(&self, time: Duration) -> bool {
        let until = Instant::now() + time;
        let mut rung = locked(&self.rung);
        loop {
            let left = until.saturating_duration_since(Instant::now());
            if rung.stopped || left.is_zero() {
                return !rung.stopped;
            }
            rung = self.sleep(rung, left);
        }
    }

    fn sleep<'a>(&self, rung: MutexGuard<'a, Rung>, time: Duration) -> MutexGuard<'a, Rung> {
        self.changed.wait_timeout(rung, time).unwrap_or_else(PoisonError::into_inner).0
    }
}
