//! What listeners may do: panic, block, change things, leave. Order holds, and nobody else notices.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, mpsc};
use std::thread;
use std::time::Duration;

use strata_config::{LayeredConfig, Value};
use strata_config_reload::{Declaration, Live};

#[derive(LayeredConfig, Debug, Clone, PartialEq)]
struct Config {
    #[config(default = 8)]
    threads: u32,
}

const WAIT: Duration = Duration::from_secs(20);

fn open() -> Live<Config> {
    Live::of(Config::loader()).open().unwrap()
}

#[test]
fn a_listener_that_panics_hears_the_next_event() {
    let live = open();
    let (send, heard) = mpsc::channel();
    let subscription = live
        .subscribe("", move |event| {
            send.send(event.after.revision()).unwrap();
            panic!("as a listener may");
        })
        .unwrap();
    for threads in 1..=3 {
        live.set("threads", threads, "ann").unwrap();
    }
    let revisions: Vec<u64> = (0..3).map(|_| heard.recv_timeout(WAIT).unwrap()).collect();
    assert_eq!(revisions, [1, 2, 3]);
    while subscription.panics() < 3 {
        thread::yield_now();
    }
}

#[test]
fn a_listener_that_updates_from_inside_sees_its_own_change_later() {
    let live = open();
    let (send, heard) = mpsc::channel();
    let inner = live.clone();
    let _subscription = live
        .subscribe("threads", move |event| {
            let threads = event.after.running().threads;
            send.send(threads).unwrap();
            if threads < 20 {
                inner.set("threads", threads + 1, "listener").unwrap();
            }
        })
        .unwrap();
    live.set("threads", 10, "ann").unwrap();
    let all: Vec<u32> = (0..11).map(|_| heard.recv_timeout(WAIT).unwrap()).collect();
    assert_eq!(all, (10..=20).collect::<Vec<_>>());
}

#[test]
fn a_listener_that_ends_its_own_subscription_hears_nothing_more() {
    let live = open();
    let heard = Arc::new(AtomicU64::new(0));
    let counted = Arc::clone(&heard);
    let own = Arc::new(Mutex::new(None));
    let slot = Arc::clone(&own);
    let (send, ended) = mpsc::channel();
    let subscription = live
        .subscribe("", move |_| {
            counted.fetch_add(1, Ordering::Relaxed);
            drop(slot.lock().unwrap().take());
            send.send(()).unwrap();
        })
        .unwrap();
    *own.lock().unwrap() = Some(subscription);
    live.set("threads", 1, "ann").unwrap();
    ended.recv_timeout(WAIT).unwrap();
    live.set("threads", 2, "ann").unwrap();
    live.set("threads", 3, "ann").unwrap();
    // The function goes away with its thread, and its end of the channel with it.
    assert_eq!(ended.recv_timeout(WAIT), Err(mpsc::RecvTimeoutError::Disconnected));
    assert_eq!(heard.load(Ordering::Relaxed), 1);
}

#[test]
fn a_subscription_that_ends_during_a_delivery_ends_after_it() {
    let live = open();
    let (entered, inside) = mpsc::channel();
    let (release, blocked) = mpsc::channel::<()>();
    let subscription = live
        .subscribe("", move |event| {
            entered.send(event.after.revision()).unwrap();
            blocked.recv().unwrap_or_default();
        })
        .unwrap();
    live.set("threads", 1, "ann").unwrap();
    live.set("threads", 2, "ann").unwrap();
    assert_eq!(inside.recv_timeout(WAIT), Ok(1));
    drop(subscription);
    live.set("threads", 3, "ann").unwrap();
    release.send(()).unwrap();
    assert_eq!(inside.recv_timeout(WAIT), Err(mpsc::RecvTimeoutError::Disconnected));
}

#[test]
fn a_listener_that_blocks_loses_the_oldest_and_counts_them_while_others_get_all() {
    const EVENTS: u32 = 10_000;
    let live = open();
    let (release, blocked) = mpsc::channel::<()>();
    let (entered, inside) = mpsc::channel();
    let (send, late) = mpsc::channel();
    let slow = live
        .subscribe("", move |event| {
            entered.send(()).unwrap_or_default();
            blocked.recv().unwrap_or_default();
            send.send(event.number).unwrap();
        })
        .unwrap();
    live.set("threads", 0, "ann").unwrap();
    inside.recv_timeout(WAIT).unwrap();
    let mut changes = live.changes();
    for number in 2..=u64::from(EVENTS) {
        live.set("threads", number % 1_000, "ann").unwrap();
        assert_eq!(changes.next_within(WAIT).unwrap().number, number);
    }
    assert_eq!(changes.missed(), 0);
    let missed = slow.missed();
    drop(release);
    let numbers: Vec<u64> = (1 + missed..=u64::from(EVENTS)).map(|_| late.recv_timeout(WAIT).unwrap()).collect();
    let kept = u64::from(EVENTS) - 1 - missed;
    assert!((1..=4_096).contains(&kept), "{missed} lost, {kept} kept");
    let newest = u64::from(EVENTS) - kept + 1..=u64::from(EVENTS);
    assert_eq!(numbers, std::iter::once(1).chain(newest).collect::<Vec<_>>());
}

#[test]
fn who_waits_for_ever_may_say_so_in_a_duration() {
    let live = open();
    let mut changes = live.changes();
    live.set("threads", 1, "ann").unwrap();
    assert!(changes.next_within(Duration::MAX).is_some());
}

#[test]
fn a_declared_key_has_listeners_of_its_own() {
    let live = open();
    live.declare(Declaration::new("extra", "a")).unwrap();
    let (send, heard) = mpsc::channel();
    let _subscription = live
        .subscribe("extra", move |event| send.send((event.after.revision(), event.changes.clone())).unwrap())
        .unwrap();
    live.set("threads", 1, "ann").unwrap();
    let applied = live.set("extra", "b", "ann").unwrap();
    assert_eq!(applied.changes[0].path.as_str(), "extra");
    let (revision, changes) = heard.recv_timeout(WAIT).unwrap();
    assert_eq!((revision, changes.len(), changes[0].path.as_str()), (2, 1, "extra"));
    assert_eq!(changes[0].before(), Some(Value::String("a".to_owned())));
    assert_eq!(changes[0].after(), Some(Value::String("b".to_owned())));
}
