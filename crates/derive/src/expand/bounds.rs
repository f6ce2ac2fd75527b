//! Bounds of generic configs, one a field whose type mentions a parameter:
//!
//! ```text
//! where T: Clone, Vec<T>: __p::Leaf, Section<T>: __p::Nested + Send + Sync + 'static
//! ```

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};

use crate::check::mentions_parameter;
use crate::ir::{Config, FieldKind};

use super::config::fields;

pub(super) fn where_clause(config: &Config<'_>) -> TokenStream {
    let generics = &config.input.generics;
    if generics.params.is_empty() {
        return generics.where_clause.to_token_stream();
    }
    let mut predicates: Vec<TokenStream> = Vec::new();
    if let Some(own) = &generics.where_clause {
        predicates.extend(own.predicates.iter().map(ToTokens::to_token_stream));
    }
    for field in fields(config) {
        let ty = field.ty;
        if !mentions_parameter(ty, generics) {
            continue;
        }
        predicates.push(match &field.kind {
            FieldKind::Nested { .. } => quote!(#ty: __p::Nested + __p::Send + __p::Sync + 'static),
            FieldKind::Leaf(leaf) if leaf.secret => quote!(#ty: __p::Leaf + __p::SecretLeaf),
            FieldKind::Leaf(leaf) if leaf.with.is_some() => continue,
            FieldKind::Leaf(_) | FieldKind::Computed { .. } => quote!(#ty: __p::Leaf),
        });
    }
    if predicates.is_empty() { TokenStream::new() } else { quote!(where #(#predicates),*) }
}
