//! Where whoever evaluates flags gets those that count now.

use std::sync::Arc;

use crate::answer::{Answer, EvaluationError};
use crate::context::Context;
use crate::flags::{Flags, Snapshot};
use crate::model::FlagType;
use crate::set::FlagSet;

/// Something that knows the current set of flags: a set by itself, or what exchanges sets, such as [`Flags`].
///
/// It is asked before every evaluation by [`TypedReader`](crate::TypedReader) and by the provider for OpenFeature, so it
/// should neither lock nor wait.
pub trait Snapshots: Send + Sync {
    /// The set as it is now. It never changes; ask again for the next. Questions to it are not counted.
    fn current(&self) -> Arc<FlagSet>;

    /// The set as it is now, with what counts the questions to it, where something does.
    fn view(&self) -> View {
        View::Set(self.current())
    }

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
    /// The source has failed for good, and its flags may be anything.
    Failed,
}

/// The flags at one time.
#[derive(Debug, Clone)]
pub enum View {
    /// A set; questions are not counted.
    Set(Arc<FlagSet>),
    /// The snapshot of a handle, which counts.
    Counted(Arc<Snapshot>),
}

impl View {
    /// The set.
    #[must_use]
    pub fn set(&self) -> &Arc<FlagSet> {
        match self {
            Self::Set(set) => set,
            Self::Counted(snapshot) => snapshot.set(),
        }
    }

    /// The revision of the configuration that it belongs to; 0 for a set by itself.
    #[must_use]
    pub fn revision(&self) -> u64 {
        match self {
            Self::Set(_) => 0,
            Self::Counted(snapshot) => snapshot.revision(),
        }
    }

    /// Evaluates a flag of this type, of which an integer is one where a float is asked for.
    ///
    /// # Errors
    /// There is no such flag, or its values are of another type.
    pub fn evaluate_as(&self, kind: FlagType, key: &str, context: &Context<'_>) -> Result<Answer<'_>, EvaluationError> {
        match self {
            Self::Set(set) => set.evaluate_as(kind, key, context),
            Self::Counted(snapshot) => snapshot.evaluate_as(kind, key, context),
        }
    }

    /// Evaluates the flag of this number, where it is of this type; its own type where it is not.
    #[inline]
    pub(crate) fn ask_number(
        &self,
        kind: FlagType,
        number: u32,
        context: &Context<'_>,
    ) -> Result<Answer<'_>, FlagType> {
        match self {
            Self::Set(set) => set.ask_number(kind, number, context),
            Self::Counted(snapshot) => snapshot.ask_number(Some(kind), number, context),
        }
    }

    /// Notes that a flag was asked for that is not defined.
    pub(crate) fn note_unknown(&self, key: &str) {
        if let Self::Counted(snapshot) = self {
            snapshot.note_unknown(key);
        }
    }

    /// Whether it is the very same, so that nothing can have changed.
    pub(crate) fn is(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Set(one), Self::Set(other)) => Arc::ptr_eq(one, other),
            (Self::Counted(one), Self::Counted(other)) => Arc::ptr_eq(one, other),
            _ => false,
        }
    }
}

impl From<Arc<FlagSet>> for View {
    fn from(set: Arc<FlagSet>) -> Self {
        Self::Set(set)
    }
}

impl From<Arc<Snapshot>> for View {
    fn from(snapshot: Arc<Snapshot>) -> Self {
        Self::Counted(snapshot)
    }
}

impl Snapshots for Arc<FlagSet> {
    fn current(&self) -> Arc<FlagSet> {
        Self::clone(self)
    }
}

impl Snapshots for Flags {
    fn current(&self) -> Arc<FlagSet> {
        Arc::clone(self.snapshot().set())
    }

    fn view(&self) -> View {
        View::Counted(self.snapshot())
    }
}

impl Snapshots for Arc<dyn Snapshots> {
    fn current(&self) -> Arc<FlagSet> {
        (**self).current()
    }

    fn view(&self) -> View {
        (**self).view()
    }

    fn health(&self) -> Health {
        (**self).health()
    }
}
