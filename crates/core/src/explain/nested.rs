//! Explains lists and maps of structs: each item and entry is a section of its own.

use super::{Explained, Explainer, default_origin, origin};
use crate::build;
use crate::document::NodeId;
use crate::path::FieldPath;
use crate::schema::{Field, Schema};
use crate::scope::{Candidate, Scope, ScopeLayer};
use crate::value::Value;

impl Explainer<'_> {
    #[expect(clippy::too_many_arguments, reason = "a section is a schema, a place in its scope and a path")]
    pub(super) fn list(
        &self,
        scope: &Scope<'_>,
        field: &'static Field,
        schema: &'static Schema,
        slot: usize,
        floor: usize,
        path: &FieldPath,
        all: &mut Vec<Explained>,
    ) {
        let Some(found) = scope.candidates(slot, floor).next() else {
            all.push(self.empty(field, path.clone(), Value::List(Vec::new()), Some(default_origin())));
            return;
        };
        let parsed = build::parse_text(found);
        let (layer, node) = within(found, parsed.as_ref());
        let items: Vec<NodeId> = layer.layer.document.children(node).collect();
        if items.is_empty() {
            all.push(self.empty(field, path.clone(), Value::List(Vec::new()), Some(origin(found))));
        }
        for (index, item) in items.into_iter().enumerate() {
            let path = path.child(&index.to_string());
            self.item(schema, &[(layer, item)], &path, all);
        }
    }

    #[expect(clippy::too_many_arguments, reason = "a section is a schema, a place in its scope and a path")]
    pub(super) fn map(
        &self,
        scope: &Scope<'_>,
        field: &'static Field,
        schema: &'static Schema,
        slot: usize,
        floor: usize,
        path: &FieldPath,
        all: &mut Vec<Explained>,
    ) {
        let floor = build::floor(scope, slot, floor);
        let candidates: Vec<Candidate<'_>> = scope.candidates(slot, floor).collect();
        let parsed: Vec<_> = candidates.iter().map(|found| build::parse_text(*found)).collect();
        let sources: Vec<_> =
            candidates.iter().zip(&parsed).rev().map(|(found, parsed)| within(*found, parsed.as_ref())).collect();
        let entries = build::entries(&sources);
        if entries.is_empty() {
            let origin = candidates.first().copied().map_or_else(default_origin, origin);
            all.push(self.empty(field, path.clone(), Value::Map(Vec::new()), Some(origin)));
        }
        for (key, parts) in entries {
            self.item(schema, &parts, &path.child(key), all);
        }
    }

    fn item(
        &self,
        schema: &'static Schema,
        parts: &[(ScopeLayer<'_>, NodeId)],
        path: &FieldPath,
        all: &mut Vec<Explained>,
    ) {
        let scope = build::sub_scope(schema, parts, path.as_str(), false, &mut |_, _, _| {});
        self.section(&scope, schema, None, 0, 0, path, all);
    }
}

/// The document within which a candidate's children stand: its own, or the JSON of its text.
fn within<'a>(found: Candidate<'a>, parsed: Option<&'a crate::layer::Layer>) -> (ScopeLayer<'a>, NodeId) {
    match parsed {
        Some(layer) => build::unwrap_text(ScopeLayer { layer, index: None }, NodeId::ROOT, true),
        None => (found.layer, found.node),
    }
}
