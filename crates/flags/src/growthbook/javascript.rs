//! Values as JavaScript compares them, which is what GrowthBook's conditions mean; nothing here allocates.
//!
//! Source: ECMA-262, 6.1.6.1.20 `Number::toString`, 7.1.4 `ToNumber`, 7.1.17 `ToString`, 7.2.13 `IsLessThan`.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::fmt::{self, Write as _};
use std::io::Write as _;

use serde_json::Value as Json;

use crate::context::Attribute;

/// A value that is compared. What is not there is null.
#[derive(Clone, Copy, Debug)]
pub(super) enum Value<'v> {
    Null,
    Bool(bool),
    Number(f64),
    Text(&'v str),
    List(&'v [Attribute<'v>]),
    Map(&'v [(Cow<'v, str>, Attribute<'v>)]),
}

impl<'v> Value<'v> {
    pub(super) fn of(attribute: &'v Attribute<'v>) -> Self {
        match attribute {
            Attribute::Null => Self::Null,
            Attribute::Bool(value) => Self::Bool(*value),
            Attribute::Int(value) => Self::Number(*value as f64),
            Attribute::Float(value) => Self::Number(*value),
            Attribute::Text(text) => Self::Text(text),
            Attribute::List(items) => Self::List(items),
            Attribute::Map(entries) => Self::Map(entries),
        }
    }

    /// What has this name in it: an entry, an item by its number, a list's `length`.
    pub(super) fn entry(self, name: &str) -> Self {
        let found = match self {
            Self::Map(entries) => entries.iter().find(|(known, _)| known == name).map(|(_, value)| value),
            Self::List(items) if name == "length" => return Self::Number(items.len() as f64),
            Self::List(items) if name == "0" || !name.starts_with(['0', '+']) => {
                name.parse::<usize>().ok().and_then(|index| items.get(index))
            }
            _ => None,
        };
        found.map_or(Self::Null, Self::of)
    }

    pub(super) fn is_null(self) -> bool {
        matches!(self, Self::Null)
    }

    /// `!!value`.
    pub(super) fn is_truthy(self) -> bool {
        match self {
            Self::Null => false,
            Self::Bool(value) => value,
            Self::Number(value) => value != 0.0 && !value.is_nan(),
            Self::Text(text) => !text.is_empty(),
            Self::List(_) | Self::Map(_) => true,
        }
    }

    /// `value * 1`.
    pub(super) fn number(self) -> f64 {
        match self {
            Self::Null => 0.0,
            Self::Bool(value) => f64::from(u8::from(value)),
            Self::Number(value) => value,
            Self::Text(text) => number_of(text),
            Self::List([]) => 0.0,
            Self::List([Attribute::Bool(_)]) => f64::NAN,
            // A list is its text first, and that of one item is the item's.
            Self::List([item]) => Self::of(item).number(),
            Self::List(_) | Self::Map(_) => f64::NAN,
        }
    }

    /// How `value + ""` stands to a text, unit by unit of UTF-16.
    pub(super) fn order_to(self, text: &str) -> Ordering {
        self.against(text, false)
    }

    /// Whether `value + ""` is this text.
    pub(super) fn is_text(self, text: &str) -> bool {
        match self {
            Self::Text(own) => own == text,
            _ => self.against(text, false).is_eq(),
        }
    }

    /// Whether `value + ""` in lower case is this text, which is in lower case.
    pub(super) fn is_folded_text(self, text: &str) -> bool {
        self.against(text, true).is_eq()
    }

    fn against(self, text: &str, fold: bool) -> Ordering {
        let mut against = Against { rest: text.encode_utf16(), order: Ordering::Equal, fold };
        // It ends early where the order is found.
        let _ = self.write(&mut against);
        match against.order {
            Ordering::Equal if against.rest.next().is_some() => Ordering::Less,
            order => order,
        }
    }

    /// Writes `value + ""`.
    pub(super) fn write(self, to: &mut impl fmt::Write) -> fmt::Result {
        match self {
            Self::Null => to.write_str("null"),
            Self::Bool(value) => to.write_str(if value { "true" } else { "false" }),
            Self::Number(value) => to.write_str(NumberText::of(value).as_str()),
            Self::Text(text) => to.write_str(text),
            Self::List(items) => items.iter().enumerate().try_for_each(|(index, item)| {
                to.write_str(if index > 0 { "," } else { "" })?;
                match item {
                    Attribute::Null => Ok(()),
                    item => Self::of(item).write(to),
                }
            }),
            Self::Map(_) => to.write_str("[object Object]"),
        }
    }

    /// Whether it is the same JSON. JavaScript compares what it writes, so to it the order of keys counts; not here,
    /// since contexts have none.
    pub(super) fn is_json(self, json: &Json) -> bool {
        match (self, json) {
            (Self::Null, Json::Null) => true,
            (Self::Bool(value), Json::Bool(other)) => value == *other,
            (Self::Number(value), Json::Number(other)) => other.as_f64() == Some(value),
            (Self::Text(text), Json::String(other)) => text == other,
            (Self::List(items), Json::Array(others)) => {
                let same = |(item, other)| Self::of(item).is_json(other);
                items.len() == others.len() && items.iter().zip(others).all(same)
            }
            (Self::Map(entries), Json::Object(others)) => {
                let same = |(name, value): &(Cow<'_, str>, Attribute<'_>)| {
                    others.get(&**name).is_some_and(|other| Value::of(value).is_json(other))
                };
                entries.len() == others.len() && entries.iter().all(same)
            }
            _ => false,
        }
    }
}

/// Compares what is written to it with a text, without keeping it.
struct Against<'t> {
    rest: std::str::EncodeUtf16<'t>,
    order: Ordering,
    fold: bool,
}

impl Against<'_> {
    fn take(&mut self, units: impl Iterator<Item = u16>) -> fmt::Result {
        for unit in units {
            self.order = self.rest.next().map_or(Ordering::Greater, |other| unit.cmp(&other));
            if self.order.is_ne() {
                return Err(fmt::Error);
            }
        }
        Ok(())
    }
}

impl fmt::Write for Against<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        if !self.fold {
            return self.take(text.encode_utf16());
        }
        text.chars().flat_map(char::to_lowercase).try_for_each(|letter| {
            let mut units = [0; 2];
            self.take(letter.encode_utf16(&mut units).iter().copied())
        })
    }
}

/// A text as a number, as `Number(text)` reads it.
pub(super) fn number_of(text: &str) -> f64 {
    let text = text.trim_matches(|letter: char| letter.is_whitespace() || letter == '\u{feff}');
    let radix = |digits: &str, radix: u32| {
        let digit = |letter: char| letter.to_digit(radix).map(f64::from);
        let sum = digits.chars().try_fold(0.0, |sum, letter| Some(sum * f64::from(radix) + digit(letter)?));
        sum.filter(|_| !digits.is_empty()).unwrap_or(f64::NAN)
    };
    match (text.get(..2), text.get(2..)) {
        (Some("0x" | "0X"), Some(digits)) => return radix(digits, 16),
        (Some("0o" | "0O"), Some(digits)) => return radix(digits, 8),
        (Some("0b" | "0B"), Some(digits)) => return radix(digits, 2),
        _ => {}
    }
    match text {
        "" => 0.0,
        "Infinity" | "+Infinity" => f64::INFINITY,
        "-Infinity" => f64::NEG_INFINITY,
        // Rust reads `inf` and `nan` besides, which are no numbers here.
        _ if text.bytes().any(|byte| byte.is_ascii_alphabetic() && !matches!(byte, b'e' | b'E')) => f64::NAN,
        _ => text.parse().unwrap_or(f64::NAN),
    }
}

/// A number as JavaScript writes it.
#[derive(Clone, Copy)]
pub(super) struct NumberText {
    /// The longest, such as `-0.0000012345678901234567`, has 25.
    bytes: [u8; 32],
    length: usize,
}

impl NumberText {
    pub(super) fn of(number: f64) -> Self {
        let mut text = Self { bytes: [0; 32], length: 0 };
        // There is always room.
        let _ = text.put(number);
        text
    }

    pub(super) fn as_str(&self) -> &str {
        std::str::from_utf8(&self.bytes[..self.length]).unwrap_or_default()
    }

    fn put(&mut self, number: f64) -> fmt::Result {
        if !number.is_finite() {
            return self.write_str(match number {
                _ if number.is_nan() => "NaN",
                _ if number > 0.0 => "Infinity",
                _ => "-Infinity",
            });
        }
        // Rust finds the shortest digits, too: `1.25e-7`.
        let mut buffer = [0; 32];
        let mut rest = &mut buffer[..];
        write!(rest, "{:e}", number.abs()).map_err(|_| fmt::Error)?;
        let length = 32 - rest.len();
        let written = std::str::from_utf8(&buffer[..length]).map_err(|_| fmt::Error)?;
        let (mantissa, exponent) = written.split_once('e').ok_or(fmt::Error)?;
        let exponent: i32 = exponent.parse().map_err(|_| fmt::Error)?;
        let (first, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        if number < 0.0 {
            self.write_str("-")?;
        }
        match exponent {
            0..=20 => {
                let whole = exponent as usize;
                self.write_str(first)?;
                match fraction.split_at_checked(whole) {
                    Some((whole, "")) => self.write_str(whole),
                    Some((whole, fraction)) => write!(self, "{whole}.{fraction}"),
                    None => write!(self, "{fraction:0<whole$}"),
                }
            }
            -6..=-1 => write!(self, "0.{:0<1$}{first}{fraction}", "", (-1 - exponent) as usize),
            _ => {
                let point = if fraction.is_empty() { "" } else { "." };
                write!(self, "{first}{point}{fraction}e{exponent:+}")
            }
        }
    }
}

impl fmt::Write for NumberText {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let place = self.bytes.get_mut(self.length..self.length + text.len()).ok_or(fmt::Error)?;
        place.copy_from_slice(text.as_bytes());
        self.length += text.len();
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_as_javascript_writes_them() {
        for (number, text) in [
            (0.0, "0"),
            (-0.0, "0"),
            (7.0, "7"),
            (-120.0, "-120"),
            (0.1, "0.1"),
            (12.5, "12.5"),
            (1e20, "100000000000000000000"),
            (1e21, "1e+21"),
            (1.5e300, "1.5e+300"),
            (0.000001, "0.000001"),
            (-0.0000012345678901234567, "-0.0000012345678901234567"),
            (1e-7, "1e-7"),
            (1.25e-7, "1.25e-7"),
            (9007199254740993.0, "9007199254740992"),
            (f64::NAN, "NaN"),
            (f64::NEG_INFINITY, "-Infinity"),
        ] {
            assert_eq!(NumberText::of(number).as_str(), text);
        }
    }

    #[test]
    fn texts_are_read_as_javascript_reads_them() {
        for (text, number) in [
            ("", 0.0),
            (" 8\n", 8.0),
            ("+5", 5.0),
            (".5", 0.5),
            ("5.", 5.0),
            ("1e3", 1000.0),
            ("0x1F", 31.0),
            ("-Infinity", f64::NEG_INFINITY),
        ] {
            assert_eq!(number_of(text), number, "{text:?}");
        }
        for text in ["abc", "1,5", "0x", "-0x1", "inf", "nan", "infinity", "1_000", "1 2", "e", "."] {
            assert!(number_of(text).is_nan(), "{text:?}");
        }
    }

    #[test]
    fn texts_of_values_compare_without_being_written() {
        let list = [Attribute::from("a"), Attribute::Null, Attribute::Int(2)];
        assert!(Value::List(&list).is_text("a,,2"));
        assert!(!Value::List(&list).is_text("a,,22"));
        assert_eq!(Value::Number(2.0).order_to("10"), Ordering::Greater);
        assert_eq!(Value::Text("ab").order_to("abc"), Ordering::Less);
        assert!(Value::Text("ÄB").is_folded_text("äb"));
        // By units of UTF-16, a surrogate comes before what is above U+E000.
        assert_eq!(Value::Text("\u{1f600}").order_to("\u{ffff}"), Ordering::Less);
    }
}
