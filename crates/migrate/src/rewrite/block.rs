//! Changes of YAML's blocks: entries on lines of their own, by their indentation.

use std::fmt::Write as _;

use strata_config_core::Value;

use super::flow::{begin, name_of};
use super::{Spot, json};
use crate::tree::Node;

impl Spot<'_> {
    /// Adds an entry behind the last one of a block.
    pub(super) fn add_block(&self, parent: &Node, key: &str, value: &Node) -> Option<String> {
        let (at, indent) = self.block_end(parent)?;
        let mut entry = String::new();
        if key.is_empty() {
            return None;
        }
        write_entry(&mut entry, key, value, indent);
        Some(self.insert(at, &entry))
    }

    /// Removes the lines of an entry, and the comments that stand directly above it.
    pub(super) fn removed_block(&self, path: &[String]) -> Option<String> {
        let mut root = self.root.clone();
        let (from, to, _) = self.lines(root.find_mut(path)?)?;
        Some(format!("{}{}", &self.text[..from], &self.text[to..]))
    }

    /// Moves the lines of an entry, with their comments.
    pub(super) fn moved_block(&self, from: &[String], to: &[String]) -> Option<String> {
        let mut root = self.root.clone();
        let node = root.find_mut(from)?.clone();
        let (start, end, column) = self.lines(&node)?;
        let key = begin(&node);
        let lines = format!(
            "{}{}{}",
            &self.text[start..key],
            self.key(to.last()?),
            &self.text[node.key_span.end as usize..end]
        );
        let known = (0..to.len()).rev().find(|&length| self.root.clone().find_mut(&to[..length]).is_some())?;
        let removed = format!("{}{}", &self.text[..start], &self.text[end..]);
        let again = super::parse(name_of(self.format), &removed).ok()?;
        let spot = Spot { root: Node::of(&again), text: &removed, format: self.format };
        let mut root = spot.root.clone();
        let parent = root.find_mut(&to[..known])?;
        if spot.is_flow(parent) {
            let value = &self.text[node.span.start as usize..node.span.end as usize];
            // What has lines of its own can't stand between brackets.
            let fits = self.is_flow(&node) || !value.contains('\n');
            return fits.then(|| spot.add_flow(parent, &self.entry(&node, &to[known..])?)).flatten();
        }
        let (at, mut indent) = spot.block_end(parent)?;
        let mut entry = String::new();
        for key in &to[known..to.len() - 1] {
            let _ = writeln!(entry, "{:indent$}{}:", "", self.key(key));
            indent += 2;
        }
        for line in lines.lines() {
            let blanks = line.len() - line.trim_start_matches(' ').len();
            // What stands further left than its key, as a list may, stays as far from it.
            match (blanks + indent).checked_sub(column) {
                _ if line.trim().is_empty() => entry.push('\n'),
                Some(width) => drop(writeln!(entry, "{:width$}{}", "", &line[blanks..])),
                None if self.is_comment(&line[blanks..]) => drop(writeln!(entry, "{:indent$}{}", "", &line[blanks..])),
                None => return None,
            }
        }
        Some(spot.insert(at, &entry))
    }

    /// The lines of an entry: from the comments above to behind its last line break, and the column of its key.
    fn lines(&self, node: &Node) -> Option<(usize, usize, usize)> {
        let key = begin(node);
        let line = self.text[..key].rfind('\n').map_or(0, |line| line + 1);
        if node.key.is_empty() || !self.text[line..key].bytes().all(|byte| byte == b' ') {
            return None;
        }
        Some((self.comments_above(key), self.line_after(last(node)), key - line))
    }

    /// Where the next entry of a block goes, and how far it is indented.
    pub(super) fn block_end(&self, parent: &Node) -> Option<(usize, usize)> {
        let Some(child) = parent.children.last() else {
            // A document without a value has only comments.
            return (parent.key.is_empty() && parent.span.end <= parent.span.start).then_some((self.text.len(), 0));
        };
        let (_, end, column) = self.lines(child)?;
        Some((self.behind_comments(end, column), column))
    }

    /// The place behind comments that are further right than entries at a column: they end the section above.
    fn behind_comments(&self, at: usize, column: usize) -> usize {
        let (mut line_end, mut behind) = (at, at);
        for line in self.text[at..].split_inclusive('\n') {
            let shown = line.trim_start_matches(' ');
            line_end += line.len();
            if self.is_comment(shown) && line.len() - shown.len() > column {
                behind = line_end;
            } else if !shown.trim().is_empty() {
                break;
            }
        }
        behind
    }

    /// The begin of the line after a place; where a line ends there already, that is it.
    fn line_after(&self, at: usize) -> usize {
        if at > 0 && self.text.as_bytes()[at - 1] == b'\n' {
            return at;
        }
        (self.line_end(at) + 1).min(self.text.len())
    }

    pub(super) fn insert(&self, at: usize, entry: &str) -> String {
        let line = if at > 0 && !self.text[..at].ends_with('\n') { "\n" } else { "" };
        format!("{}{line}{entry}{}", &self.text[..at], &self.text[at..])
    }
}

/// The last byte of a node and of all below it.
fn last(node: &Node) -> usize {
    let own = node.span.end.max(node.key_span.end) as usize;
    let own = if node.is_container() && !node.children.is_empty() { 0 } else { own };
    node.children.iter().map(last).fold(own, usize::max)
}

/// A whole document, written anew.
pub(super) fn anew(root: &Node) -> String {
    let mut text = String::new();
    if root.children.is_empty() {
        return "{}\n".to_owned();
    }
    root.children.iter().for_each(|child| write_entry(&mut text, &child.key, child, 0));
    text
}

fn write_entry(text: &mut String, key: &str, node: &Node, indent: usize) {
    let key = if is_plain_key(key) { key.to_owned() } else { json(&Value::String(key.to_owned())) };
    // Writing to a text does not fail.
    let _ = write!(text, "{:indent$}{key}:", "");
    if node.kind == strata_config_core::Kind::Table && !node.children.is_empty() {
        text.push('\n');
        node.children.iter().for_each(|child| write_entry(text, &child.key, child, indent + 2));
        return;
    }
    let value = match node.kind {
        // As it was written: its setting says what it is.
        strata_config_core::Kind::Plain => node.text.clone(),
        _ => match node.to_value() {
            Value::String(text) if is_plain(&text) => text,
            value => json(&value),
        },
    };
    let _ = writeln!(text, " {value}");
}

/// Whether a text needs no quotes as a key.
pub(super) fn is_plain_key(text: &str) -> bool {
    is_plain(text)
}

/// Whether a text needs no quotes, and is not read as anything else.
pub(super) fn is_plain(text: &str) -> bool {
    let letters = |char: char| char.is_ascii_alphanumeric() || matches!(char, '_' | '-' | '/' | '.');
    const WORDS: [&str; 11] = ["true", "false", "null", "yes", "no", "on", "off", "y", "n", "nan", "inf"];
    text.starts_with(|char: char| char.is_ascii_alphabetic())
        && text.chars().all(letters)
        && !WORDS.iter().any(|word| text.eq_ignore_ascii_case(word))
}
