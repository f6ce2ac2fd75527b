//! A set put into use: trips that it does not know yet are added, guards and counters are taken over, then it is swapped.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use super::overlay::Overlay;
use super::{Flags, Snapshot};
use crate::compile::{self, Table};
use crate::event::FlagEvent;
use crate::guards::{Limits, Watched};
use crate::model::{Flag, Guard, GuardAction, Moment, Trip};
use crate::set::FlagSet;

/// What only changes of the set look at.
#[derive(Debug, Default)]
pub(super) struct Writer {
    /// The set as it was given, without what this program knows besides.
    given: Arc<FlagSet>,
    /// What this program knows of its guards and the set does not, by the flag's key.
    local: BTreeMap<String, Local>,
    /// What another source says.
    pub(super) overlay: Overlay,
}

/// What a program knows of a guard before the set does, if the set ever will.
#[derive(Debug, Clone)]
pub(super) enum Local {
    Tripped(Trip),
    /// The trip at this moment is over.
    Closed(Moment),
}

impl Local {
    /// Whether a set knows as much, or more.
    fn is_known(&self, given: Option<&Trip>) -> bool {
        match (self, given) {
            (Self::Tripped(trip), Some(given)) => given.at >= trip.at,
            (Self::Tripped(_), None) => false,
            (Self::Closed(at), Some(given)) => given.at > *at,
            (Self::Closed(_), None) => true,
        }
    }
}

/// A flag's guard, and what it does when it trips.
pub(super) fn guard_of(flag: &Flag) -> Option<(&Guard, GuardAction)> {
    let Flag::Defined(definition) = flag else { return None };
    let guard = definition.guard.as_ref()?;
    Some((guard, compile::action(definition, guard)))
}

impl Flags {
    /// Puts a set into use.
    pub(super) fn install(&self, writer: &mut Writer, set: Arc<FlagSet>, revision: u64) {
        writer.given = set;
        let before = self.load();
        let given = &writer.overlay.over(&writer.given, &before.set);
        writer.local.retain(|key, local| {
            given.definition(key).is_some_and(|flag| guard_of(flag).is_some()) && !local.is_known(given.trip(key))
        });
        let set = with_local(given, &writer.local);
        let counted = set.has_flags_of(&before.set).then_some(&*before.counters);
        let counters = self.0.shared.recorder.counters(set.all_compiled(), counted).into();
        let guards = guards(&set, &before.guards);
        let generation = before.generation + 1;
        let stale = writer.overlay.stale(&set);
        let shared = Arc::clone(&self.0.shared);
        drop(before);
        self.0.current.store(Arc::new(Snapshot { set, revision, generation, counters, guards, stale, shared }));
        // Queues take no waiting, and this way events come in the order of generations.
        self.0.events.send(|| FlagEvent::Replaced { revision, generation });
    }

    /// Puts what this program has found out about a guard into use, unless another thread knows more by now and does so
    /// itself.
    pub(super) fn install_local(&self, key: &str, watched: &Watched, local: Local) {
        let mut writer = self.writer();
        let opened = watched.breaker.opened();
        let is_up_to_date = match &local {
            Local::Tripped(trip) => opened == Some(trip.at),
            Local::Closed(at) => opened.is_none_or(|opened| opened == *at),
        };
        if is_up_to_date {
            writer.local.insert(key.to_owned(), local);
            self.install_again(&mut writer);
        }
    }

    /// Puts the set that was given last into use again, since what else is known has changed.
    pub(super) fn install_again(&self, writer: &mut Writer) {
        let (given, revision) = (Arc::clone(&writer.given), self.load().revision);
        self.install(writer, given, revision);
    }
}

fn with_local(given: &Arc<FlagSet>, local: &BTreeMap<String, Local>) -> Arc<FlagSet> {
    if local.is_empty() {
        return Arc::clone(given);
    }
    let mut sources = given.sources();
    for (key, local) in local {
        match local {
            Local::Tripped(trip) => drop(sources.trips.insert(key.clone(), trip.clone())),
            Local::Closed(_) => drop(sources.trips.remove(key)),
        }
    }
    // It was valid before, and trips of flags that exist are.
    FlagSet::compile(sources, Some(given)).map_or_else(|_| Arc::clone(given), Arc::new)
}

/// The guards of a set: those of before with what they have seen, and today's limits and trips.
fn guards(set: &FlagSet, before: &Arc<Table<Arc<Watched>>>) -> Arc<Table<Arc<Watched>>> {
    let mut is_same = true;
    let mut guards: Table<Arc<Watched>> = HashMap::default();
    for flag in set.all_compiled() {
        let Some((guard, action)) = guard_of(&flag.source) else { continue };
        let limits = Limits::of(guard, action);
        let watched = match before.get(&flag.key) {
            Some(known) => {
                if known.breaker.limits() != limits {
                    known.breaker.set_limits(limits);
                }
                Arc::clone(known)
            }
            None => {
                is_same = false;
                Arc::new(Watched::new(limits))
            }
        };
        watched.breaker.follow(flag.trip.as_ref().map(|trip| trip.at));
        guards.insert(flag.key.clone(), watched);
    }
    if is_same && guards.len() == before.len() { Arc::clone(before) } else { Arc::new(guards) }
}
