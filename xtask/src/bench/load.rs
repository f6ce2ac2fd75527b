//! The time and the allocations of a load, from the benchmarks' own workspace.

use std::collections::BTreeMap;

use crate::cargo::{BENCH_MANIFEST, Workspace, cargo, output};

use super::{Table, ratio};

/// The contenders as the benchmark calls them, and as the table does; the first is what the others are compared with.
const CONTENDERS: &[(&str, &str)] = &[("by_hand", "by hand"), ("ours", "strata-config"), ("figment", "figment")];

/// Runs the program that times and the one that counts.
pub(super) fn measure() -> Result<Table, String> {
    let target = Workspace::read("Cargo.toml")?.target;
    let printed = |program: &str| {
        let mut command = cargo(&["run", "--quiet", "--release", "--bin", program, "--manifest-path", BENCH_MANIFEST]);
        output(command.env("CARGO_TARGET_DIR", &target))
    };
    let (timed, counted) = (printed("times")?, printed("allocations")?);
    let times: BTreeMap<_, _> = timed.lines().filter_map(time).collect();
    let counts: BTreeMap<_, _> = counted.lines().filter_map(count).collect();
    let mut rows = Vec::new();
    let mut first = None;
    for (name, title) in CONTENDERS {
        let time = *times.get(name).ok_or_else(|| format!("{name} was not timed"))?;
        let (allocations, bytes) = counts.get(name).ok_or_else(|| format!("{name} was not counted"))?;
        let base = *first.get_or_insert(time);
        rows.push(vec![
            (*title).to_owned(),
            format!("{:.1}", time / 1000.0),
            ratio(time, base),
            allocations.to_string(),
            bytes.to_string(),
        ]);
    }
    Ok(Table {
        title: "Load",
        about: "The configuration of the first reference system, from memory: 51 leaves, a JSON and a TOML document, 12
variables among 72, 2 overrides. \"By hand\" is serde_json, toml, `Option` structs and a line for each variable. Contenders
take turns, and the least of 400 times counts, since others use the machine, too; allocations are of one load, a
reallocation counted as one. `cargo bench` in `crates/bench` shows the spread.",
        head: &["contender", "µs", "by hand = 1", "allocations", "bytes allocated"],
        rows,
    })
}

/// A line of the counting program: `NAME ALLOCATIONS BYTES`.
fn count(line: &str) -> Option<(&str, (u64, u64))> {
    let mut words = line.split(' ');
    Some((words.next()?, (words.next()?.parse().ok()?, words.next()?.parse().ok()?)))
}

/// A line of the timing program: `NAME NANOSECONDS`.
fn time(line: &str) -> Option<(&str, f64)> {
    let (name, nanoseconds) = line.split_once(' ')?;
    Some((name, nanoseconds.parse().ok()?))
}
