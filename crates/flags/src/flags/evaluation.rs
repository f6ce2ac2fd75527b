//! An answer that a program keeps: the value in its own type, and all that is known about it.

use std::collections::BTreeMap;

use serde_json::Value as Json;

use crate::answer::{Answer, EvaluationError, Reason, Why};
use crate::model::{FlagType, FlagValue, Scalar};

/// A flag's value for somebody, and why it is that.
#[derive(Debug, Clone, PartialEq)]
pub struct Evaluation<T> {
    /// The flag's key.
    pub key: String,
    /// The value; the program's default where the flag has none to serve, or there was an error.
    pub value: T,
    /// The variant; `None` where the value is the program's default.
    pub variant: Option<String>,
    /// OpenFeature's reason.
    pub reason: Reason,
    /// What decided; `None` where there was an error.
    pub why: Option<Why>,
    /// The rule that decided: its id, or its number where it has none.
    pub rule_id: Option<String>,
    /// The unit's place in the split that decided, 0 to 99,999.
    pub bucket: Option<u32>,
    /// The flag's metadata and the set's.
    pub metadata: BTreeMap<String, Scalar>,
    /// The revision of the flags.
    pub revision: u64,
    /// Why there is no answer.
    pub error: Option<EvaluationError>,
}

impl<T: FromFlag> Evaluation<T> {
    pub(super) fn answered(answer: &Answer<'_>, default: T, revision: u64) -> Self {
        Self::of(answer, answer.value().and_then(T::from_flag).unwrap_or(default), revision)
    }
}

impl<T> Evaluation<T> {
    /// What an answer tells, with its value as the program's type.
    pub(crate) fn of(answer: &Answer<'_>, value: T, revision: u64) -> Self {
        let mut metadata = BTreeMap::new();
        for (name, value) in answer.metadata() {
            // The first of a name counts.
            metadata.entry(name.to_owned()).or_insert_with(|| value.clone());
        }
        Self {
            key: answer.key().to_owned(),
            value,
            variant: answer.variant().map(str::to_owned),
            reason: answer.reason,
            why: Some(answer.why),
            rule_id: answer.rule_id().map(str::to_owned),
            bucket: answer.bucket,
            metadata,
            revision,
            error: None,
        }
    }

    #[cold]
    pub(crate) fn failed(key: &str, default: T, error: EvaluationError, revision: u64) -> Self {
        Self {
            key: key.to_owned(),
            value: default,
            variant: None,
            reason: Reason::Error,
            why: None,
            rule_id: None,
            bucket: None,
            metadata: BTreeMap::new(),
            revision,
            error: Some(error),
        }
    }
}

/// A type that programs know a flag's values as: `bool`, `i64`, `f64`, `String`, and JSON for objects.
#[diagnostic::on_unimplemented(
    message = "no flag has values of the type `{Self}`",
    note = "flags have values of `bool`, `i64`, `f64`, `String` and `serde_json::Value`"
)]
pub trait FromFlag: Sized + sealed::Sealed {
    /// The flag's type.
    const KIND: FlagType;

    /// The value; `None` where it is of another type.
    fn from_flag(value: &FlagValue) -> Option<Self>;
}

mod sealed {
    pub trait Sealed {}
}

macro_rules! from_flag {
    ($($type:ty, $kind:ident: $($pattern:pat => $value:expr),+;)+) => {
        $(
            impl sealed::Sealed for $type {}

            impl FromFlag for $type {
                const KIND: FlagType = FlagType::$kind;

                #[inline]
                fn from_flag(value: &FlagValue) -> Option<Self> {
                    match value {
                        $($pattern => Some($value),)+
                        _ => None,
                    }
                }
            }
        )+
    };
}

from_flag! {
    bool, Bool: FlagValue::Bool(value) => *value;
    i64, Int: FlagValue::Int(value) => *value;
    f64, Float: FlagValue::Float(value) => *value, FlagValue::Int(value) => *value as Self;
    String, String: FlagValue::String(text) => text.to_string();
    Json, Object: FlagValue::Object(json) => json.clone();
}
