//! A store that fails while it is followed: the status says so, and what was committed meanwhile is told afterwards.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use strata_config::LayeredConfig;
use strata_config_reload::{Condition, EventKind, Live, WatchOptions};
use strata_config_store::{
    Backup, CommitError, Committed, Documents, Draft, Entry, Health, HistoryQuery, MemoryStore, NewSnapshot, Pruned,
    Retention, Snapshot, State, Store, StoreError, Verified, Watch, Watched,
};

#[derive(LayeredConfig, Debug)]
struct Config {
    #[config(default = 1)]
    value: u32,
}

/// Longer than any machine is busy; a test that passes never waits for it.
const WAIT: Duration = Duration::from_secs(30);

/// A store whose watches fail while it is down.
#[derive(Debug, Default)]
struct Unreliable {
    store: MemoryStore,
    is_down: Arc<AtomicBool>,
}

#[derive(Debug)]
struct UnreliableWatch {
    watch: Box<dyn Watch>,
    is_down: Arc<AtomicBool>,
}

fn up(is_down: &AtomicBool) -> Result<(), StoreError> {
    match is_down.load(Ordering::SeqCst) {
        true => Err(StoreError::other("the watch", "the line is cut")),
        false => Ok(()),
    }
}

impl Watch for UnreliableWatch {
    fn next(&mut self, timeout: Duration) -> Result<Watched, StoreError> {
        up(&self.is_down)?;
        // What comes while the line is cut does not arrive.
        let watched = self.watch.next(timeout.min(Duration::from_millis(20)))?;
        up(&self.is_down).map(|()| watched)
    }
}

impl Store for Unreliable {
    fn load(&self) -> Result<State, StoreError> {
        self.store.load()
    }

    fn commit(&self, expected: u64, documents: &Documents, draft: Draft) -> Result<Committed, CommitError> {
        self.store.commit(expected, documents, draft)
    }

    fn entry(&self, revision: u64) -> Result<Option<Entry>, StoreError> {
        self.store.entry(revision)
    }

    fn history(&self, query: &HistoryQuery) -> Result<Vec<Entry>, StoreError> {
        self.store.history(query)
    }

    fn by_request(&self, request: &str) -> Result<Option<Entry>, StoreError> {
        self.store.by_request(request)
    }

    fn watch(&self, from: u64) -> Result<Box<dyn Watch>, StoreError> {
        up(&self.is_down)?;
        Ok(Box::new(UnreliableWatch { watch: self.store.watch(from)?, is_down: Arc::clone(&self.is_down) }))
    }

    fn snapshots(&self) -> Result<Vec<Snapshot>, StoreError> {
        self.store.snapshots()
    }

    fn create_snapshot(&self, snapshot: NewSnapshot) -> Result<Snapshot, StoreError> {
        self.store.create_snapshot(snapshot)
    }

    fn delete_snapshot(&self, id: &str) -> Result<bool, StoreError> {
        self.store.delete_snapshot(id)
    }

    fn prune(&self, retention: &Retention) -> Result<Pruned, StoreError> {
        self.store.prune(retention)
    }

    fn verify(&self) -> Result<Verified, StoreError> {
        self.store.verify()
    }

    fn backup(&self) -> Result<Backup, StoreError> {
        self.store.backup()
    }

    fn restore(&self, backup: &Backup, draft: Draft) -> Result<State, StoreError> {
        self.store.restore(backup, draft)
    }

    fn health(&self) -> Health {
        self.store.health()
    }

    fn url(&self) -> String {
        "unreliable:".to_owned()
    }
}

fn until(live: &Live<Config>, condition: Condition) -> Vec<String> {
    let end = Instant::now() + WAIT;
    loop {
        let status = live.status();
        if status.condition == condition {
            return status.reasons;
        }
        assert!(Instant::now() < end, "{status:#?}");
        std::thread::sleep(Duration::from_millis(5));
    }
}

#[test]
fn a_store_that_fails_is_followed_again_and_nothing_is_missed() {
    let store = Arc::new(Unreliable::default());
    let open = || Live::of(Config::loader()).store(Arc::clone(&store) as Arc<dyn Store>);
    let writer = open().open().unwrap();
    let live = open().watch(WatchOptions::new()).open().unwrap();
    let mut events = live.events();
    for round in 0..3 {
        store.is_down.store(true, Ordering::SeqCst);
        let reasons = until(&live, Condition::Degraded);
        assert!(reasons[0].contains("not followed") && reasons[0].contains("the line is cut"), "{reasons:?}");
        for _ in 0..5 {
            writer.set("value", writer.get().value + 1, "ann").unwrap();
        }
        assert_eq!(live.version().revision(), round * 5);
        store.is_down.store(false, Ordering::SeqCst);
        for revision in round * 5 + 1..=round * 5 + 5 {
            let event = events.next_within(WAIT).unwrap();
            assert!(matches!(&event.kind, EventKind::Committed(entry) if entry.revision == revision), "{event:?}");
        }
        until(&live, Condition::Healthy);
    }
    assert_eq!(live.get().value, 16);
}

#[test]
fn history_that_was_pruned_meanwhile_is_caught_up_with() {
    let store = Arc::new(Unreliable::default());
    let open = || Live::of(Config::loader()).store(Arc::clone(&store) as Arc<dyn Store>);
    let writer = open().open().unwrap();
    let live = open().watch(WatchOptions::new()).open().unwrap();
    let mut events = live.events();
    store.is_down.store(true, Ordering::SeqCst);
    until(&live, Condition::Degraded);
    for value in 2..12 {
        writer.set("value", value, "ann").unwrap();
    }
    let kept = strata_config_store::Limit { count: Some(1), age: None };
    store.prune(&Retention { history: kept, ..Retention::default() }).unwrap();
    store.is_down.store(false, Ordering::SeqCst);
    assert_eq!(events.next_within(WAIT).unwrap().after.revision(), 10);
    assert_eq!(live.get().value, 11);
}

#[test]
fn two_handles_on_one_place_hear_of_each_other_without_any_call() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("file:{}", folder.path().display());
    let open = || {
        let store = strata_config_store::open(&url).unwrap();
        Live::of(Config::loader()).store(store).watch(WatchOptions::new()).open().unwrap()
    };
    let (one, two) = (open(), open());
    let (mut at_one, mut at_two) = (one.events(), two.events());
    for revision in 1..=10_u32 {
        let writer = if revision % 2 == 0 { &one } else { &two };
        writer.set("value", revision + 1, "ann").unwrap();
        for events in [&mut at_one, &mut at_two] {
            let event = events.next_within(WAIT).unwrap();
            assert!(matches!(&event.kind, EventKind::Committed(entry) if entry.revision == u64::from(revision)));
        }
    }
    assert_eq!((one.get().value, two.get().value), (11, 11));
}
