//! `/events`: everybody hears everything in order, and goes on where they stopped.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::sync::mpsc;
use std::thread;

use serde_json::json;
use strata_config::LayeredConfig as _;
use strata_config_admin::StreamLimits;
use strata_config_core::Value;
use strata_config_reload::{Actor, Live};
use strata_config_store::{Limit, Retention};

use crate::listener::Listener;
use crate::site::{Config, Site, TOKEN, bearer};

/// Sets a value that is another one each time.
fn change(site: &Site, number: u64) {
    let patch = json!({"db": {"name": format!("n{number}")}});
    site.live.update(&Value::from_serialize(&patch), Actor::new("ann").via("test")).unwrap();
}

#[test]
fn a_change_is_told_with_who_what_and_the_etag_that_is_in_effect() {
    let site = Site::start();
    let mut listener = Listener::open(site.address, "", "");
    assert_eq!(listener.headers["content-type"], "text/event-stream");
    assert_eq!(
        (&listener.headers["cache-control"], &listener.headers["x-accel-buffering"]),
        (&"no-store".parse().unwrap(), &"no".parse().unwrap())
    );
    site.call("PATCH", "/api/v1/config?reason=more%20load", &json!({"parallel": 32}));
    let told = listener.next_of("committed");
    assert_eq!(told.data["etag"], site.get("/api/v1/config").header("etag"));
    assert_eq!(told.data["changes"], json!([{"path": "parallel", "old": 8, "new": 32, "reload": "live"}]));
    assert_eq!(
        (&told.data["actor"], &told.data["source"], &told.data["reason"], told.revision()),
        (&json!("root"), &json!("api"), &json!("more load"), 1)
    );
    assert!(told.id.starts_with("1-"), "{}", told.id);
}

#[test]
fn who_comes_back_to_the_same_process_gets_exactly_what_was_missed() {
    let site = Site::start();
    let mut listener = Listener::open(site.address, "", "");
    change(&site, 1);
    let told = listener.next_of("committed");
    let here = listener.last_id.clone();
    drop(listener);
    (2..=5).for_each(|number| change(&site, number));
    let mut again = Listener::open(site.address, "", &told.id);
    let missed: Vec<u64> = (0..4).map(|_| again.next_of("committed").revision()).collect();
    assert_eq!(missed, [2, 3, 4, 5]);
    // The same by the query, for those who can't send a header.
    let mut again = Listener::open(site.address, &format!("?last_event_id={here}"), "");
    assert_eq!(again.next_of("committed").revision(), 2);
}

#[test]
fn who_has_heard_nothing_yet_can_come_back_too() {
    let site = Site::start();
    let greeted = Listener::open(site.address, "", "").last_id;
    change(&site, 1);
    assert_eq!(Listener::open(site.address, "", &greeted).next_of("committed").revision(), 1);
}

#[test]
fn who_comes_back_after_a_restart_gets_the_commits_of_the_history() {
    let folder = tempfile::tempdir().unwrap();
    let store = || strata_config_store::open(&format!("sqlite:{}", folder.path().join("s.db").display())).unwrap();
    let site = Site::over(store(), |admin| admin);
    let mut listener = Listener::open(site.address, "", "");
    (1..=2).for_each(|number| change(&site, number));
    assert_eq!([listener.next_of("committed").revision(), listener.next_of("committed").revision()], [1, 2]);
    let last_id = listener.last_id;
    drop(site);
    let site = Site::over(store(), |admin| admin);
    (3..=5).for_each(|number| change(&site, number));
    let mut again = Listener::open(site.address, "", &last_id);
    change(&site, 6);
    let told: Vec<_> = (0..4).map(|_| again.next().unwrap()).collect();
    assert_eq!(told.iter().map(|told| told.revision()).collect::<Vec<_>>(), [3, 4, 5, 6], "{told:?}");
    assert_eq!(told[0].data["changes"], json!([{"path": "db.name", "old": "n2", "new": "n3", "reload": "live"}]));
    // And from the middle of what the history told.
    let mut again = Listener::open(site.address, "", &told[1].id);
    assert_eq!([again.next().unwrap().revision(), again.next().unwrap().revision()], [5, 6]);
}

#[test]
fn a_reset_comes_first_where_nobody_can_say_what_was_missed() {
    let folder = tempfile::tempdir().unwrap();
    let store = || strata_config_store::open(&format!("file:{}", folder.path().join("s").display())).unwrap();
    let site = Site::over(store(), |admin| admin);
    (1..=2).for_each(|number| change(&site, number));
    let old = Listener::open(site.address, "", "").last_id;
    let mut listener = Listener::open(site.address, "", "");
    (3..=40).for_each(|number| change(&site, number));
    // Who greets tells of the commits that the stream has heard of: the newest may come after that.
    while listener.next_of("committed").revision() < 40 {}
    let new = listener.last_id.clone();
    drop((listener, site));
    store().prune(&Retention { history: Limit { count: Some(3), age: None }, ..Retention::default() }).unwrap();
    let site = Site::over(store(), |admin| admin);
    let other = Site::start();
    (1..=40).for_each(|number| change(&other, number));
    let of_other = Listener::open(other.address, "", "").last_id;
    let future = new.replacen("40-", "41-", 1);
    for id in [old.as_str(), "7", "x-y-z", "40-é-1", &of_other, &future] {
        let mut listener = Listener::open(site.address, "", id);
        let told = listener.next().unwrap();
        assert_eq!((told.event.as_str(), told.revision()), ("reset", 40), "{id}: {told:?}");
        assert_eq!(told.data["etag"], site.get("/api/v1/config").header("etag"));
        // Whoever has read everything goes on from the reset.
        assert_eq!(Listener::open(site.address, "", &told.id).last_id, told.id);
    }
    // One that is still known is no reason for it.
    change(&site, 41);
    assert_eq!(Listener::open(site.address, "", &new).next().unwrap().event, "committed");
}

#[test]
fn a_section_hears_of_changes_at_below_and_above_it() {
    let site = Site::start();
    let mut section = Listener::open(site.address, "?path=db", "");
    let mut leaf = Listener::open(site.address, "?path=db.name", "");
    site.call("PATCH", "/api/v1/config", &json!({"parallel": 32}));
    site.call("PATCH", "/api/v1/config", &json!({"db": {"pool_size": 5}}));
    change(&site, 3);
    assert_eq!([section.next_of("committed").revision(), section.next_of("committed").revision()], [2, 3]);
    assert_eq!(leaf.next_of("committed").revision(), 3);
    assert_eq!(site.get("/api/v1/events?path=db..x").status, 400);
}

#[test]
fn a_client_that_never_reads_is_dropped_and_the_rest_hear_everything() {
    let site = Site::with(&[], |admin| admin.streams(StreamLimits { waiting: 64, ..StreamLimits::default() }));
    let mut sleeper = TcpStream::connect(site.address).unwrap();
    let head = format!("host: {}\r\nconnection: close\r\nauthorization: {}", site.address, bearer(TOKEN));
    write!(sleeper, "GET /api/v1/events HTTP/1.1\r\n{head}\r\n\r\n").unwrap();
    let mut begun = [0; 15];
    sleeper.read_exact(&mut begun).unwrap();
    assert_eq!(&begun, b"HTTP/1.1 200 OK");
    let mut listener = Listener::open(site.address, "", "");
    let (heard, hears) = mpsc::channel();
    let hearing = thread::spawn(move || {
        for _ in 1..=1000 {
            heard.send(listener.next_of("committed").revision()).unwrap();
        }
    });
    let large = "x".repeat(16 << 10);
    let mut revisions = Vec::new();
    for number in 1..=1000 {
        let patch = Value::from_serialize(&json!({"db": {"name": format!("{large}{number}")}}));
        site.live.update(&patch, Actor::new("ann")).unwrap();
        // The one who reads is given the time to, however slow the machine.
        if number > 30 {
            revisions.push(hears.recv().unwrap());
        }
    }
    hearing.join().unwrap();
    revisions.extend(hears);
    assert_eq!(revisions, (1..=1000).collect::<Vec<u64>>());
    // What waited for the sleeper is there, then the reason; far from all thousand.
    let mut text = String::new();
    sleeper.read_to_string(&mut text).unwrap();
    let told = text.matches("event: committed").count();
    assert!(told < 1000 && text.contains("event: shutdown") && text.contains("not read in time"), "{told}");
}

#[test]
fn a_stream_ends_with_a_reason_after_what_happened_before() {
    let site = Site::start();
    let mut listener = Listener::open(site.address, "", "");
    change(&site, 1);
    let mut kinds = vec![listener.next_of("committed").event];
    site.stop();
    let last = listener.next_of("shutdown");
    assert_eq!((last.data["reason"].as_str(), last.id.as_str()), (Some("the server is shutting down"), ""));
    kinds.extend(listener.next().map(|told| told.event));
    assert_eq!(kinds, ["committed"]);
}

#[test]
fn a_token_has_only_so_many_streams_and_a_closed_one_counts_no_more() {
    let limits = StreamLimits { per_token: 2, ..StreamLimits::default() };
    let site = Site::with(&[], |admin| admin.streams(limits));
    let first = Listener::open(site.address, "", "");
    let _second = Listener::open(site.address, "", "");
    let refused = site.get("/api/v1/events");
    assert_eq!((refused.status, refused.header("retry-after")), (429, "10"));
    drop(first);
    // The server sees a closed connection when it gets to it.
    let statuses = (0..1000).map(|_| site.get("/api/v1/events").status);
    assert_eq!(statuses.into_iter().find(|status| *status != 429), Some(200));
    let site = Site::with(&[], |admin| admin.streams(StreamLimits { in_all: 0, ..limits }));
    assert_eq!(site.get("/api/v1/events").json()["status"], 503);
}

#[test]
fn no_event_has_a_secret() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("app.toml");
    std::fs::write(&file, "password = \"hunter2\"\n").unwrap();
    let loader = Config::loader().file(&file).env_from(Vec::<(&str, &str)>::new());
    let site = Site::of(Live::of(loader).open().unwrap(), |admin| admin);
    let mut listener = Listener::open(site.address, "", "");
    let before = listener.last_id.clone();
    std::fs::write(&file, "password = \"hunter3\"\n").unwrap();
    assert_eq!(site.live.reload_all().ok(), Some(true));
    // Refused: nobody hears of it.
    assert_eq!(site.call("PATCH", "/api/v1/config", &json!({"password": "hunter4"})).status, 422);
    std::fs::write(&file, "password = \"hunter5\"\nparallel = \"hunter6\"\n").unwrap();
    assert!(site.live.reload_all().is_err());
    let mut told = vec![listener.next_of("reloaded"), listener.next_of("failed")];
    told.push(Listener::open(site.address, "", &before).next_of("reloaded"));
    let text = format!("{told:?}");
    assert!(text.contains("password") && text.contains("$secret"), "{text}");
    assert!(["2", "3", "4", "5"].iter().all(|end| !text.contains(&format!("hunter{end}"))), "{text}");
}

/// Every client hears every revision in order while values change.
fn all_hear_everything(clients: usize, changes: u64) {
    let site = Site::start();
    let hearing: Vec<_> = (0..clients)
        .map(|_| {
            let mut listener = Listener::open(site.address, "", "");
            let hear = move || (0..changes).map(|_| listener.next_of("committed").revision()).collect::<Vec<_>>();
            thread::Builder::new().stack_size(256 << 10).spawn(hear).unwrap()
        })
        .collect();
    (1..=changes).for_each(|number| change(&site, number));
    let expected: Vec<u64> = (1..=changes).collect();
    let heard: Vec<_> = hearing.into_iter().map(|client| client.join().unwrap()).collect();
    assert_eq!(heard.iter().filter(|heard| **heard == expected).count(), clients);
}

#[test]
fn two_hundred_clients_hear_every_change_in_order() {
    all_hear_everything(200, 50);
}

#[test]
#[ignore = "a load test"]
fn a_thousand_clients_hear_every_change_in_order() {
    all_hear_everything(1000, 200);
}
