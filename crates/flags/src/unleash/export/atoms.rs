//! Conditions taken apart: alternatives, each of which asks several things that Unleash can ask.

use serde_json::{Value as Json, json};

use super::Said;
use crate::compile::NOW;
use crate::context::TARGETING_KEY;
use crate::model::{Condition, Moment, Operator, Split, Test};
use crate::operator::moment;

/// How many alternatives a condition may come to: each is a strategy.
const MOST_ALTERNATIVES: usize = 64;

/// One thing that is asked.
#[derive(Debug, Clone)]
pub(super) enum Atom<'c> {
    Test(&'c Test, bool),
    Segment(&'c str),
    Share(&'c Split),
}

/// A condition as alternatives, none of which holds for anybody where there are none.
pub(super) fn alternatives(condition: &Condition) -> Said<Vec<Vec<Atom<'_>>>> {
    taken_apart(condition, false)
}

fn taken_apart(condition: &Condition, negated: bool) -> Said<Vec<Vec<Atom<'_>>>> {
    let one = |atom| Ok(vec![vec![atom]]);
    match condition {
        Condition::All(list) if !negated => every(list, negated),
        Condition::Any(list) if negated => every(list, negated),
        Condition::All(list) | Condition::Any(list) => {
            let mut found = Vec::new();
            for condition in list {
                found.append(&mut taken_apart(condition, negated)?);
                few(&found)?;
            }
            Ok(found)
        }
        Condition::Not(inner) => taken_apart(inner, !negated),
        Condition::Test(test) => one(Atom::Test(test, test.negate != negated)),
        Condition::Segment(name) if !negated => one(Atom::Segment(name)),
        Condition::Share(split) if !negated => one(Atom::Share(split)),
        Condition::Segment(_) => Err("Unleash can't ask who is not in a segment".to_owned()),
        Condition::Share(_) => Err("Unleash can't ask who is not in a share".to_owned()),
        Condition::Flag(_) => Err("Unleash's strategies can't ask other flags".to_owned()),
        Condition::Mongo(_) => Err("Unleash does not know GrowthBook's conditions".to_owned()),
    }
}

/// All of several conditions: each alternative of one with each of the others.
fn every(list: &[Condition], negated: bool) -> Said<Vec<Vec<Atom<'_>>>> {
    let mut found: Vec<Vec<Atom<'_>>> = vec![Vec::new()];
    for condition in list {
        let next = taken_apart(condition, negated)?;
        found = found
            .iter()
            .flat_map(|before| next.iter().map(|more| before.iter().chain(more).cloned().collect()))
            .collect();
        few(&found)?;
    }
    Ok(found)
}

fn few(found: &[Vec<Atom<'_>>]) -> Said<()> {
    match found.len() {
        ..=MOST_ALTERNATIVES => Ok(()),
        _ => Err(format!("its alternatives come to more than {MOST_ALTERNATIVES} strategies")),
    }
}

impl Atom<'_> {
    pub(super) fn as_constraint(&self) -> Said<Json> {
        match self {
            Self::Test(test, negate) => tested(test, *negate),
            Self::Segment(_) => Err("Unleash's segments ask no other segments".to_owned()),
            Self::Share(_) => Err("Unleash's segments have no shares".to_owned()),
        }
    }
}

/// Unleash's name for an attribute.
pub(super) fn field(attribute: &str) -> &str {
    match attribute {
        TARGETING_KEY => "userId",
        NOW => "currentTime",
        other => other,
    }
}

/// A constraint; what it compares with is a list or one value.
pub(super) fn constraint(field: &str, operator: &str, wanted: Json) -> Json {
    let key = if wanted.is_array() { "values" } else { "value" };
    json!({"contextName": field, "operator": operator, key: wanted})
}

fn tested(test: &Test, negate: bool) -> Said<Json> {
    let (operator, wanted) = match test.op {
        Operator::In => ("IN", texts(test)?),
        Operator::Contains => ("STR_CONTAINS", texts(test)?),
        Operator::StartsWith => ("STR_STARTS_WITH", texts(test)?),
        Operator::EndsWith => ("STR_ENDS_WITH", texts(test)?),
        Operator::InNetwork => ("IN_CIDR", texts(test)?),
        Operator::Matches => ("REGEX", single(test)?),
        Operator::NumberEquals => ("NUM_EQ", single(test)?),
        Operator::LessThan => ("NUM_LT", single(test)?),
        Operator::AtMost => ("NUM_LTE", single(test)?),
        Operator::MoreThan => ("NUM_GT", single(test)?),
        Operator::AtLeast => ("NUM_GTE", single(test)?),
        Operator::SemverEquals => ("SEMVER_EQ", single(test)?),
        Operator::SemverLess => ("SEMVER_LT", single(test)?),
        Operator::SemverAtMost => ("SEMVER_LTE", single(test)?),
        Operator::SemverMore => ("SEMVER_GT", single(test)?),
        Operator::SemverAtLeast => ("SEMVER_GTE", single(test)?),
        Operator::Before => ("DATE_BEFORE", dated(test, 0)?),
        // Moments are whole milliseconds, and Unleash leaves out the one that is named.
        Operator::After => ("DATE_AFTER", dated(test, -1)?),
        Operator::Like => return Err("Unleash has no operator for `like`".to_owned()),
        Operator::Is => return Err("Unleash has no operator for `is`".to_owned()),
        Operator::Exists => return Err("Unleash has no operator for `exists`".to_owned()),
    };
    let may_ignore_case =
        matches!(test.op, Operator::Contains | Operator::StartsWith | Operator::EndsWith | Operator::Matches);
    if test.ignore_case && !may_ignore_case {
        return Err("Unleash heeds case where it compares whole texts".to_owned());
    }
    let mut constraint = constraint(field(&test.attribute), operator, wanted);
    if test.ignore_case {
        constraint["caseInsensitive"] = true.into();
    }
    if negate {
        constraint["inverted"] = true.into();
    }
    Ok(constraint)
}

fn texts(test: &Test) -> Said<Json> {
    match test.values.iter().all(Json::is_string) {
        true => Ok(test.values.clone().into()),
        false => Err(format!("Unleash compares `{}` with texts alone", test.attribute)),
    }
}

fn single(test: &Test) -> Said<Json> {
    match &test.values[..] {
        [Json::String(text)] => Ok(json!(text)),
        [Json::Number(number)] => Ok(json!(number.to_string())),
        _ => Err(format!("Unleash compares `{}` with one value", test.attribute)),
    }
}

fn dated(test: &Test, later: i64) -> Said<Json> {
    let millis = match &test.values[..] {
        [Json::String(text)] => moment::parse(text),
        [Json::Number(number)] => number.as_f64().and_then(moment::from_milliseconds),
        _ => None,
    };
    let millis = millis.ok_or_else(|| format!("Unleash compares `{}` with one moment", test.attribute))?;
    Ok(json!(Moment::from_millis(millis + later).to_string()))
}
