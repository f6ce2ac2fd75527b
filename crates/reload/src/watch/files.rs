//! The thread that watches files: it waits for a hint or for the next sweep, looks whether content differs, and has only
//! the sources read again whose content does.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::{Duration, Instant};

use strata_config_core::SourceId;

use super::bell::{Bell, Woken};
use super::options::WatchOptions;
use super::print::Print;
use super::state::WatchState;
use super::subject::{Reads, Subject};

/// What is seen twice so far apart counts as written to its end.
const SETTLE: Duration = Duration::from_millis(20);

/// How long a file has to be gone, or empty, before that is believed: editors and deployments remove and create.
const GONE: Duration = Duration::from_secs(1);

/// How often folders are followed that move away while they are being watched.
#[cfg(feature = "watch")]
const ATTEMPTS: u32 = 4;

type Prints = BTreeMap<SourceId, Print>;

/// The thread that watches files.
pub(crate) struct Files {
    subject: Box<dyn Subject>,
    state: Arc<WatchState>,
    bell: Arc<Bell>,
    debounce: Duration,
    longest: Duration,
    sweep: Duration,
    #[cfg(feature = "watch")]
    ear: Option<super::hub::Ear>,
    /// What the sources were last read as.
    known: Prints,
    /// The count of changes at which a failing source was last tried.
    tried: Option<u64>,
}

/// The configuration is gone, or the watching is to end.
struct Over;

impl Files {
    pub(crate) fn new(
        subject: Box<dyn Subject>,
        state: Arc<WatchState>,
        bell: Arc<Bell>,
        options: &WatchOptions,
    ) -> Self {
        #[cfg(feature = "watch")]
        let ear = options.notifications.then(|| super::hub::Ear::new(Arc::clone(&bell)));
        let (debounce, longest, sweep) = (options.debounce, options.longest(), options.sweep);
        Self {
            subject,
            state,
            bell,
            debounce,
            longest,
            sweep,
            #[cfg(feature = "watch")]
            ear,
            known: Prints::new(),
            tried: None,
        }
    }

    /// Takes what is there as what is known. It is read once more, since it may be newer than what was opened.
    pub(crate) fn begin(&mut self) {
        if let Ok(prints) = self.prints() {
            let all = prints.keys().copied().collect();
            // It fails where the configuration is gone; then the thread ends at once.
            drop(self.read(prints, all));
        }
    }

    pub(crate) fn run(mut self) {
        loop {
            match self.bell.wait(Instant::now() + self.sweep, self.debounce, self.longest) {
                Woken::Stopped => break,
                Woken::Rung => self.state.hinted(),
                Woken::Late => {}
            }
            // A check of the program's may panic. What was read then counts as known, and is not tried again.
            let looked = catch_unwind(AssertUnwindSafe(|| self.look()));
            if matches!(looked, Ok(Err(Over))) {
                break;
            }
        }
    }

    /// Has those sources read again whose content differs.
    fn look(&mut self) -> Result<(), Over> {
        loop {
            let (prints, changed) = self.settled()?;
            self.state.looked(!changed.is_empty());
            if changed.is_empty() {
                break;
            }
            self.read(prints, changed)?;
            // What was read may name files that were not looked at yet.
            let named = self.subject.sources().ok_or(Over)?;
            if named.iter().all(|reads| self.known.get(&reads.id).is_some_and(|print| print.has(&reads.files))) {
                break;
            }
        }
        self.retry()
    }

    /// Has sources read again. They are known from now on, whatever comes of it.
    fn read(&mut self, prints: Prints, mut changed: Vec<SourceId>) -> Result<(), Over> {
        changed.retain(|id| !prints[id].is_stream());
        self.known = prints;
        if self.bell.is_stopped() {
            return Err(Over);
        }
        if !changed.is_empty() {
            self.subject.refresh(&changed).ok_or(Over)?;
        }
        Ok(())
    }

    /// Tries failing sources again after other changes: a run-time value may have made them right.
    fn retry(&mut self) -> Result<(), Over> {
        let failing_at = self.subject.failing_at().ok_or(Over)?;
        if failing_at.is_some() && self.tried.is_some() && failing_at != self.tried {
            self.subject.refresh(&[]).ok_or(Over)?;
        }
        self.tried = self.subject.failing_at().ok_or(Over)?;
        Ok(())
    }

    /// The files as they are once nobody seems to be writing them, and the sources for which they differ.
    fn settled(&mut self) -> Result<(Prints, Vec<SourceId>), Over> {
        let latest = Instant::now() + self.longest;
        let mut prints = self.prints()?;
        let mut since = Instant::now();
        loop {
            let changed = self.changed(&prints);
            if changed.is_empty() {
                return Ok((prints, changed));
            }
            let is_doubtful = changed.iter().any(|id| prints[id].is_doubtful(self.known.get(id)));
            if is_doubtful {
                // A hint that it is back ends the wait.
                let until = (since + GONE).min(Instant::now() + self.sweep);
                let woken = self.bell.wait(until, self.debounce, self.longest);
                if woken == Woken::Stopped {
                    return Err(Over);
                }
            } else if !self.bell.pause(SETTLE) {
                return Err(Over);
            }
            let newest = self.prints()?;
            if newest == prints {
                if !is_doubtful || since.elapsed() >= GONE {
                    return Ok((prints, changed));
                }
            } else if !is_doubtful && Instant::now() >= latest {
                let changed = self.changed(&newest);
                return Ok((newest, changed));
            } else {
                prints = newest;
                since = Instant::now();
            }
        }
    }

    fn changed(&self, prints: &Prints) -> Vec<SourceId> {
        prints.iter().filter(|(id, print)| self.known.get(id) != Some(print)).map(|(id, _)| *id).collect()
    }

    /// The files as they are. Their folders are watched before, so that whatever changes later is told.
    fn prints(&mut self) -> Result<Prints, Over> {
        let sources = self.subject.sources().ok_or(Over)?;
        self.arm(&sources);
        Ok(sources.iter().map(|reads| (reads.id, Print::take(reads))).collect())
    }

    #[cfg(feature = "watch")]
    fn arm(&mut self, sources: &[Reads]) {
        let Some(ear) = &mut self.ear else {
            return self.state.armed(0, Some("the program asked for none".to_owned()));
        };
        let mut anew = 0;
        let mut limits = None;
        for _ in 0..ATTEMPTS {
            let armed = ear.arm(super::trail::folders(sources));
            anew += armed.anew;
            limits = armed.limits;
            // A link may have been turned elsewhere before its folder was watched: then it leads to others now.
            if !armed.is_other {
                break;
            }
        }
        self.state.armed(anew, limits);
    }

    #[cfg(not(feature = "watch"))]
    fn arm(&mut self, _: &[Reads]) {
        self.state.armed(0, Some("this program was built without the feature `watch`".to_owned()));
    }
}
