//! What answers for the flags of a list.

use crate::answer::Answer;
use crate::context::Context;
use crate::flags::Snapshot;
use crate::model::FlagType;
use crate::set::FlagSet;
use crate::snapshots::View;

use super::{FeatureFlags, FlagKey, FlagKind};

/// What answers for a flag of the list `F`: a set or a snapshot by its name, a
/// [`Typed`](super::Typed) by its number.
pub trait Resolve<F: FeatureFlags> {
    /// The answer of the flag in this place of the list.
    ///
    /// # Errors
    /// It is not defined, or it is of another type than the program's.
    fn answer(&self, index: usize, context: &Context<'_>) -> Result<Answer<'_>, Unanswered>;
}

/// Why a flag of a list has no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unanswered {
    /// It is not defined.
    NotFound,
    /// It is defined with this type, and the program has another.
    Mismatch(FlagType),
}

impl<F: FeatureFlags> Resolve<F> for FlagSet {
    fn answer(&self, index: usize, context: &Context<'_>) -> Result<Answer<'_>, Unanswered> {
        let spec = &F::FLAGS[index];
        let number = self.number(spec.key).ok_or(Unanswered::NotFound)?;
        self.ask_number(spec.kind(), number, context).map_err(Unanswered::Mismatch)
    }
}

impl<F: FeatureFlags> Resolve<F> for Snapshot {
    fn answer(&self, index: usize, context: &Context<'_>) -> Result<Answer<'_>, Unanswered> {
        let spec = &F::FLAGS[index];
        let Some(number) = self.set().number(spec.key) else {
            self.note_unknown(spec.key);
            return Err(Unanswered::NotFound);
        };
        self.ask_number(Some(spec.kind()), number, context).map_err(Unanswered::Mismatch)
    }
}

impl<F: FeatureFlags> Resolve<F> for View {
    fn answer(&self, index: usize, context: &Context<'_>) -> Result<Answer<'_>, Unanswered> {
        match self {
            Self::Set(set) => Resolve::<F>::answer(&**set, index, context),
            Self::Counted(snapshot) => Resolve::<F>::answer(&**snapshot, index, context),
        }
    }
}

/// A flag's value; for generated code, too.
#[inline]
pub(crate) fn get<'s, F: FeatureFlags, K: FlagKey<Flags = F>>(
    flags: &'s impl Resolve<F>,
    key: K,
    context: &Context<'_>,
) -> <K::Kind as FlagKind>::Value<'s> {
    let index = key.index();
    let spec = &F::FLAGS[index];
    let value = flags.answer(index, context).ok().and_then(|answer| answer.value());
    value.and_then(|value| K::Kind::read(value, spec)).unwrap_or_else(|| K::Kind::default(spec))
}
