//! The renames that a struct's attributes say: `renamed_from = "old_name", since = "1.3.0"`.

use strata_config_core::FieldPath;
use strata_config_core::schema::{Field, FieldKind, Schema};

use crate::version::Version;

/// Every rename with its version: the path of the old name, and the new key.
pub(crate) fn all(schema: &'static Schema) -> Vec<(Version, FieldPath, String)> {
    let mut found = Vec::new();
    collect(schema, &FieldPath::ROOT, &mut Vec::new(), &mut found);
    found
}

/// The renames of one version.
pub(crate) fn since(schema: &'static Schema, version: &Version) -> Vec<(FieldPath, String)> {
    let of_version = |(since, path, key)| (since == *version).then_some((path, key));
    all(schema).into_iter().filter_map(of_version).collect()
}

fn collect(
    schema: &'static Schema,
    path: &FieldPath,
    above: &mut Vec<*const Schema>,
    found: &mut Vec<(Version, FieldPath, String)>,
) {
    // A struct that holds itself in a list has no end.
    if above.contains(&std::ptr::from_ref(schema)) {
        return;
    }
    above.push(schema);
    let variants = schema.variants.iter().flat_map(|variant| variant.fields);
    for field in schema.fields.iter().chain(variants) {
        for alias in field.meta.rare().aliases {
            let since = alias.deprecated.and_then(|deprecated| Version::parse(deprecated.since).ok());
            // Two variants may share a field.
            let rename = since.map(|since| (since, path.child(alias.key), field.key.to_owned()));
            found.extend(rename.filter(|rename| !found.contains(rename)));
        }
        below(field, path, above, found);
    }
    above.pop();
}

fn below(
    field: &'static Field,
    path: &FieldPath,
    above: &mut Vec<*const Schema>,
    found: &mut Vec<(Version, FieldPath, String)>,
) {
    match field.kind {
        FieldKind::Leaf(_) => {}
        FieldKind::Nested(schema) if field.meta.flatten => collect(schema, path, above, found),
        FieldKind::Nested(schema) | FieldKind::Optional(schema) => {
            collect(schema, &path.child(field.key), above, found)
        }
        FieldKind::List(schema) | FieldKind::Map(schema) => {
            collect(schema, &path.child(field.key).child("*"), above, found);
        }
    }
}
