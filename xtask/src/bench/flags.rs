//! The time, the instructions and the allocations of a flag's evaluation, and a large set's load, from the benchmarks'
//! own workspace.

use std::collections::BTreeMap;

use super::callgrind::instructions;
use super::chart::{Bars, Scale};
use super::contenders::version;
use super::section::{Chart, Figure, Quantity, Section, Table};
use super::{BY_HAND, OURS, printed_of, ratio};

/// The manifest of the programs that measure flags.
const MANIFEST: &str = "crates/bench/flags/Cargo.toml";

/// A way to evaluate flags.
struct Contender {
    /// Its name in `crates/bench/flags`.
    name: &'static str,
    title: &'static str,
    /// What its answer tells.
    answer: &'static str,
    /// Its crate, where it is a peer, and what a reader should know of it.
    peer: Option<(&'static str, &'static str)>,
}

/// The first is what the others are compared with.
const CONTENDERS: &[Contender] = &[
    Contender { name: "by_hand", title: BY_HAND, answer: "value", peer: None },
    Contender { name: "ours", title: OURS, answer: "value, variant, reason, why, bucket, metadata", peer: None },
    Contender {
        name: "unleash",
        title: "Unleash",
        answer: "value",
        peer: Some((
            "unleash-yggdrasil",
            "its answers tell no reason; a variant would cost a second look and its name's copy",
        )),
    },
    Contender {
        name: "launchdarkly",
        title: "LaunchDarkly",
        answer: "value, variation, reason",
        peer: Some((
            "launchdarkly-server-sdk-evaluation",
            "the flag is borrowed from a map by hand, where the client's own store gives out copies; targets are a list",
        )),
    },
    Contender {
        name: "growthbook",
        title: "GrowthBook",
        answer: "value, source",
        peer: Some((
            "growthbook-rust",
            "the targets are a condition on `id`; attributes are copied in each evaluation",
        )),
    },
    Contender {
        name: "flagd",
        title: "flagd",
        answer: "value, variant, reason, metadata",
        peer: Some((
            "flagd-evaluation-engine",
            "called as its provider calls it: the rule is written, parsed and compiled in each evaluation; without the provider's \
             lock and its copy of the flag",
        )),
    },
];

/// What is evaluated, by its name in the programs.
const CASES: [&str; 3] = ["split", "targets", "large"];

/// Those that are counted and judged as well.
const JUDGED: [&str; 2] = ["split", "targets"];

type Costs<'t> = BTreeMap<(&'t str, &'t str), Vec<f64>>;

/// Runs the programs that time, under valgrind as well, that count, and that load.
pub(super) fn measure() -> Result<Section, String> {
    let run = |program| printed_of(MANIFEST, program);
    let (timed, counted, loaded) = (run("flag_times")?, run("flag_counts")?, run("flag_load")?);
    let (times, counts) = (costs(&timed), costs(&counted));
    let mut rows = Vec::new();
    let mut figures = Vec::new();
    for contender in CONTENDERS {
        let time = |case| first(&times, contender.name, case);
        let allocations = |case| first(&counts, contender.name, case);
        let mut row = vec![contender.title.to_owned()];
        for case in CASES {
            row.push(format!("{:.1}", time(case)?));
            row.push(ratio(time(case)?, first(&times, "by_hand", case)?));
        }
        for case in JUDGED {
            let count = instructions("flag_times", &["repeat", contender.name, case], (1_024, 5_120))?;
            row.push(count.map_or("-".to_owned(), |count| count.to_string()));
        }
        for case in JUDGED {
            row.push(format!("{:.1}", allocations(case)?));
        }
        row.push(contender.answer.to_owned());
        rows.push(row);
        let most = allocations("split")?.max(allocations("targets")?);
        let of = |quantity, value| Figure { quantity, contender: contender.title, value };
        figures.push(of(Quantity::FlagSplit, time("split")?));
        figures.push(of(Quantity::FlagTargets, time("targets")?));
        figures.push(of(Quantity::FlagAllocations, most));
    }
    let head = [
        "contender",
        "split, ns",
        "by hand = 1",
        "with targets, ns",
        "by hand = 1",
        "one of 10,000, ns",
        "by hand = 1",
        "split, instructions",
        "with targets",
        "split, allocations",
        "with targets",
        "its answer tells",
    ];
    let charts = vec![
        chart("flag-split", "A flag with a 25 % split", "split", &times)?,
        chart("flag-targets", "A flag with 100 targets and a 25 % split", "targets", &times)?,
    ];
    Ok(Section {
        title: "Flags",
        about: "One evaluation of a boolean flag that is on for 25 % of all units, by its name, in a set of 52; the same for a flag that
has 100 targets as well; and one of 10,000 flags, each time another, with a rule for one of 10,000 segments of ten units before the
share. 4,096 units are asked about in turn, every sixteenth a target of the second flag; their contexts are made before. \"By hand\" is a `HashMap` of flags, a
`HashSet` of targets (a segment's units among them) and a seeded xxh3 of the unit. A test asserts that every contender serves
all targets and, of the others, 25 % within 3 %. They take turns, and the least of up to 200 times counts; allocations and
instructions are the mean of many units. `cargo bench` in `crates/bench/flags` shows the spread of the times.",
        charts,
        tables: vec![Table::new(&head, rows), peers_table()?, load_table(&loaded)?],
        figures,
    })
}

fn chart(name: &'static str, title: &'static str, case: &str, times: &Costs<'_>) -> Result<Chart, String> {
    let by_hand = first(times, "by_hand", case)?;
    let row = |contender: &Contender| {
        let time = first(times, contender.name, case)?;
        Ok((contender.title, time / by_hand, ratio(time, by_hand)))
    };
    let rows = CONTENDERS.iter().map(row).collect::<Result<_, String>>()?;
    Ok(Chart::Bars(Bars { name, title, axis: "by hand = 1, logarithmic", scale: Scale::Log, target: 1.0, rows }))
}

fn peers_table() -> Result<Table, String> {
    let peers = CONTENDERS.iter().filter_map(|contender| contender.peer.map(|peer| (contender.title, peer)));
    let row = |(title, (name, differs)): (&str, (&str, &str))| {
        Ok(vec![title.to_owned(), format!("{name} {}", version(name)?), differs.to_owned()])
    };
    Ok(Table::new(&["peer", "crate and version", "how it differs"], peers.map(row).collect::<Result<_, String>>()?))
}

/// What loading the large set takes.
fn load_table(told: &str) -> Result<Table, String> {
    let title = |name: &str| match name {
        "ours_same" => Some("strata-config: the next set, nothing changed"),
        "ours_change" => Some("strata-config: the next set, one flag changed"),
        _ => CONTENDERS.iter().find(|contender| contender.name == name).map(|contender| contender.title),
    };
    let row = |line: &str| {
        let mut words = line.split(' ');
        let mut row = vec![title(words.next()?)?.to_owned(), format!("{:.1}", words.next()?.parse::<f64>().ok()?)];
        for _ in 0..2 {
            row.push(format!("{:.1}", words.next()?.parse::<f64>().ok()? / 1000.0));
        }
        Some(row)
    };
    let rows = told.lines().map(|line| row(line).ok_or_else(|| format!("flag_load told `{line}`")));
    let rows = rows.collect::<Result<_, String>>()?;
    let mut table = Table::new(&["10,000 flags and 10,000 segments", "ms", "peak, MB", "kept, MB"], rows);
    table.below = "From each contender's own JSON in memory to a set that answers, the least of five; memory is what the allocator
gave out besides the document. The next set is made from definitions that are shared with the one before, the copy of their
list included; what it keeps is what it does not share. Ours checks meanwhile that every name exists, that no flag asks itself,
and that every value is of its flag's type."
        .to_owned();
    Ok(table)
}

/// Lines of `NAME CASE NUMBER…`.
fn costs(told: &str) -> Costs<'_> {
    let line = |line| {
        let mut words = str::split(line, ' ');
        Some(((words.next()?, words.next()?), words.filter_map(|word| word.parse().ok()).collect()))
    };
    told.lines().filter_map(line).collect()
}

fn first(costs: &Costs<'_>, name: &str, case: &str) -> Result<f64, String> {
    let found = costs.get(&(name, case)).and_then(|numbers| numbers.first().copied());
    found.ok_or_else(|| format!("{name} was not measured: {case}"))
}
