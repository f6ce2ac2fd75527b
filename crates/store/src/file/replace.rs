//! What replaces the journal as a whole: pruning it, and restoring a backup into an empty store.

use std::io;

use super::Shared;
use super::journal;
use super::view::View;
use crate::backup::Backup;
use crate::documents::State;
use crate::entry::{Draft, Entry};
use crate::error::{CommitError, StoreError};
use crate::retention::{Pruned, Retention};
use crate::verify::Anchor;

impl Shared {
    /// See [`Store::prune`](crate::Store::prune).
    pub(super) fn prune(&self, retention: &Retention) -> Result<Pruned, StoreError> {
        self.write(|slot, places| {
            let view = View::refresh(slot, places)?;
            let revisions = view.revisions();
            let total = (revisions.end() + 1 - revisions.start()) as usize;
            let mut unreadable = None;
            let times = revisions.clone().map_while(|revision| match view.entry(places, revision) {
                Ok(entry) => Some(entry.at),
                Err(error) => {
                    unreadable = Some(error);
                    None
                }
            });
            let entries = retention.expired_entries(total, times);
            if let Some(error) = unreadable {
                return Err(error);
            }
            if entries > 0 {
                let last = view.entry(places, view.anchor().revision + entries as u64)?;
                let kept = view.offset(places, last.revision + 1)?;
                // The index is of the old journal; without it, a crash in between costs only time.
                places.index.forget()?;
                let anchor = Anchor { revision: last.revision, hash: last.hash };
                let copied = journal::create(&places.journal, anchor, |mut out| {
                    io::copy(&mut view.bytes_from(kept)?, &mut out).map(drop)
                });
                *slot = None;
                copied?;
            }
            let snapshots = retention.expired_snapshots(&places.snapshots.all()?);
            for id in &snapshots {
                places.snapshots.remove(id)?;
            }
            Ok(Pruned { entries, snapshots })
        })
    }

    /// See [`Store::restore`](crate::Store::restore).
    pub(super) fn restore(&self, backup: &Backup, draft: Draft) -> Result<State, StoreError> {
        backup.check()?;
        self.write(|slot, places| {
            let view = View::refresh(slot, places)?;
            if let Some(request) = &draft.request
                && view.by_request(places, request)?.is_some()
            {
                return Ok(view.state.clone());
            }
            for snapshot in backup.snapshots() {
                if !places.snapshots.has(&snapshot.id) {
                    places.snapshots.write(snapshot)?;
                }
            }
            let documents = backup.state().documents;
            if view.state.revision > 0 {
                let entry = self.append(view, places, &documents, draft).map_err(into_store_error)?;
                return Ok(entry.state());
            }
            let entry = Entry::seal(&backup.state(), &documents, draft);
            let written = journal::create(&places.journal, backup.anchor(), |out| {
                let mut entries = backup.entries().iter().chain([&entry]);
                entries.try_for_each(|entry| writeln!(out, "{}", entry.line()))
            });
            *slot = None;
            written.map(|()| entry.state())
        })
    }
}

/// What a failed commit says, where nobody else could have been faster.
fn into_store_error(error: CommitError) -> StoreError {
    match error {
        CommitError::Unknown(error) | CommitError::Failed(error) => error,
        CommitError::Conflict { .. } => unreachable!("only a compare-and-set conflicts"),
    }
}
