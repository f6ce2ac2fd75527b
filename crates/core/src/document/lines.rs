//! Lines and columns of byte offsets, quickly for any number of them.

/// Bytes between two counts of characters.
const STRIDE: usize = 4096;

/// Where lines begin, and how many characters stand before every so many bytes.
#[derive(Debug, Clone)]
pub(super) struct Lines {
    starts: Vec<u32>,
    /// Characters before each stride; empty where every character is one byte.
    characters: Vec<u32>,
}

impl Lines {
    pub(super) fn of(text: &str) -> Self {
        let bytes = text.as_bytes();
        let breaks = bytes.iter().enumerate().filter(|(_, byte)| **byte == b'\n').map(|(at, _)| at as u32 + 1);
        let starts = std::iter::once(0).chain(breaks).collect();
        let mut characters = Vec::new();
        if !text.is_ascii() {
            let mut total = 0;
            for chunk in bytes.chunks(STRIDE) {
                characters.push(total);
                total += count(chunk);
            }
        }
        Self { starts, characters }
    }

    /// Line and column, both from 1, the column in characters, of a byte; a byte-order mark takes no column.
    pub(super) fn position(&self, text: &str, byte: usize) -> (usize, usize) {
        let mut byte = byte.min(text.len());
        while !text.is_char_boundary(byte) {
            byte -= 1;
        }
        let (line, start) = self.line(byte);
        let mark = line == 1 && byte >= 3 && text.starts_with('\u{feff}');
        let column = self.characters_before(text, byte) - self.characters_before(text, start);
        (line, column + 1 - usize::from(mark))
    }

    /// The number of a byte's line, from 1, and its first byte.
    pub(super) fn line(&self, byte: usize) -> (usize, usize) {
        let line = self.starts.partition_point(|start| *start as usize <= byte);
        (line, self.starts[line - 1] as usize)
    }

    /// The byte after the line's last, its line break left out.
    pub(super) fn end(&self, text: &str, line: usize) -> usize {
        self.starts.get(line).map_or(text.len(), |next| *next as usize - 1)
    }

    fn characters_before(&self, text: &str, byte: usize) -> usize {
        // At the end of a text of whole strides there is no further count.
        match self.characters.get((byte / STRIDE).min(self.characters.len().saturating_sub(1))) {
            Some(before) => {
                let stride = (byte / STRIDE).min(self.characters.len() - 1) * STRIDE;
                *before as usize + count(&text.as_bytes()[stride..byte]) as usize
            }
            None => byte,
        }
    }
}

/// Characters that begin in these bytes.
fn count(bytes: &[u8]) -> u32 {
    bytes.iter().filter(|byte| **byte & 0xc0 != 0x80).count() as u32
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn positions_are_those_of_counting(text in "(\u{feff})?([a-zé\u{1f600}\n]{0,20}|[é\n]{2000,3000})", at in any::<prop::sample::Index>()) {
            let byte = at.index(text.len() + 1);
            let before = &text[..text.floor_char_boundary(byte)];
            let line = before.matches('\n').count() + 1;
            let own = before.rsplit('\n').next().unwrap();
            let own = if line == 1 { own.trim_start_matches('\u{feff}') } else { own };
            prop_assert_eq!(Lines::of(&text).position(&text, byte), (line, own.chars().count() + 1));
        }
    }
}
