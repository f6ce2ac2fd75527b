//! A body that holds values of the configuration: read strictly, every number exact, every mistake with its place.

use strata_config_core::{Document as Tree, FieldPath, Kind, Layer, LayerKind, NodeId, Origin, Report, Value};

use super::body::{Body, Media};
use super::plain;
use crate::context::Context;
use crate::current::json;
use crate::dialect::Operation;
use crate::exact;
use crate::problem::Problem;
use crate::wire::FindingView;

/// A body that was read.
#[derive(Debug)]
pub(crate) struct Document {
    pub(crate) value: Value,
    /// Where each part of it stands; not where a mount has rewritten it.
    places: Option<Layer>,
}

impl Document {
    /// Reads a body of one of these kinds, in the words of its mount.
    ///
    /// # Errors
    /// It is of another kind, or can't be read: every mistake with its line and column.
    pub(crate) fn read(
        body: &Body,
        accepted: &[Media],
        operation: Operation,
        context: &Context,
    ) -> Result<Self, Problem> {
        let text = body.text(accepted)?;
        if text.starts_with('\u{feff}') {
            return Err(Problem::malformed("the body begins with a byte-order mark, which no text over HTTP has"));
        }
        let name = match body.media {
            Media::Toml => "body.toml",
            Media::Yaml => "body.yaml",
            _ => "body.json",
        };
        let layer = Layer::parse(name, text, context.app.live.schema()).map_err(|report| unreadable(&report))?;
        let tree = layer.document();
        let value = if body.media == Media::Yaml { of_yaml(tree, NodeId::ROOT) } else { Value::of_document(tree) };
        let dialect = &context.mount.dialect;
        if !dialect.has_words() {
            return Ok(Self { value, places: Some(layer) });
        }
        let own = exact::json(&value);
        let rewritten = dialect.request(operation, context, own.clone())?;
        if rewritten == own {
            return Ok(Self { value, places: Some(layer) });
        }
        Ok(Self { value: exact::value(&rewritten), places: None })
    }

    /// A report on what was read, with the places in the body: `below` is where the values of `path` stand in it.
    pub(crate) fn place(&self, report: &Report, below: &[&str], path: &FieldPath) -> Report {
        let mut placed = Report::new();
        for finding in report.findings() {
            let origin = match &finding.origin {
                Some(origin) if origin.layer != LayerKind::Runtime => None,
                _ => self.origin(below, path, &finding.path),
            };
            let finding = placed.push(finding.clone());
            finding.origin = origin.or(finding.origin.take());
        }
        placed
    }

    fn origin(&self, below: &[&str], path: &FieldPath, wanted: &FieldPath) -> Option<Origin> {
        let layer = self.places.as_ref()?;
        let tree = layer.document();
        let base = below.iter().try_fold(NodeId::ROOT, |node, key| child(tree, node, key))?;
        if !path.contains(wanted) {
            return None;
        }
        let segments = wanted.segments();
        let mut found = None;
        let mut node = base;
        for segment in &segments[path.segments().len()..] {
            let Some(next) = child(tree, node, segment) else { break };
            (node, found) = (next, Some(next));
        }
        // Where the whole is wrong, its own place is told; not that of a body that says nothing of the setting.
        let node = found.or((wanted == path && !path.is_root()).then_some(base))?;
        Some(Origin::new(LayerKind::Runtime, layer.origin(node).at))
    }
}

fn child(tree: &Tree, node: NodeId, segment: &str) -> Option<NodeId> {
    match tree.kind(node) {
        Kind::Table => tree.get(node, segment),
        Kind::Array => tree.children(node).nth(segment.parse().ok()?),
        _ => None,
    }
}

/// A mistake of a text itself.
fn unreadable(report: &Report) -> Problem {
    let errors: Vec<FindingView> = report.errors().map(FindingView::of).collect();
    let told: Vec<String> = errors
        .iter()
        .map(|error| match error.at.rsplitn(3, ':').collect::<Vec<_>>()[..] {
            [column, line, _] => format!("line {line}, column {column}: {}", error.message),
            _ => error.message.clone(),
        })
        .collect();
    Problem::malformed(format!("the body can't be read: {}", told.join("; "))).with("errors", json(&errors))
}

/// YAML leaves the type of a plain scalar to its reader; here the reader is a store, which keeps JSON.
fn of_yaml(tree: &Tree, node: NodeId) -> Value {
    match tree.kind(node) {
        Kind::Null => Value::Null,
        Kind::Plain => plain::value(tree.scalar(node)),
        Kind::Array => Value::List(tree.children(node).map(|item| of_yaml(tree, item)).collect()),
        Kind::Table => {
            let entries = tree.children(node).map(|entry| (tree.key(entry).to_owned(), of_yaml(tree, entry)));
            Value::Map(entries.collect())
        }
        _ => Value::String(tree.scalar(node).to_owned()),
    }
}
