//! What a cache knows of one remote secret.

use std::fmt;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use super::{FetchError, Fetched};

/// How long after a failure the source is not asked again while there is an older copy.
const PAUSE: Duration = Duration::from_secs(5);

/// What is known of one secret.
#[derive(Default)]
pub(super) struct Entry {
    pub(super) fetched: Option<Fetched>,
    /// When the source last gave it.
    pub(super) at: Option<SystemTime>,
    /// When the source gave it to the process that kept it, where it is that copy.
    pub(super) kept: Option<SystemTime>,
    /// The source gives nothing.
    pub(super) failing: Option<Failing>,
    /// Somebody asks at this moment.
    pub(super) asking: bool,
    /// When a configuration last wanted it.
    pub(super) wanted: Option<SystemTime>,
}

impl Entry {
    /// What is known, with why it is not the source's own of now.
    pub(super) fn known(&self) -> Option<(Fetched, Option<Stale>)> {
        let stale = self.failing.as_ref().map(|failing| Stale {
            why: failing.why.clone(),
            since: failing.since,
            given: self.at,
            kept: self.kept,
        });
        Some((self.fetched.clone()?, stale))
    }
}

/// Why a secret is an older copy, and how old it is.
pub(super) struct Stale {
    pub(super) why: FetchError,
    since: SystemTime,
    given: Option<SystemTime>,
    kept: Option<SystemTime>,
}

/// As it stands behind a secret's place.
impl fmt::Display for Stale {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.why {
            FetchError::Away(_) => ", stale: its source is away",
            FetchError::Missing(_) | FetchError::Refused(_) => ", stale: its source gives it no more",
        })?;
        write!(f, " since {}", written(self.since))?;
        match (self.given, self.kept) {
            (Some(given), _) => write!(f, ", last given {}", written(given)),
            (None, Some(kept)) => write!(f, ", a copy kept since {}", written(kept)),
            (None, None) => Ok(()),
        }
    }
}

/// A moment in RFC 3339; what that can't write counts as its first or last one.
fn written(time: SystemTime) -> humantime::Rfc3339Timestamp {
    const LAST: u64 = 253_402_300_799;
    let since = time.duration_since(UNIX_EPOCH).unwrap_or_default().as_secs().min(LAST);
    humantime::format_rfc3339_seconds(UNIX_EPOCH + Duration::from_secs(since))
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
