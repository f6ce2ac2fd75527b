//! The part of JsonLogic that is evaluated without allocation, compiled once.

use super::fractional::{Concatenated, splitter};
use super::value::{Halt, Value, Wanted};
use super::variable::{Environment, Variable};
use super::version::{VersionOperator, version};
use crate::bucket::{Algorithm, Splitter};
use crate::operator::semver::Version;
use serde_json::Value as Json;

/// Parts of a unit's text; more are left to the engine.
const MOST_PARTS: usize = 8;

/// An expression.
#[derive(Debug)]
pub(super) enum Expression {
    Literal(Literal),
    Variable(Variable, Option<Literal>),
    If(Box<[Self]>),
    And(Box<[Self]>),
    Or(Box<[Self]>),
    Not(Box<Self>),
    Truth(Box<Self>),
    Equal { sides: Box<[Self; 2]>, is_strict: bool, wanted: bool },
    Ordered(Wanted, Box<[Self]>),
    InText(Box<[Self; 2]>),
    InList(Box<Self>, Box<[Literal]>),
    Affix { sides: Box<[Self; 2]>, is_start: bool },
    Version(Box<Self>, VersionOperator, Version),
    Fractional(Box<Fractional>),
}

/// A value that stands in the rule.
#[derive(Debug)]
pub(super) enum Literal {
    Null,
    Bool(bool),
    Int(i64),
    Float(f64),
    Text(Box<str>),
}

/// Variants by share.
#[derive(Debug)]
pub(super) struct Fractional {
    /// What is hashed; the flag's key and the targeting key where there is nothing, or where it is null.
    by: Option<Parts>,
    variants: Box<[Expression]>,
    splitter: Splitter,
}

/// What is hashed.
#[derive(Debug)]
enum Parts {
    /// Something that has to be a text.
    One(Expression),
    /// `cat`.
    Several(Box<[Expression]>),
}

impl Literal {
    fn new(json: &Json) -> Option<Self> {
        Some(match json {
            Json::Null => Self::Null,
            Json::Bool(value) => Self::Bool(*value),
            Json::Number(number) => match number.as_i64() {
                Some(number) => Self::Int(number),
                None => Self::Float(number.as_f64()?),
            },
            Json::String(text) => Self::Text(text.as_str().into()),
            Json::Array(_) | Json::Object(_) => return None,
        })
    }

    fn value(&self) -> Value<'_> {
        match self {
            Self::Null => Value::Null,
            Self::Bool(value) => Value::Bool(*value),
            Self::Int(number) => Value::Int(*number),
            // Also a whole one: the engine writes it with its fraction, other than an attribute.
            Self::Float(number) => Value::Float(*number),
            Self::Text(text) => Value::Text(text),
        }
    }
}

impl Expression {
    /// `None` for what is left to the engine.
    pub(super) fn new(json: &Json, generation: Algorithm) -> Option<Self> {
        let Json::Object(entries) = json else { return Literal::new(json).map(Self::Literal) };
        let (name, operands) = entries.iter().next().filter(|_| entries.len() == 1)?;
        let operands = match operands {
            Json::Array(operands) => operands.as_slice(),
            one => std::slice::from_ref(one),
        };
        let all = || operands.iter().map(|operand| Self::new(operand, generation)).collect::<Option<Box<[Self]>>>();
        let one = || match operands {
            [one] => Self::new(one, generation).map(Box::new),
            _ => None,
        };
        let two = || match operands {
            [one, other] => Some(Box::new([Self::new(one, generation)?, Self::new(other, generation)?])),
            _ => None,
        };
        let ordered = |wanted| all().filter(|all| all.len() >= 2).map(|all| Self::Ordered(wanted, all));
        let equal = |is_strict, wanted| Some(Self::Equal { sides: two()?, is_strict, wanted });
        match name.as_str() {
            "var" => match operands {
                [Json::String(path)] => Some(Self::Variable(Variable::new(path)?, None)),
                [Json::String(path), default] => {
                    Some(Self::Variable(Variable::new(path)?, Some(Literal::new(default)?)))
                }
                _ => None,
            },
            "if" => all().filter(|all| !all.is_empty()).map(Self::If),
            "and" => all().filter(|all| !all.is_empty()).map(Self::And),
            "or" => all().filter(|all| !all.is_empty()).map(Self::Or),
            "!" => one().map(Self::Not),
            "!!" => one().map(Self::Truth),
            "==" => equal(false, true),
            "!=" => equal(false, false),
            "===" => equal(true, true),
            "!==" => equal(true, false),
            "<" => ordered(Wanted::Less),
            "<=" => ordered(Wanted::AtMost),
            ">" => ordered(Wanted::More),
            ">=" => ordered(Wanted::AtLeast),
            "in" => match operands {
                [needle, Json::Array(items)] => Some(Self::InList(
                    Box::new(Self::new(needle, generation)?),
                    items.iter().map(Literal::new).collect::<Option<_>>()?,
                )),
                _ => two().map(Self::InText),
            },
            "starts_with" => Some(Self::Affix { sides: two()?, is_start: true }),
            "ends_with" => Some(Self::Affix { sides: two()?, is_start: false }),
            "sem_ver" => match operands {
                [one, Json::String(operator), Json::String(other)] => Some(Self::Version(
                    Box::new(Self::new(one, generation)?),
                    VersionOperator::new(operator)?,
                    version(other)?,
                )),
                _ => None,
            },
            "fractional" => Fractional::new(operands, generation).map(|found| Self::Fractional(Box::new(found))),
            _ => None,
        }
    }

    /// Whether it looks at the time.
    pub(super) fn is_timed(json: &Json) -> bool {
        match json {
            Json::String(text) => text == "$flagd.timestamp" || text == "$flagd" || text.is_empty(),
            Json::Array(items) => items.iter().any(Self::is_timed),
            Json::Object(entries) => entries.values().any(Self::is_timed),
            _ => false,
        }
    }

    pub(super) fn value<'e>(&'e self, environment: &Environment<'e>) -> Result<Value<'e>, Halt> {
        let value = |expression: &'e Self| expression.value(environment);
        Ok(match self {
            Self::Literal(literal) => literal.value(),
            Self::Variable(variable, default) => match (variable.find(environment), default) {
                (Some(found), _) => found,
                (None, Some(default)) => default.value(),
                (None, None) => Value::Null,
            },
            Self::If(operands) => {
                for pair in operands.chunks(2) {
                    match pair {
                        [last] => return value(last),
                        [condition, then] if value(condition)?.is_true() => return value(then),
                        _ => {}
                    }
                }
                Value::Null
            }
            Self::And(operands) | Self::Or(operands) => {
                let ends_at = matches!(self, Self::Or(_));
                let mut last = Value::Null;
                for operand in operands {
                    last = value(operand)?;
                    if last.is_true() == ends_at {
                        break;
                    }
                }
                last
            }
            Self::Not(one) => Value::Bool(!value(one)?.is_true()),
            Self::Truth(one) => Value::Bool(value(one)?.is_true()),
            Self::Equal { sides, is_strict, wanted } => {
                let (one, other) = (value(&sides[0])?, value(&sides[1])?);
                Value::Bool(if *is_strict { one.is(other)? } else { one.equals(other)? } == *wanted)
            }
            Self::Ordered(wanted, operands) => {
                let Some((first, rest)) = operands.split_first() else { return Err(Halt::Unsure) };
                let mut before = value(first)?;
                for operand in rest {
                    let next = value(operand)?;
                    if !before.is_ordered(*wanted, next)? {
                        return Ok(Value::Bool(false));
                    }
                    before = next;
                }
                Value::Bool(true)
            }
            Self::InText(sides) => match (value(&sides[0])?, value(&sides[1])?) {
                (Value::Text(part), Value::Text(text)) => Value::Bool(text.contains(part)),
                (_, Value::Composite { .. }) => return Err(Halt::Unsure),
                _ => Value::Bool(false),
            },
            Self::InList(one, items) => {
                let one = value(one)?;
                let mut found = false;
                for item in items {
                    found |= item.value().is(one)?;
                }
                Value::Bool(found)
            }
            Self::Affix { sides, is_start } => match (value(&sides[0])?, value(&sides[1])?) {
                (Value::Text(text), Value::Text(start)) if *is_start => Value::Bool(text.starts_with(start)),
                (Value::Text(text), Value::Text(end)) => Value::Bool(text.ends_with(end)),
                (Value::Null, Value::Text(_)) => Value::Bool(false),
                _ => return Err(Halt::Failed),
            },
            Self::Version(one, operator, other) => match value(one)? {
                Value::Text(text) => Value::Bool(operator.holds(text, other).ok_or(Halt::Failed)?),
                Value::Null => Value::Bool(false),
                _ => return Err(Halt::Failed),
            },
            Self::Fractional(fractional) => fractional.value(environment)?,
        })
    }
}

impl Fractional {
    fn new(operands: &[Json], generation: Algorithm) -> Option<Self> {
        let (by, buckets) = match operands.split_first()? {
            (Json::Array(_), _) => (None, operands),
            (by, buckets) => (Some(Parts::new(by, generation)?), buckets),
        };
        let (mut variants, mut weights) = (Vec::new(), Vec::new());
        for bucket in buckets {
            let (variant, weight) = match bucket.as_array()?.as_slice() {
                [variant] => (variant, 1),
                [variant, weight] => (variant, u32::try_from(weight.as_u64()?).ok()?),
                _ => return None,
            };
            variants.push(Expression::new(variant, generation)?);
            weights.push(weight);
        }
        Some(Self { by, variants: variants.into(), splitter: splitter(generation, &weights)? })
    }

    fn value<'e>(&'e self, environment: &Environment<'e>) -> Result<Value<'e>, Halt> {
        let mut parts = [Value::Null; MOST_PARTS];
        let unit = match &self.by {
            None => None,
            Some(Parts::One(one)) => match one.value(environment)? {
                Value::Null => None,
                text @ Value::Text(_) => {
                    parts[0] = text;
                    Some(1)
                }
                _ => return Err(Halt::Failed),
            },
            Some(Parts::Several(several)) => {
                for (place, part) in parts.iter_mut().zip(several) {
                    *place = part.value(environment)?;
                }
                Some(several.len())
            }
        };
        // All are evaluated, since the engine does so, and one that fails makes the whole fail.
        let mut place = None;
        let unit = match unit {
            Some(count) => Some(&parts[..count]),
            None => environment.context.targeting_key().map(|key| {
                parts[0] = Value::Text(environment.flag);
                parts[1] = Value::Text(key);
                &parts[..2]
            }),
        };
        if let Some(unit) = unit {
            let unit = Concatenated(unit);
            unit.check()?;
            place = Some(self.splitter.place(&unit));
        }
        let mut chosen = Value::Null;
        for (number, variant) in self.variants.iter().enumerate() {
            let value = variant.value(environment)?;
            match value {
                Value::Composite { .. } => return Err(Halt::Failed),
                _ if place.is_some_and(|place| place.variant == Some(number as u32)) => chosen = value,
                _ => {}
            }
        }
        if place.is_some() { Ok(chosen) } else { Err(Halt::Failed) }
    }
}

impl Parts {
    fn new(json: &Json, generation: Algorithm) -> Option<Self> {
        let Some(Json::Array(parts)) = json.get("cat") else {
            return Expression::new(json, generation).map(Self::One);
        };
        let parts: Box<[Expression]> =
            parts.iter().map(|part| Expression::new(part, generation)).collect::<Option<_>>()?;
        (parts.len() <= MOST_PARTS).then_some(Self::Several(parts))
    }
}
