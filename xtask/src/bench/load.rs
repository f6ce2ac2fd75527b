//! The time, the instructions and the allocations of a load, from the benchmarks' own workspace.

use std::collections::BTreeMap;

use super::callgrind::instructions;
use super::chart::{Bars, Scale};
use super::contenders::{CONTENDERS, Contender, version};
use super::section::{Chart, Figure, Quantity, Section, Table};
use super::{BY_HAND, budgets, printed, ratio};

/// What one load of a contender takes.
struct Cost {
    contender: &'static Contender,
    nanoseconds: f64,
    instructions: Option<u64>,
    allocations: u64,
    bytes: u64,
}

/// Runs the program that times, under valgrind as well, and the one that counts.
pub(super) fn measure() -> Result<Section, String> {
    let (timed, counted) = (printed("times")?, printed("allocations")?);
    let times: BTreeMap<_, _> = timed.lines().filter_map(time).collect();
    let counts: BTreeMap<_, _> = counted.lines().filter_map(count).collect();
    let mut costs = Vec::new();
    for contender in CONTENDERS {
        let name = contender.name;
        let (allocations, bytes) = *counts.get(name).ok_or_else(|| format!("{name} was not counted"))?;
        costs.push(Cost {
            contender,
            nanoseconds: *times.get(name).ok_or_else(|| format!("{name} was not timed"))?,
            instructions: instructions("times", &["repeat", name], (10, 60))?,
            allocations,
            bytes,
        });
    }
    let by_hand = costs[0].nanoseconds;
    let allocated = costs.iter().map(|cost| figure(cost, Quantity::Allocations, cost.allocations as f64));
    let figures = costs.iter().map(|cost| figure(cost, Quantity::Load, cost.nanoseconds)).chain(allocated).collect();
    Ok(Section {
        title: "Load",
        about: "The configuration of the first reference system, from memory: 51 leaves, a JSON and a TOML document, 12
variables among 72, 2 overrides. \"By hand\" is serde_json, toml, `Option` structs and a line for each variable. A test asserts
that all contenders load the same values. They take turns, and the least of 400 times counts, since others use the machine, too;
allocations are of one load, a reallocation counted as one; instructions are callgrind's. `cargo bench` in `crates/bench` shows
the spread of the times.",
        charts: vec![
            bars("load", "Time of a load, by hand = 1", "ratio, logarithmic", 1.0, &costs, |cost| {
                (cost.nanoseconds / by_hand, ratio(cost.nanoseconds, by_hand))
            }),
            bars("allocations", "Allocations of a load", "allocations, logarithmic", budgets::ALLOCATIONS, &costs, |cost| {
                (cost.allocations as f64, cost.allocations.to_string())
            }),
        ],
        tables: vec![costs_table(&costs), peers_table()?],
        figures,
    })
}

fn figure(cost: &Cost, quantity: Quantity, value: f64) -> Figure {
    Figure { quantity, contender: cost.contender.title, value }
}

fn bars(
    name: &'static str,
    title: &'static str,
    axis: &'static str,
    target: f64,
    costs: &[Cost],
    row: impl Fn(&Cost) -> (f64, String),
) -> Chart {
    let rows = costs.iter().map(|cost| {
        let (value, label) = row(cost);
        (cost.contender.title, value, label)
    });
    Chart::Bars(Bars { name, title, axis, scale: Scale::Log, target, rows: rows.collect() })
}

fn costs_table(costs: &[Cost]) -> Table {
    let by_hand = costs[0].nanoseconds;
    let rows = costs.iter().map(|cost| {
        vec![
            cost.contender.title.to_owned(),
            format!("{:.1}", cost.nanoseconds / 1000.0),
            ratio(cost.nanoseconds, by_hand),
            cost.instructions.map_or("-".to_owned(), |count| count.to_string()),
            cost.allocations.to_string(),
            cost.bytes.to_string(),
            cost.contender.origin.to_owned(),
        ]
    });
    let head = [
        "contender",
        "µs",
        "by hand = 1",
        "instructions",
        "allocations",
        "bytes allocated",
        "keeps the origin of a value",
    ];
    Table::new(&head, rows.collect())
}

/// The peers with their versions, and where they do not do the same.
fn peers_table() -> Result<Table, String> {
    let peers = CONTENDERS.iter().filter(|contender| !contender.differs.is_empty());
    let rows = peers.map(|peer| Ok(vec![peer.title.to_owned(), version(peer.title)?, peer.differs.to_owned()]));
    let mut table = Table::new(&["peer", "version", "how it differs"], rows.collect::<Result<_, String>>()?);
    table.below = format!(
        "Each peer is built with only the features that the load needs, and written as its own documentation shows. What it cannot
check itself, it checks with the code of \"{BY_HAND}\". All are one program, so that serde_json has `preserve_order`, which
schematic asks for."
    );
    Ok(table)
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
