//! `export`: the whole configuration as a document that loads to the same values.

use clap::ArgMatches;
use strata_config_codegen::{Format, Lost, export};
use strata_config_core::{FieldPath, LayeredConfig, Loaded, Value};

use crate::context::Context;
use crate::output::Output;

pub(crate) fn run<C: LayeredConfig>(context: &Context<'_, C>, matches: &ArgMatches) -> Output {
    let loaded = match context.load() {
        Ok(loaded) => loaded,
        Err(output) => return output,
    };
    let format = match matches.get_one::<String>("as").map(String::as_str) {
        Some("json") => Format::Json,
        Some("yaml") => Format::Yaml,
        Some("env") => Format::Env,
        _ => Format::Toml,
    };
    match export(C::SCHEMA, &loaded.export(), format) {
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
