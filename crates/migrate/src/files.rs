//! Files: planned, rewritten as a whole, with a backup and a history beside them.

mod disk;
#[cfg(test)]
mod tests;

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use strata_config_core::LayeredConfig;
use strata_config_store::{Hash, Timestamp};

use crate::chain::Migrations;
use crate::edit::Op;
use crate::error::{Kind, MigrateError};
use crate::history::Record;
use crate::plan::Plan;
use crate::rewrite::{self, Format};
use disk::{Disk, Stopped};

/// The largest file that is migrated, as the largest that is read: 16 MiB.
const MAX_BYTES: u64 = 16 * 1024 * 1024;

/// What a migration would do to a file.
#[derive(Debug)]
pub struct FilePlan {
    path: PathBuf,
    before: Text,
    after: Text,
    lossless: bool,
    plan: Plan,
    migrations: Migrations,
}

/// A file's text, which may hold secrets.
struct Text(String);

impl std::fmt::Debug for Text {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} bytes", self.0.len())
    }
}

/// A file that was migrated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// The file as it was.
    pub backup: PathBuf,
    /// What was added to the history.
    pub records: Vec<Record>,
}

/// The steps of one migration, as a line of the history beside a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Line {
    /// SHA-256 of the file before and after.
    before: Hash,
    after: Hash,
    backup: String,
    records: Vec<Record>,
}

impl Migrations {
    /// What a migration of a TOML, YAML or JSON file would do: to a version, or to the program's own. The document of the
    /// program's own version is checked as settings of `C`.
    ///
    /// # Errors
    /// Why the file can't be read; and as [`plan_for`](Self::plan_for).
    pub fn plan_file<C: LayeredConfig>(&self, path: &Path, to: Option<&str>) -> Result<FilePlan, MigrateError> {
        self.plan_text::<C>(path, read(path)?, to)
    }

    /// As [`plan_file`](Self::plan_file), of a text that is at hand, as a form's is. It is written only where the file
    /// still has this text.
    ///
    /// # Errors
    /// As `plan_file`.
    pub fn plan_text<C: LayeredConfig>(
        &self,
        path: &Path,
        text: String,
        to: Option<&str>,
    ) -> Result<FilePlan, MigrateError> {
        let name = path.to_string_lossy();
        let format = Format::of(path).ok_or_else(|| {
            let message = "the file's extension names no known format: use .toml, .yaml, .yml or .json";
            MigrateError::new(Kind::Failed, format!("{}: {message}", path.display()))
        })?;
        let invalid = |report| MigrateError::new(Kind::Invalid, "the file can't be read").with_report(report);
        let document = rewrite::parse(&name, &text).map_err(invalid)?;
        let check = |document: &_| self.check_settings::<C>(document);
        let plan = self.plan_at(&document, to, &check, Some(Timestamp::now()))?.masked_for::<C>(self);
        let ops: Vec<&Op> = plan.ops().collect();
        let edited = rewrite::edited(&name, format, &text, &ops, &plan.after);
        let lossless = edited.is_some();
        let after = edited.or_else(|| rewrite::anew(&name, format, &plan.after)).ok_or_else(|| {
            let message = format!("{}: its format has no way to write the migrated document", path.display());
            MigrateError::new(Kind::Failed, message)
        })?;
        let (before, after) = (Text(text), Text(after));
        Ok(FilePlan { path: path.to_owned(), before, after, lossless, plan, migrations: self.clone() })
    }

    /// What was done to a file, the oldest first. A migration that was cut off before the file was replaced is none of it.
    ///
    /// # Errors
    /// Why the history can't be read.
    pub fn file_history(path: &Path) -> Result<Vec<Record>, MigrateError> {
        let path = &fs::canonicalize(path).map_err(|error| failed("read", path, error))?;
        let history = beside(path, ".migrations.jsonl");
        let text = read_history(&history)?;
        let (lines, _) = lines(&history, &text, Hash::of(read(path)?.as_bytes()))?;
        Ok(lines.into_iter().flat_map(|line| line.records).collect())
    }
}

impl FilePlan {
    /// What would be done.
    #[must_use]
    pub fn plan(&self) -> &Plan {
        &self.plan
    }

    /// Whether comments, order and spelling of what does not change stay. Where they do not, the file would be written
    /// anew, without its comments.
    #[must_use]
    pub fn is_lossless(&self) -> bool {
        self.lossless
    }

    /// The text that the file would have. Secrets stand in it as in the file.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.after.0
    }

    /// Rewrites the file: first a backup beside it, then a line in the history beside it, then the file itself, each
    /// synced; the file is replaced as a whole. `lossy` consents to a file that loses its comments.
    ///
    /// # Errors
    /// Where the file would lose its comments without consent, or was changed meanwhile; where a step that was taken
    /// before is another one now; and where something can't be written. File, backup and history are as before then.
    pub fn write(&self, actor: &str, lossy: bool) -> Result<Written, MigrateError> {
        self.write_on(&Disk::real(), actor, lossy)
    }

    fn write_on(&self, disk: &Disk, actor: &str, lossy: bool) -> Result<Written, MigrateError> {
        if !self.lossless && !lossy {
            let message = format!(
                "{}: the migrated document can't be written without losing the file's comments; say so (`--lossy`), or \
                 make the changes by hand",
                self.path.display()
            );
            return Err(MigrateError::new(Kind::Lossy, message));
        }
        // A link stays one; what it leads to is replaced.
        let path = fs::canonicalize(&self.path).map_err(|error| failed("read", &self.path, error))?;
        let history = beside(&path, ".migrations.jsonl");
        let (before, after) = (Hash::of(self.before.0.as_bytes()), Hash::of(self.after.0.as_bytes()));
        let _locked = disk.lock(&path).map_err(|stopped| stopped.error("lock", &path))?;
        if read(&path)? != self.before.0 {
            let message = format!("{} was changed meanwhile; plan again", self.path.display());
            return Err(MigrateError::new(Kind::Conflict, message));
        }
        let known = read_history(&history)?;
        let (lines, whole) = lines(&history, &known, before)?;
        self.migrations.check_history(lines.iter().flat_map(|line| &line.records))?;
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let records = Record::of(&self.plan, &name, actor, Timestamp::now());
        if records.is_empty() {
            return Ok(Written { backup: path, records });
        }
        let (backup, is_new) = backup_of(&path, &self.plan, &self.before.0);
        let line = Line { before, after, backup: backup.display().to_string(), records: records.clone() };
        let line = serde_json::to_string(&line).expect("a line has no map whose keys could be anything but text");
        let done = (|| {
            if is_new {
                disk.replace(&backup, &self.before.0, &path)?;
            }
            disk.replace(&history, &format!("{}{line}\n", &known[..whole]), &path)?;
            disk.replace(&path, &self.after.0, &path)
        })();
        match done {
            Ok(()) => Ok(Written { backup, records }),
            Err(Stopped::Crashed) => Err(MigrateError::new(Kind::Unknown, "the process ended")),
            Err(stopped) => {
                if fs::read_to_string(&path).is_ok_and(|text| text == self.after.0) {
                    let message = format!("{} is migrated, and a power cut might take that back", path.display());
                    return Err(MigrateError::new(Kind::Unknown, message).because(stopped.io()));
                }
                // As it was before. What can't be undone has no effect: a backup more, a line that does not count.
                if known.is_empty() {
                    let _ = fs::remove_file(&history);
                } else {
                    let _ = Disk::real().replace(&history, &known, &path);
                }
                if is_new {
                    let _ = fs::remove_file(&backup);
                }
                Err(stopped.error("write", &self.path))
            }
        }
    }
}

fn read_history(path: &Path) -> Result<String, MigrateError> {
    match fs::read_to_string(path) {
        Ok(text) => Ok(text),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(String::new()),
        Err(error) => Err(failed("read", path, error)),
    }
}

/// The lines that count, and the bytes of the history that they are. The last one does not where the file still is what it
/// was before it: then the process ended before the file was replaced.
fn lines(history: &Path, text: &str, current: Hash) -> Result<(Vec<Line>, usize), MigrateError> {
    let mut lines: Vec<Line> = Vec::new();
    let mut whole = 0;
    for (number, line) in text.split_inclusive('\n').enumerate() {
        match serde_json::from_str(line) {
            Ok(read) => lines.push(read),
            Err(error) => {
                let message = format!("{}:{}: the history can't be read", history.display(), number + 1);
                return Err(MigrateError::new(Kind::Failed, message).because(error));
            }
        }
        if lines.last().is_some_and(|line| line.before == current && line.after != current)
            && text.len() == whole + line.len()
        {
            lines.pop();
            break;
        }
        whole += line.len();
    }
    Ok((lines, whole))
}

/// Where the backup goes, and whether it is not there yet.
fn backup_of(path: &Path, plan: &Plan, text: &str) -> (PathBuf, bool) {
    for number in 1_u32.. {
        let mark = if number == 1 { String::new() } else { format!(".{number}") };
        let backup = beside(path, &format!(".{}{mark}.bak", plan.from()));
        match fs::read_to_string(&backup) {
            Ok(known) if known == text => return (backup, false),
            Err(error) if error.kind() == io::ErrorKind::NotFound => return (backup, true),
            _ => {}
        }
    }
    unreachable!("there are more numbers than files")
}

fn beside(path: &Path, end: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(end);
    name.into()
}

fn read(path: &Path) -> Result<String, MigrateError> {
    let metadata = fs::metadata(path).map_err(|error| failed("read", path, error))?;
    if metadata.len() > MAX_BYTES {
        let message = format!("{} is larger than 16 MiB; configuration is smaller", path.display());
        return Err(MigrateError::new(Kind::Failed, message));
    }
    fs::read_to_string(path).map_err(|error| failed("read", path, error))
}

fn failed(action: &str, path: &Path, error: io::Error) -> MigrateError {
    MigrateError::new(Kind::Failed, format!("could not {action} {}", path.display())).because(error)
}
