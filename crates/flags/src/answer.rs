//! What an evaluation answers: a value, a variant, and why.

use std::fmt;

use serde_json::{Map, Value as Json};

use crate::compile::Compiled;
use crate::model::{FlagType, FlagValue, Scalar};
use crate::set::FlagSet;

/// What a flag serves, and why. It borrows from the set of flags, so making one costs no allocation.
#[derive(Clone, Copy)]
pub struct Answer<'s> {
    pub(crate) flag: &'s Compiled,
    pub(crate) set: &'s FlagSet,
    pub(crate) variant: Option<u16>,
    /// OpenFeature's reason.
    pub reason: Reason,
    /// What decided.
    pub why: Why,
    /// The number of the rule that decided.
    pub(crate) rule: Option<u16>,
    /// The unit's place in the split that decided, 0 to 99,999.
    pub bucket: Option<u32>,
}

impl<'s> Answer<'s> {
    /// The flag's key.
    #[must_use]
    pub fn key(&self) -> &'s str {
        &self.flag.key
    }

    /// The variant; `None` where the program's own default is served.
    #[must_use]
    pub fn variant(&self) -> Option<&'s str> {
        self.variant.map(|variant| &*self.flag.variants[usize::from(variant)].0)
    }

    /// The variant's value; `None` where the program's own default is served.
    #[must_use]
    pub fn value(&self) -> Option<&'s FlagValue> {
        self.variant.map(|variant| &self.flag.variants[usize::from(variant)].1)
    }

    /// The type of the flag's values.
    #[must_use]
    pub fn kind(&self) -> FlagType {
        self.flag.kind
    }

    /// The rule that decided: its id, or its number where it has none.
    #[must_use]
    pub fn rule_id(&self) -> Option<&'s str> {
        self.rule.map(|rule| &*self.flag.rules[usize::from(rule)].id)
    }

    /// The flag's metadata and the set's, the flag's own first; a name may come twice, and then the first counts.
    pub fn metadata(&self) -> impl Iterator<Item = (&'s str, &'s Scalar)> + use<'s> {
        self.flag.metadata.iter().chain(&self.set.metadata).map(|(name, value)| (&**name, value))
    }

    /// The metadata as answers of other systems have it: all of them scalars, and besides the flag's own `why`, and
    /// where they are known `rule_id` and `bucket`, which win.
    #[must_use]
    pub fn metadata_json(&self) -> Map<String, Json> {
        let mut metadata = Map::new();
        for (name, value) in self.metadata() {
            metadata.entry(name).or_insert_with(|| value.to_json());
        }
        metadata.insert("why".to_owned(), self.why.as_str().into());
        if let Some(rule) = self.rule_id() {
            metadata.insert("rule_id".to_owned(), rule.into());
        }
        if let Some(bucket) = self.bucket {
            metadata.insert("bucket".to_owned(), bucket.into());
        }
        metadata
    }
}

impl fmt::Debug for Answer<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Answer")
            .field("key", &self.key())
            .field("variant", &self.variant())
            .field("value", &self.value())
            .field("reason", &self.reason)
            .field("why", &self.why)
            .field("rule_id", &self.rule_id())
            .field("bucket", &self.bucket)
            .finish()
    }
}

/// Why a value is what it is, in OpenFeature's words (specification 1.4.7 and its types).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Reason {
    /// Everybody gets it.
    Static,
    /// Nothing said anything about this unit.
    Default,
    /// A target or a rule said so.
    TargetingMatch,
    /// The unit's place in a split said so.
    Split,
    /// The flag is off.
    Disabled,
    /// The flags are older than they should be.
    Stale,
    /// It could not be evaluated.
    Error,
}

impl Reason {
    /// All of them, in the order of [`Reason::index`].
    pub const ALL: [Self; 7] =
        [Self::Static, Self::Default, Self::TargetingMatch, Self::Split, Self::Disabled, Self::Stale, Self::Error];

    /// OpenFeature's name for it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Static => "STATIC",
            Self::Default => "DEFAULT",
            Self::TargetingMatch => "TARGETING_MATCH",
            Self::Split => "SPLIT",
            Self::Disabled => "DISABLED",
            Self::Stale => "STALE",
            Self::Error => "ERROR",
        }
    }

    /// Its place in [`Reason::ALL`].
    #[must_use]
    pub const fn index(self) -> usize {
        self as usize
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// What decided, exactly: the metadata `why`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Why {
    /// The set's kill switch.
    KillSwitch,
    /// The request forces it.
    Override,
    /// The flag's status.
    Status,
    /// The flag's schedule.
    Schedule,
    /// The flag's guard has tripped.
    Guard,
    /// A flag that this one needs serves something else.
    Prerequisite,
    /// The variant that everybody is given.
    Forced,
    /// The unit is one of the flag's targets.
    Target,
    /// A rule.
    Rule,
    /// What everybody gets for whom no rule had an answer.
    Fallthrough,
    /// The split left the unit out, or nothing was said.
    Default,
    /// A split was skipped: the context lacks what units are told apart by.
    NoBucketingKey,
    /// A rule of JsonLogic could not be evaluated, or named a variant that there is not.
    LogicFailed,
}

impl Why {
    /// Its name in answers.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::KillSwitch => "kill_switch",
            Self::Override => "override",
            Self::Status => "status",
            Self::Schedule => "schedule",
            Self::Guard => "guard",
            Self::Prerequisite => "prerequisite",
            Self::Forced => "forced",
            Self::Target => "target",
            Self::Rule => "rule",
            Self::Fallthrough => "fallthrough",
            Self::Default => "default",
            Self::NoBucketingKey => "no_bucketing_key",
            Self::LogicFailed => "logic_failed",
        }
    }
}

impl fmt::Display for Why {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Why there is no answer. The program's default is then what it uses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EvaluationError {
    /// There is no such flag.
    FlagNotFound {
        /// The key that was asked for.
        key: String,
    },
    /// The flag's values are of another type.
    TypeMismatch {
        /// The flag.
        key: String,
        /// The type that was asked for.
        asked: FlagType,
        /// The flag's type.
        found: FlagType,
    },
    /// The variant's value is of the right type, but the program can't read it.
    ParseError {
        /// The flag.
        key: String,
        /// What it can't read.
        message: String,
    },
}

impl EvaluationError {
    /// OpenFeature's code.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::FlagNotFound { .. } => "FLAG_NOT_FOUND",
            Self::TypeMismatch { .. } => "TYPE_MISMATCH",
            Self::ParseError { .. } => "PARSE_ERROR",
        }
    }
}

impl fmt::Display for EvaluationError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::FlagNotFound { key } => write!(f, "there is no flag `{key}`"),
            Self::TypeMismatch { key, asked, found } => {
                write!(f, "the flag `{key}` is of type {found}, and {asked} was asked for")
            }
            Self::ParseError { key, message } => write!(f, "the flag `{key}`: {message}"),
        }
    }
}

impl std::error::Error for EvaluationError {}
