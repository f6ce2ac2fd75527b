//! The shortest code that an expert would write: a map of flags, a set of targets, a seeded hash of the unit.

use std::collections::{HashMap, HashSet};

use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::{xxh3_64, xxh3_64_with_seed};

use crate::case::{SHARE, Set};
use crate::contender::{Contender, Told};

/// Flags by key.
pub struct ByHand(HashMap<String, Flag>);

struct Flag {
    seed: u64,
    share: u64,
    targets: HashSet<String>,
}

#[derive(Serialize, Deserialize)]
struct Document {
    flags: HashMap<String, Written>,
    segments: Vec<Vec<String>>,
}

#[derive(Serialize, Deserialize)]
struct Written {
    percent: u64,
    targets: Vec<String>,
    segment: Option<usize>,
}

impl ByHand {
    fn is_on(&self, key: &str, unit: &str) -> bool {
        let Some(flag) = self.0.get(key) else { return false };
        flag.targets.contains(unit) || xxh3_64_with_seed(unit.as_bytes(), flag.seed) % 100_000 < flag.share
    }
}

impl Contender for ByHand {
    type Context = String;

    fn document(set: &Set) -> String {
        let flag = |flag: &crate::case::Flag| {
            let percent = (SHARE * 100.0) as u64;
            (flag.key.clone(), Written { percent, targets: flag.targets.clone(), segment: flag.segment })
        };
        let document = Document { flags: set.flags.iter().map(flag).collect(), segments: set.segments.clone() };
        serde_json::to_string(&document).expect("it is only texts and numbers")
    }

    /// A segment's units become targets.
    fn load(document: &str) -> Self {
        let Document { flags, segments } = serde_json::from_str(document).expect("it was just written");
        let flag = |(key, written): (String, Written)| {
            let segment = written.segment.map(|number| &segments[number]).into_iter().flatten().cloned();
            let targets = written.targets.into_iter().chain(segment).collect();
            let flag = Flag { seed: xxh3_64(key.as_bytes()), share: written.percent * 1_000, targets };
            (key, flag)
        };
        Self(flags.into_iter().map(flag).collect())
    }

    fn context(unit: String) -> String {
        unit
    }

    #[inline]
    fn is_on(&self, flag: &str, context: &String) -> bool {
        self.is_on(flag, context)
    }

    fn tell(&self, flag: &str, context: &String) -> Told {
        Told { on: self.is_on(flag, context), variant: None, reason: None, metadata: None }
    }
}
