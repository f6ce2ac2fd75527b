//! The leaves of one Rust type, wherever they stand in a configuration: how a registry finds what is its own.

use std::fmt;

use crate::layered::Section;
use crate::path::FieldPath;
use crate::schema::Field;
use crate::typed;

/// A leaf of the type `T`.
pub struct LeafOf<'v, T> {
    path: FieldPath,
    field: &'static Field,
    value: &'v T,
}

impl<'v, T> LeafOf<'v, T> {
    /// Its path, for reports and for [`Provenance::explain`](crate::Provenance::explain).
    #[must_use]
    pub fn path(&self) -> &FieldPath {
        &self.path
    }

    /// Its field: documentation, default, and what attributes say.
    #[must_use]
    pub fn field(&self) -> &'static Field {
        self.field
    }

    /// The name by which a registry knows it: `key = "…"` of its attributes, or the field's key in documents. In a list
    /// or a map of structs, all items have the same.
    #[must_use]
    pub fn key(&self) -> &'static str {
        match self.field.meta.rare().key {
            "" => self.field.key,
            key => key,
        }
    }

    /// Its value.
    #[must_use]
    pub fn value(&self) -> &'v T {
        self.value
    }
}

/// A value may be a secret.
impl<T> fmt::Debug for LeafOf<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LeafOf").field("path", &self.path).finish_non_exhaustive()
    }
}

/// Visits every leaf of a configuration whose value is a `T`, in the schema's order: also in nested structs, and in lists
/// and maps of them.
///
/// A leaf's type is the field's: `T`, `Option<T>` and `BTreeMap<String, T>` are three. A field that is read and written by
/// a module (`with = …`) is of no type that is known here.
pub fn leaves_of<T: 'static>(config: &dyn Section, visit: &mut dyn FnMut(LeafOf<'_, T>)) {
    for leaf in typed::leaves(config) {
        let value = leaf.value.leaf().and_then(|value| value.as_any().downcast_ref());
        if let (Some(field), Some(value)) = (leaf.field, value) {
            visit(LeafOf { path: leaf.path, field, value });
        }
    }
}
