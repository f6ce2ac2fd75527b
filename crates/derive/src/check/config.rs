//! Config structs and enums.

use syn::{Data, DataEnum, DeriveInput, Fields, FieldsNamed, GenericParam};

use crate::case::Case;
use crate::ctxt::Ctxt;
use crate::ir::{Body, Config, Field, Variant};
use crate::parse::{RawContainer, RawVariant, Text, doc};

use super::field::field;
use super::names::{Names, check_keys, check_path_constants, check_variables};
use super::plain;

/// Checks the input of `LayeredConfig`; `None` where it has no shape of a config at all.
pub(crate) fn config<'a>(ctxt: &Ctxt, raw: &RawContainer, input: &'a DeriveInput) -> Option<Config<'a>> {
    for parameter in &input.generics.params {
        if let GenericParam::Lifetime(lifetime) = parameter {
            ctxt.error(lifetime, "a config owns its data: remove the lifetime, and write `String` for `&str`");
        }
    }
    check_prefix(ctxt, raw.env_prefix.get());
    let rename = raw.rename_all.get().copied();
    let body = match &input.data {
        Data::Struct(data) => Body::Struct(fields(ctxt, named_fields(ctxt, input, &data.fields)?, input, rename)),
        Data::Enum(data) => {
            let tag = raw.tag.get().map_or_else(|| "type".to_owned(), Text::value);
            let variants = variants(ctxt, raw, input, data, &tag)?;
            Body::Enum { tag, variants }
        }
        Data::Union(_) => {
            ctxt.error(
                &input.ident,
                "a config is a struct with named fields, or an enum whose variants have them, not a union",
            );
            return None;
        }
    };
    if let Body::Struct(fields) = &body {
        check_path_constants(ctxt, fields);
        check_variables(ctxt, &raw.env_prefix.get().map(Text::value).unwrap_or_default(), fields);
    }
    Some(Config {
        input,
        name: plain(&input.ident),
        doc: doc(&input.attrs),
        env_prefix: raw.env_prefix.get().cloned(),
        allow_unknown: raw.allow_unknown.is_set(),
        validate: raw.validate.get().cloned(),
        validator: raw.validator.is_set(),
        body,
    })
}

/// Reports prefixes that no variable can have, and those that would double the `_`.
pub(super) fn check_prefix(ctxt: &Ctxt, prefix: Option<&Text>) {
    let Some(prefix) = prefix else { return };
    let text = prefix.value();
    if let Some(fault) = super::names::env_fault(&text) {
        ctxt.error(prefix, format_args!("a prefix of variables {fault}"));
    } else if text.ends_with('_') {
        ctxt.error(prefix, format_args!("the `_` after a prefix is added: write \"{}\"", text.trim_end_matches('_')));
    }
}

fn named_fields<'a>(ctxt: &Ctxt, input: &DeriveInput, fields: &'a Fields) -> Option<&'a FieldsNamed> {
    match fields {
        Fields::Named(fields) => return Some(fields),
        Fields::Unnamed(fields) => {
            let message = "a config's fields have names, which are their keys: write `{ name: Type }`";
            ctxt.error(fields, message);
        }
        Fields::Unit => {
            let name = &input.ident;
            ctxt.error(name, format_args!("a config has fields: write `struct {name} {{ … }}`"));
        }
    }
    None
}

fn fields<'a>(ctxt: &Ctxt, fields: &'a FieldsNamed, input: &'a DeriveInput, rename: Option<Case>) -> Vec<Field<'a>> {
    let mut names = Names::default();
    let fields: Vec<_> = fields.named.iter().filter_map(|from| field(ctxt, from, input, rename, &mut names)).collect();
    check_keys(ctxt, &names);
    fields
}

fn variants<'a>(
    ctxt: &Ctxt,
    raw: &RawContainer,
    input: &'a DeriveInput,
    data: &'a DataEnum,
    tag: &str,
) -> Option<Vec<Variant<'a>>> {
    if data.variants.iter().all(|variant| matches!(variant.fields, Fields::Unit)) {
        let name = &input.ident;
        let message = if data.variants.is_empty() {
            format!("`{name}` has no variants, so it has no value")
        } else {
            format!("no variant of `{name}` has fields, so it is a leaf: write `#[derive(ConfigEnum)]`")
        };
        ctxt.error(name, message);
        return None;
    }
    let rename = raw.rename_all.get().copied().unwrap_or(Case::Snake);
    let mut variants: Vec<Variant<'a>> = Vec::new();
    for from in &data.variants {
        let given = RawVariant::of_config(ctxt, &from.attrs);
        let name = given.rename.get().map_or_else(|| rename.apply(&plain(&from.ident)), Text::value);
        if let Some(other) = variants.iter().find(|other| other.name == name) {
            let message = format!("`{name}` is already the name of `{}`: write another `rename`", other.ident);
            match given.rename.get() {
                Some(rename) => ctxt.error(rename, message),
                None => ctxt.error(&from.ident, message),
            }
        }
        let fields = match &from.fields {
            Fields::Named(named) => fields(ctxt, named, input, None),
            Fields::Unit => Vec::new(),
            Fields::Unnamed(unnamed) => {
                ctxt.error(unnamed, "the fields of a variant have names, which are their keys: write `{ name: Type }`");
                Vec::new()
            }
        };
        for field in fields.iter().filter(|field| field.key == tag) {
            let message = format!(
                "the key `{tag}` names the variant: write `#[config(tag = \"…\")]` on the enum, or rename the field"
            );
            ctxt.error(field.ident, message);
        }
        variants.push(Variant { ident: &from.ident, name, doc: doc(&from.attrs), fields });
    }
    Some(variants)
}
