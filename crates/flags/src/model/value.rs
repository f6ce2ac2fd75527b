//! The values of variants, and their types.

use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

/// The type of a flag's values: one for all its variants.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum FlagType {
    /// `true` or `false`.
    Bool,
    /// A text.
    String,
    /// An integer of 64 bits.
    Int,
    /// A number.
    Float,
    /// A JSON object or list.
    Object,
}

impl FlagType {
    /// The type's name in a definition.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Bool => "bool",
            Self::String => "string",
            Self::Int => "int",
            Self::Float => "float",
            Self::Object => "object",
        }
    }

    /// Whether a program that asks for this type can take values of that one: an integer is a number, too.
    #[must_use]
    pub fn takes(self, found: Self) -> bool {
        self == found || (self, found) == (Self::Float, Self::Int)
    }

    /// The type that fits all these values; `None` where they differ, or one is null.
    #[must_use]
    pub fn of_all<'v>(values: impl IntoIterator<Item = &'v Json>) -> Option<Self> {
        values.into_iter().map(Self::of).reduce(|all, one| match (all?, one?) {
            (Self::Int, Self::Float) | (Self::Float, Self::Int) => Some(Self::Float),
            (all, one) => (all == one).then_some(all),
        })?
    }

    fn of(value: &Json) -> Option<Self> {
        match value {
            Json::Null => None,
            Json::Bool(_) => Some(Self::Bool),
            Json::Number(number) if number.is_i64() => Some(Self::Int),
            Json::Number(_) => Some(Self::Float),
            Json::String(_) => Some(Self::String),
            Json::Array(_) | Json::Object(_) => Some(Self::Object),
        }
    }
}

impl fmt::Display for FlagType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A variant's value.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(untagged)]
pub enum FlagValue {
    /// Of a flag of type `bool`.
    Bool(bool),
    /// Of a flag of type `int`.
    Int(i64),
    /// Of a flag of type `float`.
    Float(f64),
    /// Of a flag of type `string`.
    String(Box<str>),
    /// Of a flag of type `object`.
    Object(Json),
}

impl FlagValue {
    /// A JSON value as one of this type; `None` where it does not fit.
    #[must_use]
    pub fn from_json(kind: FlagType, value: &Json) -> Option<Self> {
        match kind {
            FlagType::Bool => value.as_bool().map(Self::Bool),
            FlagType::String => value.as_str().map(|text| Self::String(text.into())),
            FlagType::Int => value.as_i64().map(Self::Int),
            FlagType::Float => value.as_f64().map(Self::Float),
            FlagType::Object => (value.is_object() || value.is_array()).then(|| Self::Object(value.clone())),
        }
    }

    /// Its type.
    #[must_use]
    pub const fn kind(&self) -> FlagType {
        match self {
            Self::Bool(_) => FlagType::Bool,
            Self::Int(_) => FlagType::Int,
            Self::Float(_) => FlagType::Float,
            Self::String(_) => FlagType::String,
            Self::Object(_) => FlagType::Object,
        }
    }

    /// The value as JSON; a float stays one, also where it has no fraction.
    #[must_use]
    pub fn to_json(&self) -> Json {
        match self {
            Self::Bool(value) => Json::from(*value),
            Self::Int(value) => Json::from(*value),
            Self::Float(value) => Json::from(*value),
            Self::String(value) => Json::from(&**value),
            Self::Object(value) => value.clone(),
        }
    }

    /// The boolean, where it is one.
    #[must_use]
    pub const fn as_bool(&self) -> Option<bool> {
        if let Self::Bool(value) = self { Some(*value) } else { None }
    }
}

/// What a flag's metadata may hold: OpenFeature knows no lists there, and no objects.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Scalar {
    /// A boolean.
    Bool(bool),
    /// An integer.
    Int(i64),
    /// A number with a fraction.
    Float(f64),
    /// A text.
    String(String),
}

impl Scalar {
    /// The value as JSON.
    #[must_use]
    pub fn to_json(&self) -> Json {
        match self {
            Self::Bool(value) => (*value).into(),
            Self::Int(value) => (*value).into(),
            Self::Float(value) => (*value).into(),
            Self::String(text) => text.as_str().into(),
        }
    }
}
