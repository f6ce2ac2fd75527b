//! How each table came to be, which decides who may extend it; and what keys it has.

use super::super::keys::{Key, Keys, LargeTables, Table};
use super::super::{DocumentBuilder, NodeId};

/// How a table or a list of tables was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Def {
    /// By a longer header; its own header may still come.
    Implicit,
    /// By its own header (or it is the root).
    Header,
    /// By a dotted key in the section or inline table of this number.
    Dotted(u32),
    /// As `{ … }`.
    Inline,
    /// As a list, by `[[…]]`.
    List,
}

/// The tables so far, in the order of their nodes.
pub(super) struct Tables {
    tables: Vec<(NodeId, Def, Keys)>,
    large: LargeTables,
}

impl Tables {
    pub(super) fn new(root: NodeId) -> Self {
        let mut tables = Vec::with_capacity(8);
        tables.push((root, Def::Header, Keys::default()));
        Self { tables, large: LargeTables::default() }
    }

    /// Notes how a table was made, or is now regarded.
    pub(super) fn define(&mut self, node: NodeId, def: Def) {
        match self.index(node) {
            Some(index) => self.tables[index].1 = def,
            None => {
                let at = self.tables.partition_point(|(other, ..)| *other < node);
                self.tables.insert(at, (node, def, Keys::default()));
            }
        }
    }

    /// How a table was made; `None` for other nodes.
    pub(super) fn def(&self, node: NodeId) -> Option<Def> {
        self.index(node).map(|index| self.tables[index].1)
    }

    pub(super) fn find(&self, builder: &DocumentBuilder, text: &str, table: NodeId, key: &str) -> Option<NodeId> {
        let (_, _, keys) = &self.tables[self.index(table)?];
        keys.find(Table { builder, text, node: table }, &self.large, Key::new(key))
    }

    pub(super) fn add(&mut self, builder: &DocumentBuilder, text: &str, table: NodeId, node: NodeId, key: &str) {
        if let Some(index) = self.index(table) {
            self.tables[index].2.add(Table { builder, text, node: table }, &mut self.large, node, Key::new(key));
        }
    }

    #[inline]
    fn index(&self, node: NodeId) -> Option<usize> {
        // The newest table is asked for most.
        match self.tables.last() {
            Some((last, ..)) if *last == node => Some(self.tables.len() - 1),
            _ => self.tables.binary_search_by_key(&node, |(other, ..)| *other).ok(),
        }
    }
}
