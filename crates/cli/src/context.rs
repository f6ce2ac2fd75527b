//! What a command has at hand.

use std::sync::Arc;

use strata_config_core::{LayeredConfig, Loaded, Loader, Outcome};
use strata_config_reload::{Live, LiveBuilder, OpenError};
use strata_config_store::{Limit, Store};

use crate::command::ConfigCommand;
use crate::options::Options;
use crate::output::{Failure, Output, Terminal};

/// What a command has at hand.
pub(crate) struct Context<'a, C> {
    pub(crate) options: Options,
    /// What the application said.
    pub(crate) command: &'a ConfigCommand<C>,
    pub(crate) terminal: Terminal,
}

/// A configuration as it was read, and the store that had a part in it.
pub(crate) struct Read<C> {
    pub(crate) outcome: Outcome<C>,
    pub(crate) revision: u64,
    pub(crate) store: Option<Arc<dyn Store>>,
}

impl<C: LayeredConfig> Context<'_, C> {
    /// The application's sources, and what the options add.
    pub(crate) fn loader(&self) -> Loader<C> {
        self.options.add_to((self.command.sources)())
    }

    /// The configuration, with the store's layers where the options name a store.
    pub(crate) fn read(&self) -> Result<Read<C>, Output> {
        let Some(store) = self.named_store()? else {
            return Ok(Read { outcome: self.loader().read(), revision: 0, store: None });
        };
        let read = self.command.over(self.loader()).store(Arc::clone(&store)).read();
        let (revision, outcome) = read.map_err(|error| self.store_failed(&error))?;
        Ok(Read { outcome, revision, store: Some(store) })
    }

    /// As [`read`](Self::read), where only a valid configuration has an answer.
    pub(crate) fn load(&self) -> Result<Loaded<C>, Output> {
        let invalid = |report| Output::invalid(&report, self.options.format, &self.terminal);
        self.read()?.outcome.into_loaded().map_err(invalid)
    }

    /// A live configuration over a store, also over one whose newest revision can't be used, so that it can be mended. It
    /// removes nothing of the past: what is kept is the application's choice.
    pub(crate) fn builder(&self, store: Arc<dyn Store>) -> LiveBuilder<C> {
        let builder = self.command.over(self.loader()).store(store);
        builder.keep_history(Limit::default()).keep_snapshots(Limit::default()).or_newest_usable()
    }

    /// Opens a live configuration.
    pub(crate) fn open(&self, builder: LiveBuilder<C>) -> Result<Live<C>, Output> {
        builder.open().map_err(|error| match error {
            OpenError::Invalid(report) => Output::invalid(&report, self.options.format, &self.terminal),
            OpenError::Store(error) => self.store_failed(&error),
            OpenError::Watch(error) => self.failed("watch", error.to_string()),
        })
    }

    /// What could not be done.
    pub(crate) fn failed(&self, code: &'static str, message: impl Into<String>) -> Output {
        Output::failed(&Failure { code, message: message.into() }, self.options.format)
    }
}
