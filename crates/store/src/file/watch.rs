//! The watch of a directory: a look at the journal's length now and then.

use std::sync::Arc;
use std::thread::sleep;
use std::time::{Duration, Instant, SystemTime};

use super::durable::failed;
use super::view::identity;
use super::{Places, Shared, View};
use crate::error::StoreError;
use crate::store::{Watch, Watched};

/// How often to look.
const PERIOD: Duration = Duration::from_millis(50);

/// The most entries of one answer, since each holds all documents.
const BATCH: u64 = 64;

#[derive(Debug)]
pub(super) struct FileWatch {
    shared: Arc<Shared>,
    from: u64,
    /// The journal as it was when it was last read to its end.
    seen: Option<Look>,
}

/// What tells without reading whether a journal has changed.
type Look = ((u64, u64), u64, Option<SystemTime>);

impl FileWatch {
    pub(super) fn new(shared: Arc<Shared>, from: u64) -> Self {
        Self { shared, from, seen: None }
    }

    fn look(&self) -> Result<Look, StoreError> {
        let path = &self.shared.places.journal;
        let metadata = path.metadata().map_err(|error| failed("read", path, error))?;
        Ok((identity(&metadata), metadata.len(), metadata.modified().ok()))
    }
}

impl Watch for FileWatch {
    fn next(&mut self, timeout: Duration) -> Result<Watched, StoreError> {
        let start = Instant::now();
        loop {
            let look = self.look()?;
            if self.seen != Some(look) {
                let (watched, current) = self.shared.read(|view, places| after(view, places, self.from))?;
                let reached = match &watched {
                    Watched::Entries(entries) => entries.last().map_or(self.from, |entry| entry.revision),
                    Watched::Reset(state) => state.revision,
                    Watched::Idle => self.from,
                };
                self.from = reached;
                self.seen = (reached == current).then_some(look);
                if watched != Watched::Idle {
                    return Ok(watched);
                }
            }
            let left = timeout.saturating_sub(start.elapsed());
            if left.is_zero() {
                return Ok(Watched::Idle);
            }
            sleep(PERIOD.min(left));
        }
    }
}

/// What comes after a revision, and the current one.
fn after(view: &View, places: &Places, from: u64) -> Result<(Watched, u64), StoreError> {
    let current = view.state.revision;
    let watched = if from == current {
        Watched::Idle
    } else if from < view.anchor().revision || from > current {
        Watched::Reset(view.state.clone())
    } else {
        let revisions = from + 1..=current.min(from + BATCH);
        Watched::Entries(revisions.map(|revision| view.entry(places, revision)).collect::<Result<_, _>>()?)
    };
    Ok((watched, current))
}
