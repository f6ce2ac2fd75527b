//! Files: planned, rewritten as a whole, with a backup and a history beside them.

mod disk;
mod history;
#[cfg(test)]
mod tests;

use std::fs;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use strata_config_core::{Document, LayeredConfig};
use strata_config_store::{Hash, Timestamp};

use crate::chain::Migrations;
use crate::edit::Op;
use crate::error::{Kind, MigrateError};
use crate::history::Record;
use crate::plan::{Plan, placed};
use crate::rewrite::{self, Format};
use disk::{Disk, Stopped};
use history::{History, Line};

/// The largest file that is migrated, as the largest that is read: 16 MiB.
const MAX_BYTES: u64 = 16 * 1024 * 1024;

/// How the names of what stands beside a file end.
const HISTORY: &str = ".migrations.jsonl";
const BACKUP: &str = ".bak";

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

impl Migrations {
    /// What a migration of a TOML, YAML or JSON file would do: to a version, or to the program's own. The document of the
    /// program's own version is checked as settings of `C`.
    ///
    /// # Errors
    /// Why the file can't be read; where a step that was taken before is another one now; and as
    /// [`plan_for`](Self::plan_for).
    pub fn plan_file<C: LayeredConfig>(&self, path: &Path, to: Option<&str>) -> Result<FilePlan, MigrateError> {
        let text = read(path)?;
        let known = fs::canonicalize(path).map_err(|error| failed("read", path, error))?;
        self.check_history(History::read(&known, &text)?.records()).map_err(|error| error.in_file(path))?;
        self.plan_text::<C>(path, text, to)
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
        let named = |error: MigrateError| error.in_file(path);
        let invalid = |report| named(MigrateError::new(Kind::Invalid, "the file can't be read").with_report(report));
        let document = rewrite::parse(&name, &text).map_err(invalid)?;
        let check = |document: &_| self.check_settings::<C>(placed(document));
        let plan = self.plan_at(&document, to, &check, Some(Timestamp::now()));
        let plan = plan.map_err(|error| error.in_document_of(path, &document))?.masked_for::<C>(self);
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
        Ok(History::read(path, &read(path)?)?.records().cloned().collect())
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
    /// synced; the file is replaced as a whole, and the line says so at last. `lossy` consents to a file that loses its
    /// comments.
    ///
    /// # Errors
    /// Where the file would lose its comments without consent, or was changed meanwhile; where a step that was taken
    /// before is another one now; and where something can't be written. File, backup and history are as before then,
    /// unless [`is_unknown`](MigrateError::is_unknown).
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
        let _locked = disk.lock(&path).map_err(|stopped| stopped.error("lock", &path))?;
        if read(&path)? != self.before.0 {
            let message = format!("{} was changed meanwhile; plan again", self.path.display());
            return Err(MigrateError::new(Kind::Conflict, message));
        }
        disk::sweep(&path);
        let history = History::read(&path, &self.before.0)?;
        self.migrations.check_history(history.records()).map_err(|error| error.in_file(&self.path))?;
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let records = Record::of(&self.plan, &name, actor, Timestamp::now());
        if records.is_empty() {
            return Ok(Written { backup: path, records });
        }
        let (backup, is_new) = backup_of(&path, &self.plan, &self.before.0)?;
        let mut line = Line {
            before: Hash::of(self.before.0.as_bytes()),
            after: Hash::of(self.after.0.as_bytes()),
            backup: backup.display().to_string(),
            records: records.clone(),
            key: self.migrations.key().to_owned(),
            done: false,
        };
        let replaced = (|| {
            if is_new {
                drop(disk.replace(&backup, &self.before.0, &path)?);
            } else {
                disk.keep(&backup)?;
            }
            disk.replace(&history.path, &history.with(&line), &path)?;
            disk.replace(&path, &self.after.0, &path)
        })();
        // The new file's lock is held until the history says that it is there.
        let _locked_too = match replaced {
            Ok(file) => file,
            Err(stopped) => return Err(self.taken_back(stopped, &path, &history, is_new.then_some(&*backup))),
        };
        line.done = true;
        match disk.replace(&history.path, &history.with(&line), &path) {
            Err(stopped @ Stopped::Crashed) => Err(stopped.error("write", &path)),
            // Where this can't be written, the file says it.
            Ok(_) | Err(Stopped::Failed(_)) => Ok(Written { backup, records }),
        }
    }

    /// What is known after a failure: everything is as it was before, or is not.
    fn taken_back(&self, stopped: Stopped, path: &Path, history: &History, new_backup: Option<&Path>) -> MigrateError {
        if matches!(stopped, Stopped::Crashed) {
            return MigrateError::new(Kind::Unknown, "the process ended");
        }
        match fs::read_to_string(path) {
            Ok(text) if text == self.before.0 => {}
            Ok(text) if text == self.after.0 => {
                let message = format!("{} is migrated, and a power cut might take that back", path.display());
                return MigrateError::new(Kind::Unknown, message).because(stopped.io());
            }
            // The line of the history counts if the file is migrated.
            _ => {
                let message = format!("whether {} is migrated is not known", path.display());
                return MigrateError::new(Kind::Unknown, message).because(stopped.io());
            }
        }
        // What can't be undone has no effect: a backup more, a line that does not count.
        if history.found.is_empty() {
            let _ = fs::remove_file(&history.path);
        } else {
            let _ = Disk::real().replace(&history.path, &history.found, path);
        }
        if let Some(backup) = new_backup {
            let _ = fs::remove_file(backup);
        }
        stopped.error("write", &self.path)
    }
}

impl MigrateError {
    /// Every error of a file names it, once.
    fn in_file(mut self, path: &Path) -> Self {
        self.prepend(&format!("{}: ", path.display()));
        self
    }

    /// As [`in_file`](Self::in_file), with the place in the file where there is one.
    fn in_document_of(mut self, path: &Path, document: &Document) -> Self {
        let Some(place) = self.place else { return self.in_file(path) };
        let (line, column) = document.position(place.start);
        self.prepend(&format!("{}:{line}:{column}: ", path.display()));
        self
    }
}

/// Where the backup goes, and whether it is not there yet.
fn backup_of(path: &Path, plan: &Plan, text: &str) -> Result<(PathBuf, bool), MigrateError> {
    for number in 1_u32.. {
        let mark = if number == 1 { String::new() } else { format!(".{number}") };
        let backup = beside(path, &format!(".{}{mark}{BACKUP}", plan.from()));
        match fs::read(&backup) {
            Ok(known) if known == text.as_bytes() => return Ok((backup, false)),
            Ok(_) => {}
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok((backup, true)),
            Err(error) => return Err(failed("read", &backup, error)),
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
    // A pipe would wait for somebody who writes, and none of these is replaced by a file.
    if !metadata.is_file() {
        let message = format!("{} is no file that could be rewritten", path.display());
        return Err(MigrateError::new(Kind::Failed, message));
    }
    let mut text = String::new();
    // A size of 0 says nothing of what the system makes up, as in /proc.
    let read = fs::File::open(path).and_then(|file| file.take(MAX_BYTES + 1).read_to_string(&mut text));
    if metadata.len().max(text.len() as u64) > MAX_BYTES {
        let message = format!("{} is larger than 16 MiB; configuration is smaller", path.display());
        return Err(MigrateError::new(Kind::Failed, message));
    }
    read.map(|_| text).map_err(|error| failed("read", path, error))
}

fn failed(action: &str, path: &Path, error: io::Error) -> MigrateError {
    MigrateError::new(Kind::Failed, format!("could not {action} {}", path.display())).because(error)
}
