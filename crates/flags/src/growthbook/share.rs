//! Who takes part: rollouts, the ranges of experiments, filters and namespaces, as splits.

use serde_json::{Map, Value as Json};

use super::mongo::ID;
use super::notes::{Notes, within_places};
use crate::bucket::{Algorithm, bucket_ranges};
use crate::context::TARGETING_KEY;
use crate::model::{Condition, Share, Split, Weight};

/// The version of a rule's hash; `None`, with a warning, for one that GrowthBook's own programs don't know either:
/// nobody takes part then.
pub(super) fn algorithm(rule: &Map<String, Json>, usual: Algorithm, notes: &mut Notes) -> Option<Algorithm> {
    match notes.number(rule, "hashVersion") {
        None | Some(0.0) => Some(usual),
        Some(1.0) => Some(Algorithm::GrowthBook1),
        Some(2.0) => Some(Algorithm::GrowthBook2),
        Some(version) => {
            notes.warn("hashVersion", format!("there is no version {version}, so nobody takes part"));
            None
        }
    }
}

/// A split of a rule's units, without its weights.
pub(super) fn split(rule: &Map<String, Json>, salt: &str, algorithm: Algorithm, notes: &mut Notes) -> Split {
    let mut split = by(notes.text(rule, "hashAttribute"), salt, algorithm);
    // GrowthBook looks at it only where it remembers who got what, which we never do: what a unit gets follows from it.
    let is_sticky = !notes.boolean(rule, "disableStickyBucketing");
    if let Some(fallback) = notes.text(rule, "fallbackAttribute").filter(|_| is_sticky) {
        split.fallback_by = vec![fallback.to_owned()];
        notes.warn("fallbackAttribute", "nothing is remembered: a unit that gets its hash attribute later may change");
    }
    split
}

fn by(attribute: Option<&str>, salt: &str, algorithm: Algorithm) -> Split {
    let attribute = attribute.unwrap_or(ID);
    let fallback_by = if attribute == ID { vec![TARGETING_KEY.to_owned()] } else { Vec::new() };
    let bucket_by = vec![attribute.to_owned()];
    Split { algorithm, salt: Some(salt.to_owned()), bucket_by, fallback_by, ..Split::default() }
}

/// The part of units that a forced value is for; `None` where it is for all.
pub(super) fn rollout(rule: &Map<String, Json>, salt: &str, algorithm: Algorithm, notes: &mut Notes) -> Option<Split> {
    if rule.get("coverage").is_some_and(Json::is_null) {
        notes.refuse("coverage", "a number is needed");
    }
    let (range, coverage) = (notes.range(rule, "range"), notes.number(rule, "coverage"));
    if range.is_none() && coverage.is_none() {
        return None;
    }
    let split = split(rule, salt, algorithm, notes);
    Some(match (range, coverage.unwrap_or(0.0)) {
        (Some(range), _) => Split { ranges: Some(vec![range]), ..split },
        (None, coverage) if coverage <= 0.0 => Split { coverage: Share::NOBODY, ..split },
        (None, coverage) => match Share::from_percent(coverage.min(1.0) * 100.0) {
            Some(share) if f64::from(share.steps()) / f64::from(crate::BUCKETS) == coverage => {
                Split { coverage: share, ..split }
            }
            // Finer than our steps, and so than hashes: no unit stands at its end, which a range does not hold.
            _ => Split { ranges: Some(vec![within_places(0.0, coverage)]), ..split },
        },
    })
}

/// The places of each variation, with their weights for people to read. A variation that passes its units on to the
/// next rule has no place.
pub(super) fn experiment(
    rule: &Map<String, Json>,
    split: Split,
    names: &[String],
    passes: &[bool],
    notes: &mut Notes,
) -> Split {
    if rule.get("coverage").is_some_and(Json::is_null) {
        notes.refuse("coverage", "a number is needed");
    }
    let coverage = notes.number(rule, "coverage").unwrap_or(1.0);
    let weights =
        notes.list(rule, "weights").map(|weights| weights.iter().map(Json::as_f64).collect::<Option<Vec<_>>>());
    if weights == Some(None) {
        notes.refuse("weights", "a list of numbers is needed");
    }
    let mut ranges = notes.ranges(rule, "ranges").unwrap_or_else(|| {
        let ranges = bucket_ranges(names.len(), coverage, weights.flatten().as_deref());
        ranges.iter().map(|(start, end)| within_places(*start, *end)).collect()
    });
    ranges.resize(names.len(), (0.0, 0.0));
    for (passed, _) in passes.iter().enumerate().filter(|(_, passes)| **passes) {
        let (start, end) = std::mem::take(&mut ranges[passed]);
        if ranges[passed + 1..].iter().any(|range| range.0 < end && start < range.1) {
            notes.refuse("ranges", format!("variation {passed} is passed through, and a later one overlaps with it"));
        }
    }
    // A width of one is 100,000, the steps in which coverage is counted.
    let width = |(start, end): &(f64, f64)| ((end - start) * f64::from(crate::BUCKETS)).round() as u32;
    let weight = |(name, range)| Weight { variant: String::clone(name), weight: width(range) };
    let weights = names.iter().zip(&ranges).map(weight).collect();
    Split { weights, ranges: Some(ranges), ..split }
}

/// Those whom all filters let through.
pub(super) fn filters(rule: &Map<String, Json>, notes: &mut Notes) -> Vec<Condition> {
    let filters = notes.list(rule, "filters").unwrap_or_default();
    let one = |(index, filter): (usize, &Json)| {
        notes.within(format!("filters.{index}"), |notes| {
            let Some(filter) = filter.as_object() else {
                notes.refuse("", "a filter is an object");
                return Condition::default();
            };
            let algorithm = algorithm(filter, Algorithm::GrowthBook2, notes);
            let seed = notes.text(filter, "seed").unwrap_or_default();
            let Some(ranges) = notes.ranges(filter, "ranges") else {
                notes.refuse("ranges", "a filter needs ranges");
                return Condition::default();
            };
            match algorithm {
                None => Condition::Any(Vec::new()),
                Some(algorithm) => Condition::Share(Split {
                    ranges: Some(ranges),
                    ..by(notes.text(filter, "attribute"), seed, algorithm)
                }),
            }
        })
    };
    filters.iter().enumerate().map(one).collect()
}

/// Those whom an experiment's part of its namespace holds; filters stand in its stead.
pub(super) fn namespace(rule: &Map<String, Json>, split: &Split, notes: &mut Notes) -> Option<Condition> {
    if rule.get("filters").is_some_and(Json::is_array) {
        return None;
    }
    let found = match notes.list(rule, "namespace")? {
        [name, start, end] => name.as_str().zip(start.as_f64()).zip(end.as_f64()),
        _ => None,
    };
    let Some(((name, start), end)) = found else {
        notes.refuse("namespace", "a list of a name and two numbers is needed");
        return None;
    };
    Some(Condition::Share(Split {
        algorithm: Algorithm::GrowthBook1,
        salt: Some(format!("__{name}")),
        ranges: Some(vec![within_places(start, end)]),
        ..split.clone()
    }))
}
