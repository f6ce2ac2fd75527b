//! Whether a literal obeys the rules of its own field.

use std::cmp::Ordering;

use crate::ctxt::Ctxt;
use crate::ir::{Rule, RuleKind, TextRule};
use crate::parse::{Literal, LiteralKind};

use super::shape::Shape;
use super::unit::Unit;

/// Reports every part of a literal that breaks a rule. `what` names it: default, fallback.
pub(super) fn obeys(ctxt: &Ctxt, what: &str, rules: &[Rule], shape: &Shape<'_>, unit: Unit, literal: &Literal) {
    if literal.kind == LiteralKind::Null {
        return;
    }
    for rule in rules {
        if let RuleKind::Each(inner) = &rule.kind {
            let Some(item) = shape.item() else { continue };
            match &literal.kind {
                LiteralKind::List(items) => items.iter().for_each(|each| obeys(ctxt, what, inner, item, unit, each)),
                LiteralKind::Map(entries) => {
                    entries.iter().for_each(|(_, each)| obeys(ctxt, what, inner, item, unit, each))
                }
                _ => {}
            }
        } else if let Some(breach) = breach(rule, shape, unit, literal) {
            ctxt.error(&literal.tokens, format_args!("the {what} {breach}"));
        }
    }
}

fn breach(rule: &Rule, shape: &Shape<'_>, unit: Unit, literal: &Literal) -> Option<String> {
    let text = literal.text();
    match &rule.kind {
        RuleKind::Range { min, max } => out_of_range(min.as_ref(), max.as_ref(), shape, unit, literal)
            .map(|breach| format!("{breach} of the field's own `range`")),
        RuleKind::Length { min, max } => {
            let (len, what) = match &literal.kind {
                LiteralKind::Str(text) => (text.chars().count(), "characters"),
                LiteralKind::List(items) => (items.len(), "items"),
                LiteralKind::Map(entries) => (entries.len(), "entries"),
                _ => return None,
            };
            let name = &rule.name;
            let too = |limit: usize, word: &str| {
                format!("has {len} {what}, and the field's own `{name}` asks for {word} {limit}")
            };
            let low = min.filter(|&min| len < min).map(|min| too(min, "at least"));
            low.or_else(|| max.filter(|&max| len > max).map(|max| too(max, "at most")))
        }
        RuleKind::OneOf(values) => {
            let same = |value: &Literal| match (unit.measure(shape, value), unit.measure(shape, literal)) {
                (Some(a), Some(b)) => a.compare(b) == Some(Ordering::Equal),
                _ => value == literal,
            };
            let names = || values.iter().map(Literal::text).collect::<Vec<_>>().join(", ");
            (!values.iter().any(same)).then(|| format!("{text} is not in the field's own `one_of`: {}", names()))
        }
        RuleKind::Text { rule: TextRule::Contains, args } => match &literal.kind {
            LiteralKind::Str(value) => args
                .iter()
                .find(|arg| !value.contains(&arg.value()))
                .map(|arg| format!("{text} does not contain {}, as the field's own rule asks", arg.token())),
            _ => None,
        },
        RuleKind::Text { rule: TextRule::Ip, .. } => match &literal.kind {
            LiteralKind::Str(value) if value.parse::<std::net::IpAddr>().is_err() => {
                Some(format!("{text} is no IP address, as the field's own rule asks"))
            }
            _ => None,
        },
        RuleKind::Each(_) | RuleKind::Custom(_) | RuleKind::Text { .. } | RuleKind::Validator => None,
    }
}

/// Says by which limit a literal is out of range.
pub(super) fn out_of_range(
    min: Option<&Literal>,
    max: Option<&Literal>,
    shape: &Shape<'_>,
    unit: Unit,
    literal: &Literal,
) -> Option<String> {
    let value = unit.measure(shape, literal)?;
    let number = |limit: Option<&Literal>| limit.and_then(|limit| unit.measure(shape, limit));
    if let (Some(min), Some(max)) = (number(min), number(max))
        && min.compare(max) == Some(Ordering::Greater)
    {
        // The limits themselves are the mistake.
        return None;
    }
    let beyond = |limit: Option<&Literal>, order: Ordering, word: &str, name: &str| {
        let limit = limit?;
        let beyond = value.compare(unit.measure(shape, limit)?) == Some(order);
        beyond.then(|| format!("{} is {word} {}, the `{name}`", literal.text(), limit.text()))
    };
    beyond(min, Ordering::Less, "below", "min").or_else(|| beyond(max, Ordering::Greater, "above", "max"))
}
