//! Definitions made ready for evaluation: names become numbers, texts become tables, and every mistake is told.

mod condition;
mod guard;
pub(crate) mod place;
mod problem;
mod scope;
mod serve;
mod test;

use std::collections::HashMap;
use std::sync::Arc;

use foldhash::fast::FixedState;
use strata_config_core::FieldPath;

use crate::answer::Why;
use crate::bucket::OneShare;
use crate::model::{Definition, Flag, FlagType, FlagValue, Moment, Scalar, Segment, Status, Trip};
use crate::set::Index;

pub(crate) use condition::Node;
pub(crate) use guard::{Tripped, action};
pub(crate) use place::NOW;
pub(crate) use problem::Problems;
pub use problem::{Problem, Step};
pub(crate) use scope::Scope;
pub(crate) use serve::{Serving, Splitting};
#[cfg(all(feature = "regex", feature = "unleash"))]
pub(crate) use test::expression;

/// A table by text.
pub(crate) type Table<V> = HashMap<Box<str>, V, FixedState>;

/// The number of a variant within its flag.
pub(crate) type Variant = u16;

/// What a definition may speak of besides itself: the other flags and the segments, by name.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Names<'n> {
    pub(crate) flags: &'n Index,
    pub(crate) segments: &'n Index,
    pub(crate) definitions: &'n [Arc<Flag>],
}

/// A flag that is ready for evaluation.
#[derive(Debug)]
pub(crate) struct Compiled {
    pub(crate) key: Box<str>,
    pub(crate) kind: FlagType,
    pub(crate) variants: Box<[(Box<str>, FlagValue)]>,
    pub(crate) default: Option<Variant>,
    pub(crate) off: Option<Variant>,
    pub(crate) status: Status,
    pub(crate) schedule: Box<[(i64, i64)]>,
    pub(crate) tripped: Option<Tripped>,
    pub(crate) prerequisites: Box<[Needed]>,
    pub(crate) forced: Option<Variant>,
    pub(crate) targets: Table<Variant>,
    pub(crate) rules: Box<[CompiledRule]>,
    pub(crate) fallthrough: Option<Serving>,
    pub(crate) metadata: Box<[(Box<str>, Scalar)]>,
    /// Whether it looks at the time by itself.
    pub(crate) timed: bool,
    /// The fallthrough, where it is a share of one variant, and the flag is in use and has besides it nothing but targets.
    pub(crate) share: Option<OneShare>,
    /// What that share comes to for a unit that is left out, and for one that is in.
    pub(crate) outcomes: [(Option<Variant>, Why); 2],
    /// What it was made from.
    pub(crate) source: Arc<Flag>,
    pub(crate) trip: Option<Trip>,
}

#[derive(Debug)]
pub(crate) struct CompiledRule {
    pub(crate) id: Box<str>,
    pub(crate) when: Node,
    pub(crate) serve: Serving,
}

/// Another flag, and the variants that it must serve, or must not.
#[derive(Debug)]
pub(crate) struct Needed {
    pub(crate) flag: u32,
    pub(crate) variants: Box<[Variant]>,
    pub(crate) negate: bool,
}

/// A segment that is ready for evaluation.
#[derive(Debug)]
pub(crate) struct CompiledSegment {
    pub(crate) include: Table<()>,
    pub(crate) exclude: Table<()>,
    pub(crate) when: Option<Node>,
    pub(crate) timed: bool,
    pub(crate) source: Arc<Segment>,
}

impl Compiled {
    /// The variant of a unit that is one of the targets.
    #[inline]
    pub(crate) fn target(&self, unit: &str) -> Option<Variant> {
        // Apart, as most flags have none, and what looks things up wants all registers.
        #[inline(never)]
        fn find(targets: &Table<Variant>, unit: &str) -> Option<Variant> {
            targets.get(unit).copied()
        }
        if self.targets.is_empty() { None } else { find(&self.targets, unit) }
    }

    /// Every flag and every segment that it asks.
    pub(crate) fn asks(&self, flag: &mut impl FnMut(u32), segment: &mut impl FnMut(u32)) {
        self.prerequisites.iter().for_each(|needed| flag(needed.flag));
        self.rules.iter().for_each(|rule| rule.when.asks(flag, segment));
    }
}

impl CompiledSegment {
    /// Whether it asks a flag, whose variants it then knows by number.
    pub(crate) fn asks_flags(&self) -> bool {
        let mut asks = false;
        self.when.iter().for_each(|when| when.asks(&mut |_| asks = true, &mut |_| {}));
        asks
    }
}

/// Compiles one flag; what it speaks of besides itself is looked up where the names are given.
pub(crate) fn flag(
    key: &str,
    source: &Arc<Flag>,
    trip: Option<&Trip>,
    names: Option<Names<'_>>,
) -> (Option<Compiled>, Vec<Problem>) {
    let definition = source.definition();
    let variants = definition.variants();
    let mut scope = Scope::new(key, names);
    let kind = value_type(&definition, &mut scope);
    let values = scope.within("variants", |scope| {
        let value = |(name, json): (&String, &serde_json::Value)| {
            let value = FlagValue::from_json(kind?, json);
            if value.is_none() {
                let message = format!("the value is no {}, which the flag's values are", kind?);
                scope.within(name.as_str(), |scope| scope.problems.push(message));
            }
            Some((name.as_str().into(), value?))
        };
        variants.iter().filter_map(value).collect::<Box<[_]>>()
    });
    scope.variants = variants.keys().map(String::as_str).collect();
    if variants.contains_key("") {
        scope.within("variants", |scope| scope.problems.push("a variant needs a name"));
    }
    if scope.variants.len() > usize::from(Variant::MAX) {
        scope.within("variants", |scope| scope.problems.push("a flag has at most 65,535 variants"));
        return (None, scope.problems.finish());
    }
    let compiled = Compiled {
        key: key.into(),
        kind: kind.unwrap_or(FlagType::Bool),
        variants: values,
        default: scope.named_variant("default_variant", definition.default_variant.as_ref()),
        off: scope.named_variant("off_variant", definition.off_variant.as_ref()),
        status: definition.status,
        schedule: schedule(&definition, &mut scope),
        tripped: trip.and_then(|trip| guard::tripped(key, &definition, trip)),
        prerequisites: prerequisites(&definition, &mut scope),
        forced: scope.named_variant("forced", definition.forced.as_ref()),
        targets: targets(&definition, &mut scope),
        rules: rules(&definition, &mut scope),
        fallthrough: definition
            .fallthrough
            .as_ref()
            .map(|serve| scope.within("fallthrough", |scope| serve::compile(serve, scope))),
        metadata: metadata(&definition, &mut scope),
        timed: false,
        share: None,
        outcomes: [(None, Why::Default); 2],
        source: Arc::clone(source),
        trip: trip.cloned(),
    };
    guard::check(&definition, &mut scope);
    let timed = scope.timed || !compiled.schedule.is_empty() || compiled.tripped.is_some();
    let is_plain = compiled.status.is_enabled()
        && compiled.schedule.is_empty()
        && compiled.tripped.is_none()
        && compiled.prerequisites.is_empty()
        && compiled.forced.is_none()
        && compiled.rules.is_empty();
    let share = compiled.fallthrough.as_ref().filter(|_| is_plain).and_then(Serving::share);
    let served = share.as_ref().map(|share| share.variant as Variant);
    let outcomes = [(compiled.default, Why::Default), (served, Why::Fallthrough)];
    let problems = scope.problems.finish();
    (problems.is_empty().then_some(Compiled { timed, share, outcomes, ..compiled }), problems)
}

/// A flag, or everything that is wrong with it by itself, whatever its key and whatever else there is.
pub(crate) fn sound_flag<E: serde::de::Error>(flag: Flag) -> Result<Flag, E> {
    let flag = Arc::new(flag);
    // Its key is the salt where none is said, which no mistake depends on.
    let problems = self::flag("", &flag, None, None).1;
    told(problems).settle(Arc::unwrap_or_clone(flag))
}

/// A segment, or everything that is wrong with it by itself, whatever its name and whatever else there is.
pub(crate) fn sound_segment<E: serde::de::Error>(segment: Segment) -> Result<Segment, E> {
    let segment = Arc::new(segment);
    let problems = self::segment("", &segment, None).1;
    told(problems).settle(Arc::unwrap_or_clone(segment))
}

fn told(problems: Vec<Problem>) -> strata_config_core::Problems {
    let mut found = strata_config_core::Problems::new();
    for Problem { path, message, help } in problems {
        let path = path.iter().fold(FieldPath::ROOT, |path, step| path.child(&step.to_string()));
        let problem = found.error(path, message);
        if let Some(help) = help {
            problem.help(help);
        }
    }
    found
}

/// Compiles one segment. Without the names of others it is checked alone.
pub(crate) fn segment(
    name: &str,
    source: &Arc<Segment>,
    names: Option<Names<'_>>,
) -> (Option<CompiledSegment>, Vec<Problem>) {
    let set =
        |units: &std::collections::BTreeSet<String>| units.iter().map(|unit| (unit.as_str().into(), ())).collect();
    let mut scope = Scope::new(name, names);
    let when = source.when.as_ref();
    let when = when.map(|when| scope.within("when", |scope| condition::compile(when, scope)));
    let timed = scope.timed;
    let problems = scope.problems.finish();
    if names.is_none() || !problems.is_empty() {
        return (None, problems);
    }
    let (include, exclude) = (set(&source.include), set(&source.exclude));
    let compiled = CompiledSegment { include, exclude, when, timed, source: Arc::clone(source) };
    (Some(compiled), problems)
}

fn value_type(definition: &Definition, scope: &mut Scope<'_>) -> Option<FlagType> {
    if definition.variants.is_empty() && !definition.has_plain_variants() {
        scope.within("variants", |scope| scope.problems.push("only boolean flags do without variants"));
    }
    let kind = definition.value_type();
    if kind.is_none() {
        scope.within("variants", |scope| {
            scope.problems.push("all variants need values of one type, and none may be null");
        });
    }
    kind
}

fn schedule(definition: &Definition, scope: &mut Scope<'_>) -> Box<[(i64, i64)]> {
    let mut windows = Vec::with_capacity(definition.schedule.len());
    scope.within("schedule", |scope| {
        for (index, window) in definition.schedule.iter().enumerate() {
            let from = window.from.map_or(i64::MIN, Moment::millis);
            let to = window.to.map_or(i64::MAX, Moment::millis);
            if to <= from {
                scope.within(index, |scope| scope.problems.push("`to` is not after `from`, so this time never comes"));
            }
            windows.push((from, to));
        }
    });
    windows.into()
}

fn prerequisites(definition: &Definition, scope: &mut Scope<'_>) -> Box<[Needed]> {
    let mut found = Vec::with_capacity(definition.prerequisites.len());
    scope.within("prerequisites", |scope| {
        for (index, needed) in definition.prerequisites.iter().enumerate() {
            found.push(scope.within(index, |scope| scope.needed(needed)));
        }
    });
    found.into()
}

fn targets(definition: &Definition, scope: &mut Scope<'_>) -> Table<Variant> {
    let mut table = Table::default();
    scope.within("targets", |scope| {
        for (index, target) in definition.targets.iter().enumerate() {
            scope.within(index, |scope| {
                let variant = scope.within("variant", |scope| scope.variant(&target.variant));
                for unit in &target.unit {
                    if table.insert(unit.as_str().into(), variant).is_some_and(|before| before != variant) {
                        scope.problems.push(format!("the unit `{unit}` has two variants"));
                    }
                }
            });
        }
    });
    table
}

fn rules(definition: &Definition, scope: &mut Scope<'_>) -> Box<[CompiledRule]> {
    let mut rules: Vec<CompiledRule> = Vec::with_capacity(definition.rules.len());
    scope.within("rules", |scope| {
        for (index, rule) in definition.rules.iter().enumerate() {
            scope.within(index, |scope| {
                let id = rule.id.clone().unwrap_or_else(|| index.to_string());
                if rules.iter().any(|before| *before.id == *id) {
                    scope.within("id", |scope| scope.problems.push(format!("two rules are called `{id}`")));
                }
                let when = scope.within("when", |scope| condition::compile(&rule.when, scope));
                let serve = scope.within("serve", |scope| serve::compile(&rule.serve, scope));
                rules.push(CompiledRule { id: id.into(), when, serve });
            });
        }
        if rules.len() > usize::from(u16::MAX) {
            scope.problems.push("a flag has at most 65,535 rules");
        }
    });
    rules.into()
}

/// The names that answers use for themselves.
const OWN_METADATA: [&str; 3] = ["why", "rule_id", "bucket"];

fn metadata(definition: &Definition, scope: &mut Scope<'_>) -> Box<[(Box<str>, Scalar)]> {
    scope.within("metadata", |scope| {
        for name in OWN_METADATA.into_iter().filter(|name| definition.metadata.contains_key(*name)) {
            scope.within(name, |scope| scope.problems.push(format!("`{name}` is what answers tell by themselves")));
        }
    });
    definition.metadata.iter().map(|(name, value)| (name.as_str().into(), value.clone())).collect()
}
