//! Reports of how things went, and what guards make of them.

use std::sync::Arc;

use super::Flags;
use super::install::Local;
use crate::event::FlagEvent;
use crate::guards::{BreakerState, Change, Outcome, Samples, Watch, Watched, Wish};
use crate::model::{Moment, Trip};

/// How a flag's guard stands.
#[derive(Debug, Clone, PartialEq)]
pub struct GuardStatus {
    /// The flag.
    pub key: String,
    /// Its state.
    pub state: BreakerState,
    /// What was reported within its window.
    pub samples: Samples,
    /// Its trip.
    pub trip: Option<Trip>,
}

impl Flags {
    /// Reports how something that a flag turned on went. Where the flag has no guard, nothing comes of it.
    ///
    /// Report only what the flag's treatment did: what ran without it would water the failures down.
    pub fn report(&self, key: &str, outcome: Outcome) {
        let Some(watched) = self.watched(key) else { return };
        let now = self.clock().now();
        self.tell_half_open(key, &watched, now);
        match watched.breaker.record(now, outcome) {
            None => {}
            Some(Change::Tripped { because }) => self.tripped(key, &watched, now, because),
            Some(Change::Closed { opened }) => self.closed(key, &watched, now, opened),
        }
        self.deliver(key, &watched, now);
    }

    /// Watches what a flag turned on, from now until it says how it went.
    pub fn watch<'f>(&'f self, key: &'f str) -> Watch<'f> {
        Watch::new(self, key)
    }

    /// Trips a flag's guard by hand, and tells whether there is one.
    pub fn trip_guard(&self, key: &str, because: &str) -> bool {
        let Some(watched) = self.watched(key) else { return false };
        let now = self.clock().now();
        watched.breaker.open(now);
        self.tripped(key, &watched, now, because.to_owned());
        self.deliver(key, &watched, now);
        true
    }

    /// Closes a flag's guard by hand, and tells whether it was open.
    pub fn close_guard(&self, key: &str) -> bool {
        let Some(watched) = self.watched(key) else { return false };
        let now = self.clock().now();
        let Some(opened) = watched.breaker.close() else { return false };
        self.closed(key, &watched, now, opened);
        self.deliver(key, &watched, now);
        true
    }

    /// Notices what time alone brings: guards that are half open now, and sinks to try again. To be called about every
    /// second where this should not wait for the flag's next report.
    pub fn tick(&self) {
        let now = self.clock().now();
        let guards = Arc::clone(&self.load().guards);
        for (key, watched) in guards.iter() {
            self.tell_half_open(key, watched, now);
            self.deliver(key, watched, now);
        }
    }

    /// How every guard stands, in the order of the alphabet.
    #[must_use]
    pub fn guards(&self) -> Vec<GuardStatus> {
        let now = self.clock().now();
        let snapshot = self.load();
        let mut all: Vec<GuardStatus> = Vec::with_capacity(snapshot.guards.len());
        for (key, watched) in snapshot.guards.iter() {
            let (state, samples) = (watched.breaker.state(now), watched.breaker.samples(now));
            all.push(GuardStatus { key: key.to_string(), state, samples, trip: snapshot.set.trip(key).cloned() });
        }
        all.sort_unstable_by(|one, other| one.key.cmp(&other.key));
        all
    }

    fn watched(&self, key: &str) -> Option<Arc<Watched>> {
        self.load().guards.get(key).cloned()
    }

    fn tell_half_open(&self, key: &str, watched: &Watched, now: Moment) {
        if watched.breaker.has_become_half_open(now) {
            self.0.events.send(|| FlagEvent::HalfOpen { key: key.to_owned(), at: now });
        }
    }

    fn tripped(&self, key: &str, watched: &Watched, now: Moment, because: String) {
        let definition = self.load().set.definition(key).map(|flag| flag.definition().coverage(now));
        let trip = Trip { at: now, because, coverage: definition.flatten() };
        watched.wish(Wish::Trip(trip.clone()));
        self.install_local(key, watched, Local::Tripped(trip.clone()));
        self.0.events.send(|| FlagEvent::Tripped { key: key.to_owned(), trip });
    }

    fn closed(&self, key: &str, watched: &Watched, now: Moment, opened: Moment) {
        watched.wish(Wish::Close(opened));
        self.install_local(key, watched, Local::Closed(opened));
        self.0.events.send(|| FlagEvent::Closed { key: key.to_owned(), at: now });
    }

    /// Has the sink store what is to be stored. No lock is held, and the set that is in use says it already.
    fn deliver(&self, key: &str, watched: &Watched, now: Moment) {
        let Some(sink) = self.0.sink.load_full() else { return };
        watched.deliver(key, &*sink.0, now, |error| {
            let (message, retried) = (error.message, error.retry);
            self.0.events.send(|| FlagEvent::NotStored { key: key.to_owned(), message, retried });
        });
    }
}
