//! Scalars: as values, whose kind their style and tag decide, and as keys.

use std::borrow::Cow;

use granit_parser::{ScalarStyle, Tag};

use super::super::sink::{SYNTAX, span_within};
use super::super::{Kind, NodeId, Span};
use super::{Anchor, Key, Reader, Stop, is_null, is_quoted};

impl<'t> Reader<'t, '_> {
    pub(super) fn scalar(
        &mut self,
        mut text: Cow<'t, str>,
        style: ScalarStyle,
        anchor: usize,
        tag: Option<&Tag>,
        place: Span,
    ) -> Result<(), Stop> {
        if place.start == place.end && !is_quoted(style) {
            // The parser writes `~` for what is not there.
            text = Cow::Borrowed("");
        }
        if self.open.is_empty() {
            // `---` alone, or only comments: an empty table.
            return if text.is_empty() && !is_quoted(style) && tag.is_none() { Ok(()) } else { self.bad_root(place) };
        }
        let kind = self.kind(&text, style, tag, place);
        if self.expects_key() {
            let key = self.key(text, style, tag, place);
            if anchor != 0 {
                self.anchor_key(anchor, &key, place)?;
            }
            return self.set_pending(key);
        }
        let (node, slot) = self.node(kind, place)?;
        match span_within(self.text, &text) {
            Some(inner) => self.builder.set_scalar_span(node, inner),
            None => self.builder.set_scalar(node, &text),
        }
        if anchor != 0 {
            self.anchors.insert(anchor, Anchor { node, complete: true });
        }
        self.done(node, slot)
    }

    /// Whether the next node is a key.
    pub(super) fn expects_key(&self) -> bool {
        self.open.last().is_some_and(|open| open.key.is_none() && self.builder.peek().kind(open.node) == Kind::Table)
    }

    pub(super) fn set_pending(&mut self, key: Key<'t>) -> Result<(), Stop> {
        if let Some(open) = self.open.last_mut() {
            open.key = Some(key);
        }
        Ok(())
    }

    fn key(&mut self, text: Cow<'t, str>, style: ScalarStyle, tag: Option<&Tag>, place: Span) -> Key<'t> {
        if !is_quoted(style) && tag.is_none() {
            if text.is_empty() {
                self.sink.push(SYNTAX, "a key is missing here", place);
                return Key::Dropped;
            }
            if text == "<<" {
                return self.merge_key(place);
            }
        }
        let inner = span_within(self.text, &text);
        self.checked_key(text, inner, place)
    }

    /// The key, unless the mapping has it already.
    pub(super) fn checked_key(&mut self, text: Cow<'t, str>, inner: Option<Span>, place: Span) -> Key<'t> {
        let Some(open) = self.open.last() else { return Key::Dropped };
        match open.keys.find(self.table(open.node), &self.large, super::super::keys::Key::new(&text)) {
            None => Key::Text(text, inner, place),
            Some(first) => {
                self.sink.duplicate(place, self.builder.peek().key_span(first));
                Key::Dropped
            }
        }
    }

    /// A key may have an anchor: its alias elsewhere means the key's text.
    fn anchor_key(&mut self, anchor: usize, key: &Key<'t>, place: Span) -> Result<(), Stop> {
        let node = self.push(None, Kind::Plain, place)?;
        if let Key::Text(text, ..) = key {
            self.builder.set_scalar(node, text);
        }
        self.anchors.insert(anchor, Anchor { node, complete: true });
        Ok(())
    }

    fn kind(&mut self, text: &str, style: ScalarStyle, tag: Option<&Tag>, place: Span) -> Kind {
        let plain = if is_null(text) { Kind::Null } else { Kind::Plain };
        let Some(tag) = tag else { return if is_quoted(style) { Kind::String } else { plain } };
        match tag.core_suffix() {
            Some("str") => Kind::String,
            Some("null") => Kind::Null,
            Some("int" | "float" | "bool") => Kind::Plain,
            // `!` alone means: a text, do not guess.
            _ if tag.handle().is_empty() && tag.suffix() == "!" || tag.parts() == ("!", "") => Kind::String,
            _ => {
                self.bad_tag(place);
                plain
            }
        }
    }

    /// Records a tag of a mapping or sequence that is not its own.
    pub(super) fn check_tag(&mut self, tag: Option<&Tag>, own: &str, place: Span) {
        let fits = tag
            .is_none_or(|tag| tag.core_suffix() == Some(own) || tag.parts() == ("!", "") || tag.parts() == ("", "!"));
        if !fits {
            self.bad_tag(place);
        }
    }

    fn bad_tag(&mut self, place: Span) {
        self.sink.push(SYNTAX, "this tag means nothing in a configuration; remove it", place);
    }

    /// A scalar's text, in memory of its own.
    pub(super) fn text_of(&self, node: NodeId) -> String {
        self.builder.scalar_over(self.text, node).to_owned()
    }
}
