//! The history beside a file: a line for each migration, and which of the lines count.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use strata_config_store::Hash;

use super::{HISTORY, beside, failed};
use crate::error::{Kind, MigrateError};
use crate::history::Record;
use crate::rewrite;
use crate::version::Version;

/// The steps of one migration.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Line {
    /// SHA-256 of the file before and after.
    pub(super) before: Hash,
    pub(super) after: Hash,
    pub(super) backup: String,
    pub(super) records: Vec<Record>,
    /// The key at which the file says its version.
    pub(super) key: String,
    /// Whether the file is known to have been replaced. The line is written before that and once more behind it; where
    /// the process ended between, the file itself says what became of it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(super) done: bool,
}

/// What stands beside a file.
pub(super) struct History {
    pub(super) path: PathBuf,
    /// Its text as it was found.
    pub(super) found: String,
    /// The lines that count.
    lines: Vec<Line>,
    /// The bytes of the text that they are.
    whole: usize,
}

impl History {
    /// Reads the history of a file that has this text. Its last line does not count where the file was never replaced:
    /// then the process ended in between.
    pub(super) fn read(of: &Path, current: &str) -> Result<Self, MigrateError> {
        let path = beside(of, HISTORY);
        let found = match fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => String::new(),
            Err(error) => return Err(failed("read", &path, error)),
        };
        let mut lines: Vec<Line> = Vec::new();
        for (number, line) in found.lines().enumerate() {
            lines.push(serde_json::from_str(line).map_err(|error| {
                let message = format!("{}:{}: the history can't be read", path.display(), number + 1);
                MigrateError::new(Kind::Failed, message).because(error)
            })?);
        }
        let mut whole = found.len();
        if lines.last().is_some_and(|line| !line.counts(of, current)) {
            lines.pop();
            whole = found.trim_end().rfind('\n').map_or(0, |end| end + 1);
        }
        Ok(Self { path, found, lines, whole })
    }

    pub(super) fn records(&self) -> impl Iterator<Item = &Record> {
        self.lines.iter().flat_map(|line| &line.records)
    }

    /// The text with one line more.
    pub(super) fn with(&self, line: &Line) -> String {
        let line = serde_json::to_string(line).expect("a line has no map whose keys could be anything but text");
        let known = &self.found[..self.whole];
        let line_break = if known.is_empty() || known.ends_with('\n') { "" } else { "\n" };
        format!("{known}{line_break}{line}\n")
    }
}

impl Line {
    /// Whether the file was replaced, seen from what it is now.
    fn counts(&self, file: &Path, current: &str) -> bool {
        let hash = Hash::of(current.as_bytes());
        if self.done || hash == self.after {
            return true;
        }
        // Somebody has edited the file since: every migration writes a version, and that has stayed.
        hash != self.before && self.led_to_version_of(file, current).unwrap_or(true)
    }

    /// Whether the file is of the version that the line leads to; `None` where nobody can tell.
    fn led_to_version_of(&self, file: &Path, current: &str) -> Option<bool> {
        let document = rewrite::parse(&file.to_string_lossy(), current).ok()?;
        let target = Version::parse(&self.records.last()?.to).ok()?;
        let root = crate::tree::Node::of(&document);
        let said = root.index(&self.key).map(|index| &root.children[index].text);
        Some(said.and_then(|text| Version::parse(text).ok()).is_some_and(|version| version == target))
    }
}
