//! Everything that is wrong with a set of flags.

use std::fmt;

use crate::compile::Problem;

/// Everything that is wrong with a set of flags.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct InvalidFlags(Vec<InvalidFlag>);

/// Something that is wrong with one part of a set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvalidFlag {
    /// What kind of part.
    pub part: Part,
    /// The flag's key, or the segment's name.
    pub name: String,
    /// What is wrong, and where within the part.
    pub problem: Problem,
}

/// A part of a set of flags.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// A flag.
    Flag,
    /// A segment.
    Segment,
    /// That a flag's guard has tripped.
    Trip,
}

impl Part {
    /// The part in a word.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Flag => "flag",
            Self::Segment => "segment",
            Self::Trip => "trip",
        }
    }
}

impl InvalidFlags {
    pub(crate) fn push(&mut self, part: Part, name: &str, problem: Problem) {
        self.0.push(InvalidFlag { part, name: name.to_owned(), problem });
    }

    /// Every problem, in the order of the alphabet of flags, then of segments.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &InvalidFlag> {
        self.0.iter()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl IntoIterator for InvalidFlags {
    type Item = InvalidFlag;
    type IntoIter = std::vec::IntoIter<InvalidFlag>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl fmt::Display for InvalidFlag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} `{}`: {}", self.part.as_str(), self.name.escape_debug(), self.problem)
    }
}

impl fmt::Display for InvalidFlags {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (number, invalid) in self.0.iter().enumerate() {
            write!(f, "{}{invalid}", if number == 0 { "" } else { "\n" })?;
        }
        Ok(())
    }
}

impl std::error::Error for InvalidFlags {}
