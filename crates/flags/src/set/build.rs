//! How a set of flags is made: what has changed is compiled, everything else is taken over.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::invalid::{InvalidFlags, Part};
use super::{FlagSet, Index, Slot, walk};
use crate::compile::{self, Compiled, CompiledSegment, Names, Problem};
use crate::model::{Definitions, Flag, Scalar, Segment, Trip};

/// What a set of flags is made of.
#[derive(Debug, Clone, Default)]
pub struct Sources {
    /// Every flag is off.
    pub kill_switch: bool,
    /// The flags by key.
    pub flags: BTreeMap<String, Arc<Flag>>,
    /// The segments by name.
    pub segments: BTreeMap<String, Arc<Segment>>,
    /// The guards that have tripped.
    pub trips: BTreeMap<String, Trip>,
    /// What every answer tells besides.
    pub metadata: BTreeMap<String, Scalar>,
}

impl From<Definitions> for Sources {
    fn from(definitions: Definitions) -> Self {
        Self {
            kill_switch: definitions.kill_switch,
            flags: definitions.flags.into_iter().map(|(key, flag)| (key, Arc::new(flag))).collect(),
            segments: definitions.segments.into_iter().map(|(name, segment)| (name, Arc::new(segment))).collect(),
            trips: definitions.trips,
            metadata: definitions.metadata,
        }
    }
}

impl FlagSet {
    /// Compiles definitions, and takes over from a set before what has not changed.
    ///
    /// # Errors
    /// Everything that is wrong with them, each with its place.
    pub fn compile(sources: Sources, before: Option<&Self>) -> Result<Self, InvalidFlags> {
        let index = numbers(sources.flags.keys(), before.map(|before| &before.index));
        let segment_names = numbers(sources.segments.keys(), before.map(|before| &before.segment_names));
        // Numbers of flags and segments stand in what is compiled, so it can be taken over only where they are the same.
        let before = before
            .filter(|before| Arc::ptr_eq(&before.index, &index) && Arc::ptr_eq(&before.segment_names, &segment_names));
        let definitions: Vec<Arc<Flag>> = sources.flags.values().cloned().collect();
        let names = Names { flags: &index, segments: &segment_names, definitions: &definitions };
        let mut invalid = InvalidFlags::default();
        let flags = compile_flags(&sources, before, names, &mut invalid);
        let segments = compile_segments(&sources, before, names, &mut invalid);
        for key in sources.trips.keys().filter(|key| !sources.flags.contains_key(*key)) {
            let message = format!("there is no flag `{}`, so its guard can't have tripped", key.escape_debug());
            invalid.push(Part::Trip, key, Problem { path: Vec::new(), message, help: None });
        }
        if !invalid.is_empty() {
            return Err(invalid);
        }
        let mut set = Self {
            killed: sources.kill_switch,
            index,
            flags: flags.into_iter().map(|flag| Slot { timed: flag.timed, flag }).collect(),
            segment_names,
            segments: segments.into(),
            metadata: sources.metadata.into_iter().map(|(name, value)| (name.into(), value)).collect(),
        };
        let timed = walk::order(&set)?;
        for (slot, timed) in set.flags.iter_mut().zip(timed) {
            slot.timed = timed;
        }
        Ok(set)
    }
}

/// Numbers names in the order of the alphabet; the same names keep the same table.
fn numbers<'n>(names: impl Iterator<Item = &'n String> + Clone, before: Option<&Arc<Index>>) -> Arc<Index> {
    let names = names.map(String::as_str);
    match before {
        Some(before) if before.names().eq(names.clone()) => Arc::clone(before),
        _ => Arc::new(Index::new(names)),
    }
}

/// Whether two definitions are the same; most often they are one.
fn same<T: PartialEq>(one: &Arc<T>, other: &Arc<T>) -> bool {
    Arc::ptr_eq(one, other) || one == other
}

fn compile_flags(
    sources: &Sources,
    before: Option<&FlagSet>,
    names: Names<'_>,
    invalid: &mut InvalidFlags,
) -> Vec<Arc<Compiled>> {
    let mut flags = Vec::with_capacity(sources.flags.len());
    for (number, (key, flag)) in sources.flags.iter().enumerate() {
        let trip = sources.trips.get(key);
        let known = before.map(|before| &before.flags[number].flag);
        if let Some(known) = known.filter(|known| {
            same(&known.source, flag)
                && known.trip.as_ref() == trip
                && before.is_some_and(|before| needs_same(known, before, names))
        }) {
            flags.push(Arc::clone(known));
            continue;
        }
        let (compiled, problems) = compile::flag(key, flag, trip, Some(names));
        problems.into_iter().for_each(|problem| invalid.push(Part::Flag, key, problem));
        flags.extend(compiled.map(Arc::new));
    }
    flags
}

/// Whether the flags that a flag needs have the variants that they had: it knows them by number.
fn needs_same(known: &Compiled, before: &FlagSet, names: Names<'_>) -> bool {
    let mut is_same = true;
    known.asks(
        &mut |flag| {
            let (was, is) = (&before.flags[flag as usize].flag.source, &names.definitions[flag as usize]);
            is_same &= same(was, is) || was.definition().variants().keys().eq(is.definition().variants().keys());
        },
        &mut |_| {},
    );
    is_same
}

fn compile_segments(
    sources: &Sources,
    before: Option<&FlagSet>,
    names: Names<'_>,
    invalid: &mut InvalidFlags,
) -> Vec<Arc<CompiledSegment>> {
    let mut segments = Vec::with_capacity(sources.segments.len());
    for (number, (name, segment)) in sources.segments.iter().enumerate() {
        let known = before.map(|before| &before.segments[number]);
        if let Some(known) = known.filter(|known| same(&known.source, segment) && !known.asks_flags()) {
            segments.push(Arc::clone(known));
            continue;
        }
        let (compiled, problems) = compile::segment(name, segment, Some(names));
        problems.into_iter().for_each(|problem| invalid.push(Part::Segment, name, problem));
        segments.extend(compiled.map(Arc::new));
    }
    segments
}
