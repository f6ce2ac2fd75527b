//! The renames that a struct's attributes say: `renamed_from = "old_name", since = "1.3.0"`.

use strata_config_core::FieldPath;
use strata_config_core::schema::{Alias, Field, FieldKind, Schema};

use crate::version::Version;

/// A rename: its version, the path of the old name at that version, and the new key.
type Rename = (Version, FieldPath, String);

/// A key on the way to a field, and what it was before it was renamed itself.
struct Above {
    key: &'static str,
    before: Option<(Version, &'static str)>,
}

/// Every rename with its version.
pub(crate) fn all(schema: &'static Schema) -> Vec<Rename> {
    let mut found = Vec::new();
    collect(schema, &mut Vec::new(), &mut Vec::new(), &mut found);
    found
}

/// The renames of one version.
pub(crate) fn since(schema: &'static Schema, version: &Version) -> Vec<(FieldPath, String)> {
    let of_version = |(since, path, key)| (since == *version).then_some((path, key));
    all(schema).into_iter().filter_map(of_version).collect()
}

fn collect(schema: &'static Schema, path: &mut Vec<Above>, above: &mut Vec<*const Schema>, found: &mut Vec<Rename>) {
    // A struct that holds itself in a list has no end.
    if above.contains(&std::ptr::from_ref(schema)) {
        return;
    }
    above.push(schema);
    let variants = schema.variants.iter().flat_map(|variant| variant.fields);
    for field in schema.fields.iter().chain(variants) {
        let renames = renames_of(field);
        for (since, old) in &renames {
            // Two variants may share a field.
            let rename = (since.clone(), at(path, since).child(old), field.key.to_owned());
            if !found.contains(&rename) {
                found.push(rename);
            }
        }
        let own = Above { key: field.key, before: renames.into_iter().next() };
        below(field, own, path, above, found);
    }
    above.pop();
}

fn renames_of(field: &'static Field) -> Vec<(Version, &'static str)> {
    let since = |alias: &'static Alias| Some((Version::parse(alias.deprecated?.since).ok()?, alias.key));
    field.meta.rare().aliases.iter().filter_map(since).collect()
}

/// The path at a version: a section that was renamed later still has its old name.
fn at(path: &[Above], version: &Version) -> FieldPath {
    path.iter().fold(FieldPath::ROOT, |path, Above { key, before }| match before {
        Some((since, old)) if version < since => path.child(old),
        _ => path.child(key),
    })
}

fn below(
    field: &'static Field,
    own: Above,
    path: &mut Vec<Above>,
    above: &mut Vec<*const Schema>,
    found: &mut Vec<Rename>,
) {
    let depth = path.len();
    match field.kind {
        FieldKind::Leaf(_) => {}
        FieldKind::Nested(schema) if field.meta.flatten => collect(schema, path, above, found),
        FieldKind::Nested(schema) | FieldKind::Optional(schema) => {
            path.push(own);
            collect(schema, path, above, found);
        }
        FieldKind::List(schema) | FieldKind::Map(schema) => {
            path.extend([own, Above { key: "*", before: None }]);
            collect(schema, path, above, found);
        }
    }
    path.truncate(depth);
}
