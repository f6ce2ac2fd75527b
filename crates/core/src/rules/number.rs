//! Raw values and literals as numbers and texts, for comparison.

use std::cmp::Ordering;

use crate::raw::{Raw, View};
use crate::schema::Lit;
use crate::text;

/// A number for comparison: integers stay exact.
#[derive(Debug, Clone, Copy)]
pub(super) enum Number {
    Int(i128),
    Float(f64),
}

impl Number {
    pub(super) fn compare(self, other: &Self) -> Option<Ordering> {
        match (self, *other) {
            (Self::Int(left), Self::Int(right)) => Some(left.cmp(&right)),
            (left, right) => left.float().partial_cmp(&right.float()),
        }
    }

    pub(super) fn is_at_least(self, least: &Self) -> bool {
        self.compare(least) != Some(Ordering::Less)
    }

    pub(super) fn is_at_most(self, most: &Self) -> bool {
        matches!(self.compare(most), Some(Ordering::Less | Ordering::Equal))
    }

    fn float(self) -> f64 {
        match self {
            Self::Int(value) => value as f64,
            Self::Float(value) => value,
        }
    }
}

pub(super) fn number(view: View<'_>) -> Option<Number> {
    match view {
        View::Int(value) => Some(Number::Int(value)),
        View::Number(value) => Some(Number::Float(value)),
        View::Float(text) => text::parse_float(text).ok().map(Number::Float),
        View::Integer(text) | View::Text(text) | View::Plain(text) => match text::parse_int(text) {
            Ok(value) => Some(Number::Int(value)),
            Err(_) => text::parse_float(text).ok().map(Number::Float),
        },
        _ => None,
    }
}

pub(super) fn number_of(lit: &Lit) -> Option<Number> {
    match lit {
        Lit::Int(value) => Some(Number::Int(*value)),
        Lit::Float(value) => Some(Number::Float(*value)),
        _ => None,
    }
}

/// A scalar's text.
pub(super) fn scalar(raw: Raw<'_>) -> Option<&str> {
    match raw.view() {
        View::Str(text)
        | View::Text(text)
        | View::Plain(text)
        | View::Datetime(text)
        | View::Integer(text)
        | View::Float(text) => Some(text),
        _ => None,
    }
}

pub(super) fn equal(raw: Raw<'_>, lit: &Lit) -> bool {
    match lit {
        Lit::Str(expected) => scalar(raw) == Some(*expected),
        Lit::Bool(expected) => match raw.view() {
            View::Bool(value) => value == *expected,
            View::Text(text) | View::Plain(text) => text::parse_bool(text) == Some(*expected),
            _ => false,
        },
        lit => match (number(raw.view()), number_of(lit)) {
            (Some(value), Some(expected)) => value.compare(&expected) == Some(Ordering::Equal),
            _ => false,
        },
    }
}
