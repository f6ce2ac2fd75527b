//! What the derive says of a struct: a static description, read by every part of the library.

mod check;
mod facts;
mod find;
mod lit;
pub(crate) mod message;
mod meta;

pub use check::check;
pub use find::UnknownPath;
pub use lit::Lit;
pub use meta::{Alias, Default, Deprecation, Env, Merge, Meta, PerProfile, Rare, Reload, Warn};

use crate::leaf::LeafType;

/// The description of a config struct, or of an enum whose variants are config structs.
#[derive(Debug)]
pub struct Schema {
    /// The type's name, as written.
    pub name: &'static str,
    /// Its documentation.
    pub doc: &'static str,
    /// The prefix of variables where this is the root; empty for none.
    pub env_prefix: &'static str,
    /// Unknown keys and variables are accepted.
    pub allow_unknown: bool,
    /// A struct's fields, in their order (for an enum: none).
    pub fields: &'static [Field],
    /// An enum's variants.
    pub variants: &'static [Variant],
    /// The key that names an enum's variant.
    pub tag: &'static str,
    /// The struct has checks of its own, which need all its values.
    pub has_check: bool,
    /// Slots that a value of this type takes: one a field, and those of nested fields.
    pub size: usize,
}

/// One variant of an enum that is a config.
#[derive(Debug)]
pub struct Variant {
    /// The tag's value.
    pub name: &'static str,
    /// Its documentation.
    pub doc: &'static str,
    /// Its fields.
    pub fields: &'static [Field],
}

/// One field of a config struct.
#[derive(Debug)]
pub struct Field {
    /// The key in documents.
    pub key: &'static str,
    /// The segment of variable names: the key in capitals, words joined by `_`.
    pub segment: &'static str,
    /// Its documentation: the docstring, lines joined by `\n`.
    pub doc: &'static str,
    /// What it holds.
    pub kind: FieldKind,
    /// All that attributes said.
    pub meta: &'static Meta,
}

/// What a field holds.
#[derive(Debug, Clone, Copy)]
pub enum FieldKind {
    /// A value that serde reads.
    Leaf(&'static LeafType),
    /// A config struct of its own.
    Nested(&'static Schema),
    /// A config struct that may be absent.
    Optional(&'static Schema),
    /// A list of config structs.
    List(&'static Schema),
    /// A map from names to config structs.
    Map(&'static Schema),
}

impl Schema {
    /// A struct's schema.
    #[must_use]
    pub const fn new(name: &'static str, doc: &'static str, fields: &'static [Field]) -> Self {
        Self {
            name,
            doc,
            env_prefix: "",
            allow_unknown: false,
            has_check: false,
            fields,
            variants: &[],
            tag: "",
            size: slots(fields),
        }
    }

    /// An enum's schema: the tag takes the first slot, then the variants' fields follow one another.
    #[must_use]
    pub const fn tagged(
        name: &'static str,
        doc: &'static str,
        tag: &'static str,
        variants: &'static [Variant],
    ) -> Self {
        let mut size = 1;
        let mut at = 0;
        while at < variants.len() {
            size += slots(variants[at].fields);
            at += 1;
        }
        Self { name, doc, env_prefix: "", allow_unknown: false, has_check: false, fields: &[], variants, tag, size }
    }

    /// The same with a prefix of variables.
    #[must_use]
    pub const fn env_prefix(mut self, prefix: &'static str) -> Self {
        self.env_prefix = prefix;
        self
    }

    /// The same, with checks of its own.
    #[must_use]
    pub const fn checked(mut self) -> Self {
        self.has_check = true;
        self
    }

    /// The same, accepting unknown keys and variables.
    #[must_use]
    pub const fn allow_unknown(mut self) -> Self {
        self.allow_unknown = true;
        self
    }
}

impl Field {
    /// Slots that the field takes: one of its own, then those of a nested struct.
    /// Lists and maps of structs take one; their items are walked when they are built.
    #[must_use]
    pub const fn size(&self) -> usize {
        match self.kind {
            FieldKind::Nested(schema) | FieldKind::Optional(schema) => 1 + schema.size,
            FieldKind::Leaf(_) | FieldKind::List(_) | FieldKind::Map(_) => 1,
        }
    }
}

const fn slots(fields: &[Field]) -> usize {
    let mut size = 0;
    let mut at = 0;
    while at < fields.len() {
        size += fields[at].size();
        at += 1;
    }
    size
}
