//! The counters of all flags through all changes of the set, and how they are read.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::counter::Counter;
use super::report::{Exposures, FlagExposures, Served};
use super::unknown::Unknown;
use crate::compile::Compiled;
use crate::model::Moment;

/// How many flags that have gone are kept with their counts until they are taken.
const MOST_GONE: usize = 1_000;

/// Who counts, for all flags, from the first set on.
#[derive(Debug)]
pub(crate) struct Recorder {
    stripes: usize,
    pub(crate) unknown: Unknown,
    /// Taken when a set is swapped and when counts are read; never by an evaluation.
    register: Mutex<Register>,
}

#[derive(Debug)]
struct Register {
    since: Moment,
    entries: HashMap<Box<str>, Entry>,
    /// How many sets have come, to know which flags went first.
    round: u64,
    /// What was there when counts were last taken.
    taken: Exposures,
}

#[derive(Debug)]
struct Entry {
    counter: Arc<Counter>,
    /// Counters with other variants, which threads that still hold an older set may count in.
    retired: Vec<Arc<Counter>>,
    /// What retired counters came to, once nobody holds them.
    past: FlagExposures,
    /// When the counts were last found to have grown, and what they came to.
    seen: (Option<Moment>, u64),
    /// The round in which the flag went.
    gone: Option<u64>,
}

impl Entry {
    fn new(flag: &Compiled, stripes: usize) -> Self {
        let counter = Arc::new(Counter::new(flag, stripes));
        Self { counter, retired: Vec::new(), past: FlagExposures::default(), seen: (None, 0), gone: None }
    }

    /// The counts, of all its counters.
    fn read(&mut self, now: Moment) -> FlagExposures {
        // Nobody can count in a counter any more that nobody else holds.
        let past = &mut self.past;
        self.retired.retain_mut(|counter| match Arc::get_mut(counter) {
            Some(counter) => {
                add(past, counter);
                false
            }
            None => true,
        });
        let mut all = self.past.clone();
        self.retired.iter().chain([&self.counter]).for_each(|counter| add(&mut all, counter));
        let total = all.total() + all.type_mismatches;
        if total > self.seen.1 {
            self.seen = (Some(now), total);
        }
        all.last_seen = self.seen.0;
        all.is_gone = self.gone.is_some();
        all
    }
}

fn add(to: &mut FlagExposures, counter: &Counter) {
    for (variant, reason, count) in counter.counts() {
        let place = to.counts.iter_mut().find(|known| known.variant.as_deref() == variant && known.reason == reason);
        match place {
            Some(known) => known.count += count,
            None => to.counts.push(Served { variant: variant.map(str::to_owned), reason, count }),
        }
    }
    to.type_mismatches += counter.mismatches();
}

impl Recorder {
    pub(crate) fn new(stripes: usize, since: Moment) -> Self {
        let taken = Exposures { since, ..Exposures::default() };
        let register = Register { since, entries: HashMap::new(), round: 0, taken };
        Self { stripes, unknown: Unknown::default(), register: Mutex::new(register) }
    }

    fn register(&self) -> MutexGuard<'_, Register> {
        self.register.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The counters for the flags of a new set: those of before, as long as a flag's variants keep their names.
    /// `before` are those of the set before, where that has the same flags.
    pub(crate) fn counters<'f>(
        &self,
        flags: impl ExactSizeIterator<Item = &'f Arc<Compiled>> + Clone,
        before: Option<&[Arc<Counter>]>,
    ) -> Vec<Arc<Counter>> {
        if let Some(before) = before.filter(|before| before.iter().zip(flags.clone()).all(|(one, flag)| one.fits(flag)))
        {
            return before.to_vec();
        }
        let mut register = self.register();
        register.round += 1;
        let round = register.round;
        register.entries.values_mut().for_each(|entry| entry.gone = entry.gone.or(Some(round)));
        let counter = |flag: &'f Arc<Compiled>| {
            let Some(entry) = register.entries.get_mut(&*flag.key) else {
                let entry = Entry::new(flag, self.stripes);
                let counter = Arc::clone(&entry.counter);
                register.entries.insert(flag.key.clone(), entry);
                return counter;
            };
            entry.gone = None;
            if !entry.counter.fits(flag) {
                let counter = Arc::new(Counter::new(flag, self.stripes));
                entry.retired.push(std::mem::replace(&mut entry.counter, counter));
            }
            Arc::clone(&entry.counter)
        };
        let in_use = flags.len();
        let counters = flags.map(counter).collect();
        if register.entries.len() > in_use + MOST_GONE {
            register.forget_surplus();
        }
        counters
    }

    /// What was counted since the beginning.
    pub(crate) fn read(&self, now: Moment) -> Exposures {
        let mut register = self.register();
        self.read_from(&mut register, now)
    }

    fn read_from(&self, register: &mut Register, now: Moment) -> Exposures {
        let flags = register.entries.iter_mut().map(|(key, entry)| (key.to_string(), entry.read(now)));
        Exposures {
            since: register.since,
            until: now,
            flags: flags.collect(),
            unknown: self.unknown.counts().map(|(key, count)| (key.to_owned(), count)).collect(),
            unknown_others: self.unknown.others(),
        }
    }

    /// What was counted since counts were last taken; flags that have gone are told for the last time.
    pub(crate) fn take(&self, now: Moment) -> Exposures {
        let mut register = self.register();
        let all = self.read_from(&mut register, now);
        let difference = all.since(&register.taken);
        register.taken = all;
        // One whose counter is still held by a set in use may grow yet.
        let is_done = |entry: &mut Entry| {
            entry.gone.is_some() && entry.retired.is_empty() && Arc::get_mut(&mut entry.counter).is_some()
        };
        let done = register.entries.iter_mut().filter_map(|(key, entry)| is_done(entry).then(|| key.clone()));
        let done: Vec<Box<str>> = done.collect();
        for key in done {
            register.entries.remove(&key);
            register.taken.flags.remove(&*key);
        }
        difference
    }
}

impl Register {
    /// Of flags that have gone, the most recent are kept.
    fn forget_surplus(&mut self) {
        let gone: BTreeMap<(u64, Box<str>), ()> =
            self.entries.iter().filter_map(|(key, entry)| Some(((entry.gone?, key.clone()), ()))).collect();
        let surplus = gone.len().saturating_sub(MOST_GONE);
        for ((_, key), ()) in gone.into_iter().take(surplus) {
            self.entries.remove(&key);
            self.taken.flags.remove(&*key);
        }
    }
}
