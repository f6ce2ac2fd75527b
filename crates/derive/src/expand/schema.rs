//! The schema:
//!
//! ```text
//! const SCHEMA: &'static __p::Schema = &__p::Schema::new("App", "The settings.", &[Field, …]).env_prefix("APP");
//! ```

use proc_macro2::TokenStream;
use quote::quote;

use crate::ir::{Body, Config};

use super::field;

pub(super) fn constant(config: &Config<'_>) -> TokenStream {
    let (name, doc) = (&config.name, &config.doc);
    let schema = match &config.body {
        Body::Struct(fields) => {
            let fields = field::fields(fields);
            quote!(__p::Schema::new(#name, #doc, #fields))
        }
        Body::Enum { tag, variants } => {
            let variants = variants.iter().map(|variant| {
                let (name, doc, fields) = (&variant.name, &variant.doc, field::fields(&variant.fields));
                quote!(__p::Variant { name: #name, doc: #doc, fields: #fields })
            });
            quote!(__p::Schema::tagged(#name, #doc, #tag, &[#(#variants),*]))
        }
    };
    let env_prefix = config.env_prefix.iter();
    let allow_unknown = config.allow_unknown.then(|| quote!(.allow_unknown()));
    let checked = (config.validate.is_some() || config.validator).then(|| quote!(.checked()));
    quote!(const SCHEMA: &'static __p::Schema = &#schema #(.env_prefix(#env_prefix))* #allow_unknown #checked;)
}
