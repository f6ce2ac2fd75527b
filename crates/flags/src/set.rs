//! A set of flags, ready for evaluation, for good: a change makes another one.

mod build;
mod index;
mod invalid;
mod moments;
mod walk;

use std::fmt;
use std::sync::Arc;

use crate::answer::{Answer, EvaluationError};
use crate::compile::{Compiled, CompiledSegment};
use crate::context::Context;
use crate::evaluate::{Evaluation, share_or_target};
use crate::model::{Definitions, Flag, FlagType, FlagValue, Moment, Scalar, Segment, Trip};
use crate::trace::{Listener, Silent, Trace};

pub use build::Sources;
pub(crate) use index::Index;
pub use invalid::{InvalidFlag, InvalidFlags, Part};

/// Flags and segments, ready for evaluation. Nothing in it ever changes, so that any number of threads may ask it, and
/// every answer belongs to it alone.
#[derive(Default)]
pub struct FlagSet {
    pub(crate) killed: bool,
    index: Arc<Index>,
    flags: Box<[Slot]>,
    segment_names: Arc<Index>,
    segments: Box<[Arc<CompiledSegment>]>,
    pub(crate) metadata: Box<[(Box<str>, Scalar)]>,
}

/// A flag and what depends on the others.
#[derive(Clone)]
struct Slot {
    flag: Arc<Compiled>,
    /// Whether it, or a flag or segment that it asks, looks at the time.
    timed: bool,
}

impl FlagSet {
    /// Compiles definitions.
    ///
    /// # Errors
    /// Everything that is wrong with them, each with its place.
    pub fn new(definitions: Definitions) -> Result<Self, InvalidFlags> {
        Self::compile(definitions.into(), None)
    }

    /// Evaluates a flag, whatever its type. At which moment is the context's to say; a flag that depends on time asks
    /// the system's clock where the context says nothing.
    ///
    /// # Errors
    /// There is no such flag.
    #[inline]
    pub fn evaluate(&self, key: &str, context: &Context<'_>) -> Result<Answer<'_>, EvaluationError> {
        let known = |number: u32| Some((number, self.compiled(number))).filter(|(_, flag)| *flag.key == *key);
        let Some((number, flag)) = self.index.find(key, known) else { return Err(not_found(key)) };
        match share_or_target(self, flag, context) {
            Some(answer) => Ok(answer),
            None => self.ask_other_steps(number, context),
        }
    }

    /// Apart, so that the quick way writes its answer where it is wanted, and not where both ways meet.
    #[inline(never)]
    fn ask_other_steps(&self, number: u32, context: &Context<'_>) -> Result<Answer<'_>, EvaluationError> {
        Ok(self.ask_every_step(number, context, Moment::now, &mut Silent))
    }

    /// Evaluates a flag and tells every step of it.
    ///
    /// # Errors
    /// There is no such flag.
    pub fn explain(&self, key: &str, context: &Context<'_>) -> Result<(Answer<'_>, Trace), EvaluationError> {
        let number = self.number(key).ok_or_else(|| not_found(key))?;
        let mut trace = Trace::default();
        let answer = self.evaluate_number(number, context, &mut trace);
        // The step that decided says only that it was a rule; the answer knows which.
        if let (Some(rule), Some(last)) = (answer.rule_id(), trace.steps.last_mut()) {
            last.asked = format!("rule {rule}");
        }
        Ok((answer, trace))
    }

    #[inline]
    pub(crate) fn evaluate_number<L: Listener>(
        &self,
        number: u32,
        context: &Context<'_>,
        listener: &mut L,
    ) -> Answer<'_> {
        self.evaluate_by(number, context, Moment::now, listener)
    }

    /// Evaluates a flag by a clock, which is asked only where the flag depends on time and the context says nothing.
    #[inline]
    pub(crate) fn evaluate_by<L: Listener>(
        &self,
        number: u32,
        context: &Context<'_>,
        clock: impl FnOnce() -> Moment,
        listener: &mut L,
    ) -> Answer<'_> {
        if !L::LISTENS
            && let Some(answer) = share_or_target(self, self.compiled(number), context)
        {
            return answer;
        }
        self.ask_every_step(number, context, clock, listener)
    }

    #[inline(never)]
    fn ask_every_step<L: Listener>(
        &self,
        number: u32,
        context: &Context<'_>,
        clock: impl FnOnce() -> Moment,
        listener: &mut L,
    ) -> Answer<'_> {
        let slot = &self.flags[number as usize];
        let now = if slot.timed { context.moment().unwrap_or_else(clock) } else { Moment::default() };
        Evaluation { set: self, context, now, listener }.flag(&slot.flag)
    }

    /// Evaluates a flag of this type; the program's default is used where the flag has no answer.
    ///
    /// # Errors
    /// There is no such flag, or its values are of another type.
    pub fn evaluate_as(&self, kind: FlagType, key: &str, context: &Context<'_>) -> Result<Answer<'_>, EvaluationError> {
        let answer = self.evaluate(key, context)?;
        let found = answer.kind();
        if kind.takes(found) {
            return Ok(answer);
        }
        Err(EvaluationError::TypeMismatch { key: key.to_owned(), asked: kind, found })
    }

    /// Whether a boolean flag is on; the default where there is no such flag, or it serves none of its variants.
    #[must_use]
    pub fn is_on(&self, key: &str, context: &Context<'_>, default: bool) -> bool {
        let value = self.evaluate(key, context).ok().and_then(|answer| answer.value());
        value.and_then(FlagValue::as_bool).unwrap_or(default)
    }

    /// Evaluates the flag of this number, where it is of this type; its own type where it is not.
    #[inline]
    pub(crate) fn ask_number(
        &self,
        kind: FlagType,
        number: u32,
        context: &Context<'_>,
    ) -> Result<Answer<'_>, FlagType> {
        let found = self.compiled(number).kind;
        if kind.takes(found) { Ok(self.evaluate_number(number, context, &mut Silent)) } else { Err(found) }
    }

    /// Every flag's key, in the order of the alphabet.
    pub fn keys(&self) -> impl ExactSizeIterator<Item = &str> {
        self.flags.iter().map(|slot| &*slot.flag.key)
    }

    /// A flag as it was defined.
    #[must_use]
    pub fn definition(&self, key: &str) -> Option<&Flag> {
        self.number(key).map(|number| &*self.compiled(number).source)
    }

    pub(crate) fn flag_source(&self, key: &str) -> Option<&Arc<Flag>> {
        self.number(key).map(|number| &self.compiled(number).source)
    }

    pub(crate) fn segment_source(&self, name: &str) -> Option<&Arc<Segment>> {
        self.segment_names.get(name).map(|number| &self.segment(number).source)
    }

    /// That a flag's guard has tripped, and why.
    #[must_use]
    pub fn trip(&self, key: &str) -> Option<&Trip> {
        self.number(key).and_then(|number| self.compiled(number).trip.as_ref())
    }

    /// Every segment, in the order of the alphabet.
    pub fn segments(&self) -> impl Iterator<Item = (&str, &Segment)> {
        self.segment_names.names().zip(&self.segments).map(|(name, segment)| (name, &*segment.source))
    }

    /// Whether every flag is off.
    #[must_use]
    pub fn is_killed(&self) -> bool {
        self.killed
    }

    /// Everything that the set was made from.
    #[must_use]
    pub fn definitions(&self) -> Definitions {
        let flag = |slot: &Slot| (slot.flag.key.to_string(), Flag::clone(&slot.flag.source));
        let trip = |slot: &Slot| Some((slot.flag.key.to_string(), slot.flag.trip.clone()?));
        Definitions {
            kill_switch: self.killed,
            flags: self.flags.iter().map(flag).collect(),
            segments: self.segments().map(|(name, segment)| (name.to_owned(), segment.clone())).collect(),
            trips: self.flags.iter().filter_map(trip).collect(),
            metadata: self.metadata.iter().map(|(name, value)| (name.to_string(), value.clone())).collect(),
        }
    }

    /// What the set was made from, sharing its definitions: what [`FlagSet::compile`] takes to make the next one.
    #[must_use]
    pub fn sources(&self) -> Sources {
        let flag = |slot: &Slot| (slot.flag.key.to_string(), Arc::clone(&slot.flag.source));
        let trip = |slot: &Slot| Some((slot.flag.key.to_string(), slot.flag.trip.clone()?));
        let segments = self.segment_names.names().zip(&self.segments);
        Sources {
            kill_switch: self.killed,
            flags: self.flags.iter().map(flag).collect(),
            segments: segments.map(|(name, segment)| (name.to_owned(), Arc::clone(&segment.source))).collect(),
            trips: self.flags.iter().filter_map(trip).collect(),
            metadata: self.metadata.iter().map(|(name, value)| (name.to_string(), value.clone())).collect(),
        }
    }

    /// Every flag, compiled, by number.
    pub(crate) fn all_compiled(&self) -> impl ExactSizeIterator<Item = &Arc<Compiled>> + Clone {
        self.flags.iter().map(|slot| &slot.flag)
    }

    /// Whether another set has the same flags, so that their numbers are the same, too.
    pub(crate) fn has_flags_of(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.index, &other.index) || self.keys().eq(other.keys())
    }

    /// A flag's number, which stays the same as long as no flag comes or goes.
    pub(crate) fn number(&self, key: &str) -> Option<u32> {
        self.index.get(key)
    }

    pub(crate) fn compiled(&self, number: u32) -> &Compiled {
        &self.flags[number as usize].flag
    }

    pub(crate) fn segment(&self, number: u32) -> &CompiledSegment {
        &self.segments[number as usize]
    }
}

#[cold]
fn not_found(key: &str) -> EvaluationError {
    EvaluationError::FlagNotFound { key: key.to_owned() }
}

impl fmt::Debug for FlagSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FlagSet")
            .field("killed", &self.killed)
            .field("flags", &self.flags.len())
            .field("segments", &self.segments.len())
            .finish()
    }
}
