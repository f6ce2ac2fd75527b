//! Unleash's client features as definitions of ours and back, and its two questions asked of them.
//!
//! A feature of Unleash answers twice: is it enabled, and which variant is it. It becomes one flag:
//!
//! - A feature that has no variants anywhere is a boolean flag with the variants `on` and `off`.
//! - A feature with variants is a flag of type `object` whose variants keep their names, and whose values are what
//!   `getVariant` answers, `{"name", "enabled", "feature_enabled", "payload": {"type", "value"}}`. Two more of its
//!   variants are `disabled` (the feature is off) and `enabled` (it is on, and no variant was chosen).
//!
//! Each strategy becomes a rule, in order. [`is_enabled`] and [`variant`] put Unleash's questions.
//!
//! ```
//! use strata_config_flags::{FlagSet, unleash};
//!
//! let features = serde_json::json!({"features": [{
//!     "name": "checkout",
//!     "enabled": true,
//!     "strategies": [{
//!         "name": "flexibleRollout",
//!         "parameters": {"rollout": "50", "stickiness": "default", "groupId": "checkout"},
//!         "constraints": [{"contextName": "country", "operator": "IN", "values": ["NO"]}],
//!     }],
//! }]});
//! let imported = unleash::import(&features);
//! assert!(imported.refused.is_empty() && imported.warnings.is_empty());
//! let flags = FlagSet::new(imported.definitions)?;
//!
//! let request = serde_json::json!({"userId": "7", "properties": {"country": "SE"}});
//! assert!(!unleash::is_enabled(&flags, "checkout", &unleash::context(&request)));
//! # Ok::<(), strata_config_flags::InvalidFlags>(())
//! ```

mod answer;
mod constraint;
mod context;
mod dependency;
mod export;
mod feature;
mod read;
mod strategy;
mod variant;

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value as Json;

use crate::interchange::Imported;
use crate::model::Segment;

pub use answer::{Payload, Variant, is_enabled, variant};
pub use context::context;
pub use export::export;

use feature::Built;
use read::{Notes, Object};

/// What an import is told besides the features.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Options {
    /// The field of the context that stands for chance: shares and variants that are random in Unleash are sticky to
    /// it. Where nothing is said, they are refused, unless the share is 0 % or 100 %.
    pub random_as: Option<String>,
}

/// Imports what Unleash serves to its clients (`/api/client/features`): `{"features": […], "segments": […]}`.
///
/// What Unleash's clients never match (an unknown strategy or operator, a missing segment or parent, a value that
/// can't be read) is imported as never matching, with a warning. What can't be said here at all refuses its flag.
#[must_use]
pub fn import(features: &Json) -> Imported {
    import_with(features, &Options::default())
}

/// As [`import`], of a text.
///
/// # Errors
/// The text is no JSON.
pub fn import_text(features: &str) -> Result<Imported, serde_json::Error> {
    serde_json::from_str(features).map(|features| import(&features))
}

/// As [`import`], with options.
#[must_use]
pub fn import_with(features: &Json, options: &Options) -> Imported {
    let mut notes = Notes::default();
    let mut imported = Imported::default();
    let Some(root) = features.as_object() else {
        imported.refuse("", ["Unleash's features are an object with a list `features`".to_owned()]);
        return imported;
    };
    let mut refused_segments = BTreeSet::new();
    for (index, segment) in notes.objects(root, "segments") {
        import_segment(index, segment, &mut refused_segments, &mut imported);
    }
    let mut built: BTreeMap<String, Built> = BTreeMap::new();
    let mut names = BTreeSet::new();
    if !root.contains_key("features") {
        notes.problem("`features` has to be there");
    }
    let around = Around { options, refused_segments: &refused_segments };
    for (index, feature) in notes.objects(root, "features") {
        match notes.text(feature, "name").filter(|name| !name.is_empty()) {
            None => imported.refuse("", [format!("features.{index}.name: a feature needs one")]),
            Some(name) if !names.insert(name) => {
                built.remove(name);
                imported.refuse(name, ["there are several features of this name".to_owned()]);
            }
            Some(name) => built.extend(import_feature(name, feature, around, &mut imported)),
        }
    }
    dependency::resolve(&mut built, &mut imported);
    let flags = built.into_iter().map(|(name, built)| (name, built.definition.into()));
    imported.definitions.flags = flags.collect();
    imported.refuse("", notes.finish().0);
    imported.compiled()
}

fn import_segment(index: usize, segment: &Object, refused: &mut BTreeSet<String>, imported: &mut Imported) {
    let mut notes = Notes::default();
    let Some(id) = notes.scalar(segment, "id") else {
        return imported.refuse("", [format!("segments.{index}.id: a segment needs one")]);
    };
    let when = constraint::all_of(segment, &mut notes);
    let description = notes.text(segment, "name").map(str::to_owned);
    let told = format!("segment {id}");
    let (problems, warnings) = notes.finish();
    imported.warn(&told, warnings);
    let is_known = refused.contains(&id) || imported.definitions.segments.remove(&id).is_some();
    if is_known || !problems.is_empty() {
        let twice = is_known.then(|| "there are several segments of this id".to_owned());
        imported.refuse(&told, problems.into_iter().chain(twice));
        refused.insert(id);
        return;
    }
    imported.definitions.segments.insert(id, Segment { description, when: Some(when), ..Segment::default() });
}

/// What stands around all features.
#[derive(Clone, Copy)]
struct Around<'a> {
    options: &'a Options,
    refused_segments: &'a BTreeSet<String>,
}

fn import_feature(
    name: &str,
    feature: &Object,
    around: Around<'_>,
    imported: &mut Imported,
) -> Option<(String, Built)> {
    let mut notes = Notes::default();
    let around = strategy::Around {
        feature: name,
        options: around.options,
        segments: &imported.definitions.segments,
        refused_segments: around.refused_segments,
    };
    let built = feature::build(feature, around, &mut notes);
    let (problems, warnings) = notes.finish();
    if !problems.is_empty() {
        imported.refuse(name, problems);
        return None;
    }
    imported.warn(name, warnings);
    Some((name.to_owned(), built))
}
