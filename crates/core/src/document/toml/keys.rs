//! Decodes keys and finds the table that a key or a header means.

use std::borrow::Cow;

use toml_parser::decoder::Encoding;
use toml_parser::{ErrorSink, Span as Range};

use super::super::sink::{SYNTAX, span, span_within};
use super::super::{Kind, MAX_DEPTH, MAX_NODES, NodeId, Span};
use super::tables::Def;
use super::{Key, Reader, Section, Slot};

impl<'t> Reader<'t, '_, '_> {
    pub(super) fn decode_key(&mut self, at: Range, encoding: Option<Encoding>, error: &mut dyn ErrorSink) -> Key<'t> {
        let place = span(at.start(), at.end());
        let written = &self.text[at.start()..at.end()];
        if encoding.is_none() && !written.is_empty() && written.bytes().all(is_bare) {
            return Key { text: Cow::Borrowed(written), inner: Some(place), place };
        }
        if written.is_empty() {
            self.syntax("a key is missing here", place);
            return Key { text: Cow::Borrowed(""), inner: Some(place), place };
        }
        let mut text = Cow::Borrowed("");
        if let Some(raw) = self.source.get(at) {
            let raw = toml_parser::Raw::new_unchecked(raw.as_str(), encoding, at);
            raw.decode_key(&mut text, error);
        }
        Key { inner: span_within(self.text, &text), text, place }
    }

    /// Where the value of the current key belongs, making the tables that a dotted key names.
    pub(super) fn place(&mut self) -> Option<Slot<'t>> {
        let (mut table, serial, above) = match self.open.last() {
            None => (self.section.table, self.section.serial, self.section.depth),
            Some(open) => (open.node, open.table?, open.depth),
        };
        let mut path = std::mem::take(&mut self.path);
        let key = path.pop()?;
        let depth = above + path.len();
        let mut parent = Some(table);
        if depth >= MAX_DEPTH {
            self.too_deep(key.place);
            return None;
        }
        for key in &path {
            match self.step(table, key, Def::Dotted(serial)) {
                Some(next) => (table, parent) = (next, Some(next)),
                None => {
                    parent = None;
                    break;
                }
            }
        }
        if let Some(table) = parent
            && let Some(first) = self.tables.find(&self.builder, self.text, table, &key.text)
        {
            self.duplicate(&key, first);
            parent = None;
        }
        // Its memory serves the next key.
        path.clear();
        self.path = path;
        Some(Slot { table: parent, key, depth })
    }

    /// The end of a `[header]`: opens its table.
    pub(super) fn close_header(&mut self, at: Range) {
        let Some((array, start)) = self.header.take() else { return };
        if self.quiet() {
            return;
        }
        let place = span(start, at.end());
        let mut path = std::mem::take(&mut self.path);
        self.serials += 1;
        let depth = path.len() + usize::from(array);
        let table = match path.pop() {
            _ if depth >= MAX_DEPTH => {
                self.too_deep(place);
                None
            }
            Some(key) => self.header_table(&path, &key, array, place),
            None => None,
        };
        // What may not be defined is read all the same, for its own mistakes, but is part of nothing.
        let table = table.unwrap_or_else(|| self.builder.push(None, Kind::Table, place));
        self.tables.define(table, Def::Header);
        self.section = Section { table, serial: self.serials, depth };
        path.clear();
        self.path = path;
    }

    fn header_table(&mut self, path: &[Key<'t>], key: &Key<'t>, array: bool, place: Span) -> Option<NodeId> {
        let mut table = NodeId::ROOT;
        for key in path {
            table = self.step(table, key, Def::Implicit)?;
        }
        let found = self.tables.find(&self.builder, self.text, table, &key.text);
        match found.map(|node| (node, self.tables.def(node))) {
            None if array => {
                let list = self.entry(table, key, Kind::Array, place);
                self.tables.define(list, Def::List);
                Some(self.builder.push(Some(list), Kind::Table, place))
            }
            None => Some(self.entry(table, key, Kind::Table, place)),
            Some((list, Some(Def::List))) if array => Some(self.builder.push(Some(list), Kind::Table, place)),
            Some((table, Some(Def::Implicit))) if !array => {
                self.builder.set_span(table, place);
                Some(table)
            }
            Some((first, _)) => {
                self.duplicate(key, first);
                None
            }
        }
    }

    /// The table of this key within `table`, made if it is missing; `None`, with a fault, if it may not be extended.
    fn step(&mut self, table: NodeId, key: &Key<'t>, as_: Def) -> Option<NodeId> {
        let Some(node) = self.tables.find(&self.builder, self.text, table, &key.text) else {
            if self.builder.len() >= MAX_NODES {
                self.too_many_nodes(key.place);
                return None;
            }
            let node = self.entry(table, key, Kind::Table, key.place);
            self.tables.define(node, as_);
            return Some(node);
        };
        let dotted = matches!(as_, Def::Dotted(_));
        match self.tables.def(node) {
            Some(Def::Dotted(_) | Def::Header | Def::Implicit) if !dotted => Some(node),
            Some(Def::List) if !dotted => self.builder.last_child(node),
            Some(Def::Dotted(_)) if self.tables.def(node) == Some(as_) => Some(node),
            Some(Def::Implicit) => {
                self.tables.define(node, as_);
                Some(node)
            }
            Some(Def::Inline) => {
                self.closed("an inline table is complete where it is written; add the key there", key, node)
            }
            Some(Def::List) => self.closed("a list of tables is extended by `[[…]]`, not by a dotted key", key, node),
            None if self.builder.peek().kind(node) == Kind::Array => {
                self.closed("a list is complete where it is written; add the table there", key, node)
            }
            None => self.closed("this key has a value above, so it cannot be a table", key, node),
            Some(Def::Dotted(_) | Def::Header) => {
                self.duplicate(key, node);
                None
            }
        }
    }

    fn closed(&mut self, message: &str, key: &Key<'t>, first: NodeId) -> Option<NodeId> {
        let first = self.builder.peek().key_span(first);
        self.errors.borrow_mut().sink(|sink| sink.related(SYNTAX, message, key.place, first));
        None
    }

    fn duplicate(&mut self, key: &Key<'t>, first: NodeId) {
        let first = self.builder.peek().key_span(first);
        self.errors.borrow_mut().sink(|sink| sink.duplicate(key.place, first));
    }
}

/// The bytes of bare keys, as a table: keys are most of a document.
const BARE: [bool; 256] = {
    let mut bare = [false; 256];
    let mut byte = 0;
    while byte < 256 {
        bare[byte] = (byte as u8).is_ascii_alphanumeric() || matches!(byte as u8, b'_' | b'-');
        byte += 1;
    }
    bare
};

#[inline]
pub(super) fn is_bare(byte: u8) -> bool {
    BARE[byte as usize]
}
