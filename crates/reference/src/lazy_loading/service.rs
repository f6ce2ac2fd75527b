//! Values of other services: taken over at once, and again whenever they are synchronised.

use std::error::Error;
use std::fmt;
use std::sync::{Arc, PoisonError};

use strata_config::Value;
use strata_config_reload::{Actor, Applied, UpdateError};

use super::ConfigurationEngine;

/// What knows the values that other services have for this one.
pub trait ServiceManager: Send + Sync {
    /// Its name: the actor of its changes.
    fn name(&self) -> &str;

    /// The values, by key.
    ///
    /// # Errors
    /// Why they can't be had now.
    fn values(&self) -> Result<Value, Box<dyn Error + Send + Sync>>;
}

impl ConfigurationEngine {
    /// Takes over a service manager's values, and follows it from now on. They are weaker than files, variables and what
    /// is set here at run time: whoever runs this service has the last word.
    ///
    /// # Errors
    /// As for [`synchronise`](Self::synchronise); the manager is followed all the same.
    pub fn integrate_with_service_manager(
        &self,
        manager: impl ServiceManager + 'static,
    ) -> Result<Option<Applied>, SynchroniseError> {
        *self.services.lock().unwrap_or_else(PoisonError::into_inner) = Some(Arc::new(manager));
        self.synchronise()
    }

    /// Asks the service manager again: its values replace those that it gave before. `None` where there is no manager.
    ///
    /// # Errors
    /// Why there are no values, or what is wrong with them; then what it said before stays in effect.
    pub fn synchronise(&self) -> Result<Option<Applied>, SynchroniseError> {
        let manager = self.services.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let Some(manager) = manager else { return Ok(None) };
        let values = manager.values().map_err(SynchroniseError::Service)?;
        let actor = Actor::new(manager.name()).via("service");
        self.live().set_base(&values, actor).map(Some).map_err(SynchroniseError::Update)
    }
}

/// Why a service's values were not taken over.
#[derive(Debug)]
pub enum SynchroniseError {
    /// The service manager has none.
    Service(Box<dyn Error + Send + Sync>),
    /// They are wrong, or can't be stored.
    Update(UpdateError),
}

impl fmt::Display for SynchroniseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Service(error) => write!(f, "the services' values can't be had: {error}"),
            Self::Update(error) => error.fmt(f),
        }
    }
}

impl Error for SynchroniseError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Service(error) => Some(error.as_ref()),
            Self::Update(error) => Some(error),
        }
    }
}
