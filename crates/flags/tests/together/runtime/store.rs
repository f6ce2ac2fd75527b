//! Trips that are stored: what the sink is asked, in which order, and what its errors come to.

use std::sync::{Arc, Mutex, mpsc};
use std::thread;

use strata_config_flags::model::{Moment, Trip};
use strata_config_flags::{Context, FlagEvent, Flags, NotStored, Outcome, TripSink};

use super::{seconds, simulated};

const GUARDED: &str = r#"{"flags": {"new": {"fallthrough": "on", "off_variant": "off",
    "guard": {"consecutive_failures": 1, "recovery": "30s", "half_open_probes": 1}}}}"#;

/// Notes what it is asked, and answers with the next of these errors.
#[derive(Default)]
struct Noting {
    asked: Mutex<Vec<String>>,
    errors: Mutex<Vec<NotStored>>,
}

impl Noting {
    fn answer(&self, asked: String) -> Result<(), NotStored> {
        self.asked.lock().unwrap().push(asked);
        self.errors.lock().unwrap().pop().map_or(Ok(()), Err)
    }

    fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }
}

impl TripSink for Noting {
    fn trip(&self, key: &str, trip: &Trip) -> Result<(), NotStored> {
        self.answer(format!("trip {key} {}", trip.because))
    }

    fn close(&self, key: &str, tripped_at: Moment) -> Result<(), NotStored> {
        self.answer(format!("close {key} {tripped_at}"))
    }
}

fn is_on(flags: &Flags) -> bool {
    flags.bool("new", &Context::anonymous(), false)
}

#[test]
fn trips_and_their_ends_are_stored() {
    let (flags, clock) = simulated(GUARDED);
    let sink = Arc::new(Noting::default());
    flags.store_trips(Arc::<Noting>::clone(&sink));
    flags.report("new", Outcome::FAILED);
    clock.advance(seconds(30));
    flags.report("new", Outcome::OK);
    assert_eq!(sink.asked(), ["trip new 1 failures in a row", "close new 2026-11-21T08:00:00Z"]);
}

#[test]
fn a_store_that_is_away_is_asked_again_and_the_trip_holds_meanwhile() {
    let (flags, clock) = simulated(GUARDED);
    let sink = Arc::new(Noting::default());
    sink.errors.lock().unwrap().push(NotStored { message: "away".to_owned(), retry: true });
    flags.store_trips(Arc::<Noting>::clone(&sink));
    let events = flags.events(8);
    flags.report("new", Outcome::FAILED);
    assert!(!is_on(&flags));
    flags.tick();
    assert_eq!(sink.asked().len(), 1, "not at once");
    clock.advance(seconds(1));
    flags.tick();
    flags.tick();
    assert_eq!(sink.asked().len(), 2);
    let told = std::iter::from_fn(|| events.try_next())
        .any(|event| matches!(&*event, FlagEvent::NotStored { message, retried: true, .. } if message == "away"));
    assert!(told);
}

#[test]
fn what_is_refused_is_told_and_not_asked_again() {
    let (flags, clock) = simulated(GUARDED);
    let sink = Arc::new(Noting::default());
    sink.errors.lock().unwrap().push(NotStored { message: "read only".to_owned(), retry: false });
    flags.store_trips(Arc::<Noting>::clone(&sink));
    flags.report("new", Outcome::FAILED);
    clock.advance(seconds(10));
    flags.tick();
    assert_eq!((sink.asked().len(), is_on(&flags)), (1, false));
}

/// Puts what it is asked to store into a new set, as a live configuration does.
struct Storing(Mutex<Option<Flags>>);

impl Storing {
    fn store(&self, change: impl FnOnce(&mut std::collections::BTreeMap<String, Trip>)) {
        let flags = self.0.lock().unwrap().clone().unwrap();
        let snapshot = flags.snapshot();
        let mut sources = snapshot.set().sources();
        change(&mut sources.trips);
        let next = strata_config_flags::FlagSet::compile(sources, Some(snapshot.set())).unwrap();
        flags.replace(next, snapshot.revision() + 1);
    }
}

impl TripSink for Storing {
    fn trip(&self, key: &str, trip: &Trip) -> Result<(), NotStored> {
        self.store(|trips| drop(trips.insert(key.to_owned(), trip.clone())));
        Ok(())
    }

    fn close(&self, key: &str, _tripped_at: Moment) -> Result<(), NotStored> {
        self.store(|trips| drop(trips.remove(key)));
        Ok(())
    }
}

#[test]
fn a_stored_trip_that_the_next_set_lacks_is_over() {
    let (flags, clock) = simulated(GUARDED);
    let sink = Arc::new(Storing(Mutex::new(Some(flags.clone()))));
    flags.store_trips(Arc::<Storing>::clone(&sink));
    flags.report("new", Outcome::FAILED);
    assert_eq!((is_on(&flags), flags.snapshot().revision()), (false, 1));
    // Somebody, on whatever node, takes the stored trip away.
    sink.store(|trips| trips.clear());
    assert!(is_on(&flags));
    flags.report("new", Outcome::FAILED);
    clock.advance(seconds(30));
    flags.report("new", Outcome::OK);
    assert_eq!((is_on(&flags), flags.snapshot().revision()), (true, 4));
    assert_eq!(flags.guards()[0].trip, None);
    sink.0.lock().unwrap().take();
}

/// Waits until it may go on, and panics then.
struct Slow(Mutex<(mpsc::Sender<()>, mpsc::Receiver<()>)>);

impl TripSink for Slow {
    fn trip(&self, _key: &str, _trip: &Trip) -> Result<(), NotStored> {
        let (begun, go_on) = &*self.0.lock().unwrap();
        begun.send(()).unwrap();
        go_on.recv().unwrap();
        panic!("the store is broken");
    }

    fn close(&self, _key: &str, _tripped_at: Moment) -> Result<(), NotStored> {
        Ok(())
    }
}

#[test]
fn nobody_waits_for_a_slow_store_and_its_panic_harms_nobody() {
    let (flags, _clock) = simulated(GUARDED);
    let ((begun, has_begun), (go, go_on)) = (mpsc::channel(), mpsc::channel());
    flags.store_trips(Arc::new(Slow(Mutex::new((begun, go_on)))));
    let events = flags.events(8);
    thread::scope(|scope| {
        let reporting = scope.spawn(|| flags.report("new", Outcome::FAILED));
        has_begun.recv().unwrap();
        // The store is at work: all this returns.
        assert!(!is_on(&flags));
        flags.report("new", Outcome::OK);
        flags.tick();
        flags.replace(super::set(GUARDED), 9);
        assert!(!is_on(&flags));
        go.send(()).unwrap();
        reporting.join().unwrap();
    });
    let told = std::iter::from_fn(|| events.try_next())
        .any(|event| matches!(&*event, FlagEvent::NotStored { message, .. } if message.contains("panicked")));
    assert!(told);
}
