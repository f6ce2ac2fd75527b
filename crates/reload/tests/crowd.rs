//! Many writers and readers at once: no change is lost, none is told twice, and nobody sees half of one. In a process of
//! its own, where nobody waits for the crowd.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, mpsc};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::json;
use strata_config::LayeredConfig;
use strata_config_reload::{Actor, EventKind, Live};
use strata_config_store::{HistoryQuery, Limit, MemoryStore, Store};

#[derive(LayeredConfig, Debug, Clone, PartialEq)]
struct Config {
    /// Changes so far.
    #[config(default = 0)]
    total: u64,
    /// Changes so far, by writer.
    #[config(default = [])]
    by_writer: BTreeMap<String, u64>,
}

/// Each writer reads, adds one, and writes if nobody else did meanwhile.
fn crowd(handles: usize, writers: usize, rounds: u64) {
    let store: Arc<dyn Store> = Arc::new(MemoryStore::new());
    let all = Limit { count: None, age: None };
    let open = || Live::of(Config::loader()).store(Arc::clone(&store)).keep_history(all).open().unwrap();
    let lives: Vec<Live<Config>> = (0..handles).map(|_| open()).collect();
    let expected = writers as u64 * rounds;
    // How far each listener is: writers wait for it, as nobody may be so slow that events are dropped.
    let heard: Vec<AtomicU64> = lives.iter().map(|_| AtomicU64::new(0)).collect();
    let changes: Vec<_> = lives.iter().map(Live::changes).collect();
    thread::scope(|scope| {
        for (mut changes, heard) in changes.into_iter().zip(&heard) {
            scope.spawn(move || {
                for number in 1..=expected {
                    let event = changes.next().expect("the configuration lives");
                    let EventKind::Committed(entry) = &event.kind else { panic!("{:?}", event.kind) };
                    assert_eq!((entry.revision, event.after.revision(), event.number), (number, number, number));
                    assert_eq!(event.before.revision() + 1, number);
                    assert_eq!(event.after.running().total, number);
                    heard.store(number, Ordering::Release);
                }
                assert_eq!(changes.missed(), 0);
            });
        }
        let writing: Vec<_> = (0..writers)
            .map(|writer| {
                let (live, heard) = (&lives[writer % handles], &heard[writer % handles]);
                scope.spawn(move || (0..rounds).for_each(|_| add_one(live, &format!("w{writer}"), heard)))
            })
            .collect();
        writing.into_iter().for_each(|writer| writer.join().unwrap());
        // Who has not written for a while has not heard of the last commits.
        assert!(lives.iter().all(|live| live.reload_all().is_ok()));
    });
    for live in &lives {
        let config = live.get();
        assert_eq!((config.total, live.version().revision()), (expected, expected));
        assert!(config.by_writer.len() == writers && config.by_writer.values().all(|count| *count == rounds));
    }
    replays(&lives[0], &*store, expected);
}

fn add_one(live: &Live<Config>, writer: &str, heard: &AtomicU64) {
    loop {
        let version = live.version();
        while version.revision() > heard.load(Ordering::Acquire) + 1_000 {
            thread::yield_now();
        }
        let config = version.desired();
        let own = config.by_writer.get(writer).copied().unwrap_or(0);
        let patch = json!({"total": config.total + 1, "by_writer": {writer: own + 1}});
        match live.update(&patch, Actor::new(writer).if_revision(version.revision())) {
            Ok(applied) => {
                assert_eq!(applied.revision, version.revision() + 1);
                return;
            }
            Err(error) => assert!(error.is_conflict(), "{error}"),
        }
    }
}

/// Applies what history says of each change, one after another: in the end there is what the store holds.
fn replays(live: &Live<Config>, store: &dyn Store, expected: u64) {
    let mut history = live.history(&HistoryQuery::default()).unwrap();
    history.reverse();
    assert_eq!(history.len() as u64, expected);
    let mut state: BTreeMap<String, String> = BTreeMap::from([("total".into(), "0".into())]);
    let mut previous = strata_config_store::Hash::ZERO;
    for (entry, revision) in history.iter().zip(1..) {
        assert_eq!((entry.revision, entry.previous), (revision, previous));
        previous = entry.hash;
        for change in &entry.changes {
            let old = change.old.as_ref().map(|old| old.as_str().to_owned());
            // An empty map stands for itself until its first entry comes.
            if change.path != "by_writer" {
                assert_eq!(state.get(&change.path).cloned(), old, "{}", change.path);
            }
            match &change.new {
                Some(new) => drop(state.insert(change.path.clone(), new.as_str().to_owned())),
                None => drop(state.remove(&change.path)),
            }
        }
    }
    let config = live.get();
    let by_writer = config.by_writer.iter().map(|(writer, count)| (format!("by_writer.{writer}"), count.to_string()));
    let mut now: BTreeMap<String, String> = by_writer.collect();
    now.insert("total".to_owned(), config.total.to_string());
    assert_eq!(state, now);
    let stored = store.load().unwrap();
    assert_eq!((&stored.documents, stored.head), (&history.last().unwrap().documents, previous));
    assert!(live.verify().unwrap().is_intact());
}

#[test]
fn eight_writers_lose_nothing() {
    crowd(1, 8, 50);
}

#[test]
fn four_handles_on_one_store_lose_nothing() {
    crowd(4, 8, 25);
}

/// Changes of each of 64 writers. Without optimisation a thousand take many minutes:
/// `cargo test --release -p strata-config-reload --test crowd -- --ignored` makes them all in less than three.
const ROUNDS: u64 = if cfg!(debug_assertions) { 25 } else { 1_000 };

#[test]
#[ignore = "long: 64,000 changes with --release"]
fn sixty_four_writers_lose_nothing() {
    crowd(1, 64, ROUNDS);
}

#[test]
#[ignore = "long: 64,000 changes with --release"]
fn eight_handles_with_sixty_four_writers_lose_nothing() {
    crowd(8, 64, ROUNDS);
}

#[derive(LayeredConfig, Debug, Clone, PartialEq)]
struct Pair {
    #[config(default = 0)]
    up: u64,
    #[config(nested)]
    other: Other,
}

#[derive(LayeredConfig, Debug, Clone, PartialEq)]
struct Other {
    #[config(default = 1000000000)]
    down: u64,
}

const SUM: u64 = 1_000_000_000;

#[test]
fn readers_never_see_half_a_change_nor_an_older_one_again() {
    let live = Live::of(Pair::loader()).keep_history(Limit { count: Some(10), age: None }).open().unwrap();
    let stop = AtomicBool::new(false);
    let (swaps, reads) = thread::scope(|scope| {
        let readers = [
            scope.spawn(|| {
                let (mut newest, mut reads) = (0, 0_u64);
                while !stop.load(Ordering::Relaxed) {
                    let config = live.get();
                    assert_eq!(config.up + config.other.down, SUM);
                    assert!(config.up >= newest);
                    newest = config.up;
                    reads += 1;
                }
                reads
            }),
            scope.spawn(|| {
                let (mut reader, mut newest, mut reads) = (live.reader(), 0, 0_u64);
                while !stop.load(Ordering::Relaxed) {
                    let config = reader.get();
                    assert_eq!(config.up + config.other.down, SUM);
                    assert!(config.up >= newest);
                    newest = config.up;
                    reads += 1;
                }
                reads
            }),
            scope.spawn(|| {
                let (whole, part) = (live.project(|config| config), live.project(|config| &config.other));
                let (mut newest, mut reads) = (SUM, 0_u64);
                while !stop.load(Ordering::Relaxed) {
                    let config = whole.get();
                    assert_eq!(config.up + config.other.down, SUM);
                    let down = part.get().down;
                    assert!(down <= config.other.down && down <= newest);
                    newest = down;
                    reads += 1;
                }
                reads
            }),
            scope.spawn(|| {
                let (mut newest, mut reads) = (0, 0_u64);
                while !stop.load(Ordering::Relaxed) {
                    let seen = live.get().up;
                    let version = live.version();
                    // What `get` gave, `version` knows of. Every change here is one revision and one generation.
                    assert!(version.running().up >= seen);
                    assert_eq!(version.running().up + version.desired().other.down, SUM);
                    assert_eq!(
                        (version.revision(), version.generation()),
                        (version.running().up, version.running().up + 1)
                    );
                    assert!(version.revision() >= newest);
                    newest = version.revision();
                    reads += 1;
                }
                reads
            }),
        ];
        let (begin, mut up) = (Instant::now(), 0);
        while begin.elapsed() < Duration::from_secs(2) {
            up += 1;
            live.update(&json!({"up": up, "other": {"down": SUM - up}}), "writer").unwrap();
        }
        stop.store(true, Ordering::Relaxed);
        (up, readers.map(|reader| reader.join().unwrap()))
    });
    println!("{} changes a second; reads {reads:?}", swaps / 2);
    assert!(reads.iter().all(|reads| *reads > 0));
}

#[test]
fn who_sees_what_mended_a_source_finds_it_right_and_who_finds_it_right_sees_that() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("app.toml");
    let write = |text: &str| std::fs::write(&file, text).unwrap();
    write("total = 0\n");
    let live = Live::of(Config::loader().file(&file)).open().unwrap();
    let live = &live;
    thread::scope(|scope| {
        // Round by round: one begins it, the other has seen it.
        let (begin, begun) = mpsc::channel();
        let (seen, was_seen) = mpsc::channel();
        scope.spawn(move || {
            for round in begun {
                if round % 2 == 0 {
                    while live.get().total != round {}
                    let status = live.status();
                    assert!(status.sources[0].ok, "{round}: {status:#?}");
                } else {
                    let status = std::iter::repeat_with(|| live.status()).find(|status| status.sources[0].ok).unwrap();
                    assert_eq!(status.generation, round + 1, "{status:#?}");
                    assert_eq!(live.version().running().total, round);
                }
                seen.send(()).unwrap();
            }
        });
        for round in 1..=500 {
            write("total = \"many\"\n");
            live.reload_all().unwrap_err();
            write(&format!("total = {round}\n"));
            begin.send(round).unwrap();
            live.reload_all().unwrap();
            was_seen.recv().unwrap();
        }
    });
}
