//! `flags import`: the flags of another system, stored as one change.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use clap::ArgMatches;
use serde::Serialize;
use serde_json::Value as Json;
use strata_config_core::LayeredConfig;
use strata_config_flags::interchange::Imported;
use strata_config_flags::model::{Definitions, Flag, Scalar};

use super::format;
use super::place::Rooms;
use super::refused::{self, Told};
use super::whole::Whole;
use crate::context::Context;
use crate::options::Format;
use crate::output::Output;
use crate::store;

/// What the answer says besides what every change says.
#[derive(Serialize)]
struct Besides<'a> {
    imported: Vec<&'a str>,
    refused: Told<'a>,
    remarks: Told<'a>,
}

pub(super) fn run<C: LayeredConfig>(context: &Context<'_, C>, matches: &ArgMatches) -> Result<Output, Output> {
    let name = matches.get_one::<String>("as").map(String::as_str).unwrap_or_default();
    let format = format::find(name).map_err(|message| Output::usage(&message))?;
    let document = read(context, &matches.get_one::<PathBuf>("from").cloned().unwrap_or_default())?;
    let mut imported = (format.import)(&document);
    spread_metadata(&mut imported.definitions);
    // What can't be read at all needs no store.
    if imported.definitions.flags.is_empty() && !imported.refused.is_empty() {
        return Err(refused::output(context, &imported.refused, &imported.warnings, ", and nothing is left"));
    }
    let following = context.follow(context.open(context.builder(context.store_to_write()?))?)?;
    let view = following.flags.get();
    let rooms = Rooms(&view.places);
    rooms.refuse_homeless(&mut imported);
    let imported = agreeing(imported, view.set.definitions());
    let is_empty = imported.definitions == Definitions::default();
    if !imported.refused.is_empty() && (is_empty || !matches.get_flag("partial")) {
        let help = if is_empty { ", and nothing is left" } else { "; nothing is stored, `--partial` stores the rest" };
        return Err(refused::output(context, &imported.refused, &imported.warnings, help));
    }
    let batch = rooms.batch(&imported.definitions);
    let whole = Whole::of(&following.live, context.command.flags).map_err(|error| context.update_failed(&error))?;
    whole.expect(imported.definitions.flags.clone());
    let done = following.live.apply(&batch, context.actor(matches));
    let besides = Besides {
        imported: imported.definitions.flags.keys().map(String::as_str).collect(),
        refused: Told(&imported.refused),
        remarks: Told(&imported.warnings),
    };
    let output = context.applied_with(matches, done, &besides)?;
    Ok(match context.options.format {
        Format::Json => output,
        Format::Text => output.with_stderr(&(besides.refused.lines("left out") + &besides.remarks.lines("warning"))),
    })
}

/// The document of a file, or of standard input.
fn read<C: LayeredConfig>(context: &Context<'_, C>, file: &Path) -> Result<Json, Output> {
    let failed = |message: String| context.failed("file", message);
    let text = store::read(file).map_err(|error| failed(format!("{} can't be read: {error}", file.display())))?;
    serde_json::from_str(&text).map_err(|error| failed(format!("{} is no JSON: {error}", file.display())))
}

/// A configuration has no metadata of all flags, so each gets it as its own, which means the same.
fn spread_metadata(definitions: &mut Definitions) {
    let shared: BTreeMap<String, Scalar> = std::mem::take(&mut definitions.metadata);
    if shared.is_empty() {
        return;
    }
    for flag in definitions.flags.values_mut() {
        let mut definition = flag.definition().into_owned();
        for (name, value) in &shared {
            definition.metadata.entry(name.clone()).or_insert_with(|| value.clone());
        }
        *flag = Flag::from(definition);
    }
}

/// Refuses, by name, whatever does not go together with the flags that are there already.
fn agreeing(mut imported: Imported, mut known: Definitions) -> Imported {
    known.flags.extend(imported.definitions.flags.clone());
    known.segments.extend(imported.definitions.segments.clone());
    known.trips.extend(imported.definitions.trips.clone());
    let together = Imported { definitions: known, ..Imported::default() }.compiled();
    for refused in together.refused {
        match refused.flag.strip_prefix("segment ") {
            Some(name) => drop(imported.definitions.segments.remove(name)),
            None => drop(imported.definitions.flags.remove(&refused.flag)),
        }
        imported.refuse(&refused.flag, refused.problems);
    }
    for lost in together.warnings {
        imported.definitions.trips.remove(&lost.flag);
        imported.refuse(&format!("trip {}", lost.flag), lost.problems);
    }
    imported
}
