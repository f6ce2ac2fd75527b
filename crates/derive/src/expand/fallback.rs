//! What an item with mistakes gets, so that no other errors follow:
//!
//! ```text
//! impl __p::LayeredConfig for App {
//!     const SCHEMA: &'static __p::Schema = &__p::Schema::new("App", "", &[]);
//!     fn build(_: &mut __p::Builder<'_>) -> __p::Option<Self> { __p::None }
//!     fn visit<'v>(&'v self, _: &mut dyn __p::Visitor<'v>) {}
//! }
//! ```

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Data, DeriveInput, Fields};

use super::{choices, paths};

pub(super) fn config(input: &DeriveInput) -> TokenStream {
    let ident = &input.ident;
    let name = ident.to_string();
    let (impl_generics, type_generics, _) = input.generics.split_for_impl();
    // A config is `'static`; that a parameter is a lifetime has been said.
    let own = input.generics.where_clause.iter().flat_map(|clause| &clause.predicates);
    let lifetimes = input.generics.lifetimes().map(|parameter| &parameter.lifetime);
    let paths = match &input.data {
        Data::Struct(data) if matches!(data.fields, Fields::Named(_)) => paths::placeholders(input, data.fields.iter()),
        _ => TokenStream::new(),
    };
    quote! {
        #paths
        #[automatically_derived]
        impl #impl_generics __p::LayeredConfig for #ident #type_generics where #(#own,)* #(#lifetimes: 'static,)* {
            const SCHEMA: &'static __p::Schema = &__p::Schema::new(#name, "", &[]);
            fn build(_: &mut __p::Builder<'_>) -> __p::Option<Self> { __p::None }
            fn visit<'v>(&'v self, _: &mut dyn __p::Visitor<'v>) {}
        }
    }
}

pub(super) fn choices(input: &DeriveInput) -> TokenStream {
    if !input.generics.params.is_empty() {
        return TokenStream::new();
    }
    let ident = &input.ident;
    let name = ident.to_string();
    let traits = choices::traits(ident, &quote!(&[]));
    quote! {
        #[automatically_derived]
        impl __p::ConfigEnum for #ident {
            const NAME: &'static str = #name;
            const CHOICES: &'static [__p::Choice] = &[];
            fn index(&self) -> usize { 0 }
            fn from_index(_: usize) -> __p::Option<Self> { __p::None }
        }
        #traits
    }
}
