//! What the words of older interfaces have in common: a problem in one text.

use serde_json::{Map, Value as Json};

/// Each mistake of a problem document: its path, and what is wrong.
pub(crate) fn mistakes(problem: &Map<String, Json>) -> Vec<(&str, &str)> {
    let errors = problem.get("errors").and_then(Json::as_array).map(Vec::as_slice).unwrap_or_default();
    errors.iter().filter_map(|error| Some((error["path"].as_str()?, error["message"].as_str()?))).collect()
}

/// A problem document in one text: every mistake with its path, or else the detail.
pub(crate) fn in_short(problem: &Map<String, Json>) -> String {
    let told = |(path, message): (&str, &str)| match path {
        "" => message.to_owned(),
        path => format!("{path}: {message}"),
    };
    let mistakes: Vec<String> = mistakes(problem).into_iter().map(told).collect();
    match mistakes.is_empty() {
        true => problem.get("detail").and_then(Json::as_str).unwrap_or_default().to_owned(),
        false => mistakes.join("; "),
    }
}
