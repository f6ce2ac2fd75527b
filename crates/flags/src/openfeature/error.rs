//! Our errors with OpenFeature's codes.

use open_feature::{EvaluationError as Error, EvaluationErrorCode as Code};

use crate::answer::{Answer, EvaluationError, Why};

pub(super) fn of(code: Code, message: impl Into<String>) -> Error {
    Error { code, message: Some(message.into()) }
}

pub(super) fn from(error: EvaluationError) -> Error {
    let code = match &error {
        EvaluationError::FlagNotFound { .. } => Code::FlagNotFound,
        EvaluationError::TypeMismatch { .. } => Code::TypeMismatch,
        EvaluationError::ParseError { .. } => Code::ParseError,
    };
    of(code, error.to_string())
}

/// That the caller's default is what the flag serves.
pub(super) fn code_default(answer: &Answer<'_>) -> Error {
    let (key, reason, why) = (answer.key(), answer.reason, answer.why);
    if why == Why::NoBucketingKey {
        let message = format!("the flag `{key}` tells units apart, and the context does not say who this one is");
        return of(Code::TargetingKeyMissing, message);
    }
    of(Code::General(reason.as_str().to_owned()), format!("the flag `{key}` serves the program's default ({why})"))
}
