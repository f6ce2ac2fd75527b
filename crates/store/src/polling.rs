//! A watch for places that tell nobody: a look now and then.

use std::fmt;
use std::ops::RangeInclusive;
use std::thread::sleep;
use std::time::{Duration, Instant};

use crate::documents::State;
use crate::entry::Entry;
use crate::error::StoreError;
use crate::store::{Watch, Watched};
use crate::verify::Anchor;

/// How often to look.
const PERIOD: Duration = Duration::from_millis(50);

/// The most entries of one answer, since each holds all documents.
const BATCH: u64 = 64;

/// A watch that asks what came after a revision.
pub(crate) struct Polling<F> {
    from: u64,
    look: F,
}

impl<F: FnMut(u64) -> Result<Watched, StoreError>> Polling<F> {
    /// A watch that begins after a revision, and asks `look` what came after the one that it has reached.
    pub(crate) fn new(from: u64, look: F) -> Self {
        Self { from, look }
    }
}

impl<F> fmt::Debug for Polling<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Polling").field("from", &self.from).finish_non_exhaustive()
    }
}

impl<F: FnMut(u64) -> Result<Watched, StoreError> + Send> Watch for Polling<F> {
    fn next(&mut self, timeout: Duration) -> Result<Watched, StoreError> {
        let start = Instant::now();
        loop {
            let watched = (self.look)(self.from)?;
            match &watched {
                Watched::Entries(entries) => self.from = entries.last().map_or(self.from, |entry| entry.revision),
                Watched::Reset(state) => self.from = state.revision,
                Watched::Idle => {
                    let left = timeout.saturating_sub(start.elapsed());
                    if !left.is_zero() {
                        sleep(PERIOD.min(left));
                        continue;
                    }
                }
            }
            return Ok(watched);
        }
    }
}

/// What comes after a revision in a history between an anchor and the current state; `read` gives its entries.
pub(crate) fn after(
    from: u64,
    anchor: Anchor,
    current: &State,
    read: impl FnOnce(RangeInclusive<u64>) -> Result<Vec<Entry>, StoreError>,
) -> Result<Watched, StoreError> {
    if from == current.revision {
        Ok(Watched::Idle)
    } else if from < anchor.revision || from > current.revision {
        Ok(Watched::Reset(current.clone()))
    } else {
        read(from + 1..=current.revision.min(from + BATCH)).map(Watched::Entries)
    }
}
