//! The one tree that every source is read into: a flat arena of nodes, each with the bytes it came from.
//!
//! Files of every format, `.env` files, variables, arguments, programmatic values and merged values all become a
//! [`Document`]; so a leaf is decoded, checked, reported and explained in one way, wherever it was written.
//! Nodes refer to the text by byte offsets, so that keeping the origin of a leaf costs nothing but keeping the document.

use std::borrow::Cow;
use std::sync::OnceLock;

use lines::Lines;

use crate::resolve::Mark;
use crate::wipe;

mod build;
#[cfg(any(feature = "json", feature = "toml"))]
mod bytes;
pub(crate) mod dotenv;
#[cfg(feature = "json")]
pub(crate) mod json;
mod keys;
mod lines;
pub(crate) mod open;
mod sink;
#[cfg(test)]
mod tests;
#[cfg(feature = "toml")]
pub(crate) mod toml;
#[cfg(feature = "yaml")]
pub(crate) mod yaml;

pub use build::DocumentBuilder;

/// The deepest nesting of tables and arrays that a document may have.
pub(crate) const MAX_DEPTH: usize = 128;

/// The largest document that is read, in bytes: configuration beyond this is a mistake, and memory stays bounded.
pub(crate) const MAX_BYTES: usize = 16 * 1024 * 1024;

/// The most nodes that a document may have, or grow to through YAML aliases.
pub(crate) const MAX_NODES: usize = 1_000_000;

/// What a node is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// An explicit none.
    Null,
    /// `true` or `false`; the text says which.
    Bool,
    /// A number without fraction or exponent, as written (`1_000`, `0xff`).
    Integer,
    /// A number with fraction or exponent, or `inf` / `nan`, as written.
    Float,
    /// A quoted string; the text is decoded.
    String,
    /// A TOML date or time, as written.
    Datetime,
    /// Text whose type its reader decides: a variable, an argument.
    Text,
    /// A plain YAML scalar: its reader decides by YAML's core schema.
    Plain,
    /// A list; its items are the children.
    Array,
    /// A table; its entries are the children, which have keys.
    Table,
}

/// The entries of one table by their keys: one type for all who look up, so that its code is there once.
pub(crate) type Index = std::collections::HashMap<Box<str>, NodeId>;

/// A node's index in its document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct NodeId(u32);

impl NodeId {
    /// No node.
    pub(crate) const NONE: Self = Self(u32::MAX);
    /// The root of every document.
    pub const ROOT: Self = Self(0);

    /// This node, or `None` for [`NodeId::NONE`].
    pub(crate) fn some(self) -> Option<Self> {
        (self != Self::NONE).then_some(self)
    }
}

/// A range of bytes in a document's text, end excluded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Span {
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

/// A text in the source itself, or decoded beside it.
#[derive(Debug, Clone, Copy)]
struct TextRef {
    start: u32,
    end: u32,
    decoded: bool,
}

#[derive(Debug, Clone, Copy)]
struct Node {
    kind: Kind,
    span: Span,
    text: TextRef,
    key_span: Span,
    key: TextRef,
    first_child: NodeId,
    /// The last child, to append in constant time.
    last_child: NodeId,
    next: NodeId,
}

/// A parsed document: its name, its text, and its nodes.
#[derive(Clone)]
pub struct Document {
    name: Cow<'static, str>,
    text: String,
    decoded: String,
    nodes: Vec<Node>,
    /// What became of references to secrets that stand elsewhere; nearly always none.
    pub(crate) marks: Vec<(NodeId, Mark)>,
    /// No line of the text is quoted: it is laid out for another version, of which nobody knows what is secret.
    pub(crate) unquoted: bool,
    /// Counted when a position is first asked for.
    lines: OnceLock<Lines>,
}

impl Document {
    /// The name under which positions are reported: the path as it was given.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The source text (empty for values that never were a text).
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// What the node is.
    #[must_use]
    pub fn kind(&self, node: NodeId) -> Kind {
        self.node(node).kind
    }

    /// A scalar's text: decoded for strings, as written for numbers, empty for tables and arrays.
    #[must_use]
    pub fn scalar(&self, node: NodeId) -> &str {
        self.resolve(self.node(node).text)
    }

    /// The bytes of a scalar's text.
    #[inline]
    pub(crate) fn scalar_bytes(&self, node: NodeId) -> &[u8] {
        let text = self.node(node).text;
        let source = if text.decoded { &self.decoded } else { &self.text };
        &source.as_bytes()[text.start as usize..text.end as usize]
    }

    /// The bytes of the node's value, quotes and brackets included.
    #[must_use]
    pub fn span(&self, node: NodeId) -> Span {
        self.node(node).span
    }

    /// The node's key in its table; empty for items and the root.
    #[must_use]
    pub fn key(&self, node: NodeId) -> &str {
        self.resolve(self.node(node).key)
    }

    /// The bytes of the node's key, as text.
    #[inline]
    pub(crate) fn key_bytes(&self, node: NodeId) -> &[u8] {
        let key = self.node(node).key;
        let source = if key.decoded { &self.decoded } else { &self.text };
        &source.as_bytes()[key.start as usize..key.end as usize]
    }

    /// Whether the node has this key.
    #[inline]
    pub(crate) fn has_key(&self, node: NodeId, key: &str) -> bool {
        let own = self.node(node).key;
        own.end - own.start == key.len() as u32 && self.key_bytes(node) == key.as_bytes()
    }

    /// The bytes of the node's key.
    #[must_use]
    pub fn key_span(&self, node: NodeId) -> Span {
        self.node(node).key_span
    }

    /// The entries of a table or the items of an array, in their order.
    pub fn children(&self, node: NodeId) -> impl Iterator<Item = NodeId> + Clone + '_ {
        let first = self.first_child(node);
        std::iter::successors(first, |child| self.next_sibling(*child))
    }

    pub(crate) fn first_child(&self, node: NodeId) -> Option<NodeId> {
        self.node(node).first_child.some()
    }

    pub(crate) fn next_sibling(&self, node: NodeId) -> Option<NodeId> {
        self.node(node).next.some()
    }

    /// The child of a table by its key.
    #[must_use]
    pub fn get(&self, table: NodeId, key: &str) -> Option<NodeId> {
        self.children(table).find(|child| self.has_key(*child, key))
    }

    /// The children of a table by their keys, for many look-ups.
    pub(crate) fn index(&self, table: NodeId) -> Index {
        self.children(table).map(|child| (self.key(child).into(), child)).collect()
    }

    /// Line and column, both from 1, the column in characters, of a byte of the text.
    #[must_use]
    pub fn position(&self, byte: u32) -> (usize, usize) {
        self.lines().position(&self.text, byte as usize)
    }

    /// The number of a byte's line, from 1, and the bytes of that line without its line break.
    pub(crate) fn line(&self, byte: usize) -> (usize, std::ops::Range<usize>) {
        let (line, start) = self.lines().line(byte);
        (line, start..self.lines().end(&self.text, line))
    }

    fn lines(&self) -> &Lines {
        self.lines.get_or_init(|| Lines::of(&self.text))
    }

    /// Changes a scalar's text; its place stays.
    pub(crate) fn amend(&mut self, node: NodeId, text: &str) {
        let start = self.decoded.len() as u32;
        wipe::push(&mut self.decoded, text);
        let end = self.decoded.len() as u32;
        self.node_mut(node).text = TextRef { start, end, decoded: true };
    }

    /// The same, with another kind.
    pub(crate) fn amend_as(&mut self, node: NodeId, kind: Kind, text: &str) {
        self.amend(node, text);
        self.node_mut(node).kind = kind;
    }

    fn node(&self, node: NodeId) -> &Node {
        &self.nodes[node.0 as usize]
    }

    fn node_mut(&mut self, node: NodeId) -> &mut Node {
        &mut self.nodes[node.0 as usize]
    }

    /// Takes every null out of a table and of the tables below it; lists stay whole.
    pub(crate) fn remove_nulls(&mut self, node: NodeId) {
        let mut todo = vec![node];
        while let Some(table) = todo.pop() {
            if self.kind(table) != Kind::Table {
                continue;
            }
            let kept: Vec<NodeId> = self.children(table).filter(|child| self.kind(*child) != Kind::Null).collect();
            let parent = &mut self.nodes[table.0 as usize];
            parent.first_child = kept.first().copied().unwrap_or(NodeId::NONE);
            parent.last_child = kept.last().copied().unwrap_or(NodeId::NONE);
            for (index, child) in kept.iter().enumerate() {
                self.nodes[child.0 as usize].next = kept.get(index + 1).copied().unwrap_or(NodeId::NONE);
            }
            todo.extend(kept);
        }
    }

    /// Makes a node the root; what stands around it stays in the arena, where nothing leads to it.
    pub(crate) fn make_root(&mut self, node: NodeId) {
        let key = TextRef { start: 0, end: 0, decoded: true };
        let node = self.nodes[node.0 as usize];
        self.nodes[0] = Node { key, key_span: Span::default(), next: NodeId::NONE, ..node };
    }

    fn resolve(&self, text: TextRef) -> &str {
        let source = if text.decoded { &self.decoded } else { &self.text };
        &source[text.start as usize..text.end as usize]
    }
}

/// A document may hold secrets, so nothing of it stays in memory.
impl Drop for Document {
    fn drop(&mut self) {
        wipe::text(&mut self.text);
        wipe::text(&mut self.decoded);
    }
}

/// A document may hold secrets, so only its outline is shown.
impl std::fmt::Debug for Document {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Document").field("name", &self.name).field("nodes", &self.nodes.len()).finish_non_exhaustive()
    }
}

/// Something wrong with a document itself, found while reading it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Fault {
    /// One of [`crate::report::code`]'s `document.*` codes.
    pub(crate) code: &'static str,
    /// What is wrong, without quoting the document (it may hold secrets).
    pub(crate) message: String,
    /// Where.
    pub(crate) span: Span,
    /// The other place, for a duplicate.
    pub(crate) related: Option<Span>,
}
