//! Who keeps a trip for longer than this program runs, and tells it to others.

use std::fmt;

use crate::model::{Moment, Trip};

/// Stores trips: where flags live in a store, as a commit with an actor and a reason, so that other nodes follow.
///
/// The program that saw the failures acts on a trip at once, whatever the store says. Calls come on the thread whose
/// report tripped or closed the guard, one at a time for each flag, and no evaluation and no other report waits for
/// them; one that takes long should hand its work to a thread of its own. When a set comes with the stored trip, that
/// is what counts; when one comes without it later, the guard closes.
pub trait TripSink: Send + Sync {
    /// A flag's guard has tripped.
    ///
    /// # Errors
    /// The trip is not stored.
    fn trip(&self, key: &str, trip: &Trip) -> Result<(), NotStored>;

    /// A flag's guard that had tripped at a moment is closed.
    ///
    /// # Errors
    /// The end of the trip is not stored.
    fn close(&self, key: &str, tripped_at: Moment) -> Result<(), NotStored>;
}

/// Why a trip, or its end, could not be stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotStored {
    /// What is wrong, for people.
    pub message: String,
    /// Whether to try again, with the flag's next report or the next [`Flags::tick`](crate::Flags::tick): yes where a
    /// store was away or somebody else was faster, no where it is refused.
    pub retry: bool,
}

impl fmt::Display for NotStored {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for NotStored {}
