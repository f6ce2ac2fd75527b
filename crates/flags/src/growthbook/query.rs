//! Variations that an address asks for.

/// The variation that an address forces, `https://example.com/?my-test=1`, out of so many.
#[must_use]
pub fn forced_by_query(url: &str, experiment: &str, variations: usize) -> Option<usize> {
    let query = url.split('?').nth(1)?.split('#').next()?;
    let mut pairs = query.split('&').map(|pair| pair.split_once('=').unwrap_or((pair, "")));
    let (_, value) = pairs.find(|(name, _)| *name == experiment)?;
    // JavaScript reads `1.5` and `1x` as 1.
    let digits = value.bytes().take_while(u8::is_ascii_digit).count();
    value[..digits].parse().ok().filter(|number| *number < variations)
}
