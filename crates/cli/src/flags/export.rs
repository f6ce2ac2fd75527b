//! `flags export`: all flags in the format of another system.

use clap::ArgMatches;
use strata_config_core::LayeredConfig;

use super::format;
use super::refused::{self, Told};
use crate::context::Context;
use crate::output::Output;

pub(super) fn run<C: LayeredConfig>(context: &Context<'_, C>, matches: &ArgMatches) -> Result<Output, Output> {
    let name = matches.get_one::<String>("as").map(String::as_str).unwrap_or_default();
    let format = format::find(name).map_err(|message| Output::usage(&message))?;
    let following = context.flags()?;
    let exported = (format.export)(&following.flags.get().set.definitions());
    if !exported.refused.is_empty() && !matches.get_flag("partial") {
        let help = "; `--partial` writes the rest";
        return Err(refused::output(context, &exported.refused, &exported.warnings, help));
    }
    let said = Told(&exported.refused).lines("left out") + &Told(&exported.warnings).lines("warning");
    Ok(Output::json(&exported.document).with_stderr(&said))
}
