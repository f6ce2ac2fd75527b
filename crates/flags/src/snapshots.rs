//! Where whoever evaluates gets the set of flags that counts now.

use std::sync::Arc;

use crate::set::FlagSet;

/// Gives the set of flags that counts now: a set by itself, or something that exchanges it when flags change.
///
/// It is asked for every evaluation that goes through [`TypedReader`](crate::TypedReader) or a provider, so it should
/// neither lock nor wait.
pub trait Snapshots: Send + Sync {
    /// The set that counts now.
    fn current(&self) -> Arc<FlagSet>;

    /// Whether the set can be relied on.
    fn health(&self) -> Health {
        Health::Ready
    }
}

/// Whether a set of flags can be relied on: OpenFeature's provider states (specification 1.7).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Health {
    /// No flags have come yet.
    NotReady,
    /// As new as it gets.
    #[default]
    Ready,
    /// The source is silent; these are the last flags that it gave.
    Stale,
    /// The source has failed, and the flags may be anything.
    Failed,
}

impl Snapshots for Arc<FlagSet> {
    fn current(&self) -> Arc<FlagSet> {
        Self::clone(self)
    }
}

impl<S: Snapshots + ?Sized> Snapshots for &S {
    fn current(&self) -> Arc<FlagSet> {
        (**self).current()
    }

    fn health(&self) -> Health {
        (**self).health()
    }
}

impl Snapshots for Arc<dyn Snapshots> {
    fn current(&self) -> Arc<FlagSet> {
        (**self).current()
    }

    fn health(&self) -> Health {
        (**self).health()
    }
}
