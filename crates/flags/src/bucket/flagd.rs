//! The choice of flagd's `fractional`, in the two generations that hash with murmur.
//!
//! Source: open-feature/flagd, `core/pkg/evaluator/fractional.go`, before and after pull request 1909; issue 1872 on
//! what the first generation gave in other languages (Java rounds to single precision, JavaScript divides by 2^31):
//! ours is Go's. flagd hashes the flag's key and the unit with nothing between them; the salt is that prefix.

use super::weights::sum;

/// Cumulative percentages in doubles, added in the order written, as Go adds them.
#[derive(Clone, Debug)]
pub(crate) struct Percentages(Box<[(f64, u32)]>);

impl Percentages {
    pub(crate) fn new(weights: &[(u32, u32)]) -> Self {
        let sum = sum(weights);
        let mut end = 0.0;
        let shares = weights.iter().filter(|(_, weight)| *weight > 0);
        Self(
            shares
                .map(|(variant, weight)| {
                    end += 100.0 * f64::from(*weight) / sum as f64;
                    (end, *variant)
                })
                .collect(),
        )
    }

    /// None for the two or three hashes out of 2^32 that lie at 100 % or just beyond: flagd falls through there.
    pub(crate) fn find(&self, hash: u32) -> Option<u32> {
        let percent = percent(hash);
        self.0.iter().find(|(end, _)| percent < *end).map(|(_, variant)| *variant)
    }
}

/// The bucket of [`Percentages`] in hundred thousandths, for an answer's metadata.
pub(crate) fn percentage_bucket(hash: u32) -> u32 {
    ((percent(hash) * 1000.0) as u32).min(super::BUCKETS - 1)
}

fn percent(hash: u32) -> f64 {
    f64::from(hash as i32).abs() / f64::from(i32::MAX) * 100.0
}
