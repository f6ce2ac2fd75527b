//! A flag in full.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use super::{FlagType, Guard, Lifecycle, Moment, Rule, Scalar, Serve, Share};

/// A flag in full. Evaluation asks its parts in the order in which they stand here, from `status` on; the first that has
/// an answer ends it.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Definition {
    /// What it does, for people.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// The type of its values, where the variants leave a doubt.
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    pub kind: Option<FlagType>,
    /// Its variants and their values; `on` and `off` with true and false, where nothing is said.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub variants: BTreeMap<String, Json>,
    /// The variant where nothing else has an answer; the program's own default where nothing is said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub default_variant: Option<String>,
    /// The variant while the flag is off; the program's own default where nothing is said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub off_variant: Option<String>,
    /// Whether it is in use; anything but `enabled` is off.
    #[serde(skip_serializing_if = "Status::is_enabled")]
    pub status: Status,
    /// When it is in use; always, where nothing is said.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub schedule: Vec<Window>,
    /// What watches over it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub guard: Option<Guard>,
    /// Flags that have to serve these variants, or this one is off.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub prerequisites: Vec<Prerequisite>,
    /// The variant that everybody gets.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub forced: Option<String>,
    /// The variants of single units.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub targets: Vec<Target>,
    /// Who gets what.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub rules: Vec<Rule>,
    /// What everybody else gets; the default variant, where nothing is said.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "said")]
    pub fallthrough: Option<Serve>,
    /// What its answers tell besides.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub metadata: BTreeMap<String, Scalar>,
    /// Whose it is, and until when.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lifecycle: Option<Lifecycle>,
}

impl Definition {
    /// A flag of two variants, `on` and `off`, that serves this to everybody.
    #[must_use]
    pub fn boolean(fallthrough: Serve) -> Self {
        Self { off_variant: Some("off".to_owned()), default_variant: Some("off".to_owned()), ..Self::default() }
            .with_fallthrough(fallthrough)
    }

    fn with_fallthrough(mut self, fallthrough: Serve) -> Self {
        self.fallthrough = Some(fallthrough);
        self
    }

    /// Whether its variants are the two that a flag has where none are named.
    #[must_use]
    pub fn has_plain_variants(&self) -> bool {
        self.variants.is_empty() && self.kind.is_none_or(|kind| kind == FlagType::Bool)
    }

    /// Its variants, also where none are named.
    #[must_use]
    pub fn variants(&self) -> std::borrow::Cow<'_, BTreeMap<String, Json>> {
        if !self.has_plain_variants() {
            return std::borrow::Cow::Borrowed(&self.variants);
        }
        let plain = [("on", true), ("off", false)];
        std::borrow::Cow::Owned(plain.into_iter().map(|(name, value)| (name.to_owned(), value.into())).collect())
    }

    /// The type of its values; `None` where variants differ.
    #[must_use]
    pub fn value_type(&self) -> Option<FlagType> {
        self.kind.or_else(|| FlagType::of_all(self.variants().values()))
    }

    /// The share of units that its fallthrough serves by share at a moment: what a rollout's slider shows.
    #[must_use]
    pub fn coverage(&self, at: Moment) -> Option<Share> {
        match self.fallthrough.as_ref()? {
            Serve::Split(split) => Some(split.coverage),
            Serve::Ramp(ramp) => Some(ramp.coverage(at)),
            Serve::Variant(_) | Serve::CodeDefault | Serve::Logic(_) => None,
        }
    }
}

/// Whether a flag is in use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// In use.
    #[default]
    Enabled,
    /// Turned off.
    Disabled,
    /// Off while what it controls is worked on.
    Maintenance,
    /// Off since what it controls failed.
    Error,
    /// Off for good; kept for its history.
    Archived,
}

impl Status {
    /// The status's name in a definition.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Enabled => "enabled",
            Self::Disabled => "disabled",
            Self::Maintenance => "maintenance",
            Self::Error => "error",
            Self::Archived => "archived",
        }
    }

    /// Whether the flag is in use.
    #[must_use]
    pub const fn is_enabled(&self) -> bool {
        matches!(self, Self::Enabled)
    }
}

/// A flag that another needs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Prerequisite {
    /// The other flag.
    pub flag: String,
    /// One of these has to be its variant. A flag that is off serves none.
    #[serde(alias = "variants", serialize_with = "write_one_or_many", deserialize_with = "one_or_many")]
    pub variant: Vec<String>,
    /// It must not serve any of them instead.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub negate: bool,
}

/// The variant of one or several units.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Target {
    /// The targeting keys.
    #[serde(alias = "units", serialize_with = "write_one_or_many", deserialize_with = "one_or_many")]
    pub unit: Vec<String>,
    /// What they get.
    pub variant: String,
}

/// A time in which a flag is in use; open on the side that is not said.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Window {
    /// Its first moment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Moment>,
    /// The moment after its last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<Moment>,
}

impl super::Ramp {
    /// The share of units that takes part at a moment.
    #[must_use]
    pub fn coverage(&self, at: Moment) -> Share {
        self.steps.iter().rev().find(|step| step.at <= at).map_or(Share::NOBODY, |step| step.coverage)
    }
}

/// What is said, also where that is null: the program's own default, and not nothing.
fn said<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<Serve>, D::Error> {
    Serve::deserialize(deserializer).map(Some)
}

/// One text, or a list of them.
pub(super) fn one_or_many<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged, expecting = "a text, or a list of texts")]
    enum OneOrMany {
        One(String),
        Many(Vec<String>),
    }

    Ok(match OneOrMany::deserialize(deserializer)? {
        OneOrMany::One(one) => vec![one],
        OneOrMany::Many(many) => many,
    })
}

fn write_one_or_many<S: serde::Serializer>(texts: &[String], serializer: S) -> Result<S::Ok, S::Error> {
    match texts {
        [one] => serializer.serialize_str(one),
        many => many.serialize(serializer),
    }
}
