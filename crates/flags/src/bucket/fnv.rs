//! FNV-1a of 32 bits, which GrowthBook's hashes are made of.

/// The hash of a prefix; feeding in pieces gives what feeding at once gives.
///
/// Source: Fowler, Noll, Vo, <http://www.isthe.com/chongo/tech/comp/fnv/> (public domain).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Fnv(u32);

impl Fnv {
    pub(crate) const fn new() -> Self {
        Self(0x811c_9dc5)
    }

    #[inline]
    #[must_use]
    pub(crate) fn feed(self, bytes: &[u8]) -> Self {
        Self(bytes.iter().fold(self.0, |state, byte| (state ^ u32::from(*byte)).wrapping_mul(0x0100_0193)))
    }

    /// Feeds the number's decimal text without writing it down in memory of its own.
    #[must_use]
    pub(crate) fn feed_decimal(self, number: u32) -> Self {
        let mut digits = [0; 10];
        let mut rest = number;
        let mut used = 0;
        for digit in digits.iter_mut().rev() {
            *digit = b'0' + (rest % 10) as u8;
            rest /= 10;
            used += 1;
            if rest == 0 {
                break;
            }
        }
        let (_, text) = digits.split_at(digits.len() - used);
        self.feed(text)
    }

    pub(crate) const fn finish(self) -> u32 {
        self.0
    }
}
