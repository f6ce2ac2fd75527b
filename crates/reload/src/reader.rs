//! Reading the running configuration: no lock, no wait.

use std::ops::Deref;
use std::sync::Arc;

use arc_swap::{ArcSwap, Cache};

/// The configuration at one moment; it stays what it is while this is held.
#[derive(Debug)]
pub struct Guard<C>(pub(crate) arc_swap::Guard<Arc<C>>);

impl<C> Guard<C> {
    /// The configuration to keep for longer.
    #[must_use]
    pub fn into_arc(self) -> Arc<C> {
        arc_swap::Guard::into_inner(self.0)
    }
}

impl<C> Deref for Guard<C> {
    type Target = C;

    fn deref(&self) -> &C {
        &self.0
    }
}

/// A reader for hot loops: it looks whether there is something new, and else gives what it has.
#[derive(Debug, Clone)]
pub struct Reader<C> {
    cache: Cache<Arc<ArcSwap<C>>, Arc<C>>,
}

impl<C> Reader<C> {
    pub(crate) fn new(current: Arc<ArcSwap<C>>) -> Self {
        Self { cache: Cache::new(current) }
    }

    /// The configuration as it is now.
    #[inline]
    pub fn get(&mut self) -> &C {
        self.cache.load()
    }
}

/// One part of a configuration, read as the whole is: for a component that need not know the rest.
#[derive(Debug)]
pub struct Projection<C, T: ?Sized> {
    pub(crate) current: Arc<ArcSwap<C>>,
    pub(crate) part: fn(&C) -> &T,
}

impl<C, T: ?Sized> Projection<C, T> {
    /// The part as it is now.
    #[must_use]
    pub fn get(&self) -> Projected<C, T> {
        Projected { whole: self.current.load(), part: self.part }
    }
}

impl<C, T: ?Sized> Clone for Projection<C, T> {
    fn clone(&self) -> Self {
        Self { current: Arc::clone(&self.current), part: self.part }
    }
}

/// A part of the configuration at one moment.
#[derive(Debug)]
pub struct Projected<C, T: ?Sized> {
    whole: arc_swap::Guard<Arc<C>>,
    part: fn(&C) -> &T,
}

impl<C, T: ?Sized> Deref for Projected<C, T> {
    type Target = T;

    fn deref(&self) -> &T {
        (self.part)(&self.whole)
    }
}
