//! What GrowthBook's operators compare with, prepared.

use std::cmp::Ordering;

use serde_json::Value as Json;

use super::javascript::{Value, number_of};
use crate::compile::Table;

/// What a value has to be exactly, its type included: `===`.
#[derive(Debug)]
pub(super) enum Exact {
    Null,
    Bool(bool),
    Number(f64),
    Text(Box<str>),
    /// Objects and lists are nothing but themselves.
    Nothing,
}

impl Exact {
    pub(super) fn new(json: &Json) -> Self {
        match json {
            Json::Null => Self::Null,
            Json::Bool(value) => Self::Bool(*value),
            Json::Number(number) => number.as_f64().map_or(Self::Nothing, Self::Number),
            Json::String(text) => Self::Text(text.as_str().into()),
            Json::Array(_) | Json::Object(_) => Self::Nothing,
        }
    }

    /// The same with a text in lower case.
    pub(super) fn folded(self) -> Self {
        match self {
            Self::Text(text) => Self::Text(text.to_lowercase().into()),
            other => other,
        }
    }

    pub(super) fn is(&self, value: Value<'_>) -> bool {
        match (self, value) {
            (Self::Null, Value::Null) => true,
            (Self::Bool(wanted), Value::Bool(value)) => *wanted == value,
            (Self::Number(wanted), Value::Number(value)) => *wanted == value,
            (Self::Text(wanted), Value::Text(text)) => **wanted == *text,
            _ => false,
        }
    }

    /// Whether it is the value in lower case.
    pub(super) fn is_folded(&self, value: Value<'_>) -> bool {
        match (self, value) {
            (Self::Text(wanted), Value::Text(_)) => value.is_folded_text(wanted),
            _ => self.is(value),
        }
    }
}

/// A list of which a value has to be one exactly; it may be long.
#[derive(Debug)]
pub(super) struct Listed {
    texts: Table<()>,
    /// In their order.
    numbers: Box<[f64]>,
    others: Box<[Exact]>,
}

impl Listed {
    pub(super) fn new(items: &[Json]) -> Self {
        let (mut texts, mut numbers, mut others) = (Table::default(), Vec::new(), Vec::new());
        for item in items {
            match Exact::new(item) {
                Exact::Text(text) => {
                    texts.insert(text, ());
                }
                // The order below tells the zeros apart, which are equal.
                Exact::Number(number) => numbers.push(number + 0.0),
                other => others.push(other),
            }
        }
        numbers.sort_unstable_by(f64::total_cmp);
        Self { texts, numbers: numbers.into(), others: others.into() }
    }

    pub(super) fn has(&self, value: Value<'_>) -> bool {
        match value {
            Value::Text(text) => self.texts.contains_key(text),
            Value::Number(number) => self.numbers.binary_search_by(|other| other.total_cmp(&(number + 0.0))).is_ok(),
            other => self.others.iter().any(|exact| exact.is(other)),
        }
    }
}

/// What a value is less or more than: `<`.
#[derive(Debug)]
pub(super) enum Bound {
    /// Texts compare as such with texts; with anything else, as numbers.
    Text(Box<str>, f64),
    Number(f64),
}

impl Bound {
    /// `None` for objects and lists.
    pub(super) fn new(json: &Json) -> Option<Self> {
        Some(match json {
            Json::Null => Self::Number(0.0),
            Json::Bool(value) => Self::Number(f64::from(u8::from(*value))),
            Json::Number(number) => Self::Number(number.as_f64()?),
            Json::String(text) => Self::Text(text.as_str().into(), number_of(text)),
            Json::Array(_) | Json::Object(_) => return None,
        })
    }

    /// How a value stands to it; `None` where one of them is no number.
    pub(super) fn order(&self, value: Value<'_>) -> Option<Ordering> {
        match (self, value) {
            (Self::Text(text, _), Value::Text(_) | Value::List(_) | Value::Map(_)) => Some(value.order_to(text)),
            (Self::Text(_, number) | Self::Number(number), value) => value.number().partial_cmp(number),
        }
    }
}

/// What `$type` tells apart.
#[derive(Debug, Clone, Copy)]
pub(super) enum Nature {
    Null,
    Bool,
    Number,
    Text,
    List,
    Map,
}

impl Nature {
    pub(super) fn named(json: &Json) -> Option<Self> {
        Some(match json.as_str()? {
            "null" => Self::Null,
            "boolean" => Self::Bool,
            "number" => Self::Number,
            "string" => Self::Text,
            "array" => Self::List,
            "object" => Self::Map,
            _ => return None,
        })
    }

    pub(super) fn is(self, value: Value<'_>) -> bool {
        matches!(
            (self, value),
            (Self::Null, Value::Null)
                | (Self::Bool, Value::Bool(_))
                | (Self::Number, Value::Number(_))
                | (Self::Text, Value::Text(_))
                | (Self::List, Value::List(_))
                | (Self::Map, Value::Map(_))
        )
    }
}
