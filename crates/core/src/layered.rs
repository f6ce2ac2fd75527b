//! The traits that the derive implements, and what generated code meets.

use std::collections::{BTreeMap, HashMap};
use std::hash::BuildHasher;

use crate::build::Builder;
use crate::leaf::LeafValue;
use crate::loader::Loader;
use crate::report::Report;
use crate::schema::{FieldKind, Schema};

/// A configuration: a struct (or an enum of structs) that describes its layers. Derive it.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a configuration",
    label = "this type doesn't derive `LayeredConfig`",
    note = "derive `LayeredConfig` for it, or leave `nested` out to read it as one value with serde"
)]
pub trait LayeredConfig: Sized + Send + Sync + 'static {
    /// The type's description.
    const SCHEMA: &'static Schema;

    /// A loader of this configuration; it knows the defaults alone until sources are added.
    fn loader() -> Loader<Self> {
        Loader::new()
    }

    /// Checks the defaults: what an application's own test asserts, so that no bad default ships.
    fn self_test() -> Report {
        crate::loaded::self_test::<Self>()
    }

    /// Builds the value from the winning slots; `None` where something that it needs is invalid.
    #[doc(hidden)]
    fn build(builder: &mut Builder<'_>) -> Option<Self>;

    /// Shows every field to a visitor, in the schema's order.
    #[doc(hidden)]
    fn visit<'v>(&'v self, visitor: &mut dyn Visitor<'v>);
}

/// Sees every field of a configuration, in its schema's order.
pub trait Visitor<'v> {
    /// A leaf.
    fn leaf(&mut self, value: &'v dyn LeafValue);
    /// A leaf that is read and written by functions of its own.
    fn leaf_owned(&mut self, value: Box<dyn LeafValue>);
    /// A nested struct; `None` where it is optional and absent.
    fn section(&mut self, section: Option<&'v dyn Section>);
    /// A list of structs.
    fn list(&mut self, items: Vec<&'v dyn Section>);
    /// A map of structs.
    fn map(&mut self, entries: Vec<(&'v str, &'v dyn Section)>);
    /// The variant of an enum; its fields follow.
    fn variant(&mut self, index: usize);
}

/// A configuration, whatever its type.
pub trait Section: Send + Sync {
    /// Its description.
    fn schema(&self) -> &'static Schema;
    /// Shows its fields.
    fn visit<'v>(&'v self, visitor: &mut dyn Visitor<'v>);
}

impl<T: LayeredConfig> Section for T {
    fn schema(&self) -> &'static Schema {
        T::SCHEMA
    }

    fn visit<'v>(&'v self, visitor: &mut dyn Visitor<'v>) {
        T::visit(self, visitor);
    }
}

/// What `#[config(nested)]` may mark: a configuration, one that may be absent, a list or a map of them.
#[diagnostic::on_unimplemented(
    message = "`{Self}` can't be nested: it is not a configuration",
    label = "this type doesn't derive `LayeredConfig`",
    note = "derive `LayeredConfig` for it; `Option`, `Vec`, `HashMap<String, _>` and `BTreeMap<String, _>` of such a type may be nested too",
    note = "or leave `nested` out to read it as one value with serde"
)]
pub trait Nested: Sized {
    /// How the schema describes it.
    const KIND: FieldKind;

    /// Builds it.
    #[doc(hidden)]
    fn build(builder: &mut Builder<'_>) -> Option<Self>;

    /// Shows it to a visitor.
    #[doc(hidden)]
    fn visit<'v>(&'v self, visitor: &mut dyn Visitor<'v>);
}

impl<T: LayeredConfig> Nested for T {
    const KIND: FieldKind = FieldKind::Nested(T::SCHEMA);

    fn build(builder: &mut Builder<'_>) -> Option<Self> {
        builder.section(T::SCHEMA, T::build)
    }

    fn visit<'v>(&'v self, visitor: &mut dyn Visitor<'v>) {
        visitor.section(Some(self));
    }
}

impl<T: LayeredConfig> Nested for Option<T> {
    const KIND: FieldKind = FieldKind::Optional(T::SCHEMA);

    fn build(builder: &mut Builder<'_>) -> Option<Self> {
        builder.optional(T::SCHEMA, T::build)
    }

    fn visit<'v>(&'v self, visitor: &mut dyn Visitor<'v>) {
        visitor.section(self.as_ref().map(|section| section as &dyn Section));
    }
}

impl<T: LayeredConfig> Nested for Vec<T> {
    const KIND: FieldKind = FieldKind::List(T::SCHEMA);

    fn build(builder: &mut Builder<'_>) -> Option<Self> {
        builder.list(T::SCHEMA, T::build)
    }

    fn visit<'v>(&'v self, visitor: &mut dyn Visitor<'v>) {
        visitor.list(self.iter().map(|item| item as &dyn Section).collect());
    }
}

impl<T: LayeredConfig, S: BuildHasher + Default + Send + Sync> Nested for HashMap<String, T, S> {
    const KIND: FieldKind = FieldKind::Map(T::SCHEMA);

    fn build(builder: &mut Builder<'_>) -> Option<Self> {
        builder.map(T::SCHEMA, T::build).map(|entries| entries.into_iter().collect())
    }

    fn visit<'v>(&'v self, visitor: &mut dyn Visitor<'v>) {
        let mut entries: Vec<(&str, &dyn Section)> =
            self.iter().map(|(key, value)| (key.as_str(), value as &dyn Section)).collect();
        entries.sort_unstable_by_key(|(key, _)| *key);
        visitor.map(entries);
    }
}

impl<T: LayeredConfig> Nested for BTreeMap<String, T> {
    const KIND: FieldKind = FieldKind::Map(T::SCHEMA);

    fn build(builder: &mut Builder<'_>) -> Option<Self> {
        builder.map(T::SCHEMA, T::build).map(|entries| entries.into_iter().collect())
    }

    fn visit<'v>(&'v self, visitor: &mut dyn Visitor<'v>) {
        visitor.map(self.iter().map(|(key, value)| (key.as_str(), value as &dyn Section)).collect());
    }
}
