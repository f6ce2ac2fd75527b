//! `preset`: named sets of values, applied as one change.

use std::path::PathBuf;
use std::sync::Arc;

use clap::ArgMatches;
use serde::Serialize;
use strata_config_core::{Change, Finding, LayeredConfig, Report, Value};
use strata_config_reload::{Live, Preset};
use strata_config_store::Store;

use crate::columns;
use crate::context::Context;
use crate::explain::escaped;
use crate::options::Format;
use crate::output::{Output, Status};

/// The shape of `--format json`.
#[derive(Serialize)]
struct Shown<'a> {
    name: &'a str,
    description: &'a str,
    values: Value,
    valid: bool,
    /// What applying it would change now.
    changes: &'a [Change],
    errors: Vec<&'a Finding>,
}

pub(super) fn run<C: LayeredConfig>(
    context: &Context<'_, C>,
    (name, matches): (&str, &ArgMatches),
) -> Result<Output, Output> {
    match name {
        "list" => list(context, &live(context, matches, context.store_to_read()?)?),
        "apply" => {
            let name = matches.get_one::<String>("name").map(String::as_str).unwrap_or_default();
            let live = live(context, matches, context.store_to_write()?)?;
            context.applied(matches, live.apply_preset(name, context.actor(matches)))
        }
        _ => Err(Output::usage("a command is needed: list or apply")),
    }
}

/// The live configuration with the application's presets, and those of the files that the options name.
fn live<C: LayeredConfig>(
    context: &Context<'_, C>,
    matches: &ArgMatches,
    store: Arc<dyn Store>,
) -> Result<Live<C>, Output> {
    let mut builder = context.builder(store);
    let mut report = Report::new();
    for file in matches.get_many::<PathBuf>("presets").unwrap_or_default() {
        match Preset::read::<C>(file) {
            Ok(presets) => builder = builder.presets(presets),
            Err(mistakes) => report.append(mistakes),
        }
    }
    if !report.is_valid() {
        return Err(Output::invalid(&report, context.options.format, &context.terminal));
    }
    context.open(builder)
}

/// The presets, each tried on the configuration as it is.
fn list<C: LayeredConfig>(context: &Context<'_, C>, live: &Live<C>) -> Result<Output, Output> {
    let tried = |preset| Ok((preset, live.validate_preset(Preset::name(preset))?));
    let tried: Result<Vec<_>, _> = live.presets().iter().map(tried).collect();
    let tried = tried.map_err(|error| context.update_failed(&error))?;
    let all_valid = tried.iter().all(|(_, preview)| preview.report.is_valid());
    let status = if all_valid { Status::Success } else { Status::Invalid };
    if context.options.format == Format::Json {
        let shown: Vec<Shown<'_>> = tried
            .iter()
            .map(|(preset, preview)| Shown {
                name: preset.name(),
                description: preset.description(),
                values: preset.masked_values(C::SCHEMA),
                valid: preview.report.is_valid(),
                changes: &preview.changes,
                errors: preview.report.errors().collect(),
            })
            .collect();
        return Ok(Output::json(&shown).with_status(status));
    }
    if tried.is_empty() {
        return Ok(Output::text("no presets\n"));
    }
    let rows = tried.iter().map(|(preset, preview)| {
        let changes = match (preview.report.is_valid(), preview.changes.len()) {
            (false, _) => "invalid".to_owned(),
            (true, 0) => "in effect".to_owned(),
            (true, 1) => "1 change".to_owned(),
            (true, count) => format!("{count} changes"),
        };
        [escaped(preset.name()), changes, escaped(preset.description())]
    });
    let text = columns::render(["NAME", "WOULD BE", "DESCRIPTION"], rows, &context.terminal);
    let invalid = tried.iter().filter(|(_, preview)| !preview.report.is_valid());
    let said = invalid.map(|(preset, preview)| {
        format!("preset {}:\n{}", escaped(preset.name()), preview.report.render(context.terminal.colour_stderr))
    });
    Ok(Output::text(text).with_stderr(&said.collect::<String>()).with_status(status))
}
