//! A set of flags with the numbers of a program's flags in it, so that an evaluation looks no name up.

use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;

use crate::answer::Answer;
use crate::compile::Problem;
use crate::context::Context;
use crate::set::FlagSet;
use crate::trace::Silent;

use super::{Details, FeatureFlags, FlagKey, FlagKind, FlagStruct, check_types};

/// A set of flags, bound to the list `F` of a program's flags.
///
/// Binding looks every key of the list up once. An evaluation then takes no lock, and allocates nothing.
pub struct Typed<F> {
    set: Arc<FlagSet>,
    /// The number of each flag of the list in the set; [`ABSENT`] where it has none.
    numbers: Arc<[u32]>,
    problems: Arc<[Problem]>,
    list: PhantomData<fn() -> F>,
}

const ABSENT: u32 = u32::MAX;

impl<F: FeatureFlags> Typed<F> {
    /// Binds a set. Whether the program's types are those of the definitions, [`Typed::problems`] tells.
    #[must_use]
    pub fn new(set: Arc<FlagSet>) -> Self {
        let numbers = F::FLAGS.iter().map(|spec| set.number(spec.key).unwrap_or(ABSENT)).collect();
        Self::with_numbers(set, numbers)
    }

    /// Binds the set that took this one's place; the keys are looked up again only if flags came or went.
    #[must_use]
    pub fn renewed(&self, set: Arc<FlagSet>) -> Self {
        if set.has_same_keys(&self.set) { Self::with_numbers(set, Arc::clone(&self.numbers)) } else { Self::new(set) }
    }

    fn with_numbers(set: Arc<FlagSet>, numbers: Arc<[u32]>) -> Self {
        let problems = check_types::<F>(&set).into();
        Self { set, numbers, problems, list: PhantomData }
    }

    /// The set.
    #[must_use]
    pub fn set(&self) -> &Arc<FlagSet> {
        &self.set
    }

    /// The flags that are defined with another type than the program's: what [`check_types`] found.
    #[must_use]
    pub fn problems(&self) -> &[Problem] {
        &self.problems
    }

    /// A flag's value; the program's own where the flag serves none, is not defined, or is of another type.
    #[inline]
    #[must_use]
    pub fn get<K: FlagKey<Flags = F>>(&self, key: K, context: &Context<'_>) -> <K::Kind as FlagKind>::Value<'_> {
        get(self, key, context)
    }

    /// A flag's value, and why it is that.
    #[must_use]
    pub fn details<K: FlagKey<Flags = F>>(
        &self,
        key: K,
        context: &Context<'_>,
    ) -> Details<'_, <K::Kind as FlagKind>::Value<'_>> {
        let index = key.index();
        Details::of::<K::Kind>(self.answer(index, context), &F::FLAGS[index])
    }

    /// Every flag's value.
    #[must_use]
    pub fn all(&self, context: &Context<'_>) -> F
    where
        F: FlagStruct,
    {
        F::resolve(self, context)
    }
}

/// What answers for a flag of the list `F`: a set by its name, a [`Typed`] by its number.
pub trait Resolve<F: FeatureFlags> {
    /// The answer of the flag in this place of the list; `None` where it is not defined.
    fn answer(&self, index: usize, context: &Context<'_>) -> Option<Answer<'_>>;
}

impl<F: FeatureFlags> Resolve<F> for Typed<F> {
    #[inline]
    fn answer(&self, index: usize, context: &Context<'_>) -> Option<Answer<'_>> {
        let number = self.numbers[index];
        (number != ABSENT).then(|| self.set.evaluate_number(number, context, &mut Silent))
    }
}

impl<F: FeatureFlags> Resolve<F> for FlagSet {
    fn answer(&self, index: usize, context: &Context<'_>) -> Option<Answer<'_>> {
        let number = self.number(F::FLAGS[index].key)?;
        Some(self.evaluate_number(number, context, &mut Silent))
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
    let value = flags.answer(index, context).and_then(|answer| answer.value());
    value.and_then(|value| K::Kind::read(value, spec)).unwrap_or_else(|| K::Kind::default(spec))
}

impl<F> Clone for Typed<F> {
    fn clone(&self) -> Self {
        Self {
            set: Arc::clone(&self.set),
            numbers: Arc::clone(&self.numbers),
            problems: Arc::clone(&self.problems),
            list: PhantomData,
        }
    }
}

impl<F: FeatureFlags> fmt::Debug for Typed<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Typed").field("set", &self.set).field("flags", &F::FLAGS.len()).finish_non_exhaustive()
    }
}
