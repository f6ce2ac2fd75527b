//! Why watching could not begin.

use std::error::Error;
use std::{fmt, io};

/// Why watching could not begin. The configuration is as it was.
#[derive(Debug)]
pub struct WatchError {
    /// What the system said; nothing where the configuration is watched already.
    system: Option<io::Error>,
}

impl WatchError {
    pub(crate) fn running() -> Self {
        Self { system: None }
    }

    pub(crate) fn system(error: io::Error) -> Self {
        Self { system: Some(error) }
    }

    /// The configuration is watched already.
    #[must_use]
    pub fn is_running(&self) -> bool {
        self.system.is_none()
    }
}

impl fmt::Display for WatchError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.system {
            None => f.write_str("the configuration is watched already"),
            Some(error) => write!(f, "the configuration can't be watched: {error}"),
        }
    }
}

impl Error for WatchError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.system.as_ref().map(|error| error as &(dyn Error + 'static))
    }
}
