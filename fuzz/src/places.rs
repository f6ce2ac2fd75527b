//! What holds of every document, whichever parser made it: places lie within the text, and limits hold.

use strata_config_core::fuzzing::Fault;
use strata_config_core::{Document, Kind, NodeId, Span};

/// The most faults of a document, as the documentation promises; its parser stops there.
pub(crate) const MAX_FAULTS: usize = 20;

/// The most levels and nodes of a document.
const MAX_DEPTH: usize = 128;
const MAX_NODES: usize = 1_000_000;

/// Checks the places of all nodes and faults, and every limit; the number of nodes.
pub(crate) fn check(document: &Document, faults: &[Fault]) -> usize {
    assert!(faults.len() <= MAX_FAULTS, "{} faults", faults.len());
    for fault in faults {
        within(document, fault.span, &fault.message);
        fault.related.into_iter().for_each(|span| within(document, span, &fault.message));
        assert!(!fault.message.is_empty() && fault.code.contains('.'));
    }
    let mut nodes = 0;
    let mut todo = vec![(NodeId::ROOT, 0)];
    while let Some((node, depth)) = todo.pop() {
        nodes += 1;
        assert!(depth <= MAX_DEPTH, "{depth} levels");
        within(document, document.span(node), "a value");
        within(document, document.key_span(node), "a key");
        let below = document.children(node);
        assert!(
            matches!(document.kind(node), Kind::Array | Kind::Table) || below.clone().next().is_none(),
            "a scalar has children"
        );
        todo.extend(below.map(|child| (child, depth + 1)));
    }
    assert!(nodes <= MAX_NODES, "{nodes} nodes");
    nodes
}

/// Checks that a place lies within the text, between characters, and has a line and a column.
fn within(document: &Document, span: Span, what: &str) {
    let text = document.text();
    let (start, end) = (span.start as usize, span.end as usize);
    assert!(start <= end && end <= text.len(), "{what} at {start}..{end} of {}", text.len());
    assert!(text.is_char_boundary(start) && text.is_char_boundary(end), "{what} at {start}..{end} cuts a character");
    let (line, column) = document.position(span.start);
    assert!(line >= 1 && column >= 1 && line + column <= text.len() + 2, "{what} at {line}:{column}");
}

/// Every node with all that is known of it, its children behind it: equal texts are equal documents.
pub(crate) fn everything(document: &Document) -> String {
    let mut out = String::new();
    let mut todo = vec![NodeId::ROOT];
    while let Some(node) = todo.pop() {
        out.push_str(&format!(
            "{:?} {:?} {:?} {:?} {:?} {}\n",
            document.kind(node),
            document.span(node),
            document.scalar(node),
            document.key(node),
            document.key_span(node),
            document.children(node).count(),
        ));
        todo.extend(document.children(node));
    }
    out
}
