//! Whom a flag is evaluated for, and what the program uses without it, as the options say.

use clap::ArgMatches;
use serde_json::{Map, Value as Json};
use strata_config_flags::model::{FlagType, FlagValue, Moment};
use strata_config_flags::{Answer, Context, EvaluationError, TARGETING_KEY};

/// What the options say of an evaluation.
#[derive(Debug)]
pub(super) struct Request {
    attributes: Map<String, Json>,
    at: Option<Moment>,
    default: Option<String>,
}

impl Request {
    /// Reads the options.
    ///
    /// # Errors
    /// What is wrong with them.
    pub(super) fn read(matches: &ArgMatches) -> Result<Self, String> {
        let mut attributes = match matches.get_one::<String>("context-json").map(|text| serde_json::from_str(text)) {
            None => Map::new(),
            Some(Ok(Json::Object(attributes))) => attributes,
            Some(Ok(_)) => return Err("`--context-json` needs a JSON object".to_owned()),
            Some(Err(error)) => return Err(format!("`--context-json` is no JSON: {error}")),
        };
        // A number is as good a key as a text, for whoever keeps users by number.
        if let Some(key) = attributes.get_mut(TARGETING_KEY).filter(|key| key.is_number()) {
            *key = Json::String(key.to_string());
        }
        for pair in matches.get_many::<String>("context").unwrap_or_default() {
            match pair.split_once('=') {
                None | Some(("", _)) => return Err(format!("`--context {pair}` is no attribute: write NAME=VALUE")),
                Some((TARGETING_KEY, key)) => attributes.insert(TARGETING_KEY.to_owned(), key.into()),
                Some((name, text)) => attributes.insert(name.to_owned(), value(text)),
            };
        }
        let text = |name: &str| matches.get_one::<String>(name).cloned();
        let default = matches.try_contains_id("default").is_ok().then(|| text("default")).flatten();
        Ok(Self { attributes, at: matches.get_one("at").copied(), default })
    }

    /// The context of the evaluation.
    pub(super) fn context(&self) -> Context<'_> {
        let context = Context::from_json(&self.attributes);
        match self.at {
            Some(at) => context.at(at),
            None => context,
        }
    }

    /// The value that the program uses: the flag's, or else the default that the options say; null without either.
    ///
    /// # Errors
    /// The default is of another type.
    pub(super) fn value(&self, answer: &Answer<'_>) -> Result<Json, EvaluationError> {
        let default = self.default.as_deref().map(|text| default(text, answer)).transpose()?;
        Ok(answer.value().map(FlagValue::to_json).or(default).unwrap_or(Json::Null))
    }
}

/// A number, a boolean, a list or an object, where the text is one as JSON; else the text.
fn value(text: &str) -> Json {
    match serde_json::from_str(text) {
        Ok(value @ (Json::Number(_) | Json::Bool(_) | Json::Array(_) | Json::Object(_))) => value,
        _ => Json::String(text.to_owned()),
    }
}

/// The program's default, which has to be of the flag's type.
fn default(text: &str, answer: &Answer<'_>) -> Result<Json, EvaluationError> {
    let asked = answer.kind();
    if asked == FlagType::String {
        return Ok(Json::String(text.to_owned()));
    }
    let value = value(text);
    match FlagValue::from_json(asked, &value) {
        Some(value) => Ok(value.to_json()),
        None => Err(EvaluationError::TypeMismatch {
            key: answer.key().to_owned(),
            asked: FlagType::of_all([&value]).unwrap_or(FlagType::String),
            found: asked,
        }),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::value;

    #[test]
    fn what_is_no_json_of_a_kind_that_attributes_have_is_a_text() {
        for (text, expected) in [
            ("5", json!(5)),
            ("-2.5", json!(-2.5)),
            ("true", json!(true)),
            ("[1, \"a\"]", json!([1, "a"])),
            ("{\"a\": null}", json!({"a": null})),
            ("null", json!("null")),
            ("\"5\"", json!("\"5\"")),
            ("NO", json!("NO")),
            ("", json!("")),
            ("1.2.3", json!("1.2.3")),
        ] {
            assert_eq!(value(text), expected, "{text}");
        }
    }
}
