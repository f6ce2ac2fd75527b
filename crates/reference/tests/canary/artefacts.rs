//! What is generated from a schema: no default of a secret is in it.

use strata_config_codegen::{Artefact, Coverage, Format, export};

use crate::case::{Case, Subject};
use crate::sources::plain;
use crate::subjects::for_every_system;

fn no_artefact_and_no_export_shows_a_secret<S: Subject>() {
    let case = Case::of::<S>("artefacts");
    let mut shown = case.collection();
    for artefact in Artefact::ALL.into_iter().chain([Artefact::JsonSchema(Coverage::Whole)]) {
        shown.take(format!("{artefact:?}"), artefact.text(S::SCHEMA));
    }
    let (_brought, loader) = plain::<S>(&case);
    let loaded = loader.load().unwrap();
    for format in [Format::Toml, Format::Yaml, Format::Json, Format::Env] {
        for (what, values) in [("the export", loaded.export()), ("the values", loaded.values())] {
            let written = export(S::SCHEMA, &values, format).unwrap();
            shown.take(format!("{what} as {format:?}"), &written.text);
            shown.debug(format!("{what} as {format:?}"), &written);
        }
    }
    shown.is_silent(16);
}

for_every_system! {
    no_artefact_and_no_export_shows_a_secret;
}
