//! `diff`: what differs between two files, each read over the defaults.

use std::path::PathBuf;

use clap::ArgMatches;
use strata_config_core::report::code;
use strata_config_core::schema::Reload;
use strata_config_core::{Change, LayeredConfig, Outcome, Report, Value};

use crate::context::Context;
use crate::explain::printable;
use crate::options::Format;
use crate::output::Output;

/// The application's own sources have no part in it; what options say holds for both sides.
pub(crate) fn run<C: LayeredConfig>(context: &Context<'_, C>, matches: &ArgMatches) -> Output {
    let read = |id: &str| -> Outcome<C> {
        let path = matches.get_one::<PathBuf>(id).cloned().unwrap_or_default();
        let loader = (context.command.sources)().without_sources();
        context.options.add_to(loader).file_below_variables(path).read()
    };
    let (old, new) = (read("old"), read("new"));
    let mut report = wrong(&old);
    report.append(wrong(&new));
    if !report.is_valid() {
        return Output::invalid(&report, context.options.format, &context.terminal);
    }
    let changes = old.changes_to(&new);
    match context.options.format {
        Format::Json => Output::json(&changes),
        Format::Text => Output::text(changes.iter().map(line).collect::<String>()),
    }
}

/// What is wrong with a file; that it sets not everything is no mistake here.
fn wrong<C: LayeredConfig>(outcome: &Outcome<C>) -> Report {
    let mut report = Report::new();
    for finding in outcome.report().errors().filter(|finding| finding.code != code::MISSING) {
        report.push(finding.clone());
    }
    report
}

/// A change in one line: `db.pool_size: 8 -> 9 (restart)`.
pub(crate) fn line(change: &Change) -> String {
    let shown = |value: Option<Value>| value.map_or_else(|| "unset".to_owned(), |value| printable(&value));
    let restart = if change.reload == Reload::Restart { " (restart)" } else { "" };
    format!("{}: {} -> {}{restart}\n", change.path, shown(change.before()), shown(change.after()))
}
