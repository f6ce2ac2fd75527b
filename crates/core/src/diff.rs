//! Differences of two configurations, leaf by leaf, and their application.

use std::collections::{HashMap, HashSet};

use serde::ser::{Serialize, SerializeMap, Serializer};

use crate::explain::Explained;
use crate::gather::Gathered;
use crate::layer::{Layer, LayerKind};
use crate::layered::LayeredConfig;
use crate::path::FieldPath;
use crate::report::Report;
use crate::schema::{FieldKind, Reload, Schema};
use crate::typed::{self, Contents, Leaf};
use crate::value::Value;

/// One leaf (or one entry of a map) that differs.
///
/// `Debug` and serialisation are redacted; the change itself still knows a secret's value, so that it can be applied.
#[derive(Clone, PartialEq)]
pub struct Change {
    /// The leaf's path.
    pub path: FieldPath,
    /// Whether it takes effect at once.
    pub reload: Reload,
    /// Whether the values are secret.
    pub secret: bool,
    /// It is an entry of a map that is one setting.
    entry: bool,
    old: Option<Value>,
    new: Option<Value>,
}

impl Change {
    /// A change of a value that no struct has: of a key that a program declared at run time. It is in effect at once.
    #[must_use]
    pub fn of_declared(path: FieldPath, old: Option<Value>, new: Option<Value>) -> Self {
        Self { path, reload: Reload::Live, secret: false, entry: false, old, new }
    }

    /// Whether there was a value before and is one after.
    fn is_replacement(&self) -> bool {
        self.old.is_some() && self.new.is_some()
    }

    /// The value before, masked if it is secret; `None` where there was none.
    #[must_use]
    pub fn before(&self) -> Option<Value> {
        self.shown(self.old.as_ref())
    }

    /// The value after, masked if it is secret; `None` where there is none any more.
    #[must_use]
    pub fn after(&self) -> Option<Value> {
        self.shown(self.new.as_ref())
    }

    fn shown(&self, value: Option<&Value>) -> Option<Value> {
        value.cloned().map(|value| if self.secret { typed::hide(value) } else { value })
    }
}

impl std::fmt::Debug for Change {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Change({}: {:?} -> {:?})", self.path, self.before(), self.after())
    }
}

impl Serialize for Change {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(4))?;
        map.serialize_entry("path", self.path.as_str())?;
        map.serialize_entry("old", &self.before())?;
        map.serialize_entry("new", &self.after())?;
        map.serialize_entry("reload", self.reload.as_str())?;
        map.end()
    }
}

/// A leaf's value in one of the two configurations.
struct Entry {
    path: FieldPath,
    reload: Reload,
    secret: bool,
    entry: bool,
    value: Value,
}

/// The leaves that differ; computed ones are left out.
#[must_use]
pub fn diff<C: LayeredConfig>(old: &C, new: &C) -> Vec<Change> {
    changes(&entries(old), &entries(new))
}

/// The same for values that were explained with their secrets, where no configuration could be built.
pub(crate) fn of_explained(old: Vec<Explained>, new: Vec<Explained>) -> Vec<Change> {
    let entries = |all: Vec<Explained>| -> Vec<Entry> { all.into_iter().filter_map(Entry::of_explained).collect() };
    changes(&entries(old), &entries(new))
}

impl Entry {
    /// A section that is absent and a value that is missing or computed are no entries.
    fn of_explained(explained: Explained) -> Option<Self> {
        let Explained { path, value, secret, reload, origin, field, .. } = explained;
        let optional = field.is_some_and(|field| matches!(field.kind, FieldKind::Optional(_)));
        let computed = field.is_some_and(|field| field.meta.computed);
        let counts = origin.is_some() && !computed && !(optional && value == Value::Null);
        let entry = field.is_some_and(typed::is_map);
        counts.then_some(Self { path, reload, secret, entry, value })
    }
}

fn changes(old: &[Entry], new: &[Entry]) -> Vec<Change> {
    let replaced = |before: &Entry, after: &Entry| {
        (before.value != after.value).then(|| change(before, Some(before), Some(after)))
    };
    // Mostly both have the same leaves: then nobody has to be looked for.
    if old.len() == new.len() && old.iter().zip(new).all(|(before, after)| before.path == after.path) {
        return old.iter().zip(new).filter_map(|(before, after)| replaced(before, after)).collect();
    }
    let (known, found) = (by_path(old), by_path(new));
    let kept = old.iter().filter_map(|before| match found.get(before.path.as_str()) {
        Some(after) => replaced(before, after),
        None => Some(change(before, Some(before), None)),
    });
    let added = new.iter().filter(|after| !known.contains_key(after.path.as_str()));
    kept.chain(added.map(|after| change(after, None, Some(after)))).collect()
}

fn by_path(entries: &[Entry]) -> HashMap<&str, &Entry> {
    entries.iter().map(|entry| (entry.path.as_str(), entry)).collect()
}

fn change(of: &Entry, old: Option<&Entry>, new: Option<&Entry>) -> Change {
    let value = |entry: Option<&Entry>| entry.map(|entry| entry.value.clone());
    Change {
        path: of.path.clone(),
        reload: of.reload,
        secret: of.secret,
        entry: of.entry,
        old: value(old),
        new: value(new),
    }
}

fn entries<C: LayeredConfig>(config: &C) -> Vec<Entry> {
    let mut entries = Vec::new();
    for leaf in typed::leaves(config) {
        if leaf.is_computed() || matches!(leaf.value, typed::Held::Absent) {
            continue;
        }
        let document = leaf.value.to_document();
        push(&leaf, leaf.path.clone(), Value::of_document(&document), &mut entries);
    }
    entries
}

/// A map's entries are leaves of their own; an empty map is one, too.
fn push(leaf: &Leaf<'_>, path: FieldPath, value: Value, entries: &mut Vec<Entry>) {
    match value {
        Value::Map(below) if leaf.is_map() && !below.is_empty() && path == leaf.path => {
            for (key, value) in below {
                push(leaf, path.child(&key), value, entries);
            }
        }
        value => {
            let reload = leaf.field.map_or(Reload::Live, |field| field.meta.reload);
            entries.push(Entry { path, reload, secret: leaf.is_secret(), entry: leaf.is_map(), value });
        }
    }
}

/// Applies changes to a configuration; the result has passed every rule.
///
/// # Errors
/// Everything that is wrong with the result.
pub fn apply<C: LayeredConfig>(config: &C, changes: &[Change]) -> Result<C, Report> {
    let mut leaves: Vec<(FieldPath, Value)> =
        entries(config).into_iter().map(|entry| (entry.path, entry.value)).collect();
    let changed: HashSet<&str> = changes.iter().map(|change| change.path.as_str()).collect();
    leaves.retain(|(path, _)| !changed.contains(path.as_str()));
    let new = changes.iter().filter_map(|change| Some((change.path.clone(), change.new.clone()?)));
    leaves.extend(new);
    let leaves: Vec<(Vec<String>, Value)> = leaves
        .into_iter()
        .map(|(path, value)| (path.segments().iter().map(ToString::to_string).collect(), value))
        .collect();
    let parts: Vec<Part<'_>> = leaves.iter().map(|(path, value)| (path.as_slice(), value)).collect();
    let tree = Value::Map(table(C::SCHEMA, None, &parts));
    let layer = Layer::new(LayerKind::Program, "a change", crate::encode::to_document(&tree));
    Gathered::exact(layer, C::SCHEMA).build_exact()
}

/// The configuration that a running program may have: `desired`, with the values of `running` where a change waits for a
/// restart. `None` where nothing waits.
///
/// A value that comes or goes with its section takes effect with it: nothing runs yet that it would disturb.
///
/// # Errors
/// Everything that is wrong with the mixture.
pub fn freeze<C: LayeredConfig>(desired: &C, running: &C) -> Result<Option<C>, Report> {
    let waits = |change: &Change| change.reload == Reload::Restart && (change.entry || change.is_replacement());
    let waiting: Vec<Change> = diff(desired, running).into_iter().filter(waits).collect();
    if waiting.is_empty() { Ok(None) } else { apply(desired, &waiting).map(Some) }
}

/// A leaf's value, with what is left of its path.
type Part<'a> = (&'a [String], &'a Value);

/// The table of a struct, from the leaves below it.
fn table(schema: &'static Schema, tag: Option<&'static str>, parts: &[Part<'_>]) -> Vec<(String, Value)> {
    let mut entries = Vec::new();
    let mut fields = schema.fields;
    if !schema.variants.is_empty() {
        let tag = tag.unwrap_or(schema.tag);
        for (key, below) in grouped(parts).into_iter().filter(|(key, _)| *key == tag) {
            let value = below[0].1;
            entries.push((key.to_owned(), value.clone()));
            let chosen = schema.variants.iter().find(|variant| *value == Value::String(variant.name.to_owned()));
            fields = chosen.map_or(&[], |variant| variant.fields);
        }
    }
    let groups = grouped(parts);
    for field in fields {
        if let (true, FieldKind::Nested(below)) = (field.meta.flatten, field.kind) {
            entries.extend(table(below, None, parts));
            continue;
        }
        let Some((_, below)) = groups.iter().find(|(key, _)| *key == field.key) else { continue };
        // The value itself, or the leaves below it; a whole value that others extend (an empty map) yields to them.
        let deeper: Vec<Part<'_>> = below.iter().copied().filter(|(path, _)| !path.is_empty()).collect();
        let value = match field.kind {
            _ if deeper.is_empty() => below[0].1.clone(),
            FieldKind::Leaf(_) => {
                let entries = deeper.iter().map(|(path, value)| (path[0].clone(), (*value).clone()));
                Value::Map(entries.collect())
            }
            FieldKind::Nested(schema) | FieldKind::Optional(schema) => {
                Value::Map(table(schema, field.meta.rare().tag, &deeper))
            }
            FieldKind::Map(schema) => {
                let entries = grouped(&deeper).into_iter();
                Value::Map(
                    entries.map(|(key, below)| (key.to_owned(), Value::Map(table(schema, None, &below)))).collect(),
                )
            }
            FieldKind::List(schema) => {
                let mut items = grouped(&deeper);
                items.sort_by_key(|(index, _)| index.parse::<usize>().unwrap_or(usize::MAX));
                Value::List(items.into_iter().map(|(_, below)| Value::Map(table(schema, None, &below))).collect())
            }
        };
        entries.push((field.key.to_owned(), value));
    }
    entries
}

/// The leaves by their first segment, each without it.
fn grouped<'a>(parts: &[Part<'a>]) -> Vec<(&'a str, Vec<Part<'a>>)> {
    let mut groups: Vec<(&str, Vec<Part<'a>>)> = Vec::new();
    let mut known: HashMap<&str, usize> = HashMap::new();
    for (path, value) in parts {
        let Some((first, rest)) = path.split_first() else { continue };
        let at = *known.entry(first).or_insert(groups.len());
        match groups.get_mut(at) {
            Some((_, group)) => group.push((rest, value)),
            None => groups.push((first, vec![(rest, value)])),
        }
    }
    groups
}

/// The whole configuration as an application would write it: without computed values and secrets.
#[must_use]
pub fn export<C: LayeredConfig>(config: &C) -> Value {
    typed::tree(config, Contents::Exported)
}

/// Every value, computed ones too; a secret is only the fact that there is one.
#[must_use]
pub fn values<C: LayeredConfig>(config: &C) -> Value {
    typed::tree(config, Contents::Masked)
}
