//! A value of any type, to show or to write: what explanations, differences and exports hold.

use serde::ser::{Serialize, SerializeMap, SerializeSeq, Serializer};

use crate::document::{Document, Kind, NodeId};
use crate::raw::{Raw, View};
use crate::text;

/// A value; a secret is only the fact that there is one.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Value {
    /// None.
    #[default]
    Null,
    /// A boolean.
    Bool(bool),
    /// An integer.
    Int(i128),
    /// A number with a fraction.
    Float(f64),
    /// Text.
    String(String),
    /// A list.
    List(Vec<Value>),
    /// A map, in its order.
    Map(Vec<(String, Value)>),
    /// A secret; it serialises as `{"$secret": true}`.
    Secret,
}

impl Value {
    /// A raw value as its source wrote it: text stays text.
    pub(crate) fn of(raw: Raw<'_>) -> Self {
        match raw.view() {
            View::Null => Self::Null,
            View::Bool(value) => Self::Bool(value),
            View::Int(value) => Self::Int(value),
            View::Number(value) => Self::Float(value),
            View::Integer(digits) => match text::parse_int(digits) {
                Ok(value) => Self::Int(value),
                Err(_) => Self::String(digits.to_owned()),
            },
            View::Float(digits) => match text::parse_float(digits) {
                Ok(value) => Self::Float(value),
                Err(_) => Self::String(digits.to_owned()),
            },
            View::Str(text) | View::Text(text) | View::Plain(text) | View::Datetime(text) => {
                Self::String(text.to_owned())
            }
            View::List => Self::List(raw.children().map(|(_, item)| Self::of(item)).collect()),
            View::Map => Self::Map(raw.children().map(|(key, value)| (key.to_owned(), Self::of(value))).collect()),
        }
    }

    /// A document's value.
    #[must_use]
    pub fn of_document(document: &Document) -> Self {
        Self::of(Raw::Node(document, NodeId::ROOT))
    }

    /// A value as serde writes it; secrets are in it as they are, for whoever wants to set one.
    #[must_use]
    pub fn from_serialize<T: Serialize + ?Sized>(value: &T) -> Self {
        Self::of_document(&crate::encode::to_document(value))
    }

    /// The value at a path below, where there is one.
    #[must_use]
    pub fn at(&self, path: &crate::path::FieldPath) -> Option<&Self> {
        path.segments().iter().try_fold(self, |value, segment| match value {
            Self::Map(entries) => entries.iter().find(|(key, _)| key == segment).map(|(_, value)| value),
            Self::List(items) => items.get(segment.parse::<usize>().ok()?),
            _ => None,
        })
    }

    /// The value as `get` prints it and variables take it: text without quotes, lists and maps as JSON.
    #[must_use]
    pub fn to_text(&self) -> String {
        match self {
            Self::Null => "null".to_owned(),
            Self::Bool(value) => value.to_string(),
            Self::Int(value) => value.to_string(),
            Self::Float(value) => format!("{value:?}"),
            Self::String(text) => text.clone(),
            Self::Secret => "(secret)".to_owned(),
            Self::List(_) | Self::Map(_) => {
                let mut text = String::new();
                self.write_json(&mut text);
                text
            }
        }
    }

    /// What a node is that says this value, and its text where it has no children: of what
    /// [`Document::scalar`](crate::Document::scalar) gives. A secret has neither: it is a table.
    #[must_use]
    pub fn node(&self) -> (Kind, String) {
        let kind = match self {
            Self::Null => return (Kind::Null, String::new()),
            Self::List(_) => return (Kind::Array, String::new()),
            Self::Map(_) | Self::Secret => return (Kind::Table, String::new()),
            Self::Bool(_) => Kind::Bool,
            Self::Int(_) => Kind::Integer,
            Self::Float(_) => Kind::Float,
            Self::String(_) => Kind::String,
        };
        (kind, self.to_text())
    }

    /// Compact JSON.
    pub(crate) fn write_json(&self, out: &mut String) {
        match self {
            Self::String(text) => write_json_string(text, out),
            Self::Secret => out.push_str("{\"$secret\":true}"),
            Self::List(items) => {
                out.push('[');
                for (index, item) in items.iter().enumerate() {
                    if index > 0 {
                        out.push(',');
                    }
                    item.write_json(out);
                }
                out.push(']');
            }
            Self::Map(entries) => {
                out.push('{');
                for (index, (key, value)) in entries.iter().enumerate() {
                    if index > 0 {
                        out.push(',');
                    }
                    write_json_string(key, out);
                    out.push(':');
                    value.write_json(out);
                }
                out.push('}');
            }
            scalar => out.push_str(&scalar.to_text()),
        }
    }
}

fn write_json_string(text: &str, out: &mut String) {
    out.push('"');
    for char in text.chars() {
        match char {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            control if control < ' ' => out.push_str(&format!("\\u{:04x}", control as u32)),
            char => out.push(char),
        }
    }
    out.push('"');
}

impl Serialize for Value {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null => serializer.serialize_none(),
            Self::Bool(value) => serializer.serialize_bool(*value),
            Self::Int(value) => match (i64::try_from(*value), u64::try_from(*value)) {
                (Ok(value), _) => serializer.serialize_i64(value),
                (_, Ok(value)) => serializer.serialize_u64(value),
                _ => serializer.serialize_i128(*value),
            },
            Self::Float(value) => serializer.serialize_f64(*value),
            Self::String(text) => serializer.serialize_str(text),
            Self::List(items) => {
                let mut list = serializer.serialize_seq(Some(items.len()))?;
                items.iter().try_for_each(|item| list.serialize_element(item))?;
                list.end()
            }
            Self::Map(entries) => {
                let mut map = serializer.serialize_map(Some(entries.len()))?;
                entries.iter().try_for_each(|(key, value)| map.serialize_entry(key, value))?;
                map.end()
            }
            Self::Secret => {
                let mut map = serializer.serialize_map(Some(1))?;
                map.serialize_entry("$secret", &true)?;
                map.end()
            }
        }
    }
}
