//! Keys that know their flag's number and type.

use std::fmt;
use std::marker::PhantomData;

use super::{FeatureFlags, FlagKind};

/// Something that names one flag of a derived list, with its type: a [`Key`], or a variant of a derived enum.
#[diagnostic::on_unimplemented(
    message = "`{Self}` names no flag",
    note = "write a constant of a struct with `#[derive(FeatureFlags)]`, or a variant of such an enum"
)]
pub trait FlagKey {
    /// The list that the flag is in.
    type Flags: FeatureFlags;
    /// The type of the flag's values.
    type Kind: FlagKind + ?Sized;

    /// The flag's place in [`FeatureFlags::FLAGS`].
    fn index(self) -> usize;
}

/// The key of one flag of the list `F`, whose values are of the type `T`: `bool`, `i64`, `f64`, `str`, or
/// [`Chosen`](super::Chosen) for the choices of an enum.
pub struct Key<F, T: ?Sized> {
    index: usize,
    list: PhantomData<fn() -> F>,
    kind: PhantomData<fn(&T)>,
}

impl<F: FeatureFlags, T: ?Sized> Key<F, T> {
    /// The key of the flag in this place; for generated code.
    ///
    /// # Panics
    /// The list has no such place. Keys are constants, so that this is an error of the compiler.
    #[doc(hidden)]
    #[must_use]
    pub const fn new(index: usize) -> Self {
        assert!(index < F::FLAGS.len(), "a key's index lies within its list");
        Self { index, list: PhantomData, kind: PhantomData }
    }

    /// A key that stands where the list has a mistake; such a program does not compile.
    #[doc(hidden)]
    #[must_use]
    pub const fn placeholder() -> Self {
        Self { index: 0, list: PhantomData, kind: PhantomData }
    }

    /// The flag's key in the definitions.
    #[must_use]
    pub const fn name(self) -> &'static str {
        F::FLAGS[self.index].key
    }
}

impl<F: FeatureFlags, T: FlagKind + ?Sized> FlagKey for Key<F, T> {
    type Flags = F;
    type Kind = T;

    #[inline]
    fn index(self) -> usize {
        self.index
    }
}

impl<F, T: ?Sized> Clone for Key<F, T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<F, T: ?Sized> Copy for Key<F, T> {}

impl<F: FeatureFlags, T: ?Sized> fmt::Debug for Key<F, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Key").field(&F::FLAGS[self.index].key).finish()
    }
}
