//! What flagd's `targeting.json` says about rules, told with the place of each mistake.

use serde_json::Value as Json;

use crate::compile::{Problems, Step};
use crate::logic::{HEAVIEST, VersionOperator};
use crate::operator::semver::{Reading, Version};

/// Tells everything that is wrong with a rule.
pub(super) fn rule(json: &Json, problems: &mut Problems) {
    let Some(entries) = json.as_object() else {
        return problems.push("a rule is an object with one operator");
    };
    let (Some((name, operands)), 1) = (entries.iter().next(), entries.len()) else {
        return problems.push("a rule has exactly one operator");
    };
    within(name.as_str(), problems, |problems| operator(name, operands, problems));
}

fn operator(name: &str, operands: &Json, problems: &mut Problems) {
    let list = operands.as_array().map(Vec::as_slice);
    match name {
        "$ref" if operands.is_string() => {}
        "$ref" => problems.push("the name of an evaluator is a text"),
        "var" => variable(operands, problems),
        "missing" => texts(operands, problems),
        "missing_some" => match list {
            Some([count, names]) if count.is_number() => texts(names, problems),
            _ => problems.push("a number and a list of names are needed"),
        },
        "!" | "!!" => match list {
            Some([one]) => operand(one, problems),
            Some(_) => problems.push("exactly one operand is needed"),
            None => operand(operands, problems),
        },
        "starts_with" | "ends_with" => match list {
            Some(both @ [_, _]) => each(both, problems, |one, problems| match one {
                Json::String(_) => {}
                Json::Object(_) => rule(one, problems),
                _ => problems.push("a text, or a rule that gives one, is compared"),
            }),
            _ => problems.push("exactly two operands are needed"),
        },
        "sem_ver" => versions(list, problems),
        "fractional" => fractional(list, problems),
        _ => match count(name) {
            None => {
                problems.leave();
                problems.unknown("operator", name, OPERATORS.iter().map(|(known, ..)| *known).chain(SPECIAL));
                problems.enter(name.into());
            }
            Some((least, most)) => match list {
                Some(all) if (least..=most).contains(&all.len()) => each(all, problems, operand),
                _ if least == most => problems.push(format!("exactly {least} operands are needed")),
                _ if most == usize::MAX => problems.push(format!("a list of at least {least} operands is needed")),
                _ => problems.push(format!("{least} to {most} operands are needed")),
            },
        },
    }
}

/// Operators that take so many operands of any kind.
const OPERATORS: [(&str, usize, usize); 28] = [
    ("if", 1, usize::MAX),
    ("==", 2, 2),
    ("===", 2, 2),
    ("!=", 2, 2),
    ("!==", 2, 2),
    (">", 2, 2),
    (">=", 2, 2),
    ("<", 2, 3),
    ("<=", 2, 3),
    ("%", 2, 2),
    ("/", 2, 2),
    ("*", 2, usize::MAX),
    ("+", 1, usize::MAX),
    ("-", 1, usize::MAX),
    ("max", 1, usize::MAX),
    ("min", 1, usize::MAX),
    ("and", 1, usize::MAX),
    ("or", 1, usize::MAX),
    ("merge", 1, usize::MAX),
    ("cat", 1, usize::MAX),
    ("substr", 2, 3),
    ("in", 2, 2),
    ("map", 2, 2),
    ("filter", 2, 2),
    ("all", 2, 2),
    ("none", 2, 2),
    ("some", 2, 2),
    ("reduce", 3, 3),
];

/// Operators with operands of their own kinds.
const SPECIAL: [&str; 9] =
    ["var", "missing", "missing_some", "!", "!!", "starts_with", "ends_with", "sem_ver", "fractional"];

fn count(name: &str) -> Option<(usize, usize)> {
    OPERATORS.iter().find(|(known, ..)| *known == name).map(|(_, least, most)| (*least, *most))
}

fn operand(json: &Json, problems: &mut Problems) {
    // Lists are values, whose items flagd's schema does not look at.
    if json.is_object() {
        rule(json, problems);
    }
}

fn variable(operands: &Json, problems: &mut Problems) {
    match operands {
        Json::String(path) => {
            let is_known = ["$flagd.timestamp", "$flagd.flagKey"].contains(&path.as_str());
            if path.starts_with("$flagd.") && !is_known {
                problems.push(format!(
                    "there is no `{}`: flagd adds `$flagd.timestamp` and `$flagd.flagKey`",
                    path.escape_debug()
                ));
            }
        }
        Json::Array(all) => match all.split_first() {
            Some((Json::String(_), defaults)) if !defaults.iter().any(|json| json.is_array() || json.is_object()) => {}
            _ => problems.push("a path, and a default that is no list and no object, are needed"),
        },
        Json::Object(_) => problems.push("a path is a text"),
        _ => {}
    }
}

fn texts(json: &Json, problems: &mut Problems) {
    if !json.as_array().is_some_and(|all| all.iter().all(Json::is_string)) {
        problems.push("a list of names is needed");
    }
}

fn versions(list: Option<&[Json]>, problems: &mut Problems) {
    let Some([one, operator, other]) = list else {
        return problems.push("a version, an operator and a version are needed");
    };
    for (index, version) in [(0, one), (2, other)] {
        within(index, problems, |problems| match version {
            Json::String(text) if Version::parse(text, Reading::Lenient).is_some() => {}
            Json::Object(entries) if entries.contains_key("var") => rule(version, problems),
            _ => problems.push(format!("`{version}` is no version such as \"1.2.3\", and no `var`")),
        });
    }
    if operator.as_str().and_then(VersionOperator::new).is_none() {
        let known: Vec<&str> = VersionOperator::NAMES.iter().map(|(name, _)| *name).collect();
        within(1, problems, |problems| {
            problems.push(format!("`{operator}` does not compare versions; these do: {}", known.join(" ")));
        });
    }
}

fn fractional(list: Option<&[Json]>, problems: &mut Problems) {
    let Some(all @ [first, ..]) = list else {
        return problems.push("at least one bucket is needed");
    };
    let mut sum = 0_u64;
    each(all, problems, |one, problems| match one {
        Json::Array(bucket) => match bucket.as_slice() {
            [variant] => {
                within(0, problems, |problems| operand(variant, problems));
                sum = sum.saturating_add(1);
            }
            [variant, weight] => {
                within(0, problems, |problems| operand(variant, problems));
                within(1, problems, |problems| match weight {
                    Json::Object(_) => rule(weight, problems),
                    // JSON has one kind of number, so that `25.0` is an integer.
                    _ => match weight.as_f64().filter(|weight| weight.fract() == 0.0 && *weight >= 0.0) {
                        Some(weight) => sum = sum.saturating_add(weight as u64),
                        None => problems.push(format!("`{weight}` is no weight: an integer from 0, or a rule")),
                    },
                });
            }
            _ => problems.push("a bucket is a variant and, optionally, its weight"),
        },
        Json::Object(_) if std::ptr::eq(one, first) => rule(one, problems),
        _ => problems.push("a bucket is a list of a variant and its weight; the bucketing value before them is a rule"),
    });
    if sum > HEAVIEST {
        problems.push(format!("the weights add up to more than {HEAVIEST}"));
    }
}

fn each(all: &[Json], problems: &mut Problems, mut check: impl FnMut(&Json, &mut Problems)) {
    for (index, one) in all.iter().enumerate() {
        within(index, problems, |problems| check(one, problems));
    }
}

/// Does something one step further into the document.
pub(super) fn within<T>(step: impl Into<Step>, problems: &mut Problems, then: impl FnOnce(&mut Problems) -> T) -> T {
    problems.enter(step.into());
    let result = then(problems);
    problems.leave();
    result
}
