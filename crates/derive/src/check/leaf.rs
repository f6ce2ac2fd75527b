//! Leaves: every literal is a value of the type and obeys the field's rules; attributes that exclude each other.

use proc_macro2::Ident;
use quote::ToTokens;
use syn::{DeriveInput, Type};

use crate::ctxt::Ctxt;
use crate::grammar::size;
use crate::ir::{Choice, Default, Env, FieldKind, Leaf, Merge, Profile, Warn, With};
use crate::parse::{At, Literal, LiteralKind, RawField, RawProfile, Text, Value};

use super::literal::{choices, fits};
use super::mentions_parameter;
use super::names::{Names, env_fault};
use super::obey::{obeys, out_of_range};
use super::rules::{limits, suit};
use super::shape::{Shape, within};
use super::unit::Unit;

/// Classes of resources that a board's profile caps.
const RESOURCES: &[&str] = &["memory_mb", "connections", "threads", "cache_entries"];

pub(super) fn leaf<'a>(
    ctxt: &Ctxt,
    raw: &RawField,
    field: &'a Ident,
    ty: &'a Type,
    input: &DeriveInput,
    names: &mut Names<'a>,
) -> FieldKind<'a> {
    // What a module of the user's reads is not for the macro to judge.
    let with = raw.with.get().map(|module| {
        let inner = within(ty, "Option");
        With { module: module.clone(), ty: inner.unwrap_or(ty), optional: inner.is_some() }
    });
    if let Some(with) = raw.with.at()
        && mentions_parameter(ty, &input.generics)
    {
        ctxt.error(
            &with.name,
            "`with` reads one type, and this one depends on a parameter: implement serde's traits for it instead",
        );
    }
    let shape = if with.is_some() { Shape::Unknown(ty) } else { Shape::of(ty) };
    let unit = Unit::check(ctxt, raw.unit.get(), &shape);
    let known = |ty: &Type| with.is_none() && !mentions_parameter(&ty.to_token_stream(), &input.generics);
    let mut found = Vec::new();
    suit(ctxt, &raw.rules, &shape, unit, &known, &mut found);
    for warn in &raw.warns {
        suit(ctxt, &warn.rules, &shape, unit, &known, &mut found);
    }
    let mut literal = |what: &str, literal: &Literal| {
        if fits(ctxt, &shape, unit, literal) {
            choices(&shape, literal, &known, &mut found);
            obeys(ctxt, what, &raw.rules, &shape, unit, literal);
        }
    };
    let default = match raw.default.get() {
        None => Default::None,
        Some(None) => Default::Trait,
        Some(Some(Value { literal: Some(value), .. })) => {
            literal("default", value);
            Default::Literal(value.clone())
        }
        Some(Some(value)) => Default::Expression(value.clone()),
    };
    if let Some(fallback) = raw.fallback.get() {
        literal("fallback", fallback);
    }
    for profile in raw.profiles.get().into_iter().flatten() {
        if let Some(default) = &profile.default {
            literal(&format!("default of `{}`", profile.name), default);
        }
        check_profile(ctxt, profile, &shape, unit);
    }
    check_secret(ctxt, raw, ty, &shape);
    check_combination(ctxt, raw, &shape);
    let leaf = Leaf {
        default,
        fallback: raw.fallback.get().cloned(),
        rules: raw.rules.clone(),
        warns: raw.warns.iter().map(|warn| Warn { rules: warn.rules.clone(), message: warn.message.clone() }).collect(),
        env: env(ctxt, raw, field, names),
        merge: raw.merge.get().copied(),
        restart: raw.restart.get().copied().unwrap_or_default(),
        secret: raw.secret.is_set(),
        path: raw.path.is_set(),
        allow_empty: raw.allow_empty.is_set(),
        unit: raw.unit.get().map(Text::value).unwrap_or_default(),
        key: raw.key.get().map(Text::value).unwrap_or_default(),
        resource: raw.resource.get().map(Text::value).unwrap_or_default(),
        cost: raw.cost.get().map(Text::value).unwrap_or_default(),
        profiles: raw.profiles.get().into_iter().flatten().map(profile).collect(),
        with,
        choices: distinct(found),
    };
    FieldKind::Leaf(Box::new(leaf))
}

/// The choices to check, each once.
fn distinct(found: Vec<Choice<'_>>) -> Vec<Choice<'_>> {
    let mut distinct: Vec<Choice<'_>> = Vec::new();
    for choice in found {
        if !distinct.iter().any(|other| other.text.value() == choice.text.value()) {
            distinct.push(choice);
        }
    }
    distinct
}

fn profile(raw: &RawProfile) -> Profile {
    Profile {
        name: raw.name.to_string(),
        default: raw.default.clone(),
        min: raw.min.clone(),
        max: raw.max.clone(),
        hard: raw.hard,
    }
}

fn check_profile(ctxt: &Ctxt, profile: &RawProfile, shape: &Shape<'_>, unit: Unit) {
    let (min, max) = (profile.min.as_ref(), profile.max.as_ref());
    if (min.is_some() || max.is_some()) && !shape.is_number() {
        let message = format!(
            "`min` and `max` do not go with {}: profile `{}` may set its `default`",
            shape.name(),
            profile.name
        );
        return ctxt.error(&profile.name, message);
    }
    limits(ctxt, min, max, shape, unit);
    if let Some(default) = &profile.default
        && let Some(beyond) = out_of_range(min, max, shape, unit, default)
    {
        ctxt.error(&default.tokens, format_args!("the default {beyond} of profile `{}`", profile.name));
    }
}

fn check_secret(ctxt: &Ctxt, raw: &RawField, ty: &Type, shape: &Shape<'_>) {
    let wrapped = within(within(ty, "Option").unwrap_or(ty), "Secret").is_some();
    if !raw.is_given("secret") {
        if wrapped {
            ctxt.error(ty, "a `Secret` is marked: write `#[config(secret)]` on the field");
        }
        return;
    }
    if !wrapped && raw.with.get().is_none() && shape.is_scalar() {
        let inner = within(ty, "Option").unwrap_or(ty).to_token_stream();
        ctxt.error(
            ty,
            format_args!("a secret is of the type `Secret`, which is never printed: write `Secret<{inner}>`"),
        );
    }
    let advice = "a secret in the source text is no secret: leave it out, and set it by a variable or a file";
    if let Some(fallback) = raw.fallback.at() {
        ctxt.error(&fallback.name, format_args!("`fallback` does not go with `secret`: {advice}"));
    }
    let own = raw.default.get().and_then(Option::as_ref).and_then(|value| value.literal.as_ref());
    let profiles = raw.profiles.get().into_iter().flatten().filter_map(|profile| profile.default.as_ref());
    for literal in own.into_iter().chain(profiles) {
        if tells(literal) {
            ctxt.error(&literal.tokens, advice);
        }
    }
}

/// Whether a literal says anything: not `None`, nor empty.
fn tells(literal: &Literal) -> bool {
    match &literal.kind {
        LiteralKind::Null => false,
        LiteralKind::Str(text) => !text.is_empty(),
        LiteralKind::List(items) => items.iter().any(tells),
        LiteralKind::Map(entries) => entries.iter().any(|(_, value)| tells(value)),
        LiteralKind::Bool(_) | LiteralKind::Int(_) | LiteralKind::Float(_) => true,
    }
}

fn check_combination(ctxt: &Ctxt, raw: &RawField, shape: &Shape<'_>) {
    let value = shape.value();
    if let Some(At { name, value: merge }) = raw.merge.at() {
        match (merge, value) {
            (Merge::Append | Merge::Union, Shape::List { .. } | Shape::Unknown(_))
            | (Merge::Deep, Shape::Map(_) | Shape::Unknown(_))
            | (Merge::Replace, _) => {}
            (Merge::Deep, other) => {
                ctxt.error(
                    name,
                    format_args!("only maps merge \"deep\", and the field holds {}: leave `merge` out", other.name()),
                );
            }
            (_, other) => {
                ctxt.error(
                    name,
                    format_args!(
                        "only lists merge \"append\" or \"union\", and the field holds {}: leave `merge` out",
                        other.name()
                    ),
                );
            }
        }
    }
    if let Some(path) = raw.path.at()
        && !(shape.is_text() || shape.item().is_some_and(Shape::is_text))
    {
        ctxt.error(
            &path.name,
            format_args!("`path` marks file names, and the field holds {}: leave it out", value.name()),
        );
    }
    if let Some(allow_empty) = raw.allow_empty.at()
        && !matches!(shape, Shape::Option(_) | Shape::Str | Shape::List { .. } | Shape::Map(_) | Shape::Unknown(_))
    {
        let message = format!("an empty variable is no value of {}: leave `allow_empty` out", value.name());
        ctxt.error(&allow_empty.name, message);
    }
    for (name, given) in [("resource", &raw.resource), ("cost", &raw.cost)] {
        if let Some(given) = given.at()
            && !shape.is_number()
        {
            ctxt.error(
                &given.name,
                format_args!("`{name}` is for numbers, and the field holds {}: leave it out", value.name()),
            );
        }
    }
    if let Some(resource) = raw.resource.get()
        && !RESOURCES.contains(&&*resource.value())
    {
        let known: Vec<_> = RESOURCES.iter().map(|name| format!("\"{name}\"")).collect();
        ctxt.error(resource, format_args!("`resource` is one of {}, not {}", known.join(", "), resource.token()));
    }
    if let Some(cost) = raw.cost.get()
        && size(&cost.value(), 1).is_none()
    {
        ctxt.error(cost, format_args!("`cost` is a size such as \"48KiB\", not {}", cost.token()));
    }
}

fn env<'a>(ctxt: &Ctxt, raw: &RawField, field: &'a Ident, names: &mut Names<'a>) -> Env {
    let Some(variables) = raw.env.get() else { return Env::Derived };
    for variable in variables {
        let text = variable.value();
        if text.is_empty() {
            ctxt.error(
                variable,
                "the name of a variable may not be empty: write `env = false` for a field without one",
            );
        } else if let Some(fault) = env_fault(&text) {
            ctxt.error(variable, format_args!("the name of a variable {fault}"));
        } else {
            names.variable(field, variable);
        }
    }
    if let (true, Some(allow_empty)) = (variables.is_empty(), raw.allow_empty.at()) {
        ctxt.error(
            &allow_empty.name,
            "`allow_empty` is about variables, and `env = false` says that there is none: leave it out",
        );
    }
    if variables.is_empty() { Env::None } else { Env::Names(variables.clone()) }
}
