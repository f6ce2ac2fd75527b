//! `explain`: every value and where it came from; of one setting, all that is known.

mod card;
mod limits;
mod paint;
mod table;

use clap::ArgMatches;
use serde::ser::{Serialize, SerializeMap, Serializer};
use strata_config_core::{Explained, FieldPath, Finding, LayeredConfig, Outcome};

use crate::context::Context;
use crate::options::Format;
use crate::output::{Output, Status};
use crate::select;

pub(crate) use paint::printable;

pub(crate) fn run<C: LayeredConfig>(context: &Context<'_, C>, matches: &ArgMatches) -> Output {
    let texts = matches.get_many::<String>("path").unwrap_or_default();
    let paths: Result<Vec<FieldPath>, String> = texts.map(|text| select::path(C::SCHEMA, text)).collect();
    let paths = match paths {
        Ok(paths) => paths,
        Err(message) => return Output::usage(&message),
    };
    let outcome = context.loader().read();
    let values = values(&outcome, &paths);
    let report = outcome.report();
    let status = if report.is_valid() { Status::Success } else { Status::Invalid };
    if context.options.format == Format::Json {
        return Output::json(&Answer::of(&values, &outcome)).with_status(status);
    }
    let terminal = &context.terminal;
    let text = match (paths.as_slice(), values.as_slice()) {
        ([path], [value]) if value.path == *path => card::render(C::SCHEMA, value, terminal),
        _ => table::render(&values, terminal),
    };
    Output::text(text).with_stderr(&report.render(terminal.colour_stderr)).with_status(status)
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

/// The answer as JSON.
struct Answer<'a> {
    values: &'a [Explained],
    valid: bool,
    errors: Vec<&'a Finding>,
    warnings: Vec<&'a Finding>,
}

impl<'a> Answer<'a> {
    fn of<C: LayeredConfig>(values: &'a [Explained], outcome: &'a Outcome<C>) -> Self {
        let report = outcome.report();
        Self {
            values,
            valid: report.is_valid(),
            errors: report.errors().collect(),
            warnings: report.warnings().collect(),
        }
    }
}

impl Serialize for Answer<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(6))?;
        // No store has committed anything, and this process has loaded once, if at all.
        map.serialize_entry("revision", &0)?;
        map.serialize_entry("generation", &i32::from(self.valid))?;
        map.serialize_entry("valid", &self.valid)?;
        map.serialize_entry("values", self.values)?;
        map.serialize_entry("errors", &self.errors)?;
        map.serialize_entry("warnings", &self.warnings)?;
        map.end()
    }
}
