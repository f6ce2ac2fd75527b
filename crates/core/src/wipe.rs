//! Memory that held secrets, overwritten before it is given back.

/// Overwrites a text and empties it.
///
/// Every load passes here with all its documents, so this writes whole words instead of volatile bytes; the hint keeps the
/// compiler from leaving out what nobody reads.
pub(crate) fn text(text: &mut String) {
    bytes(std::mem::take(text).into_bytes());
}

/// Overwrites bytes, those that are reserved behind them too.
pub(crate) fn bytes(mut bytes: Vec<u8>) {
    bytes.clear();
    bytes.resize(bytes.capacity(), 0);
    std::hint::black_box(bytes.as_slice());
}

/// Appends to a text; where it has to move, nothing stays behind.
#[inline]
pub(crate) fn push(text: &mut String, more: &str) {
    if text.capacity() - text.len() < more.len() {
        grow(text, more.len());
    }
    text.push_str(more);
}

#[cold]
fn grow(text: &mut String, more: usize) {
    let mut larger = String::with_capacity((text.len() + more).max(2 * text.capacity()));
    larger.push_str(text);
    bytes(std::mem::replace(text, larger).into_bytes());
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_text_that_grows_is_what_was_appended() {
        let mut text = String::new();
        for part in ["", "a", "bc", "a longer part, so that it has to move", "d"] {
            super::push(&mut text, part);
        }
        assert_eq!(text, "abca longer part, so that it has to moved");
        super::text(&mut text);
        assert_eq!((text.as_str(), text.capacity()), ("", 0));
    }
}
