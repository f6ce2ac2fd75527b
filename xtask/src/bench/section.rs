//! What a measure gives: tables and charts for the page, figures for the budgets.

use std::fmt;

use super::chart::{Bars, Lines};

/// One chapter of the page.
pub(super) struct Section {
    pub(super) title: &'static str,
    /// What was done, and how to read the figures.
    pub(super) about: &'static str,
    pub(super) charts: Vec<Chart>,
    pub(super) tables: Vec<Table>,
    pub(super) figures: Vec<Figure>,
}

/// Rows below a head.
pub(super) struct Table {
    pub(super) head: Vec<String>,
    pub(super) rows: Vec<Vec<String>>,
    /// What the reader should know of single cells.
    pub(super) below: String,
}

pub(super) enum Chart {
    Bars(Bars),
    Lines(Lines),
}

/// One value that a budget judges.
pub(super) struct Figure {
    pub(super) quantity: Quantity,
    pub(super) contender: &'static str,
    pub(super) value: f64,
}

#[derive(Clone, Copy, PartialEq)]
pub(super) enum Quantity {
    /// Nanoseconds of a load.
    Load,
    /// Allocations of a load.
    Allocations,
    /// The power of the leaves with which the time of a load grows.
    Growth,
    /// kB over an empty program.
    Size,
    /// Crates to build.
    Crates,
    /// Processor seconds of a clean release build.
    Build,
    /// Processor seconds of a derive under `cargo check`.
    DeriveCheck,
    /// Processor seconds of a derive under `cargo build`.
    DeriveBuild,
    /// Nanoseconds of evaluating a flag with a share.
    FlagSplit,
    /// Nanoseconds of evaluating a flag with targets and a share.
    FlagTargets,
    /// Allocations of either.
    FlagAllocations,
}

impl Table {
    pub(super) fn new(head: &[&str], rows: Vec<Vec<String>>) -> Self {
        Self { head: head.iter().map(|&cell| cell.to_owned()).collect(), rows, below: String::new() }
    }
}

impl Chart {
    pub(super) fn name(&self) -> &'static str {
        match self {
            Self::Bars(bars) => bars.name,
            Self::Lines(lines) => lines.name,
        }
    }

    pub(super) fn svg(&self) -> String {
        match self {
            Self::Bars(bars) => bars.svg(),
            Self::Lines(lines) => lines.svg(),
        }
    }

    fn title(&self) -> &'static str {
        match self {
            Self::Bars(bars) => bars.title,
            Self::Lines(lines) => lines.title,
        }
    }
}

impl fmt::Display for Section {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "## {}\n\n{}", self.title, self.about)?;
        for chart in &self.charts {
            write!(f, "\n![{}](performance/{}.svg)\n", chart.title(), chart.name())?;
        }
        self.tables.iter().try_for_each(|table| write!(f, "\n{table}"))
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let line = |cells: &[String]| format!("| {} |\n", cells.join(" | "));
        writeln!(f, "{}|{}", line(&self.head), "---|".repeat(self.head.len()))?;
        self.rows.iter().try_for_each(|row| f.write_str(&line(row)))?;
        if self.below.is_empty() { Ok(()) } else { write!(f, "\n{}\n", self.below) }
    }
}
