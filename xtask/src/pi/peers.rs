//! The same load by hand, with figment, with config and with us: sizes and memory on the emulated board and here.

use std::path::PathBuf;
use std::process::Command;

use super::board::{boot, numbered};
use super::figures::Said;
use super::toolchain::{AARCH64, VARIABLES, build_here, size};
use crate::Outcome;
use crate::cargo::output;

/// The programs, and what a table calls them.
const PEERS: [(&str, &str); 4] = [
    ("strata-device-load-ours", "strata-config"),
    ("strata-device-load-by-hand", "by hand"),
    ("strata-device-load-figment", "figment"),
    ("strata-device-load-config", "config"),
];

/// Prints the table.
pub(super) fn measure() -> Outcome {
    let on_board = built(|package| AARCH64.build(package))?;
    let said = boot(&on_board)?;
    let here = built(build_here)?;
    println!("| program | aarch64, bytes | resident, kB | private, kB | x86-64, bytes | resident, kB | private, kB |");
    println!("|---|---|---|---|---|---|---|");
    for (at, (_, title)) in PEERS.iter().enumerate() {
        let emulated = figures(&Said::of(&said, &numbered(at + 1, &on_board[at])))?;
        let printed = output(Command::new(&here[at]).env_clear().envs(VARIABLES.iter().copied()))?;
        let native = figures(&Said::new(&printed))?;
        let sizes = (size(&on_board[at])?, size(&here[at])?);
        println!("| {title} | {} | {emulated} | {} | {native} |", sizes.0, sizes.1);
    }
    Ok(())
}

fn built(build: impl Fn(&str) -> Result<PathBuf, String>) -> Result<Vec<PathBuf>, String> {
    PEERS.iter().map(|(package, _)| build(package)).collect()
}

/// The memory after the load, of a program that loaded what it should.
fn figures(said: &Said<'_>) -> Result<String, String> {
    if said.rest("batch_size") != Some("12") || said.rest("end") != Some("ok") {
        return Err("a program did not load what it should".to_owned());
    }
    Ok(format!("{} | {}", said.memory("loaded", "rss")?, said.memory("loaded", "private")?))
}
