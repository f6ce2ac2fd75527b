//! What every contender is given: the flags, the segments, and the units to evaluate them for.

use std::sync::LazyLock;

/// How many units are asked about, so that no branch is learnt by heart.
pub const UNITS: usize = 4_096;

/// The share of all units that every flag is on for.
pub const SHARE: f64 = 0.25;

/// Every sixteenth unit is one of a flag's targets, or of its segment.
const TARGET_EVERY: usize = 16;

/// The targets of the flag that has some.
const TARGETS: usize = 100;

/// Flags besides the two that are measured.
const OTHERS: usize = 50;

/// Flags and segments of the large set.
pub const LARGE: usize = 10_000;

/// The units of each segment.
const SEGMENT: usize = 10;

/// The metadata `owner` of every flag.
pub const OWNER: &str = "checkout";

/// A flag, as all contenders know one: on for its targets, its segment and a share of everybody.
pub struct Flag {
    pub key: String,
    pub targets: Vec<String>,
    /// The number of a segment.
    pub segment: Option<usize>,
}

/// Flags, and segments with their units.
pub struct Set {
    pub flags: Vec<Flag>,
    pub segments: Vec<Vec<String>>,
}

/// What is evaluated.
#[derive(Clone, Copy, PartialEq)]
pub enum Case {
    /// A share, in a small set.
    Split,
    /// Targets and a share, in a small set.
    Targets,
    /// A rule for a segment and a share, each time another of many flags.
    Large,
}

impl Case {
    pub const SMALL: [Self; 2] = [Self::Split, Self::Targets];

    pub const ALL: [Self; 3] = [Self::Split, Self::Targets, Self::Large];

    pub fn name(self) -> &'static str {
        match self {
            Self::Split => "split",
            Self::Targets => "targets",
            Self::Large => "large",
        }
    }

    /// The flag that the unit of this number is asked about.
    pub fn flag(self, unit: usize) -> &'static str {
        static KEYS: LazyLock<Vec<String>> = LazyLock::new(|| (0..LARGE).map(large_key).collect());
        match self {
            Self::Split => "new-checkout",
            Self::Targets => "beta-checkout",
            // A prime goes through all of them, and never to a neighbour.
            Self::Large => &KEYS[unit * 7_919 % LARGE],
        }
    }

    /// Whether the unit is one of the flag's targets.
    pub fn is_target(self, unit: usize) -> bool {
        self == Self::Targets && unit.is_multiple_of(TARGET_EVERY)
    }

    /// The set that it is evaluated in.
    pub fn set(self) -> Set {
        if self == Self::Large { large() } else { small() }
    }
}

/// The units to ask about, every sixteenth of them a target.
pub fn units() -> Vec<String> {
    let unit = |number: usize| match number % TARGET_EVERY {
        0 => target(number / TARGET_EVERY % TARGETS),
        _ => format!("user-{number:06}"),
    };
    (0..UNITS).map(unit).collect()
}

fn target(number: usize) -> String {
    format!("target-{number}")
}

fn large_key(number: usize) -> String {
    format!("large-flag-{number:05}")
}

/// The two flags that are measured, among others.
pub fn small() -> Set {
    let flag = |key: &str, targets| Flag { key: key.to_owned(), targets, segment: None };
    let others = (0..OTHERS).map(|number| flag(&format!("flag-{number}"), Vec::new()));
    let split = flag(Case::Split.flag(0), Vec::new());
    let targets = flag(Case::Targets.flag(0), (0..TARGETS).map(target).collect());
    Set { flags: others.chain([split, targets]).collect(), segments: Vec::new() }
}

/// As many segments as flags, each flag with one of them.
pub fn large() -> Set {
    let flag = |number| Flag { key: large_key(number), targets: Vec::new(), segment: Some(LARGE - 1 - number) };
    let unit = |segment: usize| (0..SEGMENT).map(move |number| format!("user-{:06}", segment * 13 + number * 101));
    Set { flags: (0..LARGE).map(flag).collect(), segments: (0..LARGE).map(|segment| unit(segment).collect()).collect() }
}
