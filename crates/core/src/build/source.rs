//! Where a leaf's value is read from: the winning layer, several layers merged, the profile, the default.

use super::Builder;
use crate::decode::DecodeContext;
use crate::document::{Document, DocumentBuilder, Kind, NodeId};
use crate::layer::LayerKind;
use crate::leaf::LeafKind;
use crate::profile::{Applied, PathOf};
use crate::raw::Raw;
use crate::schema::{Default, Field, FieldKind, Lit, Merge};
use crate::scope::Candidate;

/// The source of one leaf's value.
#[derive(Debug)]
pub(crate) enum Source<'a> {
    /// One layer's value.
    Layer(Candidate<'a>),
    /// The values of several layers, which are here strongest first.
    Merged(Box<(Document, Vec<Candidate<'a>>)>),
    /// A default expression's value.
    Expr(Box<Document>),
    /// The default.
    Lit(&'static Lit),
    /// The profile's default.
    Profile(Box<Lit>),
    /// What lenient mode put in an invalid value's place.
    Replaced(Box<Lit>),
    /// Nothing: null for an `Option`, otherwise missing.
    Absent,
}

impl<'a> Source<'a> {
    /// The raw value, and how it is read.
    pub(crate) fn raw(&self, field: &'static Field) -> (Raw<'_>, DecodeContext<'_>) {
        let mut context = field.context();
        let raw = match self {
            Self::Layer(candidate) => {
                if field.meta.path {
                    context.base = candidate.layer.layer.base.as_deref();
                }
                candidate.raw()
            }
            Self::Merged(merged) => Raw::Node(&merged.0, NodeId::ROOT),
            Self::Expr(document) => Raw::Node(document, NodeId::ROOT),
            Self::Lit(lit) => Raw::Lit(lit),
            Self::Replaced(lit) | Self::Profile(lit) => Raw::Lit(lit),
            Self::Absent => Raw::Lit(&Lit::Null),
        };
        (raw, context)
    }

    /// Reads the raw value.
    pub(crate) fn read<R>(&self, field: &'static Field, read: impl FnOnce(Raw<'_>, &DecodeContext<'_>) -> R) -> R {
        let (raw, context) = self.raw(field);
        read(raw, &context)
    }
}

impl<'a> Builder<'a> {
    /// The source of a leaf's value, and whether it hides others.
    pub(super) fn source(&self, field: &'static Field, slot: usize) -> (Source<'a>, bool) {
        let (winner, shadows) = self.scope.winner(slot, self.frame.floor);
        if !self.run.replaced.is_empty()
            && let Some(replaced) = self.replacement(field)
        {
            return (Source::Replaced(Box::new(replaced)), shadows);
        }
        let source = match winner {
            Some(winner) if self.run.exact || !merges(field, winner) => Source::Layer(winner),
            _ => {
                let path = || self.field_path(field);
                let profile = self.run.profile.as_ref().map(|applied| (applied, &path as PathOf<'_>));
                source(self.scope, field, slot, self.frame.floor, profile)
            }
        };
        (source, shadows)
    }

    fn replacement(&self, field: &Field) -> Option<Lit> {
        let path = self.field_path(field);
        self.run.replaced.iter().find(|replaced| replaced.path == path.as_str()).map(|replaced| replaced.value)
    }
}

/// The source of a field's value in a scope.
pub(crate) fn source<'a>(
    scope: &crate::scope::Scope<'a>,
    field: &'static Field,
    slot: usize,
    floor: usize,
    profile: Option<(&Applied, PathOf<'_>)>,
) -> Source<'a> {
    let Some(winner) = scope.candidates(slot, floor).next() else {
        return weakest(field, profile);
    };
    if merges(field, winner) {
        let mut parts: Vec<Candidate<'a>> = scope.candidates(slot, floor).collect();
        // A null hides everything below it.
        let end = parts.iter().position(|part| part.kind() == Kind::Null).unwrap_or(parts.len());
        let hidden = end < parts.len();
        parts.truncate(end);
        if let Some(document) = merge(field, &parts, hidden, profile) {
            return Source::Merged(Box::new((document, parts)));
        }
    }
    Source::Layer(winner)
}

/// What a field has where no layer sets it.
pub(crate) fn weakest(field: &'static Field, profile: Option<(&Applied, PathOf<'_>)>) -> Source<'static> {
    if let Some(lit) = profile.and_then(|(applied, path)| applied.default(field, path)) {
        return Source::Profile(Box::new(lit));
    }
    match &field.meta.default {
        Default::None => Source::Absent,
        Default::Lit(lit) => Source::Lit(lit),
        Default::Expr(make) => Source::Expr(Box::new(make())),
    }
}

/// Whether the values of several layers combine, and this one is of a kind that can.
#[inline]
pub(crate) fn merges(field: &'static Field, winner: Candidate<'_>) -> bool {
    match (winner.kind(), field.meta.merge) {
        (Kind::Null, _) | (_, Merge::Replace) => false,
        // Who sets a list at run time has seen the whole list, and means the whole list.
        (_, Merge::Append | Merge::Union) => winner.layer.layer.kind != LayerKind::Runtime,
        (_, Merge::Deep) => true,
        // Only a map's type can tell; text may be one, too.
        (Kind::Table, Merge::Auto) => is_map(field),
        (Kind::Text, Merge::Auto) => may_be_map(winner.document().scalar(winner.node)) && is_map(field),
        (_, Merge::Auto) => false,
    }
}

#[cold]
fn is_map(field: &Field) -> bool {
    matches!(field.kind, FieldKind::Leaf(leaf) if leaf.shape().kind == LeafKind::Map)
}

/// Whether a text could be a map, if its type is one: most texts are not, and asking a type for its shape is work.
fn may_be_map(text: &str) -> bool {
    text.bytes().any(|byte| matches!(byte, b'=' | b'{')) || crate::text::trim(text).is_empty()
}

/// The values of several layers and of the default as one; `None` where there is but one, or one is of another kind. What
/// is wrong within one goes in as it stands, and is found where the whole is read.
fn merge(
    field: &'static Field,
    parts: &[Candidate<'_>],
    hidden: bool,
    profile: Option<(&Applied, PathOf<'_>)>,
) -> Option<Document> {
    let FieldKind::Leaf(leaf) = field.kind else { return None };
    let mut documents = Vec::with_capacity(parts.len() + 1);
    if !hidden {
        let default = weakest(field, profile);
        if !matches!(default, Source::Absent) {
            let default = default.read(field, |raw, context| leaf.canonical(raw, context)).ok()?;
            // An empty default adds nothing, so a single source stays what it is, with all its places.
            if default.first_child(NodeId::ROOT).is_some() {
                documents.push(default);
            }
        }
    }
    for part in parts.iter().rev() {
        let read = Source::Layer(*part).read(field, |raw, context| leaf.canonical(raw, context));
        documents.push(match read {
            Ok(document) => document,
            Err(_) if matches!(part.kind(), Kind::Array | Kind::Table) => {
                let mut copy = DocumentBuilder::new("", String::new());
                copy.graft(None, part.document(), part.node);
                copy.finish()
            }
            Err(_) => return None,
        });
    }
    if documents.len() < 2 {
        return None;
    }
    let root_kind = documents.last()?.kind(NodeId::ROOT);
    let mut builder = DocumentBuilder::new("", String::new());
    builder.push(None, root_kind, crate::document::Span::default());
    for document in &documents {
        match (root_kind, field.meta.merge) {
            (Kind::Array, Merge::Append | Merge::Union) => append(&mut builder, document, field.meta.merge),
            (Kind::Table, Merge::Auto | Merge::Deep) => overlay(&mut builder, NodeId::ROOT, document, NodeId::ROOT),
            _ => return None,
        }
    }
    Some(builder.finish())
}

fn append(builder: &mut DocumentBuilder, from: &Document, merge: Merge) {
    for item in from.children(NodeId::ROOT) {
        let known = merge == Merge::Union
            && builder.peek().children(NodeId::ROOT).any(|other| same(builder.peek(), other, from, item));
        if !known {
            builder.graft(Some(NodeId::ROOT), from, item);
        }
    }
}

/// Whether two nodes hold the same value.
pub(crate) fn same(left: &Document, a: NodeId, right: &Document, b: NodeId) -> bool {
    if left.kind(a) != right.kind(b) || left.scalar(a) != right.scalar(b) || left.key(a) != right.key(b) {
        return false;
    }
    let (mut x, mut y) = (left.children(a), right.children(b));
    loop {
        match (x.next(), y.next()) {
            (None, None) => return true,
            (Some(a), Some(b)) if same(left, a, right, b) => {}
            _ => return false,
        }
    }
}

/// Tables up to this size are searched entry by entry.
const WALKED: usize = 32;

/// Lays a table over another: tables merge, everything else is replaced.
fn overlay(builder: &mut DocumentBuilder, onto: NodeId, from: &Document, table: NodeId) {
    // As each key stands once in `from`, what is appended below need not be found.
    let known = builder.peek().children(onto).count();
    let keys = (known > WALKED).then(|| builder.peek().index(onto));
    for entry in from.children(table) {
        let key = from.key(entry);
        let old = match &keys {
            Some(keys) => keys.get(key).copied(),
            None => builder.peek().children(onto).take(known).find(|old| builder.peek().key(*old) == key),
        };
        match old {
            Some(old) if from.kind(entry) == Kind::Table && builder.peek().kind(old) == Kind::Table => {
                overlay(builder, old, from, entry);
            }
            Some(old) => builder.replace(old, from, entry),
            None => {
                builder.graft(Some(onto), from, entry);
            }
        }
    }
}
