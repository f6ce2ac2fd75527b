//! Where in a context a value stands.

use crate::context::{Attribute, Context, TARGETING_KEY};
use crate::model::Moment;

/// The attribute that is the moment of evaluation, where the context has none of that name.
pub(crate) const NOW: &str = "now";

/// Where in a context a value stands, its name taken apart once.
#[derive(Debug)]
pub(crate) enum Place {
    TargetingKey,
    Attribute {
        name: Box<str>,
        /// `a.b` is an attribute of that name, or else the entry `b` of the attribute `a`.
        steps: Box<[Box<str>]>,
    },
}

/// What stands there.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Seen<'c> {
    Text(&'c str),
    Attribute(&'c Attribute<'c>),
    Moment(Moment),
}

impl Place {
    pub(crate) fn new(name: &str) -> Self {
        if name == TARGETING_KEY {
            return Self::TargetingKey;
        }
        let steps = if name.contains('.') { name.split('.').map(Into::into).collect() } else { Box::default() };
        Self::Attribute { name: name.into(), steps }
    }

    /// Whether it depends on the moment of evaluation.
    pub(crate) fn is_now(&self) -> bool {
        matches!(self, Self::Attribute { name, .. } if &**name == NOW)
    }

    /// What stands there in a context; null counts as nothing.
    pub(crate) fn find<'c>(&self, context: &'c Context<'_>, now: Moment) -> Option<Seen<'c>> {
        let (name, steps) = match self {
            Self::TargetingKey => return context.targeting_key().map(Seen::Text),
            Self::Attribute { name, steps } => (name, steps),
        };
        let found = context.attribute(name).or_else(|| {
            let (first, rest) = steps.split_first()?;
            rest.iter().try_fold(context.attribute(first)?, |map, step| map.entry(step))
        });
        match found {
            Some(Attribute::Null) => None,
            Some(Attribute::Text(text)) => Some(Seen::Text(text)),
            Some(attribute) => Some(Seen::Attribute(attribute)),
            None => (&**name == NOW).then_some(Seen::Moment(now)),
        }
    }
}
