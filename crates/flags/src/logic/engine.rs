//! All of JsonLogic, by datalogic-rs with flagd's operators. It allocates.

use std::fmt;
use std::sync::LazyLock;

use datalogic_rs::bumpalo::Bump;
use datalogic_rs::operator::EvalContext;
use datalogic_rs::{CustomOperator, DataValue, Engine, Error, EvaluationConfig, Logic, Result};
use serde_json::Value as Json;

use super::fractional::splitter;
use super::value::Value;
use super::variable::{Environment, OWN};
use super::version::{VersionOperator, version};
use crate::bucket::Algorithm;
use crate::context::{Attribute, TARGETING_KEY};

/// A rule, compiled.
pub(super) struct Full {
    engine: &'static Engine,
    logic: Logic,
}

impl fmt::Debug for Full {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Full").finish_non_exhaustive()
    }
}

/// The engine of each generation of `fractional`, which all rules share.
fn engine(generation: Algorithm) -> &'static Engine {
    static SECOND: LazyLock<Engine> = LazyLock::new(|| build(Algorithm::FlagdV2));
    static THIRD: LazyLock<Engine> = LazyLock::new(|| build(Algorithm::FlagdV3));
    if generation == Algorithm::FlagdV2 { &SECOND } else { &THIRD }
}

fn build(generation: Algorithm) -> Engine {
    // As in JavaScript, what can't be compared is not equal.
    let config = EvaluationConfig::default().with_loose_equality_errors(false);
    Engine::builder()
        .with_config(config)
        .add_operator("starts_with", Affix { is_start: true })
        .add_operator("ends_with", Affix { is_start: false })
        .add_operator("sem_ver", SemVer)
        .add_operator("fractional", Fractional { generation, has_unit: false })
        .add_operator(BY_UNIT, Fractional { generation, has_unit: true })
        .build()
}

/// `fractional` whose first operand is the unit: operators see values alone, and a value does not tell.
const BY_UNIT: &str = "fractional by";

fn named(json: &Json) -> Json {
    match json {
        Json::Array(items) => items.iter().map(named).collect(),
        Json::Object(entries) => {
            let entry = |(name, value): (&String, &Json)| {
                let has_unit = name == "fractional" && value.get(0).is_some_and(|first| !first.is_array());
                (if has_unit { BY_UNIT } else { name }.to_owned(), named(value))
            };
            Json::Object(entries.iter().map(entry).collect())
        }
        other => other.clone(),
    }
}

impl Full {
    /// # Errors
    /// The engine does not take it.
    pub(super) fn new(rule: &Json, generation: Algorithm) -> std::result::Result<Self, String> {
        let engine = engine(generation);
        let logic = engine.compile(named(rule).to_string().as_str()).map_err(|error| error.to_string())?;
        Ok(Self { engine, logic })
    }

    /// Evaluates it; `then` sees the result, none where it failed.
    pub(super) fn evaluate<T>(
        &self,
        environment: &Environment<'_>,
        then: impl FnOnce(Option<&DataValue<'_>>) -> T,
    ) -> T {
        let arena = Bump::new();
        let data = data(environment, &arena);
        then(self.engine.evaluate(&self.logic, data, &arena).ok())
    }
}

/// What rules see: the context, its targeting key, and what flagd adds.
fn data<'a>(environment: &Environment<'a>, arena: &'a Bump) -> DataValue<'a> {
    let own =
        [("flagKey", DataValue::String(environment.flag)), ("timestamp", DataValue::from_i64(environment.timestamp()))];
    let own = (OWN, DataValue::Object(arena.alloc_slice_fill_iter(own)));
    let key = environment.context.targeting_key().map(|key| (TARGETING_KEY, DataValue::String(key)));
    let mut pairs: Vec<(&str, DataValue<'_>)> = key.into_iter().chain([own]).collect();
    let attributes = environment.context.attributes().filter(|(name, _)| ![TARGETING_KEY, OWN].contains(name));
    pairs.extend(attributes.map(|(name, attribute)| (name, value(attribute, arena))));
    DataValue::Object(arena.alloc_slice_fill_iter(pairs))
}

fn value<'a>(attribute: &'a Attribute<'_>, arena: &'a Bump) -> DataValue<'a> {
    match attribute {
        Attribute::Null => DataValue::Null,
        Attribute::Bool(value) => DataValue::Bool(*value),
        Attribute::Int(number) => DataValue::from_i64(*number),
        Attribute::Float(number) => DataValue::from_f64(*number),
        Attribute::Text(text) => DataValue::String(text),
        Attribute::List(items) => {
            let items: Vec<_> = items.iter().map(|item| value(item, arena)).collect();
            DataValue::Array(arena.alloc_slice_fill_iter(items))
        }
        Attribute::Map(entries) => {
            let entries: Vec<_> = entries.iter().map(|(name, entry)| (&**name, value(entry, arena))).collect();
            DataValue::Object(arena.alloc_slice_fill_iter(entries))
        }
    }
}

fn refuse(why: &'static str) -> Error {
    Error::invalid_arguments(why)
}

struct Affix {
    is_start: bool,
}

impl CustomOperator for Affix {
    fn evaluate<'a>(
        &self,
        operands: &[&'a DataValue<'a>],
        _: &mut EvalContext<'_, 'a>,
        arena: &'a Bump,
    ) -> Result<&'a DataValue<'a>> {
        let (text, affix) = match operands {
            // What is not there has no beginning and no end.
            [DataValue::Null, DataValue::String(_)] => return Ok(arena.alloc(DataValue::Bool(false))),
            [DataValue::String(text), DataValue::String(affix)] => (text, affix),
            _ => return Err(refuse("two texts are compared")),
        };
        let holds = if self.is_start { text.starts_with(affix) } else { text.ends_with(affix) };
        Ok(arena.alloc(DataValue::Bool(holds)))
    }
}

struct SemVer;

impl CustomOperator for SemVer {
    fn evaluate<'a>(
        &self,
        operands: &[&'a DataValue<'a>],
        _: &mut EvalContext<'_, 'a>,
        arena: &'a Bump,
    ) -> Result<&'a DataValue<'a>> {
        let (one, operator, other) = match operands {
            // What is not there is no version that anything could be asked of.
            [DataValue::Null, DataValue::String(_), DataValue::String(_)] => {
                return Ok(arena.alloc(DataValue::Bool(false)));
            }
            [DataValue::String(one), DataValue::String(operator), DataValue::String(other)] => (one, operator, other),
            _ => return Err(refuse("a version, an operator and a version are compared")),
        };
        let holds = VersionOperator::new(operator).zip(version(other));
        let holds = holds.and_then(|(operator, other)| operator.holds(one, &other));
        Ok(arena.alloc(DataValue::Bool(holds.ok_or_else(|| refuse("these versions do not compare"))?)))
    }
}

struct Fractional {
    generation: Algorithm,
    has_unit: bool,
}

impl Fractional {
    /// The unit's text: what is given, or else the flag's key and the targeting key.
    fn unit(given: Option<&DataValue<'_>>, context: &EvalContext<'_, '_>) -> Result<String> {
        let text = |map: &DataValue<'_>, name: &str| {
            let entry = map.as_object()?.iter().find(|(known, _)| *known == name)?;
            Some(entry.1.as_str()?.to_owned())
        };
        match given {
            Some(DataValue::String(text)) => Ok((*text).to_owned()),
            None | Some(DataValue::Null) => {
                let root = context.root_input();
                let own = root.as_object().and_then(|entries| entries.iter().find(|(name, _)| *name == OWN));
                let flag = own.and_then(|(_, own)| text(own, "flagKey"));
                let key = text(root, TARGETING_KEY).ok_or_else(|| refuse("the context has no targeting key"))?;
                Ok(flag.unwrap_or_default() + &key)
            }
            Some(_) => Err(refuse("the bucketing value is no text")),
        }
    }
}

impl CustomOperator for Fractional {
    fn evaluate<'a>(
        &self,
        operands: &[&'a DataValue<'a>],
        context: &mut EvalContext<'_, 'a>,
        arena: &'a Bump,
    ) -> Result<&'a DataValue<'a>> {
        let (given, buckets) = match operands.split_first() {
            Some((first, rest)) if self.has_unit => (Some(*first), rest),
            _ => (None, operands),
        };
        let (mut variants, mut weights) = (Vec::new(), Vec::new());
        for bucket in buckets {
            let (variant, weight) = match bucket.as_array() {
                Some([variant]) => (variant, 1),
                // A weight that was computed may be below nothing, and is nothing then.
                Some([variant, DataValue::Null]) => (variant, 1),
                Some([variant, weight]) => match weight.as_i64() {
                    Some(weight) => (variant, u32::try_from(weight.max(0)).map_err(|_| refuse("too heavy"))?),
                    None => return Err(refuse("weights are integers")),
                },
                _ => return Err(refuse("a bucket is a variant and its weight")),
            };
            if matches!(variant, DataValue::Array(_) | DataValue::Object(_)) {
                return Err(refuse("a list or a map is no variant"));
            }
            variants.push(variant);
            weights.push(weight);
        }
        let unit = Self::unit(given, context)?;
        let splitter = splitter(self.generation, &weights).ok_or_else(|| refuse("the weights do not add up"))?;
        let chosen = splitter.place(unit.as_str()).variant;
        Ok(chosen.and_then(|chosen| variants.get(chosen as usize).copied()).unwrap_or(arena.alloc(DataValue::Null)))
    }
}

/// A result as the name of a variant.
pub(super) fn name<'v>(result: &'v DataValue<'_>) -> Option<std::borrow::Cow<'v, str>> {
    let value = match result {
        DataValue::Null => Value::Null,
        DataValue::Bool(value) => Value::Bool(*value),
        DataValue::String(text) => Value::Text(text),
        other => return Some(other.to_string().into()),
    };
    value.name().ok().flatten()
}
