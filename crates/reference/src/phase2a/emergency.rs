//! The emergency: everything off at once, and back.

use std::error::Error;
use std::fmt;

use strata_config::Value;
use strata_config_reload::{Actor, Applied, Point, UpdateError};
use strata_config_store::{Entry, HistoryQuery, StoreError};

use super::{ComponentStatus, ConfigurationManager, RolloutStrategy};

/// The tags by which the history finds a shutdown and its end.
const SHUTDOWN: &str = "emergency-disable";
const RESTORE: &str = "emergency-restore";

impl ConfigurationManager {
    /// Turns every optimisation off, by one stored update: the master switch, the strategy and both components, whose
    /// status becomes `maintenance`.
    ///
    /// # Errors
    /// Where `emergency_shutdown_enabled` is off; or as for an update.
    pub fn emergency_disable(&self, actor: impl Into<Actor>) -> Result<Applied, EmergencyError> {
        if !self.config().emergency_shutdown_enabled {
            return Err(EmergencyError::NotPermitted);
        }
        let map = |entries: &[(&str, Value)]| {
            Value::Map(entries.iter().map(|(key, value)| ((*key).to_owned(), value.clone())).collect())
        };
        let text = |choice: &dyn fmt::Display| Value::String(choice.to_string());
        let off = map(&[("enabled", Value::Bool(false)), ("status", text(&ComponentStatus::Maintenance))]);
        let patch = map(&[
            ("phase_2a_enabled", Value::Bool(false)),
            ("global_rollout_strategy", text(&RolloutStrategy::Disabled)),
            ("connection_pool", off.clone()),
            ("request_pipeline", off),
        ]);
        Ok(self.live().update(&patch, actor.into().tag(SHUTDOWN))?)
    }

    /// Goes back to the revision before the shutdown; stored changes since then go, too.
    ///
    /// # Errors
    /// Where no shutdown is in effect, or its revision is no longer in the history; or as for an update.
    pub fn emergency_restore(&self, actor: impl Into<Actor>) -> Result<Applied, EmergencyError> {
        let newest = |tag: &str| -> Result<Option<Entry>, StoreError> {
            let query = HistoryQuery { tag: Some(tag.to_owned()), ..HistoryQuery::newest(1) };
            Ok(self.live().history(&query)?.pop())
        };
        let restored = newest(RESTORE)?.map_or(0, |entry| entry.revision);
        let shutdown = newest(SHUTDOWN)?.filter(|entry| entry.revision > restored);
        let before = shutdown.ok_or(EmergencyError::NothingToRestore)?.revision - 1;
        Ok(self.live().rollback(&Point::Revision(before), actor.into().tag(RESTORE))?)
    }
}

/// Why an emergency could not be begun or ended.
#[derive(Debug)]
pub enum EmergencyError {
    /// `emergency_shutdown_enabled` is off.
    NotPermitted,
    /// There was no shutdown, or it was ended before.
    NothingToRestore,
    /// The update or the rollback failed; nothing changed.
    Update(UpdateError),
    /// The history can't be read.
    Store(StoreError),
}

impl fmt::Display for EmergencyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotPermitted => f.write_str("the emergency shutdown is not permitted: `emergency_shutdown_enabled`"),
            Self::NothingToRestore => f.write_str("no emergency shutdown is in effect"),
            Self::Update(error) => error.fmt(f),
            Self::Store(error) => error.fmt(f),
        }
    }
}

impl Error for EmergencyError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Update(error) => Some(error),
            Self::Store(error) => Some(error),
            Self::NotPermitted | Self::NothingToRestore => None,
        }
    }
}

impl From<UpdateError> for EmergencyError {
    fn from(error: UpdateError) -> Self {
        Self::Update(error)
    }
}

impl From<StoreError> for EmergencyError {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}
