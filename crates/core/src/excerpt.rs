//! The source lines that a report quotes, and those that it must not: a line that holds a secret is never shown.

use std::collections::BinaryHeap;

use crate::document::{Document, Kind, NodeId, Span};
use crate::layer::{Layer, Places};
use crate::report::{Excerpt, Finding, Report, code};
use crate::schema::{Field, FieldKind, Schema};

/// The longest part of a line that is quoted, in characters.
const WIDEST: usize = 160;

/// Findings that get their line; nobody reads more, and a hostile document must not cost more.
const MOST: usize = 1_000;

/// Gives every finding with a spot its line. Where documents are brought `up` to date, an older one may hold a secret
/// that the schema does not know.
pub(crate) fn add(report: &mut Report, layers: &[Layer], schema: &'static Schema, up: bool) {
    if report.is_empty() {
        return;
    }
    let secrets = up || holds_secrets(schema);
    if secrets {
        drop_strange_keys(report, layers.len());
    }
    order(report);
    // Where a document is broken, or drops a key that stands twice, nobody knows what its parts are; with secrets about,
    // none of its lines is quoted.
    let mut unquoted = vec![false; layers.len()];
    for finding in report.findings().iter().filter(|finding| secrets && finding.code.starts_with("document.")) {
        if let Some(spot) = finding.spot {
            unquoted[spot.layer] = true;
        }
    }
    let mut hidden: Vec<Option<Vec<Hidden>>> = layers.iter().map(|_| None).collect();
    for finding in report.findings_mut().iter_mut().take(MOST) {
        let Some(spot) = finding.spot else { continue };
        let layer = &layers[spot.layer];
        let quotable = matches!(layer.places, Places::Position) && !layer.document.text().is_empty();
        // A variable's line is a value of any kind, a secret among them.
        let variables = layer.kind == crate::layer::LayerKind::Dotenv;
        if !quotable || layer.document.unquoted || unquoted[spot.layer] || (variables && secrets) {
            continue;
        }
        let hidden = hidden[spot.layer]
            .get_or_insert_with(|| if variables { Vec::new() } else { hidden_spans(&layer.document, schema, secrets) });
        finding.excerpt = excerpt(&layer.document, spot.span, hidden);
    }
    report.findings_mut().iter_mut().for_each(|finding| finding.spot = None);
}

/// The line of a value that may be shown, where no other value stands on it: of the others nobody knows what they are.
pub(crate) fn of_value_alone(document: &Document, value: Span) -> Option<Excerpt> {
    let mut others = Vec::new();
    let mut todo = vec![NodeId::ROOT];
    while let Some(node) = todo.pop() {
        let is_leaf = !matches!(document.kind(node), Kind::Table | Kind::Array);
        if is_leaf && document.span(node) != value {
            others.push(Hidden::Line(document.span(node)));
        }
        todo.extend(document.children(node));
    }
    excerpt(document, value, &others)
}

/// In a document that is broken, what stands where a key would may be a line of a text that is not closed: of a secret.
/// Such keys are not named, unless they are near to one that is known; the fault itself is told.
fn drop_strange_keys(report: &mut Report, layers: usize) {
    let mut broken = vec![false; layers];
    for finding in report.findings().iter().filter(|finding| finding.code == code::SYNTAX) {
        if let Some(spot) = finding.spot {
            broken[spot.layer] = true;
        }
    }
    report.findings_mut().retain(|finding| {
        finding.code != code::UNKNOWN_KEY || finding.is_near || finding.spot.is_none_or(|spot| !broken[spot.layer])
    });
}

/// Sorts findings by their sources, and within one from top to bottom; what has no place comes last.
fn order(report: &mut Report) {
    let place = |finding: &Finding| finding.spot.map_or((usize::MAX, 0), |spot| (spot.layer, spot.span.start));
    let findings = report.findings_mut();
    if findings.is_sorted_by_key(place) {
        return;
    }
    // A heap of numbers, since the sort of the standard library is ten times its code.
    let order: BinaryHeap<_> = findings.iter().enumerate().map(|(index, finding)| (place(finding), index)).collect();
    let mut unordered: Vec<_> = findings.drain(..).map(Some).collect();
    findings.extend(order.into_sorted_vec().into_iter().filter_map(|(_, index)| unordered[index].take()));
}

fn excerpt(document: &Document, span: Span, hidden: &[Hidden]) -> Option<Excerpt> {
    let text = document.text();
    let start = boundary(text, (span.start as usize).min(text.len()));
    let (number, column) = document.position(start as u32);
    if column > WIDEST {
        return None;
    }
    let (_, line) = document.line(start);
    let (line_start, line_end) = (line.start, line.end);
    let overlaps = |span: Span| (span.start as usize) < line_end.max(line_start + 1) && span.end as usize > line_start;
    let mut cut = line_end;
    for hidden in hidden {
        match *hidden {
            Hidden::Line(span) if overlaps(span) => return None,
            // What stands under an unknown key may be a secret under a wrong name.
            Hidden::Value(span) if overlaps(span) => {
                if (span.start as usize) < line_start {
                    return None;
                }
                cut = cut.min(span.start as usize);
            }
            _ => {}
        }
    }
    if start > cut {
        return None;
    }
    let line = text[line_start..boundary(text, cut)].trim_end_matches('\r').trim_start_matches('\u{feff}');
    let mut shown: String = line.chars().take(WIDEST).collect();
    if cut < line_end || line.chars().nth(WIDEST).is_some() {
        shown.push('…');
    }
    // A control character would disturb the terminal.
    let shown = shown.chars().map(|char| if char.is_control() && char != '\t' { '\u{fffd}' } else { char }).collect();
    let end = boundary(text, (span.end as usize).clamp(start, line_end));
    let width = text[start..end].chars().take(WIDEST).count().clamp(1, WIDEST + 1 - column);
    Some(Excerpt { line: number, text: shown, column, width })
}

fn boundary(text: &str, mut at: usize) -> usize {
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

/// A part of a document that must not be quoted.
#[derive(Debug, Clone, Copy)]
enum Hidden {
    /// Neither it nor anything on its lines.
    Line(Span),
    /// Not itself; what stands before it on the line may be.
    Value(Span),
}

/// The values of secrets, and of keys that the schema does not know.
fn hidden_spans(document: &Document, schema: &'static Schema, secrets: bool) -> Vec<Hidden> {
    let mut hidden = Vec::new();
    table(document, NodeId::ROOT, schema, secrets, &mut hidden);
    hidden
}

fn table(document: &Document, node: NodeId, schema: &'static Schema, secrets: bool, hidden: &mut Vec<Hidden>) {
    for child in document.children(node) {
        let fields = fields_named(schema, document.key(child));
        if fields.is_empty() && secrets {
            hidden.push(Hidden::Value(document.span(child)));
        }
        for field in fields {
            match field.kind {
                FieldKind::Leaf(_) if field.is_secret() => hide(document, child, hidden),
                FieldKind::Leaf(_) => {}
                FieldKind::Nested(below) | FieldKind::Optional(below) => {
                    section(document, child, below, secrets, hidden)
                }
                FieldKind::List(below) | FieldKind::Map(below) => {
                    let items = match (field.kind, document.kind(child)) {
                        (FieldKind::List(_), Kind::Array) | (FieldKind::Map(_), Kind::Table) => true,
                        _ => !holds_secrets(below),
                    };
                    if items {
                        document.children(child).for_each(|item| section(document, item, below, secrets, hidden));
                    } else {
                        hide(document, child, hidden);
                    }
                }
            }
        }
    }
}

/// A section; what is none, but stands where a secret's section belongs, may be the secret itself.
fn section(document: &Document, node: NodeId, schema: &'static Schema, secrets: bool, hidden: &mut Vec<Hidden>) {
    if document.kind(node) == Kind::Table {
        table(document, node, schema, secrets, hidden);
    } else if holds_secrets(schema) {
        hide(document, node, hidden);
    }
}

/// Hides a value with all that it holds: a table's span may be its header alone.
fn hide(document: &Document, node: NodeId, hidden: &mut Vec<Hidden>) {
    let mut todo = vec![node];
    while let Some(node) = todo.pop() {
        hidden.push(Hidden::Line(document.span(node)));
        todo.extend(document.children(node));
    }
}

/// The fields that a key sets, also by alias, within flattened structs and in any variant.
pub(crate) fn fields_named(schema: &'static Schema, key: &str) -> Vec<&'static Field> {
    let variants = schema.variants.iter().flat_map(|variant| variant.fields);
    let mut found = Vec::new();
    for field in schema.fields.iter().chain(variants) {
        match field.kind {
            FieldKind::Nested(below) if field.meta.flatten => found.extend(fields_named(below, key)),
            _ if field.key == key || field.meta.rare().aliases.iter().any(|alias| alias.key == key) => {
                found.push(field)
            }
            _ => {}
        }
    }
    found
}

pub(crate) fn holds_secrets(schema: &'static Schema) -> bool {
    let variants = schema.variants.iter().flat_map(|variant| variant.fields);
    schema.fields.iter().chain(variants).any(|field| match field.kind {
        FieldKind::Leaf(_) => field.is_secret(),
        FieldKind::Nested(below) | FieldKind::Optional(below) | FieldKind::List(below) | FieldKind::Map(below) => {
            holds_secrets(below)
        }
    })
}
