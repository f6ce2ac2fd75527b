//! Rules as keywords.

use strata_config_core::schema::Lit;
use strata_config_core::{LeafKind, Rule, Shape, TextRule, Value};

use super::{Keywords, pattern, texts};

/// Adds what rules demand of a value of this shape.
pub(super) fn apply(rules: &[Rule], shape: &Shape, keywords: &mut Keywords) {
    for rule in rules {
        match rule {
            Rule::Range { min, max } => range(min.as_ref(), max.as_ref(), keywords),
            Rule::Length { min, max } => length(*min, *max, shape, keywords),
            Rule::OneOf(allowed) => {
                let mut one = Keywords::default();
                one.set("enum", Value::List(allowed.iter().map(value).collect()));
                keywords.merge(one);
            }
            Rule::Each(rules) => each(rules, shape, keywords),
            Rule::Text(rule) => text(rule, keywords),
            Rule::Custom(_) => {}
        }
    }
}

/// Whether a rule has no keyword, so that it can only be told.
pub(super) fn is_only_told(rule: &Rule, shape: &Shape) -> bool {
    match rule {
        Rule::Range { .. } => matches!(shape.kind, LeafKind::Duration | LeafKind::Size),
        Rule::Length { .. } | Rule::OneOf(_) => false,
        Rule::Each(rules) => {
            let inner = shape.inner.as_deref().cloned().unwrap_or_default();
            rules.iter().any(|rule| is_only_told(rule, &inner))
        }
        Rule::Text(rule) => match rule.name {
            "url" | "email" | "ip" | "contains" => false,
            "regex" => !rule.args.iter().all(|pattern| pattern::is_portable(pattern)),
            _ => true,
        },
        Rule::Custom(_) => true,
    }
}

/// Numbers alone: limits of text (`"30s"`) can't be compared.
fn range(min: Option<&Lit>, max: Option<&Lit>, keywords: &mut Keywords) {
    let number = |lit: &Lit| matches!(lit, Lit::Int(_) | Lit::Float(_)).then(|| value(lit));
    if let Some(min) = min.and_then(number) {
        keywords.set("minimum", tighter(keywords.get("minimum"), min, f64::max));
    }
    if let Some(max) = max.and_then(number) {
        keywords.set("maximum", tighter(keywords.get("maximum"), max, f64::min));
    }
}

/// The limit that lets less through.
fn tighter(known: Option<&Value>, new: Value, choose: fn(f64, f64) -> f64) -> Value {
    let float = |value: &Value| match value {
        Value::Int(value) => Some(*value as f64),
        Value::Float(value) => Some(*value),
        _ => None,
    };
    match (known, known.and_then(float), float(&new)) {
        (Some(known), Some(old), Some(said)) if choose(old, said) > said || choose(old, said) < said => known.clone(),
        _ => new,
    }
}

fn length(min: Option<usize>, max: Option<usize>, shape: &Shape, keywords: &mut Keywords) {
    let (least, most) = match shape.kind {
        LeafKind::List => ("minItems", "maxItems"),
        LeafKind::Map | LeafKind::Struct => ("minProperties", "maxProperties"),
        _ => ("minLength", "maxLength"),
    };
    if let Some(min) = min {
        keywords.set(least, min);
    }
    if let Some(max) = max {
        keywords.set(most, max);
    }
}

fn each(rules: &[Rule], shape: &Shape, keywords: &mut Keywords) {
    let key = match shape.kind {
        LeafKind::List => "items",
        LeafKind::Map => "additionalProperties",
        _ => return,
    };
    let Some(inner) = shape.inner.as_deref() else { return };
    let mut items = match keywords.get(key) {
        Some(Value::Map(entries)) => Keywords(entries.clone()),
        _ => Keywords::default(),
    };
    apply(rules, inner, &mut items);
    keywords.set(key, items);
}

fn text(rule: &TextRule, keywords: &mut Keywords) {
    let mut demands = Keywords::default();
    match rule.name {
        "url" => {
            demands.set("format", "uri");
            if !rule.args.is_empty() {
                let schemes: Vec<String> = rule.args.iter().map(|scheme| pattern::any_case(scheme)).collect();
                demands.set("pattern", format!("^(?:{}):", schemes.join("|")));
            }
        }
        "email" => demands.set("format", "email"),
        "ip" => {
            let formats = texts(["ipv4", "ipv6"]);
            let Value::List(formats) = formats else { return };
            let formats = formats.into_iter().map(|format| Value::Map(vec![("format".to_owned(), format)]));
            demands.set("anyOf", Value::List(formats.collect()));
        }
        "contains" => patterns(rule.args.iter().map(|part| pattern::part(part)), &mut demands),
        "regex" => {
            let portable = rule.args.iter().filter(|pattern| pattern::is_portable(pattern));
            patterns(portable.map(|pattern| (*pattern).to_owned()), &mut demands);
        }
        _ => {}
    }
    keywords.merge(demands);
}

/// All of these patterns.
fn patterns(patterns: impl Iterator<Item = String>, demands: &mut Keywords) {
    for pattern in patterns {
        let mut one = Keywords::default();
        one.set("pattern", pattern);
        demands.merge(one);
    }
}

/// A literal as a value.
fn value(lit: &Lit) -> Value {
    match lit {
        Lit::Null => Value::Null,
        Lit::Bool(value) => Value::Bool(*value),
        Lit::Int(value) => Value::Int(*value),
        Lit::Float(value) => Value::Float(*value),
        Lit::Str(text) => Value::String((*text).to_owned()),
        Lit::List(items) => Value::List(items.iter().map(value).collect()),
        Lit::Map(entries) => Value::Map(entries.iter().map(|(key, lit)| ((*key).to_owned(), value(lit))).collect()),
    }
}
