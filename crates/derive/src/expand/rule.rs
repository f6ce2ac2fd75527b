//! Rules:
//!
//! ```text
//! &[__p::Rule::Range { min: __p::Some(__p::Lit::Int(1024)), max: __p::None }, __p::rules::url(&["https"])]
//! ```

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};

use crate::ir::{Field, FieldKind, Rule, RuleKind, TextRule};

use super::literal::{literal, option};
use super::{at, with};

pub(super) fn rules(field: &Field<'_>, rules: &[Rule]) -> TokenStream {
    let rules = rules.iter().map(|one| rule(field, one));
    quote!(&[#(#rules),*])
}

fn rule(field: &Field<'_>, rule: &Rule) -> TokenStream {
    let (span, ty) = (at(&rule.name), field.ty);
    match &rule.kind {
        RuleKind::Range { min, max } => {
            let (min, max) = (option(min.as_ref()), option(max.as_ref()));
            quote!(__p::Rule::Range { min: #min, max: #max })
        }
        RuleKind::Length { min, max } => {
            let (min, max) = (count(*min), count(*max));
            quote!(__p::Rule::Length { min: #min, max: #max })
        }
        RuleKind::OneOf(values) => {
            let values = values.iter().map(literal);
            quote!(__p::Rule::OneOf(&[#(#values),*]))
        }
        RuleKind::Each(inner) => {
            let inner = rules(field, inner);
            quote!(__p::Rule::Each(#inner))
        }
        RuleKind::Text { rule, args } => {
            let function = match rule {
                TextRule::Url => quote_spanned!(span=> url),
                TextRule::Email => quote_spanned!(span=> email),
                TextRule::Ip => quote_spanned!(span=> ip),
                TextRule::Contains => quote_spanned!(span=> contains),
                TextRule::Regex => quote_spanned!(span=> regex),
            };
            let args = (!matches!(rule, TextRule::Email | TextRule::Ip)).then(|| quote!(&[#(#args),*]));
            quote_spanned!(span=> __p::rules::#function(#args))
        }
        RuleKind::Custom(path) => {
            let name = path.to_string().replace(' ', "");
            let check = match &field.kind {
                FieldKind::Leaf(leaf) if leaf.with.is_some() => with::custom(field, leaf.with.as_ref(), path),
                _ => quote_spanned!(at(path)=> |value| __p::custom::<#ty, _>(value, #path)),
            };
            quote!(__p::Rule::Custom(__p::CustomRule { name: #name, check: #check }))
        }
        RuleKind::Validator => {
            let check = quote_spanned!(span=> __p::rules::validate::<#ty>);
            quote!(__p::Rule::Custom(__p::CustomRule { name: "validator", check: #check }))
        }
    }
}

fn count(limit: Option<usize>) -> TokenStream {
    limit.map_or_else(
        || quote!(__p::None),
        |limit| {
            let limit = proc_macro2::Literal::usize_unsuffixed(limit);
            quote!(__p::Some(#limit))
        },
    )
}
