//! Checks that a string names a choice, should the field's type be an enum of choices:
//!
//! ```text
//! use __p::AnyType as _;
//! const _: () = __p::check_choice(__p::Probe::<LogLevel>::CHOICES, "info");
//! ```

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};

use crate::ir::{Config, FieldKind};

use super::at;
use super::config::fields;

pub(super) fn checks(config: &Config<'_>) -> TokenStream {
    let mut checks = Vec::new();
    for field in fields(config) {
        let FieldKind::Leaf(leaf) = &field.kind else { continue };
        checks.extend(leaf.choices.iter().map(|choice| {
            let (ty, text) = (choice.ty, &choice.text);
            quote_spanned!(at(text)=> const _: () = __p::check_choice(__p::Probe::<#ty>::CHOICES, #text);)
        }));
    }
    if checks.is_empty() { TokenStream::new() } else { quote!(use __p::AnyType as _; #(#checks)*) }
}
