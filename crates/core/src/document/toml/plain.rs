//! The plain documents that most configurations are, in one pass: headers, bare keys, strings without escapes, decimal
//! numbers, booleans and lists of those.
//!
//! Nothing is ever reported here. Whatever this does not know for certain (a mistake, an escape, a date, a dotted key)
//! it leaves to the full parser, which then reads the document from its beginning.

use super::super::bytes::plain_length;
use super::super::keys::{Key, Keys, LargeTables, Table};
use super::super::sink::span;
use super::super::{DocumentBuilder, Kind, MAX_NODES, NodeId, Span};
use super::keys::is_bare;

/// Tables are found among their siblings one by one, so there may be but a few.
const MAX_HEADERS: usize = 32;

/// Reads the document below the builder's root; `None` where it is not plain, with the builder in any state.
pub(super) fn parse(text: &str, builder: &mut DocumentBuilder) -> Option<()> {
    let mut reader =
        Reader { bytes: text.as_bytes(), text, at: 0, builder, table: NodeId::ROOT, keys: Keys::default(), headers: 0 };
    while reader.at < reader.bytes.len() {
        reader.line()?;
    }
    Some(())
}

struct Reader<'t, 'b> {
    bytes: &'t [u8],
    text: &'t str,
    at: usize,
    builder: &'b mut DocumentBuilder,
    /// The table that entries belong to, and its keys.
    table: NodeId,
    keys: Keys,
    headers: usize,
}

impl Reader<'_, '_> {
    fn line(&mut self) -> Option<()> {
        self.blank();
        match self.peek() {
            Some(b'[') => self.header()?,
            Some(byte) if is_bare(byte) => self.entry()?,
            _ => {}
        }
        self.end()
    }

    /// The rest of a line: nothing, or a comment.
    fn end(&mut self) -> Option<()> {
        self.blank();
        if self.peek() == Some(b'#') {
            while self.peek().is_some_and(|byte| byte >= b' ' && byte != 0x7f) {
                self.at += 1;
            }
        }
        match self.bytes.get(self.at..)? {
            [] => {}
            [b'\n', ..] => self.at += 1,
            [b'\r', b'\n', ..] => self.at += 2,
            _ => return None,
        }
        Some(())
    }

    /// `[a.b]`, for a table that was not there.
    fn header(&mut self) -> Option<()> {
        self.headers += 1;
        if self.headers > MAX_HEADERS {
            return None;
        }
        let start = self.at;
        self.at += 1;
        let mut table = NodeId::ROOT;
        loop {
            let key = self.key()?;
            let known = self.child(table, key);
            let last = match self.peek()? {
                b']' => true,
                b'.' => false,
                _ => return None,
            };
            self.at += 1;
            table = match known {
                // Every table has a header of its own here, so any of them may have tables below.
                Some(node) if !last && self.builder.peek().kind(node) == Kind::Table => node,
                Some(_) => return None,
                None if last => self.push(table, Kind::Table, span(start, self.at), Span::default(), key)?,
                None => return None,
            };
            if last {
                break;
            }
        }
        (self.table, self.keys) = (table, Keys::default());
        Some(())
    }

    /// `key = value`.
    fn entry(&mut self) -> Option<()> {
        let key = self.key()?;
        self.blank();
        if self.peek() != Some(b'=') {
            return None;
        }
        self.at += 1;
        self.blank();
        // Large tables and keys set twice are the full parser's.
        let mut large = LargeTables::default();
        let table = Table { builder: self.builder, text: self.text, node: self.table };
        let name = Key::new(&self.text[key.start as usize..key.end as usize]);
        if self.keys.is_large() || self.keys.find(table, &large, name).is_some() {
            return None;
        }
        let node = self.value(self.table, key, true)?;
        let table = Table { builder: self.builder, text: self.text, node: self.table };
        self.keys.add(table, &mut large, node, name);
        Some(())
    }

    fn child(&self, table: NodeId, key: Span) -> Option<NodeId> {
        let key = &self.text[key.start as usize..key.end as usize];
        self.builder.peek().children(table).find(|child| self.builder.key_over(self.text, *child) == key)
    }

    fn value(&mut self, parent: NodeId, key: Span, lists: bool) -> Option<NodeId> {
        let start = self.at;
        let rest = &self.bytes[start..];
        let (kind, inner) = match rest.first()? {
            b'"' => {
                let length = plain_length(&rest[1..]);
                let inner = &rest[1..=length];
                if rest.get(length + 1) != Some(&b'"') || inner.contains(&0x7f) {
                    return None;
                }
                self.at += length + 2;
                (Kind::String, span(start + 1, start + 1 + length))
            }
            b'[' if lists => return self.list(parent, key),
            b't' if rest.starts_with(b"true") => {
                self.at += 4;
                (Kind::Bool, span(start, self.at))
            }
            b'f' if rest.starts_with(b"false") => {
                self.at += 5;
                (Kind::Bool, span(start, self.at))
            }
            b'-' | b'0'..=b'9' => {
                let kind = self.number()?;
                (kind, span(start, self.at))
            }
            _ => return None,
        };
        // A value ends where nothing of it could go on.
        if !matches!(self.peek(), None | Some(b' ' | b'\t' | b'\r' | b'\n' | b',' | b']' | b'#')) {
            return None;
        }
        self.push(parent, kind, span(start, self.at), inner, key)
    }

    /// Digits without a zero before them, and perhaps a fraction.
    fn number(&mut self) -> Option<Kind> {
        self.at += usize::from(self.peek() == Some(b'-'));
        let zero = self.peek() == Some(b'0');
        let whole = self.digits();
        // What could overflow has a longer look.
        if whole == 0 || whole > 18 || (zero && whole > 1) {
            return None;
        }
        if self.peek() != Some(b'.') {
            return Some(Kind::Integer);
        }
        self.at += 1;
        (1..100).contains(&self.digits()).then_some(Kind::Float)
    }

    fn digits(&mut self) -> usize {
        let start = self.at;
        while self.peek().is_some_and(|byte| byte.is_ascii_digit()) {
            self.at += 1;
        }
        self.at - start
    }

    /// A list of scalars, over any number of lines.
    fn list(&mut self, parent: NodeId, key: Span) -> Option<NodeId> {
        let start = self.at;
        let node = self.push(parent, Kind::Array, span(start, start + 1), Span::default(), key)?;
        self.at += 1;
        loop {
            self.blank_lines()?;
            if self.peek()? != b']' {
                self.value(node, Span::default(), false)?;
                self.blank_lines()?;
            }
            self.at += 1;
            match self.bytes[self.at - 1] {
                b',' => {}
                b']' => break,
                _ => return None,
            }
        }
        self.builder.set_span(node, span(start, self.at));
        Some(node)
    }

    /// A bare key.
    fn key(&mut self) -> Option<Span> {
        let start = self.at;
        while self.peek().is_some_and(is_bare) {
            self.at += 1;
        }
        (self.at > start).then(|| span(start, self.at))
    }

    fn push(&mut self, parent: NodeId, kind: Kind, place: Span, inner: Span, key: Span) -> Option<NodeId> {
        (self.builder.len() < MAX_NODES).then(|| self.builder.push_source(Some(parent), kind, place, inner, (key, key)))
    }

    fn blank(&mut self) {
        while let Some(b' ' | b'\t') = self.peek() {
            self.at += 1;
        }
    }

    fn blank_lines(&mut self) -> Option<()> {
        loop {
            self.blank();
            match self.peek()? {
                b'#' | b'\n' | b'\r' => self.end()?,
                _ => return Some(()),
            }
        }
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }
}
