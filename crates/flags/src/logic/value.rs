//! What expressions come to, and how such values compare: JsonLogic's truth, equality and order.

use std::borrow::Cow;

use crate::context::Attribute;

/// Why an expression came to nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Halt {
    /// An operator can't make anything of its operands.
    Failed,
    /// A list or a map is looked into, which is left to the engine.
    Unsure,
}

/// A value, borrowed from the rule or the context.
#[derive(Debug, Clone, Copy)]
pub(super) enum Value<'v> {
    Null,
    Bool(bool),
    Int(i64),
    Float(f64),
    Text(&'v str),
    /// A list or a map, and whether it is empty.
    Composite {
        is_empty: bool,
    },
}

/// Which orders are wanted.
#[derive(Debug, Clone, Copy)]
pub(super) enum Wanted {
    Less,
    AtMost,
    More,
    AtLeast,
}

impl Wanted {
    fn accepts<T: PartialOrd + ?Sized>(self, one: &T, other: &T) -> bool {
        match self {
            Self::Less => one < other,
            Self::AtMost => one <= other,
            Self::More => one > other,
            Self::AtLeast => one >= other,
        }
    }
}

impl<'v> From<&'v Attribute<'_>> for Value<'v> {
    fn from(attribute: &'v Attribute<'_>) -> Self {
        match attribute {
            Attribute::Null => Self::Null,
            Attribute::Bool(value) => Self::Bool(*value),
            Attribute::Int(value) => Self::Int(*value),
            Attribute::Float(value) => Self::float(*value),
            Attribute::Text(text) => Self::Text(text),
            Attribute::List(items) => Self::Composite { is_empty: items.is_empty() },
            Attribute::Map(entries) => Self::Composite { is_empty: entries.is_empty() },
        }
    }
}

impl<'v> Value<'v> {
    /// A whole number is an integer, however it was written.
    pub(super) fn float(value: f64) -> Self {
        let is_whole = value.fract() == 0.0 && (i64::MIN as f64..i64::MAX as f64).contains(&value);
        if is_whole { Self::Int(value as i64) } else { Self::Float(value) }
    }

    /// Whether it counts as true (jsonlogic.com, "Truthy and falsy"; an empty map is false, as for the engine).
    pub(super) fn is_true(self) -> bool {
        match self {
            Self::Null => false,
            Self::Bool(value) => value,
            Self::Int(value) => value != 0,
            Self::Float(value) => value != 0.0 && !value.is_nan(),
            Self::Text(text) => !text.is_empty(),
            Self::Composite { is_empty } => !is_empty,
        }
    }

    fn number(self) -> Option<f64> {
        match self {
            Self::Int(value) => Some(value as f64),
            Self::Float(value) => Some(value),
            _ => None,
        }
    }

    fn as_number(self) -> Option<f64> {
        match self {
            Self::Null | Self::Text("") => Some(0.0),
            Self::Bool(value) => Some(f64::from(u8::from(value))),
            Self::Text(text) => text.parse().ok(),
            _ => self.number(),
        }
    }

    /// `===`.
    pub(super) fn is(self, other: Self) -> Result<bool, Halt> {
        match (self, other) {
            (Self::Composite { .. }, Self::Composite { .. }) => Err(Halt::Unsure),
            (Self::Null, Self::Null) => Ok(true),
            (Self::Bool(one), Self::Bool(other)) => Ok(one == other),
            (Self::Text(one), Self::Text(other)) => Ok(one == other),
            _ => Ok(self.number().zip(other.number()).is_some_and(|(one, other)| one == other)),
        }
    }

    /// `==`.
    pub(super) fn equals(self, other: Self) -> Result<bool, Halt> {
        let truth = |value| if value { "true" } else { "false" };
        match (self, other) {
            (Self::Composite { .. }, Self::Composite { .. }) => Err(Halt::Unsure),
            (Self::Composite { .. }, _) | (_, Self::Composite { .. }) => Ok(false),
            (Self::Text(text), Self::Bool(value)) | (Self::Bool(value), Self::Text(text)) => Ok(text == truth(value)),
            (Self::Text(text), Self::Null) | (Self::Null, Self::Text(text)) => Ok(text.is_empty()),
            (Self::Text(text), number @ (Self::Int(_) | Self::Float(_)))
            | (number @ (Self::Int(_) | Self::Float(_)), Self::Text(text)) => {
                Ok(text.parse::<f64>().ok().zip(number.number()).is_some_and(|(one, other)| one == other))
            }
            (Self::Text(_), Self::Text(_)) | (Self::Null, Self::Null) => self.is(other),
            _ => Ok(self.as_number().zip(other.as_number()).is_some_and(|(one, other)| one == other)),
        }
    }

    /// `<` and its like.
    pub(super) fn is_ordered(self, wanted: Wanted, other: Self) -> Result<bool, Halt> {
        match (self, other) {
            (Self::Text(one), Self::Text(other)) => Ok(wanted.accepts(one, other)),
            (Self::Composite { .. }, _) | (_, Self::Composite { .. }) => Err(Halt::Failed),
            _ => match (self.as_number(), other.as_number()) {
                (Some(one), Some(other)) => Ok(wanted.accepts(&one, &other)),
                _ if self.number().is_some() || other.number().is_some() => Err(Halt::Failed),
                _ => Ok(false),
            },
        }
    }

    /// The name of a variant that it is; `None` for null.
    pub(super) fn name(self) -> Result<Option<Cow<'v, str>>, Halt> {
        match self {
            Self::Null => Ok(None),
            Self::Text(text) => Ok(Some(text.into())),
            Self::Bool(value) => Ok(Some(if value { "true" } else { "false" }.into())),
            _ => Err(Halt::Unsure),
        }
    }
}
