//! Nested structs: what an attribute may say of a whole section.

use syn::Type;

use crate::ctxt::Ctxt;
use crate::ir::FieldKind;
use crate::parse::{RawField, is_field_attribute};

use super::config::check_prefix;
use super::shape::{Shape, within};

/// Attributes that a nested field takes.
const NESTED: &[&str] =
    &["nested", "flatten", "env_prefix", "tag", "rename", "alias", "deprecated", "renamed_from", "since"];

/// Attributes that name a section, which a flattened one does not have.
const NAMING: &[&str] = &["rename", "alias", "deprecated", "renamed_from", "since", "tag"];

pub(super) fn nested<'a>(ctxt: &Ctxt, raw: &RawField, ty: &'a Type) -> FieldKind<'a> {
    let flatten = raw.is_given("flatten");
    let how = if flatten { "flatten" } else { "nested" };
    for name in &raw.given {
        if is_field_attribute(name) && !NESTED.iter().any(|known| name == known) {
            let advice = match &*name.to_string() {
                "default" => "the nested fields have defaults of their own",
                "env" => "the nested fields have variables of their own; write `env_prefix = \"APP\"` for their prefix",
                "validate" | "each" | "custom" | "warn" => {
                    "the nested fields have rules of their own; write `validate = path` on the nested struct for a check across them"
                }
                "computed" => "only a leaf is computed",
                "key" => "it names one value; write `rename = \"key\"` for the section's key in documents",
                _ => "write it on the nested struct's own fields",
            };
            ctxt.error(name, format_args!("`{name}` does not go with `{how}`: {advice}"));
        } else if flatten && NAMING.iter().any(|naming| name == naming) {
            let message = format!(
                "`{name}` does not go with `flatten`: the fields stand among this struct's own, so there is no key to name"
            );
            ctxt.error(name, message);
        }
    }
    let shape = Shape::of(ty);
    match &shape {
        Shape::List { .. } | Shape::Map(_) | Shape::Option(_) if flatten => {
            ctxt.error(ty, "`flatten` takes a config struct alone, whose fields are always there: write `nested`");
        }
        _ if shape.is_scalar() || shape.item().is_some_and(Shape::is_scalar) => {
            ctxt.error(ty, format_args!("{} is a leaf, not a config struct: leave out `{how}`", shape.name()));
        }
        _ if within(ty, "Secret").is_some() => {
            ctxt.error(ty, "secrets are leaves: write `secret` on the nested struct's own fields");
        }
        _ => {}
    }
    check_prefix(ctxt, raw.env_prefix.get());
    FieldKind::Nested { env_prefix: raw.env_prefix.get().cloned(), flatten, tag: raw.tag.get().cloned() }
}
