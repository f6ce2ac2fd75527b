//! Changes between brackets: JSON, and the parts of YAML that are written as JSON is.

use super::Spot;
use crate::tree::Node;

impl Spot<'_> {
    /// Adds an entry behind the last one of a table or a list.
    pub(super) fn add_flow(&self, parent: &Node, entry: &str) -> Option<String> {
        let open = parent.span.start as usize;
        let Some(last) = parent.children.last() else {
            let at = open + 1;
            return Some(format!("{}{entry}{}", &self.text[..at], &self.text[at..]));
        };
        let end = last.span.end as usize;
        let Some(indent) = self.own_line(begin(last)) else {
            return Some(format!("{}, {entry}{}", &self.text[..end], &self.text[end..]));
        };
        // The comma stands behind the value, the entry behind the comment of its line.
        let line = self.line_end(end);
        let rest = &self.text[end..line];
        if !rest.trim_start().is_empty() && !is_comment(rest.trim_start()) {
            return Some(format!("{},\n{indent}{entry}{}", &self.text[..end], &self.text[end..]));
        }
        Some(format!("{},{rest}\n{indent}{entry}{}", &self.text[..end], &self.text[line..]))
    }

    /// Removes an entry, its comma, and the comments that stand directly above it.
    pub(super) fn removed_flow(&self, path: &[String]) -> Option<String> {
        let (key, above) = path.split_last()?;
        let mut root = self.root.clone();
        let parent = root.find_mut(above)?;
        let index = parent.index(key)?;
        let node = &parent.children[index];
        let (start, end) = (begin(node), node.span.end as usize);
        let after = self.text[end..].char_indices().find(|(_, char)| !char.is_whitespace());
        let comma = after.filter(|(_, char)| *char == ',').map(|(at, _)| end + at + 1);
        let mut text = self.text.to_owned();
        let (mut from, mut to) = (start, comma.unwrap_or(end));
        if self.own_line(start).is_some() {
            let line = self.line_end(to);
            let rest = self.text[to..line].trim();
            if rest.is_empty() || is_comment(rest) {
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
            let at = self.text[before..start].find(',')?;
            text.replace_range(before + at..=before + at, "");
        }
        Some(text)
    }

    /// Moves an entry, as its text stands.
    pub(super) fn moved_flow(&self, from: &[String], to: &[String]) -> Option<String> {
        let mut root = self.root.clone();
        let node = root.find_mut(from)?;
        let value = &self.text[node.span.start as usize..node.span.end as usize];
        let known = (0..to.len()).rev().find(|&length| self.root.clone().find_mut(&to[..length]).is_some())?;
        // Tables that are not there are written around the value.
        let mut entry = format!("{}: {value}", self.key(to.last()?));
        for key in to[known + 1..].iter().rev().skip(1).chain(to.get(known).filter(|_| known + 1 < to.len())) {
            entry = format!("{}: {{{entry}}}", self.key(key));
        }
        let parent = root.find_mut(&to[..known])?;
        if !self.is_flow(parent) {
            return None;
        }
        let removed = self.removed_flow(from)?;
        // Where something stands is known of the text before alone.
        let again = super::parse(name_of(self.format), &removed).ok()?;
        let spot = Spot { root: Node::of(&again), text: &removed, format: self.format };
        let mut root = spot.root.clone();
        spot.add_flow(root.find_mut(&to[..known])?, &entry)
    }

    /// The blanks before a place, where nothing else is before it on its line.
    fn own_line(&self, at: usize) -> Option<&str> {
        let line = self.text[..at].rfind('\n').map_or(0, |line| line + 1);
        let blanks = &self.text[line..at];
        (line > 0 && blanks.trim().is_empty()).then_some(blanks)
    }

    /// The end of a place's line.
    pub(super) fn line_end(&self, at: usize) -> usize {
        self.text[at..].find('\n').map_or(self.text.len(), |end| at + end)
    }

    /// The begin of the comments that stand directly above a place that begins its line.
    pub(super) fn comments_above(&self, at: usize) -> usize {
        let mut begin = self.text[..at].rfind('\n').map_or(0, |line| line + 1);
        while begin > 0 {
            let before = self.text[..begin - 1].rfind('\n').map_or(0, |line| line + 1);
            if !is_comment(self.text[before..begin].trim()) {
                break;
            }
            begin = before;
        }
        begin
    }
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

fn is_comment(line: &str) -> bool {
    line.starts_with("//") || line.starts_with('#')
}
