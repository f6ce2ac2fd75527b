//! What a leaf's type can do: the bounds, the one table of functions per type, and its shape.

use std::any::Any;
use std::cell::{Cell, RefCell};

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::config_enum::Choice;
use crate::decode::{self, DecodeContext, DecodeError};
use crate::document::Document;
use crate::encode;
use crate::problems;
use crate::raw::Raw;
use crate::secret::Secret;

/// A type that a leaf may have: any that serde reads and writes.
///
/// Implemented for every type that fits; never implement it yourself.
#[diagnostic::on_unimplemented(
    message = "`{Self}` can't be a setting's type",
    label = "this type can't be read as one value",
    note = "a leaf's type implements serde's `Deserialize` and `Serialize`, `Clone`, `PartialEq`, `Send` and `Sync`",
    note = "a struct that derives `LayeredConfig` is marked `#[config(nested)]`; an enum without data derives `ConfigEnum`"
)]
pub trait Leaf: DeserializeOwned + Serialize + Clone + PartialEq + Send + Sync + 'static {}

impl<T: DeserializeOwned + Serialize + Clone + PartialEq + Send + Sync + 'static> Leaf for T {}

/// A type that `#[config(secret)]` may mark.
#[diagnostic::on_unimplemented(
    message = "`#[config(secret)]` needs `Secret<…>`, found `{Self}`",
    label = "wrap this type: `Secret<{Self}>`"
)]
pub trait SecretLeaf {}

impl<T: zeroize::Zeroize> SecretLeaf for Secret<T> {}
impl<T: SecretLeaf> SecretLeaf for Option<T> {}
impl<T: SecretLeaf> SecretLeaf for Vec<T> {}
impl<K, T: SecretLeaf, S> SecretLeaf for std::collections::HashMap<K, T, S> {}
impl<K, T: SecretLeaf> SecretLeaf for std::collections::BTreeMap<K, T> {}

/// The functions of one leaf type: a table a type, not a field.
#[derive(Debug)]
pub struct LeafType {
    shape: fn() -> Shape,
    canonical: fn(Raw<'_>, &DecodeContext<'_>) -> Result<Document, DecodeError>,
    name: fn() -> &'static str,
}

impl LeafType {
    /// The table of `T`.
    #[must_use]
    pub const fn of<T: Leaf>() -> &'static Self {
        &Self { shape: shape::<T>, canonical: canonical::<T>, name: std::any::type_name::<T> }
    }

    /// What the type is.
    #[must_use]
    pub fn shape(&self) -> Shape {
        (self.shape)()
    }

    /// The Rust type's name, for documentation.
    #[must_use]
    pub fn type_name(&self) -> &'static str {
        (self.name)()
    }

    /// The value as its type writes it, whatever its source wrote: `"1_000"` of a variable becomes `1000`.
    pub(crate) fn canonical(&self, raw: Raw<'_>, context: &DecodeContext<'_>) -> Result<Document, DecodeError> {
        // Its warnings are told where the value is built.
        problems::accepting(usize::MAX, || (self.canonical)(raw, context))
    }
}

fn canonical<T: Leaf>(raw: Raw<'_>, context: &DecodeContext<'_>) -> Result<Document, DecodeError> {
    decode::decode::<T>(raw, context).map(|value| encode::to_document(&value))
}

fn shape<T: Leaf>() -> Shape {
    let probe = ShapeProbe::default();
    decode::probe::<T>(&probe);
    let name = std::any::type_name::<T>();
    probe.into_shape(name)
}

/// What a type asks its deserializer for.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Shape {
    /// The kind of value.
    pub kind: LeafKind,
    /// Whether `null` is a value.
    pub optional: bool,
    /// Whether it is, or holds, a secret.
    pub secret: bool,
    /// The shape of a list's items or a map's values.
    pub inner: Option<Box<Shape>>,
    /// The choices of a `ConfigEnum`, in the order of its names; empty for any other type.
    pub choices: &'static [Choice],
}

/// The kinds of value that types ask for.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub enum LeafKind {
    /// Anything, or nothing that could be found out.
    #[default]
    Any,
    /// `true` or `false`.
    Boolean,
    /// An integer between these bounds.
    Integer {
        /// The type's least value.
        min: i128,
        /// The type's greatest value.
        max: i128,
    },
    /// A number with a fraction.
    Number,
    /// A string.
    String,
    /// A file name.
    Path,
    /// An IP address, with or without a port.
    Address,
    /// A URL.
    Url,
    /// A duration.
    Duration,
    /// A number of bytes.
    Size,
    /// One of these names.
    Enum(&'static [&'static str]),
    /// A list.
    List,
    /// A map.
    Map,
    /// A struct that is one leaf.
    Struct,
}

impl Shape {
    /// The kind in a word, as `explain` shows it.
    #[must_use]
    pub fn type_word(&self) -> &'static str {
        match self.kind {
            LeafKind::Any => "any",
            LeafKind::Boolean => "boolean",
            LeafKind::Integer { .. } => "integer",
            LeafKind::Number => "number",
            LeafKind::String => "string",
            LeafKind::Path => "path",
            LeafKind::Address => "address",
            LeafKind::Url => "url",
            LeafKind::Duration => "duration",
            LeafKind::Size => "size",
            LeafKind::Enum(_) => "enum",
            LeafKind::List => "list",
            LeafKind::Map => "map",
            LeafKind::Struct => "object",
        }
    }
}

/// Notes what a type asks for, while serde thinks that it decodes.
#[derive(Debug, Default)]
pub struct ShapeProbe {
    kind: Cell<LeafKind>,
    optional: Cell<bool>,
    secret: Cell<bool>,
    inner: RefCell<Option<Box<Shape>>>,
    choices: Cell<&'static [Choice]>,
}

impl ShapeProbe {
    /// Notes the kind; the error ends the decoding.
    pub(crate) fn note(&self, kind: LeafKind) -> DecodeError {
        self.kind.set(kind);
        DecodeError::end()
    }

    pub(crate) fn note_with(&self, kind: LeafKind, inner: Self) -> DecodeError {
        *self.inner.borrow_mut() = Some(Box::new(inner.into_shape("")));
        self.note(kind)
    }

    pub(crate) fn optional(&self) {
        self.optional.set(true);
    }

    pub(crate) fn secret(&self) {
        self.secret.set(true);
    }

    pub(crate) fn choices(&self, choices: &'static [Choice]) {
        self.choices.set(choices);
    }

    /// The shape; types that serde reads as strings are told apart by their Rust name.
    fn into_shape(self, type_name: &str) -> Shape {
        let inner = self.inner.into_inner();
        let mut kind = self.kind.get();
        if kind == LeafKind::String {
            let base = type_name.trim_end_matches('>').rsplit("::").next().unwrap_or_default();
            kind = match base {
                "PathBuf" => LeafKind::Path,
                "IpAddr" | "Ipv4Addr" | "Ipv6Addr" | "SocketAddr" | "SocketAddrV4" | "SocketAddrV6" => {
                    LeafKind::Address
                }
                "Url" => LeafKind::Url,
                _ => kind,
            };
        }
        let secret = self.secret.get() || inner.as_ref().is_some_and(|inner| inner.secret);
        Shape { kind, optional: self.optional.get(), secret, inner, choices: self.choices.get() }
    }
}

/// A leaf's value, whatever its type: what generated code hands to a visitor.
pub trait LeafValue: Any + Send + Sync {
    /// The value as a document; secrets are in it as they are.
    fn to_document(&self) -> Document;
    /// Whether the other value is of the same type and equal.
    fn equals(&self, other: &dyn LeafValue) -> bool;
    /// For comparison by type.
    fn as_any(&self) -> &dyn Any;
}

impl<T: Leaf> LeafValue for T {
    fn to_document(&self) -> Document {
        encode::to_document(self)
    }

    fn equals(&self, other: &dyn LeafValue) -> bool {
        other.as_any().downcast_ref::<T>() == Some(self)
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

impl std::fmt::Debug for dyn LeafValue {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("LeafValue")
    }
}
