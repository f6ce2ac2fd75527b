//! What code of the program's may do when it is called: panic, block, come back, go away. Nobody else notices.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, mpsc};
use std::thread;
use std::time::Duration;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use strata_config::{LayeredConfig, Value};
use strata_config_reload::{Declaration, EventKind, Live};
use strata_config_store::{MemoryStore, Store};

#[derive(LayeredConfig, Debug, Clone, PartialEq)]
struct Config {
    #[config(default = 8)]
    threads: u32,
    #[config(default = 4)]
    most: u32,
}

const WAIT: Duration = Duration::from_secs(20);

fn open() -> Live<Config> {
    Live::of(Config::loader()).open().unwrap()
}

/// Runs on a thread of its own, and fails where that does not come to an end.
fn within<T: Send + 'static>(what: &str, run: impl FnOnce() -> T + Send + 'static) -> T {
    let (send, done) = mpsc::channel();
    thread::spawn(move || send.send(run()));
    done.recv_timeout(WAIT).unwrap_or_else(|_| panic!("{what}: no end, or a panic"))
}

thread_local! {
    /// Calls of foreign code until one panics on this thread.
    static FUSE: Cell<u64> = const { Cell::new(u64::MAX) };
}

fn burn() {
    let left = FUSE.get();
    FUSE.set(left.saturating_sub(1).max(if left == u64::MAX { u64::MAX } else { 0 }));
    if left == 0 {
        FUSE.set(u64::MAX);
        panic!("foreign code");
    }
}

/// A value all of whose code may panic.
#[derive(Debug, PartialEq)]
struct Touchy(u32);

impl Serialize for Touchy {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        burn();
        serializer.serialize_u32(self.0)
    }
}

impl<'de> Deserialize<'de> for Touchy {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        burn();
        u32::deserialize(deserializer).map(Self)
    }
}

impl Clone for Touchy {
    fn clone(&self) -> Self {
        burn();
        Self(self.0)
    }
}

#[derive(LayeredConfig, Debug, Clone, PartialEq)]
#[config(validate = Self::check)]
struct Fragile {
    #[config(default = 1)]
    value: Touchy,
    #[config(default = 1, reload = "restart")]
    frozen: Touchy,
}

impl Fragile {
    fn check(&self, _: &mut strata_config::Report) {
        burn();
    }
}

#[test]
fn a_panic_anywhere_on_the_way_of_a_change_is_before_it_or_never() {
    let store: Arc<dyn Store> = Arc::new(MemoryStore::new());
    let live = Live::of(Fragile::loader()).store(Arc::clone(&store)).open().unwrap();
    let mut events = live.events();
    live.declare(Declaration::new("extra", 0).rule(|_| {
        burn();
        Ok(())
    }))
    .unwrap();
    live.veto("touchy", |_| {
        burn();
        Ok(())
    });
    let mut value = 1;
    for calls in 0.. {
        value += 1;
        let before = store.load().unwrap().revision;
        FUSE.set(calls);
        let outcome = catch_unwind(AssertUnwindSafe(|| live.update(&json(value), "ann")));
        let burned = FUSE.replace(u64::MAX) == u64::MAX;
        let after = store.load().unwrap().revision;
        let is_made = matches!(outcome, Ok(Ok(_)));
        assert_eq!(after - before, u64::from(is_made), "after {calls} calls");
        assert_eq!(live.version().revision(), after, "after {calls} calls");
        assert_eq!(live.get().value.0 == value, is_made, "after {calls} calls");
        let told = std::iter::from_fn(|| events.next_within(Duration::ZERO)).count();
        assert_eq!(told, usize::from(is_made), "after {calls} calls");
        if !burned {
            assert!(calls > 10, "the fuse was never lit");
            return;
        }
    }
}

fn json(value: u32) -> Value {
    Value::Map(vec![("value".to_owned(), Value::Int(value.into())), ("frozen".to_owned(), Value::Int(value.into()))])
}

#[test]
fn a_panic_while_a_commit_of_others_is_taken_over_loses_nothing() {
    let store: Arc<dyn Store> = Arc::new(MemoryStore::new());
    let open = || Live::of(Fragile::loader()).store(Arc::clone(&store)).open().unwrap();
    let (live, other) = (open(), open());
    let mut events = live.changes();
    for calls in 0.. {
        let revision = other.update(&json(calls as u32 + 2), "bob").unwrap().revision;
        FUSE.set(calls);
        let outcome = catch_unwind(AssertUnwindSafe(|| live.reload_all()));
        let burned = FUSE.replace(u64::MAX) == u64::MAX;
        drop(outcome);
        // Whatever became of it, the next reading has it.
        other.update(&json(1), "bob").unwrap();
        live.reload_all().unwrap();
        assert_eq!((live.version().revision(), live.get().value.0), (revision + 1, 1), "after {calls} calls");
        let told: Vec<u64> =
            std::iter::from_fn(|| events.next_within(Duration::ZERO)).map(|event| event.after.revision()).collect();
        assert_eq!(told.last(), Some(&(revision + 1)), "after {calls} calls");
        assert!(told.is_sorted_by(|one, next| one < next), "after {calls} calls: {told:?}");
        if !burned {
            return;
        }
    }
}

#[test]
fn a_check_that_panics_refuses_the_configuration() {
    let live = Live::of(Fragile::loader()).open().unwrap();
    FUSE.set(0);
    let error = live.set_base(&json(3), "ann");
    FUSE.set(u64::MAX);
    let error = error.unwrap_err();
    assert!(error.is_invalid(), "{error}");
    assert!(!error.to_string().contains("foreign code"), "a panic's text may hold a secret: {error}");
}

#[test]
fn a_veto_may_ask_everything_and_change_nothing() {
    within("a veto that comes back", || {
        let live = open();
        let (inner, asked) = (live.clone(), Arc::new(AtomicBool::new(false)));
        let done = Arc::clone(&asked);
        live.veto("curious", move |_| {
            assert_eq!((inner.get().threads, inner.status().revision, inner.version().revision()), (8, 0, 0));
            assert!(inner.set("threads", 9, "veto").unwrap_err().is_reentrant());
            assert!(inner.reload_all().unwrap_err().is_reentrant());
            assert!(inner.reload("environment").unwrap_err().is_reentrant());
            assert!(inner.declare(Declaration::new("x", 1)).unwrap_err().is_reentrant());
            assert!(inner.restore(&inner.backup().unwrap(), "veto").unwrap_err().is_reentrant());
            assert!(!inner.validate(&Value::Map(Vec::new())).report.is_valid());
            let _subscription = inner.subscribe("threads", |_| {}).unwrap();
            let id = inner.veto("another", |_| Err("too late for this change".to_owned()));
            assert!(inner.remove_veto(id));
            done.store(true, Ordering::Relaxed);
            Ok(())
        });
        live.set("threads", 2, "ann").unwrap();
        assert!(asked.load(Ordering::Relaxed));
    });
}

#[test]
fn a_rule_that_comes_back_is_refused_and_nobody_waits_for_ever() {
    within("a rule that comes back", || {
        let live = open();
        let inner = live.clone();
        let declaration = Declaration::new("extra", 1).rule(move |_| match inner.set("threads", 1, "rule") {
            Err(error) if error.is_reentrant() => Ok(()),
            other => Err(format!("{other:?}")),
        });
        live.declare(declaration).unwrap();
        live.set("extra", 2, "ann").unwrap();
        assert_eq!(live.declared("extra"), Some(Value::Int(2)));
    });
}

/// The number of values that panic when they go away.
static ANGRY: AtomicU64 = AtomicU64::new(0);

/// A value that panics when it goes away.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Angry(u32);

impl Drop for Angry {
    fn drop(&mut self) {
        if self.0 == 666 && !thread::panicking() {
            ANGRY.fetch_add(1, Ordering::Relaxed);
            panic!("as a destructor should not");
        }
    }
}

#[derive(LayeredConfig, Debug, Clone, PartialEq)]
struct Temper {
    #[config(default = 1)]
    angry: Angry,
}

#[test]
fn a_value_that_panics_when_it_goes_stops_no_listener() {
    let live = Live::of(Temper::loader()).open().unwrap();
    let (send, heard) = mpsc::channel();
    let _subscription = live.subscribe("", move |event| send.send(event.after.revision()).unwrap()).unwrap();
    for (revision, value) in [(1, 1), (2, 666), (3, 3), (4, 4)] {
        // Copies go away on the way as well; what counts is that all hear of what was made.
        drop(catch_unwind(AssertUnwindSafe(|| live.set("angry", value + 10 * u32::from(value == 1), "ann"))));
        if live.version().revision() == revision {
            assert_eq!(heard.recv_timeout(WAIT).unwrap(), revision);
        }
    }
}

#[test]
fn keys_may_be_declared_while_others_write() {
    let live = open();
    thread::scope(|scope| {
        for writer in 0..4 {
            let live = live.clone();
            scope.spawn(move || {
                for round in 0..50 {
                    live.set("threads", writer * 100 + round, "ann").unwrap();
                }
            });
        }
        for key in 0..50 {
            let key = format!("key{key}");
            live.declare(Declaration::new(&key, 0)).unwrap();
            live.set(&key, 1, "bob").unwrap();
        }
    });
    for key in 0..50 {
        assert_eq!(live.declared(&format!("key{key}")), Some(Value::Int(1)));
    }
    let mut changes = live.changes();
    live.set("threads", 1, "ann").unwrap();
    assert!(matches!(changes.next().unwrap().kind, EventKind::Committed(_)));
}
