//! The same with figment, which keeps one origin per value.

use std::error::Error;

use figment::Figment;
use figment::providers::{Env, Format, Json, Serialized, Toml};
use figment::value::{Uncased, Value};

use crate::case::{self, VARIABLES};
use crate::phase2a::Phase2a;

/// Loads the configuration, each source over the one before.
///
/// # Errors
/// Says the first thing that is wrong.
pub fn load() -> Result<Phase2a, Box<dyn Error>> {
    let figment = Figment::from(Serialized::defaults(Phase2a::default()))
        .merge(Json::string(case::json()))
        .merge(Toml::string(case::toml()))
        .merge(Env::raw().filter_map(|name| path(name.as_str()).map(Uncased::from)));
    let parse = |text: &str| text.parse::<Value>().unwrap_or_else(|never| match never {});
    let overridden = case::overrides().iter().fold(figment, |figment, (at, text)| figment.merge((*at, parse(text))));
    Ok(overridden.extract::<Phase2a>()?.check()?)
}

fn path(name: &str) -> Option<&'static str> {
    VARIABLES.iter().find(|(known, _)| *known == name).map(|(_, path)| *path)
}
