//! `cargo xtask codegen`: the files of this repository that are written by it.

mod attributes;

use std::fs;

use crate::cargo::root;
use crate::{Outcome, all_or_nothing};

/// A generated file, and what writes it.
struct Artefact {
    /// From the root.
    path: &'static str,
    text: fn() -> Result<String, String>,
}

const ARTEFACTS: &[Artefact] = &[Artefact { path: "docs/attributes.md", text: attributes::reference }];

/// Writes every file that is out of date; with `--check`, fails where one is.
pub(crate) fn run(args: &[&str]) -> Outcome {
    match args {
        [] => ARTEFACTS.iter().try_for_each(Artefact::write),
        ["--check"] => check(),
        _ => Err("codegen has one option, --check".to_owned()),
    }
}

/// Fails where a file is not what would be written.
pub(crate) fn check() -> Outcome {
    all_or_nothing(ARTEFACTS.iter().filter_map(|artefact| artefact.check().err()).collect())
}

impl Artefact {
    fn write(&self) -> Outcome {
        let text = (self.text)()?;
        if self.current() == text {
            return Ok(());
        }
        println!("writing {}", self.path);
        fs::write(root().join(self.path), text).map_err(|error| format!("{}: {error}", self.path))
    }

    fn check(&self) -> Outcome {
        if self.current() == (self.text)()? {
            return Ok(());
        }
        Err(format!("{} is out of date; run `cargo xtask codegen`", self.path))
    }

    fn current(&self) -> String {
        fs::read_to_string(root().join(self.path)).unwrap_or_default()
    }
}
