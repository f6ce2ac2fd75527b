//! Flags that live outside the configuration, and how they are changed there.

use strata_config_flags::model::Flag;

use crate::problem::Problem;

/// Where flags live that another source lays over those of the configuration, in Redis for instance, so that a change of
/// the configuration would have no effect. Every method but [`holds`](Self::holds) may wait.
pub trait FlagWriter: Send + Sync + 'static {
    /// Whether a flag lives there, or would.
    fn holds(&self, key: &str) -> bool;

    /// Writes a flag, which is in effect when this returns.
    ///
    /// # Errors
    /// The flag is wrong, or the place is away.
    fn write(&self, key: &str, flag: &Flag) -> Result<(), Problem>;

    /// Takes a flag away, so that the configuration's counts again.
    ///
    /// # Errors
    /// The place is away.
    fn remove(&self, key: &str) -> Result<(), Problem>;
}
