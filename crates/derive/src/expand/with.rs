//! Leaves that a module of the user's reads and writes (`with = module`), in a type of their own:
//!
//! ```text
//! struct __With_at(Date);
//! impl<'de> __p::serde::Deserialize<'de> for __With_at {
//!     fn deserialize<D: __p::serde::Deserializer<'de>>(d: D) -> __p::Result<Self, D::Error> { __p::Result::map(module::deserialize(d), Self) }
//! }
//! impl __p::serde::Serialize for __With_at { … module::serialize(&self.0, s) … }
//! impl __p::Clone for __With_at { … }
//! impl __p::PartialEq for __With_at { … }
//! ```

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use syn::ext::IdentExt;

use crate::ir::{Config, Field, FieldKind, With};

use super::at;

/// The wrappers of all such fields.
pub(super) fn wrappers(config: &Config<'_>) -> TokenStream {
    super::config::fields(config)
        .into_iter()
        .filter_map(|field| match &field.kind {
            FieldKind::Leaf(leaf) => leaf.with.as_ref().map(|with| wrapper_items(field, with)),
            _ => None,
        })
        .collect()
}

fn wrapper(field: &Field<'_>) -> Ident {
    // The place in the source tells apart fields of one name in several variants, which `Ident` alone would not.
    format_ident!("__With_{}", field.ident.unraw(), span = field.ident.span())
}

fn wrapper_items(field: &Field<'_>, with: &With<'_>) -> TokenStream {
    let (name, ty, module) = (wrapper(field), with.ty, &with.module);
    let span = at(module);
    let read = quote_spanned!(span=> #module::deserialize(d));
    let write = quote_spanned!(span=> #module::serialize(&self.0, s));
    quote! {
        struct #name(#ty);
        #[automatically_derived]
        impl<'de> __p::serde::Deserialize<'de> for #name {
            fn deserialize<D: __p::serde::Deserializer<'de>>(d: D) -> __p::Result<Self, D::Error> {
                __p::Result::map(#read, Self)
            }
        }
        #[automatically_derived]
        impl __p::serde::Serialize for #name {
            fn serialize<S: __p::serde::Serializer>(&self, s: S) -> __p::Result<S::Ok, S::Error> { #write }
        }
        #[automatically_derived]
        impl __p::Clone for #name {
            fn clone(&self) -> Self { Self(__p::Clone::clone(&self.0)) }
        }
        #[automatically_derived]
        impl __p::PartialEq for #name {
            fn eq(&self, other: &Self) -> bool { __p::PartialEq::eq(&self.0, &other.0) }
        }
    }
}

/// The type of the leaf in the schema.
pub(super) fn leaf_type(field: &Field<'_>, with: &With<'_>) -> TokenStream {
    let name = wrapper(field);
    if with.optional { quote!(__p::Option<#name>) } else { quote!(#name) }
}

/// A value of the field's type, as a leaf.
pub(super) fn wrap(field: &Field<'_>, with: &With<'_>, value: &TokenStream) -> TokenStream {
    let name = wrapper(field);
    if with.optional { quote!(__p::Option::map(#value, #name)) } else { quote!(#name(#value)) }
}

/// The call that builds the field.
pub(super) fn build(field: &Field<'_>, with: &With<'_>) -> TokenStream {
    let ty = leaf_type(field, with);
    let unwrap = if with.optional { quote!(|w| __p::Option::map(w, |w| w.0)) } else { quote!(|w| w.0) };
    quote!(__p::Option::map(<#ty as __p::Setting>::build(b), #unwrap))
}

/// A custom rule, which sees the field's own type.
pub(super) fn custom(field: &Field<'_>, with: Option<&With<'_>>, path: &TokenStream) -> TokenStream {
    let Some(with) = with else { return TokenStream::new() };
    let (leaf, ty) = (leaf_type(field, with), field.ty);
    let value = if with.optional {
        quote!(&__p::Option::map(__p::Option::as_ref(w), |w| __p::Clone::clone(&w.0)))
    } else {
        quote!(&w.0)
    };
    quote_spanned!(at(path)=> |value| __p::custom::<#leaf, _>(value, |w| { let check: fn(&#ty) -> _ = #path; check(#value) }))
}
