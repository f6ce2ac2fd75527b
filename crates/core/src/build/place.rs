//! Where findings stand: the source of a setting, and the part of its value that is meant.

use super::{Builder, Reading, Source};
use crate::document::{Kind, NodeId};
use crate::layer::{LayerKind, Origin};
use crate::path::FieldPath;
use crate::report::{Finding, Severity, Spot};
use crate::rules::{Breach, Part};
use crate::schema::{Field, FieldKind, Lit, Schema};
use crate::scope::Candidate;

impl Builder<'_> {
    pub(super) fn finding(&self, severity: Severity, reading: &Reading<'_>, breach: &Breach) -> Finding {
        let field = reading.field;
        let mut path = self.field_path(field);
        for segment in &breach.path {
            path = path.child(segment);
        }
        let mut finding = Finding::new(severity, breach.code, path, breach.message.clone());
        finding.help.clone_from(&breach.help);
        match &reading.source {
            Source::Layer(candidate) => {
                let (node, at_key) = match breach.part {
                    Part::Node(node) => (node.unwrap_or(candidate.node), false),
                    part => {
                        let (node, depth) = deepest(*candidate, candidate.node, &breach.path);
                        (node, part == Part::Key && depth == breach.path.len())
                    }
                };
                place(&mut finding, *candidate, node, at_key);
            }
            Source::Merged(merged) => {
                let (candidate, node) = part(field, &merged.1, &breach.path);
                place(&mut finding, candidate, node, false);
            }
            Source::Profile(_) => {
                let name = self.run.profile.as_ref().map_or("", |applied| applied.profile.name());
                finding.origin = Some(Origin::new(LayerKind::Profile, name));
            }
            _ => finding.origin = Some(Origin::new(LayerKind::Default, "default")),
        }
        if !matches!(reading.source, Source::Merged(..)) {
            let candidates = self.scope.candidates(reading.slot, self.frame.floor).skip(1);
            finding.shadows = candidates.map(|shadow| shadow.layer.layer.origin(shadow.node)).collect();
        }
        finding
    }

    /// The origin of a setting of the struct that is being built.
    pub(super) fn locate(&self, path: &FieldPath) -> Option<(Origin, Option<Spot>)> {
        let segments = path.segments();
        let (slot, rest) = slot_of(self.frame.schema, self.frame.start, &segments)?;
        for candidate in self.scope.candidates(slot, self.frame.floor) {
            let (node, depth) = deepest(candidate, candidate.node, rest);
            if depth == rest.len() {
                return Some((origin(candidate, node), candidate.layer.spot(candidate.document().span(node))));
            }
        }
        Some((Origin::new(LayerKind::Default, "default"), None))
    }
}

/// Puts a finding to a node, or to its key.
fn place(finding: &mut Finding, candidate: Candidate<'_>, node: NodeId, at_key: bool) {
    let (document, layer) = (candidate.document(), candidate.layer.layer);
    let (origin, span) = match at_key {
        true => (layer.key_origin(node), document.key_span(node)),
        false => (origin(candidate, node), document.span(node)),
    };
    finding.origin = Some(origin);
    finding.spot = candidate.layer.spot(span);
}

/// The origin of a part of a layer's value; where a part has no name of its own, it is the value's.
pub(crate) fn origin(candidate: Candidate<'_>, node: NodeId) -> Origin {
    let layer = candidate.layer.layer;
    let origin = layer.origin(node);
    if origin.at.is_empty() { layer.origin(candidate.node) } else { origin }
}

/// The part of a merged value that a path leads into, and the innermost node there: a map's entry stands in the source
/// that has most of the path, of several the strongest; a list's item in the source that brought it.
pub(super) fn part<'a>(field: &Field, parts: &[Candidate<'a>], path: &[String]) -> (Candidate<'a>, NodeId) {
    let strongest = parts[0];
    let Some((first, below)) = path.split_first() else { return (strongest, strongest.node) };
    let mut found: Option<(Candidate<'a>, NodeId, usize)> = None;
    for part in parts {
        let Some(entry) = part.document().get(part.node, first) else { continue };
        let (node, depth) = deepest(*part, entry, below);
        if found.is_none_or(|(.., known)| depth > known) {
            found = Some((*part, node, depth));
        }
    }
    if let Some((part, node, _)) = found {
        return (part, node);
    }
    // Items that stand in a default come first, then those of the sources, weakest first.
    let total =
        |parts: &[Candidate<'_>]| parts.iter().map(|part| part.document().children(part.node).count()).sum::<usize>();
    let defaults = match field.meta.default {
        crate::schema::Default::Lit(Lit::List(items)) => items.len(),
        _ => 0,
    };
    let Some(mut index) = first.parse::<usize>().ok().and_then(|index| index.checked_sub(defaults)) else {
        return (strongest, strongest.node);
    };
    if field.meta.merge == crate::schema::Merge::Append && index < total(parts) {
        for part in parts.iter().rev() {
            let mut items = part.document().children(part.node);
            let count = items.clone().count();
            if let Some(item) = items.nth(index) {
                return (*part, deepest(*part, item, below).0);
            }
            index -= count;
        }
    }
    (strongest, strongest.node)
}

/// The innermost node of a value that a path leads to, and how many of its segments are there.
pub(crate) fn deepest<S: AsRef<str>>(candidate: Candidate<'_>, value: NodeId, path: &[S]) -> (NodeId, usize) {
    let document = candidate.document();
    let mut node = value;
    for (depth, segment) in path.iter().enumerate() {
        let segment = segment.as_ref();
        let below = match document.kind(node) {
            Kind::Array => segment.parse().ok().and_then(|index| document.children(node).nth(index)),
            _ => document.get(node, segment),
        };
        match below {
            Some(below) => node = below,
            None => return (node, depth),
        }
    }
    (node, path.len())
}

/// The slot of a path in a schema, and the segments that lie within the slot's value.
pub(crate) fn slot_of<'p, S: AsRef<str>>(
    schema: &'static Schema,
    start: usize,
    path: &'p [S],
) -> Option<(usize, &'p [S])> {
    let (first, rest) = path.split_first()?;
    let lists: Vec<(&'static [Field], usize)> = if schema.variants.is_empty() {
        vec![(schema.fields, start)]
    } else {
        let mut at = start + 1;
        let mut lists = Vec::new();
        for variant in schema.variants {
            lists.push((variant.fields, at));
            at += variant.fields.iter().map(Field::size).sum::<usize>();
        }
        lists
    };
    if !schema.variants.is_empty() && schema.tag == first.as_ref() {
        return Some((start, rest));
    }
    for (fields, mut slot) in lists {
        for field in fields {
            match field.kind {
                FieldKind::Nested(below) if field.meta.flatten => {
                    if let Some(found) = slot_of(below, slot + 1, path) {
                        return Some(found);
                    }
                }
                _ if field.key != first.as_ref() => {}
                FieldKind::Nested(below) | FieldKind::Optional(below) if !rest.is_empty() => {
                    return slot_of(below, slot + 1, rest);
                }
                _ => return Some((slot, rest)),
            }
            slot += field.size();
        }
    }
    None
}
