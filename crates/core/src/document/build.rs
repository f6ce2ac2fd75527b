//! Builds a [`Document`]: the parsers, the sources and the encoder append nodes here, in document order.

use std::borrow::Cow;
use std::sync::OnceLock;

use super::{Document, Kind, MAX_DEPTH, MAX_NODES, Node, NodeId, Span, TextRef};
use crate::wipe;

/// Appends nodes to a new document.
///
/// A container is opened with [`DocumentBuilder::push`] and its children name it as their parent; nodes may be added
/// to any earlier container at any time (TOML reopens tables).
#[derive(Debug, Clone)]
pub struct DocumentBuilder {
    document: Document,
}

/// Why a subtree was not copied.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum CopyLimit {
    /// The document would have more than [`MAX_NODES`] nodes.
    Nodes,
    /// The copy would stand deeper than [`MAX_DEPTH`].
    Depth,
}

impl DocumentBuilder {
    /// A document of the given name and text, without nodes: the first one pushed is the root.
    #[must_use]
    pub fn new(name: impl Into<Cow<'static, str>>, text: String) -> Self {
        Self {
            document: Document {
                name: name.into(),
                text,
                decoded: String::new(),
                nodes: Vec::new(),
                marks: Vec::new(),
                unquoted: false,
                lines: OnceLock::new(),
            },
        }
    }

    /// A document over a text that its parser still reads: [`DocumentBuilder::attach`] hands it over at the end.
    pub(crate) fn detached(name: Cow<'static, str>, text: &str) -> Self {
        let nodes = Vec::with_capacity((text.len() / 16 + 8).min(MAX_NODES));
        let (text, decoded, marks) = (String::new(), String::new(), Vec::new());
        Self { document: Document { name, text, decoded, nodes, marks, unquoted: false, lines: OnceLock::new() } }
    }

    /// Hands over the text that the spans refer to.
    pub(crate) fn attach(mut self, text: String) -> Document {
        self.document.text = text;
        self.finish()
    }

    /// The last child that was appended to a node.
    pub(crate) fn last_child(&self, node: NodeId) -> Option<NodeId> {
        self.document.node(node).last_child.some()
    }

    /// A node's key, while the text is still detached.
    pub(crate) fn key_over<'a>(&'a self, text: &'a str, node: NodeId) -> &'a str {
        let key = self.document.node(node).key;
        let source = if key.decoded { &self.document.decoded } else { text };
        &source[key.start as usize..key.end as usize]
    }

    /// A scalar's text, while the document's text is still detached.
    pub(crate) fn scalar_over<'a>(&'a self, text: &'a str, node: NodeId) -> &'a str {
        let scalar = self.document.node(node).text;
        let source = if scalar.decoded { &self.document.decoded } else { text };
        &source[scalar.start as usize..scalar.end as usize]
    }

    /// Copies a node with all below it, keys, texts and places included, under `parent`, which is `depth` deep.
    pub(crate) fn copy(&mut self, parent: Option<NodeId>, node: NodeId, depth: usize) -> Result<NodeId, CopyLimit> {
        let mut root = None;
        let mut todo = vec![(parent, node, depth)];
        while let Some((parent, node, depth)) = todo.pop() {
            let from = *self.document.node(node);
            if self.len() >= MAX_NODES {
                return Err(CopyLimit::Nodes);
            }
            if depth >= MAX_DEPTH && matches!(from.kind, Kind::Table | Kind::Array) {
                return Err(CopyLimit::Depth);
            }
            let copy = self.push(parent, from.kind, from.span);
            let to = self.document.node_mut(copy);
            (to.text, to.key, to.key_span) = (from.text, from.key, from.key_span);
            root.get_or_insert(copy);
            let start = todo.len();
            todo.extend(self.document.children(node).map(|child| (Some(copy), child, depth + 1)));
            todo[start..].reverse();
        }
        Ok(root.unwrap_or(node))
    }

    /// A document without text whose root is an empty table.
    #[must_use]
    pub fn table(name: impl Into<Cow<'static, str>>) -> Self {
        Self::table_for(name, 0, 0)
    }

    /// The same, with room for so many nodes and bytes of decoded text.
    pub(crate) fn table_for(name: impl Into<Cow<'static, str>>, nodes: usize, bytes: usize) -> Self {
        let mut builder = Self::new(name, String::new());
        builder.document.nodes.reserve(nodes);
        builder.document.decoded.reserve(bytes);
        builder.push(None, Kind::Table, Span::default());
        builder
    }

    /// Nodes so far.
    pub(crate) fn len(&self) -> usize {
        self.document.nodes.len()
    }

    /// Appends a node to `parent` (`None` for the root only).
    pub fn push(&mut self, parent: Option<NodeId>, kind: Kind, span: Span) -> NodeId {
        self.push_source(parent, kind, span, Span::default(), (Span::default(), Span::default()))
    }

    /// Appends a node whose scalar and key (text and place) are bytes of the source, in one go.
    #[inline]
    pub(crate) fn push_source(
        &mut self,
        parent: Option<NodeId>,
        kind: Kind,
        span: Span,
        text: Span,
        (key, key_span): (Span, Span),
    ) -> NodeId {
        let id = NodeId(u32::try_from(self.document.nodes.len()).expect("documents are bounded"));
        self.document.nodes.push(Node {
            kind,
            span,
            text: TextRef { start: text.start, end: text.end, decoded: false },
            key_span,
            key: TextRef { start: key.start, end: key.end, decoded: false },
            first_child: NodeId::NONE,
            last_child: NodeId::NONE,
            next: NodeId::NONE,
        });
        if let Some(parent) = parent {
            let parent = self.document.node_mut(parent);
            let last = std::mem::replace(&mut parent.last_child, id);
            match last.some() {
                Some(last) => self.document.node_mut(last).next = id,
                None => parent.first_child = id,
            }
        }
        id
    }

    /// Appends an entry of a table that is text without a place.
    pub(crate) fn push_text(&mut self, table: NodeId, key: &str, text: &str) -> NodeId {
        let key = self.store(key);
        let text = self.store(text);
        let node = self.push(Some(table), Kind::Text, Span::default());
        let stored = self.document.node_mut(node);
        (stored.key, stored.text) = (key, text);
        node
    }

    /// Sets the scalar's text to bytes of the source.
    pub(crate) fn set_scalar_span(&mut self, node: NodeId, span: Span) {
        self.document.node_mut(node).text = TextRef { start: span.start, end: span.end, decoded: false };
    }

    /// Sets the scalar's text to a decoded string.
    pub fn set_scalar(&mut self, node: NodeId, text: &str) {
        let text = self.store(text);
        self.document.node_mut(node).text = text;
    }

    /// Sets the key's text and place to bytes of the source.
    pub(crate) fn set_key_span(&mut self, node: NodeId, span: Span) {
        self.set_key_parts(node, span, span);
    }

    /// Sets the key's text to some bytes of the source and its place to others (those with the quotes).
    pub(crate) fn set_key_parts(&mut self, node: NodeId, text: Span, place: Span) {
        let node = self.document.node_mut(node);
        node.key = TextRef { start: text.start, end: text.end, decoded: false };
        node.key_span = place;
    }

    /// Sets the key to a decoded string that stands at `place`.
    pub fn set_key(&mut self, node: NodeId, key: &str, place: Span) {
        let key = self.store(key);
        let node = self.document.node_mut(node);
        node.key = key;
        node.key_span = place;
    }

    /// Turns a node into a scalar; what was below it is gone.
    pub(crate) fn make_scalar(&mut self, node: NodeId, kind: Kind, text: &str) {
        self.set_scalar(node, text);
        let node = self.document.node_mut(node);
        node.kind = kind;
        (node.first_child, node.last_child) = (NodeId::NONE, NodeId::NONE);
    }

    /// Puts another document's node in a node's place; its key stays.
    pub(crate) fn replace(&mut self, node: NodeId, from: &Document, with: NodeId) {
        self.make_scalar(node, from.kind(with), from.scalar(with));
        for child in from.children(with) {
            self.graft(Some(node), from, child);
        }
    }

    /// Changes the place of a node (a container's end is known when it closes).
    pub(crate) fn set_span(&mut self, node: NodeId, span: Span) {
        self.document.node_mut(node).span = span;
    }

    /// A look at what is built so far.
    pub(crate) fn peek(&self) -> &Document {
        &self.document
    }

    /// Copies a node of another document, with all below it, under `parent`; keys and texts go along, places do not.
    pub(crate) fn graft(&mut self, parent: Option<NodeId>, from: &Document, node: NodeId) -> NodeId {
        let mut root = NodeId::NONE;
        let mut todo = vec![(parent, node)];
        while let Some((parent, node)) = todo.pop() {
            let copy = self.push(parent, from.kind(node), Span::default());
            self.set_scalar(copy, from.scalar(node));
            self.set_key(copy, from.key(node), Span::default());
            if root == NodeId::NONE {
                root = copy;
            }
            let start = todo.len();
            todo.extend(from.children(node).map(|child| (Some(copy), child)));
            todo[start..].reverse();
        }
        root
    }

    /// The finished document; an empty one gets an empty table as its root.
    #[must_use]
    pub fn finish(mut self) -> Document {
        if self.document.nodes.is_empty() {
            self.push(None, Kind::Table, Span::default());
        }
        self.document
    }

    fn store(&mut self, text: &str) -> TextRef {
        let start = self.document.decoded.len() as u32;
        wipe::push(&mut self.document.decoded, text);
        TextRef { start, end: self.document.decoded.len() as u32, decoded: true }
    }
}
