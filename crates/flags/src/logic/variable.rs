//! Where a rule finds its values: attributes, the targeting key, and what flagd adds.

use super::value::Value;
use crate::context::{Context, TARGETING_KEY};
use crate::model::Moment;

/// What rules see besides the context, under this name.
pub(super) const OWN: &str = "$flagd";

/// Everything that stays the same in the course of one evaluation.
#[derive(Debug, Clone, Copy)]
pub(super) struct Environment<'e> {
    pub(super) flag: &'e str,
    pub(super) context: &'e Context<'e>,
    pub(super) now: Moment,
}

impl Environment<'_> {
    /// Seconds since 1970 began: `$flagd.timestamp`.
    pub(super) fn timestamp(&self) -> i64 {
        self.now.millis().div_euclid(1_000)
    }
}

/// A `var` that is known before evaluation.
#[derive(Debug)]
pub(super) enum Variable {
    FlagKey,
    Timestamp,
    TargetingKey,
    Attribute {
        name: Box<str>,
        /// What to look up in maps, or by number in lists, from there.
        steps: Box<[(Box<str>, Option<usize>)]>,
    },
}

impl Variable {
    /// `None` for what is left to the engine.
    pub(super) fn new(path: &str) -> Option<Self> {
        let mut steps = path.split('.');
        match steps.next()? {
            // The first means the whole context; the others mean something else within `reduce`.
            "" | "current" | "accumulator" => None,
            OWN => match path {
                "$flagd.flagKey" => Some(Self::FlagKey),
                "$flagd.timestamp" => Some(Self::Timestamp),
                _ => None,
            },
            TARGETING_KEY => (path == TARGETING_KEY).then_some(Self::TargetingKey),
            name => Some(Self::Attribute {
                name: name.into(),
                steps: steps.map(|step| (step.into(), step.parse().ok())).collect(),
            }),
        }
    }

    /// What stands there.
    pub(super) fn find<'e>(&'e self, environment: &Environment<'e>) -> Option<Value<'e>> {
        use crate::context::Attribute;

        let (name, steps) = match self {
            Self::FlagKey => return Some(Value::Text(environment.flag)),
            Self::Timestamp => return Some(Value::Int(environment.timestamp())),
            Self::TargetingKey => return environment.context.targeting_key().map(Value::Text),
            Self::Attribute { name, steps } => (name, steps),
        };
        let step = |found: &'e Attribute<'e>, (name, number): &(Box<str>, Option<usize>)| match found {
            Attribute::List(items) => items.get((*number)?),
            map => map.entry(name),
        };
        let found = steps.iter().try_fold(environment.context.attribute(name)?, step)?;
        Some(found.into())
    }
}
