//! Changes that are awaited.

#![cfg(feature = "async")]

use std::sync::mpsc;
use std::time::Duration;

use futures_lite::future;
use strata_config::LayeredConfig;
use strata_config_reload::{Actor, Batch, Live, Point};
use strata_config_store::HistoryQuery;

#[derive(LayeredConfig, Debug)]
struct Config {
    #[config(default = 8, validate(range(max = 64)))]
    threads: u32,
}

fn open() -> Live<Config> {
    Live::of(Config::loader()).open().unwrap()
}

#[test]
fn every_change_can_be_awaited_and_is_in_effect_then() {
    let live = open();
    let changing = live.asynchronous();
    future::block_on(async {
        changing.update(&serde_json::json!({"threads": 16}), "ann").await.unwrap();
        assert_eq!(live.get().threads, 16);
        let snapshot = changing.snapshot("before", Vec::new(), "ann").await.unwrap();
        changing.apply(Batch::new().set("threads", 32), Actor::new("ann").because("a crowd")).await.unwrap();
        changing.set("threads", 48, "ann").await.unwrap();
        assert!(changing.set("threads", 100, "ann").await.unwrap_err().is_invalid());
        changing.rollback(Point::Snapshot(snapshot.id), "ann").await.unwrap();
        assert_eq!(live.get().threads, 16);
        changing.unset("threads", "ann").await.unwrap();
        assert_eq!(live.get().threads, 8);
        changing.set("threads", 1, "ann").await.unwrap();
        changing.reset("ann").await.unwrap();
        assert!(!changing.reload_all().await.unwrap());
        let newest = changing.history(HistoryQuery::newest(1)).await.unwrap();
        assert_eq!((newest[0].revision, live.get().threads), (7, 8));
    });
}

#[test]
fn a_change_that_has_begun_is_made_though_nobody_awaits_it() {
    let live = open();
    let (begun, has_begun) = mpsc::channel();
    let (go_on, may_go_on) = mpsc::channel();
    let may_go_on = std::sync::Mutex::new(may_go_on);
    live.veto("wait", move |_| {
        begun.send(()).unwrap();
        may_go_on.lock().unwrap().recv().map_err(|error| error.to_string())
    });
    let mut changes = live.changes();
    let changing = live.asynchronous();
    let mut change = Box::pin(changing.set("threads", 16, "ann"));
    assert!(future::block_on(future::poll_once(&mut change)).is_none());
    has_begun.recv().unwrap();
    drop(change);
    go_on.send(()).unwrap();
    assert_eq!(changes.next_within(Duration::from_secs(30)).unwrap().after.revision(), 1);
    assert_eq!(live.get().threads, 16);
}
