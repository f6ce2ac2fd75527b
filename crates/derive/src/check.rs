//! Checking: from raw attributes and types to a description that cannot be wrong.

mod choices;
mod config;
mod field;
mod flag_type;
mod flags;
mod leaf;
mod literal;
mod names;
mod nested;
mod obey;
mod rules;
mod shape;
mod unit;

pub(crate) use choices::choices;
pub(crate) use config::config;
pub(crate) use field::path_constant;
pub(crate) use flags::flags;

use proc_macro2::{Ident, TokenStream, TokenTree};
use quote::ToTokens;
use syn::Generics;
use syn::ext::IdentExt;

/// Whether the tokens mention a parameter of the item.
pub(crate) fn mentions_parameter(tokens: &impl ToTokens, generics: &Generics) -> bool {
    fn mentions(tokens: TokenStream, parameters: &[&Ident]) -> bool {
        tokens.into_iter().any(|token| match token {
            TokenTree::Ident(ident) => parameters.contains(&&ident),
            TokenTree::Group(group) => mentions(group.stream(), parameters),
            _ => false,
        })
    }
    let types = generics.type_params().map(|parameter| &parameter.ident);
    let parameters: Vec<_> = types.chain(generics.const_params().map(|parameter| &parameter.ident)).collect();
    !parameters.is_empty() && mentions(tokens.to_token_stream(), &parameters)
}

/// The name of an identifier, without `r#`.
fn plain(ident: &Ident) -> String {
    ident.unraw().to_string()
}
