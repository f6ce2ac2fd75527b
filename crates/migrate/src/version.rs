//! Versions of documents, and their order.

use std::cmp::Ordering;
use std::fmt;

/// The longest text that is taken for a version, in bytes.
const LONGEST: usize = 128;

/// The version of a document: `1.3.0`, `2026-11-21`, `7`.
///
/// Any text of ASCII letters, digits, `.`, `-`, `_` and `+` is one. They are ordered part by part: digits as numbers,
/// letters as texts, and a missing part counts as zero, so that `1.9` < `1.10` = `1.10.0`. A part of letters stands
/// before the end of a version, as in semantic versioning: `1.3.0-rc.1` < `1.3.0`. What follows a `+` does not count.
#[derive(Debug, Clone)]
pub struct Version {
    text: String,
    parts: Vec<Part>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    Word(String),
    /// Digits without leading zeros: numbers have no upper end.
    Number(String),
}

impl Version {
    /// Reads a version.
    ///
    /// # Errors
    /// What is wrong with the text, without quoting it.
    pub fn parse(text: &str) -> Result<Self, InvalidVersion> {
        let invalid = |why| Err(InvalidVersion(why));
        if text.is_empty() {
            return invalid("a version is not empty");
        }
        if text.len() > LONGEST {
            return invalid("a version has at most 128 characters");
        }
        if !text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-_+".contains(&byte)) {
            return invalid("a version has ASCII letters, digits, `.`, `-`, `_` and `+`");
        }
        // `-1` would be a 1.
        if !text.starts_with(|first: char| first.is_ascii_alphanumeric()) {
            return invalid("a version begins with a letter or a digit");
        }
        let counted = text.split('+').next().unwrap_or_default();
        let mut parts = Vec::new();
        let mut rest = counted;
        while let Some(first) = rest.bytes().next() {
            let is_digit = first.is_ascii_digit();
            let same = |byte: u8| byte.is_ascii_alphanumeric() && byte.is_ascii_digit() == is_digit;
            let end = rest.bytes().position(|byte| !same(byte)).unwrap_or(rest.len());
            let (part, after) = rest.split_at(end.max(1));
            if is_digit {
                let digits = part.trim_start_matches('0');
                parts.push(Part::Number(digits.to_owned()));
            } else if first.is_ascii_alphabetic() {
                parts.push(Part::Word(part.to_owned()));
            }
            rest = after;
        }
        if !parts.iter().any(|part| matches!(part, Part::Number(_))) {
            return invalid("a version has a number, such as `1.3.0`");
        }
        // A `v` before the number says nothing.
        if matches!(&parts[0], Part::Word(word) if word.eq_ignore_ascii_case("v")) {
            parts.remove(0);
        }
        while parts.last() == Some(&Part::Number(String::new())) {
            parts.pop();
        }
        Ok(Self { text: text.to_owned(), parts })
    }

    /// The version as it was written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Whether it is a number without parts.
    pub(crate) fn is_number(&self) -> bool {
        self.text.bytes().all(|byte| byte.is_ascii_digit())
    }
}

impl Ord for Version {
    fn cmp(&self, other: &Self) -> Ordering {
        let (mut one, mut two) = (self.parts.iter(), other.parts.iter());
        loop {
            let order = match (one.next(), two.next()) {
                (None, None) => return Ordering::Equal,
                (Some(one), Some(two)) => one.cmp(two),
                (Some(part), None) => part.against_nothing(),
                (None, Some(part)) => part.against_nothing().reverse(),
            };
            if order.is_ne() {
                return order;
            }
        }
    }
}

impl Part {
    /// How a part stands to the end of a version: before it where it is a word, as in a release candidate.
    fn against_nothing(&self) -> Ordering {
        match self {
            Self::Word(_) => Ordering::Less,
            Self::Number(digits) if digits.is_empty() => Ordering::Equal,
            Self::Number(_) => Ordering::Greater,
        }
    }
}

impl Ord for Part {
    fn cmp(&self, other: &Self) -> Ordering {
        match (self, other) {
            (Self::Number(one), Self::Number(two)) => (one.len(), one).cmp(&(two.len(), two)),
            (Self::Word(one), Self::Word(two)) => one.cmp(two),
            (Self::Word(_), Self::Number(_)) => Ordering::Less,
            (Self::Number(_), Self::Word(_)) => Ordering::Greater,
        }
    }
}

impl PartialOrd for Part {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialOrd for Version {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Version {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Version {}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// A text that is no version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvalidVersion(&'static str);

impl fmt::Display for InvalidVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

impl std::error::Error for InvalidVersion {}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn version(text: &str) -> Version {
        Version::parse(text).unwrap()
    }

    #[test]
    fn parts_are_ordered_as_numbers() {
        let ordered = [
            "0.9",
            "1.0.0-alpha",
            "1.0.0-alpha.1",
            "1.0.0-rc.1",
            "1.0.0-rc.2",
            "1.0.0-rc.10",
            "1.0.0",
            "1.0.1",
            "1.9.0",
            "1.10.0",
            "2",
            "2025-12-31",
            "2026-01-01",
        ];
        for pair in ordered.windows(2) {
            assert!(version(pair[0]) < version(pair[1]), "{} < {}", pair[0], pair[1]);
        }
    }

    #[test]
    fn the_same_version_has_many_spellings() {
        for (one, two) in [("1.3", "1.3.0"), ("v1.3.0", "1.3"), ("1.3.0+build.7", "1.3.0"), ("01.003", "1.3")] {
            assert_eq!(version(one), version(two));
        }
    }

    #[test]
    fn a_text_that_is_no_version_is_refused() {
        for text in ["", "abc", "1 2", "é1", "...", "+1", "1\n"] {
            assert!(Version::parse(text).is_err(), "{text:?}");
        }
        assert!(Version::parse(&"1".repeat(129)).is_err());
    }

    fn any() -> impl Strategy<Value = Version> {
        "[0-9a-c.\\-]{1,8}".prop_filter_map("a version", |text| Version::parse(&text).ok())
    }

    proptest! {
        #[test]
        fn the_order_is_total(one in any(), two in any(), three in any()) {
            prop_assert_eq!(one.cmp(&two), two.cmp(&one).reverse());
            if one <= two && two <= three {
                prop_assert!(one <= three, "{} {} {}", one, two, three);
            }
            if one == two {
                prop_assert_eq!(one.cmp(&three), two.cmp(&three));
            }
        }
    }
}
