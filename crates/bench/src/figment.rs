//! The same with figment, which keeps one origin per value.

use std::collections::HashMap;

use figment::providers::{Format, Json, Serialized, Toml};
use figment::value::{Dict, Map, Value};
use figment::{Error, Figment, Metadata, Profile, Provider};

use crate::case::VARIABLES;
use crate::phase2a::Phase2a;

/// Loads the configuration, each source over the one before.
///
/// # Errors
/// Says the first thing that is wrong.
pub fn load(
    json: &str,
    toml: &str,
    env: &HashMap<String, String>,
    overrides: &[(&str, &str)],
) -> Result<Phase2a, Box<dyn std::error::Error>> {
    let figment = Figment::from(Serialized::defaults(Phase2a::default()))
        .merge(Json::string(json))
        .merge(Toml::string(toml))
        .merge(Environment(env));
    let overridden = overrides.iter().fold(figment, |figment, (path, value)| figment.merge((*path, parse(value))));
    Ok(overridden.extract::<Phase2a>()?.check()?)
}

/// What `figment::providers::Env` does, over a map in place of the process's environment.
struct Environment<'e>(&'e HashMap<String, String>);

impl Provider for Environment<'_> {
    fn metadata(&self) -> Metadata {
        Metadata::named("environment")
    }

    fn data(&self) -> Result<Map<Profile, Dict>, Error> {
        let mut root = Dict::new();
        for (name, path) in VARIABLES {
            if let Some(text) = self.0.get(name) {
                insert(&mut root, path, parse(text));
            }
        }
        Ok(Profile::Default.collect(root))
    }
}

fn insert(dict: &mut Dict, path: &str, value: Value) {
    match path.split_once('.') {
        None => {
            dict.insert(path.to_owned(), value);
        }
        Some((section, rest)) => {
            let below = dict.entry(section.to_owned()).or_insert_with(|| Dict::new().into());
            if let Value::Dict(_, below) = below {
                insert(below, rest, value);
            }
        }
    }
}

fn parse(text: &str) -> Value {
    text.parse().unwrap_or_else(|never| match never {})
}
