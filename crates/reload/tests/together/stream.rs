//! Changes as a stream, for asynchronous programs.

#![cfg(feature = "stream")]

use std::pin::pin;
use std::thread;
use std::time::Duration;

use futures_lite::{StreamExt, future};
use strata_config::LayeredConfig;
use strata_config_reload::Live;

#[derive(LayeredConfig, Debug)]
struct Config {
    #[config(default = 8)]
    threads: u32,
}

fn open() -> Live<Config> {
    Live::of(Config::loader()).open().unwrap()
}

#[test]
fn a_stream_wakes_for_every_change_and_ends_with_the_configuration() {
    let live = open();
    let changes = live.changes().into_stream();
    let writer = thread::spawn(move || {
        for threads in 1..=100 {
            live.set("threads", threads, "ann").unwrap();
            if threads % 10 == 0 {
                thread::sleep(Duration::from_millis(1));
            }
        }
    });
    let revisions: Vec<u64> = future::block_on(changes.map(|event| event.after.revision()).collect());
    assert_eq!(revisions, (1..=100).collect::<Vec<_>>());
    writer.join().unwrap();
}

#[test]
fn a_stream_that_has_nothing_is_pending_and_may_be_left() {
    let live = open();
    let mut changes = live.changes().into_stream();
    assert!(future::block_on(future::poll_once(changes.next())).is_none());
    live.set("threads", 1, "ann").unwrap();
    assert_eq!(future::block_on(changes.next()).unwrap().after.revision(), 1);
    assert!(future::block_on(future::poll_once(pin!(changes.next()))).is_none());
}
