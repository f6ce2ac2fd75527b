//! Types, limits and defaults in words.

use strata_config_core::schema::{Deprecation, Field, Lit, PerProfile, Reload, Warn};
use strata_config_core::{LeafKind, Rule, Shape, TextRule};

use crate::model::{Setting, State};
use crate::text;

/// The type: `integer`, `list of strings`.
pub(crate) fn type_words(shape: &Shape) -> String {
    let inner = |word: &str| match &shape.inner {
        Some(inner) if inner.kind != LeafKind::Any => format!("{word} of {}", plural(&type_words(inner))),
        _ => word.to_owned(),
    };
    match shape.kind {
        LeafKind::List => inner("list"),
        LeafKind::Map => inner("map"),
        LeafKind::Enum(_) => "choice".to_owned(),
        _ => shape.type_word().to_owned(),
    }
}

fn plural(word: &str) -> String {
    let (first, rest) = word.split_once(' ').map_or((word, String::new()), |(first, rest)| (first, format!(" {rest}")));
    let first = match first {
        "any" => "values".to_owned(),
        "address" => "addresses".to_owned(),
        first => format!("{first}s"),
    };
    first + &rest
}

/// What a value must and had better obey, one phrase each.
pub(crate) fn limits(field: &'static Field, shape: &Shape) -> Vec<String> {
    let unit = field.meta.rare().unit;
    let mut limits: Vec<String> = field.meta.rules.iter().map(|rule| rule_words(rule, shape, unit)).collect();
    let ranged = field.meta.rules.iter().any(|rule| matches!(rule, Rule::Range { .. }));
    if let (LeafKind::Integer { min, max }, false) = (shape.kind, ranged)
        && max <= i128::from(u16::MAX)
    {
        limits.push(format!("{min} to {max}"));
    }
    limits.extend(field.meta.rare().warns.iter().map(|warn| warn_words(warn, shape, unit)));
    limits.extend(field.meta.rare().profiles.iter().map(|profile| profile_words(profile, unit)));
    limits
}

pub(crate) fn rule_words(rule: &Rule, shape: &Shape, unit: &str) -> String {
    match rule {
        Rule::Range { min, max } => {
            let unit = |lit: &Lit| match lit {
                Lit::Int(_) | Lit::Float(_) if !unit.is_empty() => format!(" {unit}"),
                _ => String::new(),
            };
            match (min, max) {
                (Some(min), Some(max)) => format!("{} to {}{}", lit(min), lit(max), unit(max)),
                (Some(min), None) => format!("at least {}{}", lit(min), unit(min)),
                (None, Some(max)) => format!("at most {}{}", lit(max), unit(max)),
                (None, None) => String::new(),
            }
        }
        Rule::Length { min, max } => {
            let noun = match shape.kind {
                LeafKind::List => "items",
                LeafKind::Map => "entries",
                _ => "characters",
            };
            match (min, max) {
                (Some(1), None) => "not empty".to_owned(),
                (Some(min), Some(max)) => format!("{min} to {max} {noun}"),
                (Some(min), None) => format!("at least {min} {noun}"),
                (None, Some(max)) => format!("at most {max} {noun}"),
                (None, None) => String::new(),
            }
        }
        Rule::OneOf(allowed) => format!("one of {}", allowed.iter().map(lit).collect::<Vec<_>>().join(", ")),
        Rule::Each(rules) => {
            let inner = shape.inner.as_deref().cloned().unwrap_or_default();
            let rules: Vec<String> = rules.iter().map(|rule| rule_words(rule, &inner, unit)).collect();
            format!("each {}", rules.join(", "))
        }
        Rule::Text(rule) => text_words(rule),
        Rule::Custom(rule) => format!("passes `{}`", rule.name),
    }
}

fn text_words(rule: &TextRule) -> String {
    let args = rule.args.iter().map(|arg| format!("`{arg}`")).collect::<Vec<_>>().join(", ");
    match (rule.name, rule.args.is_empty()) {
        ("url", true) => "a URL".to_owned(),
        ("url", false) => format!("a URL of the scheme {args}"),
        ("email", _) => "an e-mail address".to_owned(),
        ("ip", _) => "an IP address".to_owned(),
        ("contains", _) => format!("contains {args}"),
        ("regex", _) => format!("matches {args}"),
        (name, true) => format!("passes `{name}`"),
        (name, false) => format!("passes `{name}` ({args})"),
    }
}

fn warn_words(warn: &Warn, shape: &Shape, unit: &str) -> String {
    let rules: Vec<String> = warn.rules.iter().map(|rule| rule_words(rule, shape, unit)).collect();
    format!("better {} ({})", rules.join(", "), warn.message)
}

fn profile_words(profile: &PerProfile, unit: &str) -> String {
    let said = [("default", profile.default), ("at least", profile.min), ("at most", profile.max)];
    let unit = if unit.is_empty() { String::new() } else { format!(" {unit}") };
    let words: Vec<String> =
        said.into_iter().filter_map(|(word, value)| Some(format!("{word} {}{unit}", lit(&value?)))).collect();
    format!("on `{}` {}", profile.name, words.join(", "))
}

/// A literal as documents write it.
pub(crate) fn lit(lit: &Lit) -> String {
    match lit {
        Lit::Null => "null".to_owned(),
        Lit::Bool(value) => value.to_string(),
        Lit::Int(value) => value.to_string(),
        Lit::Float(value) => format!("{value:?}"),
        Lit::Str(value) => text::quoted(value),
        Lit::List(items) => format!("[{}]", items.iter().map(self::lit).collect::<Vec<_>>().join(", ")),
        Lit::Map(entries) => {
            let entries: Vec<String> =
                entries.iter().map(|(key, value)| format!("{}: {}", text::quoted(key), self::lit(value))).collect();
            format!("{{{}}}", entries.join(", "))
        }
    }
}

/// The default in words.
pub(crate) fn default_words(setting: &Setting) -> String {
    match &setting.state {
        State::Default(value) => format!("default {}", text::json(value)),
        State::Unset => "may be absent".to_owned(),
        State::Hidden => "has a default, which is secret".to_owned(),
        State::Required => "required".to_owned(),
        State::Computed => "computed".to_owned(),
    }
}

/// `deprecated since 0.3: advice`.
pub(crate) fn deprecation(said: Deprecation) -> String {
    let since = if said.since.is_empty() { String::new() } else { format!(" since {}", said.since) };
    let note = if said.note.is_empty() { String::new() } else { format!(": {}", said.note) };
    format!("deprecated{since}{note}")
}

/// Other keys of a field: `also loglevel`, `formerly verbosity (deprecated since 0.3)`.
pub(crate) fn aliases(field: &'static Field) -> Vec<String> {
    let words = |alias: &strata_config_core::schema::Alias| match alias.deprecated {
        Some(said) => format!("formerly `{}` ({})", alias.key, deprecation(said)),
        None => format!("also `{}`", alias.key),
    };
    field.meta.rare().aliases.iter().map(words).collect()
}

/// The unit of bare numbers, where it is one of a duration or a size.
pub(crate) fn unit(field: &'static Field) -> Option<String> {
    (!field.meta.rare().unit.is_empty()).then(|| format!("bare numbers are {}", field.meta.rare().unit))
}

/// Whether a change waits for a restart.
pub(crate) fn waits(field: &'static Field) -> bool {
    field.meta.reload == Reload::Restart
}

/// Everything about a setting but its documentation and variables, one phrase each.
pub(crate) fn facts(setting: &Setting) -> Vec<String> {
    let mut facts = vec![type_words(&setting.shape)];
    if !setting.choices.is_empty() {
        let names: Vec<&str> = setting.choices.iter().map(|choice| choice.name).collect();
        facts = vec![format!("{} ({})", facts[0], names.join(", "))];
    }
    let Some(field) = setting.field else {
        facts.push(default_words(setting));
        return facts;
    };
    facts.extend(limits(field, &setting.shape));
    facts.push(default_words(setting));
    facts.extend(unit(field));
    if field.is_secret() {
        facts.push("secret".to_owned());
    }
    if waits(field) {
        facts.push("a change takes effect after a restart".to_owned());
    }
    facts.extend(field.meta.rare().deprecated.map(deprecation));
    facts.extend(aliases(field));
    facts
}

/// A phrase with a capital and a full stop.
pub(crate) fn sentence(phrase: String) -> String {
    let mut chars = phrase.chars();
    let first = chars.next().map_or(String::new(), |first| first.to_uppercase().to_string());
    format!("{first}{}.", chars.as_str().trim_end_matches('.'))
}
