//! Definitions as Unleash's client features, as far as Unleash can say them.

mod atoms;
mod entry;
mod meaning;

use std::collections::BTreeMap;

use serde_json::{Value as Json, json};

use crate::interchange::{Exported, Imported};
use crate::model::{Definition, Definitions, Prerequisite, Scalar, Segment};

use atoms::constraint;
use entry::Entries;
use meaning::{Meaning, meaning};

/// What a part of a definition comes to, or why Unleash can't say it.
type Said<T> = Result<T, String>;

/// Exports definitions as what Unleash serves to its clients, `{"version": 2, "features": […], "segments": […]}`.
///
/// What is exported answers as it does here, other than for units without what a rollout is sticky to, whom Unleash
/// leaves to chance. A flag that Unleash can't say so is refused by name: above all shares by another algorithm, since
/// other units would be in.
#[must_use]
pub fn export(definitions: &Definitions) -> Exported {
    let mut exported = Exported::default();
    // What compiles has no circles, no unknown names, and conditions that are not too deep.
    let valid = Imported { definitions: definitions.clone(), ..Imported::default() }.compiled();
    for refused in valid.refused {
        exported.refuse(&refused.flag, refused.problems);
    }
    let definitions = valid.definitions;
    let ids = segment_ids(definitions.segments.keys());
    let mut segments = Vec::new();
    for (name, segment) in &definitions.segments {
        match constraints_of(segment) {
            Ok(constraints) => segments.push(json!({"id": ids[name], "name": name, "constraints": constraints})),
            Err(problem) => exported.refuse(&format!("segment {name}"), [problem]),
        }
    }
    let mut features = BTreeMap::new();
    for (key, flag) in &definitions.flags {
        let definition = flag.definition();
        let (feature, problems) = feature(key, &definition, &definitions, &ids, &exported);
        if problems.is_empty() {
            exported.warn(key, lost(&definition));
            features.insert(key.clone(), feature);
        } else {
            exported.refuse(key, problems);
        }
    }
    refuse_children(&definitions, &mut features, &mut exported);
    let features: Vec<Json> = features.into_values().collect();
    exported.document = json!({"version": 2, "features": features, "segments": segments});
    exported
}

/// Unleash's segments have numbers: those that are called by one keep it.
fn segment_ids<'n>(names: impl Iterator<Item = &'n String> + Clone) -> BTreeMap<String, u64> {
    let own = |name: &String| name.parse::<u64>().ok().filter(|id| id.to_string() == *name);
    let mut ids: BTreeMap<String, u64> = names.clone().filter_map(|name| Some((name.clone(), own(name)?))).collect();
    let mut next = 1;
    for name in names.filter(|name| own(name).is_none()) {
        while ids.values().any(|id| *id == next) {
            next += 1;
        }
        ids.insert(name.clone(), next);
    }
    ids
}

fn constraints_of(segment: &Segment) -> Said<Vec<Json>> {
    if !segment.include.is_empty() {
        return Err("Unleash's segments include nobody by name".to_owned());
    }
    let Some(when) = &segment.when else { return Ok(vec![never()]) };
    let alternatives = atoms::alternatives(when)?;
    let mut constraints = match &alternatives[..] {
        [] => vec![never()],
        [all] => all.iter().map(atoms::Atom::as_constraint).collect::<Said<Vec<Json>>>()?,
        _ => return Err("Unleash's segments know no `any`".to_owned()),
    };
    if !segment.exclude.is_empty() {
        constraints.push(constraint("userId", "NOT_IN", json!(segment.exclude)));
    }
    Ok(constraints)
}

/// What holds for nobody.
fn never() -> Json {
    constraint("userId", "IN", json!([]))
}

fn feature(
    key: &str,
    definition: &Definition,
    all: &Definitions,
    ids: &BTreeMap<String, u64>,
    exported: &Exported,
) -> (Json, Vec<String>) {
    let mut problems = Vec::new();
    if definition.guard.is_some() {
        problems.push("guard: Unleash's clients watch over nothing".to_owned());
    }
    let may_be_off =
        !definition.status.is_enabled() || !definition.prerequisites.is_empty() || !definition.schedule.is_empty();
    if may_be_off && !matches!(meaning(definition, definition.off_variant.as_deref()), Meaning::Off) {
        problems.push("off_variant: a feature that is off serves nothing in Unleash".to_owned());
    }
    let mut dependencies = Vec::new();
    for (index, needed) in definition.prerequisites.iter().enumerate() {
        match dependency(needed, all) {
            Ok(dependency) => dependencies.push(dependency),
            Err(problem) => problems.push(format!("prerequisites.{index}: {problem}")),
        }
    }
    let mut entries = Entries::new(key, definition, ids, exported);
    entries.add_all();
    let (strategies, variants) = entries.finish(&mut problems);
    // Without any strategy a feature of Unleash is on for everybody.
    let is_enabled = definition.status.is_enabled() && !all.kill_switch && !strategies.is_empty();
    let mut feature = json!({"name": key, "enabled": is_enabled, "strategies": strategies, "variants": variants});
    if !dependencies.is_empty() {
        feature["dependencies"] = dependencies.into();
    }
    if let Some(description) = &definition.description {
        feature["description"] = json!(description);
    }
    for name in FIELDS {
        if let Some(Scalar::String(text)) = definition.metadata.get(name) {
            feature[name] = json!(text);
        }
    }
    (feature, problems)
}

/// The metadata that Unleash has fields for.
const FIELDS: [&str; 2] = ["project", "type"];

/// What has no place in Unleash, though no answer depends on it.
fn lost(definition: &Definition) -> Vec<String> {
    let is_lost =
        |(name, value): &(&String, &Scalar)| !(FIELDS.contains(&name.as_str()) && matches!(value, Scalar::String(_)));
    let metadata = definition.metadata.iter().filter(is_lost).map(|(name, _)| format!("metadata.{name}: left behind"));
    let lifecycle = definition.lifecycle.iter().map(|_| "lifecycle: left behind".to_owned());
    metadata.chain(lifecycle).collect()
}

fn dependency(needed: &Prerequisite, all: &Definitions) -> Said<Json> {
    let Some(parent) = all.flags.get(&needed.flag) else {
        return Err(format!("there is no flag `{}`", needed.flag));
    };
    let parent = parent.definition();
    if !parent.prerequisites.is_empty() {
        return Err(format!("`{}` needs others itself, and Unleash allows no such chain", needed.flag));
    }
    let named = |variant: &String| meaning(&parent, Some(variant)).name().map(str::to_owned);
    let on: Vec<(&String, String)> = {
        let variants = parent.variants.keys().map(|name| Some((name, named(name)?)));
        variants.flatten().collect()
    };
    let plain = "on".to_owned();
    let on = if parent.has_plain_variants() { vec![(&plain, super::variant::DISABLED.to_owned())] } else { on };
    if needed.variant.iter().any(|name| !on.iter().any(|(known, _)| *known == name)) {
        return Err("a dependency of Unleash names no variant that stands for off".to_owned());
    }
    let is_all = on.iter().all(|(name, _)| needed.variant.contains(name));
    if is_all {
        return Ok(json!({"feature": needed.flag, "enabled": !needed.negate}));
    }
    let (wanted, others): (Vec<_>, Vec<_>) = on.iter().partition(|(name, _)| needed.variant.contains(name));
    if needed.negate || others.iter().any(|(_, name)| wanted.iter().any(|(_, wanted)| wanted == name)) {
        return Err("Unleash can't say which of these variants it must not be".to_owned());
    }
    let names: Vec<&String> = wanted.iter().map(|(_, name)| name).collect();
    Ok(json!({"feature": needed.flag, "enabled": true, "variants": names}))
}

/// Who depends on a flag that was refused is refused, too; dependencies are never deeper than one.
fn refuse_children(definitions: &Definitions, features: &mut BTreeMap<String, Json>, exported: &mut Exported) {
    for (key, flag) in &definitions.flags {
        let definition = flag.definition();
        let refused = definition.prerequisites.iter().find(|needed| !features.contains_key(&needed.flag));
        if let Some(needed) = refused.filter(|_| features.contains_key(key)) {
            exported.refuse(key, [format!("it needs `{}`, which is refused", needed.flag)]);
            exported.warnings.retain(|warning| warning.flag != *key);
            features.remove(key);
        }
    }
}
