//! Dependencies between features as prerequisites.

use std::collections::BTreeMap;

use serde_json::Value as Json;

use super::feature::Built;
use super::read::{Notes, Object};
use crate::interchange::Imported;
use crate::model::{Definition, Prerequisite};

/// A feature that another needs.
#[derive(Debug)]
pub(super) struct Dependency {
    feature: String,
    enabled: bool,
    /// One of these has to be its variant; any, where there are none.
    variants: Vec<String>,
}

impl Dependency {
    pub(super) fn read_all(feature: &Object, notes: &mut Notes) -> Vec<Self> {
        let mut found = Vec::new();
        for (index, dependency) in notes.objects(feature, "dependencies") {
            notes.within("dependencies", |notes| {
                notes.within(index, |notes| match notes.text(dependency, "feature") {
                    Some(feature) => found.push(Self {
                        feature: feature.to_owned(),
                        enabled: notes.boolean(dependency, "enabled").unwrap_or(true),
                        variants: notes.scalars(dependency, "variants"),
                    }),
                    None => notes.problem("a dependency needs `feature`"),
                });
            });
        }
        found
    }
}

/// What a dependency comes to.
enum Resolved {
    Needs(Prerequisite),
    /// It is never met, as Unleash's clients see it.
    Never(String),
    Refused(String),
}

/// Turns every feature's dependencies into prerequisites. A feature whose dependencies are never met is off for
/// everybody; one that depends on a refused feature is refused.
pub(super) fn resolve(built: &mut BTreeMap<String, Built>, imported: &mut Imported) {
    let resolved: Vec<(String, Vec<Resolved>)> = built
        .iter()
        .filter(|(_, child)| !child.dependencies.is_empty())
        .map(|(name, child)| {
            let one = |dependency| prerequisite(dependency, built, imported);
            (name.clone(), child.dependencies.iter().map(one).collect())
        })
        .collect();
    for (name, resolved) in resolved {
        let Some(child) = built.get_mut(&name) else { continue };
        for resolved in resolved {
            match resolved {
                Resolved::Needs(prerequisite) => child.definition.prerequisites.push(prerequisite),
                Resolved::Never(message) => {
                    child.definition.forced.clone_from(&child.definition.off_variant);
                    imported.warn(&name, [message]);
                }
                Resolved::Refused(message) => imported.refuse(&name, [message]),
            }
        }
        if imported.is_refused(&name) {
            built.remove(&name);
        }
    }
}

fn prerequisite(dependency: &Dependency, built: &BTreeMap<String, Built>, imported: &Imported) -> Resolved {
    let name = &dependency.feature;
    let Some(parent) = built.get(name) else {
        return match imported.is_refused(name) {
            true => Resolved::Refused(format!("it depends on `{name}`, which is refused")),
            false => Resolved::Never(format!("it depends on `{name}`, which is not there, so it is never on")),
        };
    };
    if !parent.dependencies.is_empty() {
        return Resolved::Never(format!(
            "it depends on `{name}`, which depends on others, and Unleash allows no such chain: so it is never on"
        ));
    }
    let wanted = if dependency.enabled { &dependency.variants[..] } else { &[] };
    let variant = variants_that_are_on(&parent.definition, wanted);
    if variant.is_empty() {
        return Resolved::Never(format!("it depends on variants that `{name}` does not have, so it is never on"));
    }
    Resolved::Needs(Prerequisite { flag: name.clone(), variant, negate: !dependency.enabled })
}

/// The variants with which a feature is on, as far as Unleash's name for them is wanted.
fn variants_that_are_on(parent: &Definition, wanted: &[String]) -> Vec<String> {
    let is_wanted = |name: &str| wanted.is_empty() || wanted.iter().any(|wanted| wanted == name);
    let is_on = |value: &Json| match value {
        Json::Bool(is_on) => *is_on && is_wanted(super::variant::DISABLED),
        value => value["feature_enabled"] == true && value["name"].as_str().is_some_and(is_wanted),
    };
    let variants = parent.variants();
    variants.iter().filter(|(_, value)| is_on(value)).map(|(name, _)| name.clone()).collect()
}
