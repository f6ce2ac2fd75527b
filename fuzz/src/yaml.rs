//! YAML: no document panics, hangs or grows beyond its limits, and what reads as JSON means the same.

use strata_config_core::fuzzing::{Format, read};
use strata_config_core::{Document, Kind, NodeId};

use crate::places;

/// Reads a document, and compares it with what it is as JSON.
pub fn yaml(data: &[u8]) {
    let (document, faults) = read(Format::Yaml, data);
    places::check(&document, &faults);
    assert!(faults.iter().all(|fault| !fault.message.contains('`') || !fault.message.contains("hunter2")));
    unique(&document, NodeId::ROOT);
    let simple = data.iter().all(|byte| matches!(byte, b' '..=b'~')) && !data.contains(&b'\\') && data.len() < 1000;
    let (json, wrong) = read(Format::Json, data);
    // YAML wants a blank behind a colon and before a comment, and has no other comments.
    if simple && wrong.is_empty() && !spaced(data) {
        assert_eq!(faults, []);
        same(&json, NodeId::ROOT, &document, NodeId::ROOT);
    }
}

/// Whether the text has what JSON alone reads so, or YAML alone: comments, `"a":1`, merges.
fn spaced(data: &[u8]) -> bool {
    let bare = data.windows(2).any(|pair| pair[0] == b':' && pair[1] != b' ');
    bare || data.contains(&b'/') || data.windows(2).any(|pair| pair == b"<<")
}

/// A key stands once in its table.
fn unique(document: &Document, node: NodeId) {
    let table = document.kind(node) == Kind::Table;
    let mut keys: Vec<&str> = document.children(node).map(|child| document.key(child)).collect();
    keys.sort_unstable();
    assert!(!table || keys.windows(2).all(|pair| pair[0] != pair[1]), "a key stands twice");
    document.children(node).for_each(|child| unique(document, child));
}

fn same(json: &Document, left: NodeId, yaml: &Document, right: NodeId) {
    match (json.kind(left), yaml.kind(right)) {
        (kind @ (Kind::Table | Kind::Array), other) => {
            assert_eq!(kind, other);
            assert_eq!(json.children(left).count(), yaml.children(right).count());
            for (left, right) in json.children(left).zip(yaml.children(right)) {
                assert_eq!(json.key(left), yaml.key(right));
                same(json, left, yaml, right);
            }
        }
        (Kind::Integer | Kind::Float | Kind::Bool, Kind::Plain)
        | (Kind::Null, Kind::Null)
        | (Kind::String, Kind::String) => {
            assert_eq!(json.scalar(left), yaml.scalar(right));
        }
        (left, right) => panic!("{left:?} in JSON is {right:?} in YAML"),
    }
}
