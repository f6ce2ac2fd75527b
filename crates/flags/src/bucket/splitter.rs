//! A split, prepared when a flag is compiled: a unit in, its bucket and variant out, without allocation.

use super::growthbook::{Seed, Version, bucket_ranges, choose_variation};
use super::murmur::Murmur;
use super::unit::Unit;
use super::weights::{self, Table};
use super::{Algorithm, BUCKETS, flagd, legacy, unleash};

/// What a split is made of.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Shares<'a> {
    pub(crate) algorithm: Algorithm,
    /// GrowthBook's seed, Unleash's group, the prefix that flagd puts before a unit.
    pub(crate) salt: &'a str,
    /// Salts the choice where it is not the algorithm's own way from `salt`: Unleash's variants of a flag, whose group
    /// is the flag, behind a rollout with another group. GrowthBook and `legacy-md5` hash once and ignore it.
    pub(crate) choice_salt: Option<&'a str>,
    /// How many of 100,000 are in; more counts as all.
    pub(crate) coverage: u32,
    /// Variants by index with their weights, in an order that is kept: a unit's place is counted along it.
    pub(crate) weights: &'a [(u32, u32)],
    /// GrowthBook's explicit ranges, one for each of `weights` in order, whose numbers they replace.
    pub(crate) ranges: Option<&'a [(f64, f64)]>,
}

/// Where a unit stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Placement {
    /// From 0 to 99,999: the number that decided about inclusion. flagd has no inclusion of its own: where a split
    /// covers all, it is the number that chose.
    pub(crate) bucket: u32,
    /// The variant's index; none for a unit that coverage leaves out, or where nothing has weight.
    pub(crate) variant: Option<u32>,
}

/// A prepared split.
#[derive(Clone, Debug)]
pub(crate) struct Splitter {
    coverage: u32,
    rule: Rule,
}

#[derive(Clone, Debug)]
enum Rule {
    Native { include: Murmur, choose: Murmur, choice: Choice },
    FlagdV2 { include: Murmur, choose: Murmur, table: flagd::Percentages },
    FlagdV3 { include: Murmur, choose: Murmur, table: Table },
    Unleash { include: Murmur, choose: Murmur, choice: Choice, sum: u64 },
    GrowthBook { seed: Seed, reach: Reach },
    LegacyMd5 { table: Table, sum: u64 },
}

/// A choice that hashes only where there is one.
#[derive(Clone, Debug)]
enum Choice {
    Single(u32),
    Several(Table),
}

impl Choice {
    fn new(table: Table) -> Self {
        match table.single() {
            Some(variant) => Self::Single(variant),
            None => Self::Several(table),
        }
    }
}

/// How GrowthBook decides: a forced value by its coverage, an experiment by ranges.
#[derive(Clone, Debug)]
enum Reach {
    Coverage(f64, u32),
    Ranges(Box<[(f64, f64)]>, Box<[u32]>),
}

/// A share of one variant by `native-1`.
#[derive(Clone, Debug)]
pub(crate) struct OneShare {
    include: Murmur,
    coverage: u32,
    pub(crate) variant: u32,
}

impl OneShare {
    /// A unit's bucket, and whether it is in.
    #[inline]
    pub(crate) fn place(&self, unit: &str) -> (u32, bool) {
        let bucket = native_bucket(self.include.feed(unit.as_bytes()).finish());
        (bucket, bucket < self.coverage)
    }
}

impl Splitter {
    pub(crate) fn new(shares: Shares<'_>) -> Self {
        let Shares { salt, weights, .. } = shares;
        let coverage = shares.coverage.min(BUCKETS);
        let choice_salt = shares.choice_salt.unwrap_or(salt);
        let native = salted(0, &[salt, ":"]);
        let rule = match shares.algorithm {
            Algorithm::Native1 => Rule::Native {
                include: native,
                choose: shares.choice_salt.map_or(salted(0, &[salt, "/variant:"]), |own| salted(0, &[own, ":"])),
                choice: Choice::new(Table::of_hashes(weights)),
            },
            Algorithm::FlagdV2 => Rule::FlagdV2 {
                include: native,
                choose: salted(0, &[choice_salt]),
                table: flagd::Percentages::new(weights),
            },
            Algorithm::FlagdV3 => {
                Rule::FlagdV3 { include: native, choose: salted(0, &[choice_salt]), table: Table::of_hashes(weights) }
            }
            Algorithm::Unleash => Rule::Unleash {
                include: native,
                choose: salted(unleash::VARIANT_SEED, &[choice_salt, ":"]),
                choice: Choice::new(Table::cumulative(weights)),
                sum: weights::sum(weights),
            },
            Algorithm::GrowthBook1 => Rule::GrowthBook {
                seed: Seed::new(Version::One, salt),
                reach: Reach::new(coverage, weights, shares.ranges),
            },
            Algorithm::GrowthBook2 => Rule::GrowthBook {
                seed: Seed::new(Version::Two, salt),
                reach: Reach::new(coverage, weights, shares.ranges),
            },
            Algorithm::LegacyMd5 => Rule::LegacyMd5 { table: Table::cumulative(weights), sum: weights::sum(weights) },
        };
        Self { coverage, rule }
    }

    /// Its whole meaning, where it is a share of one variant: the commonest split, and the quickest.
    pub(crate) fn share(&self) -> Option<OneShare> {
        match &self.rule {
            Rule::Native { include, choice: Choice::Single(variant), .. } => {
                Some(OneShare { include: *include, coverage: self.coverage, variant: *variant })
            }
            _ => None,
        }
    }

    /// Places a unit: a text, or [`Joined`](super::Joined) parts.
    #[inline]
    pub(crate) fn place(&self, unit: &(impl Unit + ?Sized)) -> Placement {
        let Rule::Native { include, choose, choice } = &self.rule else {
            return self.place_otherwise(unit);
        };
        match choice {
            // Where all are in, all are chosen for, and hashing both at once is cheaper than one after the other.
            Choice::Several(table) if self.coverage == BUCKETS => {
                let [include, choose] = unit.feed([*include, *choose], Murmur::feed_both);
                Placement { bucket: native_bucket(include.finish()), variant: table.find(u64::from(choose.finish())) }
            }
            _ => {
                let bucket = native_bucket(unit.feed(*include, Murmur::feed).finish());
                let choose = || match choice {
                    Choice::Single(variant) => Some(*variant),
                    Choice::Several(table) => table.find(u64::from(unit.feed(*choose, Murmur::feed).finish())),
                };
                let variant = if bucket < self.coverage { choose() } else { None };
                Placement { bucket, variant }
            }
        }
    }

    #[inline(never)]
    fn place_otherwise(&self, unit: &(impl Unit + ?Sized)) -> Placement {
        let hash = |prefix: &Murmur| unit.feed(*prefix, Murmur::feed).finish();
        match &self.rule {
            Rule::Native { .. } => self.place(unit),
            Rule::FlagdV2 { include, choose, table } => {
                self.place_flagd(hash(choose), || hash(include), |hash| table.find(hash), flagd::percentage_bucket)
            }
            Rule::FlagdV3 { include, choose, table } => {
                self.place_flagd(hash(choose), || hash(include), |hash| table.find(u64::from(hash)), native_bucket)
            }
            Rule::Unleash { include, choose, choice, sum } => {
                let (included, bucket) = unleash::include(hash(include), self.coverage);
                let choose = || match choice {
                    Choice::Single(variant) => Some(*variant),
                    Choice::Several(table) => table.find(u64::from(hash(choose)).checked_rem(*sum)?),
                };
                let variant = included.then(choose).flatten();
                Placement { bucket, variant }
            }
            Rule::GrowthBook { seed, reach } => {
                let (step, steps) = seed.hash(unit);
                Placement { bucket: step * (BUCKETS / steps), variant: reach.find(f64::from(step) / f64::from(steps)) }
            }
            Rule::LegacyMd5 { table, sum } => {
                let (percent, rest) = legacy::place(unit);
                let bucket = percent * 1000;
                let choose = || table.find(rest.checked_rem(u128::from(*sum))? as u64);
                let variant = (bucket < self.coverage).then(choose).flatten();
                Placement { bucket, variant }
            }
        }
    }

    /// flagd's choice; a coverage, which flagd does not know, is decided as ours is.
    fn place_flagd(
        &self,
        hash: u32,
        include: impl Fn() -> u32,
        find: impl Fn(u32) -> Option<u32>,
        own_bucket: impl Fn(u32) -> u32,
    ) -> Placement {
        let bucket = if self.coverage == BUCKETS { own_bucket(hash) } else { native_bucket(include()) };
        let variant = if bucket < self.coverage { find(hash) } else { None };
        Placement { bucket, variant }
    }
}

impl Reach {
    fn new(coverage: u32, weights: &[(u32, u32)], ranges: Option<&[(f64, f64)]>) -> Self {
        let share = f64::from(coverage) / f64::from(BUCKETS);
        let variants = weights.iter().map(|(variant, _)| *variant);
        if let Some(ranges) = ranges {
            // Whole coverage takes the ranges as they stand, since a product could round them.
            let shorten = |&(start, end): &(f64, f64)| match coverage {
                BUCKETS => (start, end),
                _ => (start, start + (end - start) * share),
            };
            return Self::Ranges(ranges.iter().map(shorten).collect(), variants.collect());
        }
        let sum = weights::sum(weights);
        match *weights {
            _ if sum == 0 => return Self::Ranges(Box::default(), Box::default()),
            [(variant, _)] => return Self::Coverage(share, variant),
            _ => {}
        }
        let fractions: Vec<f64> = weights.iter().map(|(_, weight)| f64::from(*weight) / sum as f64).collect();
        let ranges = bucket_ranges(weights.len(), share, Some(&fractions));
        Self::Ranges(ranges, variants.collect())
    }

    fn find(&self, number: f64) -> Option<u32> {
        match self {
            // A forced value's coverage holds its own end, other than a range's; none is still none.
            Self::Coverage(share, variant) => (*share > 0.0 && number <= *share).then_some(*variant),
            Self::Ranges(ranges, variants) => variants.get(choose_variation(number, ranges)?).copied(),
        }
    }
}

#[inline]
fn native_bucket(hash: u32) -> u32 {
    ((u64::from(hash) * u64::from(BUCKETS)) >> 32) as u32
}

fn salted(seed: u32, texts: &[&str]) -> Murmur {
    let feed = |state: Murmur, text: &&str| state.feed(text.as_bytes());
    texts.iter().fold(Murmur::new(seed), feed)
}
