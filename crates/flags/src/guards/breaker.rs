//! A circuit breaker: closed while things go well, open when they don't, half open to find out.

use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::window::{Samples, Window};
use super::{Limits, Outcome};
use crate::model::Moment;

/// A circuit breaker. Threads share it by reference; its lock is held for some nanoseconds, and by no evaluation of a
/// flag.
///
/// Time is always given, so that it can be simulated. A clock that goes back a little is taken to stand still.
pub struct Breaker(Mutex<Core>);

#[derive(Debug)]
struct Core {
    limits: Limits,
    window: Window,
    /// Failures since the last success.
    failures_in_a_row: u32,
    phase: Phase,
}

#[derive(Debug)]
enum Phase {
    Closed,
    Open {
        since: Moment,
        /// Good reports since it is half open.
        probed: u32,
        /// Since when, and how many, [`Breaker::allows`] has let try.
        let_through: Option<(Moment, u32)>,
        /// Whether somebody has been told that it is half open.
        is_told: bool,
        /// Whether the flags in use say so, too: until then, flags that say otherwise are older.
        is_known: bool,
    },
}

/// What a breaker is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BreakerState {
    /// Things go well.
    Closed,
    /// It has tripped, and its time of recovery is not over.
    Open {
        /// When it tripped.
        since: Moment,
    },
    /// A few may try whether things go well again.
    HalfOpen,
}

impl BreakerState {
    /// The state in a word.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Closed => "closed",
            Self::Open { .. } => "open",
            Self::HalfOpen => "half_open",
        }
    }
}

/// What a report changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// It has tripped, or tripped again.
    Tripped {
        /// Why, for people.
        because: String,
    },
    /// It is closed again.
    Closed {
        /// Since when it had been open.
        opened: Moment,
    },
}

impl Breaker {
    /// A closed one.
    #[must_use]
    pub fn new(limits: Limits) -> Self {
        let window = Window::of(limits.window);
        Self(Mutex::new(Core { limits, window, failures_in_a_row: 0, phase: Phase::Closed }))
    }

    fn core(&self) -> MutexGuard<'_, Core> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes other limits. What was reported stays, and counts by the new ones from the next report on.
    pub fn set_limits(&self, limits: Limits) {
        let mut core = self.core();
        core.window.resize(limits.window);
        core.limits = limits;
    }

    /// The limits.
    #[must_use]
    pub fn limits(&self) -> Limits {
        self.core().limits.clone()
    }

    /// Takes a report. While it is open, reports are of what began before it tripped, and change nothing.
    pub fn record(&self, now: Moment, outcome: Outcome) -> Option<Change> {
        self.core().record(now, outcome)
    }

    /// The state at a moment.
    #[must_use]
    pub fn state(&self, now: Moment) -> BreakerState {
        self.core().state(now)
    }

    /// Whether something may be tried at a moment. While it is half open, as many may as have to go well to close it;
    /// where they have not reported within the time of recovery, as many again.
    #[must_use]
    pub fn allows(&self, now: Moment) -> bool {
        self.core().allows(now)
    }

    /// What was reported within the window.
    #[must_use]
    pub fn samples(&self, now: Moment) -> Samples {
        self.core().window.samples(now)
    }

    /// Opens it, as if it had tripped at a moment.
    pub fn open(&self, since: Moment) {
        self.core().open(since, false);
    }

    /// Closes it, and forgets what was reported. Tells since when it had been open, if it was.
    pub fn close(&self) -> Option<Moment> {
        self.core().close()
    }

    /// Since when it is open, whether or not a few may try.
    pub(crate) fn opened(&self) -> Option<Moment> {
        match self.core().phase {
            Phase::Closed => None,
            Phase::Open { since, .. } => Some(since),
        }
    }

    /// Makes it what the flags in use say: open since a moment, or closed. What they cannot know yet stays.
    pub(crate) fn follow(&self, said: Option<Moment>) {
        let mut core = self.core();
        match (&mut core.phase, said) {
            (Phase::Closed, None) => {}
            (Phase::Open { since, is_known, .. }, Some(moment)) if *since == moment => *is_known = true,
            (Phase::Open { since, is_known: false, .. }, said) if said.is_none_or(|moment| moment < *since) => {}
            (_, Some(moment)) => core.open(moment, true),
            (_, None) => {
                core.close();
            }
        }
    }

    /// Whether it is half open, and this is the first time that somebody asks.
    pub(crate) fn has_become_half_open(&self, now: Moment) -> bool {
        let mut core = self.core();
        let is_half_open = core.state(now) == BreakerState::HalfOpen;
        match &mut core.phase {
            Phase::Open { is_told, .. } if is_half_open => !std::mem::replace(is_told, true),
            _ => false,
        }
    }
}

impl Core {
    fn state(&self, now: Moment) -> BreakerState {
        match self.phase {
            Phase::Closed => BreakerState::Closed,
            Phase::Open { since, .. } => match self.limits.recovery {
                Some(recovery) if now >= since.after(recovery) => BreakerState::HalfOpen,
                _ => BreakerState::Open { since },
            },
        }
    }

    fn open(&mut self, since: Moment, is_known: bool) {
        self.phase = Phase::Open { since, probed: 0, let_through: None, is_told: false, is_known };
    }

    fn close(&mut self) -> Option<Moment> {
        self.window.clear();
        self.failures_in_a_row = 0;
        match std::mem::replace(&mut self.phase, Phase::Closed) {
            Phase::Closed => None,
            Phase::Open { since, .. } => Some(since),
        }
    }

    fn record(&mut self, now: Moment, outcome: Outcome) -> Option<Change> {
        match self.state(now) {
            BreakerState::Open { .. } => None,
            BreakerState::HalfOpen if !outcome.ok => {
                self.open(now, false);
                Some(Change::Tripped { because: "a trial after the time of recovery failed".to_owned() })
            }
            BreakerState::HalfOpen => {
                let Phase::Open { probed, .. } = &mut self.phase else { return None };
                *probed += 1;
                if *probed < self.limits.half_open_probes {
                    return None;
                }
                self.close().map(|opened| Change::Closed { opened })
            }
            BreakerState::Closed => {
                self.window.record(now, outcome);
                self.failures_in_a_row = if outcome.ok { 0 } else { self.failures_in_a_row.saturating_add(1) };
                let because = self.trips_because(now)?;
                self.open(now, false);
                Some(Change::Tripped { because })
            }
        }
    }

    /// Why it trips, where it does.
    fn trips_because(&self, now: Moment) -> Option<String> {
        let limits = &self.limits;
        if limits.consecutive_failures.is_some_and(|most| self.failures_in_a_row >= most.max(1)) {
            return Some(format!("{} failures in a row", self.failures_in_a_row));
        }
        let samples = self.window.samples(now);
        let least = u64::from(limits.min_samples.max(1));
        let is_failing = |rate: &f64| samples.count >= least && samples.error_rate() > *rate;
        if let Some(rate) = limits.error_rate.filter(is_failing) {
            return Some(format!("{} of {} failed, above a share of {rate}", samples.failures, samples.count));
        }
        let (mean, highest) = (samples.mean_latency()?, limits.highest_latency()?);
        (samples.timed >= least && mean > highest).then(|| {
            let millis = |time: std::time::Duration| time.as_secs_f64() * 1_000.0;
            format!("a mean latency of {:.1} ms, above {:.1} ms", millis(mean), millis(highest))
        })
    }

    fn allows(&mut self, now: Moment) -> bool {
        match self.state(now) {
            BreakerState::Closed => true,
            BreakerState::Open { .. } => false,
            BreakerState::HalfOpen => {
                let (most, recovery) = (self.limits.half_open_probes.max(1), self.limits.recovery.unwrap_or_default());
                let Phase::Open { let_through, .. } = &mut self.phase else { return false };
                match let_through {
                    Some((since, count)) if now < since.after(recovery) => {
                        *count += u32::from(*count <= most);
                        *count <= most
                    }
                    _ => {
                        *let_through = Some((now, 1));
                        true
                    }
                }
            }
        }
    }
}

impl fmt::Debug for Breaker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let core = self.core();
        f.debug_struct("Breaker").field("limits", &core.limits).field("phase", &core.phase).finish_non_exhaustive()
    }
}
