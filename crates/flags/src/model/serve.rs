//! What a rule serves: a variant, the program's default, a split or a ramp.

use std::fmt;

use serde::de::value::MapAccessDeserializer;
use serde::de::{self, Deserializer, MapAccess, Visitor};
use serde::{Deserialize, Serialize, Serializer};

use super::{GuardAction, Logic, Moment, Share};
use crate::bucket::Algorithm;

/// What is served: `"blue"`, `"25%"`, `null` for the program's own default, `{"split": …}`, `{"ramp": …}` or
/// `{"logic": …}`.
#[derive(Debug, Clone, PartialEq)]
pub enum Serve {
    /// One variant.
    Variant(String),
    /// The default that the program gives with its question.
    CodeDefault,
    /// Variants by share.
    Split(Split),
    /// Variants by a share that grows with time.
    Ramp(Ramp),
    /// The variant that a rule of JsonLogic names; feature `flagd`.
    Logic(Logic),
}

impl Serve {
    /// A share of all units gets `on`: what `"25%"` means.
    #[must_use]
    pub fn share(coverage: Share) -> Self {
        Self::Split(Split { coverage, ..Split::default() })
    }
}

/// Variants by share. The same unit always gets the same variant.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Split {
    /// How a unit's place is found; it never changes its meaning, so it is kept with the split.
    pub algorithm: Algorithm,
    /// What makes this split independent of others; the flag's key where nothing is said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub salt: Option<String>,
    /// What makes the choice among variants independent of who takes part; it follows from the salt where nothing is said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub choice_salt: Option<String>,
    /// The attributes that together are the unit; `targetingKey` where nothing is said.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub bucket_by: Vec<String>,
    /// The attributes that are the unit where one of those is missing.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub fallback_by: Vec<String>,
    /// The share of units that take part.
    pub coverage: Share,
    /// How those are shared out; `on` alone where nothing is said.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub weights: Vec<Weight>,
    /// The places, from 0.0 up to 1.0, of each of the weights' variants, where they do not follow from coverage and
    /// weights; for GrowthBook's algorithms alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ranges: Option<Vec<(f64, f64)>>,
}

impl Default for Split {
    fn default() -> Self {
        Self {
            algorithm: Algorithm::Native1,
            salt: None,
            choice_salt: None,
            bucket_by: Vec::new(),
            fallback_by: Vec::new(),
            coverage: Share::EVERYBODY,
            weights: Vec::new(),
            ranges: None,
        }
    }
}

/// A variant's part of a split.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Weight {
    /// The variant.
    pub variant: String,
    /// Its part of the sum of all weights.
    pub weight: u32,
}

/// A split whose coverage grows with time. Before its first step nobody takes part.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ramp {
    /// The split; its own coverage is left at everybody.
    #[serde(default, skip_serializing_if = "is_plain")]
    pub split: Split,
    /// From when on how many take part; in the order of time.
    pub steps: Vec<Step>,
    /// What the flag's guard does when it trips, instead of what the guard says; the fallthrough's ramp has the last word.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on_guard: Option<GuardAction>,
}

fn is_plain(split: &Split) -> bool {
    *split == Split::default()
}

/// One step of a ramp.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// From when on.
    pub at: Moment,
    /// How many take part.
    pub coverage: Share,
}

/// How `Serve` is written.
#[derive(Serialize)]
#[serde(untagged)]
enum Written<'s> {
    Text(&'s str),
    Share(Share),
    Nothing,
    Variant { variant: &'s str },
    Split { split: &'s Split },
    Ramp { ramp: &'s Ramp },
    Logic { logic: &'s Logic },
}

impl Serialize for Serve {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let written = match self {
            Self::Variant(name) if name.ends_with('%') => Written::Variant { variant: name },
            Self::Variant(name) => Written::Text(name),
            Self::CodeDefault => Written::Nothing,
            Self::Split(split) if *self == Self::share(split.coverage) => Written::Share(split.coverage),
            Self::Split(split) => Written::Split { split },
            Self::Ramp(ramp) => Written::Ramp { ramp },
            Self::Logic(logic) => Written::Logic { logic },
        };
        written.serialize(serializer)
    }
}

/// How `Serve` is read where it is a map: one of these.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Tagged {
    variant: Option<String>,
    split: Option<Split>,
    ramp: Option<Ramp>,
    logic: Option<Logic>,
}

impl<'de> Deserialize<'de> for Serve {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct ServeVisitor;

        impl<'de> Visitor<'de> for ServeVisitor {
            type Value = Serve;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(
                    "a variant, a share such as `\"25%\"`, null, `{\"split\": …}`, `{\"ramp\": …}` or `{\"logic\": …}`",
                )
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Serve, E> {
                if text.ends_with('%') {
                    return text.parse().map(Serve::share).map_err(E::custom);
                }
                Ok(Serve::Variant(text.to_owned()))
            }

            // The variants of a boolean flag, as YAML and people write them.
            fn visit_bool<E>(self, on: bool) -> Result<Serve, E> {
                Ok(Serve::Variant(if on { "on" } else { "off" }.to_owned()))
            }

            fn visit_unit<E>(self) -> Result<Serve, E> {
                Ok(Serve::CodeDefault)
            }

            fn visit_map<M: MapAccess<'de>>(self, map: M) -> Result<Serve, M::Error> {
                let tagged = Tagged::deserialize(MapAccessDeserializer::new(map))?;
                match (tagged.variant, tagged.split, tagged.ramp, tagged.logic) {
                    (Some(name), None, None, None) => Ok(Serve::Variant(name)),
                    (None, Some(split), None, None) => Ok(Serve::Split(split)),
                    (None, None, Some(ramp), None) => Ok(Serve::Ramp(ramp)),
                    (None, None, None, Some(logic)) => Ok(Serve::Logic(logic)),
                    _ => {
                        let message = "exactly one of `variant`, `split`, `ramp` and `logic` says what is served";
                        Err(de::Error::custom(message))
                    }
                }
            }
        }

        deserializer.deserialize_any(ServeVisitor)
    }
}
