//! A moment that schedules, ramps and conditions name.

use std::fmt;
use std::time::{SystemTime, UNIX_EPOCH};

use serde::de::{self, Deserialize, Deserializer};
use serde::ser::{Serialize, Serializer};

/// A moment to the millisecond, written as RFC 3339: `2026-11-21T08:00:00Z`, with any offset; a date alone is its first
/// moment in UTC.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Moment(i64);

impl Moment {
    /// So many milliseconds after 1970 began; what no calendar year of four digits holds counts as its nearest end.
    #[must_use]
    pub fn from_millis(millis: i64) -> Self {
        /// The year 1, and where jiff's last year ends in every zone: RFC 3339 can write no others.
        const BOUNDS: (i64, i64) = (-62_135_596_800_000, 253_402_207_200_000);
        Self(millis.clamp(BOUNDS.0, BOUNDS.1))
    }

    /// This moment, by the system's clock.
    #[must_use]
    pub fn now() -> Self {
        SystemTime::now().into()
    }

    /// Milliseconds since 1970 began.
    #[must_use]
    pub const fn millis(self) -> i64 {
        self.0
    }

    /// The moment so much later.
    #[must_use]
    pub fn after(self, time: std::time::Duration) -> Self {
        Self::from_millis(self.0.saturating_add(i64::try_from(time.as_millis()).unwrap_or(i64::MAX)))
    }
}

impl From<SystemTime> for Moment {
    fn from(time: SystemTime) -> Self {
        let millis = |time: std::time::Duration| i64::try_from(time.as_millis()).unwrap_or(i64::MAX);
        match time.duration_since(UNIX_EPOCH) {
            Ok(since) => Self::from_millis(millis(since)),
            Err(error) => Self::from_millis(-millis(error.duration())),
        }
    }
}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match jiff::Timestamp::from_millisecond(self.0) {
            Ok(timestamp) => timestamp.fmt(f),
            // Out of reach: the bounds above are within jiff's.
            Err(_) => self.0.fmt(f),
        }
    }
}

impl fmt::Debug for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl std::str::FromStr for Moment {
    type Err = InvalidMoment;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let millis = crate::operator::moment::parse(text.trim());
        millis.map(Self::from_millis).ok_or_else(|| InvalidMoment(text.to_owned()))
    }
}

/// A text that is no moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvalidMoment(String);

impl fmt::Display for InvalidMoment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` is no moment: write `2026-11-21T08:00:00Z`, or with an offset", self.0.escape_debug())
    }
}

impl std::error::Error for InvalidMoment {}

impl Serialize for Moment {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Moment {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_offset_is_heeded() {
        let utc: Moment = "2026-11-21T08:00:00Z".parse().unwrap();
        assert_eq!("2026-11-21T09:30:00+01:30".parse(), Ok(utc));
        assert_eq!(utc.to_string(), "2026-11-21T08:00:00Z");
    }

    #[test]
    fn a_local_time_is_refused() {
        assert!("2026-11-21T08:00:00".parse::<Moment>().is_err());
        assert!("tomorrow".parse::<Moment>().is_err());
    }

    #[test]
    fn no_number_is_out_of_bounds() {
        for millis in [i64::MIN, i64::MAX] {
            let moment = Moment::from_millis(millis);
            assert_eq!(moment.to_string().parse(), Ok(moment));
        }
    }
}
