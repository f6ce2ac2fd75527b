//! The commands over a store: what was changed while a program ran, its past, and the way back.

mod address;
mod applied;
mod backup;
mod commands;
mod entry;
mod history;
mod preset;
mod reseal;
mod snapshot;
mod time;
mod verify;
mod watch;
mod write;

use std::io::Write;

use clap::ArgMatches;
use strata_config_core::LayeredConfig;

use crate::context::Context;
use crate::output::Output;

pub(crate) use address::DEFAULT;
#[cfg(feature = "flags")]
pub(crate) use backup::read;
#[cfg(feature = "flags")]
pub(crate) use commands::change;
pub(crate) use commands::commands;
pub(crate) use reseal::{NAME as RESEAL, command as reseal_command};

/// Runs the command, where it is one of these; what it says while it runs goes to `stdout`.
pub(crate) fn run<C: LayeredConfig>(
    context: &Context<'_, C>,
    name: &str,
    matches: &ArgMatches,
    stdout: &mut dyn Write,
) -> Option<Output> {
    let below = || matches.subcommand().unwrap_or(("", matches));
    let done = match name {
        "set" => write::set(context, matches),
        "unset" => write::unset(context, matches),
        "reset" => write::reset(context, matches),
        "rollback" => write::rollback(context, matches),
        "snapshot" => snapshot::run(context, below()),
        "preset" => preset::run(context, below()),
        crate::secret::NAME => reseal::run(context, below().1),
        "history" => history::run(context, matches),
        "verify" => verify::run(context),
        "backup" => backup::backup(context, matches),
        "restore" => backup::restore(context, matches),
        "watch" => watch::run(context, matches, stdout),
        _ => return None,
    };
    Some(done.unwrap_or_else(|failed| failed))
}
