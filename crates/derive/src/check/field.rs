//! Fields: their names, and which of the three kinds they are.

use proc_macro2::Ident;
use syn::{DeriveInput, Type};

use crate::case::{Case, segment};
use crate::ctxt::Ctxt;
use crate::ir::{Alias, Deprecation, Field, FieldKind};
use crate::parse::{RawDeprecated, RawField, Text, doc};

use super::names::Names;
use super::nested::nested;
use super::shape::{Shape, bare, within};
use super::{leaf, plain};

/// The name of a field's path constant: `r#type` has `TYPE`.
pub(crate) fn path_constant(field: &Ident) -> String {
    plain(field).to_uppercase()
}

pub(super) fn field<'a>(
    ctxt: &Ctxt,
    from: &'a syn::Field,
    input: &'a DeriveInput,
    rename: Option<Case>,
    names: &mut Names<'a>,
) -> Option<Field<'a>> {
    let ident = from.ident.as_ref()?;
    let raw = RawField::parse(ctxt, &from.attrs);
    check_type(ctxt, &from.ty);
    let flatten = raw.is_given("flatten");
    let key = match raw.rename.get() {
        Some(rename) => rename.value(),
        None => rename.map_or_else(|| plain(ident), |rename| rename.apply(&plain(ident))),
    };
    if !flatten {
        names.key(ident, &key, raw.rename.get());
    }
    let aliases = aliases(ctxt, &raw, ident, names);
    let kind = if raw.is_given("nested") || flatten {
        nested(ctxt, &raw, &from.ty)
    } else {
        for (name, given) in [("env_prefix", raw.env_prefix.at()), ("tag", raw.tag.at())] {
            if let Some(given) = given {
                ctxt.error(&given.name, format_args!("`{name}` is for nested structs: add `nested`, or leave it out"));
            }
        }
        if raw.is_given("computed") {
            computed(ctxt, &raw, &from.ty)
        } else {
            leaf::leaf(ctxt, &raw, ident, &from.ty, input, names)
        }
    };
    Some(Field {
        ident,
        vis: &from.vis,
        ty: &from.ty,
        segment: segment(&key),
        key,
        doc: doc(&from.attrs),
        aliases,
        deprecated: raw.deprecated.get().map(deprecation),
        kind,
    })
}

fn check_type(ctxt: &Ctxt, ty: &Type) {
    if let Type::Reference(_) | Type::Ptr(_) | Type::FnPtr(_) | Type::Never(_) | Type::TraitObject(_) = bare(ty) {
        ctxt.error(ty, "a config owns its data: write an owned type, such as `String` or `Vec<String>`");
    }
    if let Some(inner) = within(ty, "Option")
        && within(inner, "Option").is_some()
    {
        ctxt.error(ty, "no source can tell the two `None`s of an `Option<Option<…>>` apart: write one `Option`");
    }
}

fn aliases<'a>(ctxt: &Ctxt, raw: &RawField, field: &'a Ident, names: &mut Names<'a>) -> Vec<Alias> {
    let mut aliases = Vec::new();
    let mut add = |key: &Text, deprecated| {
        names.alias(field, key);
        aliases.push(Alias { segment: segment(&key.value()), key: key.value(), deprecated });
    };
    for key in &raw.aliases {
        add(key, None);
    }
    for (key, deprecated) in &raw.deprecated_aliases {
        add(key, Some(deprecation(deprecated)));
    }
    let since = raw.since.get().map(Text::value).unwrap_or_default();
    match (raw.renamed_from.get(), raw.since.at()) {
        (Some(key), _) => add(key, Some(Deprecation { since, note: String::new() })),
        (None, Some(since)) => {
            let message = "`since` says when a field was renamed: add `renamed_from = \"old_name\"`, or write `deprecated(since = …)`";
            ctxt.error(&since.name, message);
        }
        (None, None) => {}
    }
    aliases
}

fn deprecation(raw: &RawDeprecated) -> Deprecation {
    Deprecation { since: raw.since.clone(), note: raw.note.clone() }
}

fn computed<'a>(ctxt: &Ctxt, raw: &RawField, ty: &'a Type) -> FieldKind<'a> {
    for name in raw.given.iter().filter(|name| !["computed", "rename", "unit"].iter().any(|fine| name == fine)) {
        if crate::parse::is_field_attribute(name)
            && !["nested", "flatten", "env_prefix", "tag"].iter().any(|said| name == said)
        {
            ctxt.error(
                name,
                format_args!("`{name}` does not go with `computed`: the program fills the field in, no source sets it"),
            );
        }
    }
    super::unit::Unit::check(ctxt, raw.unit.get(), &Shape::of(ty));
    let function = raw.computed.get().cloned().flatten();
    if let (None, Some(name)) = (&function, raw.given.iter().find(|name| *name == "computed"))
        && !matches!(Shape::of(ty), Shape::Option(_) | Shape::Unknown(_))
    {
        ctxt.error(name, "say which function computes it: `computed = path`, a `fn(&LoadInfo) -> T` (only an `Option` may do without)");
    }
    FieldKind::Computed { function, unit: raw.unit.get().map(Text::value).unwrap_or_default() }
}
