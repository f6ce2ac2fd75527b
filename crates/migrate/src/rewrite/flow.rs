//! Changes between brackets: JSON, and the parts of YAML that are written as JSON is.

use super::Spot;
use super::frame;
use crate::tree::Node;

/// An entry as it is written, and its comments: those of the lines above, and the one beside it.
#[derive(Default)]
pub(super) struct Entry {
    text: String,
    above: Vec<String>,
    beside: String,
}

impl Entry {
    /// One without comments.
    pub(super) fn bare(text: String) -> Self {
        Self { text, ..Self::default() }
    }
}

impl Spot<'_> {
    /// Adds an entry behind the last one of a table or a list.
    pub(super) fn add_flow(&self, parent: &Node, entry: &Entry) -> Option<String> {
        let open = parent.span.start as usize;
        let text = &entry.text;
        let Some(last) = parent.children.last() else {
            let at = open + 1;
            let whole = format!("{}{text}{}", &self.text[..at], &self.text[at..]);
            return Some(self.with_comments(parent, entry, whole));
        };
        let end = last.span.end as usize;
        let Some(indent) = self.own_line(begin(last)) else {
            let whole = format!("{}, {text}{}", &self.text[..end], &self.text[end..]);
            return Some(self.with_comments(parent, entry, whole));
        };
        let above: String = entry.above.iter().map(|comment| format!("{comment}\n{indent}")).collect();
        let beside = if entry.beside.is_empty() { String::new() } else { format!(" {}", entry.beside) };
        // The comma stands behind the value, the entry behind the comment of its line.
        let line = self.line_end(end);
        let rest = &self.text[end..line];
        if !rest.trim_start().is_empty() && !self.is_comment(rest.trim_start()) {
            // What closes the table on the same line would become a part of the comment.
            let close = if beside.is_empty() { "" } else { "\n" };
            let (before, after) = self.text.split_at(end);
            return Some(format!("{before},\n{indent}{above}{text}{beside}{close}{after}"));
        }
        Some(format!("{},{rest}\n{indent}{above}{text}{beside}{}", &self.text[..end], &self.text[line..]))
    }

    /// A text in which an entry was put into a table on one line: its comments stand above that line.
    fn with_comments(&self, parent: &Node, entry: &Entry, mut whole: String) -> String {
        let at = begin(parent);
        if let Some(indent) = self.own_line(at) {
            let comments = entry.above.iter().chain([&entry.beside]).filter(|comment| !comment.is_empty());
            let comments: String = comments.map(|comment| format!("{comment}\n{indent}")).collect();
            whole.insert_str(at, &comments);
        }
        whole
    }

    /// Removes an entry, its comma, and the comments that stand directly above it.
    pub(super) fn removed_flow(&self, path: &[String]) -> Option<String> {
        let (key, above) = path.split_last()?;
        let mut root = self.root.clone();
        let parent = root.find_mut(above)?;
        let index = parent.index(key)?;
        let node = &parent.children[index];
        let (start, end) = (begin(node), node.span.end as usize);
        let comma = self.comma_after(end);
        let mut text = self.text.to_owned();
        let (mut from, mut to) = (start, comma.unwrap_or(end));
        if self.own_line(start).is_some() {
            let line = self.line_end(to);
            let rest = self.text[to..line].trim();
            if rest.is_empty() || self.is_comment(rest) {
                from = self.comments_above(start);
                to = (line + 1).min(self.text.len());
            }
        } else if comma.is_some() {
            to += self.text[to..].len() - self.text[to..].trim_start_matches(' ').len();
        }
        text.replace_range(from..to, "");
        // The last one: the comma before it goes.
        if comma.is_none() && index > 0 {
            let before = parent.children[index - 1].span.end as usize;
            let at = before + self.text[before..start].find(',')?;
            // On its line, so do the blanks behind it.
            let is_beside = from == start && self.text[at + 1..start].bytes().all(|byte| byte == b' ');
            text.replace_range(at..if is_beside { start } else { at + 1 }, "");
        }
        Some(text)
    }

    /// The place behind an entry's comma, where it has one.
    fn comma_after(&self, end: usize) -> Option<usize> {
        let after = self.text[end..].char_indices().find(|(_, char)| !char.is_whitespace());
        after.filter(|(_, char)| *char == ',').map(|(at, _)| end + at + 1)
    }

    /// Moves an entry, as its text stands.
    pub(super) fn moved_flow(&self, from: &[String], to: &[String]) -> Option<String> {
        let mut root = self.root.clone();
        let node = root.find_mut(from)?.clone();
        let known = (0..to.len()).rev().find(|&length| self.root.clone().find_mut(&to[..length]).is_some())?;
        let removed = self.removed_flow(from)?;
        // Where something stands is known of the text before alone.
        let again = super::parse(name_of(self.format), &removed).ok()?;
        let spot = Spot { root: Node::of(&again), text: &removed, format: self.format };
        let mut root = spot.root.clone();
        let parent = root.find_mut(&to[..known])?;
        if spot.is_flow(parent) {
            return spot.add_flow(parent, &self.entry(&node, &to[known..])?);
        }
        let value = &self.text[node.span.start as usize..node.span.end as usize];
        let (at, mut indent) = spot.block_end(parent)?;
        let mut lines = String::new();
        for key in &to[known..to.len() - 1] {
            lines += &format!("{:indent$}{}:\n", "", self.key(key));
            indent += 2;
        }
        let comments = self.comments_of(&node);
        comments.above.iter().for_each(|comment| lines += &format!("{:indent$}{comment}\n", ""));
        lines += &format!("{:indent$}{}: {value} {}", "", self.key(to.last()?), comments.beside);
        Some(spot.insert(at, &format!("{}\n", lines.trim_end())))
    }

    /// An entry as it is written between brackets, within tables that lead to it; with its comments.
    pub(super) fn entry(&self, node: &Node, keys: &[String]) -> Option<Entry> {
        let (last, around) = keys.split_last()?;
        let value = &self.text[node.span.start as usize..node.span.end as usize];
        let mut entry = self.comments_of(node);
        entry.text = format!("{}: {value}", self.key(last));
        for key in around.iter().rev() {
            entry.text = format!("{}: {{{}}}", self.key(key), entry.text);
        }
        Some(entry)
    }

    /// The comments that go where an entry goes, as it has lines of its own.
    fn comments_of(&self, node: &Node) -> Entry {
        let (start, end) = (begin(node), node.span.end as usize);
        let behind = self.comma_after(end).unwrap_or(end);
        let rest = self.text[behind..self.line_end(behind)].trim();
        if self.own_line(start).is_none() || !(rest.is_empty() || self.is_comment(rest)) {
            return Entry::default();
        }
        let line = self.text[..start].rfind('\n').map_or(0, |line| line + 1);
        let above = self.text[self.comments_above(start)..line].lines().map(|line| line.trim().to_owned());
        Entry { text: String::new(), above: above.collect(), beside: rest.to_owned() }
    }

    /// The blanks before a place, where nothing else is before it on its line.
    fn own_line(&self, at: usize) -> Option<&str> {
        let line = self.text[..at].rfind('\n').map_or(0, |line| line + 1);
        let blanks = &self.text[line..at];
        blanks.trim().is_empty().then_some(blanks)
    }

    /// The end of a place's line.
    pub(super) fn line_end(&self, at: usize) -> usize {
        self.text[at..].find('\n').map_or(self.text.len(), |end| at + end)
    }

    /// The begin of the comments that stand directly above a place that begins its line. What stands further right belongs
    /// to what is above, and what a text has of such lines is no comment.
    pub(super) fn comments_above(&self, at: usize) -> usize {
        let mut begin = self.text[..at].rfind('\n').map_or(0, |line| line + 1);
        let column = at - begin;
        let floor = end_before(&self.root, at);
        while begin > floor {
            let before = self.text[..begin - 1].rfind('\n').map_or(0, |line| line + 1);
            let line = &self.text[before..begin];
            let blanks = line.len() - line.trim_start().len();
            if before < floor || blanks > column || !self.is_comment(line.trim()) {
                break;
            }
            begin = before;
        }
        begin
    }

    pub(super) fn is_comment(&self, line: &str) -> bool {
        frame::is_comment(self.format, line)
    }
}

/// Where the last value ends that ends before a place.
fn end_before(node: &Node, at: usize) -> usize {
    let own = if node.is_container() { 0 } else { node.span.end as usize };
    let own = if own <= at { own } else { 0 };
    node.children.iter().map(|child| end_before(child, at)).fold(own, usize::max)
}

/// Where an entry begins: at its key, or an item at its value.
pub(super) fn begin(node: &Node) -> usize {
    if node.key_span.end > node.key_span.start { node.key_span.start as usize } else { node.span.start as usize }
}

/// A file's name of a format, to read a text that was just changed.
pub(super) const fn name_of(format: super::Format) -> &'static str {
    match format {
        super::Format::Toml => "text.toml",
        super::Format::Yaml => "text.yaml",
        super::Format::Json => "text.json",
    }
}
