//! JSON: what our parser accepts is what serde_json accepts, and has the same values.
//!
//! The differences are those that are documented: comments are white space, the root is an object, a key stands once,
//! a NUL byte is refused anywhere, and a byte-order mark is skipped.

use serde::Deserialize;
use serde_json::Value;
use strata_config_core::fuzzing::{Format, read};
use strata_config_core::{Document, Kind, NodeId};

use crate::places;

/// Compares our parser with serde_json.
pub fn json(data: &[u8]) {
    let (document, faults) = read(Format::Json, data);
    places::check(&document, &faults);
    nested(&document, NodeId::ROOT);
    let unread = |code| matches!(code, "document.encoding" | "document.too_large" | "document.too_deep");
    if faults.len() == places::MAX_FAULTS || faults.iter().any(|fault| unread(fault.code)) {
        return;
    }
    let text = std::str::from_utf8(data).expect("anything else is a fault");
    let plain = without_comments(text.strip_prefix('\u{feff}').unwrap_or(text));
    let mut deserializer = serde_json::Deserializer::from_str(&plain);
    // Its limit is one level below ours.
    deserializer.disable_recursion_limit();
    let theirs = serde_json::Map::<String, Value>::deserialize(&mut deserializer)
        .and_then(|theirs| deserializer.end().map(|()| theirs));
    let accepted = faults.iter().all(|fault| fault.code == "document.duplicate_key");
    assert_eq!(accepted, theirs.is_ok(), "{faults:?} {theirs:?}");
    if let (true, Ok(theirs)) = (faults.is_empty(), theirs) {
        assert_eq!(value(&document, NodeId::ROOT), Value::Object(theirs));
    }
}

/// What stands in a list or an object lies within its brackets.
fn nested(document: &Document, node: NodeId) {
    let outer = document.span(node);
    for child in document.children(node) {
        let (key, inner) = (document.key_span(child), document.span(child));
        // A container that is not closed has no end yet.
        let closed = outer.end > outer.start + 1;
        assert!(!closed || (outer.start < inner.start && inner.end < outer.end), "{outer:?} around {inner:?}");
        assert!(key.end <= inner.start, "the key {key:?} before {inner:?}");
        nested(document, child);
    }
}

fn value(document: &Document, node: NodeId) -> Value {
    let scalar = document.scalar(node);
    match document.kind(node) {
        Kind::Table => {
            let entries = document.children(node).map(|child| (document.key(child).to_owned(), value(document, child)));
            Value::Object(entries.collect())
        }
        Kind::Array => document.children(node).map(|child| value(document, child)).collect(),
        Kind::String => scalar.into(),
        _ => serde_json::from_str(scalar).expect("a number, a boolean or null as it is written"),
    }
}

/// The text with a blank for every comment: written for this target, so that it shares no mistake with the parser.
fn without_comments(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let length = match first {
            '"' => string_length(rest),
            '/' if rest.starts_with("//") => {
                out.push(' ');
                rest = &rest[rest.find('\n').unwrap_or(rest.len())..];
                continue;
            }
            '/' if rest.starts_with("/*") && rest[2..].contains("*/") => {
                out.push(' ');
                rest = rest[2..].split_once("*/").map_or("", |(_, after)| after);
                continue;
            }
            other => other.len_utf8(),
        };
        out.push_str(&rest[..length]);
        rest = &rest[length..];
    }
    out
}

/// The length of the string that `text` begins with, quotes included.
fn string_length(text: &str) -> usize {
    let mut escaped = false;
    for (at, char) in text.char_indices().skip(1) {
        match char {
            '"' if !escaped => return at + 1,
            '\\' => escaped = !escaped,
            _ => escaped = false,
        }
    }
    text.len()
}
