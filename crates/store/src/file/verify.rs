//! A look at every line and every file, which no damage stops.

use std::fs::File;
use std::io::BufReader;

use super::Places;
use super::durable::failed;
use super::journal::{self, Line};
use crate::documents::State;
use crate::error::StoreError;
use crate::verify::{Anchor, ChainWalk, Damage, Verified};

/// See [`Store::verify`](crate::Store::verify).
pub(super) fn verify(places: &Places) -> Result<Verified, StoreError> {
    let path = &places.journal;
    let mut input = BufReader::new(File::open(path).map_err(|error| failed("open", path, error))?);
    let (anchor, _) = journal::read_header(path, &mut input)?;
    let mut walk = ChainWalk::new(anchor);
    let mut last = None;
    for number in 2_u64.. {
        match journal::read_line(path, &mut input)? {
            Line::Entry(entry, _) | Line::Altered(entry) => {
                walk.entry(&entry);
                last = Some(*entry);
            }
            Line::Damaged => {
                walk.damage(Damage::Storage { detail: format!("{}:{number} is no entry", path.display()) });
            }
            Line::Torn | Line::End => break,
        }
    }
    for id in places.snapshots.ids()? {
        match places.snapshots.read(&id)? {
            Some(snapshot) => walk.snapshot(&snapshot),
            None => walk.damage(Damage::Snapshot { id }),
        }
    }
    // The checkpoint is no second truth, but it remembers what was stored before somebody cut the journal.
    let reached = last.as_ref().map_or(anchor, |entry| Anchor { revision: entry.revision, hash: entry.hash });
    let checkpoint = places.index.checkpoint().filter(|found| found.anchor == anchor);
    let current = match (checkpoint, &last) {
        (Some(checkpoint), _) if checkpoint.revision > reached.revision => {
            State { revision: checkpoint.revision, head: checkpoint.head, ..State::default() }
        }
        (_, Some(entry)) => entry.state(),
        (_, None) => State::default(),
    };
    Ok(walk.finish(&current, last.as_ref()))
}
