//! Parsing: from the tokens of an item to raw attributes, each with its span.

mod container;
mod field;
mod flags;
mod item;
mod known;
mod literal;
mod rule;
mod slot;
mod text;
mod variant;

pub(crate) use container::RawContainer;
pub(crate) use field::{RawDeprecated, RawField, RawProfile};
pub(crate) use flags::{RawFlag, RawFlags};
use item::Item;
pub(crate) use item::Value;
pub(crate) use literal::{Literal, LiteralKind};
pub(crate) use slot::{At, Slot};
pub(crate) use text::Text;
pub(crate) use variant::RawVariant;

use proc_macro2::Ident;
use syn::{Attribute, Expr, ExprLit, Lit, Meta};

/// The documentation: the lines of `///`, each without its first space, joined and trimmed.
pub(crate) fn doc(attributes: &[Attribute]) -> String {
    let mut lines = Vec::new();
    for attribute in attributes {
        if let Meta::NameValue(meta) = &attribute.meta
            && meta.path.is_ident("doc")
            && let Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) = &meta.value
        {
            let text = text.value();
            lines.extend(text.split('\n').map(|line| line.strip_prefix(' ').unwrap_or(line).trim_end().to_owned()));
        }
    }
    lines.join("\n").trim().to_owned()
}

/// Whether a field may have an attribute of this name at all.
pub(crate) fn is_field_attribute(name: &Ident) -> bool {
    known::Place::Field.known().iter().any(|known| name == known)
}
