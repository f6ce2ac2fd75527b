//! What a step does to a document: values read, set, moved, removed; each change is noted.

use std::fmt;

use serde::Serialize;
use strata_config_core::{FieldPath, Kind, Span, Value};

use crate::tree::Node;

/// Why a step does not go on: for people, and without a value of the document, which may be a secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal(String);

impl Refusal {
    /// A reason.
    pub fn new(reason: impl Into<String>) -> Self {
        Self(reason.into())
    }
}

impl From<&str> for Refusal {
    fn from(reason: &str) -> Self {
        Self::new(reason)
    }
}

impl From<String> for Refusal {
    fn from(reason: String) -> Self {
        Self::new(reason)
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Refusal {}

/// One change, by the keys that lead to it. They are made one after the other: each begins where the last one left off.
#[derive(Debug, Clone)]
pub(crate) enum Op {
    /// A value moves, with all below it; a new key in the same table keeps its rank.
    Move { from: Vec<String>, to: Vec<String> },
    /// A value that was not there.
    Add { path: Vec<String>, value: Node },
    /// Another value in the same place.
    Replace { path: Vec<String>, value: Node },
    /// A value goes.
    Remove { path: Vec<String> },
}

impl Op {
    /// A document that holds nothing but the value which this writes, at its place.
    pub(crate) fn written(&self) -> Option<Node> {
        let (Self::Add { path, value } | Self::Replace { path, value }) = self else { return None };
        let mut node = value.clone();
        for key in path.iter().rev() {
            node.key.clone_from(key);
            let mut around = Node::of_value("", &Value::Map(Vec::new()), Span::default());
            around.children.push(node);
            node = around;
        }
        Some(node)
    }
}

/// A document while a step changes it.
///
/// Paths are those of the document, keys and numbers of items joined by dots: `servers.0.port`, `labels."a.b"`. What is
/// moved keeps the place that it was read from. A value is what the document's format says: a number in quotes is text.
/// Secrets stand in a document as they are, so that a step must not show what it reads.
pub struct Edit {
    root: Node,
    ops: Vec<Op>,
}

impl Edit {
    pub(crate) fn new(root: Node) -> Self {
        Self { root, ops: Vec::new() }
    }

    pub(crate) fn finish(self) -> (Node, Vec<Op>) {
        (self.root, self.ops)
    }

    pub(crate) fn root(&self) -> &Node {
        &self.root
    }

    /// The value at a path, where there is one.
    ///
    /// # Errors
    /// A path that can't be read.
    pub fn get(&self, path: &str) -> Result<Option<Value>, Refusal> {
        Ok(self.root.find(&parse(path)?).map(Node::to_value))
    }

    /// Whether something stands at a path.
    ///
    /// # Errors
    /// A path that can't be read.
    pub fn has(&self, path: &str) -> Result<bool, Refusal> {
        Ok(self.root.find(&parse(path)?).is_some())
    }

    /// The paths that a pattern finds, in the document's order: a segment `*` is every key of a table and every item of
    /// a list.
    ///
    /// # Errors
    /// A pattern that can't be read.
    pub fn find(&self, pattern: &str) -> Result<Vec<FieldPath>, Refusal> {
        let mut found = vec![(&self.root, FieldPath::ROOT)];
        for segment in parse(pattern)?.segments() {
            let mut below = Vec::new();
            for (node, path) in found {
                for (index, child) in node.children.iter().enumerate() {
                    let own = if node.kind == Kind::Array { index.to_string() } else { child.key.clone() };
                    if segment == "*" || segment == own.as_str() {
                        below.push((child, path.child(&own)));
                    }
                }
            }
            found = below;
        }
        Ok(found.into_iter().map(|(_, path)| path).collect())
    }

    /// Sets the value at a path; tables that lead to it are made. The item behind the last one of a list is a new one.
    ///
    /// # Errors
    /// Where something on the way is no table and no list.
    pub fn set(&mut self, path: &str, value: impl Serialize) -> Result<(), Refusal> {
        self.put(path, &Value::from_serialize(&value), Span::default())
    }

    /// Sets the value at a path where none stands; whether it was set.
    ///
    /// # Errors
    /// As [`set`](Self::set).
    pub fn set_default(&mut self, path: &str, value: impl Serialize) -> Result<bool, Refusal> {
        let absent = !self.has(path)?;
        if absent {
            self.set(path, value)?;
        }
        Ok(absent)
    }

    /// Removes what stands at a path, and tables that are empty then; what it was.
    ///
    /// # Errors
    /// A path that can't be read, or that is the whole document.
    pub fn remove(&mut self, path: &str) -> Result<Option<Value>, Refusal> {
        let Some((node, _)) = self.take(&keys(path)?)? else { return Ok(None) };
        let keys = keys(path)?;
        self.ops.push(Op::Remove { path: keys.clone() });
        self.sweep(&keys[..keys.len() - 1], &[]);
        Ok(Some(node.to_value()))
    }

    /// Gives a value another key in its table, where it keeps its rank; whether there was one.
    ///
    /// # Errors
    /// Where the new key is taken, or the value is an item of a list.
    pub fn rename(&mut self, path: &str, key: &str) -> Result<bool, Refusal> {
        let path = parse(path)?;
        let mut to: Vec<String> = path.segments().iter().map(|segment| (**segment).to_owned()).collect();
        let Some(last) = to.last_mut() else { return Err("the document itself has no key".into()) };
        key.clone_into(last);
        self.relocate(&path, to)
    }

    /// Moves a value, with all below it; whether there was one. Tables that lead to its new place are made, and those
    /// that are empty then are removed.
    ///
    /// # Errors
    /// Where something stands at the new place already, or something on the way is no table.
    pub fn move_to(&mut self, from: &str, to: &str) -> Result<bool, Refusal> {
        self.relocate(&parse(from)?, keys(to)?)
    }

    /// Makes another value of the one at a path; whether there was one. It stands where that stood.
    ///
    /// # Errors
    /// As the function, whose reason the path is put before.
    pub fn map(&mut self, path: &str, function: impl FnOnce(Value) -> Result<Value, Refusal>) -> Result<bool, Refusal> {
        let Some(node) = self.root.find(&parse(path)?) else { return Ok(false) };
        let (value, place) = (node.to_value(), node.span);
        let value = function(value).map_err(|reason| Refusal(format!("`{path}`: {reason}")))?;
        self.put(path, &value, place)?;
        Ok(true)
    }

    /// Makes several values of the one at a path, which is removed; whether there was one. A part that is `None` is not
    /// set.
    ///
    /// # Errors
    /// As the function; or where one of the parts is set already.
    pub fn split<const N: usize>(
        &mut self,
        path: &str,
        parts: [&str; N],
        function: impl FnOnce(Value) -> Result<[Option<Value>; N], Refusal>,
    ) -> Result<bool, Refusal> {
        let Some(node) = self.root.find(&parse(path)?) else { return Ok(false) };
        let (value, place) = (node.to_value(), node.span);
        let values = function(value).map_err(|reason| Refusal(format!("`{path}`: {reason}")))?;
        self.remove(path)?;
        for (part, value) in parts.into_iter().zip(values) {
            let Some(value) = value else { continue };
            if self.has(part)? {
                return Err(Refusal(format!("`{part}` is set already")));
            }
            self.put(part, &value, place)?;
        }
        Ok(true)
    }

    /// Makes one value of several, which are removed; whether there was any. It stands where the first of them stood.
    ///
    /// # Errors
    /// As the function; or where the new value is set already.
    pub fn join<const N: usize>(
        &mut self,
        parts: [&str; N],
        path: &str,
        function: impl FnOnce([Option<Value>; N]) -> Result<Value, Refusal>,
    ) -> Result<bool, Refusal> {
        let mut values = [const { None }; N];
        let mut place = None;
        for (part, value) in parts.into_iter().zip(&mut values) {
            if let Some(node) = self.root.find(&parse(part)?) {
                place.get_or_insert(node.span);
                *value = Some(node.to_value());
            }
        }
        let Some(place) = place else { return Ok(false) };
        let value = function(values).map_err(|reason| Refusal(format!("`{path}`: {reason}")))?;
        for part in parts {
            self.remove(part)?;
        }
        if self.has(path)? {
            return Err(Refusal(format!("`{path}` is set already")));
        }
        self.put(path, &value, place)?;
        Ok(true)
    }

    fn relocate(&mut self, from: &FieldPath, to: Vec<String>) -> Result<bool, Refusal> {
        let keys: Vec<String> = from.segments().iter().map(|segment| (**segment).to_owned()).collect();
        if keys == to || self.root.find(from).is_none() {
            return Ok(false);
        }
        let shown = || to.iter().fold(FieldPath::ROOT, |path, key| path.child(key));
        if to.starts_with(&keys) {
            return Err(Refusal(format!("`{from}` can't move to `{}`, below itself", shown())));
        }
        if self.root.find(&shown()).is_some() {
            return Err(Refusal(format!("`{from}` can't move to `{}`: both are set", shown())));
        }
        let (parent, key) = to.split_at(to.len() - 1);
        if keys[..keys.len() - 1] == *parent {
            let table = self.root.find_mut(parent).expect("the parent of a node that is there");
            if table.kind != Kind::Table {
                return Err(Refusal(format!("`{from}` is an item of a list, which has no key")));
            }
            let index = table.index(&keys[keys.len() - 1]).expect("a node that is there");
            table.children[index].key.clone_from(&key[0]);
            self.ops.push(Op::Move { from: keys, to });
            return Ok(true);
        }
        self.make_tables(parent)?;
        let table = self.root.find_mut(parent).expect("just made");
        if table.kind != Kind::Table {
            let above = parent.iter().fold(FieldPath::ROOT, |path, key| path.child(key));
            let what = if table.kind == Kind::Array { "a list, which nothing moves into" } else { "no section" };
            return Err(Refusal(format!("`{from}` can't move to `{}`: `{above}` is {what}", shown())));
        }
        let Some((mut node, _)) = self.take(&keys)? else { return Ok(false) };
        node.key.clone_from(&key[0]);
        self.root.find_mut(parent).expect("as before").children.push(node);
        let above = keys[..keys.len() - 1].to_vec();
        self.ops.push(Op::Move { from: keys, to: to.clone() });
        self.sweep(&above, parent);
        Ok(true)
    }

    fn put(&mut self, path: &str, value: &Value, place: Span) -> Result<(), Refusal> {
        let keys = keys(path)?;
        if let Some(node) = self.root.find_mut(&keys) {
            let mut new = Node::of_value(&node.key, value, node.span);
            if node.says_same(&new) && node.kind == new.kind {
                return Ok(());
            }
            new.key_span = node.key_span;
            *node = new.clone();
            self.ops.push(Op::Replace { path: keys, value: new });
            return Ok(());
        }
        let (parent, key) = keys.split_at(keys.len() - 1);
        let node = Node::of_value(&key[0], value, place);
        self.make_around(parent, node)
    }

    /// Makes the tables that lead to a place, where they are not there.
    fn make_tables(&mut self, path: &[String]) -> Result<(), Refusal> {
        if self.root.find_mut(path).is_some() {
            return Ok(());
        }
        let (parent, key) = path.split_at(path.len() - 1);
        self.make_around(parent, Node::of_value(&key[0], &Value::Map(Vec::new()), Span::default()))
    }

    /// Adds a node, within tables that are not there yet.
    fn make_around(&mut self, parent: &[String], node: Node) -> Result<(), Refusal> {
        let (mut parent, mut node) = (parent.to_vec(), node);
        while self.root.find_mut(&parent).is_none() {
            let key = parent.pop().expect("the root is there");
            let place = node.span;
            let mut around = Node::of_value(&key, &Value::Map(Vec::new()), place);
            around.children.push(node);
            node = around;
        }
        let onto = self.root.find_mut(&parent).expect("it was found");
        let key = match onto.kind {
            Kind::Table => node.key.clone(),
            Kind::Array if node.key.parse() == Ok(onto.children.len()) => std::mem::take(&mut node.key),
            Kind::Array => return Err("a list has no such item, and only the next one can be added".into()),
            _ => {
                let path = parent.iter().fold(FieldPath::ROOT, |path, key| path.child(key));
                return Err(Refusal(format!("`{path}` is no section: nothing can stand below it")));
            }
        };
        onto.children.push(node.clone());
        parent.push(key);
        self.ops.push(Op::Add { path: parent, value: node });
        Ok(())
    }

    /// Takes a node out.
    fn take(&mut self, keys: &[String]) -> Result<Option<(Node, usize)>, Refusal> {
        let Some((key, parent)) = keys.split_last() else {
            return Err("the document itself can't be moved or removed".into());
        };
        let Some(table) = self.root.find_mut(parent) else { return Ok(None) };
        let Some(index) = table.index(key) else { return Ok(None) };
        Ok(Some((table.children.remove(index), index)))
    }

    /// Removes tables that are empty now, from the innermost; those that lead to `kept` stay.
    fn sweep(&mut self, path: &[String], kept: &[String]) {
        let mut path = path;
        while let Some((key, above)) = path.split_last() {
            let is_empty = |node: &Node| node.kind == Kind::Table && node.children.is_empty();
            if kept.starts_with(path) || !self.root.find_mut(path).is_some_and(|node| is_empty(node)) {
                return;
            }
            let parent = self.root.find_mut(above).expect("it leads to what was found");
            if parent.kind != Kind::Table {
                return;
            }
            parent.children.retain(|child| child.key != *key);
            self.ops.push(Op::Remove { path: path.to_vec() });
            path = above;
        }
    }
}

/// A document may hold secrets.
impl fmt::Debug for Edit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Edit").field("changes", &self.ops.len()).finish_non_exhaustive()
    }
}

fn parse(path: &str) -> Result<FieldPath, Refusal> {
    FieldPath::parse(path).map_err(Refusal)
}

fn keys(path: &str) -> Result<Vec<String>, Refusal> {
    let path = parse(path)?;
    if path.is_root() {
        return Err("a path is not empty".into());
    }
    Ok(path.segments().iter().map(|segment| (**segment).to_owned()).collect())
}
