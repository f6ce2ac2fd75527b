//! GrowthBook's hashes and bucket ranges. A namespace is a split of version 1, salted `__name`, with one range.
//!
//! Source: growthbook/growthbook, `packages/sdk-js/src/util.ts` (`hash`, `getBucketRanges`, `chooseVariation`,
//! `inNamespace`) and `core.ts` (`isIncludedInRollout`). Texts are hashed as UTF-8, as its SDK for
//! Go does (`hash.go`); the JavaScript one hashes UTF-16 units, Python's code points, which is the same for ASCII.

use super::fnv::Fnv;
use super::unit::Unit;

/// GrowthBook's `hashVersion`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Version {
    One,
    Two,
}

/// A seed with its hash prepared where the version begins with it.
#[derive(Clone, Debug)]
pub(crate) struct Seed {
    version: Version,
    seed: Box<str>,
    prefix: Fnv,
}

impl Seed {
    pub(crate) fn new(version: Version, seed: &str) -> Self {
        Self { version, seed: seed.into(), prefix: Fnv::new().feed(seed.as_bytes()) }
    }

    /// A unit's place: steps out of so many, which are 1,000 or 10,000.
    pub(crate) fn hash(&self, unit: &(impl Unit + ?Sized)) -> (u32, u32) {
        match self.version {
            Version::One => {
                let hash = unit.feed(Fnv::new(), Fnv::feed);
                (hash.feed(self.seed.as_bytes()).finish() % 1000, 1000)
            }
            Version::Two => {
                let inner = unit.feed(self.prefix, Fnv::feed).finish();
                (Fnv::new().feed_decimal(inner).finish() % 10_000, 10_000)
            }
        }
    }
}

/// From where to where, of 0 to 1, each variation reaches. A coverage shortens every range at its end, so that more
/// of it adds units and swaps none. Weights that are missing, too many, or do not add up to 1 (within 0.01) become
/// equal ones; a coverage beyond 0 to 1 is moved to the nearer end.
pub(crate) fn bucket_ranges(variations: usize, coverage: f64, weights: Option<&[f64]>) -> Box<[(f64, f64)]> {
    let coverage = if coverage.is_nan() { 1.0 } else { coverage }.clamp(0.0, 1.0);
    let weights = weights.filter(|weights| {
        let sum: f64 = weights.iter().sum();
        weights.len() == variations && (0.99..=1.01).contains(&sum)
    });
    let mut end = 0.0;
    (0..variations)
        .map(|index| {
            let weight =
                weights.and_then(|weights| weights.get(index).copied()).unwrap_or_else(|| 1.0 / variations as f64);
            let start = end;
            end += weight;
            (start, start + coverage * weight)
        })
        .collect()
}

/// The first range that holds the number: its start belongs to it, its end does not.
pub(crate) fn choose_variation(number: f64, ranges: &[(f64, f64)]) -> Option<usize> {
    ranges.iter().position(|(start, end)| number >= *start && number < *end)
}
