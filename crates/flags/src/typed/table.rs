//! A set of flags with the numbers of a program's flags in it, so that an evaluation looks no name up.

use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;

use crate::answer::Answer;
use crate::compile::Problem;
use crate::context::Context;
use crate::flags::Evaluation;
use crate::snapshots::View;

use super::details::details;
use super::{FeatureFlags, FlagKey, FlagKind, FlagStruct, Resolve, Unanswered, check_types, get};

/// Flags at one time, bound to the list `F` of a program's flags.
///
/// Binding looks every key of the list up once. An evaluation then takes no lock, and allocates nothing.
pub struct Typed<F> {
    view: View,
    /// The number of each flag of the list in the set; [`ABSENT`] where it has none.
    numbers: Arc<[u32]>,
    problems: Arc<[Problem]>,
    list: PhantomData<fn() -> F>,
}

const ABSENT: u32 = u32::MAX;

impl<F: FeatureFlags> Typed<F> {
    /// Binds a set, or a snapshot, whose questions are counted. Whether the program's types are those of the definitions,
    /// [`Typed::problems`] tells.
    #[must_use]
    pub fn new(view: impl Into<View>) -> Self {
        let view = view.into();
        let numbers = F::FLAGS.iter().map(|spec| view.set().number(spec.key).unwrap_or(ABSENT)).collect();
        Self::with_numbers(view, numbers)
    }

    /// Binds what took the place of this; the keys are looked up again only if flags came or went.
    #[must_use]
    pub fn renewed(&self, view: impl Into<View>) -> Self {
        let view = view.into();
        if Arc::ptr_eq(view.set(), self.view.set()) {
            return Self { view, ..self.clone() };
        }
        if view.set().has_flags_of(self.view.set()) {
            return Self::with_numbers(view, Arc::clone(&self.numbers));
        }
        Self::new(view)
    }

    fn with_numbers(view: View, numbers: Arc<[u32]>) -> Self {
        let problems = check_types::<F>(view.set()).into();
        Self { view, numbers, problems, list: PhantomData }
    }

    /// What is bound.
    #[must_use]
    pub fn view(&self) -> &View {
        &self.view
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

    /// A flag's value, and all that is known about it; this allocates.
    #[must_use]
    pub fn details<K: FlagKey<Flags = F>>(
        &self,
        key: K,
        context: &Context<'_>,
    ) -> Evaluation<<K::Kind as FlagKind>::Value<'_>> {
        let index = key.index();
        details::<K::Kind>(self.answer(index, context), &F::FLAGS[index], self.view.revision())
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

impl<F: FeatureFlags> Resolve<F> for Typed<F> {
    #[inline]
    fn answer(&self, index: usize, context: &Context<'_>) -> Result<Answer<'_>, Unanswered> {
        let number = self.numbers[index];
        if number == ABSENT {
            self.view.note_unknown(F::FLAGS[index].key);
            return Err(Unanswered::NotFound);
        }
        self.view.ask_number(F::FLAGS[index].kind(), number, context).map_err(Unanswered::Mismatch)
    }
}

impl<F> Clone for Typed<F> {
    fn clone(&self) -> Self {
        Self {
            view: self.view.clone(),
            numbers: Arc::clone(&self.numbers),
            problems: Arc::clone(&self.problems),
            list: PhantomData,
        }
    }
}

impl<F: FeatureFlags> fmt::Debug for Typed<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Typed").field("view", &self.view).field("flags", &F::FLAGS.len()).finish_non_exhaustive()
    }
}
