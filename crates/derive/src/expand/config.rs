//! All items of a config:
//!
//! ```text
//! impl App { pub const PORT: … }                           // paths.rs
//! impl __p::LayeredConfig for App {
//!     const SCHEMA: &'static __p::Schema = …;              // schema.rs
//!     fn build(…) -> … { … }                               // build.rs
//!     fn visit<'v>(…) { … }                                // visit.rs
//! }
//! const _: () = __p::check(<App as __p::LayeredConfig>::SCHEMA);   // only where something is nested
//! ```

use proc_macro2::TokenStream;
use quote::quote;

use crate::ir::{Body, Config, Field, FieldKind};

use super::{bounds, build, choice_check, paths, schema, visit, with};

pub(super) fn items(config: &Config<'_>) -> TokenStream {
    let ident = &config.input.ident;
    let (impl_generics, type_generics, _) = config.input.generics.split_for_impl();
    let where_clause = bounds::where_clause(config);
    let paths = match &config.body {
        Body::Struct(fields) => paths::constants(config.input, fields),
        Body::Enum { .. } => TokenStream::new(),
    };
    let schema = schema::constant(config);
    let build = build::function(config);
    let visit = visit::function(config);
    let wrappers = with::wrappers(config);
    let choices = choice_check::checks(config);
    // A struct of leaves alone has been checked by the macro, which costs less.
    let nested = match &config.body {
        Body::Struct(fields) => fields.iter().any(|field| matches!(field.kind, FieldKind::Nested { .. })),
        Body::Enum { .. } => true,
    };
    let check = (nested && config.input.generics.params.is_empty())
        .then(|| quote!(const _: () = __p::check(<#ident as __p::LayeredConfig>::SCHEMA);));
    quote! {
        #wrappers
        #paths
        #[automatically_derived]
        impl #impl_generics __p::LayeredConfig for #ident #type_generics #where_clause {
            #schema
            #build
            #visit
        }
        #choices
        #check
    }
}

/// The fields of a config, those of all variants one after another.
pub(super) fn fields<'c, 'a>(config: &'c Config<'a>) -> Vec<&'c Field<'a>> {
    match &config.body {
        Body::Struct(fields) => fields.iter().collect(),
        Body::Enum { variants, .. } => variants.iter().flat_map(|variant| &variant.fields).collect(),
    }
}
