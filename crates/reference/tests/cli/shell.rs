//! A folder, variables, and the binary.

use std::process::{Command, Output};

use serde_json::Value;

/// A folder with files, and variables.
pub(crate) struct Shell {
    pub(crate) folder: tempfile::TempDir,
    pub(crate) vars: Vec<(&'static str, String)>,
}

impl Shell {
    pub(crate) fn new(files: &[(&str, &str)], vars: &[(&'static str, &'static str)]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in files {
            std::fs::write(folder.path().join(name), text).unwrap();
        }
        Self { folder, vars: vars.iter().map(|(name, value)| (*name, (*value).to_owned())).collect() }
    }

    pub(crate) fn command(&self, line: &str) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_strata"));
        command.args(line.split_whitespace()).current_dir(self.folder.path());
        command.env_clear().envs(self.vars.iter().map(|(name, value)| (name, value)));
        command
    }

    pub(crate) fn run(&self, line: &str) -> Output {
        self.command(line).output().unwrap()
    }

    pub(crate) fn ok(&self, line: &str) -> String {
        let output = self.run(line);
        assert_eq!(output.status.code(), Some(0), "{line}: {}", text(&output.stderr));
        text(&output.stdout)
    }

    pub(crate) fn json(&self, line: &str) -> Value {
        let output = self.run(&format!("{line} --format json"));
        serde_json::from_slice(&output.stdout)
            .unwrap_or_else(|error| panic!("{line}: {error}: {}", text(&output.stderr)))
    }

    pub(crate) fn write(&self, name: &str, text: &str) {
        std::fs::write(self.folder.path().join(name), text).unwrap();
    }
}

pub(crate) fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}
