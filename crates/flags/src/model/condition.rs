//! For whom a rule or a segment holds.

use serde::{Deserialize, Deserializer, Serialize, de};
use serde_json::Value as Json;

use super::definition::one_or_many;
use super::{Prerequisite, Split};

/// For whom something holds: `{"attribute": …, "op": …}`, `{"segment": …}`, `{"flag": …}`, `{"share": …}`, `{"mongo": …}`,
/// and these put together by `all`, `any` and `not`.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Condition {
    /// All of these hold; always, where there is none.
    All(Vec<Self>),
    /// One of these holds; never, where there is none.
    Any(Vec<Self>),
    /// This does not hold.
    Not(Box<Self>),
    /// The unit is in a segment.
    Segment(String),
    /// The unit has a place in a split of its own: what makes experiments exclude each other. Weights say nothing here.
    Share(Split),
    /// The attributes are as GrowthBook's language of conditions says, with its meaning, JavaScript's comparisons included;
    /// feature `growthbook`.
    Mongo(serde_json::Map<String, Json>),
    /// Another flag serves this to the unit.
    #[serde(untagged)]
    Flag(Prerequisite),
    /// An attribute of the context compares so.
    #[serde(untagged)]
    Test(Test),
}

impl Condition {
    /// Whether it holds for everybody.
    #[must_use]
    pub fn is_always(&self) -> bool {
        matches!(self, Self::All(all) if all.is_empty())
    }
}

impl Default for Condition {
    fn default() -> Self {
        Self::All(Vec::new())
    }
}

/// All keys that conditions have; which of them belong together is said after all are read, so that a mistake is told
/// by its name and place.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Parts {
    all: Option<Vec<Condition>>,
    any: Option<Vec<Condition>>,
    not: Option<Box<Condition>>,
    segment: Option<String>,
    share: Option<Split>,
    mongo: Option<serde_json::Map<String, Json>>,
    flag: Option<String>,
    #[serde(default, alias = "variants", deserialize_with = "one_or_many")]
    variant: Vec<String>,
    attribute: Option<String>,
    op: Option<Operator>,
    #[serde(default)]
    values: Vec<Json>,
    value: Option<Json>,
    #[serde(default)]
    ignore_case: bool,
    #[serde(default)]
    negate: bool,
}

impl Parts {
    /// Which of the conditions that stand alone are there.
    fn alone(&self) -> [bool; 6] {
        let (segment, share, mongo) = (self.segment.is_some(), self.share.is_some(), self.mongo.is_some());
        [self.all.is_some(), self.any.is_some(), self.not.is_some(), segment, share, mongo]
    }

    /// Whether there is anything besides what one of the short conditions needs.
    fn is_short(&self) -> bool {
        self.alone().into_iter().filter(|is_there| *is_there).count() == 1
            && self.flag.is_none()
            && self.attribute.is_none()
            && !self.has_comparison()
            && self.variant.is_empty()
            && !self.negate
    }

    fn has_comparison(&self) -> bool {
        self.op.is_some() || !self.values.is_empty() || self.value.is_some() || self.ignore_case
    }

    fn condition(mut self) -> Result<Condition, &'static str> {
        const KINDS: &str =
            "a condition has one of `attribute`, `flag`, `segment`, `share`, `mongo`, `all`, `any` and `not`";
        if self.is_short() {
            let short = self.all.map(Condition::All).or(self.any.map(Condition::Any)).or(self.not.map(Condition::Not));
            let short = short.or(self.segment.map(Condition::Segment)).or(self.share.map(Condition::Share));
            return short.or(self.mongo.map(Condition::Mongo)).ok_or(KINDS);
        }
        if self.alone().contains(&true) {
            return Err("`all`, `any`, `not`, `segment`, `share` and `mongo` stand alone");
        }
        match (self.attribute.take(), self.flag.take()) {
            (Some(attribute), None) if self.variant.is_empty() => {
                let op = self.op.ok_or("`op` says how the attribute is compared")?;
                self.values.extend(self.value);
                Ok(Condition::Test(Test {
                    attribute,
                    op,
                    values: self.values,
                    ignore_case: self.ignore_case,
                    negate: self.negate,
                }))
            }
            (None, Some(flag)) if !self.has_comparison() => match self.variant.is_empty() {
                true => Err("`variant` says what the other flag has to serve"),
                false => Ok(Condition::Flag(Prerequisite { flag, variant: self.variant, negate: self.negate })),
            },
            (Some(_), Some(_)) => Err("a condition is about an attribute or a flag, not both"),
            (Some(_), None) => Err("`variant` belongs to conditions about a flag"),
            (None, Some(_)) => Err("`op`, `values` and `ignore_case` belong to conditions about an attribute"),
            (None, None) => Err(KINDS),
        }
    }
}

impl<'de> Deserialize<'de> for Condition {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Parts::deserialize(deserializer)?.condition().map_err(de::Error::custom)
    }
}

/// A comparison of one attribute of the context. A list holds where one of its items does; an attribute that is not
/// there, or has no such type, does not compare.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Test {
    /// The attribute; `targetingKey` for the unit, `user.address.country` for what stands within maps.
    pub attribute: String,
    /// How it is compared.
    pub op: Operator,
    /// What it is compared with; one of them has to fit.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub values: Vec<Json>,
    /// Texts are compared without regard to case.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub ignore_case: bool,
    /// It holds where the comparison does not; so for an attribute that is not there.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub negate: bool,
}

/// How an attribute is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Operator {
    /// Equals one of the values; a text equals a number or a boolean that it writes.
    In,
    /// Is one of the values just as they stand: nothing is converted, and a list does not stand for its items.
    Is,
    /// Contains the text; for a list, has the item.
    Contains,
    /// Starts with the text.
    StartsWith,
    /// Ends with the text.
    EndsWith,
    /// A regular expression finds something in it; feature `regex`.
    Matches,
    /// `*` stands for any text.
    Like,
    /// Equals the number.
    NumberEquals,
    /// Less than the number.
    LessThan,
    /// At most the number.
    AtMost,
    /// More than the number.
    MoreThan,
    /// At least the number.
    AtLeast,
    /// A version of the same precedence (SemVer 2.0).
    SemverEquals,
    /// A lower version.
    SemverLess,
    /// A version at most as high.
    SemverAtMost,
    /// A higher version.
    SemverMore,
    /// A version at least as high.
    SemverAtLeast,
    /// Before the moment.
    Before,
    /// At the moment or after it.
    After,
    /// An address within the network, or the address itself.
    InNetwork,
    /// The attribute is there, whatever it is; no values.
    Exists,
}
