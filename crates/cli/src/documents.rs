//! `template`, `schema`, `docs` and `types`: what is written from the schema alone, without loading anything.

use clap::{Arg, ArgMatches, Command};
use strata_config_codegen::{self as codegen, Coverage, Format};
use strata_config_core::Schema;

use crate::output::Output;

pub(crate) fn commands() -> impl Iterator<Item = Command> {
    let language = Arg::new("as")
        .long("as")
        .value_name("AS")
        .value_parser(["toml", "yaml", "json", "env"])
        .default_value("toml")
        .help("The language of the template");
    [
        Command::new("template")
            .about("Writes a commented file to start from, every setting at its default")
            .arg(language),
        Command::new("schema").about("Writes the JSON Schema (2020-12), with which editors complete and check files"),
        Command::new("docs").about("Writes the reference of all settings and variables in Markdown"),
        Command::new("types").about("Writes the types of the configuration in TypeScript"),
    ]
    .into_iter()
}

/// The document that the command asks for; `None` where it is no command of these.
pub(crate) fn run(name: &str, schema: &'static Schema, matches: &ArgMatches) -> Option<Output> {
    let text = match name {
        "template" => {
            let format = match matches.get_one::<String>("as").map(String::as_str) {
                Some("yaml") => Format::Yaml,
                Some("json") => Format::Json,
                Some("env") => Format::Env,
                _ => Format::Toml,
            };
            codegen::template(schema, format)
        }
        // A file is one source among several, so what it may leave out is not required of it.
        "schema" => codegen::json_schema(schema, Coverage::Layer),
        "docs" => codegen::markdown(schema),
        "types" => codegen::typescript(schema),
        _ => return None,
    };
    Some(Output::text(text))
}
