//! Typed flags that follow a source whose set is exchanged.

use std::fmt;

use crate::snapshots::Snapshots;

use super::{FeatureFlags, Typed};

/// Typed flags that are always those of the source's current set: one for each thread or task, as a clone.
pub struct TypedReader<F, S> {
    source: S,
    typed: Typed<F>,
}

impl<F: FeatureFlags, S: Snapshots> TypedReader<F, S> {
    /// Binds the source's set.
    #[must_use]
    pub fn new(source: S) -> Self {
        let typed = Typed::new(source.view());
        Self { source, typed }
    }

    /// The flags of the current set. What is asked of one such reference belongs to one set; the next call may give
    /// another. Only the first call after an exchange allocates.
    #[inline]
    pub fn current(&mut self) -> &Typed<F> {
        let view = self.source.view();
        if !view.is(self.typed.view()) {
            self.typed = self.typed.renewed(view);
        }
        &self.typed
    }
}

impl<F, S: Clone> Clone for TypedReader<F, S> {
    fn clone(&self) -> Self {
        Self { source: self.source.clone(), typed: self.typed.clone() }
    }
}

impl<F: FeatureFlags, S> fmt::Debug for TypedReader<F, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TypedReader").field("typed", &self.typed).finish_non_exhaustive()
    }
}
