//! Blanks, comments, numbers, words, and the way on after a mistake.

use super::super::Kind;
use super::{Parser, Stop};

impl Parser<'_, '_> {
    /// Passes white space and comments.
    #[inline]
    pub(super) fn blank(&mut self) -> Result<(), Stop> {
        let mut at = self.at;
        loop {
            match self.bytes.get(at) {
                Some(b' ' | b'\n' | b'\t' | b'\r') => at += 1,
                Some(b'/') => {
                    self.at = at;
                    self.comment()?;
                    at = self.at;
                }
                _ => {
                    self.at = at;
                    return Ok(());
                }
            }
        }
    }

    #[cold]
    fn comment(&mut self) -> Result<(), Stop> {
        let rest = &self.bytes[self.at..];
        match rest.get(1) {
            Some(b'/') => self.at += rest.iter().position(|byte| *byte == b'\n').unwrap_or(rest.len()),
            Some(b'*') => match rest[2..].windows(2).position(|pair| pair == b"*/") {
                Some(length) => self.at += length + 4,
                None => return self.end("this comment is not closed; add `*/`", self.at),
            },
            _ => return self.end("a comment begins with `//` or `/*`", self.at),
        }
        Ok(())
    }

    /// A number, `true`, `false` or `null`.
    #[inline]
    pub(super) fn plain(&mut self) -> Result<Kind, Stop> {
        let start = self.at;
        let rest = &self.bytes[start..];
        let (kind, length) = match rest.first() {
            Some(b'-' | b'0'..=b'9') => match number(rest) {
                Some(found) => found,
                None => return self.bad_word(),
            },
            Some(b't') if rest.starts_with(b"true") => (Kind::Bool, 4),
            Some(b'f') if rest.starts_with(b"false") => (Kind::Bool, 5),
            Some(b'n') if rest.starts_with(b"null") => (Kind::Null, 4),
            _ => return self.bad_word(),
        };
        if rest.get(length).is_some_and(|byte| is_word(*byte)) {
            return self.bad_word();
        }
        // Below these lengths no number overflows: 308 digits, or an exponent.
        if kind == Kind::Float || length > 300 {
            self.check_size(start, start + length, kind)?;
        }
        self.at += length;
        Ok(kind)
    }

    fn check_size(&mut self, start: usize, end: usize, kind: Kind) -> Result<(), Stop> {
        let text = &self.text[start..end];
        let exponent = text.bytes().any(|byte| byte | 0x20 == b'e');
        if (exponent || text.len() > 300)
            && matches!(kind, Kind::Float | Kind::Integer)
            && text.parse::<f64>().is_ok_and(f64::is_infinite)
        {
            self.fault("number is too large", start, end)?;
        }
        Ok(())
    }

    /// Records a word that is no value, and passes it, so that the entry ends there.
    #[cold]
    fn bad_word<T>(&mut self) -> Result<T, Stop> {
        let (start, end) = (self.at, self.token_end());
        let message = match self.bytes[start..end].first() {
            None => "a value is missing",
            Some(b',' | b'}' | b']' | b':') => "a value is missing here",
            Some(b'\'') => "text stands in double quotes, not in single ones",
            Some(b'+') => "a number may not begin with `+`",
            Some(b'.') => "a number may not begin with `.`; write a 0 before it",
            Some(b'-' | b'0'..=b'9') => {
                "this is not a number as JSON has it (such as 7, -7 or 0.7e3); text stands in double quotes"
            }
            Some(_) => "expected a value: text in double quotes, a number, true, false, null, `{` or `[`",
        };
        let shown = end.max(start + 1);
        self.fault(message, start, shown)?;
        self.at = match self.peek() {
            // A comma within single quotes ends nothing.
            Some(b'\'') => {
                let line = self.text[start + 1..].split('\n').next().unwrap_or_default();
                line.find('\'').map_or(end, |length| start + length + 2)
            }
            Some(byte) if is_word(byte) => end,
            _ => start,
        };
        Err(Stop::Skip)
    }

    /// The end of the word at the current place, which is at least one character.
    pub(super) fn token_end(&self) -> usize {
        let rest = &self.text[self.at..];
        let length = rest.bytes().position(|byte| !is_word(byte)).unwrap_or(rest.len());
        self.at + length.max(rest.chars().next().map_or(0, char::len_utf8))
    }

    /// Goes on after a mistake in an entry of the container opened at `open`: to the comma or the bracket that ends the
    /// entry, or to the end of the line.
    pub(super) fn skip(&mut self, open: usize) -> Result<(), Stop> {
        let mut depth = 0_usize;
        while let Some(byte) = self.peek() {
            match byte {
                b',' | b'\n' if depth == 0 => return Ok(()),
                b'}' | b']' if depth == 0 => return Ok(()),
                b'{' | b'[' => depth += 1,
                b'}' | b']' => depth -= 1,
                b'"' => self.skip_string(),
                b'/' if matches!(self.bytes.get(self.at + 1), Some(b'/' | b'*')) => {
                    self.comment()?;
                    continue;
                }
                _ => {}
            }
            self.at += 1;
        }
        self.unclosed(open)
    }

    /// Moves to the quote that ends a string, or before the end of the line.
    fn skip_string(&mut self) {
        let mut at = self.at + 1;
        while let Some(byte) = self.bytes.get(at) {
            match byte {
                b'"' => break,
                b'\n' => {
                    at -= 1;
                    break;
                }
                b'\\' if self.bytes.get(at + 1).is_some_and(|byte| *byte != b'\n') => at += 2,
                _ => at += 1,
            }
        }
        self.at = at.min(self.bytes.len());
    }
}

/// The kind and length of the number at the start of `rest`.
#[inline]
fn number(rest: &[u8]) -> Option<(Kind, usize)> {
    let digits = |from: usize| rest[from..].iter().take_while(|byte| byte.is_ascii_digit()).count();
    let mut at = usize::from(rest[0] == b'-');
    let whole = digits(at);
    if whole == 0 || (whole > 1 && rest[at] == b'0') {
        return None;
    }
    at += whole;
    let mut kind = Kind::Integer;
    if rest.get(at) == Some(&b'.') {
        let fraction = digits(at + 1);
        if fraction == 0 {
            return None;
        }
        at += 1 + fraction;
        kind = Kind::Float;
    }
    if matches!(rest.get(at), Some(b'e' | b'E')) {
        let sign = usize::from(matches!(rest.get(at + 1), Some(b'+' | b'-')));
        let exponent = digits(at + 1 + sign);
        if exponent == 0 {
            return None;
        }
        at += 1 + sign + exponent;
        kind = Kind::Float;
    }
    Some((kind, at))
}

/// A byte of a word, in the widest sense: what a person may have written for a value without quotes.
fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric()
        || matches!(byte, b'_' | b'.' | b'+' | b'-' | b'$' | b'%' | b'@' | b'\'')
        || byte >= 0x80
}
