//! Targeting as JsonLogic with flagd's operators: what is common without allocation, all else by datalogic-rs.

mod engine;
mod expression;
mod fractional;
#[cfg(test)]
mod tests;
mod value;
mod variable;
mod version;

use engine::Full;
use expression::Expression;
use serde_json::Value as Json;
use value::Halt;
use variable::Environment;

use crate::bucket::Algorithm;
use crate::compile::Scope;
use crate::context::Context;
use crate::model::{Logic, Moment};

pub(crate) use fractional::HEAVIEST;
pub(crate) use version::VersionOperator;

/// A rule that is ready for evaluation.
#[derive(Debug)]
pub(crate) struct Program {
    flag: Box<str>,
    variants: Box<[Box<str>]>,
    quick: Option<Expression>,
    full: Full,
}

/// What a rule came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// The number of a variant.
    Variant(u16),
    /// Null: no answer.
    Nothing,
    /// A name that no variant has.
    Unknown,
    /// An operator could not make anything of its operands.
    Failed,
}

/// How deep rules may be nested: the engine recurses.
pub(crate) const DEEPEST: usize = 64;

/// How deep a rule is nested.
pub(crate) fn depth(json: &Json) -> usize {
    match json {
        Json::Array(items) => items.iter().map(depth).max().map_or(0, |deepest| deepest + 1),
        Json::Object(entries) => entries.values().map(depth).max().map_or(0, |deepest| deepest + 1),
        _ => 0,
    }
}

impl Program {
    /// Compiles a rule; what is wrong with it is told to the scope.
    pub(crate) fn new(logic: &Logic, scope: &mut Scope<'_>) -> Option<Self> {
        if ![Algorithm::FlagdV2, Algorithm::FlagdV3].contains(&logic.fractional) {
            let message = format!("`{}` is no generation of flagd's: `flagd-v3` or `flagd-v2`", logic.fractional);
            scope.within("fractional", |scope| scope.problems.push(message));
            return None;
        }
        if depth(&logic.rule) > 2 * DEEPEST {
            let message = format!("rules are nested more than {DEEPEST} deep");
            scope.within("rule", |scope| scope.problems.push(message));
            return None;
        }
        let full = match Full::new(&logic.rule, logic.fractional) {
            Ok(full) => full,
            Err(error) => {
                scope.within("rule", |scope| scope.problems.push(format!("no rule of JsonLogic: {error}")));
                return None;
            }
        };
        let quick = Expression::new(&logic.rule, logic.fractional);
        scope.timed |= Expression::is_timed(&logic.rule);
        let variants = scope.variants.iter().map(|name| (*name).into()).collect();
        Some(Self { flag: scope.key.into(), variants, quick, full })
    }

    /// Evaluates it.
    pub(crate) fn evaluate(&self, context: &Context<'_>, now: Moment) -> Outcome {
        let environment = Environment { flag: &self.flag, context, now };
        let Some(quick) = &self.quick else { return self.by_engine(&environment) };
        match quick.value(&environment).and_then(value::Value::name) {
            Ok(name) => self.outcome(name.as_deref()),
            Err(Halt::Failed) => Outcome::Failed,
            Err(Halt::Unsure) => self.by_engine(&environment),
        }
    }

    fn by_engine(&self, environment: &Environment<'_>) -> Outcome {
        self.full.evaluate(environment, |result| match result {
            None => Outcome::Failed,
            Some(result) => self.outcome(engine::name(result).as_deref()),
        })
    }

    fn outcome(&self, name: Option<&str>) -> Outcome {
        let Some(name) = name else { return Outcome::Nothing };
        let position = self.variants.iter().position(|known| **known == *name);
        position.map_or(Outcome::Unknown, |position| Outcome::Variant(position as u16))
    }
}
