//! GrowthBook's language of conditions, compiled and asked.
//!
//! Source: growthbook/growthbook, `packages/sdk-js/src/mongrule.ts`, and its documentation of targeting conditions.

use std::cmp::Ordering;

use serde_json::{Map, Value as Json};

use super::expression;
use super::javascript::{NumberText, Value};
use super::operand::{Bound, Exact, Listed, Nature};
use crate::compile::Problems;
use crate::context::{Context, TARGETING_KEY};
use crate::operator::padded_version;

/// A condition in GrowthBook's language, ready for evaluation.
#[derive(Debug)]
pub(crate) struct Matcher(Clause);

/// What is asked of an object.
#[derive(Debug)]
enum Clause {
    All(Box<[Self]>),
    Any(Box<[Self]>),
    Not(Box<Self>),
    At(Box<[Box<str>]>, Check),
}

/// What is asked of a value.
#[derive(Debug)]
enum Check {
    All(Box<[Self]>),
    Not(Box<Self>),
    Text(Box<str>),
    FoldedText(Box<str>),
    Number(f64),
    Truth(bool),
    Json(Json),
    Exact(Exact),
    Order(fn(Ordering) -> bool, Bound),
    Version(fn(Ordering) -> bool, Box<str>),
    In(Listed),
    InFolded(Box<[Exact]>),
    Exists,
    Size(Box<Self>),
    Item(Box<Self>),
    ItemWhere(Box<Clause>),
    Every(Box<[Self]>),
    Matches(regex::Regex),
    Is(Nature),
}

/// How deep conditions may be nested: evaluation recurses.
const DEEPEST: usize = 32;

/// The attribute by which GrowthBook tells units apart where nothing else is said.
pub(super) const ID: &str = "id";

impl Matcher {
    pub(crate) fn new(condition: &Map<String, Json>, problems: &mut Problems) -> Self {
        Self(Clause::all(condition, problems, 0))
    }

    pub(crate) fn holds(&self, context: &Context<'_>) -> bool {
        self.0.holds(Root::Context(context))
    }
}

/// What paths begin at.
#[derive(Clone, Copy)]
enum Root<'r> {
    Context(&'r Context<'r>),
    Value(Value<'r>),
}

impl<'r> Root<'r> {
    fn find(self, path: &[Box<str>]) -> Value<'r> {
        let Some((first, rest)) = path.split_first() else { return Value::Null };
        let start = match self {
            Self::Value(value) => value.entry(first),
            Self::Context(context) => match context.attribute(first) {
                Some(attribute) => Value::of(attribute),
                // GrowthBook's name for it, and ours.
                None if matches!(&**first, ID | TARGETING_KEY) => {
                    context.targeting_key().map_or(Value::Null, Value::Text)
                }
                None => Value::Null,
            },
        };
        rest.iter().fold(start, |value, step| value.entry(step))
    }
}

/// Whether an object's keys are operators, all of them.
pub(super) fn has_operators(object: &Map<String, Json>) -> bool {
    !object.is_empty() && object.keys().all(|key| key.starts_with('$'))
}

impl Clause {
    fn all(condition: &Map<String, Json>, problems: &mut Problems, depth: usize) -> Self {
        if depth > DEEPEST {
            problems.push(format!("conditions are nested more than {DEEPEST} deep"));
            return Self::Any(Box::default());
        }
        let clause = |(key, value): (&String, &Json)| {
            problems.enter(key.as_str().into());
            let clause = Self::one(key, value, problems, depth);
            problems.leave();
            clause
        };
        let mut clauses: Vec<Self> = condition.iter().map(clause).collect();
        if clauses.len() == 1 { clauses.remove(0) } else { Self::All(clauses.into()) }
    }

    fn one(key: &str, value: &Json, problems: &mut Problems, depth: usize) -> Self {
        let negate = |clause| Self::Not(Box::new(clause));
        match key {
            "$and" => Self::All(Self::several(value, problems, depth)),
            "$or" => Self::or(value, problems, depth),
            "$nor" => negate(Self::or(value, problems, depth)),
            "$not" => negate(Self::object(value, problems, depth)),
            path => Self::At(path.split('.').map(Into::into).collect(), Check::new(value, problems, depth + 1)),
        }
    }

    /// Without any condition it holds.
    fn or(value: &Json, problems: &mut Problems, depth: usize) -> Self {
        let clauses = Self::several(value, problems, depth);
        if clauses.is_empty() { Self::All(clauses) } else { Self::Any(clauses) }
    }

    fn several(value: &Json, problems: &mut Problems, depth: usize) -> Box<[Self]> {
        let Some(items) = value.as_array() else {
            problems.push("a list of conditions is needed");
            return Box::default();
        };
        let clause = |(index, item): (usize, &Json)| {
            problems.enter(index.into());
            let clause = Self::object(item, problems, depth);
            problems.leave();
            clause
        };
        items.iter().enumerate().map(clause).collect()
    }

    fn object(value: &Json, problems: &mut Problems, depth: usize) -> Self {
        match value.as_object() {
            Some(condition) => Self::all(condition, problems, depth + 1),
            None => {
                problems.push("a condition is an object");
                Self::Any(Box::default())
            }
        }
    }

    fn holds(&self, root: Root<'_>) -> bool {
        match self {
            Self::All(clauses) => clauses.iter().all(|clause| clause.holds(root)),
            Self::Any(clauses) => clauses.iter().any(|clause| clause.holds(root)),
            Self::Not(clause) => !clause.holds(root),
            Self::At(path, check) => check.accepts(root.find(path)),
        }
    }
}

/// What is wrong with an operator or what it compares with. GrowthBook then takes it as not fulfilled.
pub(super) fn mistake(operator: &str, operand: &Json) -> Option<&'static str> {
    match operator {
        "$in" | "$nin" | "$ini" | "$nini" | "$all" | "$alli" => (!operand.is_array()).then_some("it needs a list"),
        "$regex" | "$regexi" => match operand.as_str() {
            None => Some("it needs a text"),
            Some(text) => (!expression::is_beyond(text) && expression::compile(text, false).is_none())
                .then_some("the regular expression is none"),
        },
        "$type" => Nature::named(operand).is_none().then_some("there is no such type"),
        "$eq" | "$ne" | "$lt" | "$lte" | "$gt" | "$gte" | "$exists" | "$not" | "$size" | "$elemMatch" | "$veq"
        | "$vne" | "$vgt" | "$vgte" | "$vlt" | "$vlte" => None,
        _ => Some("there is no such operator"),
    }
}

impl Check {
    fn new(value: &Json, problems: &mut Problems, depth: usize) -> Self {
        match value {
            Json::String(text) => Self::Text(text.as_str().into()),
            Json::Number(number) => Self::Number(number.as_f64().unwrap_or(f64::NAN)),
            Json::Bool(value) => Self::Truth(*value),
            Json::Null => Self::Exact(Exact::Null),
            Json::Object(object) if has_operators(object) => Self::operators(object, problems, depth),
            Json::Array(_) | Json::Object(_) => Self::Json(value.clone()),
        }
    }

    fn operators(object: &Map<String, Json>, problems: &mut Problems, depth: usize) -> Self {
        if depth > DEEPEST {
            problems.push(format!("conditions are nested more than {DEEPEST} deep"));
            return Self::All(Box::default());
        }
        let check = |(operator, operand): (&String, &Json)| {
            problems.enter(operator.as_str().into());
            let check = match mistake(operator, operand) {
                None => Self::operator(operator, operand, problems, depth),
                Some(mistake) => {
                    problems.push(format!("`{operator}`: {mistake}"));
                    Self::All(Box::default())
                }
            };
            problems.leave();
            check
        };
        let mut checks: Vec<Self> = object.iter().map(check).collect();
        if checks.len() == 1 { checks.remove(0) } else { Self::All(checks.into()) }
    }

    fn operator(operator: &str, operand: &Json, problems: &mut Problems, depth: usize) -> Self {
        let negate = |check| Self::Not(Box::new(check));
        let list = operand.as_array().map(Vec::as_slice).unwrap_or_default();
        let folded = || Self::InFolded(list.iter().map(|item| Exact::new(item).folded()).collect());
        let version = |wanted| Self::Version(wanted, version_of(operand));
        let order = |wanted, problems: &mut Problems| match Bound::new(operand) {
            Some(bound) => Self::Order(wanted, bound),
            None => {
                problems.push("a text or a number is needed");
                Self::All(Box::default())
            }
        };
        let every = |ignore_case, problems: &mut Problems| {
            let one = |item| match Self::new(item, problems, depth + 1) {
                Self::Text(text) if ignore_case => Self::FoldedText(text.to_lowercase().into()),
                check => check,
            };
            Self::Every(list.iter().map(one).collect())
        };
        match operator {
            "$eq" => Self::Exact(Exact::new(operand)),
            "$ne" => negate(Self::Exact(Exact::new(operand))),
            "$lt" => order(Ordering::is_lt, problems),
            "$lte" => order(Ordering::is_le, problems),
            "$gt" => order(Ordering::is_gt, problems),
            "$gte" => order(Ordering::is_ge, problems),
            "$veq" => version(Ordering::is_eq),
            "$vne" => version(Ordering::is_ne),
            "$vlt" => version(Ordering::is_lt),
            "$vlte" => version(Ordering::is_le),
            "$vgt" => version(Ordering::is_gt),
            "$vgte" => version(Ordering::is_ge),
            "$exists" if is_truthy(operand) => Self::Exists,
            "$exists" => negate(Self::Exists),
            "$in" => Self::In(Listed::new(list)),
            "$nin" => negate(Self::In(Listed::new(list))),
            "$ini" => folded(),
            "$nini" => negate(folded()),
            "$not" => negate(Self::new(operand, problems, depth + 1)),
            "$size" => Self::Size(Box::new(Self::new(operand, problems, depth + 1))),
            "$elemMatch" => Self::item(operand, problems, depth),
            "$all" => every(false, problems),
            "$alli" => every(true, problems),
            "$type" => Nature::named(operand).map_or(Self::All(Box::default()), Self::Is),
            _ => Self::regex(operand, operator == "$regexi", problems),
        }
    }

    fn item(operand: &Json, problems: &mut Problems, depth: usize) -> Self {
        match operand {
            Json::Object(object) if has_operators(object) => {
                Self::Item(Box::new(Self::operators(object, problems, depth + 1)))
            }
            _ => Self::ItemWhere(Box::new(Clause::object(operand, problems, depth))),
        }
    }

    fn regex(operand: &Json, ignore_case: bool, problems: &mut Problems) -> Self {
        match operand.as_str().and_then(|text| expression::compile(text, ignore_case)) {
            Some(expression) => Self::Matches(expression),
            None => {
                problems.push("regular expressions that look around or back can't be carried over");
                Self::All(Box::default())
            }
        }
    }

    fn accepts(&self, value: Value<'_>) -> bool {
        match self {
            Self::All(checks) => checks.iter().all(|check| check.accepts(value)),
            Self::Not(check) => !check.accepts(value),
            Self::Text(text) => value.is_text(text),
            Self::FoldedText(text) => value.is_folded_text(text),
            Self::Number(number) => value.number() == *number,
            Self::Truth(wanted) => !value.is_null() && value.is_truthy() == *wanted,
            Self::Json(json) => value.is_json(json),
            Self::Exact(exact) => exact.is(value),
            Self::Order(wanted, bound) => bound.order(value).is_some_and(wanted),
            Self::Version(wanted, version) => wanted(compare_versions(value, version)),
            Self::In(listed) => any(value, |value| listed.has(value)),
            Self::InFolded(wanted) => any(value, |value| wanted.iter().any(|wanted| wanted.is_folded(value))),
            Self::Exists => !value.is_null(),
            Self::Size(check) => match value {
                Value::List(items) => check.accepts(Value::Number(items.len() as f64)),
                _ => false,
            },
            Self::Item(check) => has_item(value, |item| item.is_truthy() && check.accepts(item)),
            Self::ItemWhere(clause) => has_item(value, |item| item.is_truthy() && clause.holds(Root::Value(item))),
            Self::Every(checks) => {
                let is_list = matches!(value, Value::List(_));
                is_list && checks.iter().all(|check| has_item(value, |item| check.accepts(item)))
            }
            Self::Matches(expression) => match value {
                Value::Text(text) => expression.is_match(text),
                Value::Number(number) => expression.is_match(NumberText::of(number).as_str()),
                other => {
                    // Only here something is written down: patterns need a whole text.
                    let mut text = String::new();
                    other.write(&mut text).is_ok() && expression.is_match(&text)
                }
            },
            Self::Is(nature) => nature.is(value),
        }
    }
}

/// A list shares an item with what is wanted; anything else is wanted itself.
fn any(value: Value<'_>, accepts: impl Fn(Value<'_>) -> bool) -> bool {
    match value {
        Value::List(_) => has_item(value, accepts),
        other => accepts(other),
    }
}

fn has_item(value: Value<'_>, accepts: impl Fn(Value<'_>) -> bool) -> bool {
    matches!(value, Value::List(items) if items.iter().any(|item| accepts(Value::of(item))))
}

fn is_truthy(json: &Json) -> bool {
    match json {
        Json::Null => false,
        Json::Bool(value) => *value,
        Json::Number(number) => number.as_f64() != Some(0.0),
        Json::String(text) => !text.is_empty(),
        Json::Array(_) | Json::Object(_) => true,
    }
}

/// A version's text; what is none counts as `0`.
fn version_of(json: &Json) -> Box<str> {
    match json {
        Json::String(text) => text.as_str().into(),
        Json::Number(number) => NumberText::of(number.as_f64().unwrap_or_default()).as_str().into(),
        _ => "0".into(),
    }
}

fn compare_versions(value: Value<'_>, version: &str) -> Ordering {
    match value {
        Value::Text(text) => padded_version::compare(text, version),
        Value::Number(number) => padded_version::compare(NumberText::of(number).as_str(), version),
        _ => padded_version::compare("0", version),
    }
}
