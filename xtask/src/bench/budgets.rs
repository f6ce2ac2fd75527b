//! What the work may cost, and whether it does.

use super::section::{Figure, Quantity, Section, Table};
use super::{BY_HAND, OURS};

struct Budget {
    work: &'static str,
    quantity: Quantity,
    target: Target,
    /// How a value is told.
    tell: fn(f64) -> String,
}

enum Target {
    /// No more than by hand.
    ByHand,
    AtMost(f64),
}

/// kB over an empty program.
pub(super) const SIZE: f64 = 200.0;

/// Allocations of a load.
pub(super) const ALLOCATIONS: f64 = 42.0;

const BUDGETS: &[Budget] = &[
    Budget {
        work: "load of 51 leaves, µs",
        quantity: Quantity::Load,
        target: Target::ByHand,
        tell: |nanoseconds| format!("{:.1}", nanoseconds / 1000.0),
    },
    Budget {
        work: "its allocations",
        quantity: Quantity::Allocations,
        target: Target::AtMost(ALLOCATIONS),
        tell: whole,
    },
    Budget {
        work: "growth of a load from 100 to 10,000 leaves, as a power of their number",
        quantity: Quantity::Growth,
        target: Target::AtMost(1.1),
        tell: hundredths,
    },
    Budget {
        work: "size over an empty program, kB",
        quantity: Quantity::Size,
        target: Target::AtMost(SIZE),
        tell: whole,
    },
    Budget { work: "crates to build", quantity: Quantity::Crates, target: Target::AtMost(17.0), tell: whole },
    Budget {
        work: "clean release build, CPU seconds",
        quantity: Quantity::Build,
        target: Target::AtMost(17.0),
        tell: |seconds| format!("{seconds:.1}"),
    },
    Budget {
        work: "derive on 1,000 leaves, `check`, CPU seconds (by hand: `Deserialize`)",
        quantity: Quantity::DeriveCheck,
        target: Target::ByHand,
        tell: hundredths,
    },
    Budget { work: "the same, `build`", quantity: Quantity::DeriveBuild, target: Target::ByHand, tell: hundredths },
    Budget {
        work: "flag by name, 25 % split, ns",
        quantity: Quantity::FlagSplit,
        target: Target::ByHand,
        tell: tenths,
    },
    Budget {
        work: "flag by name, 100 targets and a 25 % split, ns",
        quantity: Quantity::FlagTargets,
        target: Target::ByHand,
        tell: tenths,
    },
    Budget {
        work: "allocations of either",
        quantity: Quantity::FlagAllocations,
        target: Target::AtMost(0.0),
        tell: tenths,
    },
];

fn whole(value: f64) -> String {
    format!("{value:.0}")
}

fn tenths(value: f64) -> String {
    format!("{value:.1}")
}

fn hundredths(value: f64) -> String {
    format!("{value:.2}")
}

/// The budgets of what was measured.
pub(super) fn section(figures: &[&Figure]) -> Section {
    let rows = BUDGETS.iter().filter_map(|budget| budget.row(figures)).collect();
    let head = ["work", "target", OURS, BY_HAND, "best peer", "met"];
    Section {
        title: "Budgets",
        about: "What the work may cost, and what it costs; where the figures come from is told below.",
        charts: vec![],
        tables: vec![Table::new(&head, rows)],
        figures: vec![],
    }
}

impl Budget {
    /// Its row, where it was measured.
    fn row(&self, figures: &[&Figure]) -> Option<Vec<String>> {
        let found = || figures.iter().filter(|figure| figure.quantity == self.quantity);
        let of = |contender: &str| found().find(|figure| figure.contender == contender).map(|figure| figure.value);
        let (ours, by_hand) = (of(OURS)?, of(BY_HAND)?);
        let peers = found().filter(|figure| ![OURS, BY_HAND].contains(&figure.contender));
        let best = peers.min_by(|a, b| a.value.total_cmp(&b.value));
        let (target, most) = match self.target {
            Target::ByHand => ("by hand".to_owned(), by_hand),
            Target::AtMost(most) => ((self.tell)(most), most),
        };
        let met = if ours <= most { "yes".to_owned() } else { format!("no, {:.2}x", ours / most) };
        Some(vec![
            self.work.to_owned(),
            format!("at most {target}"),
            (self.tell)(ours),
            (self.tell)(by_hand),
            best.map_or("-".to_owned(), |best| format!("{} ({})", (self.tell)(best.value), best.contender)),
            met,
        ])
    }
}
