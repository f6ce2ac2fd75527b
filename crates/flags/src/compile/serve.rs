//! What a rule serves, ready for evaluation: splits prepared, ramps as one split a step.

use super::place::{Place, Seen};
use super::{Scope, Variant};
use crate::bucket::{Joined, OneShare, Placement, Shares, Splitter};
use crate::compile::problem::Problems;
use crate::context::{Attribute, Context};
use crate::model::{Moment, Ramp, Serve, Share, Split};

/// What a rule serves.
#[derive(Debug)]
pub(crate) enum Serving {
    Variant(Variant),
    CodeDefault,
    Split(Splitting),
    Ramp(Ramping),
    #[cfg(feature = "flagd")]
    Logic(Box<crate::logic::Program>),
}

/// A split, prepared.
#[derive(Debug)]
pub(crate) struct Splitting {
    unit: UnitOf,
    splitter: Splitter,
}

/// A ramp: a split for each of its steps.
#[derive(Debug)]
pub(crate) struct Ramping {
    unit: UnitOf,
    steps: Box<[(i64, Splitter)]>,
}

/// What the unit of a split is.
#[derive(Debug)]
enum UnitOf {
    /// The usual one.
    TargetingKey,
    Attributes {
        by: Box<[Place]>,
        fallback: Box<[Place]>,
    },
}

/// Compiles what is served.
pub(crate) fn compile(serve: &Serve, scope: &mut Scope<'_>) -> Serving {
    match serve {
        Serve::Variant(name) => Serving::Variant(scope.variant(name)),
        Serve::CodeDefault => Serving::CodeDefault,
        Serve::Split(split) => Serving::Split(scope.within("split", |scope| Splitting::new(split, scope))),
        Serve::Ramp(ramp) => Serving::Ramp(scope.within("ramp", |scope| Ramping::new(ramp, scope))),
        #[cfg(feature = "flagd")]
        Serve::Logic(logic) => {
            let program = scope.within("logic", |scope| crate::logic::Program::new(logic, scope));
            program.map_or(Serving::CodeDefault, |program| Serving::Logic(Box::new(program)))
        }
        #[cfg(not(feature = "flagd"))]
        Serve::Logic(_) => {
            scope.within("logic", |scope| scope.problems.push("`logic` needs the feature `flagd`"));
            Serving::CodeDefault
        }
    }
}

impl Serving {
    /// Its whole meaning, where it is a share of one variant for targeting keys.
    pub(crate) fn share(&self) -> Option<OneShare> {
        match self {
            Self::Split(Splitting { unit: UnitOf::TargetingKey, splitter }) => splitter.share(),
            _ => None,
        }
    }
}

impl Splitting {
    pub(crate) fn new(split: &Split, scope: &mut Scope<'_>) -> Self {
        let weights = weights(split, scope);
        Self { unit: UnitOf::new(split), splitter: splitter(split, split.coverage, &weights, scope.key) }
    }

    /// A split whose variants say nothing: whether a unit has a place in it is all that is asked.
    pub(crate) fn of_share(split: &Split, scope: &mut Scope<'_>) -> Self {
        if !split.weights.is_empty() {
            scope.within("weights", |scope| scope.problems.push("a share has no variants, so no weights either"));
        }
        if let Some(ranges) = &split.ranges {
            check_ranges(ranges, &mut scope.problems);
        }
        let weights: Vec<(u32, u32)> = match &split.ranges {
            Some(ranges) => ranges.iter().map(|_| (0, 1)).collect(),
            None => vec![(0, 1)],
        };
        Self { unit: UnitOf::new(split), splitter: splitter(split, split.coverage, &weights, scope.key) }
    }

    /// Where the context's unit stands; `None` where the context does not say who it is.
    #[inline]
    pub(crate) fn place(&self, context: &Context<'_>, now: Moment) -> Option<Placement> {
        self.unit.place(&self.splitter, context, now)
    }
}

impl Ramping {
    fn new(ramp: &Ramp, scope: &mut Scope<'_>) -> Self {
        scope.timed = true;
        let weights = scope.within("split", |scope| {
            if ramp.split.coverage != Share::EVERYBODY {
                scope.within("coverage", |scope| scope.problems.push("a ramp's steps say its coverage"));
            }
            weights(&ramp.split, scope)
        });
        scope.within("steps", |scope| {
            if ramp.steps.is_empty() {
                scope.problems.push("a ramp without steps serves nobody");
            }
            for (index, pair) in ramp.steps.windows(2).enumerate() {
                if pair[1].at <= pair[0].at {
                    scope.within(index + 1, |scope| {
                        scope.within("at", |scope| scope.problems.push("steps stand in the order of time"));
                    });
                }
            }
        });
        let step =
            |step: &crate::model::Step| (step.at.millis(), splitter(&ramp.split, step.coverage, &weights, scope.key));
        let steps = ramp.steps.iter().map(step).collect();
        Self { unit: UnitOf::new(&ramp.split), steps }
    }

    /// Where the context's unit stands at a moment; `None` where the context does not say who it is.
    pub(crate) fn place(&self, context: &Context<'_>, at: Moment, now: Moment) -> Option<Placement> {
        let step = self.steps.iter().rev().find(|(from, _)| *from <= at.millis());
        match step.or(self.steps.first()) {
            Some((from, splitter)) => {
                let place = self.unit.place(splitter, context, now)?;
                let has_begun = *from <= at.millis();
                Some(Placement { variant: place.variant.filter(|_| has_begun), ..place })
            }
            None => None,
        }
    }
}

fn splitter(split: &Split, coverage: Share, weights: &[(u32, u32)], key: &str) -> Splitter {
    Splitter::new(Shares {
        algorithm: split.algorithm,
        salt: split.salt.as_deref().unwrap_or(key),
        choice_salt: split.choice_salt.as_deref(),
        coverage: coverage.steps(),
        weights,
        ranges: split.ranges.as_deref(),
    })
}

fn weights(split: &Split, scope: &mut Scope<'_>) -> Vec<(u32, u32)> {
    if let Some(ranges) = &split.ranges {
        check_ranges(ranges, &mut scope.problems);
        if ranges.len() != split.weights.len() {
            scope.within("ranges", |scope| scope.problems.push("each of the weights' variants needs a range"));
        }
    }
    if split.weights.is_empty() {
        return match scope.variants.iter().position(|name| *name == "on") {
            Some(on) => vec![(on as u32, 1)],
            None => {
                let message = "`weights` say which variants are served; without them there has to be a variant `on`";
                scope.problems.push(message);
                Vec::new()
            }
        };
    }
    scope.within("weights", |scope| {
        if split.ranges.is_none() && split.weights.iter().all(|weight| weight.weight == 0) {
            scope.problems.push("one of the weights has to be above 0");
        }
        let weight = |(index, weight): (usize, &crate::model::Weight)| {
            let variant = scope.within(index, |scope| scope.within("variant", |scope| scope.variant(&weight.variant)));
            (u32::from(variant), weight.weight)
        };
        split.weights.iter().enumerate().map(weight).collect()
    })
}

fn check_ranges(ranges: &[(f64, f64)], problems: &mut Problems) {
    problems.enter("ranges".into());
    for (index, (from, to)) in ranges.iter().enumerate() {
        if !((0.0..=1.0).contains(from) && (0.0..=1.0).contains(to) && from <= to) {
            problems.enter(index.into());
            problems.push("a range goes up, within 0.0 and 1.0");
            problems.leave();
        }
    }
    problems.leave();
}

impl UnitOf {
    fn new(split: &Split) -> Self {
        let places = |names: &[String]| names.iter().map(|name| Place::new(name)).collect::<Box<[_]>>();
        let (by, fallback) = (places(&split.bucket_by), places(&split.fallback_by));
        match (&*by, &*fallback) {
            ([] | [Place::TargetingKey], []) => Self::TargetingKey,
            ([], _) => Self::Attributes { by: Box::new([Place::TargetingKey]), fallback },
            _ => Self::Attributes { by, fallback },
        }
    }

    #[inline]
    fn place(&self, splitter: &Splitter, context: &Context<'_>, now: Moment) -> Option<Placement> {
        match self {
            Self::TargetingKey => context.targeting_key().map(|unit| splitter.place(unit)),
            Self::Attributes { by, fallback } => place(by, splitter, context, now).or_else(|| match &**fallback {
                [] => None,
                fallback => place(fallback, splitter, context, now),
            }),
        }
    }
}

/// Attributes that make up one unit; more are not joined without allocation.
pub(crate) const MOST_PARTS: usize = 8;

/// Places the unit that these attributes make up; `None` where one of them is missing or empty.
fn place(by: &[Place], splitter: &Splitter, context: &Context<'_>, now: Moment) -> Option<Placement> {
    let mut texts = [PartText::default(); MOST_PARTS];
    let texts = texts.get_mut(..by.len())?;
    for (text, place) in texts.iter_mut().zip(by) {
        *text = PartText::of(place.find(context, now)?)?;
    }
    match texts {
        [one] => Some(splitter.place(one.as_str())),
        many => Some(splitter.place(&Joined(many.iter().map(PartText::as_str)))),
    }
}

/// An attribute as the text that is hashed; a number is written where there is no text.
#[derive(Clone, Copy)]
enum PartText<'c> {
    Text(&'c str),
    /// The longest, of `i64`, has twenty characters.
    Written([u8; 24], usize),
}

impl Default for PartText<'_> {
    fn default() -> Self {
        Self::Text("")
    }
}

impl<'c> PartText<'c> {
    fn of(seen: Seen<'c>) -> Option<Self> {
        match seen {
            Seen::Text("") => None,
            Seen::Text(text) => Some(Self::Text(text)),
            Seen::Attribute(Attribute::Bool(value)) => Some(Self::Text(if *value { "true" } else { "false" })),
            Seen::Attribute(Attribute::Int(value)) => Self::write(format_args!("{value}")),
            Seen::Attribute(Attribute::Float(value)) => Self::write(format_args!("{value}")),
            Seen::Attribute(_) | Seen::Moment(_) => None,
        }
    }

    /// `None` where it is longer than any integer: no sensible unit is such a number.
    fn write(text: std::fmt::Arguments<'_>) -> Option<Self> {
        use std::io::Write;

        let mut buffer = [0; 24];
        let mut rest = &mut buffer[..];
        rest.write_fmt(text).ok()?;
        let length = 24 - rest.len();
        Some(Self::Written(buffer, length))
    }

    fn as_str(&self) -> &str {
        match self {
            Self::Text(text) => text,
            Self::Written(buffer, length) => std::str::from_utf8(&buffer[..*length]).unwrap_or_default(),
        }
    }
}
