//! Everything that the binary's commands print, and the bytes that they leave.

mod changes;
mod help;
mod older;
mod reads;

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::case::{Case, Subject};
use crate::collection::Collection;
use crate::sources::{Brought, Way};

/// The binary over a case's secrets.
struct Binary {
    system: &'static str,
    brought: Brought,
    key: String,
    shown: Collection,
    /// Every command that ran, without its options.
    ran: Vec<String>,
}

/// What a command said.
struct Said {
    status: Option<i32>,
    stdout: String,
    stderr: String,
}

impl Binary {
    fn of<S: Subject>(way: Way, case: &Case, shown: Collection) -> Self {
        let mut brought = way.bring(case);
        // The process's own key opens the others, whatever a file says of it.
        brought.variables.retain(|(name, _)| !name.starts_with("ENCRYPTION_KEY"));
        Self { system: S::NAME, brought, key: case.key.clone(), shown, ran: Vec::new() }
    }

    fn folder(&self) -> &Path {
        self.brought.folder.path()
    }

    fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_strata"));
        command.arg(self.system).args(words).args(self.brought.options.split_whitespace());
        command.current_dir(self.folder()).env_clear().envs(self.brought.variables.iter().cloned());
        command.env("ENCRYPTION_KEY", &self.key).env("USER", "ann");
        command
    }

    /// Runs a command in both formats, and takes all that it says; what it said in JSON.
    fn run(&mut self, words: &[&str]) -> Said {
        self.run_with(words, "")
    }

    /// The same, with something on its standard input.
    fn run_with(&mut self, words: &[&str], stdin: &str) -> Said {
        self.ask(words, &["--format", "text"], stdin);
        self.ask(words, &["--format", "json"], stdin)
    }

    /// Runs a command once, which changes something.
    fn once(&mut self, words: &[&str]) -> Said {
        self.ask(words, &["--format", "json"], "")
    }

    fn ask(&mut self, words: &[&str], format: &[&str], stdin: &str) -> Said {
        let mut command = self.command(words);
        let piped = command.args(format).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = piped.spawn().unwrap();
        // A command that reads nothing may have ended already.
        let _ = child.stdin.take().expect("it is piped").write_all(stdin.as_bytes());
        let output = child.wait_with_output().unwrap();
        let [stdout, stderr] = [output.stdout, output.stderr].map(|bytes| String::from_utf8(bytes).unwrap());
        let line = words.join(" ");
        let what = format!("{} {line} {} ({:?})", self.system, format.join(" "), output.status.code());
        self.shown.take(format!("{what}, stdout"), &stdout);
        self.shown.take(format!("{what}, stderr"), &stderr);
        // A mistake in the command line is no run of the command.
        if output.status.code() != Some(2) {
            self.ran.push(line);
        }
        Said { status: output.status.code(), stdout, stderr }
    }

    /// The same, and it succeeds.
    #[track_caller]
    fn fine(&mut self, words: &[&str]) -> Said {
        let said = self.run(words);
        assert_eq!(said.status, Some(0), "{} {words:?}: {}{}", self.system, said.stdout, said.stderr);
        said
    }
}
