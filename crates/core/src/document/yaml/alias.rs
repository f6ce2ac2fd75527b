//! Aliases, which copy what their anchor names, and merge keys (`<<`, from YAML 1.1), which copy entries.

use std::borrow::Cow;

use super::super::build::CopyLimit;
use super::super::sink::SYNTAX;
use super::super::{Kind, MAX_NODES, NodeId, Span};
use super::{Key, Reader, Slot, Stop};

impl<'t> Reader<'t, '_> {
    pub(super) fn alias(&mut self, anchor: usize, place: Span) -> Result<(), Stop> {
        let target = self.anchors.get(&anchor).map(|anchor| (anchor.node, anchor.complete));
        let target = match target {
            Some((target, true)) => Some(target),
            Some((_, false)) => {
                self.sink.push(SYNTAX, "this alias stands within its own anchor, and would never end", place);
                None
            }
            None => {
                self.sink.push(SYNTAX, "no anchor of this name stands above", place);
                None
            }
        };
        if self.expects_key() {
            let key = match target {
                Some(target) if !self.is_container(target) => {
                    let text = self.text_of(target);
                    self.checked_key(Cow::Owned(text), None, place)
                }
                Some(_) => {
                    self.sink.push(SYNTAX, "a key is a single text, not a list or a table", place);
                    Key::Dropped
                }
                None => Key::Dropped,
            };
            return self.set_pending(key);
        }
        let (parent, key, slot) = self.take_slot();
        let Some(target) = target else {
            let node = self.push(parent, Kind::Null, place)?;
            self.set_key(node, key);
            // What could not be read is not merged.
            return if matches!(slot, Slot::Merge(_)) { Ok(()) } else { self.done(node, slot) };
        };
        if let Slot::Merge(_) = slot {
            // Its entries are copied when the mapping ends.
            return self.done(target, slot);
        }
        let node = self.copy(parent, target, place)?;
        if key.is_none() {
            self.builder.set_key(node, "", Span::default());
        }
        self.set_key(node, key);
        self.done(node, slot)
    }

    pub(super) fn merge_key(&mut self, place: Span) -> Key<'t> {
        let first = self.open.last().and_then(|open| open.merges.first()).map(|(_, first)| *first);
        match first {
            None => Key::Merge(place),
            Some(first) => {
                self.sink.duplicate(place, first);
                Key::Dropped
            }
        }
    }

    /// At the end of a mapping: copies what is merged into it, where it has no such key of its own.
    pub(super) fn merge(&mut self) -> Result<(), Stop> {
        let Some(open) = self.open.last_mut() else { return Ok(()) };
        for (source, place) in std::mem::take(&mut open.merges) {
            let tables: Vec<NodeId> = match self.builder.peek().kind(source) {
                Kind::Array => self.builder.peek().children(source).collect(),
                _ => vec![source],
            };
            if tables.iter().any(|table| self.builder.peek().kind(*table) != Kind::Table) {
                self.sink.push(SYNTAX, "`<<` takes a table, or a list of tables", place);
                continue;
            }
            for table in tables {
                self.merge_table(table, place)?;
            }
        }
        Ok(())
    }

    fn merge_table(&mut self, source: NodeId, place: Span) -> Result<(), Stop> {
        let entries: Vec<NodeId> = self.builder.peek().children(source).collect();
        self.merged += 1 + entries.len();
        if self.merged > MAX_NODES {
            self.sink.too_many_nodes(place);
            return Err(Stop);
        }
        for entry in entries {
            let key = self.builder.key_over(self.text, entry).to_owned();
            let Some(open) = self.open.last() else { return Ok(()) };
            let table = open.node;
            let key = super::super::keys::Key::new(&key);
            if open.keys.find(self.table(table), &self.large, key).is_some() {
                continue;
            }
            let node = self.copy(Some(table), entry, place)?;
            if let Some(open) = self.open.last_mut() {
                let table = super::Table { builder: &self.builder, text: self.text, node: table };
                open.keys.add(table, &mut self.large, node, key);
            }
        }
        Ok(())
    }

    fn copy(&mut self, parent: Option<NodeId>, node: NodeId, place: Span) -> Result<NodeId, Stop> {
        self.builder.copy(parent, node, self.open.len()).map_err(|limit| {
            match limit {
                CopyLimit::Nodes => self.sink.too_many_nodes(place),
                CopyLimit::Depth => self.sink.too_deep(place),
            }
            Stop
        })
    }

    fn is_container(&self, node: NodeId) -> bool {
        matches!(self.builder.peek().kind(node), Kind::Table | Kind::Array)
    }
}
