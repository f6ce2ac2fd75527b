//! TOML 1.1: `toml_parser` finds the tokens and all syntax errors, and its events become nodes at once.
//!
//! What the parser leaves open is decided here: which table a key belongs to, and what may be defined again.

use std::borrow::Cow;
use std::cell::RefCell;

use toml_parser::decoder::Encoding;
use toml_parser::lexer::Token;
use toml_parser::parser::{EventReceiver, parse_document};
use toml_parser::{ErrorSink, Source, Span as Range};

use self::errors::{Errors, Shared};
use self::tables::{Def, Tables};
use super::sink::{Sink, TOO_LARGE, span};
use super::{Document, DocumentBuilder, Fault, Kind, MAX_DEPTH, MAX_NODES, NodeId, Span};

mod datetime;
mod errors;
mod keys;
mod plain;
mod scalar;
mod tables;

/// The most tokens of a document: far above what a million values need.
const MAX_TOKENS: usize = 4 * MAX_NODES;

/// Reads a document; whatever is wrong with it is appended to `faults`.
pub(crate) fn parse(name: Cow<'static, str>, text: String, faults: &mut Vec<Fault>) -> Document {
    match parse_plain(name, text) {
        Ok(document) => document,
        Err((name, text)) => parse_any(name, text, faults),
    }
}

/// Reads a plain document; gives back any other.
pub(crate) fn parse_plain(name: Cow<'static, str>, text: String) -> Result<Document, (Cow<'static, str>, String)> {
    let mut builder = DocumentBuilder::detached(name, &text);
    builder.push(None, Kind::Table, span(0, text.len()));
    match plain::parse(&text, &mut builder) {
        Some(()) => Ok(builder.attach(text)),
        None => Err((builder.finish().name.clone(), text)),
    }
}

/// Reads any document.
pub(crate) fn parse_any(name: Cow<'static, str>, text: String, faults: &mut Vec<Fault>) -> Document {
    let source = Source::new(&text);
    let mut builder = DocumentBuilder::detached(name, &text);
    let root = builder.push(None, Kind::Table, span(0, text.len()));
    let mut sink = Sink::new(faults);
    let tokens = tokens(source);
    if tokens.len() > MAX_TOKENS {
        sink.push(TOO_LARGE, "the document has too many values; split it", span(0, 0));
        return builder.attach(text);
    }
    let errors = RefCell::new(Errors::new(&text, sink));
    let mut reader = Reader {
        text: &text,
        source,
        builder,
        errors: &errors,
        tables: Tables::new(root),
        section: Section { table: root, serial: 0, depth: 0 },
        serials: 0,
        open: Vec::new(),
        path: Vec::new(),
        joins: false,
        slot: None,
        header: None,
    };
    let mut rest = &tokens[..];
    loop {
        parse_document(rest, &mut reader, &mut Shared(&errors));
        // After a list that is not closed the parser would read the rest of the file as its items.
        let Some(line) = errors.borrow_mut().resume() else { break };
        reader.open.clear();
        rest = &tokens[tokens.partition_point(|token| token.span().start() < line)..];
    }
    let builder = reader.builder;
    builder.attach(text)
}

fn tokens(source: Source<'_>) -> Vec<Token> {
    let mut tokens = Vec::with_capacity((source.input().len() / 3 + 8).min(MAX_TOKENS));
    tokens.extend(source.lex().take(MAX_TOKENS + 1));
    tokens
}

/// Turns events into nodes.
struct Reader<'t, 'f, 'e> {
    text: &'t str,
    source: Source<'t>,
    builder: DocumentBuilder,
    errors: &'e RefCell<Errors<'t, 'f>>,
    tables: Tables,
    section: Section,
    /// Numbers sections and inline tables: a dotted key may only extend what was made under its own number.
    serials: u32,
    /// The arrays and inline tables that are open.
    open: Vec<Open>,
    /// The key that is being read.
    path: Vec<Key<'t>>,
    /// Whether the last event was the dot between two keys.
    joins: bool,
    /// Where the next value belongs.
    slot: Option<Slot<'t>>,
    /// The header that is being read: whether it is `[[…]]`, and where it starts.
    header: Option<(bool, usize)>,
}

/// The table that the key-value pairs of the current section belong to.
#[derive(Clone, Copy)]
struct Section {
    table: NodeId,
    serial: u32,
    depth: usize,
}

#[derive(Clone, Copy)]
struct Open {
    node: NodeId,
    /// `None` for an array.
    table: Option<u32>,
    start: usize,
    /// How many levels the key of this value had added.
    depth: usize,
}

#[derive(Clone)]
struct Key<'t> {
    text: std::borrow::Cow<'t, str>,
    /// The bytes of the text, when it stands in the source as it is.
    inner: Option<Span>,
    place: Span,
}

/// A place for a value: a table and a key, or nowhere, for a second value of one key.
struct Slot<'t> {
    table: Option<NodeId>,
    key: Key<'t>,
    depth: usize,
}

impl<'t> Reader<'t, '_, '_> {
    /// Appends a value where it belongs.
    fn value(&mut self, kind: Kind, place: Span) -> NodeId {
        if self.builder.len() >= MAX_NODES {
            self.too_many_nodes(place);
        }
        match (self.slot.take(), self.open.last()) {
            (Some(Slot { table: Some(table), key, .. }), _) => self.entry(table, &key, kind, place),
            (None, Some(Open { node, table: None, .. })) => {
                let node = *node;
                self.builder.push(Some(node), kind, place)
            }
            // A duplicate, or what a syntax error left over: read, but part of nothing.
            _ => self.builder.push(None, kind, place),
        }
    }

    /// Appends an entry to a table.
    fn entry(&mut self, table: NodeId, key: &Key<'t>, kind: Kind, place: Span) -> NodeId {
        let node = self.builder.push(Some(table), kind, place);
        match key.inner {
            Some(inner) => self.builder.set_key_parts(node, inner, key.place),
            None => self.builder.set_key(node, &key.text, key.place),
        }
        self.tables.add(&self.builder, self.text, table, node, &key.text);
        node
    }

    /// Opens an array or an inline table; whether its content is wanted.
    fn begin(&mut self, kind: Kind, at: Range) -> bool {
        if self.quiet() {
            return false;
        }
        let above = self.open.last().map_or(self.section.depth, |open| open.depth);
        let depth = self.slot.as_ref().map_or(above, |slot| slot.depth) + 1;
        let place = span(at.start(), at.end());
        if depth >= MAX_DEPTH {
            self.too_deep(place);
            return false;
        }
        let node = self.value(kind, place);
        let table = (kind == Kind::Table).then(|| {
            self.serials += 1;
            self.tables.define(node, Def::Inline);
            self.serials
        });
        self.open.push(Open { node, table, start: at.start(), depth });
        true
    }

    fn end(&mut self, at: Range) {
        self.path.clear();
        self.slot = None;
        if let Some(open) = self.open.pop() {
            self.builder.set_span(open.node, span(open.start, at.end().max(open.start)));
        }
    }

    fn key(&mut self, at: Range, encoding: Option<Encoding>, error: &mut dyn ErrorSink) {
        if !std::mem::take(&mut self.joins) {
            self.path.clear();
            self.slot = None;
        }
        let key = self.decode_key(at, encoding, error);
        self.path.push(key);
    }

    /// Whether events are ignored: after the last fault, and in the rest of a list that is not closed.
    fn quiet(&self) -> bool {
        self.errors.borrow().quiet()
    }

    #[cold]
    fn syntax(&self, message: &str, place: Span) {
        self.errors.borrow_mut().syntax(message, place);
    }

    #[cold]
    fn too_many_nodes(&self, place: Span) {
        self.errors.borrow_mut().last(|sink| sink.too_many_nodes(place));
    }

    #[cold]
    fn too_deep(&self, place: Span) {
        self.errors.borrow_mut().last(|sink| sink.too_deep(place));
    }
}

impl EventReceiver for Reader<'_, '_, '_> {
    fn std_table_open(&mut self, at: Range, _: &mut dyn ErrorSink) {
        (self.joins, self.header) = (false, Some((false, at.start())));
        self.path.clear();
    }

    fn std_table_close(&mut self, at: Range, _: &mut dyn ErrorSink) {
        self.close_header(at);
    }

    fn array_table_open(&mut self, at: Range, _: &mut dyn ErrorSink) {
        (self.joins, self.header) = (false, Some((true, at.start())));
        self.path.clear();
    }

    fn array_table_close(&mut self, at: Range, _: &mut dyn ErrorSink) {
        self.close_header(at);
    }

    fn inline_table_open(&mut self, at: Range, _: &mut dyn ErrorSink) -> bool {
        self.begin(Kind::Table, at)
    }

    fn inline_table_close(&mut self, at: Range, _: &mut dyn ErrorSink) {
        self.end(at);
    }

    fn array_open(&mut self, at: Range, _: &mut dyn ErrorSink) -> bool {
        self.begin(Kind::Array, at)
    }

    fn array_close(&mut self, at: Range, _: &mut dyn ErrorSink) {
        self.end(at);
    }

    fn simple_key(&mut self, at: Range, encoding: Option<Encoding>, error: &mut dyn ErrorSink) {
        if !self.quiet() {
            self.key(at, encoding, error);
        }
    }

    fn key_sep(&mut self, _: Range, _: &mut dyn ErrorSink) {
        self.joins = true;
    }

    fn key_val_sep(&mut self, _: Range, _: &mut dyn ErrorSink) {
        if !self.quiet() {
            self.slot = self.place();
        }
    }

    fn scalar(&mut self, at: Range, encoding: Option<Encoding>, error: &mut dyn ErrorSink) {
        if !self.quiet() {
            self.scalar_value(at, encoding, error);
        }
    }

    fn comment(&mut self, at: Range, error: &mut dyn ErrorSink) {
        let plain = self.text.as_bytes()[at.start()..at.end()].iter().all(|byte| *byte >= b' ' && *byte != 0x7f);
        if !plain && let Some(raw) = self.source.get(at) {
            raw.decode_comment(error);
        }
    }

    fn newline(&mut self, at: Range, error: &mut dyn ErrorSink) {
        if &self.text.as_bytes()[at.start()..at.end()] != b"\n"
            && let Some(raw) = self.source.get(at)
        {
            raw.decode_newline(error);
        }
    }
}
