//! Flags as GrowthBook's features: whatever came from there goes out again, and of the rest what it can say exactly.

mod condition;
mod rule;

use serde_json::{Map, Value as Json, json};

use super::mongo::ID;
use crate::interchange::Exported;
use crate::model::{Definition, Definitions, Flag, Rule, Serve};

/// What can't be said.
type Cant = String;

/// Writes flags as GrowthBook's features, `{"features": …}`. A flag that GrowthBook would answer otherwise is refused by
/// its name, and so are those that need it.
#[must_use]
pub fn export(definitions: &Definitions) -> Exported {
    let mut exported = Exported::default();
    let mut features = Map::new();
    for (key, flag) in &definitions.flags {
        match feature(key, flag, definitions, &mut exported) {
            Ok(feature) => {
                features.insert(key.clone(), feature);
            }
            Err(cant) => exported.refuse(key, cant),
        }
    }
    // Each turn takes a feature away, so this ends.
    while let Some((key, other)) = orphan(&features) {
        features.remove(&key);
        exported.refuse(&key, [format!("it needs `{other}`, which is refused")]);
    }
    exported.document = json!({ "features": features });
    exported
}

/// A feature that needs one which is not there.
fn orphan(features: &Map<String, Json>) -> Option<(String, String)> {
    features.iter().find_map(|(key, feature)| {
        let rules = feature["rules"].as_array()?;
        let mut parents = rules.iter().filter_map(|rule| rule["parentConditions"].as_array()).flatten();
        let missing = parents.find_map(|parent| parent["id"].as_str().filter(|id| !features.contains_key(*id)))?;
        Some((key.clone(), missing.to_owned()))
    })
}

fn feature(key: &str, flag: &Flag, all: &Definitions, exported: &mut Exported) -> Result<Json, Vec<Cant>> {
    let definition = flag.definition();
    let writing = Writing { key, definition: &definition, all };
    if all.kill_switch || !definition.status.is_enabled() {
        return Ok(json!({"defaultValue": writing.value(definition.off_variant.as_ref())}));
    }
    let mut cant = Vec::new();
    let mut refuse = |is_there: bool, what: &str| {
        if is_there {
            cant.push(format!("GrowthBook has no {what}"));
        }
    };
    refuse(!definition.schedule.is_empty(), "schedules");
    refuse(definition.guard.is_some() || all.trips.contains_key(key), "guards");
    refuse(definition.off_variant.is_some() && !definition.prerequisites.is_empty(), "value for a flag that is off");
    if definition.lifecycle.is_some() || !definition.metadata.is_empty() {
        exported.warn(key, ["`lifecycle` and `metadata` are left behind".to_owned()]);
    }
    let mut rules = Vec::new();
    for needed in &definition.prerequisites {
        match writing.parent(needed, true) {
            Ok(parent) => rules.push(json!({"parentConditions": [parent]})),
            Err(problem) => cant.push(problem),
        }
    }
    let mut default = writing.value(definition.default_variant.as_ref());
    if let Some(forced) = &definition.forced {
        default = writing.value(Some(forced));
    } else {
        for target in &definition.targets {
            rules.push(json!({"condition": {ID: {"$in": target.unit}}, "force": writing.value(Some(&target.variant))}));
        }
        for (number, rule) in definition.rules.iter().enumerate() {
            match writing.rule(rule) {
                Ok(rule) => rules.push(Json::Object(rule)),
                Err(problem) => cant.push(format!("rules.{number}: {problem}")),
            }
        }
        match &definition.fallthrough {
            None => {}
            Some(Serve::Variant(name)) => default = writing.value(Some(name)),
            Some(Serve::CodeDefault) => default = Json::Null,
            Some(serve) => {
                let rule = Rule { id: None, description: None, when: Default::default(), serve: serve.clone() };
                match writing.rule(&rule) {
                    Ok(rule) => rules.push(Json::Object(rule)),
                    Err(problem) => cant.push(format!("fallthrough: {problem}")),
                }
            }
        }
    }
    let mut feature = json!({"defaultValue": default});
    if !rules.is_empty() {
        feature["rules"] = Json::Array(rules);
    }
    if cant.is_empty() { Ok(feature) } else { Err(cant) }
}

/// A flag that is being written.
struct Writing<'w> {
    key: &'w str,
    definition: &'w Definition,
    all: &'w Definitions,
}

impl Writing<'_> {
    /// A variant's value; null is the program's own default.
    fn value(&self, variant: Option<&String>) -> Json {
        variant.and_then(|name| self.definition.variants().get(name).cloned()).unwrap_or(Json::Null)
    }
}
