//! Changes of the values that a program was given at run time: merge patches (RFC 7396) and single values, along a schema.

mod json;
mod seal;
mod shown;

use crate::layer::{LayerKind, Origin};
use crate::layered::LayeredConfig;
use crate::leaf::LeafKind;
use crate::path::FieldPath;
use crate::report::{Finding, Report, Severity, code};
use crate::resolve::{References, Sealer};
use crate::schema::{Field, FieldKind, Schema};
use crate::value::Value;

pub use seal::{reseal, seal};

/// The values that were set at run time, while they are edited. What is written is canonical: a setting's own key stands
/// for all its names, and a section without values is gone.
pub struct Edits<'a> {
    schema: &'static Schema,
    /// What seals secrets, where anything does.
    sealer: Option<&'a dyn Sealer>,
    /// What is a reference to a secret, and no secret.
    references: References<'a>,
    /// The values that stood there before.
    before: Value,
    seal: fn(Value, &Value, Option<&dyn Sealer>, References<'_>) -> Edited,
    /// The values that are in effect: a part of one value is merged into the rest of it.
    effective: &'a Value,
    values: Vec<(String, Value)>,
    report: Report,
}

/// Edited values, and what of the edits was wrong.
pub struct Edited {
    /// The values to keep.
    pub values: Value,
    /// What can't be done; nothing is to be kept where it has errors.
    pub report: Report,
}

type Entries = Vec<(String, Value)>;

impl<'a> Edits<'a> {
    /// Begins with the values that stand, a map; `effective` is the whole configuration as it is in effect.
    #[must_use]
    pub fn of<C: LayeredConfig>(values: Value, effective: &'a Value) -> Self {
        let before = values.clone();
        let values = match values {
            Value::Map(entries) => entries,
            _ => Vec::new(),
        };
        let (schema, seal) = (C::SCHEMA, seal::seal::<C>);
        let references = References::default();
        Self { schema, sealer: None, references, before, seal, effective, values, report: Report::new() }
    }

    /// Seals secrets with this; without it they can't be set.
    #[must_use]
    pub fn sealed_by(mut self, sealer: Option<&'a dyn Sealer>) -> Self {
        self.sealer = sealer;
        self
    }

    /// Knows references to secrets as the loader does whose stack gave this: by the schemes that its resolvers read,
    /// and in settings whose values are references though they name no scheme. What is kept of such a value names it.
    #[must_use]
    pub fn referring(mut self, references: References<'a>) -> Self {
        self.references = references;
        self
    }

    /// Merges a patch (RFC 7396): maps merge, everything else replaces. A null removes what was set at run time; for an
    /// optional value or section it is the value none.
    pub fn merge(&mut self, patch: &Value) {
        let Value::Map(entries) = patch else {
            self.refuse(code::TYPE, &FieldPath::ROOT, "a patch is a table of settings");
            return;
        };
        let mut values = std::mem::take(&mut self.values);
        self.table(self.schema, None, &mut values, Some(self.effective), entries, &FieldPath::ROOT);
        self.values = values;
    }

    /// Sets the value at a path, which it replaces.
    pub fn set(&mut self, path: &FieldPath, value: Value) {
        self.at(path, Some(value));
    }

    /// Removes what was set at a path, and at all paths below it; weaker sources show again.
    pub fn unset(&mut self, path: &FieldPath) {
        self.at(path, None);
    }

    /// Sets or removes the value at a path that the schema does not know: a key that a program declared at run time.
    pub fn free(&mut self, path: &FieldPath, value: Option<Value>) {
        let segments = path.segments();
        let segments: Vec<&str> = segments.iter().map(AsRef::as_ref).collect();
        descend(&mut self.values, &segments, value);
    }

    /// Notes a path that can't be read.
    pub fn unreadable(&mut self, path: &str, message: &str) {
        let path = FieldPath::ROOT.child(path);
        self.refuse(code::UNKNOWN_KEY, &path, message);
    }

    /// The edited values.
    #[must_use]
    pub fn finish(self) -> Edited {
        let mut report = self.report;
        let sealed = (self.seal)(Value::Map(self.values), &self.before, self.sealer, self.references);
        report.append(sealed.report);
        Edited { values: sealed.values, report }
    }

    fn table(
        &mut self,
        schema: &'static Schema,
        tag: Option<&'static str>,
        onto: &mut Entries,
        effective: Option<&Value>,
        patch: &Entries,
        path: &FieldPath,
    ) {
        for (key, value) in patch {
            let found = field(schema, key);
            let key = found.map_or(key.as_str(), |field| field.key);
            let is_tag = !schema.variants.is_empty() && key == tag.unwrap_or(schema.tag);
            let path = path.child(key);
            match found {
                Some(field) if !is_tag => {
                    self.field(field, onto, effective.and_then(|all| get(all, key)), value, &path)
                }
                // The tag; or a key that nobody knows, which the check of the whole reports.
                _ => put(onto, key, value.clone()),
            }
        }
    }

    fn field(
        &mut self,
        field: &'static Field,
        onto: &mut Entries,
        effective: Option<&Value>,
        value: &Value,
        path: &FieldPath,
    ) {
        if field.is_secret() && is_masked(value) {
            return;
        }
        match (field.kind, value) {
            (FieldKind::Nested(schema) | FieldKind::Optional(schema), Value::Map(entries)) => {
                let mut below = take_map(onto, field.key);
                self.table(schema, field.meta.rare().tag, &mut below, effective, entries, path);
                // Only an optional section is there for its own sake.
                if !below.is_empty() || matches!(field.kind, FieldKind::Optional(_)) && entries.is_empty() {
                    put(onto, field.key, Value::Map(below));
                } else {
                    remove(onto, field.key);
                }
            }
            (FieldKind::Map(schema), Value::Map(entries)) => {
                let mut below = take_map(onto, field.key);
                for (key, value) in entries {
                    let path = path.child(key);
                    match value {
                        Value::Null => self.entry(&mut below, key, effective, &path),
                        Value::Map(patch) => {
                            let mut entry = take_map(&mut below, key);
                            let effective = effective.and_then(|all| get(all, key));
                            self.table(schema, None, &mut entry, effective, patch, &path);
                            put(&mut below, key, Value::Map(entry));
                        }
                        other => put(&mut below, key, other.clone()),
                    }
                }
                put_or_remove(onto, field.key, below);
            }
            (FieldKind::Leaf(leaf), Value::Map(entries)) if leaf.shape().kind == LeafKind::Map => {
                let mut below = take_map(onto, field.key);
                for (key, value) in entries {
                    match value {
                        value if field.is_secret() && is_masked(value) => {}
                        Value::Null if !leaf.shape().inner.as_ref().is_some_and(|inner| inner.optional) => {
                            self.entry(&mut below, key, effective, &path.child(key));
                        }
                        Value::Map(patch) => {
                            // An entry with parts, such as a flag's definition: the patch is of the entry in effect.
                            let known = get_entry(&below, key).or(effective.and_then(|all| get(all, key)));
                            let mut whole = match known {
                                Some(Value::Map(entries)) => entries.clone(),
                                _ => Vec::new(),
                            };
                            plain(&mut whole, patch);
                            put(&mut below, key, Value::Map(whole));
                        }
                        value => put(&mut below, key, value.clone()),
                    }
                }
                put_or_remove(onto, field.key, below);
            }
            // One value with parts, as a struct that serde reads: the patch is of the value in effect.
            (FieldKind::Leaf(_), Value::Map(entries)) => {
                let mut whole = match get_entry(onto, field.key).or(effective) {
                    Some(Value::Map(entries)) => entries.clone(),
                    _ => Vec::new(),
                };
                plain(&mut whole, entries);
                put(onto, field.key, Value::Map(whole));
            }
            (FieldKind::Leaf(leaf), Value::Null) if !leaf.shape().optional => remove(onto, field.key),
            (FieldKind::Nested(_) | FieldKind::List(_) | FieldKind::Map(_), Value::Null) => remove(onto, field.key),
            (_, value) => put(onto, field.key, value.clone()),
        }
    }

    /// Removes a map's entry. One that a weaker source gives would show again, so that this is no removal.
    fn entry(&mut self, onto: &mut Entries, key: &str, effective: Option<&Value>, path: &FieldPath) {
        if get_entry(onto, key).is_some() {
            remove(onto, key);
        } else if effective.and_then(|all| get(all, key)).is_some() {
            self.refuse(code::NULL, path, "this entry was not set at run time: remove it where it comes from");
        }
    }

    /// Puts a value at a path, or removes what stands there.
    fn at(&mut self, path: &FieldPath, value: Option<Value>) {
        let segments = path.segments();
        let segments: Vec<&str> = segments.iter().map(AsRef::as_ref).collect();
        // A secret as JSON shows it, sent back: it is unchanged.
        if value.as_ref().is_some_and(is_masked) {
            return;
        }
        match locate(self.schema, None, &segments) {
            None => {
                let help = self.schema.find(path).err().map(|unknown| unknown.to_string());
                self.refuse(code::UNKNOWN_KEY, path, "no setting has this path").help = help;
            }
            Some(Found::Item) => {
                self.refuse(code::TYPE, path, "an item of a list can't be changed alone: set the whole list");
            }
            Some(Found::Field(field)) if value == Some(Value::Null) && !accepts_null(field) => {
                self.refuse(code::NULL, path, "this value can't be null; unset it to show what a weaker source says");
            }
            Some(_) => {
                let mut values = std::mem::take(&mut self.values);
                descend(&mut values, &segments, value);
                self.values = values;
            }
        }
    }

    fn refuse(&mut self, code: &'static str, path: &FieldPath, message: &str) -> &mut Finding {
        let mut finding = Finding::new(Severity::Error, code, path.clone(), message);
        finding.origin = Some(Origin::new(LayerKind::Runtime, "the change"));
        self.report.push(finding)
    }
}

/// What stands at a path.
enum Found {
    /// A setting or a section.
    Field(&'static Field),
    /// An enum's tag, a part of a value, an entry of a map.
    Part,
    /// An item of a list, or something below one.
    Item,
}

fn locate(schema: &'static Schema, tag: Option<&'static str>, segments: &[&str]) -> Option<Found> {
    let (first, rest) = segments.split_first()?;
    if !schema.variants.is_empty() && *first == tag.unwrap_or(schema.tag) {
        return rest.is_empty().then_some(Found::Part);
    }
    let field = field(schema, first).filter(|field| field.key == *first && !field.meta.computed)?;
    match (field.kind, rest) {
        (_, []) => Some(Found::Field(field)),
        (FieldKind::Nested(schema) | FieldKind::Optional(schema), rest) => locate(schema, field.meta.rare().tag, rest),
        (FieldKind::Map(_), [_]) => Some(Found::Part),
        (FieldKind::Map(schema), [_, rest @ ..]) => locate(schema, None, rest),
        (FieldKind::List(_), _) => Some(Found::Item),
        (FieldKind::Leaf(leaf), rest) => match leaf.shape().kind {
            LeafKind::List => Some(Found::Item),
            LeafKind::Map if rest.len() == 1 => Some(Found::Part),
            _ => None,
        },
    }
}

fn accepts_null(field: &'static Field) -> bool {
    match field.kind {
        FieldKind::Leaf(leaf) => leaf.shape().optional,
        FieldKind::Optional(_) => true,
        FieldKind::Nested(_) | FieldKind::List(_) | FieldKind::Map(_) => false,
    }
}

/// The field that a key names, also within flattened structs and variants.
fn field(schema: &'static Schema, key: &str) -> Option<&'static Field> {
    let variants = schema.variants.iter().flat_map(|variant| variant.fields);
    schema.fields.iter().chain(variants).find_map(|own| match own.kind {
        FieldKind::Nested(below) if own.meta.flatten => field(below, key),
        _ => (own.key == key || own.meta.rare().aliases.iter().any(|alias| alias.key == key)).then_some(own),
    })
}

fn descend(entries: &mut Entries, segments: &[&str], value: Option<Value>) {
    match (segments, value) {
        ([], _) => {}
        ([key], Some(value)) => put(entries, key, value),
        ([key], None) => remove(entries, key),
        ([key, rest @ ..], value) => {
            let removes = value.is_none();
            if removes && !matches!(get_entry(entries, key), Some(Value::Map(_))) {
                return;
            }
            let mut below = take_map(entries, key);
            descend(&mut below, rest, value);
            if removes { put_or_remove(entries, key, below) } else { put(entries, key, Value::Map(below)) }
        }
    }
}

/// RFC 7396 without a schema.
fn plain(onto: &mut Entries, patch: &Entries) {
    for (key, value) in patch {
        match value {
            Value::Null => remove(onto, key),
            Value::Map(entries) => {
                let mut below = take_map(onto, key);
                plain(&mut below, entries);
                put(onto, key, Value::Map(below));
            }
            value => put(onto, key, value.clone()),
        }
    }
}

fn is_masked(value: &Value) -> bool {
    *value == Value::Secret || *value == masked()
}

/// A secret as JSON shows it, which a patch may send back.
fn masked() -> Value {
    Value::Map(vec![("$secret".to_owned(), Value::Bool(true))])
}

fn get<'v>(value: &'v Value, key: &str) -> Option<&'v Value> {
    match value {
        Value::Map(entries) => get_entry(entries, key),
        _ => None,
    }
}

fn get_entry<'v>(entries: &'v Entries, key: &str) -> Option<&'v Value> {
    entries.iter().find(|(known, _)| known == key).map(|(_, value)| value)
}

/// The map at a key; an empty one where there is none. It stays where it is until it is put back.
fn take_map(entries: &mut Entries, key: &str) -> Entries {
    match entries.iter_mut().find(|(known, _)| known == key) {
        Some((_, Value::Map(below))) => std::mem::take(below),
        _ => Vec::new(),
    }
}

fn put(entries: &mut Entries, key: &str, value: Value) {
    match entries.iter_mut().find(|(known, _)| known == key) {
        Some((_, old)) => *old = value,
        None => entries.push((key.to_owned(), value)),
    }
}

fn put_or_remove(entries: &mut Entries, key: &str, below: Entries) {
    if below.is_empty() { remove(entries, key) } else { put(entries, key, Value::Map(below)) }
}

fn remove(entries: &mut Entries, key: &str) {
    entries.retain(|(known, _)| known != key);
}
