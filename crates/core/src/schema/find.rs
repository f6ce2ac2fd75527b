//! Finding a path in a schema, and the nearest one where there is none.

use std::fmt;

use super::{Field, FieldKind, Schema};
use crate::leaf::LeafKind;
use crate::path::FieldPath;
use crate::text;

/// A path that names no setting and no section.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownPath {
    /// The path.
    pub path: FieldPath,
    /// The path that was most likely meant.
    pub nearest: Option<FieldPath>,
}

impl fmt::Display for UnknownPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "no setting is called `{}`", self.path)?;
        match &self.nearest {
            Some(nearest) => write!(f, "; did you mean `{nearest}`?"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for UnknownPath {}

impl Schema {
    /// Checks that a setting, a section or a part of a value may stand at this path.
    ///
    /// # Errors
    /// The path that was most likely meant.
    pub fn find(&'static self, path: &FieldPath) -> Result<(), UnknownPath> {
        let segments = path.segments();
        let segments: Vec<&str> = segments.iter().map(AsRef::as_ref).collect();
        if below(self, None, &segments) {
            return Ok(());
        }
        let mut known = Vec::new();
        collect(self, None, &FieldPath::ROOT, &mut known);
        let nearest = text::nearest(path.as_str(), known.iter().map(|(name, _)| name.as_str()));
        let nearest = nearest.or_else(|| {
            // The last part alone is what people remember.
            let ends = |name: &str| segments.last().is_some_and(|last| name.rsplit('.').next() == Some(*last));
            known.iter().map(|(name, _)| name.as_str()).find(|name| ends(name))
        });
        let nearest = nearest.and_then(|name| known.iter().find(|(known, _)| known.as_str() == name));
        Err(UnknownPath { path: path.clone(), nearest: nearest.map(|(_, path)| path.clone()) })
    }
}

/// Whether the schema has something at these segments.
fn below(schema: &'static Schema, tag: Option<&'static str>, segments: &[&str]) -> bool {
    let Some((first, rest)) = segments.split_first() else { return true };
    if !schema.variants.is_empty() && *first == tag.unwrap_or(schema.tag) {
        return rest.is_empty();
    }
    fields(schema).any(|field| match field.kind {
        FieldKind::Nested(schema) if field.meta.flatten => below(schema, field.meta.rare().tag, segments),
        _ => field.key == *first && within(field, rest),
    })
}

/// Whether the field has something at these segments.
fn within(field: &'static Field, segments: &[&str]) -> bool {
    match (field.kind, segments.split_first()) {
        (_, None) => true,
        (FieldKind::Nested(schema) | FieldKind::Optional(schema), _) => below(schema, field.meta.rare().tag, segments),
        (FieldKind::List(schema), Some((index, rest))) => index.parse::<usize>().is_ok() && below(schema, None, rest),
        (FieldKind::Map(schema), Some((_, rest))) => below(schema, None, rest),
        (FieldKind::Leaf(leaf), Some(_)) => {
            matches!(leaf.shape().kind, LeafKind::Any | LeafKind::List | LeafKind::Map | LeafKind::Struct)
        }
    }
}

/// Every path that needs no key or number of a value, under each of its names.
fn collect(schema: &'static Schema, tag: Option<&'static str>, path: &FieldPath, known: &mut Vec<(String, FieldPath)>) {
    if !schema.variants.is_empty() {
        let path = path.child(tag.unwrap_or(schema.tag));
        known.push((path.to_string(), path));
    }
    for field in fields(schema) {
        let own = if field.meta.flatten { path.clone() } else { path.child(field.key) };
        if !field.meta.flatten {
            known.push((own.to_string(), own.clone()));
            known
                .extend(field.meta.rare().aliases.iter().map(|alias| (path.child(alias.key).to_string(), own.clone())));
        }
        if let FieldKind::Nested(schema) | FieldKind::Optional(schema) = field.kind {
            collect(schema, field.meta.rare().tag, &own, known);
        }
    }
}

fn fields(schema: &'static Schema) -> impl Iterator<Item = &'static Field> {
    schema.fields.iter().chain(schema.variants.iter().flat_map(|variant| variant.fields))
}
