//! What an enum of flags has besides:
//!
//! ```text
//! impl __p::FlagList for Features {
//!     const ALL: &'static [Self] = &[Self::NewDashboard, …];
//!     fn index(self) -> __p::usize { match self { Self::NewDashboard => 0, … } }
//! }
//! impl __p::FlagKey for Features {
//!     type Flags = Self;
//!     type Kind = __p::bool;                               // __p::Mixed where the flags are of several types
//!     fn index(self) -> __p::usize { __p::FlagList::index(self) }
//! }
//! ```

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use crate::ir::{Flag, FlagType};

use super::flags::kind;

pub(super) fn items(ident: &Ident, flags: &[Flag<'_>], ty: Option<FlagType<'_>>) -> TokenStream {
    let variants: Vec<_> = flags.iter().map(|flag| flag.ident).collect();
    let indices = (0..flags.len()).map(proc_macro2::Literal::usize_unsuffixed);
    let kind = ty.map_or_else(|| quote!(__p::Mixed), kind);
    traits(ident, &quote!(&[#(Self::#variants),*]), &quote!(match self { #(Self::#variants => #indices,)* }), &kind)
}

/// The same for an enum with mistakes.
pub(super) fn placeholder(ident: &Ident) -> TokenStream {
    traits(ident, &quote!(&[]), &quote!(0), &quote!(__p::bool))
}

fn traits(ident: &Ident, all: &TokenStream, index: &TokenStream, kind: &TokenStream) -> TokenStream {
    quote! {
        #[automatically_derived]
        impl __p::FlagList for #ident {
            const ALL: &'static [Self] = #all;
            fn index(self) -> __p::usize { #index }
        }
        #[automatically_derived]
        impl __p::FlagKey for #ident {
            type Flags = Self;
            type Kind = #kind;
            fn index(self) -> __p::usize { __p::FlagList::index(self) }
        }
    }
}
