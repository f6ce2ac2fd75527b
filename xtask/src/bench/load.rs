//! The time and the allocations of a load, from the benchmarks' own workspace.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::cargo::{BENCH_MANIFEST, Workspace, cargo, output, run};

use super::{Table, ratio};

/// The contenders as the benchmark calls them, and as the table does; the first is what the others are compared with.
const CONTENDERS: &[(&str, &str)] = &[("by_hand", "by hand"), ("ours", "strata-config"), ("figment", "figment")];

/// Runs the benchmark and the counting program.
pub(super) fn measure() -> Result<Table, String> {
    let target = Workspace::read("Cargo.toml")?.target;
    let manifest = ["--manifest-path", BENCH_MANIFEST];
    run(cargo(&["bench", "--bench", "load"]).args(manifest).env("CARGO_TARGET_DIR", &target))?;
    let counted = output(
        cargo(&["run", "--quiet", "--release", "--bin", "allocations"]).args(manifest).env("CARGO_TARGET_DIR", &target),
    )?;
    let counts: BTreeMap<_, _> = counted.lines().filter_map(count).collect();
    let mut rows = Vec::new();
    let mut first = None;
    for (name, title) in CONTENDERS {
        let time = median(&target, name)?;
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
variables among 72, 2 overrides. \"By hand\" is serde_json, toml, `Option` structs and a line for each variable. Medians;
allocations are of one load, a reallocation counted as one.",
        head: &["contender", "µs", "by hand = 1", "allocations", "bytes allocated"],
        rows,
    })
}

/// A line of the counting program: `NAME ALLOCATIONS BYTES`.
fn count(line: &str) -> Option<(&str, (u64, u64))> {
    let mut words = line.split(' ');
    Some((words.next()?, (words.next()?.parse().ok()?, words.next()?.parse().ok()?)))
}

/// What criterion found, in nanoseconds.
fn median(target: &Path, name: &str) -> Result<f64, String> {
    let path = target.join("criterion/load").join(name).join("new/estimates.json");
    let text = fs::read_to_string(&path).map_err(|error| format!("criterion left no result for {name}: {error}"))?;
    let estimates: Value = serde_json::from_str(&text).map_err(|error| format!("{}: {error}", path.display()))?;
    estimates["median"]["point_estimate"].as_f64().ok_or_else(|| format!("{} has no median", path.display()))
}
