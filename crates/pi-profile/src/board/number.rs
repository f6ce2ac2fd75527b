//! The numbers of the kernel's files: plain digits, without the signs and separators that Rust would take.

/// Decimal digits alone.
pub(super) fn decimal(text: &str) -> Option<u64> {
    digits(text, 10)
}

/// Hexadecimal digits, with or without `0x`.
pub(super) fn hexadecimal(text: &str) -> Option<u64> {
    digits(text.strip_prefix("0x").unwrap_or(text), 16)
}

fn digits(text: &str, radix: u32) -> Option<u64> {
    // `from_str_radix` takes a sign.
    if text.starts_with('+') { None } else { u64::from_str_radix(text, radix).ok() }
}
