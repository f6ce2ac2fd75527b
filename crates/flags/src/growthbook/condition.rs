//! GrowthBook's conditions as ours: what puts them together becomes `all`, `any` and `not`, a saved group a segment, and
//! what compares stays as it is written, since it compares as JavaScript does.

use serde_json::{Map, Value as Json, json};

use super::Known;
use super::mongo::{has_operators, mistake};
use super::notes::Notes;
use crate::model::{Condition, Segment};

/// How deep conditions are followed; what is deeper is refused when it is compiled.
const DEEPEST: usize = 40;

/// A condition's meaning.
pub(super) fn import(condition: &Map<String, Json>, known: &mut Known<'_>, notes: &mut Notes) -> Condition {
    nested(condition, known, notes, 0)
}

fn nested(condition: &Map<String, Json>, known: &mut Known<'_>, notes: &mut Notes, depth: usize) -> Condition {
    if depth > DEEPEST {
        notes.refuse("", format!("conditions are nested more than {DEEPEST} deep"));
        return Condition::default();
    }
    let (mut all, mut compared) = (Vec::new(), Map::new());
    for (key, value) in condition {
        notes.within(key, |notes| match key.as_str() {
            "$and" => all.extend(several(value, known, notes, depth)),
            "$or" => all.push(any(several(value, known, notes, depth))),
            "$nor" => all.push(Condition::Not(Box::new(any(several(value, known, notes, depth))))),
            "$not" => all.push(Condition::Not(Box::new(object(value, known, notes, depth)))),
            path => compare(path, value, &mut all, &mut compared, known, notes),
        });
    }
    if !compared.is_empty() {
        all.push(Condition::Mongo(compared));
    }
    if all.len() == 1 { all.remove(0) } else { Condition::All(all) }
}

/// GrowthBook takes none of no conditions as fulfilled.
fn any(conditions: Vec<Condition>) -> Condition {
    if conditions.is_empty() { Condition::default() } else { Condition::Any(conditions) }
}

fn several(value: &Json, known: &mut Known<'_>, notes: &mut Notes, depth: usize) -> Vec<Condition> {
    let Some(items) = value.as_array() else {
        notes.refuse("", "a list of conditions is needed");
        return Vec::new();
    };
    let one = |(index, item)| notes.within(format!("{index}"), |notes| object(item, known, notes, depth));
    items.iter().enumerate().map(one).collect()
}

fn object(value: &Json, known: &mut Known<'_>, notes: &mut Notes, depth: usize) -> Condition {
    match value.as_object() {
        Some(condition) => nested(condition, known, notes, depth + 1),
        None => {
            notes.refuse("", "a condition is an object");
            Condition::default()
        }
    }
}

/// What one attribute is compared with: saved groups as segments, all else as it stands.
fn compare(
    path: &str,
    value: &Json,
    all: &mut Vec<Condition>,
    compared: &mut Map<String, Json>,
    known: &mut Known<'_>,
    notes: &mut Notes,
) {
    let Some(operators) = value.as_object().filter(|object| has_operators(object)) else {
        compared.insert(path.to_owned(), value.clone());
        return;
    };
    let mut rest = operators.clone();
    for (operator, is_in) in [("$inGroup", true), ("$notInGroup", false)] {
        let group = operators.get(operator).and_then(Json::as_str);
        if let Some(name) = group.and_then(|group| segment(group, path, known)) {
            rest.remove(operator);
            let segment = Condition::Segment(name);
            all.push(if is_in { segment } else { Condition::Not(Box::new(segment)) });
        }
    }
    if !rest.is_empty() {
        compared.insert(path.to_owned(), Json::Object(clean(&rest, known.groups, notes, 0)));
    }
}

/// The segment of those whose attribute is in a saved group; `None` where there is no such group, or its name is taken.
fn segment(group: &str, path: &str, known: &mut Known<'_>) -> Option<String> {
    let items = known.groups.get(group)?.as_array()?;
    let name = format!("{group}:{path}");
    let mut is_in = Map::new();
    is_in.insert(path.to_owned(), json!({ "$in": items }));
    let segment = Segment { when: Some(Condition::Mongo(is_in)), ..Segment::default() };
    let known = known.segments.entry(name.clone()).or_insert_with(|| segment.clone());
    (*known == segment).then_some(name)
}

/// A condition in which groups are lists, and what GrowthBook takes as never fulfilled is written so.
pub(super) fn clean_condition(
    condition: &Map<String, Json>,
    groups: &Map<String, Json>,
    notes: &mut Notes,
    depth: usize,
) -> Map<String, Json> {
    if depth > DEEPEST {
        notes.refuse("", format!("conditions are nested more than {DEEPEST} deep"));
        return Map::new();
    }
    let mut cleaned = Map::new();
    for (key, value) in condition {
        let value = notes.within(key, |notes| match (key.as_str(), value) {
            ("$and" | "$or" | "$nor", Json::Array(items)) => {
                let one = |item: &Json| match item {
                    Json::Object(item) => Json::Object(clean_condition(item, groups, notes, depth + 1)),
                    other => other.clone(),
                };
                Json::Array(items.iter().map(one).collect())
            }
            ("$not", Json::Object(condition)) => Json::Object(clean_condition(condition, groups, notes, depth + 1)),
            (_, value) => clean_value(value, groups, notes, depth + 1),
        });
        cleaned.insert(key.clone(), value);
    }
    cleaned
}

fn clean_value(value: &Json, groups: &Map<String, Json>, notes: &mut Notes, depth: usize) -> Json {
    match value {
        Json::Object(object) if has_operators(object) => Json::Object(clean(object, groups, notes, depth)),
        other => other.clone(),
    }
}

fn clean(
    operators: &Map<String, Json>,
    groups: &Map<String, Json>,
    notes: &mut Notes,
    depth: usize,
) -> Map<String, Json> {
    if depth > DEEPEST {
        notes.refuse("", format!("conditions are nested more than {DEEPEST} deep"));
        return Map::new();
    }
    let mut cleaned = Map::new();
    for (operator, operand) in operators {
        notes.within(operator, |notes| {
            let (name, value) = match (operator.as_str(), operand) {
                ("$inGroup", group) => ("$in", in_group(group, groups, notes)),
                ("$notInGroup", group) => ("$nin", in_group(group, groups, notes)),
                (operator, operand) => match mistake(operator, operand) {
                    // All operators of an object have to be fulfilled, so nothing is lost where there is a `$in`.
                    Some(mistake) => {
                        notes.warn("", format!("{mistake}, so GrowthBook never takes it as fulfilled"));
                        cleaned.insert("$in".to_owned(), json!([]));
                        return;
                    }
                    None => (operator, clean_operand(operator, operand, groups, notes, depth + 1)),
                },
            };
            match cleaned.get(name) {
                Some(Json::Array(never)) if never.is_empty() && name == "$in" => {}
                Some(_) => notes.refuse("", format!("stands beside `{name}`, as which it would be carried over")),
                None => {
                    cleaned.insert(name.to_owned(), value);
                }
            }
        });
    }
    cleaned
}

fn clean_operand(operator: &str, operand: &Json, groups: &Map<String, Json>, notes: &mut Notes, depth: usize) -> Json {
    match (operator, operand) {
        ("$elemMatch", Json::Object(object)) if !has_operators(object) => {
            Json::Object(clean_condition(object, groups, notes, depth))
        }
        ("$not" | "$size" | "$elemMatch", operand) => clean_value(operand, groups, notes, depth),
        ("$all" | "$alli", Json::Array(items)) => {
            Json::Array(items.iter().map(|item| clean_value(item, groups, notes, depth)).collect())
        }
        (_, operand) => operand.clone(),
    }
}

fn in_group(group: &Json, groups: &Map<String, Json>, notes: &mut Notes) -> Json {
    match group.as_str().and_then(|group| groups.get(group)) {
        Some(Json::Array(items)) => Json::Array(items.clone()),
        _ => {
            notes.warn("", format!("there is no saved group {group}, so nobody is in it"));
            json!([])
        }
    }
}
