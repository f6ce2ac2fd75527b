//! Where each entry stands in the journal, so that nobody reads a long one from its start: a file of records, and a
//! checkpoint that says how many of them can be trusted. Both are made of the journal, and again where they are lost.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::durable::{failed, options, replace_by};
use crate::entry::Entry;
use crate::error::StoreError;
use crate::hash::Hash;
use crate::verify::Anchor;

/// What is known of an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Record {
    /// Where its line begins.
    pub(super) offset: u64,
    /// The [key](request_key) of its request; 0 where it has none.
    pub(super) request: u64,
}

/// The bytes of a record.
const SIZE: u64 = 16;

/// Records that are read at once.
const BLOCK: u64 = 4096;

/// A number for a request. Two may share one, so that a hit has to be looked at.
pub(super) fn request_key(request: Option<&str>) -> u64 {
    let Some(request) = request else { return 0 };
    let hash = Hash::of(request.as_bytes());
    u64::from_str_radix(&hash.to_string()[..16], 16).unwrap_or_default().max(1)
}

impl Record {
    /// The record of an entry whose line begins at an offset.
    pub(super) fn of(entry: &Entry, offset: u64) -> Self {
        Self { offset, request: request_key(entry.request.as_deref()) }
    }

    fn from_bytes(bytes: &[u8]) -> Self {
        let number = |at: usize| u64::from_le_bytes(bytes[at..at + 8].try_into().expect("eight bytes"));
        Self { offset: number(0), request: number(8) }
    }

    fn bytes(self) -> impl Iterator<Item = u8> {
        self.offset.to_le_bytes().into_iter().chain(self.request.to_le_bytes())
    }
}

/// How far the index can be trusted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Checkpoint {
    /// The journal's anchor; a journal that was pruned has another.
    pub(super) anchor: Anchor,
    /// The revision of the last entry that the index has.
    pub(super) revision: u64,
    /// Its hash.
    pub(super) head: Hash,
    /// Where its line ends.
    pub(super) end: u64,
}

/// The two files.
#[derive(Debug, Clone)]
pub(super) struct Index {
    records: PathBuf,
    checkpoint: PathBuf,
}

impl Index {
    pub(super) fn new(directory: &Path) -> Self {
        Self { records: directory.join("journal.index"), checkpoint: directory.join("checkpoint.json") }
    }

    /// The checkpoint, if there is one that can be read. The index it speaks of is there, too.
    pub(super) fn checkpoint(&self) -> Option<Checkpoint> {
        let text = std::fs::read(&self.checkpoint).ok()?;
        let checkpoint: Checkpoint = serde_json::from_slice(&text).ok()?;
        let count = checkpoint.revision.checked_sub(checkpoint.anchor.revision)?;
        (self.records.metadata().ok()?.len() >= count * SIZE).then_some(checkpoint)
    }

    /// Adds records behind the first `count`, and trusts them from now on.
    pub(super) fn extend(&self, count: u64, records: &[Record], checkpoint: &Checkpoint) -> Result<(), StoreError> {
        let bytes: Vec<u8> = records.iter().flat_map(|record| record.bytes()).collect();
        let write = || {
            let mut file = options().write(true).create(true).truncate(false).open(&self.records)?;
            file.set_len(count * SIZE)?;
            file.seek(SeekFrom::End(0))?;
            file.write_all(&bytes)?;
            // Before the checkpoint says that they are there.
            file.sync_all()
        };
        write().map_err(|error| failed("write", &self.records, error))?;
        let text = serde_json::to_vec(checkpoint).expect("a struct of numbers");
        replace_by(&self.checkpoint, &text)
    }

    /// Trusts nothing any more; before the journal is replaced.
    pub(super) fn forget(&self) -> Result<(), StoreError> {
        super::durable::remove(&self.checkpoint).map(drop)
    }

    /// The records at some places, from 0.
    pub(super) fn read(&self, from: u64, count: u64) -> Result<Vec<Record>, StoreError> {
        let read = || -> io::Result<Vec<u8>> {
            let mut file = File::open(&self.records)?;
            file.seek(SeekFrom::Start(from * SIZE))?;
            let mut bytes = vec![0; usize::try_from(count * SIZE).map_err(io::Error::other)?];
            file.read_exact(&mut bytes)?;
            Ok(bytes)
        };
        let bytes = read().map_err(|error| failed("read", &self.records, error))?;
        Ok(bytes.chunks_exact(SIZE as usize).map(Record::from_bytes).collect())
    }

    /// The places among the first `count` whose request has a key, the last first.
    pub(super) fn find(&self, count: u64, request: u64) -> Result<Vec<u64>, StoreError> {
        let mut found = Vec::new();
        let mut end = count;
        while end > 0 {
            let start = end.saturating_sub(BLOCK);
            let records = self.read(start, end - start)?;
            let hits = records.iter().enumerate().rev().filter(|(_, record)| record.request == request);
            found.extend(hits.map(|(at, _)| start + at as u64));
            end = start;
        }
        Ok(found)
    }
}
