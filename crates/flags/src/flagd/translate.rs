//! JsonLogic as rules of ours, where these mean exactly the same.
//!
//! Only what can't fail is translated: in flagd, an operator that can make nothing of its operands ends the whole rule
//! with the default, and a condition of ours just does not hold. All else stays as it is.

use serde_json::Value as Json;

use super::evaluators::reference;
use crate::bucket::Algorithm;
use crate::logic::HEAVIEST;
use crate::model::{Condition, Operator, Rule, Serve, Split, Test, Weight};
use crate::operator::number;

/// What a rule may speak of.
pub(super) struct Names<'n> {
    pub(super) variants: &'n [&'n str],
    pub(super) has_segment: &'n dyn Fn(&str) -> bool,
    pub(super) fractional: Algorithm,
}

/// Rules and a fallthrough.
#[derive(Debug, Default)]
pub(super) struct Translated {
    pub(super) rules: Vec<Rule>,
    pub(super) fallthrough: Option<Serve>,
}

impl Names<'_> {
    /// A flag's targeting; `None` where it has to stay logic.
    pub(super) fn targeting(&self, targeting: &Json) -> Option<Translated> {
        let mut translated = Translated::default();
        self.chain(targeting, &mut translated)?;
        Some(translated)
    }

    /// What is served to those whom nothing before was served.
    fn chain(&self, result: &Json, into: &mut Translated) -> Option<()> {
        if let Some(variant) = self.variant(result) {
            into.rules.push(rule(Condition::default(), Serve::Variant(variant)));
            return Some(());
        }
        if result.is_null() {
            return Some(());
        }
        match only(result)? {
            ("if", Json::Array(operands)) => self.alternatives(operands, into),
            ("fractional", Json::Array(buckets)) => {
                into.fallthrough = Some(Serve::Split(self.split(buckets)?));
                Some(())
            }
            _ => None,
        }
    }

    fn alternatives(&self, operands: &[Json], into: &mut Translated) -> Option<()> {
        let (condition, then, rest) = match operands {
            [] | [_] => return None,
            [condition, then, rest @ ..] => (self.condition(condition)?, then, rest),
        };
        match self.variant(then) {
            Some(variant) => into.rules.push(rule(condition, Serve::Variant(variant))),
            None => {
                // Without a key a split goes on with the next rule, so there must not be any.
                let is_last = matches!(rest, [] | [Json::Null]);
                let ("fractional", Json::Array(buckets)) = only(then)? else { return None };
                into.rules.push(rule(condition, Serve::Split(self.split(buckets).filter(|_| is_last)?)));
            }
        }
        match rest {
            [] => Some(()),
            [last] => self.chain(last, into),
            more => self.alternatives(more, into),
        }
    }

    /// The name of a variant that there is.
    fn variant(&self, result: &Json) -> Option<String> {
        let name = match result {
            Json::String(name) => name.as_str(),
            Json::Bool(true) => "true",
            Json::Bool(false) => "false",
            _ => return None,
        };
        self.variants.contains(&name).then(|| name.to_owned())
    }

    /// The short form of `fractional`, which hashes the flag's key and the targeting key.
    fn split(&self, buckets: &[Json]) -> Option<Split> {
        let weight = |bucket: &Json| {
            let (variant, weight) = match bucket.as_array()?.as_slice() {
                [variant] => (variant, 1),
                [variant, weight] => (variant, u32::try_from(weight.as_u64()?).ok()?),
                _ => return None,
            };
            Some(Weight { variant: self.variant(variant)?, weight })
        };
        let weights = buckets.iter().map(weight).collect::<Option<Vec<_>>>()?;
        let sum: u64 = weights.iter().map(|weight| u64::from(weight.weight)).sum();
        let split = Split { algorithm: self.fractional, weights, ..Split::default() };
        (1..=HEAVIEST).contains(&sum).then_some(split)
    }

    /// A rule of which only the truth counts.
    pub(super) fn condition(&self, json: &Json) -> Option<Condition> {
        if let Json::Bool(value) = json {
            return Some(if *value { Condition::default() } else { Condition::Any(Vec::new()) });
        }
        if let Some(name) = reference(json) {
            return (self.has_segment)(name).then(|| Condition::Segment(name.to_owned()));
        }
        let (name, operands) = only(json)?;
        let all = || match operands {
            Json::Array(all) if !all.is_empty() => {
                all.iter().map(|one| self.condition(one)).collect::<Option<Vec<_>>>()
            }
            _ => None,
        };
        let one = || match operands {
            Json::Array(all) => all.first().filter(|_| all.len() == 1).and_then(|one| self.condition(one)),
            one => self.condition(one),
        };
        match (name, operands.as_array().map(Vec::as_slice)) {
            ("and", _) => all().map(Condition::All),
            ("or", _) => all().map(Condition::Any),
            ("!", _) => one().map(|one| Condition::Not(Box::new(one))),
            ("!!", _) => one(),
            ("==" | "!=" | "===" | "!==", Some([one, other])) => {
                let (attribute, value) = match (attribute(one), attribute(other)) {
                    (Some(attribute), None) => (attribute, other),
                    (None, Some(attribute)) => (attribute, one),
                    _ => return None,
                };
                equality(attribute, value, name.len() == 3).map(|test| negated(test, name.starts_with('!')))
            }
            ("in", Some([one, Json::Array(items)])) => {
                let is_scalar = |item: &Json| !item.is_null() && is_scalar(item);
                match items.as_slice() {
                    [] => Some(Condition::Any(Vec::new())),
                    _ if items.iter().all(is_scalar) => Some(test(attribute(one)?, Operator::Is, items.clone())),
                    _ => None,
                }
            }
            ("in", Some([Json::String(part), other])) if !reads_as_more(part) => {
                Some(test(attribute(other)?, Operator::Contains, vec![part.as_str().into()]))
            }
            _ => None,
        }
    }
}

/// `==` and `===` between an attribute and a value.
fn equality(attribute: &str, value: &Json, is_strict: bool) -> Option<Test> {
    let is = |operator, values| match test(attribute, operator, values) {
        Condition::Test(test) => Some(test),
        _ => None,
    };
    match value {
        // Loosely, a text also equals a number or a boolean that it writes, and an empty one nothing at all.
        Json::String(text) if !is_strict && (text.is_empty() || reads_as_more(text)) => None,
        Json::String(_) => is(Operator::Is, vec![value.clone()]),
        Json::Bool(_) | Json::Number(_) if is_strict => is(Operator::Is, vec![value.clone()]),
        Json::Null if is_strict => Some(Test { negate: true, ..is(Operator::Exists, Vec::new())? }),
        _ => None,
    }
}

fn negated(test: Test, negate: bool) -> Condition {
    Condition::Test(Test { negate: test.negate != negate, ..test })
}

/// Whether a text may equal what is no text.
fn reads_as_more(text: &str) -> bool {
    ["true", "false"].contains(&text) || number::parse(text).is_some() || text.parse::<f64>().is_ok()
}

fn is_scalar(json: &Json) -> bool {
    !json.is_array() && !json.is_object()
}

/// The attribute that a `var` without a default names; `None` where our conditions would look elsewhere.
fn attribute(json: &Json) -> Option<&str> {
    let path = match only(json)? {
        ("var", Json::String(path)) => path.as_str(),
        ("var", Json::Array(all)) => all.first().filter(|_| all.len() == 1)?.as_str()?,
        _ => return None,
    };
    let is_own = path.contains('.') || ["", "now", "current", "accumulator", "$flagd"].contains(&path);
    (!is_own).then_some(path)
}

fn test(attribute: &str, op: Operator, values: Vec<Json>) -> Condition {
    Condition::Test(Test { attribute: attribute.to_owned(), op, values, ignore_case: false, negate: false })
}

fn rule(when: Condition, serve: Serve) -> Rule {
    Rule { id: None, description: None, when, serve }
}

/// The one operator of a rule, and its operands.
pub(super) fn only(json: &Json) -> Option<(&str, &Json)> {
    let entries = json.as_object().filter(|entries| entries.len() == 1)?;
    entries.iter().next().map(|(name, operands)| (name.as_str(), operands))
}
