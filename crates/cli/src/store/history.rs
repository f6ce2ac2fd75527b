//! `history`: who changed what, when and why.

use clap::ArgMatches;
use strata_config_core::LayeredConfig;
use strata_config_store::{HistoryQuery, Timestamp};

use super::entry::{Shown, render};
use crate::context::Context;
use crate::explain::Paint;
use crate::options::Format;
use crate::output::Output;
use crate::select;

pub(super) fn run<C: LayeredConfig>(context: &Context<'_, C>, matches: &ArgMatches) -> Result<Output, Output> {
    let text = |name: &str| matches.get_one::<String>(name).cloned();
    let path = text("path").map(|path| select::path(C::SCHEMA, &path)).transpose();
    let query = HistoryQuery {
        actor: text("actor"),
        tag: text("tag"),
        path: path.map_err(|message| Output::usage(&message))?.map(|path| path.to_string()),
        since: matches.get_one::<Timestamp>("since").copied(),
        until: matches.get_one::<Timestamp>("until").copied(),
        limit: matches.get_one::<usize>("limit").copied(),
        ..HistoryQuery::default()
    };
    let entries = context.store_to_read()?.history(&query).map_err(|error| context.store_failed(&error))?;
    if context.options.format == Format::Json {
        return Ok(Output::json(&entries.iter().map(Shown::of).collect::<Vec<_>>()));
    }
    if entries.is_empty() {
        return Ok(Output::text("no changes\n"));
    }
    let paint = Paint(context.terminal.colour_stdout);
    let texts: Vec<String> = entries.iter().map(|entry| render(entry, paint)).collect();
    Ok(Output::text(texts.join("\n")))
}
