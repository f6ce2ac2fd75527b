//! Weights laid end to end, so that a number falls on one variant.

/// Where each variant's share ends; variants that weigh nothing have no share and are left out.
#[derive(Clone, Debug)]
pub(crate) struct Table(Box<[(u64, u32)]>);

impl Table {
    /// For numbers below the weights' sum.
    pub(crate) fn cumulative(weights: &[(u32, u32)]) -> Self {
        Self::new(weights, |end, _| end)
    }

    /// For 32-bit hashes `h`: finds the variant into whose share `(h * sum) >> 32` falls.
    ///
    /// `(h * sum) >> 32 < end` is the same as `h < ceil((end << 32) / sum)`, so that evaluation only compares.
    pub(crate) fn of_hashes(weights: &[(u32, u32)]) -> Self {
        Self::new(weights, |end, sum| {
            // The quotient is at most 2^32, since an end is at most the sum.
            (u128::from(end) << 32).div_ceil(u128::from(sum)) as u64
        })
    }

    fn new(weights: &[(u32, u32)], scale: impl Fn(u64, u64) -> u64) -> Self {
        let sum = sum(weights);
        let mut end = 0;
        let shares = weights.iter().filter(|(_, weight)| *weight > 0);
        Self(
            shares
                .map(|(variant, weight)| {
                    end += u64::from(*weight);
                    (scale(end, sum), *variant)
                })
                .collect(),
        )
    }

    #[inline]
    pub(crate) fn find(&self, number: u64) -> Option<u32> {
        self.0.iter().find(|(end, _)| number < *end).map(|(_, variant)| *variant)
    }

    /// The variant, where only one has a share.
    pub(crate) fn single(&self) -> Option<u32> {
        match *self.0 {
            [(_, variant)] => Some(variant),
            _ => None,
        }
    }
}

pub(crate) fn sum(weights: &[(u32, u32)]) -> u64 {
    weights.iter().map(|(_, weight)| u64::from(*weight)).sum()
}
