//! `.env` files: one variable a line, quoted or not, with `${VAR}` and `${VAR:-default}` in what is not in single quotes.
//!
//! Blanks around `=` are allowed, as most loaders allow them. A line with a mistake is reported, and the next is read.

use std::borrow::Cow;
use std::collections::HashMap;

use super::sink::{ENCODING, SYNTAX, Sink, TOO_LARGE, span};
use super::{Document, DocumentBuilder, Fault, Kind, MAX_BYTES, MAX_NODES, NodeId, Span};

mod expand;

/// Reads a file of variables into a table of texts; whatever is wrong with it is appended to `faults`.
///
/// References are looked up in `lookup` (the environment of the process), then among the variables above. A variable
/// whose whole value is a reference to nothing has no entry: it stays unset.
pub(crate) fn parse(
    name: Cow<'static, str>,
    text: String,
    lookup: &dyn Fn(&str) -> Option<String>,
    faults: &mut Vec<Fault>,
) -> Document {
    let mut sink = Sink::new(faults);
    let mut builder = DocumentBuilder::detached(name, "");
    builder.push(None, Kind::Table, span(0, text.len().min(MAX_BYTES)));
    if text.len() > MAX_BYTES {
        sink.push(TOO_LARGE, "the document is larger than 16 MiB; configuration is smaller", span(0, 0));
        return builder.finish();
    }
    if let Some(at) = text.bytes().position(|byte| byte == 0) {
        sink.push(ENCODING, "a NUL byte has no place in a text; remove it", span(at, at + 1));
        return builder.attach(text);
    }
    let at = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    let mut reader = Reader {
        text: &text,
        bytes: text.as_bytes(),
        at,
        builder,
        sink,
        lookup,
        seen: HashMap::new(),
        grown: 0,
        stopped: false,
    };
    reader.lines();
    let builder = reader.builder;
    builder.attach(text)
}

/// A fault is recorded; the rest of the line is skipped.
struct Bad;

struct Reader<'t, 'f, 'l> {
    text: &'t str,
    bytes: &'t [u8],
    at: usize,
    builder: DocumentBuilder,
    sink: Sink<'f>,
    lookup: &'l dyn Fn(&str) -> Option<String>,
    /// Where each variable was set, and its node unless it stayed unset.
    seen: HashMap<&'t str, (Span, Option<NodeId>)>,
    /// The bytes that references have brought in.
    grown: usize,
    stopped: bool,
}

impl<'t> Reader<'t, '_, '_> {
    fn lines(&mut self) {
        while self.at < self.bytes.len() && !self.stopped && !self.sink.is_full() {
            self.blanks();
            match self.peek() {
                None | Some(b'\n' | b'#') => {}
                // The end of a line, as Windows writes it.
                Some(b'\r') if self.bytes.get(self.at + 1) == Some(&b'\n') => {}
                Some(_) => {
                    // A line with a mistake is reported and passed over.
                    let _ = self.variable();
                }
            }
            self.at = self.line_end() + 1;
        }
    }

    fn variable(&mut self) -> Result<(), Bad> {
        if let Some(rest) = self.text[self.at..].strip_prefix("export")
            && rest.starts_with([' ', '\t'])
            && !rest.trim_start_matches([' ', '\t']).starts_with('=')
        {
            self.at += "export".len();
            self.blanks();
        }
        let start = self.at;
        let length = name_length(&self.bytes[start..], true);
        if length == 0 {
            return self.bad("expected `NAME=value`; a name has letters, digits and `_`, and no digit first", start);
        }
        self.at += length;
        let place = span(start, self.at);
        self.blanks();
        if self.peek() != Some(b'=') {
            return self.bad("expected `=` after the variable's name", self.at);
        }
        self.at += 1;
        let faults = self.sink.count();
        let (value, inner, outer) = self.value()?;
        // A value that lacks a part is none: what is left of it would only be wrong once more.
        let value = value.filter(|_| self.sink.count() == faults);
        self.set(&self.text[start..start + length], place, value, inner, outer)
    }

    /// A value, `None` for unset; the bytes of its text, and those with the quotes.
    fn value(&mut self) -> Result<(Option<String>, Span, Span), Bad> {
        let equals = self.at;
        self.blanks();
        let start = self.at;
        match self.peek() {
            Some(b'\'') => {
                let Some(length) = self.text[start + 1..].find('\'') else {
                    return self.bad("this text is not closed; add its `'`", start);
                };
                let end = start + 1 + length;
                self.at = end + 1;
                self.after_quote()?;
                Ok((Some(self.text[start + 1..end].to_owned()), span(start + 1, end), span(start, end + 1)))
            }
            Some(b'"') => {
                self.at += 1;
                let value = self.double_quoted(start)?;
                let end = self.at;
                self.after_quote()?;
                Ok((value, span(start + 1, end - 1), span(start, end)))
            }
            Some(b'#') if start > equals => Ok((Some(String::new()), span(equals, equals), span(equals, equals))),
            _ => {
                let value = self.unquoted()?;
                let end = start + self.text[start..self.at].trim_end().len();
                let value = value.map(|mut value| {
                    value.truncate(value.trim_end().len());
                    value
                });
                Ok((value, span(start, end), span(start, end)))
            }
        }
    }

    fn after_quote(&mut self) -> Result<(), Bad> {
        self.blanks();
        match self.peek() {
            None | Some(b'\n' | b'\r' | b'#') => Ok(()),
            Some(_) => self.bad("nothing may follow the closing quote but a comment", self.at),
        }
    }

    fn set(&mut self, key: &'t str, place: Span, value: Option<String>, inner: Span, outer: Span) -> Result<(), Bad> {
        let before = self.seen.get(key).copied();
        if let Some((first, _)) = before {
            self.sink.duplicate(place, first);
        }
        if self.builder.len() >= MAX_NODES {
            self.sink.too_many_nodes(place);
            self.stopped = true;
            return Err(Bad);
        }
        let old = before.and_then(|(_, node)| node);
        let node = value.map(|value| {
            let node = old.unwrap_or_else(|| self.builder.push(Some(NodeId::ROOT), Kind::Text, outer));
            self.builder.set_span(node, outer);
            self.builder.set_key_span(node, place);
            if value == self.text[inner.start as usize..inner.end as usize] {
                self.builder.set_scalar_span(node, inner);
            } else {
                self.builder.set_scalar(node, &value);
            }
            node
        });
        self.seen.insert(key, (before.map_or(place, |(first, _)| first), node.or(old)));
        Ok(())
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn blanks(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t')) {
            self.at += 1;
        }
    }

    fn line_end(&self) -> usize {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        self.at + rest.iter().position(|byte| *byte == b'\n').unwrap_or(rest.len())
    }

    /// Records a mistake at a byte, and goes on from there with the next line.
    fn bad<T>(&mut self, message: &str, at: usize) -> Result<T, Bad> {
        let width = self.text.get(at..).and_then(|rest| rest.chars().next()).filter(|next| *next != '\n');
        self.sink.push(SYNTAX, message, span(at, at + width.map_or(0, char::len_utf8)));
        self.at = at;
        Err(Bad)
    }
}

/// The length of the variable's name at the start of `bytes`; with dots only where they cannot be part of a sentence.
fn name_length(bytes: &[u8], dots: bool) -> usize {
    match bytes.first() {
        Some(b'_' | b'a'..=b'z' | b'A'..=b'Z') => bytes
            .iter()
            .position(|byte| !(byte.is_ascii_alphanumeric() || *byte == b'_' || (dots && *byte == b'.')))
            .unwrap_or(bytes.len()),
        _ => 0,
    }
}
