//! The rules that the crate `validator` knows: addresses, patterns, and structs with rules of their own.

use std::any::Any;
use std::collections::HashMap;
use std::sync::{Mutex, OnceLock, PoisonError};

use ::validator::{Validate, ValidateContains, ValidateEmail, ValidateIp, ValidateRegex, ValidateUrl};

use super::{Rule, TextRule};

/// A URL, of one of these schemes where any are named.
#[must_use]
pub const fn url(schemes: &'static [&'static str]) -> Rule {
    Rule::Text(TextRule { name: "url", args: schemes, check: check_url })
}

/// An e-mail address.
#[must_use]
pub const fn email() -> Rule {
    Rule::Text(TextRule {
        name: "email",
        args: &[],
        check: |text, _| refuse(text.validate_email(), "is no e-mail address"),
    })
}

/// An IP address.
#[must_use]
pub const fn ip() -> Rule {
    Rule::Text(TextRule { name: "ip", args: &[], check: |text, _| refuse(text.validate_ip(), "is no IP address") })
}

/// A text with this part.
#[must_use]
pub const fn contains(part: &'static [&'static str]) -> Rule {
    Rule::Text(TextRule { name: "contains", args: part, check: check_contains })
}

/// A text that matches this pattern.
#[must_use]
pub const fn regex(pattern: &'static [&'static str]) -> Rule {
    Rule::Text(TextRule { name: "regex", args: pattern, check: check_regex })
}

fn refuse(fine: bool, message: &str) -> Option<String> {
    (!fine).then(|| message.to_owned())
}

fn check_url(text: &str, schemes: &[&'static str]) -> Option<String> {
    if !text.validate_url() {
        return Some("is no URL".to_owned());
    }
    let scheme = text.split(':').next().unwrap_or_default();
    let allowed = schemes.is_empty() || schemes.iter().any(|known| known.eq_ignore_ascii_case(scheme));
    (!allowed).then(|| format!("must be a URL of the scheme {}", crate::decode::choices(schemes)))
}

fn check_contains(text: &str, parts: &[&'static str]) -> Option<String> {
    let missing = parts.iter().find(|part| !text.validate_contains(part))?;
    Some(format!("must contain `{missing}`"))
}

fn check_regex(text: &str, patterns: &[&'static str]) -> Option<String> {
    // Patterns are constants of the program, so each is compiled once.
    static COMPILED: OnceLock<Mutex<HashMap<&'static str, Option<regex::Regex>>>> = OnceLock::new();
    let mut compiled = COMPILED.get_or_init(Mutex::default).lock().unwrap_or_else(PoisonError::into_inner);
    for pattern in patterns {
        match compiled.entry(pattern).or_insert_with(|| regex::Regex::new(pattern).ok()) {
            Some(regex) if text.validate_regex(&*regex) => {}
            Some(_) => return Some(format!("must match the pattern `{pattern}`")),
            None => {
                return Some(format!("can't be checked: the pattern `{pattern}` is not a valid regular expression"));
            }
        }
    }
    None
}

/// What a type that derives `validator::Validate` says of a value.
#[must_use]
pub fn validate<T: Validate + 'static>(value: &dyn Any) -> Option<String> {
    let errors = value.downcast_ref::<T>()?.validate().err()?;
    Some(
        describe(&errors)
            .into_iter()
            .map(|(path, message)| format!("{path}: {message}"))
            .collect::<Vec<_>>()
            .join("; "),
    )
}

/// The findings of `validator`, each with the path of its field.
pub(crate) fn describe(errors: &::validator::ValidationErrors) -> Vec<(String, String)> {
    let mut found = Vec::new();
    collect(errors, "", &mut found);
    found.sort();
    found
}

fn collect(errors: &::validator::ValidationErrors, prefix: &str, found: &mut Vec<(String, String)>) {
    use ::validator::ValidationErrorsKind as Kind;
    for (field, kind) in errors.errors() {
        let mut path = prefix.to_owned();
        crate::path::push_segment(&mut path, field);
        match kind {
            Kind::Field(list) => found.extend(list.iter().map(|error| {
                let message = error
                    .message
                    .as_ref()
                    .map_or_else(|| format!("breaks the rule `{}`", error.code), ToString::to_string);
                (path.clone(), message)
            })),
            Kind::Struct(below) => collect(below, &path, found),
            Kind::List(items) => {
                for (index, below) in items {
                    collect(below, &format!("{path}.{index}"), found);
                }
            }
        }
    }
}
