//! Walks a document along a schema: notes the node of every slot and what does not belong.

use crate::document::{Document, Kind, NodeId};
use crate::path::{self, FieldPath};
use crate::report::{Finding, Severity, code};
use crate::schema::{Alias, Deprecation, Field, FieldKind, Schema};

/// Something that the walk met.
#[derive(Debug)]
pub(crate) enum Met<'a> {
    /// A key that no field of this schema has; `tag` names an enum's variant.
    UnknownKey { node: NodeId, schema: &'static Schema, tag: &'a str },
    /// A field is set under two of its names.
    SetTwice { node: NodeId, first: NodeId },
    /// A section that is no table.
    NotATable { node: NodeId },
    /// A deprecated field or name.
    Deprecated { node: NodeId, field: &'static Field, alias: Option<&'a Alias> },
    /// A field that the program computes.
    Computed { node: NodeId },
}

/// The finding for a deprecated setting, or for the deprecated name `alias` in place of which to write `own`.
pub(crate) fn deprecation(path: FieldPath, said: Deprecation, alias: Option<&str>, own: Option<&str>) -> Finding {
    let what = alias.map_or_else(|| "this setting".to_owned(), |alias| format!("the name `{alias}`"));
    let since = if said.since.is_empty() { String::new() } else { format!(" since {}", said.since) };
    let mut finding = Finding::new(Severity::Warning, code::DEPRECATED, path, format!("{what} is deprecated{since}"));
    finding.help = match (said.note, alias, own) {
        ("", Some(_), Some(own)) => Some(format!("write `{own}`")),
        ("", ..) => None,
        (note, ..) => Some(note.to_owned()),
    };
    finding
}

/// Where the walk is; a path is spelled out only where there is something to tell.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Trail<'a> {
    /// Where it began, as a canonical path.
    Root(&'a str),
    /// A key below.
    Key(&'a Trail<'a>, &'a str),
}

impl Trail<'_> {
    /// The canonical path.
    pub(crate) fn to_path(self) -> String {
        match self {
            Self::Root(path) => path.to_owned(),
            Self::Key(above, key) => {
                let mut path = above.to_path();
                path::push_segment(&mut path, key);
                path
            }
        }
    }
}

/// Receives what the walk meets, with its path.
pub(crate) type Sink<'s> = dyn FnMut(Trail<'_>, Met<'_>) + 's;

/// Walks `table` along `schema`, filling `slots`, which are this schema's; `exact` takes computed values, too.
pub(crate) fn walk(
    document: &Document,
    table: NodeId,
    schema: &'static Schema,
    exact: bool,
    slots: &mut [NodeId],
    trail: Trail<'_>,
    sink: &mut Sink<'_>,
) {
    let walker = Walker { document, lenient: schema.allow_unknown, exact };
    walker.table(table, schema, None, slots, trail, sink);
}

struct Walker<'a> {
    document: &'a Document,
    /// Unknown keys are accepted.
    lenient: bool,
    /// Computed values count.
    exact: bool,
}

/// A field found by a key: which, where its slots begin, and by which alias.
#[derive(Clone, Copy)]
struct Found {
    field: &'static Field,
    slot: usize,
    alias: Option<&'static Alias>,
}

impl Walker<'_> {
    fn table(
        &self,
        table: NodeId,
        schema: &'static Schema,
        tag: Option<&'static str>,
        slots: &mut [NodeId],
        trail: Trail<'_>,
        sink: &mut Sink<'_>,
    ) {
        // Documents mostly follow the schema's order, so the search goes on where the last key was found.
        let mut cursor = Cursor::default();
        let plain = schema.variants.is_empty();
        for node in self.document.children(table) {
            if !plain {
                self.variant_key(node, schema, tag.unwrap_or(schema.tag), slots, trail, sink);
            } else if let Some(found) = find(schema.fields, self.document.key_bytes(node), &mut cursor) {
                self.field(node, found, slots, trail, sink);
            } else if !self.lenient && !schema.allow_unknown {
                let key = self.document.key(node);
                sink(Trail::Key(&trail, key), Met::UnknownKey { node, schema, tag: "" });
            }
        }
    }

    /// Notes the node of a field. Nearly every field is a leaf under its own name of which nothing is to be told.
    #[inline]
    fn field(&self, node: NodeId, found: Found, slots: &mut [NodeId], trail: Trail<'_>, sink: &mut Sink<'_>) {
        let Found { field, slot, alias } = found;
        let untold = alias.is_none() && !field.meta.computed && field.meta.rare.is_none();
        match &mut slots[slot] {
            own if untold && *own == NodeId::NONE && matches!(field.kind, FieldKind::Leaf(_)) => *own = node,
            _ => self.any_field(node, found, slots, trail, sink),
        }
    }

    fn any_field(&self, node: NodeId, found: Found, slots: &mut [NodeId], trail: Trail<'_>, sink: &mut Sink<'_>) {
        let Found { field, slot, alias } = found;
        // The path is the setting's own, whatever alias was written.
        let trail = Trail::Key(&trail, field.key);
        if field.meta.computed && !self.exact {
            sink(trail, Met::Computed { node });
            return;
        }
        if let Some(first) = slots[slot].some() {
            sink(trail, Met::SetTwice { node, first });
            return;
        }
        if alias.is_some_and(|alias| alias.deprecated.is_some())
            || (alias.is_none() && field.meta.rare().deprecated.is_some())
        {
            sink(trail, Met::Deprecated { node, field, alias });
        }
        slots[slot] = node;
        if let FieldKind::Nested(schema) | FieldKind::Optional(schema) = field.kind {
            match self.document.kind(node) {
                Kind::Table => {
                    let below = &mut slots[slot + 1..slot + 1 + schema.size];
                    self.table(node, schema, field.meta.rare().tag, below, trail, sink);
                }
                Kind::Null => {}
                _ => sink(trail, Met::NotATable { node }),
            }
        }
    }

    /// A key of a tagged enum: the tag itself, or a field of any variant (the chosen one is known when it is built).
    fn variant_key(
        &self,
        node: NodeId,
        schema: &'static Schema,
        tag: &str,
        slots: &mut [NodeId],
        trail: Trail<'_>,
        sink: &mut Sink<'_>,
    ) {
        let key = self.document.key_bytes(node);
        if key == tag.as_bytes() {
            slots[0] = node;
            return;
        }
        let mut start = 1;
        let mut known = false;
        for variant in schema.variants {
            if let Some(mut found) = search(variant.fields, key, &mut Cursor::default()) {
                found.slot += start;
                known = true;
                self.field(node, found, slots, trail, sink);
            }
            start += variant.fields.iter().map(Field::size).sum::<usize>();
        }
        if !known && !self.lenient {
            let key = self.document.key(node);
            sink(Trail::Key(&trail, key), Met::UnknownKey { node, schema, tag });
        }
    }
}

/// Where a search begins.
#[derive(Default)]
struct Cursor {
    field: usize,
    slot: usize,
}

/// Finds a field by its key, which is most likely the cursor's.
#[inline]
fn find(fields: &'static [Field], key: &[u8], cursor: &mut Cursor) -> Option<Found> {
    match fields.get(cursor.field) {
        Some(field) if field.key.as_bytes() == key && !field.meta.flatten => {
            Some(cursor.pass(cursor.field, cursor.slot, field))
        }
        _ => search(fields, key, cursor),
    }
}

/// Finds a field by key or alias, also within flattened structs: from the cursor on, and then from the start.
fn search(fields: &'static [Field], key: &[u8], cursor: &mut Cursor) -> Option<Found> {
    let mut slot = cursor.slot;
    for (index, field) in fields.iter().enumerate().skip(cursor.field) {
        if field.key.as_bytes() == key && !field.meta.flatten {
            return Some(cursor.pass(index, slot, field));
        }
        slot += field.size();
    }
    let mut slot = 0;
    for field in fields {
        if field.meta.flatten {
            if let FieldKind::Nested(schema) = field.kind
                && let Some(mut found) = search(schema.fields, key, &mut Cursor::default())
            {
                found.slot += slot + 1;
                return Some(found);
            }
        } else if field.key.as_bytes() == key {
            return Some(Found { field, slot, alias: None });
        } else if let Some(alias) = field.meta.rare().aliases.iter().find(|alias| alias.key.as_bytes() == key) {
            return Some(Found { field, slot, alias: Some(alias) });
        }
        slot += field.size();
    }
    None
}

impl Cursor {
    /// Goes on behind a field that was found.
    fn pass(&mut self, index: usize, slot: usize, field: &'static Field) -> Found {
        *self = Self { field: index + 1, slot: slot + field.size() };
        Found { field, slot, alias: None }
    }
}

/// The known key nearest to an unknown one.
pub(crate) fn nearest(schema: &'static Schema, tag: &str, key: &str) -> Option<String> {
    let mut names = Vec::new();
    keys(schema.fields, &mut names);
    schema.variants.iter().for_each(|variant| keys(variant.fields, &mut names));
    let tag = (!tag.is_empty()).then_some(tag);
    crate::text::nearest(key, names.into_iter().chain(tag)).map(str::to_owned)
}

/// All keys of a struct, those of flattened structs too.
pub(crate) fn keys(fields: &'static [Field], names: &mut Vec<&'static str>) {
    for field in fields {
        match field.kind {
            FieldKind::Nested(schema) if field.meta.flatten => keys(schema.fields, names),
            _ => names.push(field.key),
        }
    }
}
