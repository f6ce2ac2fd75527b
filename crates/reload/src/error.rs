//! Why a configuration could not be opened, or a change was not made.

use std::error::Error;
use std::fmt;

use strata_config_core::Report;
use strata_config_store::StoreError;

use crate::watch::WatchError;

/// Why a live configuration could not be opened.
#[derive(Debug)]
pub enum OpenError {
    /// The configuration is wrong.
    Invalid(Report),
    /// The store can't be read.
    Store(StoreError),
    /// It can't be watched.
    Watch(WatchError),
}

impl fmt::Display for OpenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Invalid(report) => report.fmt(f),
            Self::Store(error) => error.fmt(f),
            Self::Watch(error) => error.fmt(f),
        }
    }
}

impl Error for OpenError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Invalid(_) => None,
            Self::Store(error) => Some(error),
            Self::Watch(error) => Some(error),
        }
    }
}

impl From<Report> for OpenError {
    fn from(report: Report) -> Self {
        Self::Invalid(report)
    }
}

impl From<StoreError> for OpenError {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<WatchError> for OpenError {
    fn from(error: WatchError) -> Self {
        Self::Watch(error)
    }
}

/// Why a change was not made. Nothing is different from before, in the store as for readers, unless
/// [`is_unknown`](Self::is_unknown).
#[derive(Debug)]
pub struct UpdateError {
    kind: Kind,
}

#[derive(Debug)]
enum Kind {
    Invalid(Box<Report>),
    Vetoed { by: String, reason: String },
    Conflict { expected: u64, current: u64 },
    Outdated { expected: u64, current: u64 },
    Missing(String),
    Reentrant,
    Store(StoreError),
    Unknown(StoreError),
}

impl UpdateError {
    pub(crate) fn invalid(report: Report) -> Self {
        Self { kind: Kind::Invalid(Box::new(report)) }
    }

    pub(crate) fn vetoed(by: &str, reason: impl Into<String>) -> Self {
        Self { kind: Kind::Vetoed { by: by.to_owned(), reason: reason.into() } }
    }

    pub(crate) fn conflict(expected: u64, current: u64) -> Self {
        Self { kind: Kind::Conflict { expected, current } }
    }

    pub(crate) fn outdated(expected: u64, current: u64) -> Self {
        Self { kind: Kind::Outdated { expected, current } }
    }

    pub(crate) fn missing(what: impl Into<String>) -> Self {
        Self { kind: Kind::Missing(what.into()) }
    }

    pub(crate) fn reentrant() -> Self {
        Self { kind: Kind::Reentrant }
    }

    pub(crate) fn unknown(error: StoreError) -> Self {
        Self { kind: Kind::Unknown(error) }
    }

    /// What is wrong with the configuration that the change would lead to.
    #[must_use]
    pub fn report(&self) -> Option<&Report> {
        match &self.kind {
            Kind::Invalid(report) => Some(report),
            _ => None,
        }
    }

    /// The configuration would be wrong: [`report`](Self::report) says how.
    #[must_use]
    pub fn is_invalid(&self) -> bool {
        matches!(self.kind, Kind::Invalid(_))
    }

    /// A veto of the program's refused it.
    #[must_use]
    pub fn is_vetoed(&self) -> bool {
        matches!(self.kind, Kind::Vetoed { .. })
    }

    /// The store is at another revision, or this process at another generation, than the change was meant for.
    #[must_use]
    pub fn is_conflict(&self) -> bool {
        matches!(self.kind, Kind::Conflict { .. } | Kind::Outdated { .. })
    }

    /// There is no such snapshot, revision or source.
    #[must_use]
    pub fn is_missing(&self) -> bool {
        matches!(self.kind, Kind::Missing(_))
    }

    /// Code that is called while a change is made (a veto, a rule, a check) tried to make another.
    #[must_use]
    pub fn is_reentrant(&self) -> bool {
        matches!(self.kind, Kind::Reentrant)
    }

    /// The store failed, and holds what it held.
    #[must_use]
    pub fn is_store(&self) -> bool {
        matches!(self.kind, Kind::Store(_))
    }

    /// The store failed while it wrote, and could not be asked what it holds. A change with a request's name may be
    /// tried again without harm.
    #[must_use]
    pub fn is_unknown(&self) -> bool {
        matches!(self.kind, Kind::Unknown(_))
    }
}

impl fmt::Display for UpdateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.kind {
            Kind::Invalid(report) => report.fmt(f),
            Kind::Vetoed { by, reason } => write!(f, "refused by {by}: {reason}"),
            Kind::Conflict { expected, current } => {
                write!(f, "the change was meant for revision {expected}, and the store is at {current}")
            }
            Kind::Outdated { expected, current } => {
                write!(f, "the change was meant for generation {expected} of this process, which is at {current}")
            }
            Kind::Missing(what) => write!(f, "there is no {what}"),
            Kind::Reentrant => f.write_str("the configuration can't be changed from within a change of it"),
            Kind::Store(error) => write!(f, "the store failed, and nothing changed: {error}"),
            Kind::Unknown(error) => write!(f, "the store failed, and what it holds is not known: {error}"),
        }
    }
}

impl Error for UpdateError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match &self.kind {
            Kind::Store(error) | Kind::Unknown(error) => Some(error),
            _ => None,
        }
    }
}

impl From<StoreError> for UpdateError {
    fn from(error: StoreError) -> Self {
        Self { kind: Kind::Store(error) }
    }
}
