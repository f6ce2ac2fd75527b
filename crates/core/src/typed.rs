//! A typed configuration seen leaf by leaf: what differences, exports and checks of values start from.

use std::ops::Deref;

use crate::document::{Document, Kind};
use crate::layered::{Section, Visitor};
use crate::leaf::{LeafKind, LeafValue};
use crate::path::{FieldPath, push_segment};
use crate::schema::{Field, FieldKind, Schema};
use crate::value::Value;

/// A leaf of a typed configuration.
#[derive(Debug)]
pub(crate) struct Leaf<'v> {
    pub(crate) path: FieldPath,
    /// The field; `None` for an enum's tag and for an empty or absent section.
    pub(crate) field: Option<&'static Field>,
    pub(crate) value: Held<'v>,
}

/// A leaf's value.
#[derive(Debug)]
pub(crate) enum Held<'v> {
    Borrowed(&'v dyn LeafValue),
    Owned(Box<dyn LeafValue>),
    /// An enum's tag.
    Tag(&'static str),
    /// A list of structs without items, a map of structs without entries.
    Empty(Kind),
    /// A section that is not there.
    Absent,
}

impl Held<'_> {
    /// The value, where it is a leaf's.
    pub(crate) fn leaf(&self) -> Option<&dyn LeafValue> {
        match self {
            Self::Borrowed(value) => Some(*value),
            Self::Owned(value) => Some(value.deref()),
            Self::Tag(_) | Self::Empty(_) | Self::Absent => None,
        }
    }

    /// The value as a document, secrets as they are.
    pub(crate) fn to_document(&self) -> Document {
        match self {
            Self::Borrowed(value) => value.to_document(),
            Self::Owned(value) => value.deref().to_document(),
            Self::Tag(name) => crate::encode::to_document(name),
            Self::Empty(kind) => {
                let mut builder = crate::document::DocumentBuilder::new("", String::new());
                builder.push(None, *kind, crate::document::Span::default());
                builder.finish()
            }
            Self::Absent => crate::encode::to_document(&()),
        }
    }
}

impl Leaf<'_> {
    pub(crate) fn is_secret(&self) -> bool {
        self.field.is_some_and(Field::is_secret)
    }

    pub(crate) fn is_computed(&self) -> bool {
        self.field.is_some_and(|field| field.meta.computed)
    }

    pub(crate) fn is_map(&self) -> bool {
        self.field.is_some_and(is_map)
    }
}

/// Whether the field is a map whose entries are values of their own.
pub(crate) fn is_map(field: &'static Field) -> bool {
    matches!(field.kind, FieldKind::Leaf(leaf) if leaf.shape().kind == LeafKind::Map)
}

/// Hides a secret's value: a map keeps its keys, a list its length, null stays null.
pub(crate) fn mask(value: Value) -> Value {
    match value {
        Value::Map(entries) => Value::Map(entries.into_iter().map(|(key, value)| (key, hide(value))).collect()),
        other => hide(other),
    }
}

/// Hides a secret's value and its keys: what has not the shape of its type may have the secret as a key.
pub(crate) fn hide(value: Value) -> Value {
    match value {
        Value::Null => Value::Null,
        Value::List(items) => Value::List(items.into_iter().map(hide).collect()),
        Value::Map(entries) if entries.is_empty() => Value::Map(entries),
        _ => Value::Secret,
    }
}

/// All leaves, in the schema's order.
pub(crate) fn leaves(section: &dyn Section) -> Vec<Leaf<'_>> {
    let mut found = Vec::new();
    collect(section, String::new(), None, &mut found);
    found
}

fn collect<'v>(section: &'v dyn Section, path: String, tag: Option<&'static str>, found: &mut Vec<Leaf<'v>>) {
    let schema = section.schema();
    let mut collector = Collector { schema, tag, fields: schema.fields, next: 0, path, found };
    section.visit(&mut collector);
}

struct Collector<'v, 'f> {
    schema: &'static Schema,
    tag: Option<&'static str>,
    fields: &'static [Field],
    next: usize,
    path: String,
    found: &'f mut Vec<Leaf<'v>>,
}

impl<'v> Collector<'v, '_> {
    /// The next field and the path of its value.
    fn advance(&mut self) -> (&'static Field, String) {
        let field = &self.fields[self.next];
        self.next += 1;
        let mut path = self.path.clone();
        if !field.meta.flatten {
            push_segment(&mut path, field.key);
        }
        (field, path)
    }

    fn push(&mut self, field: Option<&'static Field>, path: String, value: Held<'v>) {
        self.found.push(Leaf { path: FieldPath::from_canonical(path), field, value });
    }
}

impl<'v> Visitor<'v> for Collector<'v, '_> {
    fn leaf(&mut self, value: &'v dyn LeafValue) {
        let (field, path) = self.advance();
        self.push(Some(field), path, Held::Borrowed(value));
    }

    fn leaf_owned(&mut self, value: Box<dyn LeafValue>) {
        let (field, path) = self.advance();
        self.push(Some(field), path, Held::Owned(value));
    }

    fn section(&mut self, section: Option<&'v dyn Section>) {
        let (field, path) = self.advance();
        match section {
            Some(section) => collect(section, path, field.meta.rare().tag, self.found),
            None => self.push(None, path, Held::Absent),
        }
    }

    fn list(&mut self, items: Vec<&'v dyn Section>) {
        let (_, path) = self.advance();
        if items.is_empty() {
            self.push(None, path, Held::Empty(Kind::Array));
            return;
        }
        for (index, item) in items.into_iter().enumerate() {
            collect(item, format!("{path}.{index}"), None, self.found);
        }
    }

    fn map(&mut self, entries: Vec<(&'v str, &'v dyn Section)>) {
        let (_, path) = self.advance();
        if entries.is_empty() {
            self.push(None, path, Held::Empty(Kind::Table));
            return;
        }
        for (key, entry) in entries {
            let mut path = path.clone();
            push_segment(&mut path, key);
            collect(entry, path, None, self.found);
        }
    }

    fn variant(&mut self, index: usize) {
        let variant = &self.schema.variants[index];
        let mut path = self.path.clone();
        push_segment(&mut path, self.tag.unwrap_or(self.schema.tag));
        self.push(None, path, Held::Tag(variant.name));
        self.fields = variant.fields;
        self.next = 0;
    }
}

/// What a tree of a configuration holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Contents {
    /// What an application would write: computed values and secrets are left out.
    Exported,
    /// Everything, secrets masked: to show.
    Masked,
}

/// The configuration as a tree.
pub(crate) fn tree(section: &dyn Section, contents: Contents) -> Value {
    Value::Map(entries(section, None, contents))
}

fn entries(section: &dyn Section, tag: Option<&'static str>, contents: Contents) -> Vec<(String, Value)> {
    let schema = section.schema();
    let mut writer = Writer { schema, tag, fields: schema.fields, next: 0, contents, entries: Vec::new() };
    section.visit(&mut writer);
    writer.entries
}

struct Writer {
    schema: &'static Schema,
    tag: Option<&'static str>,
    fields: &'static [Field],
    next: usize,
    contents: Contents,
    entries: Vec<(String, Value)>,
}

impl Writer {
    fn advance(&mut self) -> &'static Field {
        let field = &self.fields[self.next];
        self.next += 1;
        field
    }

    fn value(&mut self, document: &Document) {
        let field = self.advance();
        let hidden = self.contents == Contents::Exported && (field.meta.computed || field.is_secret());
        if !hidden {
            let value = Value::of_document(document);
            let masked = self.contents == Contents::Masked && field.is_secret();
            self.entries.push((field.key.to_owned(), if masked { mask(value) } else { value }));
        }
    }
}

impl<'v> Visitor<'v> for Writer {
    fn leaf(&mut self, value: &'v dyn LeafValue) {
        self.value(&value.to_document());
    }

    fn leaf_owned(&mut self, value: Box<dyn LeafValue>) {
        self.value(&value.deref().to_document());
    }

    fn section(&mut self, section: Option<&'v dyn Section>) {
        let field = self.advance();
        // An absent section is one that nobody mentions.
        let Some(section) = section else { return };
        let below = entries(section, field.meta.rare().tag, self.contents);
        if field.meta.flatten {
            self.entries.extend(below);
        } else {
            self.entries.push((field.key.to_owned(), Value::Map(below)));
        }
    }

    fn list(&mut self, items: Vec<&'v dyn Section>) {
        let field = self.advance();
        let items = items.into_iter().map(|item| tree(item, self.contents)).collect();
        self.entries.push((field.key.to_owned(), Value::List(items)));
    }

    fn map(&mut self, entries: Vec<(&'v str, &'v dyn Section)>) {
        let field = self.advance();
        let entries = entries.into_iter().map(|(key, entry)| (key.to_owned(), tree(entry, self.contents))).collect();
        self.entries.push((field.key.to_owned(), Value::Map(entries)));
    }

    fn variant(&mut self, index: usize) {
        let variant = &self.schema.variants[index];
        let tag = self.tag.unwrap_or(self.schema.tag);
        self.entries.push((tag.to_owned(), Value::String(variant.name.to_owned())));
        self.fields = variant.fields;
        self.next = 0;
    }
}
