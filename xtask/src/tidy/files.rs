//! How our files look from outside: their first line, their length, their name.

use std::fs;

use crate::cargo::{output, root};

/// The most lines of a file that needs no reason.
const LONG: usize = 400;

/// What a long file says somewhere, with its reason behind it.
const REASON: &str = "// long because ";

/// A text file of the repository.
#[derive(Debug)]
pub(crate) struct SourceFile {
    /// From the root.
    pub(crate) path: String,
    pub(crate) text: String,
}

impl SourceFile {
    /// Every text file that git knows or would add.
    pub(crate) fn all() -> Result<Vec<Self>, String> {
        let mut git = std::process::Command::new("git");
        git.args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"]).current_dir(root());
        let names = output(&mut git)?;
        let paths = names.split_terminator('\0');
        // A file that is deleted but not yet committed, and a binary one, have no text.
        let read = |path: &str| Some(Self { text: fs::read_to_string(root().join(path)).ok()?, path: path.to_owned() });
        Ok(paths.filter_map(read).collect())
    }
}

/// What is wrong with a Rust file's look.
pub(crate) fn problems(file: &SourceFile) -> Vec<String> {
    let SourceFile { path, text } = file;
    // A compile-fail case is one mistake, named by its file; a sentence before it would only move its lines.
    if !path.ends_with(".rs") || path.starts_with("tests/compile-fail/ui/") {
        return vec![];
    }
    let lines = text.lines().count();
    let mut problems = Vec::new();
    if !text.starts_with("//! ") {
        problems.push(format!("{path}: opens without a `//!` sentence that says what belongs there"));
    }
    if path.ends_with("/mod.rs") {
        problems.push(format!("{path}: call it by its module's name, beside the directory"));
    }
    if lines > LONG && !text.lines().any(|line| line.trim_start().starts_with(REASON)) {
        problems.push(format!("{path}: {lines} lines; split it, or say `{REASON}…`"));
    }
    problems
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_opens_with_its_purpose() {
        assert_eq!(found("src/a.rs", "//! What is here.\n"), [""; 0]);
        assert_eq!(found("tests/compile-fail/ui/names/a.rs", "fn main() {}\n"), [""; 0]);
        assert!(found("src/a.rs", "use std::fs;\n")[0].contains("`//!` sentence"));
    }

    #[test]
    fn no_file_is_called_mod() {
        assert!(found("src/a/mod.rs", "//! A.\n")[0].contains("module's name"));
    }

    #[test]
    fn a_long_file_gives_its_reason() {
        let long = format!("//! Long.\n{}", "\n".repeat(LONG));
        assert!(found("src/a.rs", &long)[0].contains("401 lines"));
        assert_eq!(found("src/a.rs", &format!("{long}// long because it is a table\n")), [""; 0]);
    }

    #[test]
    fn other_files_may_look_as_they_like() {
        assert_eq!(found("mod.md", ""), [""; 0]);
    }

    fn found(path: &str, text: &str) -> Vec<String> {
        problems(&SourceFile { path: path.to_owned(), text: text.to_owned() })
    }
}
