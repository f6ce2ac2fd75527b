//! A value before its type is known: a node of a document, a literal of an attribute, or a question about a type.

use crate::document::{Document, Kind, NodeId};
use crate::leaf::ShapeProbe;
use crate::schema::Lit;
use crate::text;

/// A value as its source wrote it.
#[derive(Debug, Clone, Copy)]
pub enum Raw<'a> {
    /// A node of a document.
    Node(&'a Document, NodeId),
    /// A literal of an attribute.
    Lit(&'a Lit),
    /// No value: the decoder notes what the type asks for (see [`crate::leaf::Shape`]).
    Probe(&'a ShapeProbe),
}

/// A raw value, as far as its source decided what it is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum View<'a> {
    Null,
    Bool(bool),
    /// An integer as text.
    Integer(&'a str),
    /// An integer already read.
    Int(i128),
    /// A number with a fraction, as text.
    Float(&'a str),
    /// The same, already read.
    Number(f64),
    /// A quoted string.
    Str(&'a str),
    /// Text that its reader interprets: variables, arguments, literals of attributes.
    Text(&'a str),
    /// A plain YAML scalar.
    Plain(&'a str),
    /// A TOML date or time.
    Datetime(&'a str),
    List,
    Map,
}

impl View<'_> {
    /// What a report calls it.
    pub(crate) fn noun(self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool(_) => "a boolean",
            Self::Integer(_) | Self::Int(_) => "an integer",
            Self::Float(_) | Self::Number(_) => "a number",
            Self::Str(_) => "a string",
            Self::Text(_) | Self::Plain(_) => "text",
            Self::Datetime(_) => "a date",
            Self::List => "a list",
            Self::Map => "a table",
        }
    }
}

impl<'a> Raw<'a> {
    /// What the source says it is.
    pub(crate) fn view(self) -> View<'a> {
        match self {
            Self::Probe(_) => View::Null,
            Self::Node(document, node) => {
                let text = document.scalar(node);
                match document.kind(node) {
                    Kind::Null => View::Null,
                    Kind::Bool => View::Bool(text == "true"),
                    Kind::Integer => View::Integer(text),
                    Kind::Float => View::Float(text),
                    Kind::String => View::Str(text),
                    Kind::Datetime => View::Datetime(text),
                    Kind::Text => View::Text(text),
                    Kind::Plain => View::Plain(text),
                    Kind::Array => View::List,
                    Kind::Table => View::Map,
                }
            }
            Self::Lit(lit) => match lit {
                Lit::Null => View::Null,
                Lit::Bool(value) => View::Bool(*value),
                Lit::Int(value) => View::Int(*value),
                Lit::Float(value) => View::Number(*value),
                Lit::Str(text) => View::Text(text),
                Lit::List(_) => View::List,
                Lit::Map(_) => View::Map,
            },
        }
    }

    /// The boolean, where its source says that it is one.
    #[inline]
    pub(crate) fn boolean(self) -> Option<bool> {
        match self {
            Self::Node(document, node) if document.kind(node) == Kind::Bool => {
                Some(document.scalar_bytes(node) == b"true")
            }
            Self::Lit(Lit::Bool(value)) => Some(*value),
            _ => None,
        }
    }

    /// The number, where it is an integer of a few plain digits, as nearly all are.
    #[inline]
    pub(crate) fn digits(self) -> Option<u64> {
        match self {
            Self::Node(document, node) => match document.kind(node) {
                Kind::Integer | Kind::Text => text::parse_digits(document.scalar_bytes(node)),
                _ => None,
            },
            Self::Lit(Lit::Int(value)) => u64::try_from(*value).ok(),
            Self::Lit(_) | Self::Probe(_) => None,
        }
    }

    /// The number, where it has a fraction and is one of a few plain digits, as nearly all are.
    #[inline]
    pub(crate) fn decimal(self) -> Option<f64> {
        match self {
            Self::Node(document, node) => match document.kind(node) {
                Kind::Float | Kind::Text => text::parse_decimal(document.scalar_bytes(node)),
                _ => None,
            },
            Self::Lit(Lit::Float(value)) => Some(*value),
            Self::Lit(_) | Self::Probe(_) => None,
        }
    }

    /// The items of a list, or the entries of a map with their keys.
    pub(crate) fn children(self) -> Children<'a> {
        match self {
            Self::Node(document, node) => Children::Nodes(document, document.first_child(node)),
            Self::Lit(Lit::List(items)) => Children::Items(items.iter()),
            Self::Lit(Lit::Map(entries)) => Children::Entries(entries.iter()),
            Self::Lit(_) | Self::Probe(_) => Children::Items([].iter()),
        }
    }

    /// The node, where there is one.
    pub(crate) fn node(self) -> Option<NodeId> {
        match self {
            Self::Node(_, node) => Some(node),
            Self::Lit(_) | Self::Probe(_) => None,
        }
    }
}

/// Iterates over a raw value's children: key (empty for items) and value.
#[derive(Debug, Clone)]
pub(crate) enum Children<'a> {
    Nodes(&'a Document, Option<NodeId>),
    Items(std::slice::Iter<'a, Lit>),
    Entries(std::slice::Iter<'a, (&'static str, Lit)>),
}

impl<'a> Iterator for Children<'a> {
    type Item = (&'a str, Raw<'a>);

    fn next(&mut self) -> Option<Self::Item> {
        match self {
            Self::Nodes(document, next) => {
                let node = (*next)?;
                *next = document.next_sibling(node);
                Some((document.key(node), Raw::Node(document, node)))
            }
            Self::Items(items) => items.next().map(|item| ("", Raw::Lit(item))),
            Self::Entries(entries) => entries.next().map(|(key, value)| (*key, Raw::Lit(value))),
        }
    }
}
