//! The function that shows every value, in the order of the schema:
//!
//! ```text
//! fn visit<'v>(&'v self, v: &mut dyn __p::Visitor<'v>) {
//!     <u16 as __p::Setting>::visit(&self.port, v);
//!     <Db as __p::Nested>::visit(&self.db, v);
//! }
//! ```

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use crate::ir::{Body, Config, Field, FieldKind};

use super::with;

pub(super) fn function(config: &Config<'_>) -> TokenStream {
    let body = match &config.body {
        Body::Struct(fields) => {
            let calls = fields.iter().map(|field| {
                let ident = field.ident;
                call(field, &quote!(&self.#ident))
            });
            quote!(#(#calls)*)
        }
        Body::Enum { variants, .. } => {
            let arms = variants.iter().enumerate().map(|(index, variant)| {
                let (index, ident) = (proc_macro2::Literal::usize_unsuffixed(index), variant.ident);
                let idents = variant.fields.iter().map(|field| field.ident);
                let names: Vec<_> = (0..variant.fields.len()).map(|at| format_ident!("f{at}")).collect();
                let calls = variant.fields.iter().zip(&names).map(|(field, name)| call(field, &quote!(#name)));
                quote!(Self::#ident { #(#idents: #names),* } => { v.variant(#index); #(#calls)* })
            });
            quote!(match self { #(#arms)* })
        }
    };
    // A config without fields shows nothing.
    let v = if super::config::fields(config).is_empty() && matches!(config.body, Body::Struct(_)) {
        quote!(_)
    } else {
        quote!(v)
    };
    quote!(fn visit<'v>(&'v self, #v: &mut dyn __p::Visitor<'v>) { #body })
}

fn call(field: &Field<'_>, value: &TokenStream) -> TokenStream {
    let ty = field.ty;
    match &field.kind {
        FieldKind::Nested { .. } => quote!(<#ty as __p::Nested>::visit(#value, v);),
        FieldKind::Leaf(leaf) => match &leaf.with {
            Some(with) => {
                let wrapped = with::wrap(field, with, &quote!(__p::Clone::clone(#value)));
                quote!(v.leaf_owned(__p::Box::new(#wrapped));)
            }
            None => quote!(<#ty as __p::Setting>::visit(#value, v);),
        },
        FieldKind::Computed { .. } => quote!(<#ty as __p::Setting>::visit(#value, v);),
    }
}
