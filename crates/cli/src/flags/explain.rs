//! `flags explain`: every step of an evaluation, and where the flag was set.

use std::fmt::Write;

use clap::ArgMatches;
use serde::Serialize;
use strata_config_core::LayeredConfig;
use strata_config_flags::model::Flag;
use strata_config_flags::{Trace, TraceStep};

use super::eval::{self, Evaluated};
use super::request::Request;
use super::view::Place;
use crate::context::Context;
use crate::explain::{Paint, escaped};
use crate::options::Format;
use crate::output::Output;

/// The shape of `--format json`: the answer as `eval` gives it, and more.
#[derive(Serialize)]
struct Explained<'a> {
    #[serde(flatten)]
    answer: Evaluated<'a>,
    /// What was asked, in order; the last step decided.
    steps: &'a [TraceStep],
    origin: Option<Place>,
    definition: Option<&'a Flag>,
}

pub(super) fn run<C: LayeredConfig>(context: &Context<'_, C>, matches: &ArgMatches) -> Result<Output, Output> {
    let request = Request::read(matches).map_err(|message| Output::usage(&message))?;
    let following = context.flags()?;
    let view = following.flags.get();
    let set = &view.set;
    let key = matches.get_one::<String>("key").map(String::as_str).unwrap_or_default();
    let asked = request.context();
    let explained =
        set.explain(key, &asked).and_then(|(answer, trace)| Ok((eval::evaluated(&answer, &request)?, trace)));
    let (answer, trace) = explained.map_err(|error| eval::failed(context, key, set, &error))?;
    let origin = following.places().of(key);
    if context.options.format == Format::Json {
        let definition = set.definition(key);
        return Ok(Output::json(&Explained { answer, steps: &trace.steps, origin, definition }));
    }
    let paint = Paint(context.terminal.colour_stdout);
    let mut text = eval::card(&answer, paint);
    if let Some(place) = origin {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "  {}{}", paint.dim("setting   "), place.path);
        let _ = writeln!(text, "  {}{}", paint.dim("origin    "), place.words);
    }
    Ok(Output::text(text + "\n" + &steps(key, &trace)))
}

/// A line for each step; one of another flag stands further right and names it.
fn steps(key: &str, trace: &Trace) -> String {
    let asked = |step: &TraceStep| match step.flag == key {
        true => escaped(&step.asked),
        false => format!("  {}: {}", escaped(&step.flag), escaped(&step.asked)),
    };
    let asked: Vec<String> = trace.steps.iter().map(asked).collect();
    let width = asked.iter().map(|text| text.chars().count()).max().unwrap_or(0);
    let mut out = String::new();
    for (number, (asked, step)) in asked.iter().zip(&trace.steps).enumerate() {
        let pad = " ".repeat(width - asked.chars().count());
        // Writing to a string cannot fail.
        let _ = writeln!(out, "{:>3}. {asked}{pad}  {}", number + 1, escaped(&step.outcome));
    }
    out
}
