//! What a command has at hand.

use strata_config_core::{LayeredConfig, Loader};

use crate::options::Options;
use crate::output::Terminal;

/// What a command has at hand.
pub(crate) struct Context<'a, C> {
    pub(crate) options: Options,
    /// The application's own sources.
    pub(crate) sources: &'a dyn Fn() -> Loader<C>,
    pub(crate) terminal: Terminal,
}

impl<C: LayeredConfig> Context<'_, C> {
    /// The application's sources, and what the options add.
    pub(crate) fn loader(&self) -> Loader<C> {
        self.options.add_to((self.sources)())
    }
}
