//! The commit: one line at the journal's end, synced, or taken back.

use std::fs::File;
use std::io::{self, Seek, SeekFrom, Write};
use std::sync::{Mutex, PoisonError};

use super::durable::{failed, options};
use super::view::View;
use super::{Places, Shared};
use crate::documents::Documents;
use crate::entry::{Draft, Entry};
use crate::error::{CommitError, Kind, StoreError};
use crate::store::Committed;

/// Why a store takes no commit any more, if so.
#[derive(Debug, Default)]
pub(super) struct Stopped(Mutex<Option<String>>);

impl Stopped {
    /// Fails where the store was stopped.
    pub(super) fn check(&self) -> Result<(), StoreError> {
        match &*self.0.lock().unwrap_or_else(PoisonError::into_inner) {
            None => Ok(()),
            Some(reason) => Err(StoreError::new(Kind::Stopped, format!("open the store again: {reason}"))),
        }
    }

    fn stop(&self, reason: &StoreError) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(reason.to_string());
    }
}

impl Shared {
    /// See [`Store::commit`](crate::Store::commit).
    pub(super) fn commit(&self, expected: u64, documents: &Documents, draft: Draft) -> Result<Committed, CommitError> {
        self.write(|slot, places| {
            let view = View::refresh(slot, places)?;
            if let Some(request) = &draft.request
                && let Some(entry) = view.by_request(places, request)?
            {
                return Ok(Committed::Replayed(entry));
            }
            let current = view.state.revision;
            if current != expected {
                return Err(CommitError::Conflict { current });
            }
            self.append(view, places, documents, draft).map(Committed::New)
        })
    }

    /// Writes the entry after the current state.
    pub(super) fn append(
        &self,
        view: &mut View,
        places: &Places,
        documents: &Documents,
        draft: Draft,
    ) -> Result<Entry, CommitError> {
        let path = &places.journal;
        let entry = Entry::seal(&view.state, documents, draft);
        let line = entry.line() + "\n";
        let journal = options().write(true).open(path).and_then(|mut journal| {
            // What a writer left that was killed could be longer than the line that is written over it.
            journal.set_len(view.end)?;
            journal.seek(SeekFrom::Start(view.end))?;
            Ok(journal)
        });
        let mut journal = journal.map_err(|error| failed("open", path, error))?;
        match write(&mut journal, line.as_bytes()) {
            Ok(()) => {
                view.append(&entry, line.len() as u64);
                Ok(entry)
            }
            Err(error) => {
                let error = failed("write", path, error);
                match take_back(&journal, view.end) {
                    Ok(()) => Err(CommitError::Failed(error)),
                    Err(_) => {
                        self.stopped.stop(&error);
                        Err(CommitError::Unknown(error))
                    }
                }
            }
        }
    }
}

fn write(journal: &mut File, line: &[u8]) -> io::Result<()> {
    journal.write_all(line)?;
    journal.sync_all()
}

/// Makes it durable that a line was not written: after a failed sync nobody knows what reached the disk.
fn take_back(journal: &File, end: u64) -> io::Result<()> {
    journal.set_len(end)?;
    journal.sync_all()
}

impl From<StoreError> for CommitError {
    /// A failure before anything was written.
    fn from(error: StoreError) -> Self {
        Self::Failed(error)
    }
}
