//! `cargo xtask codegen`: the files of this repository that are written by it.

mod attributes;
mod systems;

use std::fs;

use crate::cargo::root;
use crate::{Outcome, all_or_nothing};

/// A generated file, and what writes it.
struct File {
    /// From the root.
    path: String,
    text: Box<dyn Fn() -> Result<String, String>>,
}

fn files() -> impl Iterator<Item = File> {
    let attributes = File { path: "docs/attributes.md".to_owned(), text: Box::new(attributes::reference) };
    std::iter::once(attributes).chain(systems::files())
}

/// Writes every file that is out of date; with `--check`, fails where one is.
pub(crate) fn run(args: &[&str]) -> Outcome {
    match args {
        [] => all_or_nothing(files().filter_map(|file| file.write().err()).collect()),
        ["--check"] => check(),
        _ => Err("codegen has one option, --check".to_owned()),
    }
}

/// Fails where a file is not what would be written.
pub(crate) fn check() -> Outcome {
    all_or_nothing(files().filter_map(|file| file.check().err()).collect())
}

impl File {
    fn write(&self) -> Outcome {
        let text = (self.text)()?;
        if self.current() == text {
            return Ok(());
        }
        println!("writing {}", self.path);
        let path = root().join(&self.path);
        let written = fs::create_dir_all(path.parent().unwrap_or(&path)).and_then(|()| fs::write(&path, text));
        written.map_err(|error| format!("{}: {error}", self.path))
    }

    fn check(&self) -> Outcome {
        if self.current() == (self.text)()? {
            return Ok(());
        }
        Err(format!("{} is out of date; run `cargo xtask codegen`", self.path))
    }

    fn current(&self) -> String {
        fs::read_to_string(root().join(&self.path)).unwrap_or_default()
    }
}
