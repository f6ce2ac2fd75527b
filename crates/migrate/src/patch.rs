//! Changes as RFC 6902 says them, with secrets masked.

use std::collections::BTreeMap;

use serde::ser::{Serialize, SerializeMap, Serializer};
use strata_config_core::schema::{Field, FieldKind, Schema};
use strata_config_core::{FieldPath, Kind, LayeredConfig, Value};

use crate::edit::Op;
use crate::plan::PlannedStep;
use crate::tree::Node;

/// What a migration changes, as a JSON patch (RFC 6902). A secret is `{"$secret": true}`, as everywhere.
#[derive(Debug, Clone, PartialEq)]
pub struct Patch(Vec<Operation>);

/// One operation of a patch.
#[derive(Debug, Clone, PartialEq)]
pub enum Operation {
    /// A value that was not there.
    Add {
        /// Where, as RFC 6901 says it.
        path: String,
        /// The value.
        value: Value,
    },
    /// Another value in the same place.
    Replace {
        /// Where.
        path: String,
        /// The value.
        value: Value,
    },
    /// A value goes.
    Remove {
        /// Where.
        path: String,
    },
    /// A value moves.
    Move {
        /// From where.
        from: String,
        /// Where to.
        path: String,
    },
}

impl Patch {
    pub(crate) fn new<'o>(ops: impl Iterator<Item = &'o Op>, mask: &Mask) -> Self {
        let operation = |op: &Op| match op {
            Op::Add { path, value } => Operation::Add { path: pointer(path), value: mask.value(value) },
            Op::Replace { path, value } => Operation::Replace { path: pointer(path), value: mask.value(value) },
            Op::Remove { path } => Operation::Remove { path: pointer(path) },
            Op::Move { from, to } => Operation::Move { from: pointer(from), path: pointer(to) },
        };
        Self(ops.map(operation).collect())
    }

    /// The operations, in their order.
    #[must_use]
    pub fn operations(&self) -> &[Operation] {
        &self.0
    }
}

impl Serialize for Patch {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(&self.0)
    }
}

impl Serialize for Operation {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        match self {
            Self::Add { path, value } => {
                map.serialize_entry("op", "add")?;
                map.serialize_entry("path", path)?;
                map.serialize_entry("value", value)?;
            }
            Self::Replace { path, value } => {
                map.serialize_entry("op", "replace")?;
                map.serialize_entry("path", path)?;
                map.serialize_entry("value", value)?;
            }
            Self::Remove { path } => {
                map.serialize_entry("op", "remove")?;
                map.serialize_entry("path", path)?;
            }
            Self::Move { from, path } => {
                map.serialize_entry("op", "move")?;
                map.serialize_entry("from", from)?;
                map.serialize_entry("path", path)?;
            }
        }
        map.end()
    }
}

/// A JSON pointer (RFC 6901).
fn pointer(keys: &[String]) -> String {
    keys.iter().map(|key| format!("/{}", key.replace('~', "~0").replace('/', "~1"))).collect()
}

/// The texts that no plan shows: those of secrets, and those that are a part of one or have one as a part.
#[derive(Debug, Clone, Default)]
pub(crate) struct Mask(Secrets);

#[derive(Clone, Default)]
struct Secrets(Vec<String>);

impl std::fmt::Debug for Secrets {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} secrets", self.0.len())
    }
}

/// Parts of a secret that are shorter than this tell nothing.
const TELLING: usize = 4;

impl Mask {
    /// What stands at these paths: before, on the way, or after.
    pub(crate) fn of_paths(before: &Node, after: &Node, steps: &[PlannedStep], paths: &[FieldPath]) -> Self {
        let mut texts = Vec::new();
        if !paths.is_empty() {
            let at = |root: &Node| {
                let mut found = Vec::new();
                paths.iter().filter_map(|path| root.find(path)).for_each(|node| node.texts(&mut found));
                texts.extend(found.into_iter().map(str::to_owned));
            };
            each(before, after, steps, at);
        }
        Self(Secrets(texts))
    }

    /// The same, and what stands at the secrets of a struct.
    pub(crate) fn of<C: LayeredConfig>(
        before: &Node,
        after: &Node,
        steps: &[PlannedStep],
        paths: &[FieldPath],
    ) -> Self {
        let mut mask = Self::of_paths(before, after, steps, paths);
        each(before, after, steps, |root| {
            let mut found = Vec::new();
            secrets(C::SCHEMA, root, &mut found);
            mask.0.0.extend(found.into_iter().map(str::to_owned));
        });
        mask
    }

    /// Every value that is no table, by its path.
    pub(crate) fn leaves(&self, root: &Node) -> BTreeMap<String, Value> {
        fn collect(mask: &Mask, node: &Node, path: &FieldPath, found: &mut BTreeMap<String, Value>) {
            if node.kind == Kind::Table {
                node.children.iter().for_each(|child| collect(mask, child, &path.child(&child.key), found));
            } else {
                found.insert(path.to_string(), mask.value(node));
            }
        }
        let mut found = BTreeMap::new();
        collect(self, root, &FieldPath::ROOT, &mut found);
        found
    }

    fn value(&self, node: &Node) -> Value {
        self.masked(node.to_value(), node)
    }

    fn masked(&self, value: Value, node: &Node) -> Value {
        match value {
            Value::List(_) => Value::List(node.children.iter().map(|child| self.value(child)).collect()),
            Value::Map(_) => {
                Value::Map(node.children.iter().map(|child| (child.key.clone(), self.value(child))).collect())
            }
            _ if self.hides(&node.text) => Value::Secret,
            value => value,
        }
    }

    fn hides(&self, text: &str) -> bool {
        let part = |whole: &str, part: &str| part.len() >= TELLING && whole.contains(part);
        !text.is_empty() && self.0.0.iter().any(|secret| secret == text || part(secret, text) || part(text, secret))
    }
}

/// The document before and after, and what each step wrote on the way: a secret may be another one, or elsewhere, then.
fn each(before: &Node, after: &Node, steps: &[PlannedStep], mut take: impl FnMut(&Node)) {
    take(before);
    take(after);
    steps.iter().flat_map(|step| &step.ops).filter_map(Op::written).for_each(|root| take(&root));
}

fn secrets<'n>(schema: &'static Schema, node: &'n Node, texts: &mut Vec<&'n str>) {
    let variants = schema.variants.iter().flat_map(|variant| variant.fields);
    for field in schema.fields.iter().chain(variants) {
        if let FieldKind::Nested(below) = field.kind
            && field.meta.flatten
        {
            secrets(below, node, texts);
            continue;
        }
        let names = |child: &&Node| {
            child.key == field.key || field.meta.rare().aliases.iter().any(|alias| alias.key == child.key)
        };
        node.children.iter().filter(names).for_each(|child| secrets_of(field, child, texts));
    }
}

fn secrets_of<'n>(field: &'static Field, node: &'n Node, texts: &mut Vec<&'n str>) {
    match field.kind {
        _ if field.is_secret() => node.texts(texts),
        FieldKind::Leaf(_) => {}
        FieldKind::Nested(below) | FieldKind::Optional(below) => secrets(below, node, texts),
        FieldKind::List(below) | FieldKind::Map(below) => {
            node.children.iter().for_each(|child| secrets(below, child, texts));
        }
    }
}
