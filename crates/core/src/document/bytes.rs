//! The inner loop that JSON and TOML share: where a plain string ends.

/// How many bytes follow before a quote, a backslash or a control character; eight at a time, by the usual word
/// arithmetic ("Bit Twiddling Hacks", hasless and haszero).
#[inline]
pub(super) fn plain_length(bytes: &[u8]) -> usize {
    const ONES: u64 = 0x0101_0101_0101_0101;
    const HIGH: u64 = 0x8080_8080_8080_8080;
    let mut at = 0;
    while let Some(chunk) = bytes[at..].first_chunk::<8>() {
        let word = u64::from_le_bytes(*chunk);
        let quote = word ^ (ONES * b'"' as u64);
        let backslash = word ^ (ONES * b'\\' as u64);
        let control = word.wrapping_sub(ONES * 0x20);
        let found =
            ((quote.wrapping_sub(ONES) & !quote) | (backslash.wrapping_sub(ONES) & !backslash) | (control & !word))
                & HIGH;
        if found != 0 {
            // A borrow makes only bytes above the first hit uncertain, and the first hit is what counts.
            return at + (found.trailing_zeros() / 8) as usize;
        }
        at += 8;
    }
    at + bytes[at..].iter().position(|byte| matches!(byte, b'"' | b'\\' | 0..0x20)).unwrap_or(bytes.len() - at)
}
