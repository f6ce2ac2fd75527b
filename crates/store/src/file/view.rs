//! What one handle knows of a journal: where it ends and what it holds. It never grows with the history.

use std::fs::{File, Metadata};
use std::io::{BufReader, Read, Seek, SeekFrom};

use super::Places;
use super::durable::failed;
use super::index::{Checkpoint, Record, request_key};
use super::journal::{self, Line, damaged};
use crate::documents::State;
use crate::entry::Entry;
use crate::error::{Kind, StoreError};
use crate::verify::Anchor;

/// Entries, or bytes of them, after which the index is brought up to date.
const CHECKPOINT_ENTRIES: usize = 64;
const CHECKPOINT_BYTES: u64 = 1 << 20;

/// What one handle knows of a journal.
#[derive(Debug)]
pub(super) struct View {
    journal: File,
    /// Which file it is; a journal that was pruned is another.
    identity: Identity,
    anchor: Anchor,
    /// After the last entry.
    pub(super) state: State,
    /// Where the last entry's line ends.
    pub(super) end: u64,
    /// How many entries the index has.
    indexed: u64,
    /// Where the last of these ends.
    indexed_to: u64,
    /// The entries behind these.
    tail: Vec<Record>,
}

impl View {
    /// Reads a journal, from the checkpoint where there is one.
    fn open(places: &Places) -> Result<Self, StoreError> {
        let path = &places.journal;
        let open = || {
            let journal = File::open(path)?;
            let metadata = journal.metadata()?;
            Ok((journal, metadata))
        };
        let (journal, metadata) = open().map_err(|error| failed("open", path, error))?;
        let (anchor, start) = journal::read_header(path, &mut BufReader::new(&journal))?;
        let state = State { revision: anchor.revision, head: anchor.hash, ..State::default() };
        let mut view = Self {
            journal,
            identity: identity(&metadata),
            anchor,
            state,
            end: start,
            indexed: 0,
            indexed_to: start,
            tail: vec![],
        };
        let checkpoint = places.index.checkpoint().filter(|checkpoint| checkpoint.anchor == anchor);
        if let Some(checkpoint) = checkpoint {
            view.skip_to(places, checkpoint, metadata.len());
        }
        view.catch_up(places)?;
        match checkpoint {
            Some(Checkpoint { revision, .. }) if view.state.revision < revision => {
                let last = view.state.revision;
                let message = format!("{} ends at revision {last}, though {revision} was stored", path.display());
                Err(StoreError::new(Kind::Corrupt, message))
            }
            _ => Ok(view),
        }
    }

    /// Begins behind a checkpoint, if the journal has its entry where it says.
    fn skip_to(&mut self, places: &Places, checkpoint: Checkpoint, len: u64) {
        let indexed = checkpoint.revision - self.anchor.revision;
        if indexed == 0 || checkpoint.end > len {
            return;
        }
        let Ok(records) = places.index.read(indexed - 1, 1) else { return };
        let Ok(Some(entry)) = self.parse_at(places, records[0].offset, checkpoint.end) else { return };
        if entry.hash == checkpoint.head && entry.revision == checkpoint.revision && entry.is_intact() {
            self.state = entry.state();
            self.end = checkpoint.end;
            self.indexed = indexed;
            self.indexed_to = checkpoint.end;
        }
    }

    /// Brings a view up to date, or makes one.
    pub(super) fn refresh<'a>(slot: &'a mut Option<Self>, places: &Places) -> Result<&'a mut Self, StoreError> {
        let path = &places.journal;
        let metadata = path.metadata().map_err(|error| failed("read", path, error))?;
        // A view that failed half-way is not used again.
        let known = slot.take().filter(|view| view.identity == identity(&metadata) && view.end <= metadata.len());
        let view = match known {
            None => Self::open(places)?,
            Some(view) if view.end == metadata.len() => view,
            Some(mut view) => {
                view.catch_up(places)?;
                view
            }
        };
        let view = slot.insert(view);
        if view.is_due() {
            view.trim(places);
        }
        Ok(view)
    }

    /// Reads the lines that others have written since.
    fn catch_up(&mut self, places: &Places) -> Result<(), StoreError> {
        let path = &places.journal;
        let before = self.state.revision;
        let mut input = BufReader::new(&self.journal);
        input.seek(SeekFrom::Start(self.end)).map_err(|error| failed("read", path, error))?;
        loop {
            let line = self.state.revision - self.anchor.revision + 2;
            match journal::read_line(path, &mut input)? {
                Line::Entry(entry, length) => {
                    if entry.previous != self.state.head || entry.revision != self.state.revision + 1 {
                        return Err(damaged(path, line, "does not continue the line before it"));
                    }
                    self.tail.push(Record::of(&entry, self.end));
                    self.state = entry.state();
                    self.end += length;
                }
                Line::Altered(_) => return Err(damaged(path, line, "was altered: its hash does not fit")),
                Line::Damaged => return Err(damaged(path, line, "is no entry")),
                Line::Torn | Line::End => break,
            }
        }
        // A writer may have been killed between its write and its sync; nothing is believed that a power cut could
        // take back.
        if self.state.revision > before {
            self.journal.sync_data().map_err(|error| failed("sync", path, error))?;
        }
        Ok(())
    }

    /// Forgets the records that the index has by now.
    fn trim(&mut self, places: &Places) {
        let checkpoint = places.index.checkpoint().filter(|checkpoint| checkpoint.anchor == self.anchor);
        let Some(checkpoint) = checkpoint.filter(|checkpoint| checkpoint.revision <= self.state.revision) else {
            return;
        };
        let indexed = checkpoint.revision - self.anchor.revision;
        if let Some(more) = indexed.checked_sub(self.indexed) {
            self.tail.drain(..more as usize);
            self.indexed = indexed;
            self.indexed_to = checkpoint.end;
        }
    }

    /// Takes note of an entry that was just written at the end.
    pub(super) fn append(&mut self, entry: &Entry, length: u64) {
        self.tail.push(Record::of(entry, self.end));
        self.state = entry.state();
        self.end += length;
    }

    /// Whether it is time to bring the index up to date.
    fn is_due(&self) -> bool {
        self.tail.len() >= CHECKPOINT_ENTRIES || self.end - self.indexed_to >= CHECKPOINT_BYTES
    }

    /// Brings the index up to date, where it is time; only for who holds the exclusive lock.
    pub(super) fn checkpoint(&mut self, places: &Places) -> Result<(), StoreError> {
        if self.is_due() {
            // What another handle's checkpoint has made trusted must not be written again.
            self.trim(places);
        }
        if !self.is_due() {
            return Ok(());
        }
        let Self { anchor, end, .. } = *self;
        let checkpoint = Checkpoint { anchor, revision: self.state.revision, head: self.state.head, end };
        places.index.extend(self.indexed, &self.tail, &checkpoint)?;
        self.indexed += self.tail.len() as u64;
        self.indexed_to = self.end;
        self.tail.clear();
        Ok(())
    }

    /// Where the history begins.
    pub(super) fn anchor(&self) -> Anchor {
        self.anchor
    }

    /// The revisions that the history has.
    pub(super) fn revisions(&self) -> std::ops::RangeInclusive<u64> {
        self.anchor.revision + 1..=self.state.revision
    }

    /// Where the line of a revision begins; the journal's end for the one that comes next.
    pub(super) fn offset(&self, places: &Places, revision: u64) -> Result<u64, StoreError> {
        let place = revision - self.anchor.revision - 1;
        match place.checked_sub(self.indexed) {
            Some(place) => Ok(self.tail.get(place as usize).map_or(self.end, |record| record.offset)),
            None => Ok(places.index.read(place, 1)?[0].offset),
        }
    }

    /// The entry of a revision that the history has.
    pub(super) fn entry(&self, places: &Places, revision: u64) -> Result<Entry, StoreError> {
        let (start, end) = (self.offset(places, revision)?, self.offset(places, revision + 1)?);
        let entry = self.parse_at(places, start, end)?;
        let line = revision - self.anchor.revision + 1;
        let entry = entry.ok_or_else(|| damaged(&places.journal, line, "is no entry"))?;
        if entry.revision != revision || !entry.is_intact() {
            return Err(damaged(&places.journal, line, "was altered: its hash does not fit"));
        }
        Ok(entry)
    }

    /// The entry of a request.
    pub(super) fn by_request(&self, places: &Places, request: &str) -> Result<Option<Entry>, StoreError> {
        let key = request_key(Some(request));
        let tail = self.tail.iter().enumerate().rev().filter(|(_, record)| record.request == key);
        let mut hits: Vec<_> = tail.map(|(at, _)| self.indexed + at as u64).collect();
        hits.extend(places.index.find(self.indexed, key)?);
        for place in hits {
            let entry = self.entry(places, self.anchor.revision + 1 + place)?;
            if entry.request.as_deref() == Some(request) {
                return Ok(Some(entry));
            }
        }
        Ok(None)
    }

    /// The bytes from an offset to the journal's end.
    pub(super) fn bytes_from(&self, offset: u64) -> std::io::Result<impl Read> {
        let mut journal = &self.journal;
        journal.seek(SeekFrom::Start(offset))?;
        Ok(journal.take(self.end - offset))
    }

    fn parse_at(&self, places: &Places, start: u64, end: u64) -> Result<Option<Entry>, StoreError> {
        let Some(length) = end.checked_sub(start) else { return Ok(None) };
        let read = || {
            let mut text = Vec::new();
            let mut journal = &self.journal;
            journal.seek(SeekFrom::Start(start))?;
            journal.take(length).read_to_end(&mut text)?;
            Ok(text)
        };
        let text = read().map_err(|error| failed("read", &places.journal, error))?;
        Ok(journal::parse(&text))
    }
}

/// What tells two files apart while one is open.
type Identity = (u64, u64);

/// Which file it is.
pub(super) fn identity(metadata: &Metadata) -> Identity {
    #[cfg(unix)]
    return (std::os::unix::fs::MetadataExt::dev(metadata), std::os::unix::fs::MetadataExt::ino(metadata));
    #[cfg(not(unix))]
    return (metadata.created().map_or(0, |time| crate::Timestamp::from(time).millis()), 0);
}
