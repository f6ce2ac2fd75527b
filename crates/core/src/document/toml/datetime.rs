//! Checks dates and times (RFC 3339, as TOML 1.1 narrows and widens it).

/// Whether `text` is a date, a time, or both, with or without an offset; or what is wrong.
pub(super) fn check(text: &str) -> Result<(), &'static str> {
    let bytes = text.as_bytes();
    if bytes.get(2) == Some(&b':') {
        return match time(bytes)? {
            [] => Ok(()),
            _ => Err("a time without a date is written as 07:32:00 and has no offset"),
        };
    }
    match date(bytes)? {
        [] => Ok(()),
        [b'T' | b't' | b' ', rest @ ..] => offset(time(rest)?),
        _ => Err("a date is written as 1979-05-27, and a time follows after `T` or a space"),
    }
}

fn date(bytes: &[u8]) -> Result<&[u8], &'static str> {
    const SHAPE: &str = "a date is written as 1979-05-27";
    let (year, rest) = number(bytes, 4).ok_or(SHAPE)?;
    let (month, rest) = number(after(rest, b'-').ok_or(SHAPE)?, 2).ok_or(SHAPE)?;
    let (day, rest) = number(after(rest, b'-').ok_or(SHAPE)?, 2).ok_or(SHAPE)?;
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let days = match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 => 28 + u32::from(leap),
        _ => return Err("a month is between 01 and 12"),
    };
    if day == 0 || day > days {
        return Err("the month has no such day");
    }
    Ok(rest)
}

fn time(bytes: &[u8]) -> Result<&[u8], &'static str> {
    const SHAPE: &str = "a time is written as 07:32 or 07:32:00 or 07:32:00.5";
    let (hour, rest) = number(bytes, 2).ok_or(SHAPE)?;
    let (minute, rest) = number(after(rest, b':').ok_or(SHAPE)?, 2).ok_or(SHAPE)?;
    if hour > 23 || minute > 59 {
        return Err("hours go to 23 and minutes to 59");
    }
    let Some(rest) = after(rest, b':') else { return Ok(rest) };
    let (second, rest) = number(rest, 2).ok_or(SHAPE)?;
    if second > 60 {
        return Err("seconds go to 59 (60 for a leap second)");
    }
    let Some(rest) = after(rest, b'.') else { return Ok(rest) };
    let digits = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
    if digits == 0 { Err(SHAPE) } else { Ok(&rest[digits..]) }
}

fn offset(bytes: &[u8]) -> Result<(), &'static str> {
    const SHAPE: &str = "an offset is written as Z or +02:00";
    match bytes {
        [] | [b'Z' | b'z'] => Ok(()),
        [b'+' | b'-', rest @ ..] => {
            let (hour, rest) = number(rest, 2).ok_or(SHAPE)?;
            let (minute, rest) = number(after(rest, b':').ok_or(SHAPE)?, 2).ok_or(SHAPE)?;
            if rest.is_empty() && hour <= 23 && minute <= 59 { Ok(()) } else { Err(SHAPE) }
        }
        _ => Err(SHAPE),
    }
}

/// A number of exactly `width` digits, and what follows.
fn number(bytes: &[u8], width: usize) -> Option<(u32, &[u8])> {
    let (digits, rest) = bytes.split_at_checked(width)?;
    digits.iter().try_fold(0, |sum, digit| Some(sum * 10 + char::from(*digit).to_digit(10)?)).map(|sum| (sum, rest))
}

fn after(bytes: &[u8], byte: u8) -> Option<&[u8]> {
    bytes.strip_prefix(&[byte])
}
