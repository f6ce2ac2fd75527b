//! The types that flags may have, and defaults of these types.

use syn::{PathArguments, Type};

use crate::ctxt::Ctxt;
use crate::ir::{FlagDefault, FlagType};
use crate::parse::{LiteralKind, Value};

use super::shape::{Shape, bare};

const TYPES: &str = "`bool`, `i64`, `f64`, `String`, or an enum with `#[derive(ConfigEnum)]`";

/// The type of a field as a flag's; a type that no flag has is reported.
pub(super) fn flag_type<'a>(ctxt: &Ctxt, ty: &'a Type) -> Option<FlagType<'a>> {
    let name = match bare(ty) {
        Type::Path(path) => path.path.segments.last(),
        _ => None,
    };
    let plain = name.filter(|name| matches!(name.arguments, PathArguments::None)).map(|name| name.ident.to_string());
    let message = match (plain.as_deref(), Shape::of(ty)) {
        (Some("bool"), _) => return Some(FlagType::Bool),
        (Some("i64"), _) => return Some(FlagType::Int),
        (Some("f64"), _) => return Some(FlagType::Float),
        (Some("String"), _) => return Some(FlagType::Str),
        (Some(_), Shape::Unknown(_)) => return Some(FlagType::Choice(ty)),
        (_, Shape::Option(_)) => {
            "a flag always has a value: write the type without `Option`, and a `default`".to_owned()
        }
        (Some(name), Shape::Int(_)) => format!("a flag's integers are `i64`, not `{name}`: write `i64`"),
        (Some("f32"), _) => "a flag's numbers are `f64`, not `f32`: write `f64`".to_owned(),
        _ if is_text(ty) => "a value of flags owns its texts: write `String`".to_owned(),
        _ => format!("no flag has this type: write {TYPES}"),
    };
    ctxt.error(ty, message);
    None
}

fn is_text(ty: &Type) -> bool {
    match bare(ty) {
        Type::Reference(reference) => is_text(&reference.elem),
        Type::Path(path) => path.path.is_ident("str"),
        _ => false,
    }
}

/// A default as a value of a flag, whatever its type; what no flag can have is reported.
pub(super) fn any_default(ctxt: &Ctxt, value: &Value) -> Option<FlagDefault> {
    let Some(literal) = &value.literal else {
        ctxt.error(&value.tokens, "a flag's default is a literal: write `false`, `3`, `0.5` or `\"text\"`");
        return None;
    };
    match &literal.kind {
        LiteralKind::Bool(value) => return Some(FlagDefault::Bool(*value)),
        LiteralKind::Float(value) => return Some(FlagDefault::Float(*value)),
        LiteralKind::Str(_) if literal.string().is_some() => return literal.string().map(FlagDefault::Str),
        LiteralKind::Int(value) => match i64::try_from(*value) {
            Ok(value) => return Some(FlagDefault::Int(value)),
            Err(_) => ctxt.error(&literal.tokens, "a flag's integers have 64 bits: write a smaller one, or a float"),
        },
        LiteralKind::Str(_) => ctxt.error(&literal.tokens, "a flag's texts are strings: write it in double quotes"),
        LiteralKind::Null => {
            ctxt.error(&literal.tokens, "a flag always has a value: write `false`, `3`, `0.5` or `\"text\"`")
        }
        LiteralKind::List(_) | LiteralKind::Map(_) => {
            let message = format!(
                "a flag's default is no {}: write `false`, `3`, `0.5` or `\"text\"`",
                literal.text().trim_start_matches("a ")
            );
            ctxt.error(&literal.tokens, message);
        }
    }
    None
}

/// A default as a value of a type; one of another type is reported.
pub(super) fn default_of(ctxt: &Ctxt, ty: FlagType<'_>, value: &Value) -> Option<FlagDefault> {
    let (what, example) = match (any_default(ctxt, value)?, ty) {
        (FlagDefault::Int(value), FlagType::Float) => return Some(FlagDefault::Float(value as f64)),
        (default @ FlagDefault::Bool(_), FlagType::Bool)
        | (default @ FlagDefault::Int(_), FlagType::Int)
        | (default @ FlagDefault::Float(_), FlagType::Float)
        | (default @ FlagDefault::Str(_), FlagType::Str | FlagType::Choice(_)) => return Some(default),
        (_, ty) => needed(ty),
    };
    let found = value.literal.as_ref().map(crate::parse::Literal::text).unwrap_or_default();
    ctxt.error(&value.tokens, format_args!("this flag is {what}, and {found} is none: write `default = {example}`"));
    None
}

/// The type in words, and how a default of it is written.
pub(super) fn needed(ty: FlagType<'_>) -> (&'static str, &'static str) {
    match ty {
        FlagType::Bool => ("a `bool`", "false"),
        FlagType::Int => ("an `i64`", "3"),
        FlagType::Float => ("an `f64`", "0.5"),
        FlagType::Str => ("a `String`", "\"text\""),
        FlagType::Choice(_) => ("one of an enum's choices", "\"name\""),
    }
}
