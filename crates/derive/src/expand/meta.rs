//! What the attributes of a field say; only what differs from nothing:
//!
//! ```text
//! &__p::Meta {
//!     default: __p::Default::Lit(__p::Lit::Int(8080)), rules: &[…],
//!     rare: __p::Some(&__p::Rare { unit: "ms", ..__p::Rare::NONE }), ..__p::Meta::NONE
//! }
//! ```

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};

use crate::ir::{Alias, Default, Deprecation, Env, Field, FieldKind, Leaf, Merge, Profile};

use super::literal::{literal, option};
use super::rule::rules;
use super::{at, with};

pub(super) fn meta(field: &Field<'_>) -> TokenStream {
    let mut entries = Vec::new();
    let rare = rare(field);
    if !rare.is_empty() {
        entries.push(quote!(rare: __p::Some(&__p::Rare { #(#rare,)* ..__p::Rare::NONE })));
    }
    match &field.kind {
        FieldKind::Leaf(leaf) => of_leaf(field, leaf, &mut entries),
        FieldKind::Computed { .. } => entries.push(quote!(computed: true)),
        FieldKind::Nested { flatten, .. } => entries.extend(flatten.then(|| quote!(flatten: true))),
    }
    if entries.is_empty() { quote!(&__p::Meta::NONE) } else { quote!(&__p::Meta { #(#entries,)* ..__p::Meta::NONE }) }
}

/// What few fields have.
fn rare(field: &Field<'_>) -> Vec<TokenStream> {
    let mut entries = Vec::new();
    if !field.aliases.is_empty() {
        let aliases = field.aliases.iter().map(alias);
        entries.push(quote!(aliases: &[#(#aliases),*]));
    }
    if let Some(deprecated) = &field.deprecated {
        let deprecated = deprecation(deprecated);
        entries.push(quote!(deprecated: __p::Some(#deprecated)));
    }
    match &field.kind {
        FieldKind::Leaf(leaf) => rare_of_leaf(field, leaf, &mut entries),
        FieldKind::Computed { unit, .. } => text("unit", unit, &mut entries),
        FieldKind::Nested { env_prefix, tag, .. } => {
            entries.extend(env_prefix.iter().map(|prefix| quote!(env_prefix: __p::Some(#prefix))));
            entries.extend(tag.iter().map(|tag| quote!(tag: __p::Some(#tag))));
        }
    }
    entries
}

fn rare_of_leaf(field: &Field<'_>, leaf: &Leaf<'_>, entries: &mut Vec<TokenStream>) {
    if let Some(fallback) = &leaf.fallback {
        let fallback = literal(fallback);
        entries.push(quote!(fallback: __p::Some(#fallback)));
    }
    if !leaf.warns.is_empty() {
        let warns = leaf.warns.iter().map(|warn| {
            let (rules, message) = (rules(field, &warn.rules), &warn.message);
            quote!(__p::Warn { rules: #rules, message: #message })
        });
        entries.push(quote!(warns: &[#(#warns),*]));
    }
    text("unit", &leaf.unit, entries);
    text("key", &leaf.key, entries);
    text("resource", &leaf.resource, entries);
    text("cost", &leaf.cost, entries);
    if !leaf.profiles.is_empty() {
        let profiles = leaf.profiles.iter().map(profile);
        entries.push(quote!(profiles: &[#(#profiles),*]));
    }
}

fn of_leaf(field: &Field<'_>, leaf: &Leaf<'_>, entries: &mut Vec<TokenStream>) {
    if let Some(default) = default(field, leaf) {
        entries.push(quote!(default: #default));
    }
    if !leaf.rules.is_empty() {
        let rules = rules(field, &leaf.rules);
        entries.push(quote!(rules: #rules));
    }
    match &leaf.env {
        Env::Derived => {}
        Env::None => entries.push(quote!(env: __p::Env::None)),
        Env::Names(names) => entries.push(quote!(env: __p::Env::Names(&[#(#names),*]))),
    }
    entries.extend(leaf.merge.map(|merge| match merge {
        Merge::Replace => quote!(merge: __p::Merge::Replace),
        Merge::Append => quote!(merge: __p::Merge::Append),
        Merge::Union => quote!(merge: __p::Merge::Union),
        Merge::Deep => quote!(merge: __p::Merge::Deep),
    }));
    entries.extend(leaf.restart.then(|| quote!(reload: __p::Reload::Restart)));
    entries.extend(leaf.secret.then(|| quote!(secret: true)));
    entries.extend(leaf.path.then(|| quote!(path: true)));
    entries.extend(leaf.allow_empty.then(|| quote!(allow_empty: true)));
}

fn default(field: &Field<'_>, leaf: &Leaf<'_>) -> Option<TokenStream> {
    let ty = field.ty;
    let (value, span) = match &leaf.default {
        Default::None => return None,
        Default::Literal(value) => {
            let value = literal(value);
            return Some(quote!(__p::Default::Lit(#value)));
        }
        Default::Trait => (quote_spanned!(at(ty)=> <#ty as __p::DefaultTrait>::default()), at(ty)),
        Default::Expression(value) => {
            let tokens = &value.tokens;
            (quote!({ #tokens }), at(tokens))
        }
    };
    let (ty, value) = match &leaf.with {
        Some(module) => (with::leaf_type(field, module), with::wrap(field, module, &value)),
        None => (quote!(#ty), value),
    };
    Some(quote_spanned!(span=> __p::Default::Expr(|| __p::to_document::<#ty>(&#value))))
}

fn text(name: &str, value: &str, entries: &mut Vec<TokenStream>) {
    if !value.is_empty() {
        let name = proc_macro2::Ident::new(name, proc_macro2::Span::call_site());
        entries.push(quote!(#name: #value));
    }
}

fn alias(alias: &Alias) -> TokenStream {
    let (key, segment) = (&alias.key, &alias.segment);
    let deprecated = alias.deprecated.as_ref().map_or_else(
        || quote!(__p::None),
        |deprecated| {
            let deprecated = deprecation(deprecated);
            quote!(__p::Some(#deprecated))
        },
    );
    quote!(__p::Alias { key: #key, segment: #segment, deprecated: #deprecated })
}

fn deprecation(deprecation: &Deprecation) -> TokenStream {
    let Deprecation { since, note } = deprecation;
    quote!(__p::Deprecation { since: #since, note: #note })
}

fn profile(profile: &Profile) -> TokenStream {
    let name = &profile.name;
    let [default, min, max] = [&profile.default, &profile.min, &profile.max].map(|value| option(value.as_ref()));
    let hard = profile.hard;
    quote!(__p::PerProfile { name: #name, default: #default, min: #min, max: #max, hard: #hard })
}
