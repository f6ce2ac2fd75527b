//! The flags as they were at one time: a set, its revision, and where its answers are counted.

use std::fmt;
use std::sync::Arc;

use serde_json::Value as Json;

use super::Shared;
use super::evaluation::{Evaluation, FromFlag};
use crate::answer::{Answer, EvaluationError, Reason};
use crate::compile::Table;
use crate::context::Context;
use crate::exposure::{Counter, ExposureEvent};
use crate::guards::Watched;
use crate::model::{FlagType, FlagValue};
use crate::set::FlagSet;
use crate::trace::Silent;

/// The flags at one revision: all answers of one snapshot belong together. Questions are counted; those to its
/// [`set`](Self::set) are not.
pub struct Snapshot {
    pub(super) set: Arc<FlagSet>,
    pub(super) revision: u64,
    pub(super) generation: u64,
    /// By the flag's number.
    pub(super) counters: Box<[Arc<Counter>]>,
    pub(super) guards: Arc<Table<Arc<Watched>>>,
    /// By the flag's number, whether its source can't be asked; empty where all can.
    pub(super) stale: Box<[bool]>,
    pub(super) shared: Arc<Shared>,
}

/// Why a question has no answer.
pub(super) enum Miss {
    NotFound,
    Mismatch(FlagType),
}

impl Miss {
    pub(super) fn error(&self, key: &str, asked: FlagType) -> EvaluationError {
        let key = key.to_owned();
        match *self {
            Self::NotFound => EvaluationError::FlagNotFound { key },
            Self::Mismatch(found) => EvaluationError::TypeMismatch { key, asked, found },
        }
    }
}

impl Snapshot {
    pub(super) fn nothing(shared: Arc<Shared>) -> Self {
        let set = Arc::default();
        Self {
            set,
            revision: 0,
            generation: 0,
            counters: Box::default(),
            guards: Arc::default(),
            stale: Box::default(),
            shared,
        }
    }

    /// The set.
    #[must_use]
    pub fn set(&self) -> &Arc<FlagSet> {
        &self.set
    }

    /// The revision of the configuration that it belongs to.
    #[must_use]
    pub fn revision(&self) -> u64 {
        self.revision
    }

    /// How many sets the program had used when this one came, itself included.
    #[must_use]
    pub fn generation(&self) -> u64 {
        self.generation
    }

    /// Whether a boolean flag is on; the default where there is no such flag, or it serves none of its variants.
    #[inline]
    #[must_use]
    pub fn bool(&self, key: &str, context: &Context<'_>, default: bool) -> bool {
        self.value(key, context, default)
    }

    /// The value of a flag of type `int`.
    #[inline]
    #[must_use]
    pub fn int(&self, key: &str, context: &Context<'_>, default: i64) -> i64 {
        self.value(key, context, default)
    }

    /// The value of a flag of type `float` or `int`.
    #[inline]
    #[must_use]
    pub fn float(&self, key: &str, context: &Context<'_>, default: f64) -> f64 {
        self.value(key, context, default)
    }

    /// The value of a flag of type `string`.
    #[must_use]
    pub fn string<'v>(&'v self, key: &str, context: &Context<'_>, default: &'v str) -> &'v str {
        match self.ask(Some(FlagType::String), key, context).ok().and_then(|answer| answer.value()) {
            Some(FlagValue::String(text)) => text,
            _ => default,
        }
    }

    /// The value of a flag of type `object`.
    #[must_use]
    pub fn object<'v>(&'v self, key: &str, context: &Context<'_>, default: &'v Json) -> &'v Json {
        match self.ask(Some(FlagType::Object), key, context).ok().and_then(|answer| answer.value()) {
            Some(FlagValue::Object(json)) => json,
            _ => default,
        }
    }

    #[inline]
    fn value<T: FromFlag>(&self, key: &str, context: &Context<'_>, default: T) -> T {
        let answer = self.ask(Some(T::KIND), key, context).ok();
        answer.and_then(|answer| answer.value()).and_then(T::from_flag).unwrap_or(default)
    }

    /// The value of a flag, and all that is known about it.
    #[must_use]
    pub fn details<T: FromFlag>(&self, key: &str, context: &Context<'_>, default: T) -> Evaluation<T> {
        match self.ask(Some(T::KIND), key, context) {
            Ok(answer) => Evaluation::answered(&answer, default, self.revision),
            Err(miss) => Evaluation::failed(key, default, miss.error(key, T::KIND), self.revision),
        }
    }

    /// Evaluates a flag of any type.
    ///
    /// # Errors
    /// There is no such flag.
    pub fn evaluate(&self, key: &str, context: &Context<'_>) -> Result<Answer<'_>, EvaluationError> {
        self.ask(None, key, context).map_err(|_| EvaluationError::FlagNotFound { key: key.to_owned() })
    }

    /// Evaluates a flag of any type as [`evaluate`](Self::evaluate) does, and counts nothing: for answers that nobody has
    /// used yet.
    ///
    /// # Errors
    /// There is no such flag.
    pub fn peek(&self, key: &str, context: &Context<'_>) -> Result<Answer<'_>, EvaluationError> {
        let number = self.set.number(key).ok_or_else(|| EvaluationError::FlagNotFound { key: key.to_owned() })?;
        Ok(self.answer(number, context))
    }

    /// Evaluates a flag of this type, of which an integer is one where a float is asked for.
    ///
    /// # Errors
    /// There is no such flag, or its values are of another type.
    pub fn evaluate_as(&self, kind: FlagType, key: &str, context: &Context<'_>) -> Result<Answer<'_>, EvaluationError> {
        self.ask(Some(kind), key, context).map_err(|miss| miss.error(key, kind))
    }

    /// Evaluates a flag of this type, or of any, and counts the answer.
    #[inline]
    fn ask(&self, kind: Option<FlagType>, key: &str, context: &Context<'_>) -> Result<Answer<'_>, Miss> {
        self.ask_numbered(kind, key, context).map(|(_, answer)| answer)
    }

    /// The same, and the flag's number.
    #[inline]
    pub(super) fn ask_numbered(
        &self,
        kind: Option<FlagType>,
        key: &str,
        context: &Context<'_>,
    ) -> Result<(u32, Answer<'_>), Miss> {
        let Some(number) = self.set.number(key) else {
            self.note_unknown(key);
            return Err(Miss::NotFound);
        };
        let answer = self.ask_number(kind, number, context).map_err(Miss::Mismatch)?;
        Ok((number, answer))
    }

    /// Notes that a flag was asked for that is not defined.
    pub(crate) fn note_unknown(&self, key: &str) {
        self.shared.recorder.unknown.count(key);
    }

    /// Evaluates the flag of this number, where it is of this type, and counts the answer; its own type where it is not.
    #[inline]
    pub(crate) fn ask_number(
        &self,
        kind: Option<FlagType>,
        number: u32,
        context: &Context<'_>,
    ) -> Result<Answer<'_>, FlagType> {
        let counter = &self.counters[number as usize];
        let answer = self.answer(number, context);
        let found = answer.kind();
        if !kind.is_none_or(|kind| kind.takes(found)) {
            counter.count_mismatch();
            return Err(found);
        }
        counter.count(answer.variant, answer.reason);
        if self.shared.exposures.is_heard() {
            self.tell(&answer, context);
        }
        Ok(answer)
    }

    #[inline]
    fn answer(&self, number: u32, context: &Context<'_>) -> Answer<'_> {
        let mut answer = self.set.evaluate_by(number, context, || self.shared.clock.now(), &mut Silent);
        if self.stale.get(number as usize).is_some_and(|is_stale| *is_stale) {
            answer.reason = Reason::Stale;
        }
        answer
    }

    #[cold]
    fn tell(&self, answer: &Answer<'_>, context: &Context<'_>) {
        self.shared.exposures.send(|| ExposureEvent {
            at: context.moment().unwrap_or_else(|| self.shared.clock.now()),
            key: answer.key().to_owned(),
            variant: answer.variant().map(str::to_owned),
            reason: answer.reason,
            why: answer.why,
            targeting_key: context.targeting_key().map(str::to_owned),
            revision: self.revision,
        });
    }
}

impl fmt::Debug for Snapshot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Snapshot")
            .field("set", &self.set)
            .field("revision", &self.revision)
            .field("generation", &self.generation)
            .finish_non_exhaustive()
    }
}
