//! MurmurHash3 x86 32-bit, which may stop anywhere in its input: a salt is hashed once, a unit when it is asked for.

/// The hash of a prefix. Feeding bytes in pieces gives what feeding them at once gives.
///
/// Source: Austin Appleby, SMHasher, `MurmurHash3_x86_32` (public domain).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Murmur {
    state: u32,
    /// The zero to three bytes after the last whole block, the first one lowest.
    carry: u32,
    carried: u32,
    /// The algorithm ends with the length modulo 2^32.
    length: u32,
}

impl Murmur {
    pub(crate) const fn new(seed: u32) -> Self {
        Self { state: seed, carry: 0, carried: 0, length: 0 }
    }

    #[inline]
    #[must_use]
    pub(crate) fn feed(self, bytes: &[u8]) -> Self {
        let [fed] = Self::feed_aligned([self], bytes);
        fed
    }

    /// Feeds two hashes the same bytes. Where their carries are equally long, as with the salts of one split, the
    /// second costs about half, since blocks are scrambled once.
    #[inline]
    #[must_use]
    pub(crate) fn feed_both([one, other]: [Self; 2], bytes: &[u8]) -> [Self; 2] {
        if one.carried == other.carried {
            Self::feed_aligned([one, other], bytes)
        } else {
            [one.feed(bytes), other.feed(bytes)]
        }
    }

    /// Feeds hashes whose carries are equally long.
    #[inline]
    fn feed_aligned<const N: usize>(hashes: [Self; N], bytes: &[u8]) -> [Self; N] {
        let (Some(first), Some(last)) = (bytes.first_chunk(), bytes.last_chunk()) else {
            return hashes.map(|hash| hash.feed_short(bytes));
        };
        let before = hashes.first().map_or(0, |hash| hash.carried);
        let mut states = hashes.map(|hash| hash.state);
        let mut aligned = bytes;
        if before > 0 {
            // What completes the carry to a block is read as a block; the bytes too many fall off its end.
            let head = u32::from_le_bytes(*first) << (before * 8);
            for (state, hash) in states.iter_mut().zip(&hashes) {
                *state = mix(*state, scramble(hash.carry | head));
            }
            aligned = bytes.get(4 - before as usize..).unwrap_or_default();
        }
        while let Some((block, rest)) = aligned.split_first_chunk() {
            let scrambled = scramble(u32::from_le_bytes(*block));
            for state in &mut states {
                *state = mix(*state, scrambled);
            }
            aligned = rest;
        }
        let carried = aligned.len() as u32;
        let carry = u64::from(u32::from_le_bytes(*last)) >> (32 - carried * 8);
        let mut fed = hashes;
        for (hash, state) in fed.iter_mut().zip(states) {
            let length = hash.length.wrapping_add(bytes.len() as u32);
            *hash = Self { state, carry: carry as u32, carried, length };
        }
        fed
    }

    /// Fewer than four bytes, which with the carry are at most one block and a half.
    #[cold]
    #[inline(never)]
    fn feed_short(self, bytes: &[u8]) -> Self {
        let tail = match *bytes {
            [first] => u32::from_le_bytes([first, 0, 0, 0]),
            [first, second] => u32::from_le_bytes([first, second, 0, 0]),
            [first, second, third] => u32::from_le_bytes([first, second, third, 0]),
            _ => 0,
        };
        let held = u64::from(self.carry) | u64::from(tail) << (self.carried * 8);
        let carried = self.carried + bytes.len() as u32;
        let length = self.length.wrapping_add(bytes.len() as u32);
        if carried < 4 {
            return Self { length, carry: held as u32, carried, ..self };
        }
        Self { state: mix(self.state, scramble(held as u32)), carry: (held >> 32) as u32, carried: carried - 4, length }
    }

    #[inline]
    #[must_use]
    pub(crate) fn finish(self) -> u32 {
        // An empty carry scrambles to zero, as the original's missing tail does.
        let mut hash = self.state ^ scramble(self.carry) ^ self.length;
        hash = (hash ^ (hash >> 16)).wrapping_mul(0x85eb_ca6b);
        hash = (hash ^ (hash >> 13)).wrapping_mul(0xc2b2_ae35);
        hash ^ (hash >> 16)
    }
}

#[inline]
fn scramble(block: u32) -> u32 {
    block.wrapping_mul(0xcc9e_2d51).rotate_left(15).wrapping_mul(0x1b87_3593)
}

#[inline]
fn mix(state: u32, scrambled: u32) -> u32 {
    (state ^ scrambled).rotate_left(13).wrapping_mul(5).wrapping_add(0xe654_6b64)
}
