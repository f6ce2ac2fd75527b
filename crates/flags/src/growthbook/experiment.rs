//! Experiments: variations by share, within a feature or as flags of their own.

use serde_json::{Map, Value as Json};

use super::notes::Notes;
use super::variants::Variants;
use super::{Known, condition, parents, share};
use crate::bucket::Algorithm;
use crate::model::{Condition, Definition, Rule, Serve, Split, Status};

/// An experiment's part of a rule.
pub(super) struct Experiment {
    pub(super) split: Split,
    pub(super) names: Vec<String>,
    /// Who takes part besides, by filter or namespace.
    pub(super) among: Vec<Condition>,
}

/// What an experiment may have that happens in a browser, or is decided by its programs.
const ELSEWHERE: [(&str, &str); 6] = [
    ("urlPatterns", "URLs are the browser's"),
    ("url", "URLs are the browser's"),
    ("changeId", "changes of pages are the browser's"),
    ("groups", "groups of units are decided by GrowthBook's programs"),
    ("include", "it is decided by GrowthBook's programs"),
    ("contextualBanditRef", "contextual bandits are decided by GrowthBook"),
];

/// Refuses what can't be carried over.
pub(super) fn refuse_elsewhere(rule: &Map<String, Json>, notes: &mut Notes) {
    for (field, why) in ELSEWHERE.iter().filter(|(field, _)| rule.get(*field).is_some_and(|value| !value.is_null())) {
        notes.refuse(field, *why);
    }
}

/// The split of an experiment, and who takes part; `None` where nobody can.
pub(super) fn split(
    rule: &Map<String, Json>,
    key: &str,
    variants: &mut Variants,
    notes: &mut Notes,
) -> Option<Experiment> {
    let variations = notes.list(rule, "variations")?;
    if variations.len() < 2 {
        notes.warn("variations", "an experiment of fewer than two variations takes nobody in");
        return None;
    }
    let meta = notes.list(rule, "meta").unwrap_or_default();
    let of = |index: usize, name: &str| meta.get(index).and_then(|meta| meta.get(name));
    let named = |index: usize| {
        let key = of(index, "key").and_then(Json::as_str).filter(|key| !key.is_empty());
        key.map_or_else(|| index.to_string(), str::to_owned)
    };
    let keyed: Vec<(String, &Json)> =
        variations.iter().enumerate().map(|(index, value)| (named(index), value)).collect();
    let own = format!("{key}/");
    for (index, (name, value)) in keyed.iter().enumerate() {
        if value.is_null() {
            notes.refuse("variations", format!("variation {index} is null, which no variant can be"));
        }
        if keyed[..index].iter().any(|(before, _)| before == name) || name.starts_with(&own) {
            notes.refuse("meta", format!("the key `{}` can't name a variant", name.escape_debug()));
        }
    }
    let names = variants.variations(key, &keyed);
    let algorithm = share::algorithm(rule, Algorithm::GrowthBook1, notes)?;
    let salt = notes.text(rule, "seed").unwrap_or(key);
    let split = share::split(rule, salt, algorithm, notes);
    let among = share::namespace(rule, &split, notes).into_iter().collect();
    let passes: Vec<bool> = (0..names.len()).map(|index| of(index, "passthrough") == Some(&Json::Bool(true))).collect();
    Some(Experiment { split: share::experiment(rule, split, &names, &passes, notes), names, among })
}

/// An experiment as a flag, whose first variation is for all who do not take part.
pub(super) fn import(key: &str, json: &Json, known: &mut Known<'_>, notes: &mut Notes) -> Definition {
    let Some(experiment) = json.as_object() else {
        notes.refuse("", "an experiment is an object");
        return Definition::default();
    };
    refuse_elsewhere(experiment, notes);
    let mut variants = Variants::default();
    let found = split(experiment, key, &mut variants, notes);
    let first = experiment.get("variations").and_then(|variations| variations.get(0));
    let control = match &found {
        Some(found) => found.names.first().cloned(),
        None => first.map(|value| variants.variations(key, &[("0".to_owned(), value)]).remove(0)),
    };
    if control.is_none() {
        notes.refuse("variations", "an experiment needs variations");
    }
    let mut when = share::filters(experiment, notes);
    if let Some(condition) = notes.object(experiment, "condition") {
        when.push(notes.within("condition", |notes| condition::import(condition, known, notes)));
    }
    when.extend(parents::import(experiment, known, notes).into_iter().map(|parent| parent.condition));
    let status = experiment.get("status").and_then(Json::as_str);
    let is_draft = status == Some("draft") || experiment.get("active") == Some(&Json::Bool(false));
    let force = notes.number(experiment, "force");
    let is_over = status == Some("stopped") && force.is_none();
    Definition {
        description: notes.text(experiment, "name").map(str::to_owned),
        variants: variants.into_inner(),
        default_variant: control.clone(),
        off_variant: control,
        status: match () {
            () if is_draft => Status::Disabled,
            () if is_over => Status::Archived,
            () => Status::Enabled,
        },
        rules: found.map_or_else(Vec::new, |found| rules(key, found, when, force)),
        ..Definition::default()
    }
}

/// The rule of the experiment. A variation that it forces is served before, to the same units, by a rule without a split.
fn rules(key: &str, found: Experiment, mut when: Vec<Condition>, force: Option<f64>) -> Vec<Rule> {
    when.extend(found.among);
    let rule = |when: Vec<Condition>, serve| Rule {
        id: None,
        description: Some(key.to_owned()),
        when: Condition::All(when),
        serve,
    };
    let Some(force) = force else { return vec![rule(when, Serve::Split(found.split))] };
    // Nobody takes part where there is no such variation.
    let Some(forced) = found.names.iter().enumerate().find(|(index, _)| *index as f64 == force) else {
        return Vec::new();
    };
    let mut taken = when.clone();
    taken.push(Condition::Share(Split { weights: Vec::new(), ..found.split.clone() }));
    vec![rule(taken, Serve::Variant(forced.1.clone())), rule(when, Serve::Split(found.split))]
}
