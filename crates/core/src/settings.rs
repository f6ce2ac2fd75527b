//! The settings of a document by themselves: a part of a file, as typed values that each keep their place.

use std::path::Path;

use crate::document::{Document, NodeId};
use crate::excerpt;
use crate::explain::Explained;
use crate::gather::Gathered;
use crate::layer::{Layer, LayerKind, Origin};
use crate::layered::LayeredConfig;
use crate::loader::Loader;
use crate::path::FieldPath;
use crate::plan::Plan;
use crate::report::{Report, code};
use crate::schema::{Field, FieldKind, Schema};
use crate::source::file;
use crate::value::Value;

/// What one layer sets, without any other.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    /// The values as their types write them: the text `1_000` of a number is `1000`. A secret is masked.
    pub values: Value,
    /// Where each setting stands.
    pub origins: Vec<(FieldPath, Origin)>,
}

impl Layer {
    /// Reads a TOML, YAML or JSON file that holds settings of a schema somewhere; [`part`](Self::part) takes them out.
    ///
    /// # Errors
    /// Why the file can't be read, or every fault of its text.
    pub fn read(path: &Path, schema: &'static Schema) -> Result<Self, Report> {
        match file::read(path, true) {
            Ok(read) => checked(file::from_bytes(path, read.unwrap_or_default().0), schema),
            Err(finding) => {
                let mut report = Report::new();
                report.push(*finding);
                Err(report)
            }
        }
    }

    /// As [`read`](Self::read), of a text whose name says its format.
    ///
    /// # Errors
    /// Every fault of the text.
    pub fn parse(name: impl Into<String>, text: impl Into<String>, schema: &'static Schema) -> Result<Self, Report> {
        checked(file::from_text(name.into(), text.into()), schema)
    }

    /// The part of the document at a node, as a layer whose root is that node; places stay those of the whole.
    #[must_use]
    pub fn part(&self, node: NodeId) -> Self {
        Self { document: self.document.part(node), ..self.clone() }
    }

    /// What the layer sets, typed along a schema. Required values that are missing, and checks across fields, belong to
    /// a whole configuration and are none of this.
    ///
    /// # Errors
    /// Every value that is wrong, every key that nobody knows.
    pub fn settings<C: LayeredConfig>(&self) -> Result<Settings, Report> {
        let mut report = Report::new();
        let alone = Loader::<C>::new().layer(self.clone()).read();
        let own = alone.report().findings().iter().filter(|finding| {
            finding.code != code::CROSS_FIELD && finding.origin.as_ref().is_some_and(|origin| origin.layer == self.kind)
        });
        for finding in own {
            report.push(finding.clone());
        }
        if !report.is_valid() {
            return Err(report);
        }
        // A value that merges with weaker ones is shown merged; what hides another one is shown as it is.
        let twice = Loader::<C>::new().layer(self.clone()).layer(self.clone()).read();
        let mut settings = Settings { values: Value::Map(Vec::new()), origins: Vec::new() };
        for explained in twice.explain(&[]) {
            settings.take(explained, self.kind);
        }
        lists(C::SCHEMA.fields, &mut settings.values);
        Ok(settings)
    }
}

fn checked(read: file::Read, schema: &'static Schema) -> Result<Layer, Report> {
    let file::Read { layer, faults } = read;
    if faults.is_empty() {
        return Ok(layer);
    }
    let mut gathered = Gathered::new(Plan::default(), schema);
    gathered.faults(&layer, faults);
    let mut report = gathered.run.report;
    excerpt::add(&mut report, &[layer], schema, false);
    Err(report)
}

impl Settings {
    fn take(&mut self, explained: Explained, kind: LayerKind) {
        let Some(origin) = explained.origin.filter(|origin| origin.layer == kind) else { return };
        let value = match explained.shadows.into_iter().next() {
            Some(shadow) if !explained.merged.is_empty() => shadow.value,
            _ => explained.value,
        };
        let segments = explained.path.segments();
        let segments: Vec<&str> = segments.iter().map(AsRef::as_ref).collect();
        put(&mut self.values, &segments, value);
        self.origins.push((explained.path.clone(), origin));
    }
}

fn put(onto: &mut Value, segments: &[&str], value: Value) {
    let Some((first, rest)) = segments.split_first() else {
        *onto = value;
        return;
    };
    if !matches!(onto, Value::Map(_)) {
        *onto = Value::Map(Vec::new());
    }
    let Value::Map(entries) = onto else { return };
    let at = match entries.iter().position(|(key, _)| key == first) {
        Some(at) => at,
        None => {
            entries.push(((*first).to_owned(), Value::Null));
            entries.len() - 1
        }
    };
    put(&mut entries[at].1, rest, value);
}

/// Lists of structs, whose items came as entries with numbers for keys.
fn lists(fields: &'static [Field], value: &mut Value) {
    for field in fields {
        if let FieldKind::Nested(schema) = field.kind
            && field.meta.flatten
        {
            below(schema, value);
            continue;
        }
        let Value::Map(entries) = &mut *value else { return };
        let Some((_, value)) = entries.iter_mut().find(|(key, _)| key == field.key) else { continue };
        match (field.kind, &mut *value) {
            (FieldKind::Nested(schema) | FieldKind::Optional(schema), value) => below(schema, value),
            (FieldKind::Map(schema), Value::Map(entries)) => {
                entries.iter_mut().for_each(|(_, entry)| below(schema, entry));
            }
            (FieldKind::List(schema), Value::Map(items)) => {
                let mut list = Vec::new();
                for (index, mut item) in items.drain(..) {
                    below(schema, &mut item);
                    // An item that sets nothing has no entry, and keeps its place.
                    let index = index.parse().unwrap_or(list.len());
                    list.resize(index, Value::Map(Vec::new()));
                    list.push(item);
                }
                *value = Value::List(list);
            }
            _ => {}
        }
    }
}

fn below(schema: &'static Schema, value: &mut Value) {
    lists(schema.fields, value);
    schema.variants.iter().for_each(|variant| lists(variant.fields, value));
}

impl Document {
    /// The part at a node, as a document of its own with the same text.
    pub(crate) fn part(&self, node: NodeId) -> Self {
        let mut part = self.clone();
        part.make_root(node);
        part
    }
}
