//! Instructions as callgrind counts them: the same on every machine, and however busy it is.

use std::process::Command;

use crate::cargo::{Workspace, output};

/// The instructions of one round of a program of the benchmarks, where there is a valgrind: the difference between many
/// rounds and few. The number of rounds is the program's last argument.
pub(super) fn instructions(program: &str, args: &[&str], (few, many): (u64, u64)) -> Result<Option<u64>, String> {
    if Command::new("valgrind").arg("--version").output().is_err() {
        return Ok(None);
    }
    let (less, more) = (collected(program, args, few)?, collected(program, args, many)?);
    Ok(Some((more - less) / (many - few)))
}

/// The instructions of a program that does so many rounds.
fn collected(program: &str, args: &[&str], rounds: u64) -> Result<u64, String> {
    let built = Workspace::read("Cargo.toml")?.target.join("release").join(program);
    let mut valgrind = Command::new("valgrind");
    // A program may start itself again in an environment of its own.
    valgrind.args(["--tool=callgrind", "--trace-children=yes", "--callgrind-out-file=/dev/null", "--log-fd=1"]);
    let told = output(valgrind.arg(built).args(args).arg(rounds.to_string()))?;
    let counts = told.lines().filter_map(|line| line.split_once("Collected : ")?.1.trim().parse().ok());
    counts.max().ok_or_else(|| format!("callgrind told no instructions of {program} {args:?}:\n{told}"))
}
