//! All items of an enum of choices:
//!
//! ```text
//! impl __p::ConfigEnum for LogLevel {
//!     const NAME: &'static str = "LogLevel";
//!     const CHOICES: &'static [__p::Choice] = &[__p::Choice { name: "debug", aliases: &[], doc: "" }, …];
//!     fn index(&self) -> usize { match self { Self::Debug => 0, … } }
//!     fn from_index(index: usize) -> __p::Option<Self> { … }
//! }
//! impl<'de> __p::serde::Deserialize<'de> for LogLevel { … __p::deserialize_enum(d, &["debug", …]) … }
//! impl __p::serde::Serialize for LogLevel { … __p::serialize_enum(self, s) … }
//! impl __p::fmt::Display for LogLevel { … __p::fmt_enum(self, f) … }
//! impl __p::FromStr for LogLevel { … __p::parse_enum(text) … }
//! ```

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use crate::ir::Choices;

pub(super) fn items(choices: &Choices<'_>) -> TokenStream {
    let (ident, name) = (&choices.input.ident, &choices.name);
    let entries = choices.choices.iter().map(|choice| {
        let (name, aliases, doc) = (&choice.name, &choice.aliases, &choice.doc);
        quote!(__p::Choice { name: #name, aliases: &[#(#aliases),*], doc: #doc })
    });
    let names = choices.choices.iter().map(|choice| &choice.name);
    let indices: Vec<_> = (0..choices.choices.len()).map(proc_macro2::Literal::usize_unsuffixed).collect();
    let variants: Vec<&Ident> = choices.choices.iter().map(|choice| choice.ident).collect();
    let traits = traits(ident, &quote!(&[#(#names),*]));
    quote! {
        #[automatically_derived]
        impl __p::ConfigEnum for #ident {
            const NAME: &'static str = #name;
            const CHOICES: &'static [__p::Choice] = &[#(#entries),*];
            fn index(&self) -> usize { match *self { #(Self::#variants => #indices,)* } }
            fn from_index(index: usize) -> __p::Option<Self> {
                __p::Some(match index { #(#indices => Self::#variants,)* _ => return __p::None })
            }
        }
        #traits
    }
}

/// The traits of others that a choice has.
pub(super) fn traits(ident: &Ident, names: &TokenStream) -> TokenStream {
    quote! {
        #[automatically_derived]
        impl<'de> __p::serde::Deserialize<'de> for #ident {
            fn deserialize<D: __p::serde::Deserializer<'de>>(d: D) -> __p::Result<Self, D::Error> {
                __p::deserialize_enum(d, #names)
            }
        }
        #[automatically_derived]
        impl __p::serde::Serialize for #ident {
            fn serialize<S: __p::serde::Serializer>(&self, s: S) -> __p::Result<S::Ok, S::Error> {
                __p::serialize_enum(self, s)
            }
        }
        #[automatically_derived]
        impl __p::fmt::Display for #ident {
            fn fmt(&self, f: &mut __p::fmt::Formatter<'_>) -> __p::fmt::Result { __p::fmt_enum(self, f) }
        }
        #[automatically_derived]
        impl __p::FromStr for #ident {
            type Err = __p::UnknownChoice;
            fn from_str(text: &str) -> __p::Result<Self, __p::UnknownChoice> { __p::parse_enum(text) }
        }
    }
}
