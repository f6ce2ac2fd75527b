//! How the time of a load grows with the leaves, from the benchmarks' own workspace.

use super::chart::{Line, Lines};
use super::contenders::CONTENDERS;
use super::printed;
use super::section::{Chart, Figure, Quantity, Section, Table};

/// Runs the program that times loads of several sizes.
pub(super) fn measure() -> Result<Section, String> {
    let told = printed("growth")?;
    let times: Vec<_> = told.lines().filter_map(time).collect();
    let lines: Vec<Line> = CONTENDERS
        .iter()
        .filter_map(|contender| {
            let of_it = times.iter().filter(|(name, ..)| *name == contender.name);
            let points: Vec<_> = of_it.map(|(_, leaves, nanoseconds)| (*leaves, nanoseconds / 1000.0)).collect();
            (!points.is_empty()).then_some(Line { contender: contender.title, points })
        })
        .collect();
    let first = lines.first().ok_or("nothing was timed")?;
    let sizes = first.points.iter().map(|(leaves, _)| format!("{leaves} leaves"));
    let head = ["contender".to_owned()].into_iter().chain(sizes).chain(["power".to_owned()]).collect();
    let rows = lines.iter().map(|line| {
        let each = line.points.iter().map(|(leaves, microseconds)| format!("{:.0}", 1000.0 * microseconds / leaves));
        let power = format!("{:.2}", power(line));
        [line.contender.to_owned()].into_iter().chain(each).chain([power]).collect()
    });
    let table = Table { head, rows: rows.collect(), below: String::new() };
    let figures =
        lines.iter().map(|line| Figure { quantity: Quantity::Growth, contender: line.contender, value: power(line) });
    Ok(Section {
        title: "Growth",
        about: "Nanoseconds for each leaf of a load from memory, the least of 30 turns: a JSON document sets every leaf, a TOML document one
in ten again. Ten leaves make a section, ten sections 100 leaves, and so on, so that every leaf is a field with a path of its own.
The power is that of the leaves with which the time grows from the smallest to the largest: 1 is linear. Those peers take part that
read both from memory, and whose derives take structs written by a macro.",
        figures: figures.collect(),
        tables: vec![table],
        charts: vec![Chart::Lines(Lines {
            name: "growth",
            title: "Time of a load as a configuration grows",
            axes: ("leaves", "microseconds"),
            lines,
        })],
    })
}

/// The power of the leaves with which the time grows, from the first to the last.
fn power(line: &Line) -> f64 {
    let (first, last) = (line.points[0], line.points[line.points.len() - 1]);
    (last.1 / first.1).ln() / (last.0 / first.0).ln()
}

/// A line of the program: `NAME LEAVES NANOSECONDS`.
fn time(line: &str) -> Option<(&str, f64, f64)> {
    let mut words = line.split(' ');
    Some((words.next()?, words.next()?.parse().ok()?, words.next()?.parse().ok()?))
}
