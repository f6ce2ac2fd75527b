//! A document's text with the changes of a plan made in it: comments, order and spelling of all else stay.

mod block;
mod flow;
mod frame;
mod toml;

use std::path::Path;

use strata_config_core::{Document, Report, Value};

use crate::edit::Op;
use crate::plan;
use crate::tree::Node;
use flow::Entry;
use frame::Frame;

/// How a document is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Format {
    Toml,
    Yaml,
    Json,
}

impl Format {
    pub(crate) fn of(path: &Path) -> Option<Self> {
        let extension = path.extension()?.to_str()?.to_ascii_lowercase();
        match extension.as_str() {
            "toml" => Some(Self::Toml),
            "yaml" | "yml" => Some(Self::Yaml),
            "json" | "jsonc" => Some(Self::Json),
            _ => None,
        }
    }
}

/// Reads a document, whose name says its format.
pub(crate) fn parse(name: &str, text: &str) -> Result<Document, Report> {
    plan::read(name, text).map(|layer| layer.document().clone())
}

/// The text with the changes made in it; `None` where this can't be done without writing it anew. What comes out reads as
/// the plan says, or it is not used.
pub(crate) fn edited(name: &str, format: Format, text: &str, ops: &[&Op], after: &Node) -> Option<String> {
    let frame = Frame::of(format, text);
    let body = match format {
        Format::Toml => toml::edited(&frame.body, ops),
        Format::Yaml | Format::Json => by_places(name, format, &frame.body, ops),
    }?;
    let text = frame.around(&body);
    reads_as(name, &text, after).then_some(text)
}

/// The document written anew, without its comments; `None` where its format has no way to say it.
pub(crate) fn anew(name: &str, format: Format, after: &Node) -> Option<String> {
    let text = match format {
        Format::Toml => toml::anew(after)?,
        Format::Yaml => block::anew(after),
        Format::Json => serde_json::to_string_pretty(&after.to_value()).ok()? + "\n",
    };
    reads_as(name, &text, after).then_some(text)
}

fn reads_as(name: &str, text: &str, after: &Node) -> bool {
    parse(name, text).is_ok_and(|document| Node::of(&document).says_same(after))
}

/// One change after the other, each at the places where the text is read to have its nodes.
fn by_places(name: &str, format: Format, text: &str, ops: &[&Op]) -> Option<String> {
    let mut text = text.to_owned();
    let mut ops = ops.iter().peekable();
    while let Some(op) = ops.next() {
        let document = parse(name, &text).ok()?;
        let spot = Spot { root: Node::of(&document), text: &text, format };
        text = match op {
            // Tables that a move makes on its way are written with what moves in.
            Op::Add { path, value } if is_empty(value) => match ops.peek() {
                Some(Op::Move { from, to }) if to.starts_with(path) => {
                    ops.next();
                    spot.moved(from, to)?
                }
                _ => spot.added(path, value)?,
            },
            Op::Add { path, value } => spot.added(path, value)?,
            Op::Replace { path, value } => spot.replaced(path, value)?,
            Op::Remove { path } => spot.removed(path)?,
            Op::Move { from, to } => spot.moved(from, to)?,
        };
    }
    Some(text)
}

/// Tables that lead to nothing.
fn is_empty(node: &Node) -> bool {
    node.kind == strata_config_core::Kind::Table && node.children.iter().all(is_empty)
}

/// A text with the nodes that it has.
struct Spot<'t> {
    root: Node,
    text: &'t str,
    format: Format,
}

impl Spot<'_> {
    fn replaced(&self, path: &[String], value: &Node) -> Option<String> {
        let mut root = self.root.clone();
        let node = root.find_mut(path)?;
        let (start, end) = (node.span.start as usize, node.span.end as usize);
        if end < start || (node.is_container() && !self.is_flow(node)) {
            return None;
        }
        // A plain scalar of YAML may be nothing at all: then a blank is missing before the value.
        let blank = if start == end && !self.text[..start].ends_with([' ', '\n', '[', '{']) { " " } else { "" };
        Some(format!("{}{blank}{}{}", &self.text[..start], self.inline(value), &self.text[end..]))
    }

    fn moved(&self, from: &[String], to: &[String]) -> Option<String> {
        if from.len() == to.len() && from[..from.len() - 1] == to[..to.len() - 1] {
            let mut root = self.root.clone();
            let place = root.find_mut(from)?.key_span;
            let key = self.key(to.last()?);
            return Some(format!("{}{key}{}", &self.text[..place.start as usize], &self.text[place.end as usize..]));
        }
        let (_, above) = from.split_last()?;
        let mut root = self.root.clone();
        if self.is_flow(root.find_mut(above)?) { self.moved_flow(from, to) } else { self.moved_block(from, to) }
    }

    fn added(&self, path: &[String], value: &Node) -> Option<String> {
        let (_, above) = path.split_last()?;
        let mut root = self.root.clone();
        let parent = root.find_mut(above)?;
        let key = if parent.kind == strata_config_core::Kind::Table { path.last()?.as_str() } else { "" };
        if self.is_flow(parent) {
            let text =
                if key.is_empty() { self.inline(value) } else { format!("{}: {}", self.key(key), self.inline(value)) };
            self.add_flow(parent, &Entry::bare(text))
        } else {
            self.add_block(parent, key, value)
        }
    }

    fn removed(&self, path: &[String]) -> Option<String> {
        let (_, above) = path.split_last()?;
        let mut root = self.root.clone();
        if self.is_flow(root.find_mut(above)?) { self.removed_flow(path) } else { self.removed_block(path) }
    }

    /// Whether a table or a list is written in brackets.
    fn is_flow(&self, node: &Node) -> bool {
        let first = self.text.as_bytes().get(node.span.start as usize);
        self.format == Format::Json || (node.span.end > node.span.start && matches!(first, Some(b'{' | b'[')))
    }

    /// A key as the format writes it.
    fn key(&self, key: &str) -> String {
        if self.format == Format::Yaml && block::is_plain_key(key) {
            key.to_owned()
        } else {
            json(&Value::String(key.to_owned()))
        }
    }

    /// A value on one line.
    fn inline(&self, value: &Node) -> String {
        match value.to_value() {
            Value::String(text) if self.format == Format::Yaml && block::is_plain(&text) => text,
            value => json(&value),
        }
    }
}

/// JSON, which YAML reads, too.
fn json(value: &Value) -> String {
    // Writing values to a text does not fail: keys are texts.
    serde_json::to_string(value).unwrap_or_default()
}
