//! `cargo xtask fuzz`: runs the fuzz targets one after the other; and for `ci`, every committed seed once.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::SystemTime;

use crate::cargo::{FUZZ_MANIFEST, Workspace, cargo, root, run as run_command};
use crate::{Outcome, all_or_nothing};

/// How long one target runs, where nothing else is said.
const SECONDS: u32 = 60;

/// Runs every target, or those that are named, for `--seconds N` each; a finding's input is told.
pub(crate) fn run(args: &[&str]) -> Outcome {
    let mut seconds = SECONDS;
    let mut chosen = Vec::new();
    let mut args = args.iter();
    while let Some(arg) = args.next() {
        match *arg {
            "--seconds" => {
                let number = args.next().and_then(|number| number.parse().ok());
                seconds = number.ok_or("--seconds takes a number")?;
            }
            option if option.starts_with("--") => {
                return Err(format!("`{option}` is not an option of fuzz; it has --seconds"));
            }
            target => chosen.push(target),
        }
    }
    let known = targets()?;
    if let Some(unknown) = chosen.iter().find(|target| !known.iter().any(|known| known == *target)) {
        return Err(format!("there is no target `{unknown}`; there are {}", known.join(", ")));
    }
    let wanted = known.iter().filter(|target| chosen.is_empty() || chosen.contains(&target.as_str()));
    all_or_nothing(wanted.filter_map(|target| fuzz(target, seconds).err()).collect())
}

/// The targets: each has a program.
fn targets() -> Result<Vec<String>, String> {
    let folder = root().join("fuzz/fuzz_targets");
    let entries = fs::read_dir(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let paths = entries.filter_map(|entry| Some(entry.ok()?.path()));
    let mut names: Vec<String> = paths.filter_map(|path| Some(path.file_stem()?.to_str()?.to_owned())).collect();
    names.sort();
    Ok(names)
}

/// Runs one target from its own findings of earlier runs and the seeds. A slow input and one that takes memory are
/// findings, too.
fn fuzz(target: &str, seconds: u32) -> Outcome {
    let folder = |kind: &str| root().join("fuzz").join(kind).join(target);
    let (corpus, seeds, artifacts) = (folder("corpus"), folder("seeds"), folder("artifacts"));
    fs::create_dir_all(&corpus).map_err(|error| format!("{}: {error}", corpus.display()))?;
    let started = SystemTime::now();
    let mut command: Command = cargo(&["fuzz", "run", "-s", "none", target]);
    command.args([&corpus, &seeds]).args(["--", "-timeout=10", "-rss_limit_mb=2048", "-max_len=4096"]);
    command.arg(format!("-max_total_time={seconds}"));
    run_command(&mut command).map_err(|error| match written_since(started, &artifacts) {
        Some(input) => format!("{target}: {} breaks it; see `cargo fuzz run -s none {target} FILE`", input.display()),
        None => format!("{target}: {error}; `cargo install cargo-fuzz` brings the command"),
    })
}

/// The input of a finding of this run: an old finding's file is written again.
fn written_since(started: SystemTime, folder: &Path) -> Option<PathBuf> {
    let paths = fs::read_dir(folder).ok()?.filter_map(|entry| Some(entry.ok()?.path()));
    let is_new = |path: &PathBuf| path.metadata().and_then(|file| file.modified()).is_ok_and(|at| at >= started);
    paths.into_iter().find(is_new)
}

/// The targets' own workspace: linted, and every seed run once. It needs neither cargo-fuzz nor a C++ compiler.
pub(crate) fn check(workspace: &Workspace) -> Outcome {
    let manifest = ["--manifest-path", FUZZ_MANIFEST, "--no-default-features", "--all-targets"];
    let clippy = [&["clippy"], &manifest[..], &["--", "-D", "warnings"]].concat();
    let test = [&["test", "--quiet"], &manifest[..]].concat();
    [clippy, test].iter().try_for_each(|args| run_command(cargo(args).env("CARGO_TARGET_DIR", &workspace.target)))
}
