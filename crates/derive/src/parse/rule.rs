//! The rules of `validate(…)`, `each(…)` and `warn(…)`.

use proc_macro2::TokenStream;

use crate::ctxt::Ctxt;
use crate::ir::{Rule, RuleKind, TextRule};

use super::item::{Form, literals, named};
use super::known::{Place, unknown};
use super::{Item, LiteralKind, Slot, Text};

/// Reads a list of rules. `custom` is told whether functions are allowed, which see the whole field alone.
pub(crate) fn rules(ctxt: &Ctxt, tokens: TokenStream, custom: bool) -> Vec<Rule> {
    let items = named(ctxt, tokens, "a rule, such as `range(min = 1, max = 64)`");
    from_items(ctxt, items, custom)
}

/// Reads rules, each of which may be given once, `custom` aside.
pub(crate) fn from_items(ctxt: &Ctxt, items: Vec<Item>, custom: bool) -> Vec<Rule> {
    let mut rules: Vec<Rule> = Vec::new();
    for item in items {
        if item.name != "custom" && rules.iter().any(|rule| rule.name == item.name) {
            ctxt.error(&item.name, format_args!("duplicate rule `{}`: keep one of them", item.name));
            continue;
        }
        if let Some(kind) = kind(ctxt, &item, custom) {
            rules.push(Rule { name: item.name, kind });
        }
    }
    rules
}

fn kind(ctxt: &Ctxt, item: &Item, custom: bool) -> Option<RuleKind> {
    let text = |rule, args| Some(RuleKind::Text { rule, args });
    match &*item.name.to_string() {
        //= rule `range(min = 1, max = 64)`: At least, at most, both allowed; of numbers, durations and sizes.
        "range" => range(ctxt, item),
        //= rule `length(min = 1, max = 64)`: Characters of a text, items of a list, entries of a map; `equal = 8` for
        //=   both limits.
        "length" => length(ctxt, item),
        //= rule `non_empty`: Short for `length(min = 1)`.
        "non_empty" => ctxt.ok(item.flag()).map(|()| RuleKind::Length { min: Some(1), max: None }),
        //= rule `one_of("a", "b")`: One of these values.
        "one_of" => {
            let values = literals(ctxt, ctxt.ok(item.list())?, "a literal, such as `\"a\"` or 1");
            if values.is_empty() {
                ctxt.error(&item.name, "`one_of` needs at least one value: write `one_of(\"a\", \"b\")`");
            }
            Some(RuleKind::OneOf(values))
        }
        //= rule `each(length(min = 1))`: Rules of every item of a list, or every value of a map.
        "each" => {
            let tokens = ctxt.ok(item.list())?;
            if tokens.is_empty() {
                ctxt.error(&item.name, "`each` needs at least one rule: write `each(length(min = 1))`");
            }
            Some(RuleKind::Each(rules(ctxt, tokens, false)))
        }
        //= rule `custom = path`: A function `fn(&T) -> Result<(), E>` over the field's value, whose error says what
        //=   is wrong (`E: Display`). Not within `each` or `warn`.
        "custom" if custom => ctxt.ok(item.path()).map(RuleKind::Custom),
        "custom" => {
            let message = "`custom` sees the whole field: write it outside of `each` and `warn`, as `custom = path`";
            ctxt.error(&item.name, message);
            None
        }
        //= rule `url`: A URL; `url(schemes("http", "https"))` for some schemes alone. Needs the feature `validator`.
        "url" => match &item.form {
            Form::List(tokens) => {
                let schemes = schemes(ctxt, tokens.clone());
                if tokens.is_empty() {
                    ctxt.error(
                        &item.name,
                        "`url` with a list names schemes: write `url(schemes(\"http\", \"https\"))`",
                    );
                }
                text(TextRule::Url, schemes)
            }
            _ => ctxt.ok(item.flag()).and_then(|()| text(TextRule::Url, Vec::new())),
        },
        //= rule `email`: An e-mail address. Needs the feature `validator`.
        "email" => ctxt.ok(item.flag()).and_then(|()| text(TextRule::Email, Vec::new())),
        //= rule `ip`: An IP address. Needs the feature `validator`.
        "ip" => ctxt.ok(item.flag()).and_then(|()| text(TextRule::Ip, Vec::new())),
        //= rule `contains("text")`: A text that holds this one. Needs the feature `validator`.
        "contains" => text(TextRule::Contains, vec![argument(ctxt, item)?]),
        //= rule `regex("^[a-z]+$")`: A text that the expression matches. Needs the feature `validator`.
        "regex" => text(TextRule::Regex, vec![argument(ctxt, item)?]),
        //= rule `validator`: The value's own `validator::Validate`. Not within `each` or `warn`. Needs the feature
        //=   `validator`.
        "validator" if custom => ctxt.ok(item.flag()).map(|()| RuleKind::Validator),
        "validator" => {
            ctxt.error(&item.name, "`validator` sees the whole field: write `validate(validator)`");
            None
        }
        _ => {
            unknown(ctxt, &item.name, Place::Rule);
            None
        }
    }
}

fn range(ctxt: &Ctxt, item: &Item) -> Option<RuleKind> {
    let (mut min, mut max) = (Slot::default(), Slot::default());
    for limit in named(ctxt, ctxt.ok(item.list())?, "a limit: write `range(min = 1, max = 64)`") {
        match &*limit.name.to_string() {
            "min" => min.put(ctxt, &limit, Item::literal),
            "max" => max.put(ctxt, &limit, Item::literal),
            _ => unknown(ctxt, &limit.name, Place::Range),
        }
    }
    let (min, max) = (min.get().cloned(), max.get().cloned());
    if matches!(&item.form, Form::List(tokens) if tokens.is_empty()) {
        ctxt.error(&item.name, "`range` needs a limit: write `range(min = 1, max = 64)`");
    }
    (min.is_some() || max.is_some()).then_some(RuleKind::Range { min, max })
}

fn length(ctxt: &Ctxt, item: &Item) -> Option<RuleKind> {
    let (mut min, mut max, mut equal) = (Slot::default(), Slot::default(), Slot::default());
    for limit in named(ctxt, ctxt.ok(item.list())?, "a limit: write `length(min = 1, max = 64)`") {
        match &*limit.name.to_string() {
            "min" => min.put(ctxt, &limit, count),
            "max" => max.put(ctxt, &limit, count),
            "equal" => equal.put(ctxt, &limit, count),
            _ => unknown(ctxt, &limit.name, Place::Length),
        }
    }
    if matches!(&item.form, Form::List(tokens) if tokens.is_empty()) {
        ctxt.error(&item.name, "`length` needs a limit: write `length(min = 1, max = 64)`");
    }
    if let Some(equal) = equal.at() {
        if min.is_set() || max.is_set() {
            ctxt.error(&equal.name, "`equal` sets both limits: leave out `min` and `max`");
        }
        return Some(RuleKind::Length { min: Some(equal.value), max: Some(equal.value) });
    }
    let (min, max) = (min.get().copied(), max.at());
    if let (Some(min), Some(max)) = (min, max)
        && min > max.value
    {
        ctxt.error(
            &max.name,
            format_args!("no length is at least {min} and at most {}: swap `min` and `max`", max.value),
        );
        return None;
    }
    let max = max.map(|max| max.value);
    (min.is_some() || max.is_some()).then_some(RuleKind::Length { min, max })
}

fn count(item: &Item) -> syn::Result<usize> {
    let literal = item.literal()?;
    match literal.kind {
        LiteralKind::Int(value) => usize::try_from(value).ok(),
        _ => None,
    }
    .ok_or_else(|| {
        let message = format!("a length is a whole number from 0, not {}", literal.text());
        syn::Error::new_spanned(&literal.tokens, message)
    })
}

fn schemes(ctxt: &Ctxt, tokens: TokenStream) -> Vec<Text> {
    let mut schemes = Slot::default();
    for item in named(ctxt, tokens, "`schemes(\"http\", \"https\")`") {
        match &*item.name.to_string() {
            "schemes" => schemes.put(ctxt, &item, |item| Ok(strings(ctxt, item.list()?))),
            _ => unknown(ctxt, &item.name, Place::Url),
        }
    }
    schemes.get().cloned().unwrap_or_default()
}

fn strings(ctxt: &Ctxt, tokens: TokenStream) -> Vec<Text> {
    let mut strings = Vec::new();
    for literal in literals(ctxt, tokens, "a string") {
        match literal.string() {
            Some(string) => strings.push(string),
            None => ctxt.error(&literal.tokens, format_args!("expected a string, found {}", literal.text())),
        }
    }
    strings
}

/// The one argument of `contains` and `regex`.
fn argument(ctxt: &Ctxt, item: &Item) -> Option<Text> {
    let tokens = ctxt.ok(item.list())?;
    match syn::parse2::<Text>(tokens.clone()) {
        Ok(text) => Some(text),
        Err(_) => {
            let message =
                format!("`{}` takes one string: write `{}`", item.name, super::known::example(&item.name.to_string()));
            if tokens.is_empty() {
                ctxt.error(&item.name, message)
            } else {
                ctxt.error(tokens, message)
            }
            None
        }
    }
}
