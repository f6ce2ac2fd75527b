//! `secret reseal`: what older keys sealed in the store, sealed with the newest.

use clap::{ArgMatches, Command};
use strata_config_core::LayeredConfig;

use super::commands::change;
use super::write;
use crate::context::Context;
use crate::options;
use crate::output::Output;

/// The command's name below `secret`.
pub(crate) const NAME: &str = "reseal";

pub(crate) fn command() -> Command {
    Command::new(NAME)
        .about("Seals every secret of the store with the newest key, in one change; who set them stays who it was")
        .after_help(
            "The keys are the application's own, the newest first. Afterwards an older key is needed for the past alone: \
history, snapshots and backups.",
        )
        .args(options::args())
        .args(change())
}

pub(super) fn run<C: LayeredConfig>(context: &Context<'_, C>, matches: &ArgMatches) -> Result<Output, Output> {
    write::change(context, matches, |live| live.reseal(context.actor(matches)))
}
