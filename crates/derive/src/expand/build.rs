//! The function that builds a value, one call a field in the order of the schema, all of them before the first `?`:
//!
//! ```text
//! fn build(b: &mut __p::Builder<'_>) -> __p::Option<Self> {
//!     let f0 = <u16 as __p::Setting>::build(b);
//!     let f1 = <Db as __p::Nested>::build(b);
//!     let value = Self { port: f0?, db: f1? };
//!     b.check(&value, Self::check);
//!     __p::Some(value)
//! }
//! ```

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote, quote_spanned};

use crate::ir::{Body, Config, Field, FieldKind};

use super::{at, with};

pub(super) fn function(config: &Config<'_>) -> TokenStream {
    let body = match &config.body {
        Body::Struct(fields) => {
            let (calls, value) = construct(fields, &quote!(Self));
            quote!(#calls let value = #value;)
        }
        Body::Enum { variants, .. } => {
            let arms = variants.iter().enumerate().map(|(index, variant)| {
                let (index, ident) = (proc_macro2::Literal::usize_unsuffixed(index), variant.ident);
                let (calls, value) = construct(&variant.fields, &quote!(Self::#ident));
                quote!(#index => { #calls #value })
            });
            quote!(let value = match b.variant()? { #(#arms)* _ => return __p::None };)
        }
    };
    let check = config.validate.as_ref().map(|path| quote_spanned!(at(path)=> b.check(&value, #path);));
    let validator = config.validator.then(|| quote!(b.check_validator(&value);));
    quote! {
        fn build(b: &mut __p::Builder<'_>) -> __p::Option<Self> {
            #body
            #check
            #validator
            __p::Some(value)
        }
    }
}

/// The calls for the fields, and the value made of what they gave.
fn construct(fields: &[Field<'_>], name: &TokenStream) -> (TokenStream, TokenStream) {
    let variables: Vec<Ident> = (0..fields.len()).map(|at| format_ident!("f{at}")).collect();
    let calls = fields.iter().map(call);
    let idents = fields.iter().map(|field| field.ident);
    (quote!(#(let #variables = #calls;)*), quote!(#name { #(#idents: #variables?),* }))
}

fn call(field: &Field<'_>) -> TokenStream {
    let ty = field.ty;
    match &field.kind {
        FieldKind::Nested { .. } => quote!(<#ty as __p::Nested>::build(b)),
        FieldKind::Leaf(leaf) => match &leaf.with {
            Some(with) => with::build(field, with),
            None => quote!(<#ty as __p::Setting>::build(b)),
        },
        FieldKind::Computed { function: None, .. } => quote_spanned!(at(ty)=> b.computed(__p::None)),
        FieldKind::Computed { function: Some(path), .. } => quote_spanned!(at(path)=> b.computed(__p::Some(#path))),
    }
}
