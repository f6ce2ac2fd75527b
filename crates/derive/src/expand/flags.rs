//! All items of a list of flags:
//!
//! ```text
//! impl __p::FeatureFlags for Features {
//!     const FLAGS: &'static [__p::FlagSpec] = &[
//!         __p::FlagSpec::new("new_dashboard", __p::CodeDefault::Bool(false), "The new dashboard."),
//!         __p::FlagSpec::new("layout", __p::CodeDefault::Str("wide"), "").among(<Layout as __p::ConfigEnum>::CHOICES),
//!     ];
//! }
//! …                                                        // flag_enum.rs or flag_struct.rs
//! ```

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::{Data, DeriveInput};

use crate::ir::{Flag, FlagBody, FlagDefault, FlagType, Flags};

use super::{at, flag_enum, flag_struct};

pub(super) fn items(flags: &Flags<'_>) -> TokenStream {
    let ident = &flags.input.ident;
    let (specs, items): (Vec<_>, _) = match &flags.body {
        FlagBody::Enum(flags, ty) => {
            (flags.iter().map(|flag| spec(flag, None)).collect(), flag_enum::items(ident, flags, *ty))
        }
        FlagBody::Struct(fields) => (
            fields.iter().map(|field| spec(&field.flag, Some(field.ty))).collect(),
            flag_struct::items(flags.input, fields),
        ),
    };
    quote! {
        #[automatically_derived]
        impl __p::FeatureFlags for #ident {
            const FLAGS: &'static [__p::FlagSpec] = &[#(#specs),*];
        }
        #items
    }
}

fn spec(flag: &Flag<'_>, ty: Option<FlagType<'_>>) -> TokenStream {
    let (key, doc) = (&flag.key, &flag.doc);
    let default = match &flag.default {
        FlagDefault::Bool(value) => quote!(Bool(#value)),
        FlagDefault::Int(value) => {
            let value = proc_macro2::Literal::i64_unsuffixed(*value);
            quote!(Int(#value))
        }
        FlagDefault::Float(value) => {
            let value = proc_macro2::Literal::f64_unsuffixed(*value);
            quote!(Float(#value))
        }
        FlagDefault::Str(text) => quote!(Str(#text)),
    };
    let choices = match ty {
        Some(FlagType::Choice(ty)) => quote_spanned!(at(ty)=> .among(<#ty as __p::ConfigEnum>::CHOICES)),
        _ => TokenStream::new(),
    };
    quote!(__p::FlagSpec::new(#key, __p::CodeDefault::#default, #doc) #choices)
}

/// What a list with mistakes gets, so that no other errors follow.
pub(super) fn fallback(input: &DeriveInput) -> TokenStream {
    let ident = &input.ident;
    let (impl_generics, type_generics, where_clause) = input.generics.split_for_impl();
    if !input.generics.params.is_empty() {
        // What the parameters are for is not known, and without them nothing can be named.
        return TokenStream::new();
    }
    let items = match &input.data {
        Data::Enum(_) => flag_enum::placeholder(ident),
        Data::Struct(_) => flag_struct::placeholder(input),
        Data::Union(_) => TokenStream::new(),
    };
    quote! {
        #[automatically_derived]
        impl #impl_generics __p::FeatureFlags for #ident #type_generics #where_clause {
            const FLAGS: &'static [__p::FlagSpec] = &[];
        }
        #items
    }
}

/// The kind of a flag, as the runtime names it.
pub(super) fn kind(ty: FlagType<'_>) -> TokenStream {
    match ty {
        FlagType::Bool => quote!(__p::bool),
        FlagType::Int => quote!(__p::i64),
        FlagType::Float => quote!(__p::f64),
        FlagType::Str => quote!(__p::str),
        FlagType::Choice(ty) => quote_spanned!(at(ty)=> __p::Chosen<#ty>),
    }
}
