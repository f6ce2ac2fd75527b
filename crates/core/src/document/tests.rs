//! What every parser promises, as one specification.

use super::{Document, Fault, Kind, NodeId, Span};

mod dotenv;
#[cfg(feature = "json")]
mod json;
#[cfg(all(feature = "json", feature = "toml", feature = "yaml"))]
mod open;
#[cfg(feature = "toml")]
mod toml;
#[cfg(feature = "yaml")]
mod yaml;

/// The document as JSON, for comparing: scalars as their text after their kind's first letter.
fn outline(document: &Document) -> String {
    let mut out = String::new();
    write(document, NodeId::ROOT, &mut out);
    out
}

fn write(document: &Document, node: NodeId, out: &mut String) {
    match document.kind(node) {
        Kind::Table => {
            out.push('{');
            for (index, child) in document.children(node).enumerate() {
                out.push_str(if index > 0 { ", " } else { "" });
                out.push_str(document.key(child));
                out.push_str(": ");
                write(document, child, out);
            }
            out.push('}');
        }
        Kind::Array => {
            out.push('[');
            for (index, child) in document.children(node).enumerate() {
                out.push_str(if index > 0 { ", " } else { "" });
                write(document, child, out);
            }
            out.push(']');
        }
        kind => out.push_str(&format!("{kind:?}({})", document.scalar(node))),
    }
}

/// `line:column` of a node's key and of its value, by its path.
fn places(document: &Document, path: &str) -> (String, String) {
    let mut node = NodeId::ROOT;
    for segment in path.split('.') {
        node = match document.kind(node) {
            Kind::Array => document.children(node).nth(segment.parse().expect("an index")).expect("an item"),
            _ => document.get(node, segment).expect("an entry"),
        };
    }
    (place(document, document.key_span(node)), place(document, document.span(node)))
}

fn place(document: &Document, span: Span) -> String {
    let (line, column) = document.position(span.start);
    format!("{line}:{column}")
}

/// Each fault as `line:column code: message`.
fn shown(document: &Document, faults: &[Fault]) -> Vec<String> {
    faults.iter().map(|fault| format!("{} {}: {}", place(document, fault.span), fault.code, fault.message)).collect()
}

/// Only the places of the faults.
fn spots(document: &Document, faults: &[Fault]) -> Vec<String> {
    faults.iter().map(|fault| place(document, fault.span)).collect()
}

/// A parser of documents.
type Parse = fn(std::borrow::Cow<'static, str>, String, &mut Vec<Fault>) -> Document;

/// The document, and what is wrong with it.
fn parsed(parse: Parse, text: &str) -> (Document, Vec<Fault>) {
    let mut faults = Vec::new();
    let document = parse(name(), text.to_owned(), &mut faults);
    (document, faults)
}

/// A document with which nothing is wrong.
fn good(parse: Parse, text: &str) -> Document {
    let (document, faults) = parsed(parse, text);
    assert_eq!(shown(&document, &faults), Vec::<String>::new(), "{text}");
    document
}

fn mistakes(parse: Parse, text: &str) -> Vec<String> {
    let (document, faults) = parsed(parse, text);
    shown(&document, &faults)
}

fn mistake_places(parse: Parse, text: &str) -> Vec<String> {
    let (document, faults) = parsed(parse, text);
    spots(&document, &faults)
}

fn name() -> std::borrow::Cow<'static, str> {
    "test".into()
}
