//! `explain`: every value and where it came from; of one setting, all that is known.

mod card;
mod last_change;
mod limits;
mod paint;
mod table;

use clap::ArgMatches;
use serde::Serialize;
use serde::ser::{SerializeMap, Serializer};
use strata_config_core::{Explained, FieldPath, Finding, LayeredConfig, Outcome};

use crate::context::{Context, Read};
use crate::options::Format;
use crate::output::{Output, Status, Terminal};
use crate::select;

use last_change::{LastChange, LastChanges};

#[cfg(feature = "flags")]
pub(crate) use paint::place;
pub(crate) use paint::{Paint, escaped, printable};

pub(crate) fn run<C: LayeredConfig>(context: &Context<'_, C>, matches: &ArgMatches) -> Output {
    let texts = matches.get_many::<String>("path").unwrap_or_default();
    let paths: Result<Vec<FieldPath>, String> = texts.map(|text| select::path(C::SCHEMA, text)).collect();
    let paths = match paths {
        Ok(paths) => paths,
        Err(message) => return Output::usage(&message),
    };
    let Read { outcome, revision, store } = match context.read() {
        Ok(read) => read,
        Err(output) => return output,
    };
    let values = values(&outcome, &paths);
    let changes = match store.map(|store| LastChanges::of(&*store)).transpose() {
        Ok(changes) => changes.unwrap_or_default(),
        Err(error) => return context.store_failed(&error),
    };
    let report = outcome.report();
    let status = if report.is_valid() { Status::Success } else { Status::Invalid };
    if context.options.format == Format::Json {
        return Output::json(&Answer::of(&values, &changes, revision, &outcome)).with_status(status);
    }
    let terminal = &context.terminal;
    let text = match (paths.as_slice(), values.as_slice()) {
        ([path], [value]) if value.path == *path => {
            card::render(C::SCHEMA, value, changes.of_value(&value.path), terminal)
        }
        _ => table::render(&values, terminal),
    };
    Output::text(text).with_stderr(&report.render(terminal.colour_stderr)).with_status(status)
}

/// The table of values, as a running configuration has them.
pub(crate) fn table(values: &[Explained], terminal: &Terminal) -> String {
    table::render(values, terminal)
}

/// The values at or below these paths; of a path without a value, the part above it that says why.
fn values<C: LayeredConfig>(outcome: &Outcome<C>, paths: &[FieldPath]) -> Vec<Explained> {
    let mut all = outcome.explain(&[]);
    if paths.is_empty() {
        return all;
    }
    let chosen: Vec<bool> = all
        .iter()
        .map(|value| {
            paths.iter().any(|path| {
                let none = || !all.iter().any(|value| path.contains(&value.path));
                path.contains(&value.path) || (value.path.contains(path) && none())
            })
        })
        .collect();
    let mut chosen = chosen.into_iter();
    all.retain(|_| chosen.next().unwrap_or(false));
    all
}

/// All that is known of a value; `last_change` only where a store's history has one.
#[derive(Serialize)]
struct Known<'a> {
    #[serde(flatten)]
    value: &'a Explained,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_change: Option<&'a LastChange>,
}

/// The answer as JSON.
struct Answer<'a> {
    values: Vec<Known<'a>>,
    revision: u64,
    valid: bool,
    errors: Vec<&'a Finding>,
    warnings: Vec<&'a Finding>,
}

impl<'a> Answer<'a> {
    fn of<C: LayeredConfig>(
        values: &'a [Explained],
        changes: &'a LastChanges,
        revision: u64,
        outcome: &'a Outcome<C>,
    ) -> Self {
        let report = outcome.report();
        let known = |value: &'a Explained| Known { value, last_change: changes.of_value(&value.path) };
        Self {
            values: values.iter().map(known).collect(),
            revision,
            valid: report.is_valid(),
            errors: report.errors().collect(),
            warnings: report.warnings().collect(),
        }
    }
}

impl Serialize for Answer<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(6))?;
        map.serialize_entry("revision", &self.revision)?;
        // This process has loaded once, if at all.
        map.serialize_entry("generation", &i32::from(self.valid))?;
        map.serialize_entry("valid", &self.valid)?;
        map.serialize_entry("values", &self.values)?;
        map.serialize_entry("errors", &self.errors)?;
        map.serialize_entry("warnings", &self.warnings)?;
        map.end()
    }
}
