//! Programs of Python that judge the interface, in an environment below the target directory.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::Mutex;

static BUSY: Mutex<()> = Mutex::new(());

/// A program of a package from PyPI, which is installed where it is not there yet.
pub(crate) fn program(package: &str, name: &str) -> Command {
    // One at a time: tests run side by side.
    let _busy = BUSY.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("venv");
    let bin = |name: &str| -> PathBuf { folder.join("bin").join(name) };
    let done = |command: &mut Command| {
        let output = command.output().unwrap_or_else(|error| panic!("{command:?}: {error}"));
        assert!(output.status.success(), "{command:?}: {}", told(&output));
    };
    if !bin("pip").exists() {
        done(Command::new("python3").args(["-m", "venv"]).arg(&folder));
    }
    let shows = Command::new(bin("pip")).args(["show", "--quiet", package]).output().unwrap();
    if !shows.status.success() {
        done(Command::new(bin("pip")).args(["install", "--quiet", "--disable-pip-version-check", package]));
    }
    Command::new(bin(name))
}

/// Everything that a program said.
pub(crate) fn told(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}
