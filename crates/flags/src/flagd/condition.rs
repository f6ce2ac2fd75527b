//! Conditions of ours as JsonLogic.

use std::collections::BTreeMap;

use serde_json::{Value as Json, json};

use super::check::within;
use crate::compile::Problems;
use crate::context::TARGETING_KEY;
use crate::model::{Condition, Operator, Segment, Test};
use crate::operator::number;

/// What conditions may speak of, and what is found on the way.
#[derive(Debug)]
pub(super) struct Conditions<'c> {
    /// The segments that could be written.
    pub(super) segments: &'c BTreeMap<String, Json>,
    /// Attributes of which flagd sees less than we do.
    pub(super) loose: Vec<String>,
}

impl Conditions<'_> {
    /// A condition; what flagd can't say is told.
    pub(super) fn condition(&mut self, condition: &Condition, problems: &mut Problems) -> Json {
        let several = |this: &mut Self, field: &'static str, all: &[Condition], problems: &mut Problems| {
            within(field, problems, |problems| {
                let one = |(index, one): (usize, &Condition)| {
                    within(index, problems, |problems| this.condition(one, problems))
                };
                all.iter().enumerate().map(one).collect::<Vec<Json>>()
            })
        };
        match condition {
            Condition::All(all) if all.is_empty() => true.into(),
            Condition::Any(any) if any.is_empty() => false.into(),
            Condition::All(all) => json!({"and": several(self, "all", all, problems)}),
            Condition::Any(any) => json!({"or": several(self, "any", any, problems)}),
            Condition::Not(not) => {
                json!({"!": [within("not", problems, |problems| self.condition(not, problems))]})
            }
            Condition::Segment(name) => within("segment", problems, |problems| {
                if !self.segments.contains_key(name) {
                    problems.push(format!("the segment `{}` can't be written for flagd", name.escape_debug()));
                }
                json!({"$ref": name})
            }),
            Condition::Share(_) => within("share", problems, |problems| {
                problems.push("flagd knows no shares as conditions");
                Json::Null
            }),
            Condition::Flag(_) => within("flag", problems, |problems| {
                problems.push("flagd knows no conditions about other flags");
                Json::Null
            }),
            Condition::Mongo(_) => within("mongo", problems, |problems| {
                problems.push("flagd does not know GrowthBook's conditions");
                Json::Null
            }),
            Condition::Test(test) => self.test(test, problems),
        }
    }

    fn test(&mut self, test: &Test, problems: &mut Problems) -> Json {
        within("attribute", problems, |problems| check_attribute(&test.attribute, problems));
        if test.ignore_case {
            within("ignore_case", problems, |problems| problems.push("flagd heeds case"));
        }
        let var = json!({"var": test.attribute});
        let is_there = json!({"!==": [var, null]});
        let each = |make: &dyn Fn(&Json) -> Json| any(test.values.iter().map(make).collect());
        // Where the attribute is not there, ours does not hold, and flagd would take null for 0, or fail.
        let there = |rule: Json| json!({"and": [is_there, rule]});
        let ordered = |name: &str| there(each(&|value| json!({name: [var, as_number(value)]})));
        let version = |name: &str| there(each(&|value| json!({"sem_ver": [var, name, value]})));
        let rule = match test.op {
            Operator::Exists => is_there.clone(),
            Operator::Is => match test.values.as_slice() {
                [one] => json!({"===": [var, one]}),
                all => json!({"in": [var, all]}),
            },
            Operator::In => json!({"in": [var, test.values.iter().flat_map(forms).collect::<Vec<_>>()]}),
            Operator::Contains => each(&|value| json!({"in": [as_text(value), var]})),
            Operator::StartsWith => there(each(&|value| json!({"starts_with": [var, as_text(value)]}))),
            Operator::EndsWith => there(each(&|value| json!({"ends_with": [var, as_text(value)]}))),
            Operator::NumberEquals => ordered("=="),
            Operator::LessThan => ordered("<"),
            Operator::AtMost => ordered("<="),
            Operator::MoreThan => ordered(">"),
            Operator::AtLeast => ordered(">="),
            Operator::SemverEquals => version("="),
            Operator::SemverLess => version("<"),
            Operator::SemverAtMost => version("<="),
            Operator::SemverMore => version(">"),
            Operator::SemverAtLeast => version(">="),
            Operator::Matches | Operator::Like | Operator::Before | Operator::After | Operator::InNetwork => {
                let name = serde_json::to_value(test.op).unwrap_or_default();
                within("op", problems, |problems| problems.push(format!("flagd knows no operator like {name}")));
                return Json::Null;
            }
        };
        let is_exact = matches!(test.op, Operator::Exists | Operator::Is) || test.attribute == TARGETING_KEY;
        if !is_exact && !self.loose.contains(&test.attribute) {
            self.loose.push(test.attribute.clone());
        }
        if test.negate { json!({"!": [rule]}) } else { rule }
    }
}

/// A segment.
pub(super) fn segment(segment: &Segment, conditions: &mut Conditions<'_>, problems: &mut Problems) -> Json {
    let units = |units: &std::collections::BTreeSet<String>| json!({"in": [{"var": TARGETING_KEY}, units]});
    let mut alternatives = Vec::new();
    if !segment.include.is_empty() {
        alternatives.push(units(&segment.include));
    }
    if let Some(when) = &segment.when {
        let when = within("when", problems, |problems| conditions.condition(when, problems));
        alternatives.push(match segment.exclude.is_empty() {
            true => when,
            false => json!({"and": [{"!": [units(&segment.exclude)]}, when]}),
        });
    }
    match any(alternatives) {
        rule @ Json::Object(_) => rule,
        // An evaluator is a rule, and no value.
        value => json!({"!!": [value]}),
    }
}

/// Says what can't be asked for.
pub(super) fn check_attribute(name: &str, problems: &mut Problems) {
    if ["", "now", "current", "accumulator", "$flagd"].contains(&name) || name.starts_with("$flagd.") {
        problems.push(format!("flagd can't look up an attribute `{}`", name.escape_debug()));
    }
}

fn any(mut alternatives: Vec<Json>) -> Json {
    match alternatives.len() {
        0 => false.into(),
        1 => alternatives.remove(0),
        _ => json!({"or": alternatives}),
    }
}

/// A value and what else equals it for our `in`: flagd's converts nothing.
fn forms(value: &Json) -> Vec<Json> {
    let other = match value {
        Json::String(text) if text == "true" => Some(true.into()),
        Json::String(text) if text == "false" => Some(false.into()),
        Json::String(text) => number::parse(text).map(|number| as_number(&number.into())),
        Json::Bool(_) | Json::Number(_) => Some(value.to_string().into()),
        _ => None,
    };
    std::iter::once(value.clone()).chain(other).collect()
}

fn as_text(value: &Json) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn as_number(value: &Json) -> Json {
    let number = value.as_f64().or_else(|| number::parse(value.as_str()?));
    match number {
        Some(number) if number.fract() == 0.0 && number.abs() < 9e15 => (number as i64).into(),
        Some(number) => number.into(),
        None => value.clone(),
    }
}
