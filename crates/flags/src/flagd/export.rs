//! flagd's JSON out: what the format can say is written, what it can't is refused by name.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::{Map, Value as Json, json};

use super::NEWEST;
use super::check::within;
use super::condition::{Conditions, segment};
use super::split::Splits;
use super::targeting::{GENERATIONS, Targeted, Targeting};
use crate::bucket::Algorithm;
use crate::compile::{self, Problem, Problems};
use crate::interchange::Exported;
use crate::model::{Definition, Definitions, FlagValue, Scalar, Segment};

/// How definitions are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct ExportOptions {
    /// Which generation of `fractional` the reader has: [`Algorithm::FlagdV3`] or [`Algorithm::FlagdV2`].
    pub fractional: Algorithm,
    /// Whether splits by other algorithms are written as `fractional`, which moves units to other variants. Without it
    /// such flags are refused.
    pub approximates: bool,
}

impl Default for ExportOptions {
    fn default() -> Self {
        Self { fractional: NEWEST, approximates: false }
    }
}

impl ExportOptions {
    /// The same, for another generation of `fractional`.
    #[must_use]
    pub const fn with_fractional(mut self, generation: Algorithm) -> Self {
        self.fractional = generation;
        self
    }

    /// The same, with splits by other algorithms as near as `fractional` comes.
    #[must_use]
    pub const fn approximating(mut self) -> Self {
        self.approximates = true;
        self
    }
}

/// Writes definitions for flagd as it is now.
#[must_use]
pub fn export(definitions: &Definitions) -> Exported {
    export_with(definitions, ExportOptions::default())
}

/// Writes definitions.
#[must_use]
pub fn export_with(definitions: &Definitions, options: ExportOptions) -> Exported {
    let mut export = Export { options, definitions, evaluators: BTreeMap::new(), exported: Exported::default() };
    export.exported.document = export.document();
    export.exported
}

/// The name under which the document itself is refused.
const WHOLE: &str = "";

struct Export<'e> {
    options: ExportOptions,
    definitions: &'e Definitions,
    evaluators: BTreeMap<String, Json>,
    exported: Exported,
}

impl Export<'_> {
    fn document(&mut self) -> Json {
        let definitions = self.definitions;
        let mut problems = Problems::default();
        if !GENERATIONS.contains(&self.options.fractional) {
            problems.push(format!("`{}` is no generation of flagd's `fractional`", self.options.fractional));
        }
        if definitions.kill_switch {
            within("kill_switch", &mut problems, |problems| problems.push("flagd knows no switch for all flags"));
        }
        let metadata = within("metadata", &mut problems, |problems| {
            let is_wrong = |name: &str, value: &Scalar| {
                ["flagSetId", "version"].contains(&name) && !matches!(value, Scalar::String(_))
            };
            let mut metadata = definitions.metadata.clone();
            metadata.retain(|name, value| {
                let is_wrong = is_wrong(name, value);
                if is_wrong {
                    within(name.as_str(), problems, |problems| problems.push("flagd wants a text here"));
                }
                !is_wrong
            });
            metadata
        });
        let problems = problems.finish();
        let is_refused = definitions.kill_switch || !GENERATIONS.contains(&self.options.fractional);
        self.refuse(WHOLE, problems);
        let mut document = Map::new();
        document.insert("$schema".to_owned(), "https://flagd.dev/schema/v0/flags.json".into());
        let mut flags = Map::new();
        if !is_refused {
            self.segments();
            for (key, flag) in &definitions.flags {
                match self.flag(key, &flag.definition()) {
                    Ok(written) => {
                        flags.insert(key.clone(), written);
                    }
                    Err(problems) => self.refuse(key, problems),
                }
            }
        }
        document.insert("flags".to_owned(), flags.into());
        if !self.evaluators.is_empty() {
            document.insert("$evaluators".to_owned(), json!(self.evaluators));
        }
        if !metadata.is_empty() {
            document.insert("metadata".to_owned(), json!(metadata));
        }
        document.into()
    }

    /// Segments that can be written; those that name others after these.
    fn segments(&mut self) {
        let mut left: Vec<(&String, &Segment)> = self.definitions.segments.iter().collect();
        loop {
            let before = left.len();
            let mut wrong = Vec::new();
            left.retain(|(name, source)| {
                let mut problems = Problems::default();
                if name.is_empty() {
                    problems.push("an evaluator's name is not empty");
                }
                let mut conditions = Conditions { segments: &self.evaluators, loose: Vec::new() };
                let written = segment(source, &mut conditions, &mut problems);
                let found = problems.finish();
                if found.is_empty() {
                    self.evaluators.insert((*name).clone(), written);
                    return false;
                }
                wrong.push((*name, found));
                true
            });
            if left.len() == before {
                for (name, problems) in wrong {
                    let problems = problems.iter().map(Problem::to_string);
                    self.exported.warn(&format!("segment {name}"), problems);
                }
                return;
            }
        }
    }

    fn flag(&mut self, key: &str, definition: &Definition) -> Result<Json, Vec<Problem>> {
        let source = Arc::new(definition.clone().into());
        let invalid = compile::flag(key, &source, None, None).1;
        if !invalid.is_empty() {
            return Err(invalid);
        }
        let mut problems = Problems::default();
        if key.is_empty() {
            problems.push("a flag's key is not empty");
        }
        let variants = variants(definition, &mut problems);
        let off = definition.off_variant.as_ref().filter(|_| !definition.status.is_enabled());
        let fixed = off.or(definition.forced.as_ref().filter(|_| definition.status.is_enabled()));
        if definition.status.is_enabled() {
            self.refuse_what_flagd_lacks(key, definition, &mut problems);
        }
        let mut targeting = Targeting {
            conditions: Conditions { segments: &self.evaluators, loose: Vec::new() },
            splits: Splits { flag: key, fractional: self.options.fractional, approximates: self.options.approximates },
            is_approximate: false,
        };
        let mut warnings = Vec::new();
        let targeted = match fixed {
            Some(variant) => {
                let why = if off.is_some() { "is off" } else { "is forced" };
                warnings.push(format!("it {why}, so `{variant}` is written for everybody, and no rules"));
                Targeted { rule: Json::Null, default: Some(variant.clone()) }
            }
            None => targeting.definition(definition, &mut problems),
        };
        if targeting.is_approximate {
            warnings.push("its splits are written as near as flagd comes: units change their variants".to_owned());
        }
        if !targeting.conditions.loose.is_empty() {
            let names = targeting.conditions.loose.join("`, `");
            warnings.push(format!(
                "flagd compares `{names}` as one value of the rule's type: it looks into no lists, and fails at other types"
            ));
        }
        let metadata = metadata(definition, &mut warnings);
        let found = problems.finish();
        if !found.is_empty() {
            return Err(found);
        }
        self.exported.warn(key, warnings);
        let is_enabled = definition.status.is_enabled() || off.is_some();
        let mut flag = Map::new();
        flag.insert("state".to_owned(), if is_enabled { "ENABLED" } else { "DISABLED" }.into());
        flag.insert("variants".to_owned(), variants);
        flag.insert("defaultVariant".to_owned(), targeted.default.into());
        if !targeted.rule.is_null() {
            flag.insert("targeting".to_owned(), targeted.rule);
        }
        if !metadata.is_empty() {
            flag.insert("metadata".to_owned(), json!(metadata));
        }
        Ok(flag.into())
    }

    fn refuse_what_flagd_lacks(&self, key: &str, definition: &Definition, problems: &mut Problems) {
        let mut refuse = |field: &'static str, is_there: bool, message: &str| {
            if is_there {
                within(field, problems, |problems| problems.push(message));
            }
        };
        refuse("schedule", !definition.schedule.is_empty(), "flagd knows no schedules");
        refuse("guard", definition.guard.is_some(), "flagd knows no guards");
        refuse("prerequisites", !definition.prerequisites.is_empty(), "flagd knows no prerequisites");
        refuse("trip", self.definitions.trips.contains_key(key), "flagd knows no guards that trip");
    }

    fn refuse(&mut self, flag: &str, problems: Vec<Problem>) {
        self.exported.refuse(flag, problems.iter().map(Problem::to_string));
    }
}

/// The variants' values, of the flag's own type.
fn variants(definition: &Definition, problems: &mut Problems) -> Json {
    let kind = definition.value_type();
    let mut written = Map::new();
    within("variants", problems, |problems| {
        for (name, value) in definition.variants().iter() {
            within(name.as_str(), problems, |problems| match value {
                Json::Array(_) => problems.push("flagd knows no lists as values"),
                _ if name.is_empty() => problems.push("flagd wants a name here"),
                _ => {}
            });
            let typed = kind.and_then(|kind| FlagValue::from_json(kind, value));
            written.insert(name.clone(), typed.map_or_else(|| value.clone(), |value| value.to_json()));
        }
    });
    written.into()
}

/// The metadata, and what else people want to know of a flag.
fn metadata(definition: &Definition, warnings: &mut Vec<String>) -> BTreeMap<String, Scalar> {
    let lifecycle = definition.lifecycle.clone().unwrap_or_default();
    let more = [
        ("description", definition.description.clone()),
        ("owner", lifecycle.owner),
        ("kind", lifecycle.kind.map(|kind| kind.as_str().to_owned())),
        ("expires", lifecycle.expires.map(|moment| moment.to_string())),
    ];
    let mut metadata = definition.metadata.clone();
    for (name, text) in more {
        let Some(text) = text else { continue };
        if metadata.contains_key(name) {
            warnings.push(format!("its {name} is left out: it has metadata of that name"));
        } else {
            metadata.insert(name.to_owned(), Scalar::String(text));
        }
    }
    metadata
}
