//! Expanding: the checked description as code, which only calls the runtime's hidden module.

mod bounds;
mod build;
mod choice_check;
mod choices;
mod config;
mod fallback;
mod field;
mod flag_enum;
mod flag_struct;
mod flags;
mod literal;
mod meta;
mod paths;
mod rule;
mod schema;
mod visit;
mod with;

use proc_macro2::{Span, TokenStream};
use quote::quote;
use syn::DeriveInput;
use syn::spanned::Spanned;

use crate::check;
use crate::ctxt::Ctxt;
use crate::parse::{RawContainer, RawFlags};

/// The expansion of `LayeredConfig`. With mistakes: their messages, and an implementation that does nothing, so that
/// no other errors follow from its absence.
pub(crate) fn layered_config(input: TokenStream) -> TokenStream {
    let input: DeriveInput = match syn::parse2(input) {
        Ok(input) => input,
        Err(error) => return error.to_compile_error(),
    };
    let ctxt = Ctxt::new();
    let raw = match &input.data {
        syn::Data::Enum(_) => RawContainer::of_enum(&ctxt, &input.attrs),
        syn::Data::Struct(_) | syn::Data::Union(_) => RawContainer::of_struct(&ctxt, &input.attrs),
    };
    let runtime = runtime(raw.krate.get());
    let config = check::config(&ctxt, &raw, &input);
    match (ctxt.finish(), config) {
        (Ok(()), Some(config)) => in_scope(&runtime, &config::items(&config)),
        (errors, _) => {
            let errors = errors.err();
            let fallback = in_scope(&runtime, &fallback::config(&input));
            quote!(#errors #fallback)
        }
    }
}

/// The expansion of `ConfigEnum`, likewise.
pub(crate) fn config_enum(input: TokenStream) -> TokenStream {
    let input: DeriveInput = match syn::parse2(input) {
        Ok(input) => input,
        Err(error) => return error.to_compile_error(),
    };
    let ctxt = Ctxt::new();
    let raw = RawContainer::of_choices(&ctxt, &input.attrs);
    let runtime = runtime(raw.krate.get());
    let choices = check::choices(&ctxt, &raw, &input);
    match (ctxt.finish(), choices) {
        (Ok(()), Some(choices)) => in_scope(&runtime, &choices::items(&choices)),
        (errors, _) => {
            let errors = errors.err();
            let fallback = in_scope(&runtime, &fallback::choices(&input));
            quote!(#errors #fallback)
        }
    }
}

/// The expansion of `FeatureFlags`, likewise.
pub(crate) fn feature_flags(input: TokenStream) -> TokenStream {
    let input: DeriveInput = match syn::parse2(input) {
        Ok(input) => input,
        Err(error) => return error.to_compile_error(),
    };
    let ctxt = Ctxt::new();
    let raw = RawFlags::parse(&ctxt, &input.attrs);
    let runtime = raw.krate.get().map_or_else(|| quote!(::strata_config::flags), Clone::clone);
    let runtime = quote!(#runtime::__private);
    let flags = check::flags(&ctxt, &raw, &input);
    match (ctxt.finish(), flags) {
        (Ok(()), Some(flags)) => in_scope(&runtime, &flags::items(&flags)),
        (errors, _) => {
            let errors = errors.err();
            let fallback = in_scope(&runtime, &flags::fallback(&input));
            quote!(#errors #fallback)
        }
    }
}

/// The place of some tokens, where names mean what they mean in the rest of the expansion: tokens that come out of a
/// `macro_rules!` have local variables of their own.
fn at(tokens: &impl Spanned) -> Span {
    Span::call_site().located_at(tokens.span())
}

/// Where the runtime is.
fn runtime(krate: Option<&TokenStream>) -> TokenStream {
    krate.map_or_else(|| quote!(::strata_config::__private), |krate| quote!(#krate::__private))
}

/// Items in a scope of their own, where `__p` is the runtime and nothing else is named.
fn in_scope(runtime: &TokenStream, items: &TokenStream) -> TokenStream {
    quote! {
        #[doc(hidden)]
        #[allow(
            clippy::all, clippy::pedantic, clippy::nursery, clippy::restriction, dead_code, deprecated, long_running_const_eval,
            non_camel_case_types, non_snake_case, non_upper_case_globals, single_use_lifetimes, unreachable_pub,
            unused_qualifications, unused_results
        )]
        const _: () = {
            use #runtime as __p;
            #items
        };
    }
}
