//! Where a unit stands between 0 and 100,000: the algorithms, none of which ever changes its meaning.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

mod flagd;
mod fnv;
mod growthbook;
mod legacy;
mod murmur;
mod splitter;
#[cfg(test)]
mod tests;
mod unit;
mod unleash;
mod weights;

#[cfg(any(test, feature = "growthbook"))]
pub(crate) use self::growthbook::bucket_ranges;
#[cfg(feature = "flagd")]
pub(crate) use self::unit::Unit;
pub(crate) use self::{
    splitter::{OneShare, Placement, Shares, Splitter},
    unit::Joined,
};

/// How many buckets there are, and so what a coverage of everybody is: a hundred thousandth is the finest step.
pub const BUCKETS: u32 = 100_000;

/// How a unit's text becomes a place among all units. The name is stored with the split, and a name keeps its
/// meaning for ever: golden vectors pin every one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Algorithm {
    /// Ours. Inclusion: `(murmur3_x86_32(salt ":" unit, seed 0) * 100_000) >> 32` below the coverage.
    /// Choice: the same hash with `/variant` after the salt, times the weights' sum, `>> 32`.
    #[default]
    #[serde(rename = "native-1")]
    Native1,
    /// flagd's `fractional` before its pull request 1909 (its testbed says `@fractional-v1`): `|murmur3 as i32| / i32::MAX * 100`
    /// against cumulative percentages, in doubles as in Go. The first generation, `fractionalEvaluation`, was xxh3.
    #[serde(rename = "flagd-v2")]
    FlagdV2,
    /// flagd's `fractional` since its pull request 1909, of March 2026 (its testbed says `@fractional-v2`):
    /// `(murmur3 * total weight) >> 32` against cumulative weights.
    #[serde(rename = "flagd-v3")]
    FlagdV3,
    /// Unleash's gradual rollout, `murmur3(group ":" unit) % 100 + 1`, and its variants, with the seed 86028157.
    #[serde(rename = "unleash")]
    Unleash,
    /// GrowthBook's hash version 1, in thousandths; slightly biased, kept for experiments that run.
    #[serde(rename = "growthbook-1")]
    GrowthBook1,
    /// GrowthBook's hash version 2, in ten-thousandths.
    #[serde(rename = "growthbook-2")]
    GrowthBook2,
    /// `md5(unit) % 100`, of programs that wrote it by hand. Coarse (steps of 1 %) and unsalted: the same units
    /// come first in every flag. Only for moving such a program over without moving its users.
    #[serde(rename = "legacy-md5")]
    LegacyMd5,
}

impl Algorithm {
    /// Every algorithm there is, in the order of the documentation.
    pub const ALL: [Self; 7] = [
        Self::Native1,
        Self::FlagdV2,
        Self::FlagdV3,
        Self::Unleash,
        Self::GrowthBook1,
        Self::GrowthBook2,
        Self::LegacyMd5,
    ];

    /// The name that is stored with a split.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Native1 => "native-1",
            Self::FlagdV2 => "flagd-v2",
            Self::FlagdV3 => "flagd-v3",
            Self::Unleash => "unleash",
            Self::GrowthBook1 => "growthbook-1",
            Self::GrowthBook2 => "growthbook-2",
            Self::LegacyMd5 => "legacy-md5",
        }
    }
}

impl fmt::Display for Algorithm {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(self.name())
    }
}

/// A text that names no [`Algorithm`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownAlgorithm(String);

impl fmt::Display for UnknownAlgorithm {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "unknown algorithm `{}`; known:", self.0)?;
        Algorithm::ALL.iter().try_for_each(|known| write!(formatter, " {known}"))
    }
}

impl std::error::Error for UnknownAlgorithm {}

impl FromStr for Algorithm {
    type Err = UnknownAlgorithm;

    /// # Errors
    ///
    /// [`UnknownAlgorithm`] where the text is not exactly one of the names.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|algorithm| algorithm.name() == text)
            .ok_or_else(|| UnknownAlgorithm(text.to_owned()))
    }
}
