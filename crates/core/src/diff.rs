//! Differences of two configurations, leaf by leaf, and their application.

use serde::ser::{Serialize, SerializeMap, Serializer};

use crate::explain::Explained;
use crate::layer::{Layer, LayerKind};
use crate::layered::LayeredConfig;
use crate::loader::Gathered;
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
    old: Option<Value>,
    new: Option<Value>,
}

impl Change {
    /// The value before, masked if it is secret; `None` where there was none.
    #[must_use]
    pub fn old(&self) -> Option<Value> {
        self.shown(self.old.as_ref())
    }

    /// The value after, masked if it is secret; `None` where there is none any more.
    #[must_use]
    pub fn new(&self) -> Option<Value> {
        self.shown(self.new.as_ref())
    }

    fn shown(&self, value: Option<&Value>) -> Option<Value> {
        value.cloned().map(|value| if self.secret { typed::mask(value) } else { value })
    }
}

impl std::fmt::Debug for Change {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Change({}: {:?} -> {:?})", self.path, self.old(), self.new())
    }
}

impl Serialize for Change {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(4))?;
        map.serialize_entry("path", self.path.as_str())?;
        map.serialize_entry("old", &self.old())?;
        map.serialize_entry("new", &self.new())?;
        map.serialize_entry("reload", if self.reload == Reload::Restart { "restart" } else { "live" })?;
        map.end()
    }
}

/// A leaf's value in one of the two configurations.
struct Entry {
    path: FieldPath,
    reload: Reload,
    secret: bool,
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
        counts.then_some(Self { path, reload, secret, value })
    }
}

fn changes(old: &[Entry], new: &[Entry]) -> Vec<Change> {
    let mut changes = Vec::new();
    for before in old {
        let after = new.iter().find(|after| after.path == before.path);
        if after.is_none_or(|after| after.value != before.value) {
            changes.push(change(before, Some(before), after));
        }
    }
    for after in new {
        if !old.iter().any(|before| before.path == after.path) {
            changes.push(change(after, None, Some(after)));
        }
    }
    changes
}

fn change(of: &Entry, old: Option<&Entry>, new: Option<&Entry>) -> Change {
    let value = |entry: Option<&Entry>| entry.map(|entry| entry.value.clone());
    Change { path: of.path.clone(), reload: of.reload, secret: of.secret, old: value(old), new: value(new) }
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
            entries.push(Entry { path, reload, secret: leaf.is_secret(), value });
        }
    }
}

/// Applies changes to a configuration; the result has passed every rule.
///
/// # Errors
/// Everything that is wrong with the result.
pub fn apply<C: LayeredConfig>(config: &C, changes: &[Change]) -> Result<C, Report> {
    let mut tree = typed::tree(config, Contents::Everything);
    // From the back, so that an item that goes does not move those before it.
    for change in changes.iter().rev().filter(|change| change.new.is_none()) {
        tree.put(&change.path.segments(), None);
        prune(&mut tree, C::SCHEMA, &change.path);
    }
    for change in changes {
        if let Some(value) = &change.new {
            tree.put(&change.path.segments(), Some(value.clone()));
        }
    }
    let layer = Layer::new(LayerKind::Program, "a change", crate::encode::to_document(&tree));
    Gathered::exact(layer, C::SCHEMA).build_exact()
}

/// A list's item or a map's entry of which no leaf is left, goes as well, and so does an optional section.
fn prune(tree: &mut Value, schema: &'static Schema, path: &FieldPath) {
    let segments = path.segments();
    for length in (1..segments.len()).rev() {
        let parent = FieldPath::ROOT;
        let parent = segments[..length].iter().fold(parent, |path, segment| path.child(segment));
        let goes = crate::build::field_at(schema, &parent)
            .is_none_or(|field| matches!(field.kind, FieldKind::Optional(_)));
        let empty = matches!(tree.at(&parent), Some(Value::Map(entries)) if entries.is_empty());
        if goes && empty {
            tree.put(&segments[..length], None);
        }
    }
}
