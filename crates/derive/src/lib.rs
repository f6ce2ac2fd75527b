//! The derive macros of `strata-config`: `LayeredConfig` for configs, `ConfigEnum` for the choices of a leaf,
//! `FeatureFlags` for the typed keys of flags.
//!
//! Use them through the facade crate. Three steps, each on the types of the one before: `parse` reads attributes and
//! keeps their spans, `check` turns them into a description that cannot be wrong, `expand` writes it down as code
//! that only calls the runtime. Every mistake goes to a `ctxt::Ctxt`, so that one compile reports them all.

mod case;
mod check;
mod ctxt;
mod expand;
mod grammar;
mod ir;
mod nearest;
mod parse;

use proc_macro::TokenStream;

/// Makes a struct with named fields, or an enum whose variants have them, a layered configuration.
#[proc_macro_derive(LayeredConfig, attributes(config))]
pub fn derive_layered_config(input: TokenStream) -> TokenStream {
    expand::layered_config(input.into()).into()
}

/// Makes an enum or a struct a list of feature flags with typed keys: each variant without data, or each field, is one.
#[proc_macro_derive(FeatureFlags, attributes(flag))]
pub fn derive_feature_flags(input: TokenStream) -> TokenStream {
    expand::feature_flags(input.into()).into()
}

/// Makes an enum without data the type of a leaf: one name out of a list, in any case.
#[proc_macro_derive(ConfigEnum, attributes(config))]
pub fn derive_config_enum(input: TokenStream) -> TokenStream {
    expand::config_enum(input.into()).into()
}
