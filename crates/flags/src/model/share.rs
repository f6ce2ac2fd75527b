//! A share of all units, in steps of a thousandth of a percent.

use std::fmt;
use std::str::FromStr;

use serde::de::{self, Deserialize, Deserializer, Visitor};
use serde::ser::{Serialize, Serializer};

/// A share between nobody and everybody, in steps of 1/100,000: `"25%"`, `"0.001%"`, or the number of steps, 25000.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Share(u32);

impl Share {
    /// Nobody.
    pub const NOBODY: Self = Self(0);
    /// Everybody.
    pub const EVERYBODY: Self = Self(100_000);

    /// So many steps of 1/100,000; `None` above 100,000.
    #[must_use]
    pub const fn from_steps(steps: u32) -> Option<Self> {
        if steps <= Self::EVERYBODY.0 { Some(Self(steps)) } else { None }
    }

    /// The share nearest to a percentage; `None` below 0, above 100, or where it is no number.
    #[must_use]
    pub fn from_percent(percent: f64) -> Option<Self> {
        // Between 0 and 100,000 after the comparison, so the cast loses nothing but the sign of zero.
        (0.0..=100.0).contains(&percent).then(|| Self((percent * 1_000.0).round() as u32))
    }

    /// Steps of 1/100,000.
    #[must_use]
    pub const fn steps(self) -> u32 {
        self.0
    }

    /// The share in percent.
    #[must_use]
    pub fn percent(self) -> f64 {
        f64::from(self.0) / 1_000.0
    }
}

impl fmt::Display for Share {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}%", self.percent())
    }
}

/// A text that is no share.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvalidShare(String);

impl fmt::Display for InvalidShare {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for InvalidShare {}

impl FromStr for Share {
    type Err = InvalidShare;

    /// Reads `25%`: at most 100, with at most three decimals, since finer ones could not be kept.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let invalid = |message: String| Err(InvalidShare(message));
        let Some(digits) = text.trim().strip_suffix('%').map(str::trim_end) else {
            return invalid(format!("`{text}` is no percentage: write `25%`"));
        };
        let (whole, decimals) = digits.split_once('.').unwrap_or((digits, "0"));
        let is_number = |digits: &str| !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
        if !is_number(whole) || !is_number(decimals) || whole.len() > 9 {
            return invalid(format!("`{text}` is no percentage between 0% and 100%"));
        }
        let decimals = decimals.trim_end_matches('0');
        if decimals.len() > 3 {
            return invalid(format!("`{text}` is finer than 0.001%, the smallest step"));
        }
        let parse = |digits: &str| digits.parse::<u64>().unwrap_or(0);
        let steps = parse(whole) * 1_000 + parse(&format!("{decimals:0<3}"));
        match u32::try_from(steps).ok().and_then(Self::from_steps) {
            Some(share) => Ok(share),
            None => invalid(format!("`{text}` is more than 100%")),
        }
    }
}

impl Serialize for Share {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Share {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct ShareVisitor;

        impl Visitor<'_> for ShareVisitor {
            type Value = Share;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a percentage such as `\"25%\"`, or steps of 1/100,000")
            }

            fn visit_u64<E: de::Error>(self, steps: u64) -> Result<Share, E> {
                let share = u32::try_from(steps).ok().and_then(Share::from_steps);
                share.ok_or_else(|| E::custom(format!("{steps} is more than 100,000 steps, which are everybody")))
            }

            fn visit_i64<E: de::Error>(self, steps: i64) -> Result<Share, E> {
                match u64::try_from(steps) {
                    Ok(steps) => self.visit_u64(steps),
                    Err(_) => Err(E::custom(format!("{steps} is less than nobody"))),
                }
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Share, E> {
                text.parse().map_err(E::custom)
            }
        }

        deserializer.deserialize_any(ShareVisitor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentages_are_exact_to_a_thousandth() {
        for (text, steps) in
            [("0%", 0), ("25%", 25_000), ("0.001%", 1), ("33.333%", 33_333), ("100%", 100_000), ("5.50%", 5_500)]
        {
            assert_eq!(text.parse::<Share>().unwrap().steps(), steps, "{text}");
        }
    }

    #[test]
    fn what_is_no_share_says_why() {
        for (text, message) in [
            ("25", "no percentage"),
            ("0.25", "no percentage"),
            ("0.0001%", "finer than"),
            ("100.001%", "more than 100%"),
            ("-1%", "no percentage"),
            ("1e1%", "no percentage"),
            ("%", "no percentage"),
            ("99999999999999999999%", "no percentage"),
        ] {
            let error = text.parse::<Share>().unwrap_err().to_string();
            assert!(error.contains(message), "{text}: {error}");
        }
    }

    #[test]
    fn every_share_is_read_back_as_it_is_written() {
        for steps in 0..=100_000 {
            let share = Share::from_steps(steps).unwrap();
            assert_eq!(share.to_string().parse(), Ok(share));
            assert_eq!(Share::from_percent(share.percent()), Some(share));
        }
    }
}
