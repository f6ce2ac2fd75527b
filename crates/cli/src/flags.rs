//! The commands over feature flags: what there is, what somebody gets and why, and the formats of other systems.

mod commands;
mod eval;
mod explain;
mod export;
mod format;
mod import;
mod list;
mod place;
mod refused;
mod request;
mod view;
mod whole;

use clap::ArgMatches;
use strata_config_core::LayeredConfig;
use strata_config_flags::{Collected, Configured, FlagSet};

use crate::context::Context;
use crate::output::Output;

pub(crate) use commands::command;

/// How the flags of a configuration are found.
pub(crate) type Collect<C> = fn(&Configured<'_, C>, Option<&FlagSet>) -> Collected;

/// Runs a command of these.
pub(crate) fn run<C: LayeredConfig>(context: &Context<'_, C>, matches: &ArgMatches) -> Output {
    let done = match matches.subcommand() {
        Some(("list", _)) => list::run(context),
        Some(("eval", matches)) => eval::run(context, matches),
        Some(("explain", matches)) => explain::run(context, matches),
        Some(("import", matches)) => import::run(context, matches),
        Some(("export", matches)) => export::run(context, matches),
        _ => Err(Output::usage("a command is needed: list, eval, explain, import or export")),
    };
    done.unwrap_or_else(|failed| failed)
}
