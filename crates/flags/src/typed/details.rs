//! The answer of a typed evaluation, with all that is known about it.

use crate::answer::{Answer, EvaluationError};
use crate::flags::Evaluation;

use super::{FlagKind, FlagSpec, Unanswered};

/// What an answer is to the program.
pub(super) fn details<'s, K: FlagKind + ?Sized>(
    answer: Result<Answer<'s>, Unanswered>,
    spec: &FlagSpec,
    revision: u64,
) -> Evaluation<K::Value<'s>> {
    let failed = |error| Evaluation::failed(spec.key, K::default(spec), error, revision);
    let key = || spec.key.to_owned();
    match answer {
        Err(Unanswered::NotFound) => failed(EvaluationError::FlagNotFound { key: key() }),
        Err(Unanswered::Mismatch(found)) => {
            failed(EvaluationError::TypeMismatch { key: key(), asked: spec.kind(), found })
        }
        Ok(answer) => match answer.value().map(|value| K::read(value, spec)) {
            None => Evaluation::of(&answer, K::default(spec), revision),
            Some(Some(value)) => Evaluation::of(&answer, value, revision),
            Some(None) => {
                let variant = answer.variant().unwrap_or_default();
                let message = format!("the value of the variant `{variant}` is no choice that the program knows");
                failed(EvaluationError::ParseError { key: key(), message })
            }
        },
    }
}
