//! The texts of durations and sizes, as the runtime reads them.

/// Units of durations, in nanoseconds.
pub(crate) const TIME_UNITS: &[(&str, i128)] = &[
    ("ns", 1),
    ("us", 1_000),
    ("ms", 1_000_000),
    ("s", 1_000_000_000),
    ("m", 60_000_000_000),
    ("min", 60_000_000_000),
    ("h", 3_600_000_000_000),
    ("d", 86_400_000_000_000),
    ("w", 604_800_000_000_000),
];

/// Units of sizes, in bytes.
pub(crate) const SIZE_UNITS: &[(&str, i128)] = &[
    ("B", 1),
    ("KB", 1_000),
    ("MB", 1_000_000),
    ("GB", 1_000_000_000),
    ("TB", 1_000_000_000_000),
    ("KiB", 1 << 10),
    ("MiB", 1 << 20),
    ("GiB", 1 << 30),
    ("TiB", 1 << 40),
];

/// The longest duration that the runtime keeps, in nanoseconds: 2^64 - 1 of them.
const LONGEST: i128 = u64::MAX as i128;

/// A duration in nanoseconds: `30s`, `1h30m`, `1.5s`, or a bare number of `unit` nanoseconds.
pub(crate) fn duration(text: &str, unit: i128) -> Option<i128> {
    if let Some(number) = number(text, unit) {
        return (number <= LONGEST).then_some(number);
    }
    let mut rest = text.trim();
    let mut total = 0_i128;
    while !rest.is_empty() {
        let (part, after) = measured(rest, time_unit)?;
        total = total.checked_add(part)?;
        rest = after.trim_start();
    }
    (!text.trim().is_empty() && total <= LONGEST).then_some(total)
}

/// A size in bytes: `512`, `256MB`, `1GiB`, `1.5GB`, or a bare number of `unit` bytes.
pub(crate) fn size(text: &str, unit: i128) -> Option<i128> {
    let text = text.trim();
    let (size, rest) = match number(text, unit) {
        Some(number) => (number, ""),
        None => measured(text, size_unit)?,
    };
    (rest.is_empty() && u64::try_from(size).is_ok()).then_some(size)
}

/// The factor of a unit of time.
pub(crate) fn time_unit(name: &str) -> Option<i128> {
    TIME_UNITS.iter().find(|(known, _)| *known == name).map(|&(_, factor)| factor)
}

/// The factor of a unit of size, in any case; `k` is `KB`.
pub(crate) fn size_unit(name: &str) -> Option<i128> {
    let short = matches!(&*name.to_ascii_lowercase(), "k" | "m" | "g" | "t");
    let name = if short { format!("{name}B") } else { name.to_owned() };
    SIZE_UNITS.iter().find(|(known, _)| known.eq_ignore_ascii_case(&name)).map(|&(_, factor)| factor)
}

/// A number and its unit at the start of `text`, and what follows.
fn measured(text: &str, unit: fn(&str) -> Option<i128>) -> Option<(i128, &str)> {
    let digits = text.find(|char: char| !char.is_ascii_digit() && char != '.')?;
    let (digits, rest) = text.split_at(digits);
    let rest = rest.trim_start();
    let end = rest.find(|char: char| !char.is_alphabetic()).unwrap_or(rest.len());
    let (name, rest) = rest.split_at(end);
    Some((number(digits, unit(name)?)?, rest))
}

/// A decimal number times `factor`, exactly; fractions finer than one are refused.
fn number(text: &str, factor: i128) -> Option<i128> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    if !digits(whole) || !digits(fraction) {
        return None;
    }
    let scale = 10_i128.checked_pow(u32::try_from(fraction.len()).ok()?)?;
    let parts = fraction.parse::<i128>().ok()?.checked_mul(factor)?;
    let whole = whole.parse::<i128>().ok()?.checked_mul(factor)?;
    (parts % scale == 0).then_some(())?;
    whole.checked_add(parts / scale)
}

#[cfg(test)]
mod tests {
    use super::{duration, size};

    const SECOND: i128 = 1_000_000_000;

    #[test]
    fn durations_take_units_and_sums_of_them() {
        for (text, nanoseconds) in [
            ("30s", 30 * SECOND),
            ("5m", 300 * SECOND),
            ("5min", 300 * SECOND),
            ("1h30m", 5400 * SECOND),
            ("250ms", SECOND / 4),
            ("1.5s", 3 * SECOND / 2),
            ("2d", 172_800 * SECOND),
            ("1w", 604_800 * SECOND),
            ("10us", 10_000),
            ("7ns", 7),
            ("30", 30 * SECOND),
            ("0.5", SECOND / 2),
            ("1h 30 min", 5400 * SECOND),
        ] {
            assert_eq!(duration(text, SECOND), Some(nanoseconds), "{text}");
        }
        assert_eq!(duration("30", 1_000_000), Some(30_000_000));
    }

    #[test]
    fn texts_that_are_no_durations() {
        for text in ["", "s", "30x", "-5s", "1h30", "1..5s", "1.s", ".5s", "1e3s", "30S", "soon"] {
            assert_eq!(duration(text, SECOND), None, "{text}");
        }
    }

    #[test]
    fn sizes_take_decimal_and_binary_units() {
        for (text, bytes) in [
            ("512", 512),
            ("512B", 512),
            ("256MB", 256_000_000),
            ("1GiB", 1 << 30),
            ("1.5kB", 1500),
            ("48KiB", 49_152),
            ("1.5 KiB", 1536),
            ("2k", 2000),
        ] {
            assert_eq!(size(text, 1), Some(bytes), "{text}");
        }
    }

    #[test]
    fn texts_that_are_no_sizes() {
        for text in ["", "MB", "-1MB", "1XB", "1MB2", "0.3B"] {
            assert_eq!(size(text, 1), None, "{text}");
        }
    }
}
