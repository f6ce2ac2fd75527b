//! YAML 1.2 with merge keys: `granit-parser` yields events with places, and they become nodes at once.
//!
//! Plain scalars stay text, exactly as written: their reader knows the type, so `00123` and `no` survive. What the
//! events leave open is decided here: duplicates, aliases, merges, tags, and what a configuration may not be.

use std::borrow::Cow;
use std::collections::HashMap;

use granit_parser::{Event, Parser, ScalarStyle, Tag};

use super::keys::{self, Keys, LargeTables, Table};
use super::sink::{SYNTAX, Sink};
use super::{Document, DocumentBuilder, Fault, Kind, MAX_DEPTH, MAX_NODES, NodeId, Span};

mod alias;
mod scalar;
mod syntax;

/// Reads a document; whatever is wrong with it is appended to `faults`.
pub(crate) fn parse(name: Cow<'static, str>, text: String, faults: &mut Vec<Fault>) -> Document {
    let builder = DocumentBuilder::detached(name, &text);
    let mut reader = Reader {
        text: &text,
        base: if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 },
        builder,
        sink: Sink::new(faults),
        large: LargeTables::default(),
        open: Vec::new(),
        anchors: HashMap::new(),
        merged: 0,
        started: false,
    };
    // The faults say why it stopped; what was read until then stays.
    let _ = reader.document();
    let builder = reader.builder;
    builder.attach(text)
}

/// Nothing more is read; the fault is recorded.
struct Stop;

struct Reader<'t, 'f> {
    text: &'t str,
    /// The length of the byte-order mark, which the parser does not see.
    base: usize,
    builder: DocumentBuilder,
    sink: Sink<'f>,
    large: LargeTables,
    open: Vec<Open<'t>>,
    anchors: HashMap<usize, Anchor>,
    /// The tables and entries that merges have looked at: few of them need become nodes.
    merged: usize,
    started: bool,
}

struct Anchor {
    node: NodeId,
    /// Whether its node is complete; an alias before that is recursive.
    complete: bool,
}

/// A mapping or a sequence that is not yet closed.
struct Open<'t> {
    node: NodeId,
    start: u32,
    anchor: usize,
    /// Where it belongs in its parent.
    slot: Slot,
    /// Of a mapping: its keys, the key that waits for its value, and what is merged into it.
    keys: Keys,
    key: Option<Key<'t>>,
    merges: Vec<(NodeId, Span)>,
}

enum Key<'t> {
    Text(Cow<'t, str>, Option<Span>, Span),
    /// `<<`
    Merge(Span),
    /// A key with a fault: its value is read, but is part of nothing.
    Dropped,
}

/// What a node is to its parent.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Slot {
    /// The document itself, an item, or an entry: already appended.
    Linked,
    /// A key that is no scalar.
    Key,
    /// The value of `<<`.
    Merge(Span),
    Dropped,
}

impl<'t> Reader<'t, '_> {
    fn document(&mut self) -> Result<(), Stop> {
        let options = granit_parser::options! { emit_comments: false, emit_unresolved_aliases: true };
        for event in Parser::new_from_str_with_options(&self.text[self.base..], options) {
            match event {
                Ok((event, place)) => {
                    let place = self.place(&place);
                    self.event(event, place)?;
                }
                Err(error) => return self.error(&error),
            }
            if self.sink.is_full() {
                return Err(Stop);
            }
        }
        Ok(())
    }

    fn event(&mut self, event: Event<'t>, place: Span) -> Result<(), Stop> {
        match event {
            Event::DocumentStart(..) if self.started => {
                self.sink.push(SYNTAX, "the file holds a second document; a configuration is one", place);
                return Err(Stop);
            }
            Event::DocumentStart(..) => self.started = true,
            Event::Scalar(text, style, anchor, tag) => return self.scalar(text, style, anchor, tag.as_deref(), place),
            Event::SequenceStart(_, anchor, tag) => return self.begin(Kind::Array, anchor, tag.as_deref(), place),
            Event::MappingStart(_, anchor, tag) => return self.begin(Kind::Table, anchor, tag.as_deref(), place),
            Event::SequenceEnd | Event::MappingEnd => return self.end(place),
            Event::Alias(anchor) => return self.alias(anchor, place),
            Event::UnresolvedAlias(_) => {
                self.sink.push(SYNTAX, "no anchor of this name stands above", place);
                // It is part of nothing, so that nothing more is said of it.
                let (_, _, slot) = self.take_slot();
                let node = self.push(None, Kind::Null, place)?;
                return self.done(node, slot);
            }
            // Comments are not emitted; the rest has no content.
            _ => {}
        }
        Ok(())
    }

    /// Where the next node belongs: its parent, its key, and what it is to the parent.
    fn take_slot(&mut self) -> (Option<NodeId>, Option<Key<'t>>, Slot) {
        let Some(open) = self.open.last_mut() else { return (None, None, Slot::Linked) };
        if self.builder.peek().kind(open.node) == Kind::Array {
            return (Some(open.node), None, Slot::Linked);
        }
        match open.key.take() {
            None => (None, None, Slot::Key),
            Some(Key::Merge(place)) => (None, None, Slot::Merge(place)),
            Some(Key::Dropped) => (None, None, Slot::Dropped),
            Some(key) => (Some(open.node), Some(key), Slot::Linked),
        }
    }

    /// Appends a node of the current slot.
    fn node(&mut self, kind: Kind, place: Span) -> Result<(NodeId, Slot), Stop> {
        let (parent, key, slot) = self.take_slot();
        let node = self.push(parent, kind, place)?;
        self.set_key(node, key);
        Ok((node, slot))
    }

    fn set_key(&mut self, node: NodeId, key: Option<Key<'t>>) {
        let (Some(Key::Text(text, inner, place)), Some(open)) = (key, self.open.last_mut()) else { return };
        match inner {
            Some(inner) => self.builder.set_key_parts(node, inner, place),
            None => self.builder.set_key(node, &text, place),
        }
        let table = Table { builder: &self.builder, text: self.text, node: open.node };
        open.keys.add(table, &mut self.large, node, keys::Key::new(&text));
    }

    /// A table for its keys.
    fn table(&self, node: NodeId) -> Table<'_> {
        Table { builder: &self.builder, text: self.text, node }
    }

    fn push(&mut self, parent: Option<NodeId>, kind: Kind, place: Span) -> Result<NodeId, Stop> {
        if self.builder.len() >= MAX_NODES {
            self.sink.too_many_nodes(place);
            return Err(Stop);
        }
        Ok(self.builder.push(parent, kind, place))
    }

    fn begin(&mut self, kind: Kind, anchor: usize, tag: Option<&Tag>, place: Span) -> Result<(), Stop> {
        if self.open.is_empty() && kind == Kind::Array {
            return self.bad_root(place);
        }
        if self.open.len() >= MAX_DEPTH {
            self.sink.too_deep(place);
            return Err(Stop);
        }
        self.check_tag(tag, if kind == Kind::Table { "map" } else { "seq" }, place);
        let (node, slot) = self.node(kind, place)?;
        if slot == Slot::Key {
            self.sink.push(SYNTAX, "a key is a single text, not a list or a table", place);
        }
        if anchor != 0 {
            self.anchors.insert(anchor, Anchor { node, complete: false });
        }
        self.open.push(Open {
            node,
            start: place.start,
            anchor,
            slot,
            keys: Keys::default(),
            key: None,
            merges: Vec::new(),
        });
        Ok(())
    }

    fn end(&mut self, place: Span) -> Result<(), Stop> {
        self.merge()?;
        let Some(open) = self.open.pop() else { return Ok(()) };
        // The parser ends a block where the next token starts; what a reader sees ends with its last child.
        let last = self.builder.last_child(open.node).map(|child| self.builder.peek().span(child).end);
        let closed = place.end > place.start;
        let end = if closed { place.end } else { last.unwrap_or(place.end).max(open.start) };
        self.builder.set_span(open.node, Span { start: open.start, end });
        if let Some(anchor) = self.anchors.get_mut(&open.anchor) {
            anchor.complete = true;
        }
        self.done(open.node, open.slot)
    }

    /// A node is complete: tells its parent, where it is not simply a child.
    fn done(&mut self, node: NodeId, slot: Slot) -> Result<(), Stop> {
        let Some(parent) = self.open.last_mut() else { return Ok(()) };
        match slot {
            Slot::Key => parent.key = Some(Key::Dropped),
            Slot::Merge(place) => parent.merges.push((node, place)),
            Slot::Linked | Slot::Dropped => {}
        }
        Ok(())
    }

    fn bad_root(&mut self, place: Span) -> Result<(), Stop> {
        self.sink.push(SYNTAX, "the document must be a table: begin it with `key: value`", place);
        Err(Stop)
    }
}

/// Whether a plain scalar says that there is no value.
fn is_null(text: &str) -> bool {
    matches!(text, "" | "~" | "null" | "Null" | "NULL")
}

/// Whether a scalar in this style is text whatever it looks like.
fn is_quoted(style: ScalarStyle) -> bool {
    style != ScalarStyle::Plain
}
