//! Versions in the order of Semantic Versioning 2.0.0.

use std::cmp::Ordering;

/// How strictly versions are read. One and the same holds for the rule's side and the attribute's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reading {
    /// The grammar of semver.org and nothing more.
    Strict,
    /// A leading `v` or `V`, and `1` or `1.2` for `1.0.0` or `1.2.0`, as flagd's `sem_ver` takes them: it reads with
    /// Go's `golang.org/x/mod/semver` after writing a `v` before what has none.
    Lenient,
}

/// The rule's version, parsed once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Version {
    reading: Reading,
    core: [Box<str>; 3],
    pre_release: Box<str>,
}

impl Version {
    /// None where the text is no version in this reading.
    pub(crate) fn parse(text: &str, reading: Reading) -> Option<Self> {
        let parsed = Parsed::read(text, reading)?;
        Some(Self { reading, core: parsed.core.map(Box::from), pre_release: parsed.pre_release.into() })
    }

    /// How an attribute's version stands to this one: less is older. Builds count for nothing. None where the
    /// attribute is no version, for which every condition, also `!=`, is false.
    pub(crate) fn compare(&self, attribute: &str) -> Option<Ordering> {
        let attribute = Parsed::read(attribute, self.reading)?;
        Some(attribute.compare(&self.parsed()))
    }

    /// flagd's `^`: the same major version. Neither the rest nor a pre-release is looked at, other than in npm's `^`.
    pub(crate) fn same_major(&self, attribute: &str) -> Option<bool> {
        self.same(attribute, 1)
    }

    /// flagd's `~`: the same major and minor version.
    pub(crate) fn same_minor(&self, attribute: &str) -> Option<bool> {
        self.same(attribute, 2)
    }

    fn same(&self, attribute: &str, numbers: usize) -> Option<bool> {
        let attribute = Parsed::read(attribute, self.reading)?;
        let pairs = attribute.core.iter().zip(&self.core);
        Some(pairs.take(numbers).all(|(one, other)| **one == **other))
    }

    fn parsed(&self) -> Parsed<'_> {
        Parsed { core: self.core.each_ref().map(|number| &**number), pre_release: &self.pre_release }
    }
}

/// A version's parts as texts: numbers may be of any length, and texts of digits compare exactly.
struct Parsed<'a> {
    core: [&'a str; 3],
    pre_release: &'a str,
}

impl<'a> Parsed<'a> {
    fn read(text: &'a str, reading: Reading) -> Option<Self> {
        let lenient = reading == Reading::Lenient;
        let text = match text.strip_prefix(['v', 'V']) {
            Some(rest) if lenient => rest,
            _ => text,
        };
        let (text, build) = split(text, '+');
        // A hyphen may be part of a build and of a pre-release, so the build goes first and the first hyphen counts.
        let (numbers, pre_release) = split(text, '-');
        let mut core = [""; 3];
        let mut rest = Some(numbers);
        for number in &mut core {
            let Some(text) = rest else { break };
            let (first, others) = split(text, '.');
            *number = numeric(first).then_some(first)?;
            rest = others;
        }
        let whole = !core.contains(&"");
        let read = rest.is_none()
            && (whole || lenient && pre_release.is_none() && build.is_none())
            && build.is_none_or(|build| build.split('.').all(identifier))
            && pre_release
                .is_none_or(|text| text.split('.').all(|part| identifier(part) && (numeric(part) || !digits(part))));
        read.then(|| Self {
            core: core.map(|number| if number.is_empty() { "0" } else { number }),
            pre_release: pre_release.unwrap_or_default(),
        })
    }

    /// Section 11 of the specification.
    fn compare(&self, other: &Parsed<'_>) -> Ordering {
        let core = self.core.iter().zip(&other.core);
        core.map(|(one, other)| compare_numbers(one, other))
            .find(|ordering| ordering.is_ne())
            .unwrap_or_else(|| compare_pre_releases(self.pre_release, other.pre_release))
    }
}

fn split(text: &str, separator: char) -> (&str, Option<&str>) {
    text.split_once(separator).map_or((text, None), |(before, after)| (before, Some(after)))
}

fn identifier(text: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
    !text.is_empty() && text.bytes().all(allowed)
}

fn digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Digits without a leading zero.
fn numeric(text: &str) -> bool {
    digits(text) && (text == "0" || !text.starts_with('0'))
}

fn compare_numbers(one: &str, other: &str) -> Ordering {
    one.len().cmp(&other.len()).then_with(|| one.cmp(other))
}

fn compare_pre_releases(one: &str, other: &str) -> Ordering {
    match (one.is_empty(), other.is_empty()) {
        // A version without a pre-release is the newer one.
        (true, _) | (_, true) => one.is_empty().cmp(&other.is_empty()),
        (false, false) => {
            let (mut ones, mut others) = (one.split('.'), other.split('.'));
            loop {
                let ordering = match (ones.next(), others.next()) {
                    (None, None) => return Ordering::Equal,
                    (Some(one), Some(other)) => compare_identifiers(one, other),
                    (one, other) => one.is_some().cmp(&other.is_some()),
                };
                if ordering.is_ne() {
                    return ordering;
                }
            }
        }
    }
}

fn compare_identifiers(one: &str, other: &str) -> Ordering {
    match (digits(one), digits(other)) {
        (true, true) => compare_numbers(one, other),
        (false, false) => one.cmp(other),
        // Numbers come before words.
        (one, other) => other.cmp(&one),
    }
}

#[cfg(test)]
mod tests;
