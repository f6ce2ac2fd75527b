//! What a cache knows of one remote secret.

use std::time::{Duration, SystemTime};

use super::{FetchError, Fetched};

/// How long after a failure the source is not asked again while there is an older copy.
const PAUSE: Duration = Duration::from_secs(5);

/// What is known of one secret.
#[derive(Default)]
pub(super) struct Entry {
    pub(super) fetched: Option<Fetched>,
    /// When the source last gave it.
    pub(super) at: Option<SystemTime>,
    /// The source gives nothing.
    pub(super) failing: Option<Failing>,
    /// Somebody asks at this moment.
    pub(super) asking: bool,
    /// When a configuration last wanted it.
    pub(super) wanted: Option<SystemTime>,
}

/// A secret that its source does not give.
#[derive(Clone)]
pub(super) struct Failing {
    pub(super) since: SystemTime,
    /// When that was last tried.
    pub(super) last: SystemTime,
    pub(super) why: FetchError,
}

impl Failing {
    pub(super) fn is_away(&self) -> bool {
        matches!(self.why, FetchError::Away(_))
    }

    /// Whether it was tried so lately that the source is left alone.
    pub(super) fn is_recent(&self, now: SystemTime) -> bool {
        age(Some(self.last), now).is_some_and(|age| age < PAUSE)
    }
}

/// How long ago that was.
pub(super) fn age(at: Option<SystemTime>, now: SystemTime) -> Option<Duration> {
    // A clock that was set back makes nothing fresh for ever.
    now.duration_since(at?).ok()
}
