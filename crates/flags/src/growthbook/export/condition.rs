//! Conditions in GrowthBook's words: what is about attributes, what is about shares, what is about other features.

use serde_json::{Map, Value as Json, json};

use super::super::mongo::ID;
use super::rule::by;
use super::{Cant, Writing};
use crate::bucket::Algorithm;
use crate::context::TARGETING_KEY;
use crate::model::{Condition, Operator, Split, Test};
use crate::operator::number;

/// Where GrowthBook says for whom a rule is; all of it has to hold.
#[derive(Default)]
pub(super) struct Parts {
    conditions: Vec<Json>,
    filters: Vec<Json>,
    parents: Vec<Json>,
}

impl Parts {
    pub(super) fn add(&mut self, condition: &Condition, writing: &Writing<'_>) -> Result<(), Cant> {
        match condition {
            Condition::All(all) => return all.iter().try_for_each(|one| self.add(one, writing)),
            Condition::Share(split) => self.filters.push(filter(split, writing.key)?),
            Condition::Flag(needed) => self.parents.push(writing.parent(needed, false)?),
            other => self.conditions.push(about_attributes(other, writing)?),
        }
        Ok(())
    }

    pub(super) fn write(mut self, rule: &mut Map<String, Json>) {
        let condition = match self.conditions.len() {
            0 => None,
            1 => self.conditions.pop(),
            _ => Some(json!({"$and": self.conditions})),
        };
        rule.extend(condition.map(|condition| ("condition".to_owned(), condition)));
        for (name, list) in [("filters", self.filters), ("parentConditions", self.parents)] {
            if !list.is_empty() {
                rule.insert(name.to_owned(), Json::Array(list));
            }
        }
    }
}

fn filter(split: &Split, key: &str) -> Result<Json, Cant> {
    let mut filter = Map::new();
    by(split, "attribute", Algorithm::GrowthBook2, &mut filter)?;
    if split.fallback_by.iter().any(|fallback| fallback != TARGETING_KEY) {
        return Err("GrowthBook's filters know no fallback".to_owned());
    }
    let coverage = f64::from(split.coverage.steps()) / f64::from(crate::BUCKETS);
    let ranges = match &split.ranges {
        Some(ranges) if coverage >= 1.0 => json!(ranges),
        // A coverage holds its end, so the range has to reach beyond it.
        None if coverage > 0.0 => json!([[0.0, coverage.next_up()]]),
        None => json!([]),
        Some(_) => return Err("ranges and a coverage are one too many".to_owned()),
    };
    filter.insert("seed".to_owned(), json!(split.salt.as_deref().unwrap_or(key)));
    filter.insert("ranges".to_owned(), ranges);
    Ok(Json::Object(filter))
}

/// A condition that asks only attributes.
fn about_attributes(condition: &Condition, writing: &Writing<'_>) -> Result<Json, Cant> {
    let several =
        |all: &[Condition]| all.iter().map(|one| about_attributes(one, writing)).collect::<Result<Vec<_>, _>>();
    Ok(match condition {
        Condition::Mongo(mongo) => Json::Object(mongo.clone()),
        Condition::All(all) => json!({"$and": several(all)?}),
        // To GrowthBook, one of none is fulfilled.
        Condition::Any(any) if any.is_empty() => json!({ID: {"$in": []}}),
        Condition::Any(any) => json!({"$or": several(any)?}),
        Condition::Not(not) => json!({"$not": about_attributes(not, writing)?}),
        Condition::Segment(name) => segment(name, writing)?,
        Condition::Test(test) => compared(test)?,
        Condition::Share(_) => return Err("a share within `any` or `not` has no place in GrowthBook".to_owned()),
        Condition::Flag(_) => return Err("another flag within `any` or `not` has no place in GrowthBook".to_owned()),
    })
}

/// Who is in a segment, written out: GrowthBook's saved groups are lists alone.
fn segment(name: &str, writing: &Writing<'_>) -> Result<Json, Cant> {
    let segment = writing.all.segments.get(name).ok_or_else(|| format!("there is no segment `{name}`"))?;
    let mut any = Vec::new();
    if !segment.include.is_empty() {
        any.push(json!({ID: {"$in": segment.include}}));
    }
    if let Some(when) = &segment.when {
        let mut all = vec![about_attributes(when, writing)?];
        if !segment.exclude.is_empty() {
            all.push(json!({ID: {"$nin": segment.exclude}}));
        }
        any.push(if all.len() == 1 { all.remove(0) } else { json!({"$and": all}) });
    }
    Ok(match any.len() {
        0 => json!({ID: {"$in": []}}),
        1 => any.remove(0),
        _ => json!({"$or": any}),
    })
}

/// A comparison that means the same in both languages.
fn compared(test: &Test) -> Result<Json, Cant> {
    let path = if test.attribute == TARGETING_KEY { ID } else { &test.attribute };
    // To us a text equals the number that it writes, and what is not there does not compare.
    let is_plain = |value: &Json| {
        value.as_str().is_some_and(|text| number::parse(text).is_none() && text != "true" && text != "false")
    };
    let operator = match (test.op, test.ignore_case, test.negate) {
        (Operator::Exists, ..) => return Ok(json!({path: {"$exists": !test.negate}})),
        (Operator::In, _, _) if !test.values.iter().all(is_plain) => {
            return Err("`in` compares numbers and booleans as texts, too, which GrowthBook does not".to_owned());
        }
        (Operator::In, false, false) => "$in",
        (Operator::In, false, true) => "$nin",
        (Operator::In, true, false) => "$ini",
        (Operator::In, true, true) => "$nini",
        _ => return Err(format!("`{}` means something else in GrowthBook: write it as `mongo`", name_of(test.op))),
    };
    Ok(json!({path: {operator: test.values}}))
}

fn name_of(operator: Operator) -> String {
    serde_json::to_value(operator).ok().and_then(|name| name.as_str().map(str::to_owned)).unwrap_or_default()
}
