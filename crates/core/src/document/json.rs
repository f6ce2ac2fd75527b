//! JSON (RFC 8259) with `//` and `/* */` comments, and nothing else lenient.
//!
//! A recursive descent over bytes, bounded by [`MAX_DEPTH`]. Strings without escapes and all numbers stay in the text;
//! so a document costs one arena. After a mistake the parser goes on where the next entry surely begins, and stops
//! where that is a guess, so that one mistake is one fault.

use std::borrow::Cow;

use super::keys::{self, Keys, LargeTables, Table};
use super::sink::{SYNTAX, Sink, span};
use super::{Document, DocumentBuilder, Fault, Kind, MAX_DEPTH, MAX_NODES, NodeId, Span};

mod scan;
mod string;

/// Reads a document; whatever is wrong with it is appended to `faults`.
pub(crate) fn parse(name: Cow<'static, str>, text: String, faults: &mut Vec<Fault>) -> Document {
    let builder = DocumentBuilder::detached(name, &text);
    let mut parser = Parser {
        text: &text,
        bytes: text.as_bytes(),
        at: 0,
        builder,
        large: LargeTables::default(),
        sink: Sink::new(faults),
    };
    // The faults say why it stopped; what was read until then stays.
    let _ = parser.document();
    let builder = parser.builder;
    builder.attach(text)
}

/// Reads a text that is one value of any kind, which becomes the one entry of a table: the parser wants one as its root.
pub(crate) fn parse_value(text: &str, faults: &mut Vec<Fault>) -> Document {
    let document = parse("".into(), format!("{{\"\":{text}}}"), faults);
    if let Some(second) = document.children(NodeId::ROOT).nth(1) {
        Sink::new(faults).push(SYNTAX, "nothing may follow the value", document.key_span(second));
    }
    document
}

/// Why a value was not read. The fault is already recorded.
enum Stop {
    /// The place is known well enough to go on with the next entry.
    Skip,
    /// Going on would only produce follow-up errors.
    End,
}

struct Parser<'t, 'f> {
    text: &'t str,
    bytes: &'t [u8],
    at: usize,
    builder: DocumentBuilder,
    large: LargeTables,
    sink: Sink<'f>,
}

/// A key that was read: as written between its quotes, and decoded if that is something else.
struct Key<'t> {
    source: &'t str,
    decoded: Option<String>,
    /// The quotes included.
    place: Span,
}

impl Key<'_> {
    fn text(&self) -> &str {
        self.decoded.as_deref().unwrap_or(self.source)
    }
}

impl<'t> Parser<'t, '_> {
    fn document(&mut self) -> Result<(), Stop> {
        if self.text.starts_with('\u{feff}') {
            self.at = '\u{feff}'.len_utf8();
        }
        self.blank()?;
        let start = self.at;
        if self.peek() != Some(b'{') {
            let end = (start + usize::from(start < self.bytes.len())).min(self.bytes.len());
            let end = (end..=self.bytes.len()).find(|end| self.text.is_char_boundary(*end)).unwrap_or(end);
            self.sink.push(SYNTAX, "the document must be an object: begin it with `{`", span(start, end));
            return Err(Stop::End);
        }
        self.value(None, None, 0)?;
        self.blank()?;
        if self.at < self.bytes.len() {
            return self.end("nothing may follow the document's closing `}`; remove this", self.at);
        }
        Ok(())
    }

    /// Reads a value into a node below `parent` (`None`: nowhere, as for the second of two equal keys).
    #[inline]
    fn value(&mut self, parent: Option<NodeId>, key: Option<&Key<'t>>, depth: usize) -> Result<NodeId, Stop> {
        let start = self.at;
        if self.builder.len() >= MAX_NODES {
            self.sink.too_many_nodes(self.here());
            return Err(Stop::End);
        }
        let (kind, quotes, decoded) = match self.peek() {
            Some(open @ (b'{' | b'[')) => return self.container(open, parent, key, depth),
            Some(b'"') if self.plain_string() => (Kind::String, 1, None),
            Some(b'"') => (Kind::String, 1, Some(self.odd_string()?)),
            _ => (self.plain()?, 0, None),
        };
        let node = self.node(parent, key, kind, start, span(start + quotes, self.at - quotes));
        if let Some(text) = decoded {
            self.builder.set_scalar(node, &text);
        }
        Ok(node)
    }

    /// Reads an object or a list.
    fn container(
        &mut self,
        open: u8,
        parent: Option<NodeId>,
        key: Option<&Key<'t>>,
        depth: usize,
    ) -> Result<NodeId, Stop> {
        if depth >= MAX_DEPTH {
            self.sink.too_deep(self.here());
            return Err(Stop::End);
        }
        let start = self.at;
        let kind = if open == b'{' { Kind::Table } else { Kind::Array };
        let node = self.node(parent, key, kind, start, Span::default());
        self.at += 1;
        if open == b'{' {
            self.table(node, depth + 1)?
        } else {
            self.array(node, depth + 1)?
        }
        self.builder.set_span(node, span(start, self.at));
        Ok(node)
    }

    /// The entries of an object after its `{`, up to and with its `}`.
    fn table(&mut self, table: NodeId, depth: usize) -> Result<(), Stop> {
        let open = self.at - 1;
        let mut keys = Keys::default();
        let mut comma = None;
        loop {
            self.blank()?;
            let read = match self.peek() {
                Some(b'"') => self.entry(table, &mut keys, depth),
                Some(b'}') => return self.close(comma),
                _ => self.bad_entry(open, comma),
            };
            comma = self.after(read, open)?;
        }
    }

    /// A key, its colon and its value.
    fn entry(&mut self, table: NodeId, keys: &mut Keys, depth: usize) -> Result<(), Stop> {
        let start = self.at;
        let decoded = if self.plain_string() { None } else { Some(self.odd_string()?) };
        let key = Key { decoded, place: span(start, self.at), source: &self.text[start + 1..self.at - 1] };
        self.blank()?;
        if self.peek() != Some(b':') {
            return self.bad("expected `:` between a key and its value", self.at);
        }
        self.at += 1;
        self.blank()?;
        let name = keys::Key::new(key.text());
        let first = keys.find(Table { builder: &self.builder, text: self.text, node: table }, &self.large, name);
        if let Some(first) = first {
            self.sink.duplicate(key.place, self.builder.peek().key_span(first));
            return self.value(None, None, depth).map(|_| ());
        }
        let before = self.builder.len();
        let read = self.value(Some(table), Some(&key), depth);
        // A value that was begun is in the table, also when it does not end well.
        if self.builder.len() > before {
            let node = NodeId(before as u32);
            keys.add(Table { builder: &self.builder, text: self.text, node: table }, &mut self.large, node, name);
        }
        read.map(|_| ())
    }

    /// The items of a list after its `[`, up to and with its `]`.
    fn array(&mut self, array: NodeId, depth: usize) -> Result<(), Stop> {
        let open = self.at - 1;
        let mut comma = None;
        loop {
            self.blank()?;
            let read = match self.peek() {
                Some(b']') => return self.close(comma),
                Some(b',' | b'}') | None => self.bad_entry(open, comma),
                Some(_) => self.value(Some(array), None, depth).map(|_| ()),
            };
            comma = self.after(read, open)?;
        }
    }

    /// Passes the closing bracket; `comma` is where a comma just before it stood.
    fn close(&mut self, comma: Option<usize>) -> Result<(), Stop> {
        if let Some(comma) = comma {
            self.fault("a comma may not follow the last entry; remove it", comma, comma + 1)?;
        }
        self.at += 1;
        Ok(())
    }

    /// What follows an entry: a comma, whose place is returned, or the closing bracket, which stays. A missing comma
    /// is a fault, and the next entry is read all the same.
    #[inline]
    fn after(&mut self, read: Result<(), Stop>, open: usize) -> Result<Option<usize>, Stop> {
        if read.is_ok() {
            self.blank()?;
            match self.peek() {
                Some(b',') => {
                    self.at += 1;
                    return Ok(Some(self.at - 1));
                }
                Some(byte) if byte == closing(self.bytes[open]) => return Ok(None),
                _ => {}
            }
        }
        self.odd_after(read, open)
    }

    #[cold]
    fn odd_after(&mut self, read: Result<(), Stop>, open: usize) -> Result<Option<usize>, Stop> {
        match read {
            Ok(()) => {}
            Err(Stop::Skip) => return self.resume(open),
            Err(Stop::End) => return Err(Stop::End),
        }
        match self.peek() {
            None => self.unclosed(open),
            Some(b'}' | b']') => self.wrong_bracket(open),
            Some(byte) if byte == b'"' || (self.bytes[open] == b'[' && byte != b':') => {
                self.fault("a comma is missing before this", self.at, self.at + 1).map(|()| None)
            }
            Some(_) => {
                self.fault("expected a comma or the closing bracket after a value", self.at, self.at + 1)?;
                self.resume(open)
            }
        }
    }

    /// Goes on after a mistake that is already recorded: to the comma or bracket that ends the entry, or to an entry
    /// at the start of a later line. A guess beyond that would make up faults.
    #[cold]
    fn resume(&mut self, open: usize) -> Result<Option<usize>, Stop> {
        self.skip(open)?;
        self.blank()?;
        match self.peek() {
            Some(b',') => {
                self.at += 1;
                Ok(Some(self.at - 1))
            }
            Some(b'"') => Ok(None),
            Some(byte) if byte == closing(self.bytes[open]) => Ok(None),
            Some(b'}' | b']' | b':') | None => Err(Stop::End),
            Some(_) if self.bytes[open] == b'[' => Ok(None),
            Some(_) => Err(Stop::End),
        }
    }

    /// Records what stands where an entry should.
    #[cold]
    fn bad_entry(&mut self, open: usize, comma: Option<usize>) -> Result<(), Stop> {
        match self.peek() {
            None => self.unclosed(open),
            Some(b'}' | b']') => self.wrong_bracket(open),
            Some(b',') if comma.is_some() => self.fault("there is a comma too many; remove it", self.at, self.at + 1),
            Some(b',') => self.fault("an entry is missing before this comma", self.at, self.at + 1),
            Some(_) => {
                self.fault("expected a key in double quotes", self.at, self.token_end())?;
                Err(Stop::Skip)
            }
        }
    }

    fn unclosed<T>(&mut self, open: usize) -> Result<T, Stop> {
        let message = if self.bytes[open] == b'{' {
            "this object is not closed; add its `}`"
        } else {
            "this list is not closed; add its `]`"
        };
        self.end(message, open)
    }

    fn wrong_bracket<T>(&mut self, open: usize) -> Result<T, Stop> {
        let message = if self.bytes[open] == b'{' {
            "expected `}` to close the object"
        } else {
            "expected `]` to close the list"
        };
        self.end(message, self.at)
    }

    #[inline]
    fn node(&mut self, parent: Option<NodeId>, key: Option<&Key<'t>>, kind: Kind, start: usize, text: Span) -> NodeId {
        let places = key.map_or_else(Default::default, |Key { place, .. }| {
            (Span { start: place.start + 1, end: place.end - 1 }, *place)
        });
        let node = self.builder.push_source(parent, kind, span(start, self.at), text, places);
        if let Some(Key { decoded: Some(text), place, .. }) = key {
            self.builder.set_key(node, text, *place);
        }
        node
    }

    #[inline]
    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn here(&self) -> Span {
        span(self.at, self.at + 1)
    }

    /// Records a fault and goes on, unless there are too many.
    #[cold]
    fn fault(&mut self, message: &str, start: usize, end: usize) -> Result<(), Stop> {
        let end = (end..self.bytes.len()).find(|end| self.text.is_char_boundary(*end)).unwrap_or(self.bytes.len());
        self.sink.push(SYNTAX, message, span(start.min(end), end));
        if self.sink.is_full() { Err(Stop::End) } else { Ok(()) }
    }

    /// Records a fault in an entry, which is then skipped.
    #[cold]
    fn bad<T>(&mut self, message: &str, at: usize) -> Result<T, Stop> {
        self.fault(message, at, at + 1)?;
        Err(Stop::Skip)
    }

    /// Records a fault and ends the reading.
    #[cold]
    fn end<T>(&mut self, message: &str, at: usize) -> Result<T, Stop> {
        let _ = self.fault(message, at, at + 1);
        Err(Stop::End)
    }
}

fn closing(open: u8) -> u8 {
    if open == b'{' { b'}' } else { b']' }
}
