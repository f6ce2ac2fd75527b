//! What an experiment serves to whom.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use strata_config_core::{FieldPath, Finding, Report, Severity, Value, report::code};
use strata_config_flags::model::{Definition as Flag, FlagType, Serve, Share, Split, Status, Weight};
use utoipa::ToSchema;

use crate::current::json;

/// An experiment: presets, and the share of units that each is served to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Definition {
    /// What is to be found out.
    #[serde(default)]
    pub(crate) description: String,
    /// Whether it runs; where it does not, nobody has a part in it.
    #[serde(default = "yes")]
    pub(crate) enabled: bool,
    /// The presets, two or more.
    #[schema(min_items = 2)]
    pub(crate) arms: Vec<Arm>,
    /// The percentage of units that take part, in steps of 0.001.
    #[serde(default = "everybody")]
    #[schema(minimum = 0, maximum = 100)]
    pub(crate) share: f64,
}

/// A preset of an experiment.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Arm {
    /// Its name.
    pub(crate) preset: String,
    /// Its part of the sum of all weights.
    #[schema(minimum = 1, maximum = 1_000_000)]
    pub(crate) weight: u32,
}

/// The heaviest arm; a share in millionths is finer than what is served.
const HEAVIEST: u32 = 1_000_000;

fn yes() -> bool {
    true
}

fn everybody() -> f64 {
    100.0
}

/// The experiments of the declared key's value.
pub(super) fn parse_all(value: &Value) -> Result<BTreeMap<String, Definition>, String> {
    let all: BTreeMap<String, Definition> = serde_json::from_value(json(value)).map_err(|error| error.to_string())?;
    for (name, definition) in &all {
        // A preset that has gone since is told where it would be served.
        if let Some(wrong) = definition.check(None).errors().next() {
            return Err(format!("experiment `{name}`, `{}`: {}", wrong.path, wrong.message));
        }
    }
    Ok(all)
}

impl Definition {
    /// What is wrong with it, where these are the presets that there are.
    pub(super) fn check(&self, presets: Option<&[&str]>) -> Report {
        let mut report = Report::new();
        let mut wrong = |path: FieldPath, code, message: String| {
            report.push(Finding::new(Severity::Error, code, path, message));
        };
        let arms = FieldPath::ROOT.child("arms");
        if self.arms.len() < 2 {
            wrong(arms.clone(), code::LENGTH, "an experiment has two presets or more".to_owned());
        }
        for (number, Arm { preset, weight }) in self.arms.iter().enumerate() {
            let arm = arms.child(&number.to_string());
            if presets.is_some_and(|presets| !presets.contains(&preset.as_str())) {
                wrong(arm.child("preset"), code::ONE_OF, format!("there is no preset `{preset}`"));
            }
            if self.arms[..number].iter().any(|earlier| earlier.preset == *preset) {
                wrong(arm.child("preset"), code::ONE_OF, format!("preset `{preset}` is there twice"));
            }
            if !(1..=HEAVIEST).contains(weight) {
                wrong(arm.child("weight"), code::RANGE, format!("a weight is from 1 to {HEAVIEST}, not {weight}"));
            }
        }
        if Share::from_percent(self.share).is_none() {
            wrong(FieldPath::ROOT.child("share"), code::RANGE, "a share is from 0 to 100 percent".to_owned());
        }
        report
    }

    /// The flag that serves it: its variants are the presets' names.
    pub(super) fn flag(&self, name: &str) -> Flag {
        let variants = self.arms.iter().map(|arm| (arm.preset.clone(), arm.preset.clone().into()));
        let weights = self.arms.iter().map(|arm| Weight { variant: arm.preset.clone(), weight: arm.weight });
        let split = Split {
            // Apart from a flag of the same name.
            salt: Some(format!("experiment:{name}")),
            coverage: Share::from_percent(self.share).unwrap_or(Share::NOBODY),
            weights: weights.collect(),
            ..Split::default()
        };
        Flag {
            kind: Some(FlagType::String),
            variants: variants.collect(),
            status: if self.enabled { Status::Enabled } else { Status::Disabled },
            fallthrough: Some(Serve::Split(split)),
            ..Flag::default()
        }
    }
}
