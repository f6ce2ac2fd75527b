//! What a value must obey: the rules of attributes, as data.

use std::any::Any;

use crate::document::NodeId;
use crate::schema::Lit;

mod check;
mod number;
#[cfg(feature = "validator")]
pub(crate) mod validator;

pub(crate) use check::{Check, show, surely_kept};

/// One rule of a field.
#[derive(Debug, Clone, Copy)]
pub enum Rule {
    /// At least `min`, at most `max`; durations and sizes compare as such.
    Range {
        /// The least allowed.
        min: Option<Lit>,
        /// The most allowed.
        max: Option<Lit>,
    },
    /// Characters of a string, items of a list, entries of a map.
    Length {
        /// The fewest.
        min: Option<usize>,
        /// The most.
        max: Option<usize>,
    },
    /// One of these values.
    OneOf(&'static [Lit]),
    /// Rules of every item of a list, or every value of a map.
    Each(&'static [Rule]),
    /// A rule of a text.
    Text(TextRule),
    /// A function of the user's over the decoded value.
    Custom(CustomRule),
}

/// A rule of a text: its name, its argument and the check, which says what is wrong.
#[derive(Debug, Clone, Copy)]
pub struct TextRule {
    /// The rule's name, as in the attribute.
    pub name: &'static str,
    /// The argument; empty for none.
    pub args: &'static [&'static str],
    /// Says what is wrong with the text, if anything, without quoting it.
    pub check: fn(text: &str, args: &[&'static str]) -> Option<String>,
}

/// A function of the user's, over the field's decoded value.
#[derive(Debug, Clone, Copy)]
pub struct CustomRule {
    /// The function's path, as written.
    pub name: &'static str,
    /// Says what is wrong with the value, if anything.
    pub check: fn(value: &dyn Any) -> Option<String>,
}

/// A rule that a value broke.
#[derive(Debug, Clone)]
pub(crate) struct Breach {
    pub(crate) code: &'static str,
    pub(crate) message: String,
    pub(crate) help: Option<String>,
    /// Keys from the field's value down to the place.
    pub(crate) path: Vec<String>,
    pub(crate) part: Part,
}

/// The part of a value that a breach is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Part {
    /// This node, or the whole value.
    Node(Option<NodeId>),
    /// What the path leads to, or the innermost that is there.
    Path,
    /// The same, by its key.
    Key,
}
