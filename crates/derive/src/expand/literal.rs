//! Literals:
//!
//! ```text
//! __p::Lit::List(&[__p::Lit::Int(1), __p::Lit::Int(-2)])
//! ```

use proc_macro2::TokenStream;
use quote::quote;

use crate::parse::{Literal, LiteralKind};

pub(super) fn literal(literal: &Literal) -> TokenStream {
    match &literal.kind {
        LiteralKind::Null => quote!(__p::Lit::Null),
        LiteralKind::Bool(value) => quote!(__p::Lit::Bool(#value)),
        LiteralKind::Int(value) => {
            let value = proc_macro2::Literal::i128_unsuffixed(*value);
            quote!(__p::Lit::Int(#value))
        }
        LiteralKind::Float(value) => {
            let value = proc_macro2::Literal::f64_unsuffixed(*value);
            quote!(__p::Lit::Float(#value))
        }
        LiteralKind::Str(value) => quote!(__p::Lit::Str(#value)),
        LiteralKind::List(items) => {
            let items = items.iter().map(self::literal);
            quote!(__p::Lit::List(&[#(#items),*]))
        }
        LiteralKind::Map(entries) => {
            let entries = entries.iter().map(|(key, value)| {
                let value = self::literal(value);
                quote!((#key, #value))
            });
            quote!(__p::Lit::Map(&[#(#entries),*]))
        }
    }
}

/// An optional literal.
pub(super) fn option(value: Option<&Literal>) -> TokenStream {
    match value {
        None => quote!(__p::None),
        Some(value) => {
            let value = literal(value);
            quote!(__p::Some(#value))
        }
    }
}
