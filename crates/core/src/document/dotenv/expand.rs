//! Escapes and references within unquoted and double-quoted values.

use super::super::sink::{EXPANSION, TOO_LARGE, span};
use super::super::{MAX_BYTES, Span};
use super::{Bad, Reader, name_length};

/// The deepest nesting of defaults within defaults.
const MAX_DEFAULTS: usize = 16;

/// Where a text ends.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Mode {
    /// At the end of the line or at ` #`.
    Unquoted,
    /// At the closing quote.
    Quoted,
}

impl<'t> Reader<'t, '_, '_> {
    pub(super) fn unquoted(&mut self) -> Result<Option<String>, Bad> {
        self.expand(Mode::Unquoted, 0, true, self.at)
    }

    /// A text whose opening quote, at `open`, is passed; its closing quote is passed too.
    pub(super) fn double_quoted(&mut self, open: usize) -> Result<Option<String>, Bad> {
        let value = self.expand(Mode::Quoted, 0, true, open)?;
        self.at += 1;
        Ok(value)
    }

    /// The text from here to where it ends, which stays; within a default (`depth` above 0) that is its `}`. `None` if
    /// it is a single reference to nothing. Nothing is looked up while `active` is false: the default is not needed.
    fn expand(&mut self, mode: Mode, depth: usize, active: bool, open: usize) -> Result<Option<String>, Bad> {
        let mut text = String::new();
        let mut unset: Vec<(&'t str, Span)> = Vec::new();
        let mut parts = 0_usize;
        // Whether there is anything but blanks: those around an unquoted value are not part of it.
        let mut inked = false;
        loop {
            let start = self.at;
            let rest = &self.bytes[start..];
            match rest {
                [] | [b'\n', ..] if mode == Mode::Unquoted || rest.is_empty() => {
                    if depth > 0 {
                        return self.bad("this reference is not closed; add its `}`", open);
                    }
                    if mode == Mode::Quoted {
                        return self.bad("this text is not closed; add its `\"`", open);
                    }
                    break;
                }
                [b'}', ..] if depth > 0 => break,
                [b'"', ..] if mode == Mode::Quoted => {
                    if depth > 0 {
                        return self.bad("this reference is not closed; add its `}`", open);
                    }
                    break;
                }
                [b' ' | b'\t', b'#', ..] if mode == Mode::Unquoted && depth == 0 => break,
                [b'\\', b'$', ..] => {
                    text.push('$');
                    inked = true;
                    self.at += 2;
                }
                [b'\\', next, ..] if mode == Mode::Quoted => {
                    text.push(match next {
                        b'n' => '\n',
                        b't' => '\t',
                        b'r' => '\r',
                        b'"' => '"',
                        b'\\' => '\\',
                        _ => return self.bad_escape(open),
                    });
                    self.at += 2;
                }
                [b'$', ..] => match self.reference(mode, depth, active)? {
                    Reference::Set(value) => {
                        inked |= !value.trim_start().is_empty();
                        text.push_str(&value);
                    }
                    Reference::Unset(name) => unset.push((name, span(start, self.at))),
                    Reference::Dollar => {
                        text.push('$');
                        inked = true;
                        self.at += 1;
                    }
                },
                _ => {
                    let stops = |byte: &u8| matches!(byte, b'\\' | b'$' | b'"' | b'}' | b'\n' | b' ' | b'\t');
                    let length = 1 + rest[1..].iter().position(stops).unwrap_or(rest.len() - 1);
                    let part = &self.text[start..start + length];
                    inked |= !part.trim_start().is_empty();
                    text.push_str(part);
                    self.at += length;
                    if mode == Mode::Unquoted && depth == 0 && !inked {
                        continue;
                    }
                }
            }
            parts += 1;
        }
        let blank_end = mode == Mode::Unquoted && depth == 0 && !inked;
        if unset.len() == 1 && (parts == 1 || blank_end) {
            return Ok(None);
        }
        if active {
            for (name, place) in unset {
                let message = format!("the variable {name} is not set; set it, or write ${{{name}:-default}}");
                self.sink.push(EXPANSION, message, place);
            }
        }
        Ok(Some(text))
    }

    /// An unknown escape is reported, and the value goes on at the end of its quotes, not at the next line.
    fn bad_escape<T>(&mut self, open: usize) -> Result<T, Bad> {
        let at = self.at;
        let _ = self.bad::<T>("there is no such escape in double quotes; a backslash is written as `\\\\`", at);
        let mut end = open + 1;
        while let Some(byte) = self.bytes.get(end) {
            match byte {
                b'"' => {
                    self.at = end.max(at);
                    break;
                }
                b'\\' => end += 2,
                _ => end += 1,
            }
        }
        Err(Bad)
    }

    /// `$NAME`, `${NAME}` or `${NAME:-default}`.
    fn reference(&mut self, mode: Mode, depth: usize, active: bool) -> Result<Reference<'t>, Bad> {
        let start = self.at;
        let braces = self.bytes.get(start + 1) == Some(&b'{');
        let from = start + 1 + usize::from(braces);
        // A reference to a secret is not the reader's of this file: it stays as it stands.
        if braces
            && let Some(length) = self.bytes[from..].iter().position(|byte| matches!(byte, b'}' | b'\n'))
            && crate::resolve::reference_of(&self.text[from..from + length]).is_some()
            && self.bytes[from + length] == b'}'
        {
            self.at = from + length + 1;
            return Ok(Reference::Set(self.text[start..self.at].to_owned()));
        }
        let length = name_length(&self.bytes[from..], braces);
        let name = &self.text[from..from + length];
        if !braces {
            if length == 0 {
                return Ok(Reference::Dollar);
            }
            self.at = from + length;
            return self.resolve(name, active);
        }
        let end = from + length;
        match &self.bytes[end..] {
            [b'}', ..] if length > 0 => {
                self.at = end + 1;
                self.resolve(name, active)
            }
            [b':', b'-', ..] if length > 0 => {
                if depth >= MAX_DEFAULTS {
                    return self.bad("defaults are nested more than 16 deep; flatten them", start);
                }
                let found = self.resolve(name, active)?;
                self.at = end + 2;
                let set = matches!(&found, Reference::Set(value) if !value.is_empty());
                let default = self.expand(mode, depth + 1, active && !set, start)?;
                self.at += 1;
                Ok(match (found, default) {
                    (found, _) if set => found,
                    (_, Some(default)) => Reference::Set(default),
                    (_, None) => Reference::Unset(name),
                })
            }
            _ => self.bad("a reference is written `${NAME}` or `${NAME:-default}`, and a plain dollar `\\$`", start),
        }
    }

    fn resolve(&mut self, name: &'t str, active: bool) -> Result<Reference<'t>, Bad> {
        if !active {
            return Ok(Reference::Unset(name));
        }
        let value = (self.lookup)(name).or_else(|| {
            let (_, node) = self.seen.get(name)?;
            node.map(|node| self.builder.scalar_over(self.text, node).to_owned())
        });
        let Some(value) = value else { return Ok(Reference::Unset(name)) };
        self.grown += value.len();
        if self.grown > MAX_BYTES {
            self.sink.push(TOO_LARGE, "references make the variables larger than 16 MiB", span(self.at, self.at));
            self.stopped = true;
            return Err(Bad);
        }
        Ok(Reference::Set(value))
    }
}

/// What a reference came to.
enum Reference<'t> {
    Set(String),
    Unset(&'t str),
    /// No reference at all.
    Dollar,
}
