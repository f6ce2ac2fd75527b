//! The watch of a directory: a look at the journal's length and time, before anything is read.

use std::sync::Arc;
use std::time::SystemTime;

use super::Shared;
use super::durable::failed;
use super::view::identity;
use crate::error::StoreError;
use crate::polling::{self, Polling};
use crate::store::{Watch, Watched};

/// What tells without reading whether a journal has changed.
type Look = ((u64, u64), u64, Option<SystemTime>);

/// See [`Store::watch`](crate::Store::watch).
pub(super) fn watch(shared: Arc<Shared>, from: u64) -> impl Watch {
    // The journal as it was when nothing more was found in it.
    let mut seen = None;
    Polling::new(from, move |from| {
        let look = look(&shared)?;
        if seen == Some(look) {
            return Ok(Watched::Idle);
        }
        let watched = shared.read(|view, places| {
            let read = |revisions: std::ops::RangeInclusive<u64>| {
                revisions.map(|revision| view.entry(places, revision)).collect()
            };
            polling::after(from, view.anchor(), &view.state, read)
        })?;
        seen = (watched == Watched::Idle).then_some(look);
        Ok(watched)
    })
}

fn look(shared: &Shared) -> Result<Look, StoreError> {
    let path = &shared.places.journal;
    let metadata = path.metadata().map_err(|error| failed("read", path, error))?;
    Ok((identity(&metadata), metadata.len(), metadata.modified().ok()))
}
