//! `flags eval`: what somebody gets.

use std::fmt::Write;

use clap::ArgMatches;
use serde::Serialize;
use serde_json::{Map, Value as Json};
use strata_config_core::LayeredConfig;
use strata_config_core::report::nearest;
use strata_config_flags::{Answer, EvaluationError, FlagSet};

use super::request::Request;
use crate::columns;
use crate::context::Context;
use crate::explain::{Paint, escaped};
use crate::options::Format;
use crate::output::{Output, Status};

/// The shape of `--format json`.
#[derive(Serialize)]
pub(super) struct Evaluated<'a> {
    key: &'a str,
    value: Json,
    variant: Option<&'a str>,
    reason: &'static str,
    metadata: Map<String, Json>,
}

/// The shape where there is no answer.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Failed<'a> {
    key: &'a str,
    error_code: &'static str,
    error_details: String,
}

pub(super) fn run<C: LayeredConfig>(context: &Context<'_, C>, matches: &ArgMatches) -> Result<Output, Output> {
    let request = Request::read(matches).map_err(|message| Output::usage(&message))?;
    let following = context.flags()?;
    let view = following.flags.get();
    let set = &view.set;
    if matches.get_flag("all") {
        return Ok(all(context, set, &request));
    }
    let key = matches.get_one::<String>("key").map(String::as_str).unwrap_or_default();
    let answered = set.evaluate(key, &request.context()).and_then(|answer| Ok((evaluated(&answer, &request)?, answer)));
    match answered {
        Err(error) => Err(failed(context, key, set, &error)),
        Ok((evaluated, _)) if context.options.format == Format::Json => Ok(Output::json(&evaluated)),
        Ok((evaluated, _)) => Ok(Output::text(card(&evaluated, Paint(context.terminal.colour_stdout)))),
    }
}

/// Every flag's answer.
fn all<C: LayeredConfig>(context: &Context<'_, C>, set: &FlagSet, request: &Request) -> Output {
    let asked = request.context();
    // Every key is one of the set's, and without a default there is none of another type.
    let answer = |key| set.evaluate(key, &asked).and_then(|answer| evaluated(&answer, request)).ok();
    let answers: Vec<Evaluated<'_>> = set.keys().filter_map(answer).collect();
    if context.options.format == Format::Json {
        return Output::json(&answers);
    }
    if answers.is_empty() {
        return Output::text("no flags\n");
    }
    let rows = answers.iter().map(|answer| {
        [
            escaped(answer.key),
            shown(&answer.value),
            answer.variant.map_or_else(|| "-".to_owned(), escaped),
            answer.reason.to_owned(),
            why(answer),
        ]
    });
    Output::text(columns::render(["KEY", "VALUE", "VARIANT", "REASON", "WHY"], rows, &context.terminal))
}

/// An answer, with the default that the request brings.
pub(super) fn evaluated<'a>(answer: &Answer<'a>, request: &Request) -> Result<Evaluated<'a>, EvaluationError> {
    Ok(Evaluated {
        key: answer.key(),
        value: request.value(answer)?,
        variant: answer.variant(),
        reason: answer.reason.as_str(),
        metadata: answer.metadata_json(),
    })
}

/// Why there is no answer.
pub(super) fn failed<C: LayeredConfig>(
    context: &Context<'_, C>,
    key: &str,
    set: &FlagSet,
    error: &EvaluationError,
) -> Output {
    let mut details = match error {
        EvaluationError::TypeMismatch { asked, found, .. } => {
            format!("the flag `{key}` is of type {found}, and the default is of type {asked}")
        }
        error => error.to_string(),
    };
    let known = matches!(error, EvaluationError::FlagNotFound { .. }).then(|| nearest(key, set.keys())).flatten();
    if let Some(known) = known {
        // Writing to a string cannot fail.
        let _ = write!(details, "; did you mean `{known}`?");
    }
    match context.options.format {
        Format::Json => {
            Output::json(&Failed { key, error_code: error.code(), error_details: details }).with_status(Status::Invalid)
        }
        Format::Text => Output::refused(&escaped(&details)),
    }
}

/// An answer in lines: the value first.
pub(super) fn card(answer: &Evaluated<'_>, paint: Paint) -> String {
    let mut out = format!("{} = {}\n\n", paint.bold(&escaped(answer.key)), shown(&answer.value));
    let variant = answer.variant.map_or_else(|| "none: the program's own default".to_owned(), escaped);
    let facts = [("variant".to_owned(), variant), ("reason".to_owned(), answer.reason.to_owned())];
    let metadata = answer.metadata.iter().map(|(name, value)| (escaped(name), shown(value)));
    for (name, value) in facts.into_iter().chain(metadata) {
        // Writing to a string cannot fail.
        let _ = writeln!(out, "  {}{value}", paint.dim(&format!("{name:<10}")));
    }
    out
}

fn why(answer: &Evaluated<'_>) -> String {
    let text = |name: &str| answer.metadata.get(name).and_then(Json::as_str);
    match (text("why").unwrap_or_default(), text("rule_id")) {
        (why, Some(rule)) => format!("{why} {}", escaped(rule)),
        (why, None) => why.to_owned(),
    }
}

/// A value in one line, texts without quotes.
pub(super) fn shown(value: &Json) -> String {
    match value {
        Json::String(text) if text.is_empty() => "\"\"".to_owned(),
        Json::String(text) => escaped(text),
        value => escaped(&value.to_string()),
    }
}
