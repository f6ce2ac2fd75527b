//! Features that a rule needs, as conditions about flags.

use std::collections::BTreeMap;

use serde_json::{Map, Value as Json};

use super::mongo::Matcher;
use super::notes::Notes;
use super::{Known, condition};
use crate::compile::Problems;
use crate::context::{Attribute, Context};
use crate::model::{Condition, Prerequisite};

/// A feature that a rule needs.
pub(super) struct Parent {
    /// Holds where the feature serves what is needed.
    pub(super) condition: Condition,
    /// Without it the whole flag is off, not just the rule.
    pub(super) gate: bool,
}

/// The features that a rule or an experiment needs, in their order.
pub(super) fn import(rule: &Map<String, Json>, known: &Known<'_>, notes: &mut Notes) -> Vec<Parent> {
    let parents = notes.list(rule, "parentConditions").unwrap_or_default();
    let one = |(index, parent): (usize, &Json)| {
        notes.within(format!("parentConditions.{index}"), |notes| one(parent, known, notes))
    };
    parents.iter().enumerate().filter_map(one).collect()
}

fn one(parent: &Json, known: &Known<'_>, notes: &mut Notes) -> Option<Parent> {
    let Some(parent) = parent.as_object() else {
        notes.refuse("", "an object is needed");
        return None;
    };
    let Some(feature) = notes.text(parent, "id") else {
        notes.refuse("id", "the feature that is needed has to be named");
        return None;
    };
    let Some(variants) = known.shapes.get(feature) else {
        notes.refuse("id", format!("there is no feature `{}`", feature.escape_debug()));
        return None;
    };
    let gate = notes.boolean(parent, "gate");
    let empty = Map::new();
    let wanted = notes.object(parent, "condition").unwrap_or(&empty);
    let condition = notes.within("condition", |notes| serves(feature, wanted, variants, notes));
    Some(Parent { condition, gate })
}

/// That a feature's value fulfils a condition. Which of its variants do is known beforehand.
fn serves(
    feature: &str,
    wanted: &Map<String, Json>,
    variants: &BTreeMap<String, Json>,
    notes: &mut Notes,
) -> Condition {
    // Saved groups are not looked at here by GrowthBook, either.
    let wanted = condition::clean_condition(wanted, &Map::new(), notes, 0);
    let mut problems = Problems::default();
    let matcher = Matcher::new(&wanted, &mut problems);
    for problem in problems.finish() {
        notes.refuse("", problem.to_string());
    }
    let fulfils = |value: &Json| matcher.holds(&Context::anonymous().with("value", Attribute::from(value)));
    let (good, bad): (Vec<_>, Vec<_>) = variants.iter().partition(|(_, value)| fulfils(value));
    // A feature that is off, or serves no value, has the value null.
    let negate = fulfils(&Json::Null);
    let named = if negate { bad } else { good };
    let variant: Vec<String> = named.into_iter().map(|(name, _)| name.clone()).collect();
    match (variant.is_empty(), negate) {
        (false, negate) => Condition::Flag(Prerequisite { flag: feature.to_owned(), variant, negate }),
        (true, true) => Condition::default(),
        (true, false) => Condition::Any(Vec::new()),
    }
}
