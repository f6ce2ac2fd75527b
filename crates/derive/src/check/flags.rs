//! Lists of flags: variants without data, or fields, each with a key of its own.

use proc_macro2::Ident;
use syn::{Data, DataEnum, DeriveInput, Fields};

use crate::case::Case;
use crate::ctxt::Ctxt;
use crate::ir::{Flag, FlagBody, FlagDefault, FlagField, FlagType, Flags};
use crate::parse::{RawFlag, RawFlags, Text, doc};

use super::flag_type::{any_default, default_of, flag_type, needed};
use super::{mentions_parameter, path_constant, plain};

/// Checks the input of `FeatureFlags`; `None` where it has no shape of a list of flags at all.
pub(crate) fn flags<'a>(ctxt: &Ctxt, raw: &RawFlags, input: &'a DeriveInput) -> Option<Flags<'a>> {
    if !input.generics.params.is_empty() {
        ctxt.error(&input.generics, "a list of flags is one list, so it has no parameters: remove them");
    }
    let rename = raw.rename_all.get().copied();
    let body = match &input.data {
        Data::Enum(data) => variants(ctxt, data, rename),
        Data::Struct(data) => fields(ctxt, input, &data.fields, rename)?,
        Data::Union(_) => {
            ctxt.error(&input.ident, "flags are the variants of an enum or the fields of a struct, not a union");
            return None;
        }
    };
    let is_empty = match &body {
        FlagBody::Enum(flags, _) => flags.is_empty(),
        FlagBody::Struct(fields) => fields.is_empty(),
    };
    let has_source = match &input.data {
        Data::Enum(data) => !data.variants.is_empty(),
        Data::Struct(data) => !data.fields.is_empty(),
        Data::Union(_) => true,
    };
    if is_empty && !has_source {
        let name = &input.ident;
        ctxt.error(name, format_args!("`{name}` lists no flags: write at least one, or leave the derive out"));
    }
    Some(Flags { input, body })
}

fn variants<'a>(ctxt: &Ctxt, data: &'a DataEnum, rename: Option<Case>) -> FlagBody<'a> {
    let mut keys = Keys::default();
    let mut flags = Vec::new();
    for from in &data.variants {
        if !matches!(from.fields, Fields::Unit) {
            let message = "a flag has no data, it serves a value: remove the fields, and write `#[flag(default = …)]`";
            ctxt.error(&from.fields, message);
        }
        let raw = RawFlag::parse(ctxt, &from.attrs);
        let key = keys.take(ctxt, &from.ident, &raw, Some(rename.unwrap_or(Case::Snake)));
        let default = match raw.default.get() {
            Some(value) => any_default(ctxt, value),
            None => Some(FlagDefault::Bool(false)),
        };
        flags.extend(default.map(|default| Flag { ident: &from.ident, key, doc: doc(&from.attrs), default }));
    }
    let same = |flag: &Flag<'_>| std::mem::discriminant(&flag.default) == std::mem::discriminant(&flags[0].default);
    let ty = flags.iter().all(same).then(|| flags.first().map_or(FlagType::Bool, |flag| flag.default.ty()));
    FlagBody::Enum(flags, ty)
}

fn fields<'a>(ctxt: &Ctxt, input: &'a DeriveInput, fields: &'a Fields, rename: Option<Case>) -> Option<FlagBody<'a>> {
    let named = match fields {
        Fields::Named(named) => &named.named,
        Fields::Unnamed(unnamed) => {
            ctxt.error(unnamed, "flags have names, which are their keys: write `{ new_dashboard: bool }`");
            return None;
        }
        Fields::Unit => {
            let name = &input.ident;
            ctxt.error(name, format_args!("flags are fields: write `struct {name} {{ new_dashboard: bool }}`"));
            return None;
        }
    };
    let mut keys = Keys::default();
    let mut constants: Vec<(Ident, &Ident)> = Vec::new();
    let mut flags = Vec::new();
    for from in named {
        let Some(ident) = &from.ident else { continue };
        let raw = RawFlag::parse(ctxt, &from.attrs);
        let key = keys.take(ctxt, ident, &raw, rename);
        let constant = Ident::new(&path_constant(ident), ident.span());
        if let Some((_, other)) = constants.iter().find(|(known, _)| *known == constant) {
            let message =
                format!("this field and `{}` would share the constant `{constant}`: rename one", plain(other));
            ctxt.error(ident, message);
        }
        constants.push((constant.clone(), ident));
        // That a list has no parameters has been said.
        if mentions_parameter(&from.ty, &input.generics) {
            continue;
        }
        let Some(ty) = flag_type(ctxt, &from.ty) else { continue };
        let default = match (raw.default.get(), ty) {
            (Some(value), ty) => default_of(ctxt, ty, value),
            (None, FlagType::Bool) => Some(FlagDefault::Bool(false)),
            // A default that could not be read has been reported.
            (None, _) if raw.default.is_set() => None,
            (None, ty) => {
                let (what, example) = needed(ty);
                let message =
                    format!("{what} needs a value where no definition has one: write `#[flag(default = {example})]`");
                ctxt.error(ident, message);
                None
            }
        };
        let flag = default.map(|default| Flag { ident, key, doc: doc(&from.attrs), default });
        flags.extend(flag.map(|flag| FlagField { flag, vis: &from.vis, ty, constant }));
    }
    Some(FlagBody::Struct(flags))
}

/// The keys of a list, each with the flag that it belongs to.
#[derive(Default)]
struct Keys<'a>(Vec<(String, &'a Ident)>);

impl<'a> Keys<'a> {
    /// The key of a flag; one that another flag has is reported.
    fn take(&mut self, ctxt: &Ctxt, ident: &'a Ident, raw: &RawFlag, rename: Option<Case>) -> String {
        let own = || rename.map_or_else(|| plain(ident), |case| case.apply(&plain(ident)));
        let key = raw.key.get().map_or_else(own, Text::value);
        if let Some((_, other)) = self.0.iter().find(|(known, _)| *known == key) {
            let message = format!("`{key}` is already the key of `{}`: write another `key = \"…\"`", plain(other));
            match raw.key.get() {
                Some(at) => ctxt.error(at, message),
                None => ctxt.error(ident, message),
            }
        }
        self.0.push((key.clone(), ident));
        key
    }
}
