//! Rules in words: `1 to 64`, `at most 32 long`, `each url (https)`.

use strata_config_core::Rule;
use strata_config_core::schema::Lit;

/// Each rule in words.
pub(super) fn of(rules: &[Rule]) -> Vec<String> {
    rules.iter().map(rule).collect()
}

fn rule(rule: &Rule) -> String {
    match rule {
        Rule::Range { min, max } => bounds(min.as_ref().map(show), max.as_ref().map(show)),
        Rule::Length { min, max } => {
            format!("{} long", bounds(min.map(|min| min.to_string()), max.map(|max| max.to_string())))
        }
        Rule::OneOf(choices) => format!("one of {}", choices.iter().map(show).collect::<Vec<_>>().join(", ")),
        Rule::Each(rules) => format!("each {}", of(rules).join(", ")),
        Rule::Text(text) if text.args.is_empty() => text.name.to_owned(),
        Rule::Text(text) => format!("{} ({})", text.name, text.args.join(", ")),
        Rule::Custom(custom) => custom.name.to_owned(),
    }
}

fn bounds(min: Option<String>, max: Option<String>) -> String {
    match (min, max) {
        (Some(min), Some(max)) => format!("{min} to {max}"),
        (Some(min), None) => format!("at least {min}"),
        (None, Some(max)) => format!("at most {max}"),
        (None, None) => "any".to_owned(),
    }
}

/// A literal as a person writes it.
pub(super) fn show(lit: &Lit) -> String {
    match lit {
        Lit::Null => "null".to_owned(),
        Lit::Bool(value) => value.to_string(),
        Lit::Int(value) => value.to_string(),
        Lit::Float(value) => format!("{value:?}"),
        Lit::Str(text) => (*text).to_owned(),
        Lit::List(items) => format!("[{}]", items.iter().map(show).collect::<Vec<_>>().join(", ")),
        Lit::Map(entries) => {
            let entries: Vec<String> = entries.iter().map(|(key, value)| format!("{key}={}", show(value))).collect();
            entries.join(", ")
        }
    }
}
