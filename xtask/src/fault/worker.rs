//! The program that commits or migrates: built, started, ended, and asked what it has found.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::Duration;

use crate::Outcome;
use crate::cargo::{Workspace, cargo, run};

/// What a program does while it is disturbed, and what it does it to.
pub(super) struct Work {
    /// What it does, in the plural.
    pub(super) name: &'static str,
    /// Whose example the program is, and with which features.
    package: &'static str,
    features: &'static str,
    program: &'static str,
    pub(super) backends: &'static [&'static str],
    /// Those of `cargo xtask ci`: formats of documents differ in nothing that a disk sees.
    pub(super) checked: &'static [&'static str],
    /// Of the cycles of `cargo xtask ci`, one in so many.
    pub(super) share: usize,
    /// A worker lives so many times as long, as it takes so much longer.
    pub(super) pace: u64,
}

pub(super) const WORKS: &[Work] = &[
    Work {
        name: "commits",
        package: "strata-config-store",
        features: "sqlite",
        program: "fault_worker",
        backends: &["file", "sqlite"],
        checked: &["file", "sqlite"],
        share: 1,
        pace: 1,
    },
    Work {
        name: "migrations",
        package: "strata-config-migrate",
        features: "files",
        program: "fault_migrate",
        backends: &["toml", "yaml", "json", "file", "sqlite"],
        checked: &["toml", "file", "sqlite"],
        share: 4,
        pace: 8,
    },
];

/// The program, and a directory to let it loose in.
pub(super) struct Worker {
    pub(super) work: &'static Work,
    program: PathBuf,
    scratch: PathBuf,
    /// The locks of its directories: another run would take away what this one works on, and be told of a loss.
    locks: RefCell<BTreeMap<PathBuf, File>>,
}

/// What a run of the program came to.
pub(super) struct Said {
    pub(super) ok: bool,
    pub(super) output: String,
    pub(super) errors: String,
}

impl Worker {
    /// Builds it: as it is built anyway, or to run fast.
    pub(super) fn build(work: &'static Work, profile: &str) -> Result<Self, String> {
        let Work { package, features, program, .. } = work;
        let args = ["build", "--quiet", "--package", package, "--features", features, "--example", program];
        run(cargo(&args).args(["--profile", profile]))?;
        let target = Workspace::read("Cargo.toml")?.target;
        let directory = if profile == "dev" { "debug" } else { profile };
        let program = target.join(directory).join("examples").join(program);
        let scratch = target.join("fault").join(work.name);
        Ok(Self { work, program, scratch, locks: RefCell::default() })
    }

    /// A new and empty directory, for this run alone: another one waits until this worker is done.
    pub(super) fn directory(&self, name: &str) -> Result<PathBuf, String> {
        self.directory_in(&self.scratch, name)
    }

    /// A new and empty directory in memory, where there is such a place: a kill takes nothing from the system's caches,
    /// so that a slow disk would only make for fewer commits between two of them.
    pub(super) fn directory_in_memory(&self, name: &str) -> Result<PathBuf, String> {
        match Path::new("/dev/shm") {
            memory if memory.is_dir() => self.directory_in(&memory.join("strata-fault").join(self.work.name), name),
            _ => self.directory(name),
        }
    }

    fn directory_in(&self, scratch: &Path, name: &str) -> Result<PathBuf, String> {
        let directory = scratch.join(name);
        let failed = |error| format!("{}: {error}", directory.display());
        if !self.locks.borrow().contains_key(&directory) {
            let lock = fs::create_dir_all(scratch).and_then(|()| {
                let lock = File::create(directory.with_extension("lock"))?;
                lock.lock()?;
                Ok(lock)
            });
            self.locks.borrow_mut().insert(directory.clone(), lock.map_err(failed)?);
        }
        let made = fs::remove_dir_all(&directory).or_else(|error| match error.kind() {
            std::io::ErrorKind::NotFound => Ok(()),
            _ => Err(error),
        });
        made.and_then(|()| fs::create_dir_all(&directory)).map_err(failed)?;
        Ok(directory)
    }

    /// A call of the program, perhaps by another one, which is given its words.
    pub(super) fn command(&self, before: &[&str], args: &[&str]) -> Command {
        let mut command = match before.split_first() {
            None => Command::new(&self.program),
            Some((first, rest)) => {
                let mut command = Command::new(first);
                command.args(rest).arg(&self.program);
                command
            }
        };
        command.args(args).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    /// Lets it look, as [`check`](Self::check) does, and work until `end` ends it: so long after it has opened what is
    /// there, or after its start where it is not to be waited for. The lines of what it has done, or `None` where it did
    /// not come so far.
    pub(super) fn work_until(
        &self,
        before: &[&str],
        (url, acknowledged): (&str, &str),
        (wait, time): (bool, Duration),
        end: impl FnOnce(&mut Child) -> Outcome,
    ) -> Result<Option<String>, String> {
        let child = self.command(before, &["work", url]).stdin(Stdio::piped()).spawn();
        let mut child = child.map_err(|error| format!("the worker did not start: {error}"))?;
        // One that gives up early does not read to the end.
        let _ = child.stdin.take().expect("piped").write_all(acknowledged.as_bytes());
        let mut said = String::new();
        let mut output = BufReader::new(child.stdout.take().expect("piped"));
        if wait {
            output.read_line(&mut said).map_err(|error| error.to_string())?;
        }
        sleep(time);
        let ended_early = child.try_wait().map_err(|error| error.to_string())?.is_some();
        let outcome = end(&mut child);
        // What the end has not killed, this does.
        let _ = child.kill();
        output.read_to_string(&mut said).map_err(|error| error.to_string())?;
        let errors = finish(child)?.errors;
        outcome?;
        if ended_early {
            return Err(errors.trim().to_owned());
        }
        let whole = said.rfind('\n').map_or(0, |end| end + 1);
        Ok(said[..whole].strip_prefix("open\n").map(str::to_owned))
    }

    /// Looks at what is there; `acknowledged` are the lines of those who worked on it.
    pub(super) fn check(&self, url: &str, acknowledged: &str) -> Outcome {
        let mut command = self.command(&[], &["check", url]);
        let child = command.stdin(Stdio::piped()).spawn();
        let mut child = child.map_err(|error| format!("the worker did not start: {error}"))?;
        // A check that fails early does not read to the end.
        let _ = child.stdin.take().expect("piped").write_all(acknowledged.as_bytes());
        let said = finish(child)?;
        if said.ok { Ok(()) } else { Err(said.errors.trim().to_owned()) }
    }
}

/// Runs a command to its end.
pub(super) fn say(command: &mut Command) -> Result<Said, String> {
    finish(command.spawn().map_err(|error| format!("the worker did not start: {error}"))?)
}

fn finish(mut child: Child) -> Result<Said, String> {
    let (mut output, mut errors) = (Vec::new(), Vec::new());
    let streams = (|| {
        if let Some(mut stdout) = child.stdout.take() {
            stdout.read_to_end(&mut output)?;
        }
        child.stderr.take().expect("piped").read_to_end(&mut errors)?;
        child.wait()
    })();
    let status = streams.map_err(|error| error.to_string())?;
    let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
    Ok(Said { ok: status.success(), output: text(output), errors: text(errors) })
}

/// The address of a backend's store or document in a directory.
pub(super) fn url(backend: &str, directory: &Path) -> String {
    let directory = directory.display();
    match backend {
        "sqlite" => format!("sqlite:{directory}/strata.db"),
        "file" => format!("file:{directory}"),
        format => format!("{format}:{directory}/app.{format}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_other_run_takes_a_directory_away() {
        let scratch = std::env::temp_dir().join(format!("strata-fault-alone-{}", std::process::id()));
        let worker =
            Worker { work: &WORKS[0], program: PathBuf::new(), scratch: scratch.clone(), locks: RefCell::default() };
        let directory = worker.directory("kill-file").unwrap();
        let other = File::open(directory.with_extension("lock")).unwrap();
        assert!(other.try_lock().is_err());
        // Its own it empties without waiting for itself.
        fs::write(directory.join("old"), "").unwrap();
        assert_eq!(worker.directory("kill-file").unwrap(), directory);
        assert!(fs::read_dir(&directory).unwrap().next().is_none());
        drop(worker);
        other.try_lock().unwrap();
        fs::remove_dir_all(scratch).unwrap();
    }
}
