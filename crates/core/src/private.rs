//! What generated code refers to, and nothing else may: by this one path, so that no name in scope can disturb it.

pub use std::any::Any;
pub use std::clone::Clone;
pub use std::convert::From;
pub use std::default::Default as DefaultTrait;
pub use std::fmt;
pub use std::marker::{Send, Sync};
pub use std::option::Option::{self, None, Some};
pub use std::result::Result::{self, Err, Ok};
pub use std::str::FromStr;
pub use std::string::String;
pub use std::vec::Vec;
pub use std::{boxed::Box, cmp::PartialEq};

pub use ::serde;

pub use crate::build::Builder;
pub use crate::config_enum::{
    AnyType, Choice, ConfigEnum, Probe, UnknownChoice, check_choice, deserialize_enum, fmt_enum, parse_enum,
    serialize_enum,
};
pub use crate::layered::{LayeredConfig, Nested, Visitor};
pub use crate::leaf::{Leaf, LeafValue, SecretLeaf};
pub use crate::load_info::LoadInfo;
pub use crate::path::FieldPath;
pub use crate::report::Report;
pub use crate::rules::{CustomRule, Rule, TextRule};
pub use crate::schema::{
    Alias, Default, Deprecation, Env, Field, FieldKind, Lit, Merge, Meta, PerProfile, Rare, Reload, Schema, Variant,
    Warn, check,
};

use crate::document::Document;
use crate::leaf::LeafType;

/// The rules of the feature `validator`.
#[cfg(feature = "validator")]
pub mod rules {
    pub use crate::rules::validator::{contains, email, ip, regex, url, validate};
}

/// The rules of the feature `validator`: turn it on to use them.
#[cfg(not(feature = "validator"))]
pub mod rules {}

#[cfg(feature = "validator")]
pub use ::validator::Validate;

/// A field that is a leaf, as [`Nested`] is for one that is a configuration: the schema, the build and the visit of
/// generated code name it in the same way, so that the compiler says once, at the type, what keeps it from being a leaf.
#[diagnostic::on_unimplemented(
    message = "`{Self}` can't be a setting's type",
    label = "this type can't be read as one value",
    note = "a leaf's type implements serde's `Deserialize` and `Serialize`, `Clone`, `PartialEq`, `Send` and `Sync`",
    note = "a struct that derives `LayeredConfig` is marked `#[config(nested)]`; an enum without data derives `ConfigEnum`"
)]
pub trait Setting: Sized {
    /// How the schema describes it.
    const KIND: FieldKind;
    /// Builds it.
    fn build(builder: &mut Builder<'_>) -> Option<Self>;
    /// Shows it to a visitor.
    fn visit<'v>(&'v self, visitor: &mut dyn Visitor<'v>);
}

impl<T: Leaf> Setting for T {
    const KIND: FieldKind = leaf::<T>();

    fn build(builder: &mut Builder<'_>) -> Option<Self> {
        builder.leaf()
    }

    fn visit<'v>(&'v self, visitor: &mut dyn Visitor<'v>) {
        visitor.leaf(self);
    }
}

/// A leaf's kind.
#[must_use]
pub const fn leaf<T: Leaf>() -> FieldKind {
    FieldKind::Leaf(LeafType::of::<T>())
}

/// A secret leaf's kind.
#[must_use]
pub const fn secret<T: Leaf + SecretLeaf>() -> FieldKind {
    FieldKind::Leaf(LeafType::of::<T>())
}

/// A nested configuration's kind.
#[must_use]
pub const fn nested<T: Nested>() -> FieldKind {
    T::KIND
}

/// A default expression's value.
#[must_use]
pub fn to_document<T: serde::Serialize>(value: &T) -> Document {
    crate::encode::to_document(value)
}

/// Applies a function of the user's to a field's value.
pub fn custom<T: 'static, E: fmt::Display>(value: &dyn Any, check: fn(&T) -> Result<(), E>) -> Option<String> {
    check(value.downcast_ref::<T>()?).err().map(|error| error.to_string())
}
