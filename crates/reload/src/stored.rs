//! A store's documents as values and layers, with who set each value last.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use strata_config_core::{FieldPath, Layer, LayerKind, Value};
use strata_config_store::{Documents, Json, StoreError, Timestamp};

/// A store's documents, read.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Stored {
    pub(crate) base: Value,
    pub(crate) runtime: Value,
    pub(crate) marks: Marks,
    /// A document is of a later version than the program's, in these words: it is only read.
    pub(crate) newer: Option<String>,
}

/// Who set each value last, by path.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Marks {
    pub(crate) base: BTreeMap<String, Mark>,
    pub(crate) runtime: BTreeMap<String, Mark>,
    /// What migrations of the documents have left, as they wrote it.
    #[serde(skip_serializing_if = "Option::is_none")]
    migrations: Option<Json>,
}

/// Who set a value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Mark {
    revision: u64,
    at: Timestamp,
    actor: String,
}

impl Mark {
    pub(crate) fn new(revision: u64, at: Timestamp, actor: &str) -> Self {
        Self { revision, at, actor: actor.to_owned() }
    }

    /// Who and when, as an origin says it.
    fn place(&self) -> String {
        format!("{} {}", self.actor, self.at)
    }

    /// The revision that the change makes.
    pub(crate) fn revision(&self) -> u64 {
        self.revision
    }
}

impl Stored {
    pub(crate) fn parse(documents: &Documents) -> Result<Self, StoreError> {
        let values = |name: &str, json: &Json| {
            let value = Value::from_json(name, json.as_str());
            match value {
                Ok(value @ Value::Map(_)) => Ok(value),
                Ok(_) => Err(StoreError::other(format!("the store's document `{name}`"), "it is no table")),
                Err(report) => Err(StoreError::other(format!("the store's document `{name}`"), report)),
            }
        };
        let marks = documents.marks.to().map_err(|error| StoreError::other("the store's marks", error))?;
        Ok(Self {
            base: values("base", &documents.base)?,
            runtime: values("runtime", &documents.runtime)?,
            marks,
            newer: None,
        })
    }

    /// The documents to store. What JSON can't write would be lost, so it is refused.
    pub(crate) fn write(&self) -> Result<Documents, String> {
        let json = |value: &Value| match find_unwritable(value) {
            Some(what) => Err(format!("JSON has no {what}, so a store can't keep it")),
            None => Json::of(value).map_err(|error| error.to_string()),
        };
        let marks = Json::of(&self.marks).map_err(|error| error.to_string())?;
        Ok(Documents { base: json(&self.base)?, runtime: json(&self.runtime)?, marks })
    }

    /// The same with other values; what differs is marked as set by this one.
    pub(crate) fn with(&self, base: Value, runtime: Value, by: &Mark) -> Self {
        let marks = Marks {
            base: marked(&self.base, &self.marks.base, &base, by),
            runtime: marked(&self.runtime, &self.marks.runtime, &runtime, by),
            migrations: self.marks.migrations.clone(),
        };
        Self { base, runtime, marks, newer: self.newer.clone() }
    }

    /// The same values in another form, set by whom they were.
    pub(crate) fn resealed(&self, base: Value, runtime: Value) -> Self {
        Self { base, runtime, marks: self.marks.clone(), newer: self.newer.clone() }
    }

    /// The layer `store`, whose places are revisions.
    pub(crate) fn base_layer(&self) -> Layer {
        let marks = &self.marks.base;
        Layer::marked(LayerKind::Store, "store", &self.base, |path| Some(newest(marks, path)?.revision.to_string()))
    }

    /// Nothing yet.
    pub(crate) fn empty() -> Self {
        let nothing = || Value::Map(Vec::new());
        Self { base: nothing(), runtime: nothing(), marks: Marks::default(), newer: None }
    }

    /// The run-time values as a layer, whose places are actors and times; without the keys that are declared elsewhere.
    pub(crate) fn runtime_layer(&self, kind: LayerKind, name: &str, is_declared: impl Fn(&str) -> bool) -> Layer {
        let values = match &self.runtime {
            Value::Map(entries) => Value::Map(entries.iter().filter(|(key, _)| !is_declared(key)).cloned().collect()),
            other => other.clone(),
        };
        let marks = &self.marks.runtime;
        Layer::marked(kind, name, &values, |path| newest(marks, path).map(Mark::place))
    }

    /// Who set a value at run time.
    pub(crate) fn mark(&self, path: &str) -> Option<String> {
        newest(&self.marks.runtime, path).map(Mark::place)
    }
}

/// Who set the value at a path last. Of one with parts, such as a flag's definition, who set any part of it last: marks are
/// those of parts, since patches change them one by one.
fn newest<'m>(marks: &'m BTreeMap<String, Mark>, path: &str) -> Option<&'m Mark> {
    if path.is_empty() {
        return None;
    }
    // The slash is the character after the dot.
    let below = || marks.range(format!("{path}.")..format!("{path}/")).map(|(_, mark)| mark);
    marks.get(path).or_else(|| below().max_by_key(|mark| mark.revision))
}

fn marked(old: &Value, marks: &BTreeMap<String, Mark>, new: &Value, by: &Mark) -> BTreeMap<String, Mark> {
    let (before, after) = (leaves(old), leaves(new));
    let mark = |path: &String, value: &Value| match (marks.get(path), before.get(path)) {
        (Some(mark), Some(old)) if *old == value => mark.clone(),
        _ => by.clone(),
    };
    after.iter().map(|(path, value)| (path.clone(), mark(path, value))).collect()
}

/// Whether two documents set the same, in whatever order.
pub(crate) fn says_same(one: &Value, other: &Value) -> bool {
    one == other || leaves(one) == leaves(other)
}

/// The paths of the settings that values name.
pub(crate) fn paths(values: &Value) -> Vec<FieldPath> {
    leaves(values).into_keys().filter_map(|path| FieldPath::parse(&path).ok()).collect()
}

/// The values that are no maps (or empty ones), by path.
fn leaves(value: &Value) -> BTreeMap<String, &Value> {
    fn collect<'v>(value: &'v Value, path: &FieldPath, found: &mut BTreeMap<String, &'v Value>) {
        match value {
            Value::Map(entries) if !entries.is_empty() || path.is_root() => {
                entries.iter().for_each(|(key, value)| collect(value, &path.child(key), found));
            }
            value => {
                found.insert(path.to_string(), value);
            }
        }
    }
    let mut found = BTreeMap::new();
    collect(value, &FieldPath::ROOT, &mut found);
    found
}

/// A value that JSON can't write as what it is.
fn find_unwritable(value: &Value) -> Option<&'static str> {
    match value {
        Value::Float(number) if number.is_nan() => Some("number for `nan`"),
        Value::Float(number) if number.is_infinite() => Some("infinite number"),
        Value::Secret => Some("way to say a masked secret"),
        Value::List(items) => items.iter().find_map(find_unwritable),
        Value::Map(entries) => entries.iter().find_map(|(_, value)| find_unwritable(value)),
        _ => None,
    }
}
