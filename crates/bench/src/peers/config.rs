//! The same with config (config-rs), which keeps the name of a file or "the environment" while its `Config` lives.
//!
//! Its own names for variables follow the paths of leaves; those of the seed are handed to it as a map.

use std::env;
use std::error::Error;

use config::{Config, Environment, File, FileFormat};

use crate::case::{self, VARIABLES};
use crate::phase2a::Phase2a;

/// Loads the configuration, each source over the one before.
///
/// # Errors
/// Says the first thing that is wrong.
pub fn load() -> Result<Phase2a, Box<dyn Error>> {
    let named = VARIABLES.iter().filter_map(|(name, path)| Some(((*path).to_owned(), env::var(name).ok()?)));
    let builder = Config::builder()
        .add_source(Config::try_from(&Phase2a::default())?)
        .add_source(File::from_str(case::json(), FileFormat::Json))
        .add_source(File::from_str(case::toml(), FileFormat::Toml))
        .add_source(Environment::default().source(Some(named.collect())));
    let overridden =
        case::overrides().iter().try_fold(builder, |builder, (at, text)| builder.set_override(at, *text))?;
    Ok(overridden.build()?.try_deserialize::<Phase2a>()?.check()?)
}
