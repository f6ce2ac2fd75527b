//! Features and experiments of GrowthBook as flags, and its language of conditions.
//!
//! Source: growthbook/growthbook, `packages/sdk-js/src/{core,mongrule,util}.ts`, and `docs/docs/lib/build-your-own.mdx`.

mod condition;
mod experiment;
mod export;
mod expression;
mod feature;
mod javascript;
pub(crate) mod mongo;
mod notes;
mod operand;
mod outcome;
mod parents;
mod query;
mod share;
mod variants;

use std::collections::BTreeMap;

use serde_json::{Map, Value as Json};

use crate::interchange::Imported;
use crate::model::Segment;

pub use export::export;
pub use outcome::{Outcome, Source, Variation, variation};
pub use query::forced_by_query;

/// The variants of every feature and their values, by which a feature that needs another knows what that one may be.
type Shapes = BTreeMap<String, BTreeMap<String, Json>>;

/// What features speak of besides themselves.
struct Known<'k> {
    shapes: &'k Shapes,
    groups: &'k Map<String, Json>,
    /// The groups that conditions have asked for until now.
    segments: BTreeMap<String, Segment>,
}

/// Carries over what GrowthBook's API and webhooks give: `{"features": …, "savedGroups": …, "experiments": …}`, or the
/// features alone, by their keys.
///
/// A feature becomes a flag and an experiment, too. A feature without a default value, or with the value null, serves
/// the program's own default. `id`, by which GrowthBook tells units apart, is the attribute of that name, or else the
/// targeting key. Whatever can't be carried over is refused by the flag's name.
#[must_use]
pub fn import(document: &Json) -> Imported {
    let Some(object) = document.as_object() else {
        return refused("GrowthBook's features are a JSON object");
    };
    if object.contains_key("encryptedFeatures") {
        return refused("`encryptedFeatures` have to be decrypted first");
    }
    let is_payload = |value: &Json| {
        let is_feature = |map: &Map<String, Json>| map.contains_key("defaultValue") || map.contains_key("rules");
        value.as_object().is_some_and(|map| !is_feature(map) || map.values().all(Json::is_object))
    };
    let (empty, none) = (Map::new(), Vec::new());
    let experiments = object.get("experiments").and_then(Json::as_array);
    let (features, groups, experiments) = match object.get("features") {
        Some(Json::Object(features)) if object.get("features").is_some_and(is_payload) => {
            (features, object.get("savedGroups").and_then(Json::as_object), experiments)
        }
        _ if experiments.is_some() => (&empty, object.get("savedGroups").and_then(Json::as_object), experiments),
        _ => (object, None, None),
    };
    all(features, groups.unwrap_or(&empty), experiments.unwrap_or(&none))
}

/// Carries over JSON text; see [`import`].
///
/// # Errors
/// The text is no JSON.
pub fn import_text(text: &str) -> Result<Imported, serde_json::Error> {
    serde_json::from_str(text).map(|document| import(&document))
}

/// Carries over one experiment, `{"key": …, "variations": […]}`, as the flag of its key. Who is not in it gets the first
/// variation. Where it needs features or saved groups, [`import`] takes all of them together.
#[must_use]
pub fn import_experiment(experiment: &Json) -> Imported {
    all(&Map::new(), &Map::new(), std::slice::from_ref(experiment))
}

fn refused(problem: &str) -> Imported {
    let mut imported = Imported::default();
    imported.refuse("", [problem.to_owned()]);
    imported
}

fn all(features: &Map<String, Json>, groups: &Map<String, Json>, experiments: &[Json]) -> Imported {
    let mut shapes = Shapes::new();
    // Values do not depend on conditions, so the first walk, whose findings the second repeats, has all of them.
    let unknown = Shapes::new();
    let mut known = Known { shapes: &unknown, groups, segments: BTreeMap::new() };
    for (key, json) in features {
        let definition = feature::import(key, json, &mut known, &mut notes::Notes::default());
        shapes.insert(key.clone(), definition.variants().into_owned());
    }
    let mut known = Known { shapes: &shapes, groups, segments: BTreeMap::new() };
    let mut imported = Imported::default();
    for (key, json) in features {
        let mut notes = notes::Notes::default();
        let definition = feature::import(key, json, &mut known, &mut notes);
        notes.finish(key, definition, &mut imported);
    }
    for (index, json) in experiments.iter().enumerate() {
        let mut notes = notes::Notes::default();
        let key = json.get("key").and_then(Json::as_str).filter(|key| !key.is_empty());
        let name = key.map_or_else(|| format!("experiments.{index}"), str::to_owned);
        if key.is_none() {
            notes.refuse("key", "an experiment needs a key");
        }
        if imported.definitions.flags.contains_key(&name) {
            notes.refuse("key", "there is a flag of this key already");
        }
        let definition = experiment::import(&name, json, &mut known, &mut notes);
        notes.finish(&name, definition, &mut imported);
    }
    imported.definitions.segments = known.segments;
    imported.compiled()
}
