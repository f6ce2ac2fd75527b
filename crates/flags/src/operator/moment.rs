//! Moments: RFC 3339 texts, plain dates and numbers, all as milliseconds since 1970 (UTC).
//!
//! Written by hand since an evaluation allocates nothing, and jiff's errors do. jiff is what the tests compare with.

/// The numbers that JavaScript's `Date` takes, which is more than years 0 to 9999.
const FURTHEST: f64 = 8.64e15;

/// The moment that a text is.
///
/// - RFC 3339 as it stands: `2026-03-01T12:00:00Z`, `2026-03-01t12:00:00.5+01:00`, with a space for the `T` as its
///   section 5.6 allows. The offset is required: a moment without one is another moment on every machine.
/// - A date, `2026-03-01`, is its midnight in UTC.
///
/// Digits beyond the milliseconds are cut off. A second of 60 is the 59th, as in jiff, since clocks have no other.
/// Nothing else is read: no week dates, no basic format, no expanded years, no comma, no zone in brackets, no spaces
/// around. A number in a text is not a moment; say it as a number.
pub(crate) fn parse(text: &str) -> Option<i64> {
    let mut reader = Reader(text.as_bytes());
    let (year, month, day) = (reader.number(4)?, reader.after(b"-")?, reader.after(b"-")?);
    if !(1..=12).contains(&month) || !(1..=days_in(year, month)).contains(&day) {
        return None;
    }
    let midnight = days_since_1970(year, month, day) * 86_400_000;
    if reader.0.is_empty() {
        return Some(midnight);
    }
    let (hour, minute, second) = (reader.after(b"Tt ")?, reader.after(b":")?, reader.after(b":")?);
    if hour > 23 || minute > 59 || second > 60 {
        return None;
    }
    let milliseconds = reader.fraction()?;
    let minutes = hour * 60 + minute - reader.offset()?;
    let moment = midnight + (minutes * 60 + second.min(59)) * 1000 + milliseconds;
    reader.0.is_empty().then_some(moment)
}

/// The moment that a number of milliseconds since 1970 is, cut off to whole ones; none beyond what JavaScript's
/// `Date` takes (ECMA-262, 21.4.1.1), which no clock tells and which hides a number of another unit.
pub(crate) fn from_milliseconds(number: f64) -> Option<i64> {
    (number.abs() <= FURTHEST).then_some(number as i64)
}

struct Reader<'a>(&'a [u8]);

impl Reader<'_> {
    fn byte(&mut self, allowed: &[u8]) -> Option<u8> {
        let (first, rest) = self.0.split_first()?;
        if !allowed.contains(first) {
            return None;
        }
        self.0 = rest;
        Some(*first)
    }

    fn digit(&mut self) -> Option<i64> {
        self.byte(b"0123456789").map(|byte| i64::from(byte - b'0'))
    }

    fn number(&mut self, digits: usize) -> Option<i64> {
        (0..digits).try_fold(0, |number, _| Some(number * 10 + self.digit()?))
    }

    /// Two digits after one of the separators.
    fn after(&mut self, separators: &[u8]) -> Option<i64> {
        self.byte(separators)?;
        self.number(2)
    }

    fn fraction(&mut self) -> Option<i64> {
        if self.byte(b".").is_none() {
            return Some(0);
        }
        let mut unit = 100;
        let mut milliseconds = self.digit()? * unit;
        while let Some(digit) = self.digit() {
            unit /= 10;
            milliseconds += digit * unit;
        }
        Some(milliseconds)
    }

    /// Minutes east of UTC.
    fn offset(&mut self) -> Option<i64> {
        let sign = match self.byte(b"Zz+-")? {
            b'+' => 1,
            b'-' => -1,
            _ => return Some(0),
        };
        let (hours, minutes) = (self.number(2)?, self.after(b":")?);
        (hours <= 23 && minutes <= 59).then_some(sign * (hours * 60 + minutes))
    }
}

fn days_in(year: i64, month: i64) -> i64 {
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    match month {
        2 => 28 + i64::from(leap),
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Source: Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms", `days_from_civil`: years begin in March, so
/// that the leap day is the last one.
fn days_since_1970(year: i64, month: i64, day: i64) -> i64 {
    let year = year - i64::from(month <= 2);
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * 146_097 + day_of_era - 719_468
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use proptest::prelude::*;

    use super::{from_milliseconds, parse};

    #[test]
    fn rfc_3339_is_read_with_its_offset() {
        for (text, milliseconds) in [
            ("1970-01-01T00:00:00Z", 0),
            ("1969-12-31T23:59:59.999Z", -1),
            ("1985-04-12T23:20:50.52Z", 482_196_050_520),
            ("1996-12-19T16:39:57-08:00", 851_042_397_000),
            ("1937-01-01T12:00:27.87+00:20", -1_041_337_172_130),
            ("2000-02-29t00:00:00z", 951_782_400_000),
            ("2026-03-01 12:00:00.123987654321+01:00", 1_772_362_800_123),
        ] {
            assert_eq!(parse(text), Some(milliseconds), "{text}");
        }
    }

    #[test]
    fn a_leap_second_is_the_second_before() {
        assert_eq!(parse("1990-12-31T23:59:60Z"), parse("1990-12-31T23:59:59Z"));
    }

    #[test]
    fn a_date_is_its_midnight_in_utc() {
        assert_eq!(parse("2026-03-01"), parse("2026-03-01T00:00:00Z"));
        assert_eq!(parse("0000-02-29"), Some(-62_162_121_600_000));
    }

    #[test]
    fn all_else_is_no_moment() {
        for text in [
            "",
            "2026",
            "2026-3-1",
            "2026-02-29",
            "2100-02-29",
            "2026-13-01",
            "2026-00-01",
            "2026-01-00",
            "2026-04-31",
            "2026-03-01T",
            "2026-03-01T12:00Z",
            "2026-03-01T12:00:00",
            "2026-03-01T24:00:00Z",
            "2026-03-01T12:60:00Z",
            "2026-03-01T12:00:61Z",
            "2026-03-01T12:00:00.Z",
            "2026-03-01T12:00:00,5Z",
            "2026-03-01T12:00:00+1:00",
            "2026-03-01T12:00:00+0100",
            "2026-03-01T12:00:00+24:00",
            "2026-03-01T12:00:00Z ",
            " 2026-03-01",
            "2026-03-01T12:00:00Z[UTC]",
            "20260301",
            "+002026-03-01",
            "-001-01-01",
            "1700000000000",
            "２０２６-03-01",
            "2026-W09-7",
        ] {
            assert_eq!(parse(text), None, "{text:?}");
        }
    }

    #[test]
    fn huge_texts_end() {
        let fraction = "9".repeat(1_000_000);
        let text = format!("2026-03-01T12:00:00.{fraction}Z");
        assert_eq!(parse(&text), parse("2026-03-01T12:00:00.999Z"));
        assert_eq!(parse(&fraction), None);
    }

    #[test]
    fn numbers_are_milliseconds_within_what_dates_hold() {
        assert_eq!(from_milliseconds(1_700_000_000_000.9), Some(1_700_000_000_000));
        assert_eq!(from_milliseconds(-1.0), Some(-1));
        assert_eq!(from_milliseconds(8.64e15), Some(8_640_000_000_000_000));
        for number in [8.65e15, -1e300, f64::NAN, f64::INFINITY] {
            assert_eq!(from_milliseconds(number), None);
        }
    }

    proptest! {
        #[test]
        fn it_agrees_with_jiff(
            second in -62_135_596_800_i64..253_402_207_200,
            nanosecond in 0_i64..1_000_000_000,
            minutes in -1439_i64..=1439,
        ) {
            let moment = Timestamp::from_second(second).unwrap();
            let sign = if minutes < 0 { '-' } else { '+' };
            let offset = format!("{sign}{:02}:{:02}", minutes.abs() / 60, minutes.abs() % 60);
            let text = format!("{moment:.0}");
            let text = text.replace('Z', &format!(".{nanosecond:09}{offset}"));
            let nanoseconds = text.parse::<Timestamp>().map(Timestamp::as_nanosecond);
            // jiff takes offsets up to 25 hours, but no moment outside its own range.
            if let Ok(nanoseconds) = nanoseconds {
                prop_assert_eq!(parse(&text).map(i128::from), Some(nanoseconds.div_euclid(1_000_000)));
            }
        }

        #[test]
        fn no_text_panics(text in "[0-9:TZ+. -]{0,30}", other in ".{0,40}") {
            let _ = (parse(&text), parse(&other));
        }
    }
}
