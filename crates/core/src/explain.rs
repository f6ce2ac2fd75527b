//! What every value can answer: where it came from, whom it shadows, its type, default, limits and documentation.

mod nested;
mod show;

use std::borrow::Cow;
use std::collections::HashMap;

use crate::build::{self, Replaced, Source};
use crate::document::{Kind, NodeId};
use crate::gather::Gathered;
use crate::layer::{LayerKind, Origin};
use crate::leaf::{LeafKind, Shape};
use crate::path::FieldPath;
use crate::profile::{Applied, PathOf};
use crate::raw::Raw;
use crate::report::Report;
use crate::schema::{Field, FieldKind, Reload, Schema};
use crate::scope::{Candidate, Scope, ScopeLayer};
use crate::typed;
use crate::value::Value;

/// All that is known of one value.
#[derive(Debug, Clone)]
pub struct Explained {
    /// Its path.
    pub path: FieldPath,
    /// The value, masked if it is secret.
    pub value: Value,
    /// The kind of value, in a word.
    pub kind: &'static str,
    /// Whether it is secret.
    pub secret: bool,
    /// The default, where there is one.
    pub default: Option<Value>,
    /// Its documentation.
    pub doc: &'static str,
    /// Whether a change takes effect at once.
    pub reload: Reload,
    /// Where it came from; `None` where it is required and missing.
    pub origin: Option<Origin>,
    /// The weaker values that it hides, strongest first.
    pub shadows: Vec<Shadow>,
    /// The origins of all its parts, strongest first, where it was merged from several.
    pub merged: Vec<Origin>,
    /// The field, for limits and other attributes; `None` for an enum's tag.
    pub field: Option<&'static Field>,
}

/// A value that a stronger one hides.
#[derive(Debug, Clone, PartialEq)]
pub struct Shadow {
    /// Where it came from.
    pub origin: Origin,
    /// The value, masked if it is secret.
    pub value: Value,
}

/// Explains values from the layers of a load.
pub(crate) struct Explainer<'a> {
    pub(crate) schema: &'static Schema,
    pub(crate) scope: Scope<'a>,
    replaced: &'a [Replaced],
    profile: Option<&'a Applied>,
    /// Secrets are shown as they are: to compare them, never to tell.
    reveal: bool,
}

impl<'a> Explainer<'a> {
    pub(crate) fn of(gathered: &'a Gathered, schema: &'static Schema) -> Self {
        let layers = gathered.layers.iter().enumerate();
        let layers = layers.map(|(index, layer)| ScopeLayer { layer, index: Some(index) }).collect();
        let scope = Scope { schema, layers, slots: Cow::Borrowed(&gathered.slots) };
        Self { schema, scope, replaced: &gathered.run.replaced, profile: gathered.run.profile.as_ref(), reveal: false }
    }

    /// All values, or those at or below these paths.
    pub(crate) fn explain(&self, paths: &[FieldPath]) -> Vec<Explained> {
        let mut all = Vec::new();
        self.section(&self.scope, self.schema, None, 0, 0, &FieldPath::ROOT, &mut all);
        if !paths.is_empty() {
            all.retain(|explained| paths.iter().any(|path| path.contains(&explained.path)));
        }
        all
    }

    /// All values, secrets as they are: for comparison alone.
    pub(crate) fn revealed(mut self) -> Vec<Explained> {
        self.reveal = true;
        self.explain(&[])
    }

    /// Finds the origins of findings that rules of the program's own made.
    pub(crate) fn place_in(gathered: &Gathered, report: &mut Report) {
        if report.is_empty() {
            return;
        }
        let all = Explainer::of(gathered, gathered.schema).explain(&[]);
        let origin = |path: &FieldPath| {
            all.iter().find(|explained| explained.path == *path).and_then(|explained| explained.origin.clone())
        };
        for finding in report.findings_mut() {
            finding.origin = finding.origin.take().or_else(|| origin(&finding.path));
            for related in &mut finding.related {
                related.origin = related.origin.take().or_else(|| origin(&related.path));
            }
        }
    }

    #[expect(clippy::too_many_arguments, reason = "a section is a schema, a place in its scope and a path")]
    fn section(
        &self,
        scope: &Scope<'_>,
        schema: &'static Schema,
        tag: Option<&'static str>,
        start: usize,
        floor: usize,
        path: &FieldPath,
        all: &mut Vec<Explained>,
    ) {
        if schema.variants.is_empty() {
            self.fields(scope, schema.fields, start, floor, path, all);
            return;
        }
        let Some(found) = scope.candidates(start, floor).next() else { return };
        let name = found.document().scalar(found.node);
        all.push(self.tag(scope, path.child(tag.unwrap_or(schema.tag)), start, floor, name));
        let mut slot = start + 1;
        for variant in schema.variants {
            if variant.name.eq_ignore_ascii_case(name.trim()) {
                self.fields(scope, variant.fields, slot, floor, path, all);
            }
            slot += variant.fields.iter().map(Field::size).sum::<usize>();
        }
    }

    fn tag(&self, scope: &Scope<'_>, path: FieldPath, slot: usize, floor: usize, name: &str) -> Explained {
        let mut candidates = scope.candidates(slot, floor);
        let origin = candidates.next().map(origin);
        let shadows = candidates.map(|shadow| Shadow { origin: self::origin(shadow), value: Value::of(shadow.raw()) });
        Explained {
            path,
            value: Value::String(name.to_owned()),
            kind: "enum",
            secret: false,
            default: None,
            doc: "",
            reload: Reload::Live,
            origin,
            shadows: shadows.collect(),
            merged: Vec::new(),
            field: None,
        }
    }

    fn fields(
        &self,
        scope: &Scope<'_>,
        fields: &'static [Field],
        mut slot: usize,
        floor: usize,
        path: &FieldPath,
        all: &mut Vec<Explained>,
    ) {
        for field in fields {
            let below = if field.meta.flatten { path.clone() } else { path.child(field.key) };
            match field.kind {
                FieldKind::Leaf(_) => self.leaf(scope, field, slot, floor, below, all),
                FieldKind::Nested(schema) => {
                    self.section(scope, schema, field.meta.rare().tag, slot + 1, floor, &below, all);
                }
                FieldKind::Optional(schema) => {
                    let floor = build::floor(scope, slot, floor);
                    if scope.strongest(slot + 1..slot + 1 + schema.size, floor).is_some() {
                        self.section(scope, schema, field.meta.rare().tag, slot + 1, floor, &below, all);
                    } else {
                        all.push(self.absent(scope, field, slot, below));
                    }
                }
                FieldKind::List(schema) => self.list(scope, field, schema, slot, floor, &below, all),
                FieldKind::Map(schema) => self.map(scope, field, schema, slot, floor, &below, all),
            }
            slot += field.size();
        }
    }

    fn leaf(
        &self,
        scope: &Scope<'_>,
        field: &'static Field,
        slot: usize,
        floor: usize,
        path: FieldPath,
        all: &mut Vec<Explained>,
    ) {
        let FieldKind::Leaf(leaf) = field.kind else { return };
        let shape = leaf.shape();
        let secret = field.is_secret();
        let path_of = || path.clone();
        let profile = self.profile.map(|applied| (applied, &path_of as PathOf<'_>));
        let named = || Origin::new(LayerKind::Profile, self.profile.map_or("", |applied| applied.profile.name()));
        let source = match self.replaced.iter().find(|replaced| replaced.path == path.as_str()) {
            Some(replaced) => Source::Replaced(Box::new(replaced.value)),
            None => build::source(scope, field, slot, floor, profile),
        };
        let value = self.shown(field, &source, secret);
        let candidates: Vec<Candidate<'_>> = scope.candidates(slot, floor).collect();
        let (origin, hidden) = match &source {
            Source::Layer(_) | Source::Merged(..) => (candidates.first().copied().map(self::origin), 1),
            Source::Replaced(_) => {
                let rule = self.replaced.iter().find(|replaced| replaced.path == path.as_str());
                (rule.map(|replaced| Origin::new(LayerKind::Fallback, replaced.rule.as_str())), 0)
            }
            Source::Profile(_) => (Some(named()), 0),
            Source::Expr(_) | Source::Lit(_) => (Some(default_origin()), 0),
            Source::Absent => (shape.optional.then(default_origin), 0),
        };
        let mut shadows: Vec<Shadow> = candidates
            .iter()
            .skip(hidden)
            .map(|shadow| Shadow {
                origin: self::origin(*shadow),
                value: self.shown(field, &Source::Layer(*shadow), secret),
            })
            .collect();
        let is_layer = matches!(source, Source::Layer(_) | Source::Merged(..) | Source::Replaced(_));
        let default = build::weakest(field, None);
        let default = (!matches!(default, Source::Absent)).then(|| self.shown(field, &default, secret));
        if let (true, Source::Profile(lit)) = (is_layer, build::weakest(field, profile)) {
            shadows.push(Shadow { origin: named(), value: self.shown(field, &Source::Profile(lit), secret) });
        }
        if let Some(default) = default.clone().filter(|_| is_layer || matches!(source, Source::Profile(_))) {
            shadows.push(Shadow { origin: default_origin(), value: default });
        }
        let merged = match &source {
            Source::Merged(..) => {
                let layers = candidates.iter().copied().map(self::origin);
                layers.chain(default.is_some().then(default_origin)).collect()
            }
            _ => Vec::new(),
        };
        let explained = Explained {
            path,
            value,
            kind: shape.type_word(),
            secret,
            default,
            doc: field.doc,
            reload: field.meta.reload,
            origin,
            shadows,
            merged,
            field: Some(field),
        };
        match &explained.value {
            Value::Map(entries) if shape.kind == LeafKind::Map && !entries.is_empty() => {
                self.entries(&explained, &shape, field, &candidates, all);
            }
            _ => all.push(explained),
        }
    }

    /// A map's entries are values of their own, each with its own origin.
    fn entries(
        &self,
        whole: &Explained,
        shape: &Shape,
        field: &'static Field,
        candidates: &[Candidate<'_>],
        all: &mut Vec<Explained>,
    ) {
        let Value::Map(entries) = &whole.value else { return };
        let kind = shape.inner.as_ref().map_or("any", |inner| inner.type_word());
        let parts: Vec<Part<'_>> = candidates
            .iter()
            .map(|candidate| Part::new(*candidate, self.shown(field, &Source::Layer(*candidate), whole.secret)))
            .collect();
        let defaults = whole.default.clone().map(by_key).unwrap_or_default();
        // What each entry has of its own is not copied from the whole.
        let common = Explained { value: Value::Null, default: None, shadows: Vec::new(), ..whole.clone() };
        for (key, value) in entries {
            let mut found: Vec<Shadow> = parts.iter().filter_map(|part| part.shadow(key)).collect();
            let default = defaults.get(key).cloned();
            found.extend(default.clone().map(|value| Shadow { origin: default_origin(), value }));
            let origin = match &whole.origin {
                Some(origin) if origin.layer == LayerKind::Fallback || origin.layer == LayerKind::Profile => {
                    Some(origin.clone())
                }
                _ if found.is_empty() => whole.origin.clone(),
                _ => Some(found.remove(0).origin),
            };
            all.push(Explained {
                path: whole.path.child(key),
                value: value.clone(),
                kind,
                default,
                origin,
                shadows: found,
                merged: Vec::new(),
                ..common.clone()
            });
        }
    }

    fn absent(&self, scope: &Scope<'_>, field: &'static Field, slot: usize, path: FieldPath) -> Explained {
        let null = scope.candidates(slot, 0).find(|found| found.kind() == Kind::Null);
        self.empty(field, path, Value::Null, Some(null.map_or_else(default_origin, origin)))
    }

    fn empty(&self, field: &'static Field, path: FieldPath, value: Value, origin: Option<Origin>) -> Explained {
        Explained {
            path,
            kind: if matches!(value, Value::List(_)) { "list" } else { "object" },
            value,
            secret: false,
            default: None,
            doc: field.doc,
            reload: field.meta.reload,
            origin,
            shadows: Vec::new(),
            merged: Vec::new(),
            field: Some(field),
        }
    }

    /// The value as its type writes it; one that its type refuses is shown as its source wrote it.
    fn shown(&self, field: &'static Field, source: &Source<'_>, secret: bool) -> Value {
        let FieldKind::Leaf(leaf) = field.kind else { return Value::Null };
        let value = source.read(field, |raw, context| match leaf.canonical(raw, context) {
            Ok(document) => Value::of(Raw::Node(&document, NodeId::ROOT)),
            // What has not the shape of its type may have the secret as a key.
            Err(_) if secret && !self.reveal => Value::Secret,
            Err(_) => Value::of(raw),
        });
        if secret && !self.reveal { typed::mask(value) } else { value }
    }
}

/// One layer's part of a map, found by key.
struct Part<'a> {
    candidate: Candidate<'a>,
    values: HashMap<String, Value>,
    nodes: HashMap<&'a str, NodeId>,
}

impl<'a> Part<'a> {
    fn new(candidate: Candidate<'a>, shown: Value) -> Self {
        let document = candidate.document();
        let nodes = document.children(candidate.node).map(|node| (document.key(node), node)).collect();
        Self { candidate, values: by_key(shown), nodes }
    }

    fn shadow(&self, key: &str) -> Option<Shadow> {
        let value = self.values.get(key)?.clone();
        let node = self.nodes.get(key).copied().unwrap_or(self.candidate.node);
        let mut origin = self.candidate.layer.layer.origin(node);
        if origin.at.is_empty() {
            origin = self::origin(self.candidate);
        }
        Some(Shadow { origin, value })
    }
}

fn by_key(value: Value) -> HashMap<String, Value> {
    match value {
        Value::Map(entries) => entries.into_iter().collect(),
        _ => HashMap::new(),
    }
}

fn origin(candidate: Candidate<'_>) -> Origin {
    candidate.layer.layer.origin(candidate.node)
}

fn default_origin() -> Origin {
    Origin::new(LayerKind::Default, "default")
}
