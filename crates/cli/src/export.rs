//! `export`: the whole configuration as a document that loads to the same values.

mod env;
mod toml;
mod yaml;

use clap::ArgMatches;
use strata_config_core::{FieldPath, LayeredConfig, Loaded, Value};

use crate::context::Context;
use crate::output::Output;

/// A document, and the paths that its language cannot say.
struct Written {
    text: String,
    lost: Vec<Lost>,
}

/// A value that a document cannot say.
struct Lost {
    path: FieldPath,
    why: &'static str,
}

pub(crate) fn run<C: LayeredConfig>(context: &Context<'_, C>, matches: &ArgMatches) -> Output {
    let loaded = match context.load() {
        Ok(loaded) => loaded,
        Err(output) => return output,
    };
    let tree = loaded.export();
    let written = match matches.get_one::<String>("as").map(String::as_str) {
        Some("json") => return Output::json(&tree),
        Some("yaml") => yaml::write(&tree),
        Some("env") => Ok(env::write(C::SCHEMA, &tree)),
        _ => toml::write(&tree),
    };
    match written {
        Ok(written) => {
            let notes: String = written.lost.iter().filter(|lost| matters(&loaded, &lost.path)).map(note).collect();
            Output::text(written.text).with_stderr(&notes)
        }
        Err(message) => Output::refused(&message),
    }
}

/// Whether a value that is not written comes out as another: a default says the same, or it does not.
fn matters<C: LayeredConfig>(loaded: &Loaded<C>, path: &FieldPath) -> bool {
    loaded.origin(path.as_str()).is_some_and(|explained| explained.value != explained.default.unwrap_or(Value::Null))
}

fn note(lost: &Lost) -> String {
    format!("warning: `{}` is left out: {}\n", lost.path, lost.why)
}
