//! The paths of a struct's fields, for checks across them:
//!
//! ```text
//! impl App {
//!     #[doc = "The path of `port`."]
//!     pub const PORT: __p::FieldPath = __p::FieldPath::new("port");
//! }
//! ```

use proc_macro2::{Ident, TokenStream};
use quote::quote;
use syn::DeriveInput;

use crate::check::path_constant;
use crate::ir::{Field, FieldKind};

pub(super) fn constants(input: &DeriveInput, fields: &[Field<'_>]) -> TokenStream {
    let constants =
        fields.iter().filter(|field| !matches!(field.kind, FieldKind::Nested { flatten: true, .. })).map(|field| {
            let name = Ident::new(&path_constant(field.ident), field.ident.span());
            let (vis, doc, path) = (field.vis, format!("The path of `{}`.", field.key), canonical(&field.key));
            quote!(#[doc = #doc] #vis const #name: __p::FieldPath = __p::FieldPath::new(#path);)
        });
    in_impl(input, constants)
}

/// The same for an item with mistakes, whose fields have the paths of their names.
pub(super) fn placeholders<'f>(input: &DeriveInput, fields: impl Iterator<Item = &'f syn::Field>) -> TokenStream {
    let mut names: Vec<Ident> = Vec::new();
    let constants = fields.filter_map(|field| {
        let ident = field.ident.as_ref()?;
        let name = Ident::new(&path_constant(ident), ident.span());
        if names.contains(&name) {
            return None;
        }
        let vis = &field.vis;
        let constant = quote!(#[doc = ""] #vis const #name: __p::FieldPath = __p::FieldPath::ROOT;);
        names.push(name);
        Some(constant)
    });
    let constants: Vec<_> = constants.collect();
    in_impl(input, constants.into_iter())
}

fn in_impl(input: &DeriveInput, constants: impl Iterator<Item = TokenStream>) -> TokenStream {
    let ident = &input.ident;
    let (impl_generics, type_generics, where_clause) = input.generics.split_for_impl();
    quote! {
        #[automatically_derived]
        impl #impl_generics #ident #type_generics #where_clause { #(#constants)* }
    }
}

/// A key as a path: quoted if it has odd characters.
fn canonical(key: &str) -> String {
    let plain = |char: char| char.is_alphanumeric() || char == '_' || char == '-';
    if key.chars().all(plain) {
        return key.to_owned();
    }
    format!("\"{}\"", key.replace('\\', "\\\\").replace('"', "\\\""))
}
