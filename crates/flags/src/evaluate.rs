//! The evaluation of a flag: a pure function of the set, the context and the moment.

use crate::answer::{Answer, Reason, Why};
use crate::bucket::Placement;
use crate::compile::{Compiled, CompiledSegment, Needed, Node, Serving, Tripped, Variant};
use crate::context::Context;
use crate::model::{GuardAction, Moment, Status};
use crate::set::FlagSet;
use crate::trace::{GOES_ON, Listener, decided};

/// One evaluation: everything that stays the same in the course of it.
pub(crate) struct Evaluation<'s, 'c, L> {
    pub(crate) set: &'s FlagSet,
    pub(crate) context: &'c Context<'c>,
    pub(crate) now: Moment,
    pub(crate) listener: &'c mut L,
}

/// What serving something came to.
enum Served {
    Variant(Option<Variant>, Option<Placement>),
    /// The split left the unit out.
    LeftOut(Placement),
    /// The context does not say who the unit is.
    NoKey,
    /// A rule of JsonLogic came to null.
    #[cfg(feature = "flagd")]
    Nothing,
    /// A rule of JsonLogic failed.
    #[cfg(feature = "flagd")]
    Failed,
    /// A rule of JsonLogic named a variant that there is not.
    #[cfg(feature = "flagd")]
    Unknown,
}

/// What a tripped guard allows.
#[derive(Clone, Copy)]
enum Allowed {
    Everything,
    /// Ramps stand still at this moment.
    UntilMoment(Moment),
    /// Only what is served without a share.
    NoShares,
    Nothing,
}

/// What the steps come to for most flags, which have nothing but targets and a share of one variant: one look does for
/// all the steps before. `None` where more is to be asked.
#[inline(always)]
pub(crate) fn share_or_target<'s>(set: &'s FlagSet, flag: &'s Compiled, context: &Context<'_>) -> Option<Answer<'s>> {
    let share = flag.share.as_ref()?;
    if set.killed || context.forces() {
        return None;
    }
    let unit = context.targeting_key()?;
    let answer =
        Answer { flag, set, variant: None, reason: Reason::Split, why: Why::Default, rule: None, bucket: None };
    if let Some(variant) = flag.target(unit) {
        return Some(Answer { variant: Some(variant), reason: Reason::TargetingMatch, why: Why::Target, ..answer });
    }
    // Whether a unit is in is a coin's toss to the processor, so nothing branches on it.
    let (bucket, is_in) = share.place(unit);
    let (variant, why) = flag.outcomes[usize::from(is_in)];
    Some(Answer { variant, why, bucket: Some(bucket), ..answer })
}

impl<'s, L: Listener> Evaluation<'s, '_, L> {
    /// Evaluates a flag, in the order of `docs/flags.md`.
    pub(crate) fn flag(&mut self, flag: &'s Compiled) -> Answer<'s> {
        if self.set.killed {
            return self.off(flag, Why::KillSwitch);
        }
        if let Some(variant) = self.overridden(flag) {
            return self.answer(flag, Some(variant), Reason::Static, Why::Override);
        }
        if flag.status != Status::Enabled {
            self.note(flag, || "status".to_owned(), || flag.status.as_str().to_owned());
            return self.off(flag, Why::Status);
        }
        if !self.is_in_schedule(flag) {
            return self.off(flag, Why::Schedule);
        }
        let allowed = match &flag.tripped {
            None => Allowed::Everything,
            Some(tripped) => self.guarded(flag, tripped),
        };
        if matches!(allowed, Allowed::Nothing) {
            return self.off(flag, Why::Guard);
        }
        for needed in &flag.prerequisites {
            if !self.is_met(needed) {
                return self.off(flag, Why::Prerequisite);
            }
        }
        if let Some(variant) = flag.forced {
            return self.answer(flag, Some(variant), Reason::Static, Why::Forced);
        }
        match self.target(flag) {
            Some(answer) => answer,
            None => self.rules(flag, allowed),
        }
    }

    #[inline]
    fn target(&mut self, flag: &'s Compiled) -> Option<Answer<'s>> {
        let variant = flag.target(self.context.targeting_key()?)?;
        Some(self.answer(flag, Some(variant), Reason::TargetingMatch, Why::Target))
    }

    fn rules(&mut self, flag: &'s Compiled, allowed: Allowed) -> Answer<'s> {
        let mut has_no_key = false;
        for (number, rule) in flag.rules.iter().enumerate() {
            if !self.holds(&rule.when) {
                self.note(flag, || format!("rule {}", rule.id), || "does not hold".to_owned());
                continue;
            }
            match self.serve(&rule.serve, allowed) {
                Served::Variant(variant, place) => {
                    let reason = if place.is_some() { Reason::Split } else { Reason::TargetingMatch };
                    let answer = self.answer(flag, variant, reason, Why::Rule);
                    return Answer { rule: Some(number as u16), bucket: place.map(|place| place.bucket), ..answer };
                }
                Served::LeftOut(place) => {
                    let outcome = || format!("left out at {} of 100,000, goes on", place.bucket);
                    self.note(flag, || format!("rule {}", rule.id), outcome);
                }
                Served::NoKey => {
                    has_no_key = true;
                    self.note(
                        flag,
                        || format!("rule {}", rule.id),
                        || "skipped: the context has no bucketing key".to_owned(),
                    );
                }
                #[cfg(feature = "flagd")]
                Served::Nothing => {
                    self.note(flag, || format!("rule {}", rule.id), || crate::trace::GOES_ON.to_owned());
                }
                #[cfg(feature = "flagd")]
                Served::Failed => {
                    let answer = self.answer(flag, flag.default, Reason::Default, Why::LogicFailed);
                    return Answer { rule: Some(number as u16), ..answer };
                }
                #[cfg(feature = "flagd")]
                Served::Unknown => {
                    let answer = self.answer(flag, None, Reason::Error, Why::LogicFailed);
                    return Answer { rule: Some(number as u16), ..answer };
                }
            }
        }
        self.fallthrough(flag, allowed, has_no_key)
    }

    /// What everybody gets who is left; `has_no_key` tells that a rule before was skipped for lack of a key.
    #[inline]
    fn fallthrough(&mut self, flag: &'s Compiled, allowed: Allowed, has_no_key: bool) -> Answer<'s> {
        let is_for_all = flag.rules.is_empty() && flag.targets.is_empty();
        let fixed = if is_for_all { Reason::Static } else { Reason::Default };
        let Some(serve) = &flag.fallthrough else {
            let why = if has_no_key { Why::NoBucketingKey } else { Why::Default };
            return self.answer(flag, flag.default, fixed, why);
        };
        match self.serve(serve, allowed) {
            #[cfg(feature = "flagd")]
            Served::Variant(variant, None) if matches!(serve, Serving::Logic(_)) => {
                self.answer(flag, variant, Reason::TargetingMatch, Why::Fallthrough)
            }
            Served::Variant(variant, None) => self.answer(flag, variant, fixed, Why::Fallthrough),
            Served::Variant(variant, Some(place)) => {
                let answer = self.answer(flag, variant, Reason::Split, Why::Fallthrough);
                Answer { bucket: Some(place.bucket), ..answer }
            }
            // The split looked at the unit and said no: that answer, too, is its place in the split.
            Served::LeftOut(place) => {
                let why = if has_no_key { Why::NoBucketingKey } else { Why::Default };
                let answer = self.answer(flag, flag.default, Reason::Split, why);
                Answer { bucket: Some(place.bucket), ..answer }
            }
            Served::NoKey => self.answer(flag, flag.default, Reason::Default, Why::NoBucketingKey),
            #[cfg(feature = "flagd")]
            Served::Nothing => {
                let why = if has_no_key { Why::NoBucketingKey } else { Why::Default };
                self.answer(flag, flag.default, Reason::Default, why)
            }
            #[cfg(feature = "flagd")]
            Served::Failed => self.answer(flag, flag.default, Reason::Default, Why::LogicFailed),
            // OpenFeature: what can't be evaluated is the program's own default, and an error.
            #[cfg(feature = "flagd")]
            Served::Unknown => self.answer(flag, None, Reason::Error, Why::LogicFailed),
        }
    }

    #[inline]
    fn answer(&mut self, flag: &'s Compiled, variant: Option<Variant>, reason: Reason, why: Why) -> Answer<'s> {
        if L::LISTENS {
            let name = variant.map(|variant| &*flag.variants[usize::from(variant)].0);
            self.note(flag, || why.as_str().to_owned(), || decided(why, name));
        }
        Answer { flag, set: self.set, variant, reason, why, rule: None, bucket: None }
    }

    #[cold]
    fn off(&mut self, flag: &'s Compiled, why: Why) -> Answer<'s> {
        self.answer(flag, flag.off, Reason::Disabled, why)
    }

    #[inline]
    fn overridden(&self, flag: &Compiled) -> Option<Variant> {
        let name = self.context.forced(&flag.key)?;
        flag.variants.iter().position(|(known, _)| **known == *name).map(|position| position as Variant)
    }

    fn is_in_schedule(&mut self, flag: &Compiled) -> bool {
        if flag.schedule.is_empty() {
            return true;
        }
        let now = self.now.millis();
        let is_in = flag.schedule.iter().any(|(from, to)| (*from..*to).contains(&now));
        self.note(flag, || "schedule".to_owned(), || if is_in { GOES_ON } else { "out of its time" }.to_owned());
        is_in
    }

    /// What a tripped guard leaves to the unit.
    #[cold]
    fn guarded(&mut self, flag: &Compiled, tripped: &Tripped) -> Allowed {
        let is_half_open = self.now >= tripped.until && tripped.is_probe(self.context.targeting_key(), self.now);
        let allowed = match tripped.action {
            GuardAction::Pause => Allowed::UntilMoment(tripped.at),
            _ if is_half_open => Allowed::Everything,
            GuardAction::Rollback => Allowed::NoShares,
            GuardAction::Off => Allowed::Nothing,
        };
        let outcome = || match allowed {
            Allowed::Everything => "half open, and this unit may try".to_owned(),
            Allowed::UntilMoment(moment) => format!("tripped: ramps stand still since {moment}"),
            Allowed::NoShares => "tripped: nobody by share".to_owned(),
            Allowed::Nothing => "tripped".to_owned(),
        };
        self.note(flag, || "guard".to_owned(), outcome);
        allowed
    }

    /// Whether another flag serves what is needed. A flag that is off serves nothing.
    fn is_met(&mut self, needed: &Needed) -> bool {
        let flag = self.set.compiled(needed.flag);
        let answer = self.flag(flag);
        let serves = answer.reason != Reason::Disabled
            && answer.variant.is_some_and(|variant| needed.variants.contains(&variant));
        serves != needed.negate
    }

    #[inline]
    fn serve(&self, serve: &Serving, allowed: Allowed) -> Served {
        let place = match serve {
            Serving::Variant(variant) => return Served::Variant(Some(*variant), None),
            Serving::CodeDefault => return Served::Variant(None, None),
            Serving::Split(split) => split.place(self.context, self.now),
            Serving::Ramp(ramp) => {
                let at = match allowed {
                    Allowed::UntilMoment(moment) => moment.min(self.now),
                    _ => self.now,
                };
                ramp.place(self.context, at, self.now)
            }
            #[cfg(feature = "flagd")]
            Serving::Logic(program) => {
                use crate::logic::Outcome;

                return match program.evaluate(self.context, self.now) {
                    Outcome::Variant(variant) => Served::Variant(Some(variant), None),
                    Outcome::Nothing => Served::Nothing,
                    Outcome::Failed => Served::Failed,
                    Outcome::Unknown => Served::Unknown,
                };
            }
        };
        match place {
            None => Served::NoKey,
            Some(place) if matches!(allowed, Allowed::NoShares) => Served::LeftOut(place),
            Some(place) => match place.variant {
                Some(variant) => Served::Variant(Some(variant as Variant), Some(place)),
                None => Served::LeftOut(place),
            },
        }
    }

    fn holds(&mut self, node: &Node) -> bool {
        match node {
            Node::All(nodes) => nodes.iter().all(|node| self.holds(node)),
            Node::Any(nodes) => nodes.iter().any(|node| self.holds(node)),
            Node::Not(node) => !self.holds(node),
            Node::Segment(number) => self.is_in_segment(self.set.segment(*number)),
            Node::Flag(needed) => self.is_met(needed),
            Node::Share(split) => split.place(self.context, self.now).is_some_and(|place| place.variant.is_some()),
            #[cfg(feature = "growthbook")]
            Node::Mongo(matcher) => matcher.holds(self.context),
            Node::Test(comparison) => comparison.holds(self.context, self.now),
        }
    }

    fn is_in_segment(&mut self, segment: &CompiledSegment) -> bool {
        if let Some(unit) = self.context.targeting_key() {
            if segment.include.contains_key(unit) {
                return true;
            }
            if segment.exclude.contains_key(unit) {
                return false;
            }
        }
        segment.when.as_ref().is_some_and(|when| self.holds(when))
    }

    #[inline]
    fn note(&mut self, flag: &Compiled, asked: impl Fn() -> String, outcome: impl Fn() -> String) {
        self.listener.note(&flag.key, asked, outcome);
    }
}
