//! What can go wrong with a store, and what that says of a commit.

use std::error::Error;
use std::fmt;

/// Why a store could not do what it was asked for.
///
/// The text says what failed and where; the predicates say what a program may want to tell apart.
#[derive(Debug)]
pub struct StoreError {
    kind: Kind,
    message: String,
    source: Option<Box<dyn Error + Send + Sync>>,
}

/// What a program may want to tell apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Address,
    Busy,
    Unavailable,
    Corrupt,
    Newer,
    Denied,
    Invalid,
    Stopped,
}

impl StoreError {
    pub(crate) fn new(kind: Kind, message: impl Into<String>) -> Self {
        Self { kind, message: message.into(), source: None }
    }

    pub(crate) fn because(mut self, source: impl Error + Send + Sync + 'static) -> Self {
        self.source = Some(Box::new(source));
        self
    }

    /// For stores written elsewhere: what failed, and why.
    pub fn other(message: impl Into<String>, source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self { kind: Kind::Unavailable, message: message.into(), source: Some(source.into()) }
    }

    /// The address is none that [`open`](crate::open) knows, or its feature is not built in.
    #[must_use]
    pub fn is_address(&self) -> bool {
        self.kind == Kind::Address
    }

    /// Somebody else holds the store for too long; trying again may help.
    #[must_use]
    pub fn is_busy(&self) -> bool {
        self.kind == Kind::Busy
    }

    /// What is stored was damaged or tampered with.
    #[must_use]
    pub fn is_corrupt(&self) -> bool {
        self.kind == Kind::Corrupt
    }

    /// A later version of this library wrote it.
    #[must_use]
    pub fn is_newer(&self) -> bool {
        self.kind == Kind::Newer
    }

    /// The system does not let this process read or write there.
    #[must_use]
    pub fn is_denied(&self) -> bool {
        self.kind == Kind::Denied
    }

    /// What was passed in can't be taken, such as a damaged backup.
    #[must_use]
    pub fn is_invalid(&self) -> bool {
        self.kind == Kind::Invalid
    }

    /// A failure before left it open what is stored; this store takes no commit until it is opened again.
    #[must_use]
    pub fn is_stopped(&self) -> bool {
        self.kind == Kind::Stopped
    }
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)?;
        match &self.source {
            Some(source) => write!(f, ": {source}"),
            None => Ok(()),
        }
    }
}

impl Error for StoreError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.source.as_ref().map(|source| &**source as _)
    }
}

/// Why a commit was not made, or may not have been.
#[derive(Debug)]
pub enum CommitError {
    /// Somebody else committed meanwhile; nothing was written.
    Conflict {
        /// The revision that is stored now.
        current: u64,
    },
    /// Whether it was written is not known. Load again, or ask [`by_request`](crate::Store::by_request).
    Unknown(StoreError),
    /// Nothing was written.
    Failed(StoreError),
}

impl fmt::Display for CommitError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Conflict { current } => write!(f, "another commit came first: the store is at revision {current}"),
            Self::Unknown(error) => write!(f, "the commit may or may not be stored: {error}"),
            Self::Failed(error) => write!(f, "nothing was stored: {error}"),
        }
    }
}

impl Error for CommitError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Conflict { .. } => None,
            Self::Unknown(error) | Self::Failed(error) => error.source(),
        }
    }
}
