//! Traces of the machine that a file was written on: where its packages come from, where its directories are.

use std::collections::BTreeSet;
use std::env;
use std::fs;
use std::path::PathBuf;

use super::files::SourceFile;

/// Texts that have no place in the repository.
#[derive(Debug)]
pub(crate) struct Traces(BTreeSet<String>);

impl Traces {
    /// Those of this machine, and those of the machines that we know.
    pub(crate) fn here() -> Self {
        let mut traces: BTreeSet<_> = registries().collect();
        // Written in two halves, so that this file does not find itself.
        traces.extend([concat!("/wo", "rk/").to_owned(), concat!("/ro", "ot/").to_owned()]);
        Self(traces)
    }

    /// The lines of a file that hold one. Lock files name their registry by design.
    pub(crate) fn problems(&self, file: &SourceFile) -> Vec<String> {
        if file.path.ends_with(".lock") {
            return vec![];
        }
        let lines = file.text.lines().enumerate();
        let found = lines.filter_map(|(at, line)| Some((at, self.0.iter().find(|trace| line.contains(&***trace))?)));
        found.map(|(at, trace)| format!("{}:{}: names `{trace}`, a thing of one machine", file.path, at + 1)).collect()
    }
}

/// The hosts that cargo has fetched an index from: it keeps each in a directory `HOST-HASH`.
fn registries() -> impl Iterator<Item = String> {
    let home = |name: &str| env::var_os(name).map(PathBuf::from);
    let cargo = home("CARGO_HOME").or_else(|| Some(home("HOME")?.join(".cargo")));
    let entries = cargo.and_then(|home| fs::read_dir(home.join("registry/index")).ok()).into_iter().flatten().flatten();
    entries.filter_map(|entry| Some(entry.file_name().to_str()?.rsplit_once('-')?.0.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_of_one_machine_is_found_with_its_line() {
        let text = format!("fine\nsee {}here\n", concat!("/wo", "rk/"));
        assert!(found("a.md", &text)[0].starts_with("a.md:2: names"));
    }

    #[test]
    fn lock_files_may_name_their_registry() {
        assert_eq!(found("Cargo.lock", concat!("/ro", "ot/")), [""; 0]);
    }

    fn found(path: &str, text: &str) -> Vec<String> {
        Traces::here().problems(&SourceFile { path: path.to_owned(), text: text.to_owned() })
    }
}
