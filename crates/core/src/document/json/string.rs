//! Strings: found eight bytes at a time, and decoded only where they hold an escape.

use super::super::bytes::plain_length;
use super::{Parser, Stop};

impl Parser<'_, '_> {
    /// Passes the string at the current place, if it means what is written; otherwise stays.
    #[inline]
    pub(super) fn plain_string(&mut self) -> bool {
        let start = self.at + 1;
        let end = start + plain_length(&self.bytes[start..]);
        let plain = self.bytes.get(end) == Some(&b'"');
        if plain {
            self.at = end + 1;
        }
        plain
    }

    /// Passes a string that has an escape, or something that a string may not hold; its text.
    #[cold]
    pub(super) fn odd_string(&mut self) -> Result<String, Stop> {
        let start = self.at + 1;
        let mut at = start + plain_length(&self.bytes[start..]);
        let mut decoded = self.text[start..at].to_owned();
        loop {
            match self.bytes.get(at) {
                Some(b'"') => {
                    self.at = at + 1;
                    return Ok(decoded);
                }
                Some(b'\\') => match self.escape(at) {
                    Ok((character, length)) => {
                        decoded.push(character);
                        at += length;
                    }
                    Err((message, length)) => {
                        self.fault(message, at, at + length)?;
                        at += length;
                    }
                },
                None | Some(b'\n' | b'\r') => {
                    let quote = start - 1;
                    self.at = at;
                    if at >= self.bytes.len() {
                        return self.end("this text is not closed; add its `\"`", quote);
                    }
                    return self.bad(
                        "this text is not closed on its line; add its `\"`, or write a line break as `\\n`",
                        quote,
                    );
                }
                Some(_) => {
                    self.fault(
                        "a control character in a text is written as an escape, such as `\\t` or `\\u0007`",
                        at,
                        at + 1,
                    )?;
                    at += 1;
                }
            }
            let next = at + plain_length(&self.bytes[at..]);
            decoded.push_str(&self.text[at..next]);
            at = next;
        }
    }

    /// The character of the escape at `at`, or what is wrong; and its length.
    fn escape(&self, at: usize) -> Result<(char, usize), (&'static str, usize)> {
        let character = match self.bytes.get(at + 1) {
            Some(b'"') => '"',
            Some(b'\\') => '\\',
            Some(b'/') => '/',
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => return self.unicode(at),
            _ => return Err(("there is no such escape; a backslash is written as `\\\\`", 1)),
        };
        Ok((character, 2))
    }

    fn unicode(&self, at: usize) -> Result<(char, usize), (&'static str, usize)> {
        const LONE: &str = "this is half of a surrogate pair; both halves are needed";
        let Some(first) = self.hex(at + 2) else {
            return Err(("`\\u` needs four hexadecimal digits", 2));
        };
        match first {
            0xd800..=0xdbff => {
                let second =
                    self.bytes.get(at + 6..at + 8).filter(|pair| *pair == b"\\u").and_then(|_| self.hex(at + 8));
                match second {
                    Some(second @ 0xdc00..=0xdfff) => {
                        let code = 0x1_0000 + ((first - 0xd800) << 10) + (second - 0xdc00);
                        char::from_u32(code).map(|character| (character, 12)).ok_or((LONE, 6))
                    }
                    _ => Err((LONE, 6)),
                }
            }
            _ => char::from_u32(first).map(|character| (character, 6)).ok_or((LONE, 6)),
        }
    }

    fn hex(&self, at: usize) -> Option<u32> {
        let digits = self.bytes.get(at..at + 4)?;
        digits.iter().try_fold(0, |code, digit| Some(code << 4 | char::from(*digit).to_digit(16)?))
    }
}
