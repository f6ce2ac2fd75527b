//! What is bucketed: one text, or several that count as one joined by `:`.

/// A text that hashes piece by piece, so that parts need not be joined in memory.
pub(crate) trait Unit {
    /// Folds the unit's bytes into a state, in order.
    fn feed<S>(&self, state: S, step: impl Fn(S, &[u8]) -> S) -> S;
}

impl Unit for str {
    #[inline]
    fn feed<S>(&self, state: S, step: impl Fn(S, &[u8]) -> S) -> S {
        step(state, self.as_bytes())
    }
}

/// Parts that count as their texts joined by `:`. The iterator is cloned where a split hashes twice.
#[derive(Clone, Debug)]
pub(crate) struct Joined<I>(pub(crate) I);

impl<'part, I> Unit for Joined<I>
where
    I: Iterator<Item = &'part str> + Clone,
{
    #[inline]
    fn feed<S>(&self, mut state: S, step: impl Fn(S, &[u8]) -> S) -> S {
        for (index, part) in self.0.clone().enumerate() {
            if index > 0 {
                state = step(state, b":");
            }
            state = step(state, part.as_bytes());
        }
        state
    }
}
