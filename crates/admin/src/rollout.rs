//! What a system with a rollout tells the interface, so that the rollout has routes of its own.

use serde_json::Value as Json;
use strata_config_reload::{Actor, Applied};

use crate::problem::Problem;

/// The rollout of a system: how it is going, and what turns it. Every method may wait for the store.
pub trait Rollout: Send + Sync + 'static {
    /// How it is going, as an object.
    fn statistics(&self) -> Json;

    /// The patch of the configuration that a request's body means.
    ///
    /// # Errors
    /// What is wrong with the body.
    fn patch(&self, body: &Json) -> Result<Json, Problem>;

    /// Turns everything off at once.
    ///
    /// # Errors
    /// It is not permitted, or the store is away.
    fn disable(&self, actor: Actor) -> Result<Applied, Problem>;

    /// Goes back to what was before everything was turned off.
    ///
    /// # Errors
    /// Nothing was turned off, or the store is away.
    fn restore(&self, actor: Actor) -> Result<Applied, Problem>;
}
