//! Constraints as conditions.

use serde_json::Value as Json;

use super::read::{Notes, Object};
use crate::compile::NOW;
use crate::context::TARGETING_KEY;
use crate::model::{Condition, Moment, Operator, Test};
use crate::operator::network::Network;
use crate::operator::semver::{Reading, Version};
use crate::operator::{moment, number};

/// Under which name our contexts have a field of Unleash's.
pub(super) fn attribute(field: &str) -> String {
    match field {
        "userId" => TARGETING_KEY,
        "currentTime" => NOW,
        other => other,
    }
    .to_owned()
}

/// What holds for nobody.
pub(super) fn never() -> Condition {
    Condition::Any(Vec::new())
}

/// Several conditions as one.
pub(super) fn all(mut conditions: Vec<Condition>) -> Condition {
    conditions.retain(|condition| !condition.is_always());
    match conditions.pop() {
        Some(only) if conditions.is_empty() => only,
        Some(last) => {
            conditions.push(last);
            Condition::All(conditions)
        }
        None => Condition::default(),
    }
}

/// That a field equals one of these texts; without any nobody's does.
pub(super) fn is_one_of(field: &str, values: impl IntoIterator<Item = String>) -> Condition {
    compared(field, Operator::In, values.into_iter().map(Json::from).collect())
}

/// That a field compares with one of these; without any nobody's does.
pub(super) fn compared(field: &str, op: Operator, values: Vec<Json>) -> Condition {
    if values.is_empty() {
        return never();
    }
    Condition::Test(Test { attribute: attribute(field), op, values, ignore_case: false, negate: false })
}

/// All constraints of a strategy or a segment.
pub(super) fn all_of(object: &Object, notes: &mut Notes) -> Condition {
    let constraints = notes.objects(object, "constraints");
    let one = |(index, constraint)| {
        notes.within("constraints", |notes| notes.within(index, |notes| condition(constraint, notes)))
    };
    all(constraints.into_iter().map(one).collect())
}

/// A constraint. One that Unleash's clients can't read never holds, inverted or not, as in Unleash's own evaluator,
/// where it makes its strategy false.
fn condition(constraint: &Object, notes: &mut Notes) -> Condition {
    let field = notes.text(constraint, "contextName");
    let operator = notes.text(constraint, "operator");
    let (Some(field), Some(operator)) = (field, operator) else {
        notes.problem("a constraint needs `contextName` and `operator`");
        return never();
    };
    let ignore_case = notes.boolean(constraint, "caseInsensitive").unwrap_or(false);
    let inverted = notes.boolean(constraint, "inverted").unwrap_or(false);
    let Some(read) = Compared::read(operator, constraint, notes) else {
        return never();
    };
    let negate = inverted != (operator == "NOT_IN");
    if read.values.is_empty() {
        return if negate { Condition::default() } else { never() };
    }
    let heeds_case = matches!(read.op, Operator::Contains | Operator::StartsWith | Operator::EndsWith);
    let ignore_case = ignore_case && (heeds_case || read.op == Operator::Matches);
    Condition::Test(Test { attribute: attribute(field), op: read.op, values: read.values, ignore_case, negate })
}

/// An operator and what it compares with.
struct Compared {
    op: Operator,
    values: Vec<Json>,
}

impl Compared {
    /// `None`, with a warning, for what never holds.
    fn read(operator: &str, constraint: &Object, notes: &mut Notes) -> Option<Self> {
        let one = |op, value| Some(Self { op, values: vec![value] });
        let texts = |op, notes: &mut Notes| {
            let values = notes.scalars(constraint, "values").into_iter().map(Json::from).collect();
            Some(Self { op, values })
        };
        match operator {
            "IN" | "NOT_IN" => texts(Operator::In, notes),
            "STR_CONTAINS" => texts(Operator::Contains, notes),
            "STR_STARTS_WITH" => texts(Operator::StartsWith, notes),
            "STR_ENDS_WITH" => texts(Operator::EndsWith, notes),
            "NUM_EQ" => one(Operator::NumberEquals, a_number(constraint, notes)?),
            "NUM_GT" => one(Operator::MoreThan, a_number(constraint, notes)?),
            "NUM_GTE" => one(Operator::AtLeast, a_number(constraint, notes)?),
            "NUM_LT" => one(Operator::LessThan, a_number(constraint, notes)?),
            "NUM_LTE" => one(Operator::AtMost, a_number(constraint, notes)?),
            // Moments are whole milliseconds, and so after one is at the next or later.
            "DATE_AFTER" => one(Operator::After, a_moment(constraint, 1, notes)?),
            "DATE_BEFORE" => one(Operator::Before, a_moment(constraint, 0, notes)?),
            "SEMVER_EQ" => one(Operator::SemverEquals, a_version(constraint, notes)?),
            "SEMVER_GT" => one(Operator::SemverMore, a_version(constraint, notes)?),
            "SEMVER_GTE" => one(Operator::SemverAtLeast, a_version(constraint, notes)?),
            "SEMVER_LT" => one(Operator::SemverLess, a_version(constraint, notes)?),
            "SEMVER_LTE" => one(Operator::SemverAtMost, a_version(constraint, notes)?),
            "REGEX" => one(Operator::Matches, an_expression(constraint, notes)?),
            "IN_CIDR" => {
                let texts = notes.scalars(constraint, "values");
                let values = notes.within("values", |notes| networks(texts, notes));
                (!values.is_empty()).then_some(Self { op: Operator::InNetwork, values })
            }
            unknown => {
                notes.within("operator", |notes| {
                    notes.warning(format_args!(
                        "`{}` is no operator of Unleash, so it never holds",
                        unknown.escape_debug()
                    ));
                });
                None
            }
        }
    }
}

/// The networks among these texts; Unleash passes over what is none.
pub(super) fn networks(texts: Vec<String>, notes: &mut Notes) -> Vec<Json> {
    let is_network = |text: &String| {
        let is_network = Network::parse(text).is_some();
        if !is_network {
            notes.warning(format_args!("`{}` is no address and no network, and is passed over", text.escape_debug()));
        }
        is_network
    };
    texts.into_iter().filter(is_network).map(Json::from).collect()
}

/// The entry `value`, read; a warning where it can't be.
fn value<T>(constraint: &Object, kind: &str, notes: &mut Notes, read: impl FnOnce(&str) -> Option<T>) -> Option<T> {
    let text = notes.scalar(constraint, "value").unwrap_or_default();
    let found = read(&text);
    if found.is_none() {
        notes.within("value", |notes| {
            notes.warning(format_args!("`{}` is no {kind}, so it never holds", text.escape_debug()));
        });
    }
    found
}

fn a_number(constraint: &Object, notes: &mut Notes) -> Option<Json> {
    value(constraint, "number", notes, |text| {
        let text = text.trim();
        let number = number::parse(text)?;
        Some(text.parse::<i64>().map_or_else(|_| Json::from(number), Json::from))
    })
}

fn a_moment(constraint: &Object, later: i64, notes: &mut Notes) -> Option<Json> {
    value(constraint, "moment", notes, |text| {
        let moment = moment::parse(text.trim())?;
        Some(Json::from(Moment::from_millis(moment + later).to_string()))
    })
}

fn a_version(constraint: &Object, notes: &mut Notes) -> Option<Json> {
    value(constraint, "version", notes, |text| {
        Version::parse(text, Reading::Strict).is_some().then(|| Json::from(text))
    })
}

#[cfg(feature = "regex")]
fn an_expression(constraint: &Object, notes: &mut Notes) -> Option<Json> {
    value(constraint, "regular expression that runs in linear time", notes, |text| {
        crate::compile::expression(text, false).is_some().then(|| Json::from(text))
    })
}

#[cfg(not(feature = "regex"))]
fn an_expression(_: &Object, notes: &mut Notes) -> Option<Json> {
    notes.problem("`REGEX` needs the feature `regex`");
    None
}
