//! Nested structs: sections, lists and maps of them, and the variants of enums.

use std::borrow::Cow;

use super::{Builder, Frame};
use crate::document::{Document, Kind, NodeId};
use crate::layer::Layer;
use crate::path::push_segment;
use crate::report::{Finding, Severity, code};
use crate::schema::{Field, Schema};
use crate::scope::{Candidate, Scope, ScopeLayer};
use crate::walk::{self, Met, Trail};

/// What generated code builds a struct with.
type Build<T> = fn(&mut Builder<'_>) -> Option<T>;

impl Builder<'_> {
    /// Builds the next field, a section that is always there.
    pub(crate) fn section<T>(&mut self, schema: &'static Schema, build: Build<T>) -> Option<T> {
        let (field, slot) = self.advance();
        let is_null = |found: &Candidate<'_>| found.kind() == Kind::Null && !is_empty_section(*found);
        if let Some(null) = self.scope.candidates(slot, self.frame.floor).find(is_null) {
            self.report_at(field, null, code::NULL, "this section can't be null");
        }
        self.enter(field, slot, schema, self.frame.floor, build)
    }

    /// Builds the next field, a section that is there where a source sets anything below it.
    pub(crate) fn optional<T>(&mut self, schema: &'static Schema, build: Build<T>) -> Option<Option<T>> {
        let (field, slot) = self.advance();
        let floor = floor(self.scope, slot, self.frame.floor);
        if self.scope.strongest(slot + 1..slot + 1 + schema.size, floor).is_none() {
            // What is no section is not absent either: the walk has reported it, and no check may rely on it.
            let is_table = |found: Candidate<'_>| found.kind() == Kind::Table;
            let absent = self.scope.candidates(slot, floor).all(is_table);
            return absent.then_some(None);
        }
        self.enter(field, slot, schema, floor, build).map(Some)
    }

    fn enter<T>(
        &mut self,
        field: &'static Field,
        slot: usize,
        schema: &'static Schema,
        floor: usize,
        build: Build<T>,
    ) -> Option<T> {
        let frame = std::mem::replace(&mut self.frame, Frame::new(schema, field.meta.rare().tag, slot + 1, floor));
        let length = self.path.len();
        if !field.meta.flatten {
            push_segment(&mut self.path, field.key);
        }
        // Where a section is none, that is the mistake, and not every value that it therefore lacks.
        let suppressed = self.run.suppress_missing;
        let mut candidates = self.scope.candidates(slot, floor);
        self.run.suppress_missing |= candidates.any(|found| found.kind() != Kind::Table && !is_empty_section(found));
        drop(candidates);
        let built = build(self);
        self.run.suppress_missing = suppressed;
        self.note_skipped(built.is_none());
        self.path.truncate(length);
        self.frame = frame;
        built
    }

    /// Builds the next field, a list of structs: the strongest source's list alone counts.
    pub(crate) fn list<T>(&mut self, schema: &'static Schema, build: Build<T>) -> Option<Vec<T>> {
        let (field, slot) = self.advance();
        let Some(found) = self.scope.candidates(slot, self.frame.floor).next() else { return Some(Vec::new()) };
        let parsed = parse_text(found);
        let (layer, node) = match &parsed {
            Some(layer) => (ScopeLayer { layer, index: None }, NodeId::ROOT),
            None => (found.layer, found.node),
        };
        let (layer, node) = unwrap_text(layer, node, parsed.is_some());
        match layer.layer.document.kind(node) {
            Kind::Array => {}
            Kind::Null => {
                self.report_at(field, found, code::NULL, "this list can't be null");
                return None;
            }
            _ => {
                self.report_at(field, found, code::TYPE, "expected a list of tables");
                return None;
            }
        }
        let mut items = Some(Vec::new());
        for (index, item) in layer.layer.document.children(node).enumerate() {
            let length = self.path.len();
            push_segment(&mut self.path, field.key);
            push_segment(&mut self.path, &index.to_string());
            let item = self.item(schema, vec![(layer, item)], build);
            self.path.truncate(length);
            match (&mut items, item) {
                (Some(items), Some(item)) => items.push(item),
                (items, None) => *items = None,
                (None, Some(_)) => {}
            }
        }
        items
    }

    /// Builds the next field, a map of structs: entries of all sources merge, each as a section of its own.
    pub(crate) fn map<T>(&mut self, schema: &'static Schema, build: Build<T>) -> Option<Vec<(String, T)>> {
        let (field, slot) = self.advance();
        let floor = floor(self.scope, slot, self.frame.floor);
        let candidates: Vec<Candidate<'_>> = self.scope.candidates(slot, floor).collect();
        let parsed: Vec<Option<Layer>> = candidates.iter().map(|found| parse_text(*found)).collect();
        let mut sources = Vec::with_capacity(candidates.len());
        // Weakest first, so that entries keep the order of the source that introduced them.
        for (found, parsed) in candidates.iter().zip(&parsed).rev() {
            let (layer, node) = match parsed {
                Some(layer) => unwrap_text(ScopeLayer { layer, index: None }, NodeId::ROOT, true),
                None => (found.layer, found.node),
            };
            if layer.layer.document.kind(node) == Kind::Table {
                sources.push((layer, node));
            } else {
                self.report_at(field, *found, code::TYPE, "expected a table of tables");
            }
        }
        let mut built = Some(Vec::new());
        for (key, parts) in entries(&sources) {
            let length = self.path.len();
            push_segment(&mut self.path, field.key);
            push_segment(&mut self.path, key);
            let item = self.item(schema, parts, build);
            self.path.truncate(length);
            match (&mut built, item) {
                (Some(built), Some(item)) => built.push((key.to_owned(), item)),
                (built, None) => *built = None,
                (None, Some(_)) => {}
            }
        }
        built
    }

    /// Builds one item or entry from the layers that have it.
    fn item<T>(&mut self, schema: &'static Schema, parts: Vec<(ScopeLayer<'_>, NodeId)>, build: Build<T>) -> Option<T> {
        let run = &mut *self.run;
        let path = self.path.clone();
        let before = run.report.findings().len();
        let exact = run.exact;
        let scope = sub_scope(schema, &parts, &path, exact, &mut |layer, trail, met| run.met(layer, trail, met));
        let failed = run.report.findings()[before..].iter().any(|finding| finding.severity == Severity::Error);
        let table = |(layer, node): &(ScopeLayer<'_>, NodeId)| layer.layer.document.kind(*node) == Kind::Table;
        if !parts.iter().any(table) {
            // What is no section at all lacks none of its values.
            return None;
        }
        let built = Builder::new(&mut *self.run, &scope, path).run(build);
        built.filter(|_| !failed)
    }

    /// Reads the variant of the enum that is being built and goes on with its fields.
    pub fn variant(&mut self) -> Option<usize> {
        let schema = self.frame.schema;
        let tag_slot = self.frame.start;
        let tag_path = crate::path::FieldPath::from_canonical(self.path.clone()).child(self.frame.tag);
        let Some(found) = self.scope.candidates(tag_slot, self.frame.floor).next() else {
            if !self.run.suppress_missing {
                let names: Vec<&str> = schema.variants.iter().map(|variant| variant.name).collect();
                let mut finding =
                    Finding::new(Severity::Error, code::MISSING, tag_path, "no source says which variant this is");
                finding.help = Some(format!("set it to {}", crate::decode::choices(&names)));
                self.run.report.push(finding);
            }
            return None;
        };
        let kind = found.kind();
        let is_text = matches!(kind, Kind::String | Kind::Plain | Kind::Text);
        let name = if is_text { found.document().scalar(found.node).trim() } else { "" };
        let chosen = schema.variants.iter().position(|variant| variant.name.eq_ignore_ascii_case(name));
        let Some(chosen) = chosen else {
            let names: Vec<&str> = schema.variants.iter().map(|variant| variant.name).collect();
            let choices = crate::decode::choices(&names);
            let (code, message) = if is_text {
                (code::CHOICE, format!("`{}` is not one of {choices}", name.escape_debug()))
            } else {
                let code = if kind == Kind::Null { code::NULL } else { code::TYPE };
                (code, format!("expected one of {choices}, found {}", found.raw().view().noun()))
            };
            let mut finding = Finding::new(Severity::Error, code, tag_path, message);
            finding.help = super::check::nearest_variant(schema, name);
            finding.origin = Some(found.layer.layer.origin(found.node));
            finding.spot = found.layer.spot(found.document().span(found.node));
            self.run.report.push(finding);
            return None;
        };
        self.unused_keys(chosen, found);
        let mut slot = self.frame.start + 1;
        for variant in &schema.variants[..chosen] {
            slot += variant.fields.iter().map(Field::size).sum::<usize>();
        }
        self.frame.fields = schema.variants[chosen].fields;
        self.frame.field = 0;
        self.frame.slot = slot;
        Some(chosen)
    }

    /// Tells keys of other variants, where the source that chose this one sets them; a weaker source's are overridden.
    fn unused_keys(&mut self, chosen: usize, tag: Candidate<'_>) {
        let schema = self.frame.schema;
        let own = schema.variants[chosen].fields;
        let mut slot = self.frame.start + 1;
        let mut told = Vec::new();
        for field in schema.variants.iter().flat_map(|variant| variant.fields) {
            let set = self
                .scope
                .candidates(slot, self.frame.floor)
                .find(|found| std::ptr::eq(found.layer.layer, tag.layer.layer));
            slot += field.size();
            let Some(found) = set.filter(|found| !told.contains(&found.node)) else { continue };
            if own.iter().any(|other| other.key == field.key) {
                continue;
            }
            told.push(found.node);
            let message = format!("the variant `{}` has no such key", schema.variants[chosen].name);
            let mut finding = Finding::new(Severity::Warning, code::UNUSED_KEY, self.field_path(field), message);
            finding.origin = Some(found.layer.layer.key_origin(found.node));
            finding.spot = found.layer.spot(found.document().key_span(found.node));
            self.run.report.push(finding);
        }
    }

    fn report_at(&mut self, field: &Field, found: Candidate<'_>, code: &'static str, message: &str) {
        let mut finding = Finding::new(Severity::Error, code, self.field_path(field), message);
        finding.origin = Some(found.layer.layer.origin(found.node));
        finding.spot = found.layer.spot(found.document().span(found.node));
        self.run.report.push(finding);
        self.frame.valid = false;
    }
}

/// Whether this is YAML's way of writing a section without entries: a key with nothing behind it.
fn is_empty_section(found: Candidate<'_>) -> bool {
    found.kind() == Kind::Null
        && found.layer.layer.kind == crate::layer::LayerKind::File
        && found.document().scalar(found.node).is_empty()
}

/// The first layer that counts for a section: those below its strongest null are hidden.
pub(crate) fn floor(scope: &Scope<'_>, slot: usize, floor: usize) -> usize {
    (floor..scope.layers.len())
        .rev()
        .find(|layer| {
            scope.node(*layer, slot).is_some_and(|node| scope.layers[*layer].layer.document.kind(node) == Kind::Null)
        })
        .map_or(floor, |layer| layer + 1)
}

/// The entries of a map over its sources, weakest source first; a null removes what weaker sources said.
pub(crate) fn entries<'a>(sources: &[(ScopeLayer<'a>, NodeId)]) -> Vec<(&'a str, Vec<(ScopeLayer<'a>, NodeId)>)> {
    let mut entries: Vec<(&str, Vec<(ScopeLayer<'a>, NodeId)>)> = Vec::new();
    for (layer, table) in sources {
        let document: &'a Document = &layer.layer.document;
        let mut others = entries.len();
        for node in document.children(*table) {
            let key = document.key(node);
            // A table has each key once, so the entries of the first source need not be searched.
            let known = entries[..others].iter().position(|(name, _)| *name == key);
            if document.kind(node) == Kind::Null {
                if let Some(known) = known {
                    entries.remove(known);
                    others -= 1;
                }
            } else if let Some(known) = known {
                entries[known].1.push((*layer, node));
            } else {
                entries.push((key, vec![(*layer, node)]));
            }
        }
    }
    entries
}

/// The scope of one item or entry.
pub(crate) fn sub_scope<'a>(
    schema: &'static Schema,
    parts: &[(ScopeLayer<'a>, NodeId)],
    path: &str,
    exact: bool,
    sink: &mut dyn FnMut(ScopeLayer<'_>, Trail<'_>, Met<'_>),
) -> Scope<'a> {
    let mut slots = vec![NodeId::NONE; schema.size * parts.len()];
    let trail = Trail::Root(path);
    for (index, (layer, node)) in parts.iter().enumerate() {
        let slots = &mut slots[index * schema.size..][..schema.size];
        let document = &layer.layer.document;
        if document.kind(*node) == Kind::Table {
            walk::walk(document, *node, schema, exact, slots, trail, &mut |trail, met| sink(*layer, trail, met));
        } else {
            sink(*layer, trail, Met::NotATable { node: *node });
        }
    }
    let layers = parts.iter().map(|(layer, _)| *layer).collect();
    Scope { schema, layers, slots: Cow::Owned(slots) }
}

/// A variable's or argument's text as a document of its own, where it is JSON.
pub(crate) fn parse_text(found: Candidate<'_>) -> Option<Layer> {
    if found.kind() != Kind::Text {
        return None;
    }
    #[cfg(feature = "json")]
    {
        let mut faults = Vec::new();
        let document = crate::document::json::parse_value(found.document().scalar(found.node), &mut faults);
        let at = found.layer.layer.origin(found.node).at;
        let layer =
            Layer { kind: found.layer.layer.kind, document, places: crate::layer::Places::Fixed(at), base: None };
        faults.is_empty().then_some(layer)
    }
    #[cfg(not(feature = "json"))]
    None
}

/// Text stands in a table of its own as the one entry (the parser wants a table as root).
pub(crate) fn unwrap_text(layer: ScopeLayer<'_>, node: NodeId, wrapped: bool) -> (ScopeLayer<'_>, NodeId) {
    let inner = if wrapped { layer.layer.document.first_child(node) } else { None };
    (layer, inner.unwrap_or(node))
}
