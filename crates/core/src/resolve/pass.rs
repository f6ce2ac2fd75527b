//! The reading of references: one pass over the winning values of a load, before anything is built of them.

use std::collections::HashMap;

use super::find::{self, Part};
use super::{Mark, Reference, Resolved, Resolving, Unresolved};
use crate::build;
use crate::document::{Kind, NodeId};
use crate::gather::Gathered;
use crate::leaf::{LeafKind, Shape};
use crate::path::FieldPath;
use crate::report::{Finding, Severity, code};
use crate::schema::{Field, FieldKind, Schema};
use crate::scope::{Candidate, Scope, ScopeLayer};
use crate::secret::Secret;

/// Puts what references lead to in their places, and notes what could not be read.
pub(crate) fn resolve(gathered: &mut Gathered, resolving: &Resolving) {
    let (edits, findings) = {
        let layers: Vec<ScopeLayer<'_>> =
            gathered.layers.iter().enumerate().map(|(index, layer)| ScopeLayer { layer, index: Some(index) }).collect();
        let scope = Scope { schema: gathered.schema, layers, slots: gathered.slots.as_slice().into() };
        let mut pass = Pass { resolving, known: HashMap::new(), edits: Vec::new(), findings: Vec::new() };
        pass.section(&scope, gathered.schema, 0, 0, &FieldPath::ROOT);
        (pass.edits, pass.findings)
    };
    for Edit { layer, node, text, kind, mark } in edits {
        let document = &mut gathered.layers[layer].document;
        if let Some(text) = text {
            document.amend_as(node, kind, text.expose());
        }
        document.set_mark(node, mark);
    }
    for finding in findings {
        gathered.run.report.push(finding);
    }
}

/// What becomes of one node.
struct Edit {
    layer: usize,
    node: NodeId,
    text: Option<Secret<String>>,
    kind: Kind,
    mark: Mark,
}

struct Pass<'r> {
    resolving: &'r Resolving,
    /// What was asked for already: of one load, each secret is read once.
    known: HashMap<(String, String), Result<Resolved, Unresolved>>,
    edits: Vec<Edit>,
    findings: Vec<Finding>,
}

impl Pass<'_> {
    fn section(&mut self, scope: &Scope<'_>, schema: &'static Schema, start: usize, floor: usize, path: &FieldPath) {
        if schema.variants.is_empty() {
            return self.fields(scope, schema.fields, start, floor, path);
        }
        let Some(found) = scope.candidates(start, floor).next() else { return };
        let name = found.document().scalar(found.node);
        let mut slot = start + 1;
        for variant in schema.variants {
            if variant.name.eq_ignore_ascii_case(name.trim()) {
                self.fields(scope, variant.fields, slot, floor, path);
            }
            slot += variant.fields.iter().map(Field::size).sum::<usize>();
        }
    }

    fn fields(&mut self, scope: &Scope<'_>, fields: &'static [Field], mut slot: usize, floor: usize, path: &FieldPath) {
        for field in fields {
            let below = if field.meta.flatten { path.clone() } else { path.child(field.key) };
            match field.kind {
                FieldKind::Leaf(_) => self.leaf(scope, field, slot, floor, &below),
                FieldKind::Nested(schema) => self.section(scope, schema, slot + 1, floor, &below),
                FieldKind::Optional(schema) => {
                    self.section(scope, schema, slot + 1, build::floor(scope, slot, floor), &below);
                }
                FieldKind::List(schema) => {
                    if let Some(found) = scope.candidates(slot, floor).next() {
                        for (index, item) in found.document().children(found.node).enumerate() {
                            self.item(schema, &[(found.layer, item)], &below.child(&index.to_string()));
                        }
                    }
                }
                FieldKind::Map(schema) => {
                    let floor = build::floor(scope, slot, floor);
                    let sources: Vec<(ScopeLayer<'_>, NodeId)> =
                        scope.column(slot, floor).map(|found| (found.layer, found.node)).collect();
                    for (key, parts) in build::entries(&sources) {
                        self.item(schema, &parts, &below.child(key));
                    }
                }
            }
            slot += field.size();
        }
    }

    fn item(&mut self, schema: &'static Schema, parts: &[(ScopeLayer<'_>, NodeId)], path: &FieldPath) {
        let scope = build::sub_scope(schema, parts, path.as_str(), false, &mut |_, _, _| {});
        self.section(&scope, schema, 0, 0, path);
    }

    fn leaf(&mut self, scope: &Scope<'_>, field: &'static Field, slot: usize, floor: usize, path: &FieldPath) {
        let mut candidates = scope.candidates(slot, floor);
        let Some(winner) = candidates.next() else { return };
        let FieldKind::Leaf(leaf) = field.kind else { return };
        if !field.is_secret() {
            return self.refuse(winner, winner.node, path);
        }
        let shape = leaf.shape();
        let implied = self.resolving.implied(path).map(str::to_owned);
        let merges = build::merges(field, winner);
        // Entries of a merged map, of which the strongest counts.
        let mut entries = Vec::new();
        self.value(winner, winner.node, &shape, implied.as_deref(), true);
        if merges {
            entries.extend(winner.document().children(winner.node).map(|entry| winner.document().key(entry)));
        }
        let mut hidden = winner.kind() == Kind::Null;
        for weaker in candidates {
            hidden |= weaker.kind() == Kind::Null;
            if !merges || hidden || !matches!(weaker.kind(), Kind::Table) {
                self.value(weaker, weaker.node, &shape, implied.as_deref(), merges && !hidden);
                continue;
            }
            let inner = shape.inner.as_deref().unwrap_or(&shape);
            for entry in weaker.document().children(weaker.node) {
                let key = weaker.document().key(entry);
                let counts = !entries.contains(&key);
                self.value(weaker, entry, inner, None, counts);
                entries.push(key);
            }
        }
    }

    /// A reference where everybody would see what it leads to.
    fn refuse(&mut self, found: Candidate<'_>, node: NodeId, path: &FieldPath) {
        let document = found.document();
        if matches!(document.kind(node), Kind::Array | Kind::Table) {
            for child in document.children(node) {
                self.refuse(found, child, path);
            }
            return;
        }
        if !matches!(document.kind(node), Kind::String | Kind::Text | Kind::Plain) {
            return;
        }
        let is_scheme = |scheme: &str| self.resolving.of(scheme).is_some();
        let parts = find::parts(document.scalar(node), &is_scheme);
        let Some(Part::Reference { scheme, .. } | Part::Unclosed { scheme }) =
            parts.iter().flatten().find(|part| !matches!(part, Part::Text(_)))
        else {
            return;
        };
        let article = if scheme.starts_with(['a', 'e', 'i', 'o', 'u']) { "an" } else { "a" };
        let message =
            format!("{article} `{scheme}:` reference leads to a secret, and this setting is shown to everybody");
        let mut finding = Finding::new(Severity::Error, code::SECRET_REFERENCE, path.clone(), message);
        finding.origin = Some(build::origin(found, node));
        finding.spot = found.layer.spot(document.span(node));
        finding.help = Some("mark the setting with `#[config(secret)]`, or write the value itself".to_owned());
        self.findings.push(finding);
    }

    /// A secret's value, or a part of it; one that does not count is not asked for.
    fn value(&mut self, found: Candidate<'_>, node: NodeId, shape: &Shape, implied: Option<&str>, counts: bool) {
        let document = found.document();
        match document.kind(node) {
            Kind::Array | Kind::Table => {
                let inner = shape.inner.as_deref().unwrap_or(shape);
                for child in document.children(node) {
                    self.value(found, child, inner, None, counts);
                }
            }
            Kind::String | Kind::Text | Kind::Plain => {
                let text = document.scalar(node);
                let is_scheme = |scheme: &str| find::is_known(scheme) || self.resolving.of(scheme).is_some();
                let parts = find::parts(text, &is_scheme);
                let implied = || {
                    let scheme = implied?.to_owned();
                    Some(vec![Part::Reference { scheme, what: text.trim() }])
                };
                let Some(parts) = parts.or_else(implied) else { return };
                // What was made on the way (JSON in a variable) is in no layer; there decoding refuses it.
                let Some(layer) = found.layer.index else { return };
                let edit = if counts {
                    let kind = match shape.kind {
                        LeafKind::String | LeafKind::Any | LeafKind::Path | LeafKind::Url => Kind::String,
                        _ => Kind::Text,
                    };
                    match self.read(&parts) {
                        Ok((text, place)) => Edit { layer, node, text: Some(text), kind, mark: Mark::Led(place) },
                        Err(why) => Edit { layer, node, text: None, kind, mark: Mark::Failed(why) },
                    }
                } else {
                    Edit { layer, node, text: None, kind: Kind::String, mark: Mark::Shadowed }
                };
                self.edits.push(edit);
            }
            _ => {}
        }
    }

    /// A text with its references read, and where they led.
    fn read(&mut self, parts: &[Part<'_>]) -> Result<(Secret<String>, String), Unresolved> {
        let mut texts: Vec<Secret<String>> = Vec::new();
        let mut places: Vec<String> = Vec::new();
        for part in parts {
            match part {
                Part::Text(text) => texts.push(Secret::new((*text).to_owned())),
                Part::Unclosed { scheme } => return Err(find::unclosed(scheme)),
                Part::Reference { scheme, what } => {
                    let Resolved { text, place } = self.ask(scheme, what)?;
                    if !places.contains(&place) {
                        places.push(place);
                    }
                    texts.push(text);
                }
            }
        }
        // Of one size from the start, so that no copy is left behind.
        let mut whole = String::with_capacity(texts.iter().map(|text| text.expose().len()).sum());
        texts.iter().for_each(|text| whole.push_str(text.expose()));
        let whole = Secret::new(whole);
        if find::is_reference(whole.expose()).is_some() {
            let message = "the secret that was found is a reference itself, and none leads to another";
            return Err(Unresolved::malformed(message).with_help("refer to the secret itself"));
        }
        Ok((whole, places.join(" and ")))
    }

    fn ask(&mut self, scheme: &str, what: &str) -> Result<Resolved, Unresolved> {
        let key = (scheme.to_owned(), what.to_owned());
        if let Some(known) = self.known.get(&key) {
            return known.clone();
        }
        let found = match self.resolving.of(scheme) {
            Some(resolver) => resolver.resolve(Reference { scheme, what }),
            None => Err(super::mark::unread(scheme)),
        };
        self.known.insert(key, found.clone());
        found
    }
}
