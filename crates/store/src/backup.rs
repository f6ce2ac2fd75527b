//! Everything of a store as one value.

use serde::{Deserialize, Serialize};

use crate::documents::State;
use crate::entry::Entry;
use crate::error::{Kind, StoreError};
use crate::hash::Hash;
use crate::snapshot::Snapshot;
use crate::verify::{Anchor, ChainWalk};

/// The version of the format that this library writes, and the only one that it reads.
const FORMAT: u32 = 1;

/// Everything of a store as one value: its history, so its documents too, and its snapshots.
///
/// It serialises as JSON, and an altered text does not deserialise. Secrets are in it as the documents have them: sealed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Parts")]
pub struct Backup {
    format: u32,
    anchor: Anchor,
    entries: Vec<Entry>,
    snapshots: Vec<Snapshot>,
    checksum: Hash,
}

impl Backup {
    /// A backup of what a store has: where its history begins, all entries and all snapshots from the oldest.
    #[must_use]
    pub fn new(anchor: Anchor, entries: Vec<Entry>, snapshots: Vec<Snapshot>) -> Self {
        let mut backup = Self { format: FORMAT, anchor, entries, snapshots, checksum: Hash::ZERO };
        backup.checksum = backup.expected_checksum();
        backup
    }

    /// Where the history begins.
    #[must_use]
    pub const fn anchor(&self) -> Anchor {
        self.anchor
    }

    /// The history, the oldest entry first.
    #[must_use]
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// The snapshots, the oldest first.
    #[must_use]
    pub fn snapshots(&self) -> &[Snapshot] {
        &self.snapshots
    }

    /// What was stored last.
    #[must_use]
    pub fn state(&self) -> State {
        self.entries.last().map(Entry::state).unwrap_or_default()
    }

    /// The backup as JSON.
    #[must_use]
    pub fn to_json(&self) -> String {
        serde_json::to_string(self).expect("a backup has no map whose keys could be anything but text")
    }

    /// Reads a backup and checks it.
    ///
    /// # Errors
    ///
    /// [`is_invalid`](StoreError::is_invalid) where it is none, or damaged; [`is_newer`](StoreError::is_newer) where a
    /// later version of this library wrote it.
    pub fn from_json(text: &str) -> Result<Self, StoreError> {
        // The version first: what else a later version has written need not be readable.
        let Version { format } = serde_json::from_str(text).map_err(|error| invalid("no backup").because(error))?;
        if format > FORMAT {
            let message = format!("the backup has format {format}, and this version reads {FORMAT}");
            return Err(StoreError::new(Kind::Newer, message));
        }
        serde_json::from_str(text).map_err(|error| invalid("the backup can't be read").because(error))
    }

    /// Whether checksum, chain and snapshots are as they were written.
    pub(crate) fn check(&self) -> Result<(), StoreError> {
        if self.format != FORMAT || self.checksum != self.expected_checksum() {
            return Err(invalid("the backup is damaged: its checksum does not fit"));
        }
        let mut walk = ChainWalk::new(self.anchor);
        self.entries.iter().for_each(|entry| walk.entry(entry));
        self.snapshots.iter().for_each(|snapshot| walk.snapshot(snapshot));
        match walk.finish(&self.state(), self.entries.last()).damages.first() {
            None => Ok(()),
            Some(damage) => Err(invalid(format!("the backup is damaged: {damage}"))),
        }
    }

    fn expected_checksum(&self) -> Hash {
        let Self { format, anchor, entries, snapshots, .. } = self;
        let body = serde_json::to_vec(&(format, anchor, entries, snapshots));
        Hash::of(&body.expect("as in `to_json`"))
    }
}

/// The version alone.
#[derive(Deserialize)]
struct Version {
    format: u32,
}

/// A backup before it is checked.
#[derive(Deserialize)]
struct Parts {
    format: u32,
    anchor: Anchor,
    entries: Vec<Entry>,
    snapshots: Vec<Snapshot>,
    checksum: Hash,
}

impl TryFrom<Parts> for Backup {
    type Error = StoreError;

    fn try_from(parts: Parts) -> Result<Self, StoreError> {
        let Parts { format, anchor, entries, snapshots, checksum } = parts;
        let backup = Self { format, anchor, entries, snapshots, checksum };
        backup.check().map(|()| backup)
    }
}

fn invalid(message: impl Into<String>) -> StoreError {
    StoreError::new(Kind::Invalid, message)
}
