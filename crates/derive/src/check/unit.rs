//! Units of bare numbers, and the numbers that literals stand for.

use std::cmp::Ordering;

use crate::ctxt::Ctxt;
use crate::grammar::{SIZE_UNITS, TIME_UNITS, duration, size, size_unit, time_unit};
use crate::parse::{Literal, LiteralKind, Text};

use super::shape::Shape;

const SECOND: i128 = 1_000_000_000;

/// Factors of a bare number in a duration and in a size.
#[derive(Clone, Copy)]
pub(super) struct Unit {
    time: i128,
    size: i128,
}

/// A number, comparable with others of its field.
#[derive(Clone, Copy)]
pub(super) enum Number {
    Int(i128),
    Float(f64),
}

impl Number {
    #[expect(clippy::cast_precision_loss, reason = "floats are compared as floats")]
    fn float(self) -> f64 {
        match self {
            Self::Int(value) => value as f64,
            Self::Float(value) => value,
        }
    }

    pub(super) fn compare(self, other: Self) -> Option<Ordering> {
        match (self, other) {
            (Self::Int(a), Self::Int(b)) => Some(a.cmp(&b)),
            (a, b) => a.float().partial_cmp(&b.float()),
        }
    }
}

impl Unit {
    /// Checks the attribute `unit` against the field's type.
    pub(super) fn check(ctxt: &Ctxt, given: Option<&Text>, shape: &Shape<'_>) -> Self {
        let mut checked = Self { time: SECOND, size: 1 };
        let Some(given) = given else { return checked };
        let name = given.value();
        let (time, size) = (time_unit(&name), size_unit(&name));
        let mut element = shape.value();
        while let Shape::List { item, .. } | Shape::Map(item) = element {
            element = item.value();
        }
        let names =
            |units: &[(&str, i128)]| units.iter().map(|(name, _)| format!("`{name}`")).collect::<Vec<_>>().join(", ");
        match element {
            Shape::Duration if time.is_none() => {
                ctxt.error(given, format_args!("unknown unit \"{name}\": a duration is in {}", names(TIME_UNITS)));
            }
            Shape::Size if size.is_none() => {
                ctxt.error(given, format_args!("unknown unit \"{name}\": a size is in {}", names(SIZE_UNITS)));
            }
            other if !other.is_number() => {
                ctxt.error(
                    given,
                    format_args!("`unit` is for numbers, and the field holds {}: leave it out", other.name()),
                );
            }
            _ if time.is_none() && size.is_none() && name != "%" => {
                let known = format!("{}, {} or `%`", names(TIME_UNITS), names(SIZE_UNITS));
                ctxt.error(given, format_args!("unknown unit \"{name}\": write one of {known}"));
            }
            _ => {}
        }
        checked.time = time.unwrap_or(checked.time);
        checked.size = size.unwrap_or(checked.size);
        checked
    }

    /// The number that a literal stands for in a field of this type; `None` if it is none.
    pub(super) fn measure(self, shape: &Shape<'_>, literal: &Literal) -> Option<Number> {
        let text = match &literal.kind {
            LiteralKind::Str(text) => text.clone(),
            LiteralKind::Int(value) => value.to_string(),
            LiteralKind::Float(value) => value.to_string(),
            _ => return None,
        };
        match (shape.value(), &literal.kind) {
            (Shape::Duration, _) => duration(&text, self.time).map(Number::Int),
            (Shape::Size, _) => size(&text, self.size).map(Number::Int),
            (_, LiteralKind::Int(value)) => Some(Number::Int(*value)),
            (_, LiteralKind::Float(value)) => Some(Number::Float(*value)),
            _ => None,
        }
    }
}
