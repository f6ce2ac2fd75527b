//! What GrowthBook tells of an evaluation, from what we tell of it.

use crate::answer::{Answer, Why};
use crate::model::{Definition, Flag, FlagValue, Rule, Serve};

use super::feature::{MADE_UP, PREREQUISITE};

/// An answer in GrowthBook's words.
#[derive(Debug, Clone, Copy)]
pub struct Outcome<'s> {
    /// The value; `None` is GrowthBook's null.
    pub value: Option<&'s FlagValue>,
    /// What decided.
    pub source: Source,
    /// The rule that decided, where GrowthBook has given it an id; else an empty text.
    pub rule_id: &'s str,
    /// The experiment's variation, where one decided.
    pub variation: Option<Variation<'s>>,
}

/// What decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// No rule did.
    DefaultValue,
    /// A rule that forces a value.
    Force,
    /// The request.
    Override,
    /// An experiment.
    Experiment,
    /// A feature that this one needs.
    Prerequisite,
}

impl Source {
    /// GrowthBook's name for it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::DefaultValue => "defaultValue",
            Self::Force => "force",
            Self::Override => "override",
            Self::Experiment => "experiment",
            Self::Prerequisite => "prerequisite",
        }
    }
}

/// The variation that a unit got as a part of an experiment.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Variation<'s> {
    /// The experiment's key.
    pub experiment: &'s str,
    /// The variation's number, from 0.
    pub id: usize,
    /// The variation's key, which is its number where it has none.
    pub key: &'s str,
    /// The unit's place, from 0.0 up to 1.0, where that decided; not where the variation was forced.
    pub bucket: Option<f64>,
}

impl Variation<'_> {
    /// Whether the unit's place decided.
    #[must_use]
    pub const fn hash_used(&self) -> bool {
        self.bucket.is_some()
    }
}

impl<'s> Outcome<'s> {
    /// The answer of a flag that was carried over from GrowthBook.
    #[must_use]
    pub fn of(answer: &Answer<'s>) -> Self {
        let definition = match &*answer.flag.source {
            Flag::Defined(definition) => Some(&**definition),
            _ => None,
        };
        let rule = definition.zip(answer.rule).and_then(|(found, rule)| found.rules.get(usize::from(rule)));
        let found = definition.zip(answer.variant()).and_then(|(definition, variant)| match answer.why {
            Why::Rule => found(definition, Some(rule?.description.as_deref()?), variant),
            Why::Override => found(definition, None, variant),
            _ => None,
        });
        let bucket = answer.bucket.map(|bucket| f64::from(bucket) / f64::from(crate::BUCKETS));
        let source = match answer.why {
            Why::Prerequisite => Source::Prerequisite,
            _ if found.is_some() => Source::Experiment,
            Why::Override => Source::Override,
            Why::Rule if rule.is_some_and(is_prerequisite) => Source::Prerequisite,
            Why::Rule | Why::Target | Why::Forced => Source::Force,
            _ => Source::DefaultValue,
        };
        let id = rule.and_then(|rule| rule.id.as_deref()).filter(|id| !id.starts_with(MADE_UP));
        Self {
            value: answer.value(),
            source,
            rule_id: id.unwrap_or_default(),
            variation: found.map(|variation| Variation { bucket, ..variation }),
        }
    }

    /// Whether the value counts as on: anything but null, `false`, 0 and an empty text.
    #[must_use]
    pub fn is_on(&self) -> bool {
        match self.value {
            None => false,
            Some(FlagValue::Bool(value)) => *value,
            Some(FlagValue::Int(value)) => *value != 0,
            Some(FlagValue::Float(value)) => *value != 0.0 && !value.is_nan(),
            Some(FlagValue::String(text)) => !text.is_empty(),
            Some(FlagValue::Object(_)) => true,
        }
    }
}

fn is_prerequisite(rule: &Rule) -> bool {
    rule.serve == Serve::CodeDefault && rule.description.as_deref() == Some(PREREQUISITE)
}

/// The experiments of a flag: their keys, and their variations' variants in order.
fn experiments(definition: &Definition) -> impl Iterator<Item = (&str, impl ExactSizeIterator<Item = &str>)> {
    definition.rules.iter().filter_map(|rule| match &rule.serve {
        // A forced value's share has one variant and no description.
        Serve::Split(split) if split.weights.len() > 1 => {
            Some((rule.description.as_deref()?, split.weights.iter().map(|weight| weight.variant.as_str())))
        }
        _ => None,
    })
}

/// The experiment of which this variant is a variation.
fn found<'s>(definition: &'s Definition, wanted: Option<&str>, variant: &str) -> Option<Variation<'s>> {
    let experiments = experiments(definition).filter(|(key, _)| wanted.is_none_or(|wanted| wanted == *key));
    experiments.into_iter().find_map(|(experiment, variants)| {
        let (id, name) = variants.enumerate().find(|(_, name)| *name == variant)?;
        let mut key = name;
        // Where another experiment's variations have the same keys, the experiment's stands before them.
        while let Some(rest) = key.strip_prefix(experiment).and_then(|rest| rest.strip_prefix('/')) {
            key = rest;
        }
        Some(Variation { experiment, id, key, bucket: None })
    })
}

/// The variant of an experiment's variation, by which a request forces it upon itself:
/// `context.force(flag, variation(definition, experiment, 1))`.
#[must_use]
pub fn variation<'f>(flag: &'f Flag, experiment: &str, number: usize) -> Option<&'f str> {
    let Flag::Defined(definition) = flag else { return None };
    experiments(definition).find(|(key, _)| *key == experiment).and_then(|(_, mut variants)| variants.nth(number))
}
