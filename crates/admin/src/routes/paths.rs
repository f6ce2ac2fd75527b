//! Paths of settings in requests.

use std::borrow::Cow;

use strata_config_core::schema::{Field, FieldKind};
use strata_config_core::{FieldPath, Schema};

use crate::context::Context;
use crate::problem::Problem;

/// Reads the path of a setting, a section or a part of a value.
///
/// # Errors
/// It is no path; or there is no such setting, and the nearest name is told.
pub(super) fn read(context: &Context, text: &str) -> Result<FieldPath, Problem> {
    let path = parse(text)?;
    if path.is_root() {
        return Err(Problem::malformed("the path of a setting is needed"));
    }
    if declared(context, &path) {
        return Ok(path);
    }
    match context.app.live.schema().find(&path) {
        Ok(()) => Ok(path),
        Err(unknown) => {
            let problem = Problem::not_found(unknown.to_string());
            Err(match unknown.nearest {
                Some(nearest) => problem.with("suggestion", nearest.as_str()),
                None => problem,
            })
        }
    }
}

/// Reads a path that need not exist.
pub(super) fn parse(text: &str) -> Result<FieldPath, Problem> {
    FieldPath::parse(text).map_err(Problem::malformed)
}

/// Whether a path is a key that the program declared, or below one.
fn declared(context: &Context, path: &FieldPath) -> bool {
    let current = context.app.current();
    let segments = path.segments();
    current.version.declared().iter().any(|declared| segments.first().is_some_and(|first| *first == declared.key))
}

/// What documents a section: its field.
pub(super) fn field(schema: &'static Schema, segments: &[Cow<'_, str>]) -> Option<&'static Field> {
    let (first, rest) = segments.split_first()?;
    let variants = schema.variants.iter().flat_map(|variant| variant.fields);
    schema.fields.iter().chain(variants).find_map(|own| match own.kind {
        FieldKind::Nested(below) if own.meta.flatten => field(below, segments),
        _ if own.key != *first => None,
        _ if rest.is_empty() => Some(own),
        FieldKind::Nested(below) | FieldKind::Optional(below) => field(below, rest),
        // An item or an entry is documented as all of them together.
        FieldKind::List(_) | FieldKind::Map(_) if rest.len() == 1 => Some(own),
        FieldKind::List(below) | FieldKind::Map(below) => field(below, &rest[1..]),
        FieldKind::Leaf(_) => Some(own),
    })
}
