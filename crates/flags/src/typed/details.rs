//! The answer of a typed evaluation.

use crate::answer::{Answer, EvaluationError, Reason, Why};
use crate::model::FlagType;

use super::{FlagKind, FlagSpec};

/// What a flag serves, and why; OpenFeature's evaluation details.
#[derive(Debug, Clone, PartialEq)]
pub struct Details<'s, V> {
    /// The value: of the variant, or the program's own.
    pub value: V,
    /// The variant; `None` where the value is the program's own.
    pub variant: Option<&'s str>,
    /// OpenFeature's reason.
    pub reason: Reason,
    /// What decided; `None` where there is an error.
    pub why: Option<Why>,
    /// The rule that decided.
    pub rule_id: Option<&'s str>,
    /// The unit's place in the split that decided.
    pub bucket: Option<u32>,
    /// Why the flag has no answer for the program.
    pub error: Option<EvaluationError>,
}

impl<'s, V> Details<'s, V> {
    /// What an answer is to the program.
    pub(super) fn of<K: FlagKind<Value<'s> = V> + ?Sized>(answer: Option<Answer<'s>>, spec: &FlagSpec) -> Self {
        let Some(answer) = answer else {
            return Self::failed::<K>(spec, EvaluationError::FlagNotFound { key: spec.key.to_owned() });
        };
        // The types are compared also where no value is served, so that a mistake shows before somebody is served it.
        if !fits(spec.kind(), answer.kind()) {
            let (asked, found) = (spec.kind(), answer.kind());
            return Self::failed::<K>(spec, EvaluationError::TypeMismatch { key: spec.key.to_owned(), asked, found });
        }
        let value = match answer.value() {
            None => K::default(spec),
            Some(value) => match K::read(value, spec) {
                Some(value) => value,
                None => return Self::failed::<K>(spec, unreadable(&answer, spec)),
            },
        };
        Self {
            value,
            variant: answer.variant(),
            reason: answer.reason,
            why: Some(answer.why),
            rule_id: answer.rule_id(),
            bucket: answer.bucket,
            error: None,
        }
    }

    #[cold]
    fn failed<K: FlagKind<Value<'s> = V> + ?Sized>(spec: &FlagSpec, error: EvaluationError) -> Self {
        Self {
            value: K::default(spec),
            variant: None,
            reason: Reason::Error,
            why: None,
            rule_id: None,
            bucket: None,
            error: Some(error),
        }
    }
}

/// Whether values of a type can be read as those of another: an integer is a number, too.
pub(super) fn fits(asked: FlagType, found: FlagType) -> bool {
    asked == found || (asked, found) == (FlagType::Float, FlagType::Int)
}

fn unreadable(answer: &Answer<'_>, spec: &FlagSpec) -> EvaluationError {
    let variant = answer.variant().unwrap_or_default();
    let message = format!("the value of the variant `{variant}` is no choice that the program knows");
    EvaluationError::ParseError { key: spec.key.to_owned(), message }
}
