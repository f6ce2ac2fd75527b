//! The grammar of text: what a variable, an argument or a string may say for a boolean, number, duration or size.

use std::time::Duration;

/// The text without white space around it; nearly all texts have none, which their first and last bytes tell.
#[inline]
pub(crate) fn trim(text: &str) -> &str {
    match text.as_bytes() {
        [only] if only.is_ascii_graphic() => text,
        [first, .., last] if first.is_ascii_graphic() && last.is_ascii_graphic() => text,
        _ => text.trim(),
    }
}

/// `true/false/1/0/yes/no/on/off/enabled/disabled`, in any case.
pub(crate) fn parse_bool(text: &str) -> Option<bool> {
    const TRUE: [&str; 5] = ["true", "1", "yes", "on", "enabled"];
    const FALSE: [&str; 5] = ["false", "0", "no", "off", "disabled"];
    let text = trim(text);
    if TRUE.iter().any(|word| text.eq_ignore_ascii_case(word)) {
        return Some(true);
    }
    FALSE.iter().any(|word| text.eq_ignore_ascii_case(word)).then_some(false)
}

/// The common case of an integer: a few plain digits.
#[inline]
pub(crate) fn parse_digits(text: &[u8]) -> Option<u64> {
    if text.is_empty() || text.len() > 18 {
        return None;
    }
    text.iter().try_fold(0, |sum, byte| byte.is_ascii_digit().then(|| sum * 10 + u64::from(byte - b'0')))
}

/// The common case of a number with a fraction: a few plain digits and a point between them. Both sides of the division
/// are exact, so its result is the nearest number (Clinger, "How to Read Floating Point Numbers Accurately", 1990).
#[inline]
pub(crate) fn parse_decimal(text: &[u8]) -> Option<f64> {
    let (last, before) = text.split_last()?;
    // 15 digits are less than 2^53.
    if before.len() > 15 || !last.is_ascii_digit() || !text[0].is_ascii_digit() {
        return None;
    }
    let (mut digits, mut scale, mut step) = (0_u64, 1_u64, 1_u64);
    for byte in text {
        match byte {
            b'0'..=b'9' => {
                digits = digits * 10 + u64::from(byte - b'0');
                scale *= step;
            }
            b'.' if step == 1 => step = 10,
            _ => return None,
        }
    }
    (step == 10).then(|| digits as f64 / scale as f64)
}

/// An integer: sign, digits with `_` between them, or `0x`, `0o`, `0b`.
///
/// # Errors
/// [`NumberError::Overflow`] beyond 128 bits, otherwise [`NumberError::Syntax`].
pub(crate) fn parse_int(text: &str) -> Result<i128, NumberError> {
    let text = trim(text);
    if let Some(value) = parse_digits(text.as_bytes()) {
        return Ok(i128::from(value));
    }
    let (negative, digits) = match text.as_bytes().first() {
        Some(b'-') => (true, &text[1..]),
        Some(b'+') => (false, &text[1..]),
        _ => (false, text),
    };
    let (radix, digits) = match digits.get(..2) {
        Some("0x" | "0X") => (16, &digits[2..]),
        Some("0o") => (8, &digits[2..]),
        Some("0b") => (2, &digits[2..]),
        _ => (10, digits),
    };
    let bytes = digits.as_bytes();
    let well_formed = bytes.iter().all(|byte| *byte == b'_' || char::from(*byte).is_digit(radix))
        && !bytes.is_empty()
        && bytes[0] != b'_'
        && bytes[bytes.len() - 1] != b'_'
        && !bytes.windows(2).any(|pair| pair == b"__");
    if !well_formed {
        return Err(NumberError::Syntax);
    }
    let mut value: i128 = 0;
    for digit in digits.chars().filter_map(|char| char.to_digit(radix)) {
        value = value
            .checked_mul(i128::from(radix))
            .and_then(|value| value.checked_sub(i128::from(digit)))
            .ok_or(NumberError::Overflow)?;
    }
    if negative { Ok(value) } else { value.checked_neg().ok_or(NumberError::Overflow) }
}

/// A number with or without fraction and exponent; `_` between digits; `inf` and `nan` are refused.
pub(crate) fn parse_float(text: &str) -> Result<f64, NumberError> {
    let text = trim(text);
    let plain = |byte: u8| byte.is_ascii_digit() || matches!(byte, b'.' | b'e' | b'E' | b'+' | b'-' | b'_');
    let joins = |three: &[u8]| three[0].is_ascii_digit() && three[2].is_ascii_digit();
    if text.is_empty() || !text.bytes().all(plain) || text.starts_with('_') || text.ends_with('_') {
        return parse_int(text).map(|value| value as f64);
    }
    if !text.as_bytes().windows(3).all(|three| three[1] != b'_' || joins(three)) {
        return Err(NumberError::Syntax);
    }
    let parsed = if text.contains('_') { text.replace('_', "").parse::<f64>() } else { text.parse() };
    match parsed {
        Ok(value) if value.is_finite() => Ok(value),
        Ok(_) => Err(NumberError::Overflow),
        Err(_) => Err(NumberError::Syntax),
    }
}

/// Why a text is not a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NumberError {
    /// It is no number at all.
    Syntax,
    /// It is a number that nothing here can hold.
    Overflow,
}

/// Nanoseconds of the units of time.
const TIME: [(&str, u64); 9] = [
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

/// Bytes of the units of size.
const SIZE: [(&str, u64); 10] = [
    ("b", 1),
    ("kb", 1_000),
    ("mb", 1_000_000),
    ("gb", 1_000_000_000),
    ("tb", 1_000_000_000_000),
    ("kib", 1 << 10),
    ("mib", 1 << 20),
    ("gib", 1 << 30),
    ("tib", 1 << 40),
    ("", 1),
];

/// A duration: `30s`, `1h30m`, `1.5s`, or a bare number in `unit` (seconds where that is empty).
pub(crate) fn parse_duration(text: &str, unit: &str) -> Option<Duration> {
    let mut rest = trim(text);
    if rest.is_empty() {
        return None;
    }
    if parse_float(rest).is_ok() {
        return scale_duration(rest, if unit.is_empty() { "s" } else { unit });
    }
    let mut total = Duration::ZERO;
    while !rest.is_empty() {
        let (number, unit, after) = number_and_unit(rest)?;
        total = total.checked_add(scale_duration(number, unit)?)?;
        rest = after.trim_start();
    }
    Some(total)
}

fn scale_duration(number: &str, unit: &str) -> Option<Duration> {
    let nanos = TIME.iter().find(|(name, _)| *name == unit)?.1;
    let total = scale(number, nanos)?;
    let seconds = u64::try_from(total / 1_000_000_000).ok()?;
    Some(Duration::new(seconds, (total % 1_000_000_000) as u32))
}

/// So many times a unit, rounded to a whole number; whole numbers stay exact, only fractions go through floats.
fn scale(number: &str, unit: u64) -> Option<u128> {
    if let Ok(whole) = parse_int(number) {
        return u128::try_from(whole).ok()?.checked_mul(u128::from(unit));
    }
    let number = parse_float(number).ok().filter(|number| *number >= 0.0)?;
    let whole = (number.trunc() as u128).checked_mul(u128::from(unit))?;
    whole.checked_add((number.fract() * unit as f64).round() as u128)
}

fn number_and_unit(text: &str) -> Option<(&str, &str, &str)> {
    let end = text.find(|char: char| !(char.is_ascii_digit() || matches!(char, '.' | '_')))?;
    let after = text[end..].trim_start();
    let unit = after.find(|char: char| !char.is_ascii_alphabetic()).unwrap_or(after.len());
    (unit > 0).then_some((&text[..end], &after[..unit], &after[unit..]))
}

/// A duration as its shortest exact text: `30s`, `5m`, `250ms`, `1500ms`.
pub(crate) fn format_duration(duration: Duration) -> String {
    let nanos = duration.as_nanos();
    if nanos == 0 {
        return "0s".to_owned();
    }
    for (unit, size) in [("h", TIME[6].1), ("m", TIME[4].1), ("s", TIME[3].1), ("ms", TIME[2].1), ("us", TIME[1].1)] {
        if nanos.is_multiple_of(u128::from(size)) {
            return format!("{}{unit}", nanos / u128::from(size));
        }
    }
    format!("{nanos}ns")
}

/// A size in bytes: `256MB`, `1GiB`, `1.5 KiB`, `512`; units in any case, `k`/`m`/`g` without `b` too.
pub(crate) fn parse_size(text: &str, unit: &str) -> Option<u64> {
    let text = trim(text);
    let (number, unit, after) = if parse_float(text).is_ok() { (text, unit, "") } else { number_and_unit(text)? };
    let bytes = size_of_unit(unit)?;
    // Half a byte is a mistake.
    let exact = parse_int(number).is_ok() || (parse_float(number).ok()? * bytes as f64).fract() == 0.0;
    let total = u64::try_from(scale(number, bytes)?).ok()?;
    (exact && after.is_empty()).then_some(total)
}

fn size_of_unit(unit: &str) -> Option<u64> {
    let unit = unit.to_ascii_lowercase();
    let unit = match unit.as_str() {
        "bytes" | "byte" => "b",
        "k" => "kb",
        "m" => "mb",
        "g" => "gb",
        "t" => "tb",
        other => other,
    };
    SIZE.iter().find(|(name, _)| *name == unit).map(|(_, bytes)| *bytes)
}

/// A size as its shortest exact text: `1GiB`, `256MB`, `1500`.
pub(crate) fn format_size(bytes: u64) -> String {
    let units =
        [("TiB", 1_u64 << 40), ("TB", 1_000_000_000_000), ("GiB", 1 << 30), ("GB", 1_000_000_000), ("MiB", 1 << 20)];
    let small = [("MB", 1_000_000), ("KiB", 1 << 10), ("kB", 1_000)];
    for (unit, size) in units.into_iter().chain(small) {
        if bytes > 0 && bytes.is_multiple_of(size) {
            return format!("{}{unit}", bytes / size);
        }
    }
    bytes.to_string()
}

/// The number of single edits between two texts, or `None` beyond `limit`.
pub(crate) fn distance(a: &str, b: &str, limit: usize) -> Option<usize> {
    if a.chars().count().abs_diff(b.chars().count()) > limit {
        return None;
    }
    let b: Vec<char> = b.chars().map(|char| char.to_ascii_lowercase()).collect();
    let mut previous: Vec<usize> = (0..=b.len()).collect();
    let mut before: Vec<usize> = previous.clone();
    let mut last = None;
    for (row, left) in a.chars().map(|char| char.to_ascii_lowercase()).enumerate() {
        let mut current = vec![row + 1];
        for (column, right) in b.iter().enumerate() {
            let replace = previous[column] + usize::from(left != *right);
            let mut cost = replace.min(previous[column + 1] + 1).min(current[column] + 1);
            // Two neighbours exchanged are one edit.
            if column > 0 && last == Some(*right) && b[column - 1] == left {
                cost = cost.min(before[column - 1] + 1);
            }
            current.push(cost);
        }
        before = std::mem::replace(&mut previous, current);
        last = Some(left);
    }
    let edits = previous[b.len()];
    (edits <= limit).then_some(edits)
}

/// The known name nearest to an unknown one, if any is near enough to be meant.
pub fn nearest<'a>(unknown: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let limit = (unknown.chars().count() / 3).clamp(1, 4);
    known
        .into_iter()
        .filter_map(|name| distance(unknown, name, limit).map(|edits| (edits, name)))
        .min_by_key(|(edits, _)| *edits)
        .map(|(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_take_underscores_signs_and_radixes() {
        for (text, value) in [("1_000", 1000), ("-5", -5), ("+7", 7), ("0xff", 255), ("0o17", 15), ("00123", 123)] {
            assert_eq!(parse_int(text), Ok(value), "{text}");
        }
        for text in ["", "_1", "1_", "1__0", "1.0", "0x", "١"] {
            assert_eq!(parse_int(text), Err(NumberError::Syntax), "{text}");
        }
        assert_eq!(parse_int(&"9".repeat(60)), Err(NumberError::Overflow));
        assert_eq!(parse_int(&i128::MIN.to_string()), Ok(i128::MIN));
    }

    proptest::proptest! {
        #[test]
        fn the_common_decimals_are_read_as_all_others(text in "[0-9.]{1,18}") {
            if let Some(value) = parse_decimal(text.as_bytes()) {
                proptest::prop_assert_eq!(text.parse::<f64>(), Ok(value));
            }
        }
    }

    #[test]
    fn underscores_stand_between_digits() {
        for (text, value) in [("1_000.25", 1000.25), ("1e1_0", 1e10), ("-1_2_3.0", -123.0)] {
            assert_eq!(parse_float(text), Ok(value), "{text}");
        }
        for text in ["1_.5", "1._5", "1__0.5", "-_1.5", "1e_5", "1.5_", "1_e5"] {
            assert_eq!(parse_float(text), Err(NumberError::Syntax), "{text}");
        }
    }

    #[test]
    fn durations_read_and_write() {
        for (text, unit, nanos) in [
            ("30s", "", 30_000_000_000),
            ("1h30m", "", 5_400_000_000_000),
            ("1.5s", "", 1_500_000_000),
            ("250", "ms", 250_000_000),
            ("5", "", 5_000_000_000),
            ("0.1", "", 100_000_000),
            ("2 min", "", 120_000_000_000),
            ("1w", "", 604_800_000_000_000),
            ("9007199254740993ns", "", 9_007_199_254_740_993),
        ] {
            assert_eq!(parse_duration(text, unit).map(|value| value.as_nanos()), Some(nanos), "{text}");
        }
        for text in ["", "s", "5x", "-1s", "1s?"] {
            assert_eq!(parse_duration(text, ""), None, "{text}");
        }
        for text in ["30s", "5m", "250ms", "90m", "7ns", "0s", "2h"] {
            assert_eq!(format_duration(parse_duration(text, "").unwrap()), text);
        }
    }

    #[test]
    fn sizes_read_and_write() {
        for (text, bytes) in [("256MB", 256_000_000), ("1GiB", 1 << 30), ("1.5 KiB", 1536), ("512", 512), ("2k", 2000)]
        {
            assert_eq!(parse_size(text, ""), Some(bytes), "{text}");
        }
        assert_eq!(parse_size("400", "MB"), Some(400_000_000));
        assert_eq!(parse_size("9007199254740993", ""), Some(9_007_199_254_740_993), "beyond what a float can tell");
        assert_eq!(parse_size("18014398509481983KiB", ""), Some(u64::MAX - 1023));
        for text in ["", "MB", "-1", "1.5", "1 parsec"] {
            assert_eq!(parse_size(text, ""), None, "{text}");
        }
        assert_eq!(format_size(1 << 20), "1MiB");
        assert_eq!(format_size(1501), "1501");
    }

    #[test]
    fn the_nearest_name_is_found() {
        assert_eq!(nearest("prot", ["host", "port"]), Some("port"));
        assert_eq!(nearest("batchsize", ["batch_size", "cache"]), Some("batch_size"));
        assert_eq!(nearest("x", ["host", "port"]), None);
    }
}
