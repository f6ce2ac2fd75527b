//! A running configuration: what a change does, what a failed one leaves, and who hears of it.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::mpsc;
use std::time::Duration;

use serde_json::json;
use strata_config::{LayerKind, LayeredConfig, Secret, Value};
use strata_config_reload::{Actor, Batch, Condition, Declaration, EventKind, Live, Point};
use strata_config_store::{HistoryQuery, MemoryStore, Store};

use crate::db::Db;

#[derive(LayeredConfig, Debug, Clone, PartialEq)]
struct Config {
    #[config(default = 8, validate(range(min = 1, max = 64)))]
    threads: u32,
    #[config(default = 80, reload = "restart")]
    port: u16,
    #[config(default = "info")]
    log: String,
    #[config(default = [])]
    labels: BTreeMap<String, u32>,
    note: Option<String>,
    #[config(secret)]
    token: Option<Secret<String>>,
    #[config(nested)]
    db: Db,
}

const WAIT: Duration = Duration::from_secs(10);

fn store() -> Arc<dyn Store> {
    Arc::new(MemoryStore::new())
}

fn open(store: &Arc<dyn Store>) -> Live<Config> {
    Live::of(Config::loader().text("app.toml", "log = \"warn\"\n")).store(Arc::clone(store)).open().unwrap()
}

#[test]
fn a_patch_merges_deeply_and_is_there_after_a_restart() {
    let store = store();
    let live = open(&store);
    live.update(&json!({"db": {"most": 9}, "labels": {"a": 1}}), "ann").unwrap();
    live.update(&json!({"db": {"least": 5}, "labels": {"b": 2}}), "bob").unwrap();
    let again = open(&store);
    for live in [live, again] {
        let config = live.get();
        assert_eq!((config.db.least, config.db.most, config.labels.len(), config.log.as_str()), (5, 9, 2, "warn"));
        assert_eq!(live.version().revision(), 2);
    }
}

#[test]
fn every_value_says_who_set_it_and_whom_it_shadows() {
    let live = open(&store());
    live.set("log", "debug", Actor::new("ann").via("console")).unwrap();
    live.set("threads", 9, "bob").unwrap();
    let explained = live.version().explain(&[]);
    let find = |path: &str| explained.iter().find(|explained| explained.path.as_str() == path).unwrap();
    let origin = find("log").origin.clone().unwrap();
    assert_eq!(origin.layer, LayerKind::Runtime);
    assert!(origin.at.starts_with("ann 2"), "{}", origin.at);
    assert_eq!(find("log").shadows[0].origin.at, "app.toml:1:7");
    assert!(find("threads").origin.clone().unwrap().at.starts_with("bob 2"));
    assert_eq!(find("port").origin.clone().unwrap().layer, LayerKind::Default);
}

#[test]
fn a_wrong_change_changes_nothing_and_names_every_mistake() {
    let store = store();
    let live = open(&store);
    let mut events = live.events();
    let error = live.update(&json!({"threads": 100, "prot": 1, "log": 5}), "ann").unwrap_err();
    let mut codes: Vec<_> = error.report().unwrap().errors().map(|finding| finding.code).collect();
    codes.sort_unstable();
    assert_eq!(codes, ["key.unknown", "rule.range", "value.type"], "{error}");
    assert!(live.update(&json!({"prot": 1}), "ann").unwrap_err().is_invalid());
    let error = live.update(&json!({"db": {"least": 9}}), "ann").unwrap_err();
    assert!(error.to_string().contains("least is more than most"), "{error}");
    assert_eq!(store.load().unwrap().revision, 0);
    assert_eq!((live.get().threads, live.status().statistics.refused), (8, 3));
    assert!(events.next_within(Duration::ZERO).is_none());
}

#[test]
fn a_batch_is_applied_whole_or_not_at_all() {
    let live = open(&store());
    let batch = Batch::new().set("threads", 3).set("db.most", 1);
    assert!(live.apply(&batch, "ann").unwrap_err().is_invalid());
    assert_eq!(live.get().threads, 8);
    // Steps that can't be made and values that are wrong are told together.
    let error = live.apply(&batch.clone().set("thread", 1).set("threads", 0), "ann").unwrap_err();
    let mut codes: Vec<_> = error.report().unwrap().errors().map(|finding| finding.code).collect();
    codes.sort_unstable();
    assert_eq!(codes, ["key.unknown", "rule.cross_field", "rule.range"], "{error}");
    let applied = live.apply(&batch.set("db.least", 1), "ann").unwrap();
    assert_eq!((applied.revision, applied.changes.len()), (1, 3));
    let history = live.history(&HistoryQuery::default()).unwrap();
    assert_eq!(history[0].changes.len(), 3);
}

#[test]
fn a_dry_run_shows_the_change_and_makes_none() {
    let live = open(&store());
    let preview = live.validate(&json!({"threads": 9, "port": 81}));
    assert!(preview.report.is_valid());
    let paths =
        |changes: &[strata_config::Change]| changes.iter().map(|change| change.path.to_string()).collect::<Vec<_>>();
    assert_eq!(paths(&preview.changes), ["threads", "port"]);
    assert_eq!(paths(&preview.pending), ["port"]);
    assert!(!live.validate(&json!({"threads": 0})).report.is_valid());
    assert_eq!((live.get().threads, live.version().generation()), (8, 1));
}

#[test]
fn what_needs_a_restart_is_stored_and_pending_until_then() {
    let store = store();
    let live = open(&store);
    let applied = live.update(&json!({"port": 81, "threads": 2}), "ann").unwrap();
    assert_eq!(applied.pending.len(), 1);
    assert_eq!((live.get().port, live.get().threads, live.version().desired().port), (80, 2, 81));
    live.set("threads", 3, "ann").unwrap();
    assert_eq!((live.get().port, live.status().pending.len()), (80, 1));
    let again = open(&store);
    assert_eq!((again.get().port, again.status().pending.len()), (81, 0));
    live.unset("port", "ann").unwrap();
    assert_eq!((live.get().port, live.status().pending.len()), (80, 0));
}

#[test]
fn unset_shows_what_weaker_sources_say_and_reset_removes_everything() {
    let live = open(&store());
    live.update(&json!({"log": "debug", "threads": 1, "note": null}), "ann").unwrap();
    live.unset("log", "ann").unwrap();
    assert_eq!((live.get().log.as_str(), live.get().threads), ("warn", 1));
    live.reset("ann").unwrap();
    assert_eq!(live.get().threads, 8);
    assert_eq!(live.reset("ann").unwrap().entry, None, "where nothing changes there is no revision");
    live.update(&json!({"threads": 1, "note": null}), "ann").unwrap();
    let again = Batch::new().unset("threads").set("threads", 1);
    assert_eq!(live.apply(&again, "ann").unwrap().entry, None, "nor where only the order would");
    assert_eq!(live.version().revision(), 4);
}

#[test]
fn a_request_is_carried_out_once() {
    let live = open(&store());
    let actor = Actor::new("ann").request("r1");
    let first = live.set("threads", 2, &actor).unwrap();
    live.set("threads", 3, "bob").unwrap();
    let second = live.set("threads", 2, &actor).unwrap();
    assert!(!first.replayed && second.replayed);
    assert_eq!((first.revision, second.revision, live.get().threads), (1, 1, 3));
}

#[test]
fn a_change_for_another_revision_is_a_conflict() {
    let live = open(&store());
    live.set("threads", 2, "bob").unwrap();
    let error = live.set("threads", 3, Actor::new("ann").if_revision(0)).unwrap_err();
    assert!(error.is_conflict(), "{error}");
    live.set("threads", 3, Actor::new("ann").if_revision(1)).unwrap();
    assert_eq!(live.get().threads, 3);
}

#[test]
fn two_processes_on_one_store_see_each_others_commits() {
    let store = store();
    let (one, two) = (open(&store), open(&store));
    let mut events = two.events();
    one.set("threads", 2, "ann").unwrap();
    one.set("threads", 3, "ann").unwrap();
    assert_eq!(two.get().threads, 8);
    two.set("log", "debug", "bob").unwrap();
    assert_eq!((two.get().threads, two.version().revision()), (3, 3));
    let revisions: Vec<u64> = std::iter::from_fn(|| events.next_within(Duration::ZERO))
        .map(|event| match &event.kind {
            EventKind::Committed(entry) => entry.revision,
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(revisions, [1, 2, 3]);
    assert!(one.reload_all().unwrap());
    assert_eq!(one.get().log, "debug");
}

#[test]
fn a_veto_refuses_before_anything_is_stored() {
    let store = store();
    let live = open(&store);
    let inner = live.clone();
    let id = live.veto("the board", move |proposal| {
        assert!(inner.set("log", "x", "veto").unwrap_err().is_reentrant());
        if proposal.desired.threads > 4 { Err("four cores".to_owned()) } else { Ok(()) }
    });
    let error = live.set("threads", 5, "ann").unwrap_err();
    assert_eq!(error.to_string(), "refused by the board: four cores");
    live.set("threads", 4, "ann").unwrap();
    assert_eq!(store.load().unwrap().revision, 1);
    assert!(live.remove_veto(id));
    live.veto("broken", |_| panic!("as a hook may"));
    assert!(live.set("threads", 1, "ann").unwrap_err().is_vetoed());
    assert_eq!(live.get().threads, 4);
}

#[test]
fn a_rollback_is_a_new_revision() {
    let live = open(&store());
    live.set("threads", 2, "ann").unwrap();
    let snapshot = live.snapshot("before the launch", ["launch"], "ann").unwrap();
    live.set("threads", 3, "ann").unwrap();
    live.set("log", "debug", "ann").unwrap();
    let applied = live.rollback(&Point::Snapshot(snapshot.id.clone()), "bob").unwrap();
    assert_eq!((applied.revision, live.get().threads, live.get().log.as_str()), (4, 2, "warn"));
    let reason = live.history(&HistoryQuery::newest(1)).unwrap()[0].reason.clone();
    assert_eq!(reason, Some(format!("rollback to snapshot {}", snapshot.id)));
    live.rollback(&Point::Revision(3), "bob").unwrap();
    assert_eq!((live.get().threads, live.get().log.as_str()), (3, "debug"));
    live.rollback(&Point::Revision(0), "bob").unwrap();
    assert_eq!(live.get().threads, 8);
    assert!(live.rollback(&Point::Revision(99), "bob").unwrap_err().is_missing());
    assert!(live.rollback(&Point::Snapshot("x".into()), "bob").unwrap_err().is_missing());
}

#[test]
fn a_backup_restores_into_another_store() {
    let live = open(&store());
    live.set("threads", 2, "ann").unwrap();
    live.set("threads", 3, "ann").unwrap();
    let backup = live.backup().unwrap();
    let other = open(&store());
    let applied = other.restore(&backup, "bob").unwrap();
    assert_eq!((other.get().threads, applied.revision), (3, 3));
    assert_eq!(other.history(&HistoryQuery::default()).unwrap().len(), 3);
    live.set("threads", 4, "ann").unwrap();
    live.restore(&backup, "bob").unwrap();
    assert_eq!((live.get().threads, live.version().revision()), (3, 4));
}

#[test]
fn a_secret_is_refused_without_a_key_and_never_shown() {
    let live = open(&store());
    let error = live.update(&json!({"token": "hunter2"}), "ann").unwrap_err();
    assert_eq!(error.report().unwrap().findings()[0].code, "secret.no_key");
    assert!(!format!("{error} {error:?} {live:?}").contains("hunter2"));
    live.update(&json!({"token": {"$secret": true}, "threads": 2}), "ann").unwrap();
    assert_eq!(live.get().threads, 2);
}

#[test]
fn keys_of_an_older_version_are_kept_and_stop_nobody() {
    #[derive(LayeredConfig, Debug, Clone)]
    struct Old {
        #[config(default = 1)]
        gone: u32,
    }
    let store = store();
    Live::of(Old::loader()).store(Arc::clone(&store)).open().unwrap().set("gone", 2, "ann").unwrap();
    let live = open(&store);
    assert_eq!(live.version().warnings().findings()[0].code, "key.unknown");
    live.set("threads", 2, "ann").unwrap();
    assert_eq!(store.load().unwrap().documents.runtime.as_str(), r#"{"gone":2,"threads":2}"#);
}

#[test]
fn keys_are_declared_at_run_time_with_a_rule_and_a_default() {
    let store = store();
    let declaration = || {
        Declaration::new("custom_setting", "a").rule(|value| match value {
            Value::String(text) if text.len() < 4 => Ok(()),
            _ => Err("expected a short text".to_owned()),
        })
    };
    let live = open(&store);
    assert!(live.set("custom_setting", "b", "ann").unwrap_err().is_invalid());
    live.declare(declaration()).unwrap();
    assert_eq!(live.declared("custom_setting"), Some(Value::String("a".to_owned())));
    live.set("custom_setting", "b", "ann").unwrap();
    let error = live.update(&json!({"custom_setting": "much longer"}), "ann").unwrap_err();
    assert_eq!(error.report().unwrap().findings()[0].code, "rule.added");
    assert_eq!(live.history(&HistoryQuery::default()).unwrap()[0].changes[0].path, "custom_setting");
    let origin = |live: &Live<Config>| live.version().declared_keys()[0].origin.to_string();
    assert!(origin(&live).starts_with("runtime ann 2"), "{}", origin(&live));
    live.update_here(&json!({"custom_setting": "c"}), "bob").unwrap();
    assert!(origin(&live).starts_with("program bob 2"), "{}", origin(&live));
    live.update_here(&json!({"custom_setting": null}), "bob").unwrap();
    assert_eq!(live.declared("custom_setting"), Some(Value::String("b".to_owned())));
    let again = open(&store);
    again.declare(declaration()).unwrap();
    assert_eq!(again.declared("custom_setting"), Some(Value::String("b".to_owned())));
    again.update(&json!({"custom_setting": null}), "ann").unwrap();
    assert_eq!(origin(&again), "the default");
    assert_eq!(again.declared("custom_setting"), Some(Value::String("a".to_owned())));
    assert!(live.declare(Declaration::new("threads", 1)).is_err());
}

#[test]
fn listeners_hear_of_what_they_asked_for_in_order() {
    let live = open(&store());
    let (sender, heard) = mpsc::channel();
    let send = sender.clone();
    let _db = live.subscribe("db", move |event| send.send(("db", event.after.revision())).unwrap()).unwrap();
    let _most = live.subscribe("db.most", move |event| sender.send(("most", event.after.revision())).unwrap()).unwrap();
    assert!(live.subscribe("db.mots", |_| {}).unwrap_err().to_string().contains("db.most"));
    live.set("threads", 2, "ann").unwrap();
    live.set("db.most", 5, "ann").unwrap();
    live.set("db.least", 1, "ann").unwrap();
    let mut all: Vec<_> = (0..3).map(|_| heard.recv_timeout(WAIT).unwrap()).collect();
    all.sort_unstable();
    assert_eq!(all, [("db", 2), ("db", 3), ("most", 2)]);
    assert!(heard.try_recv().is_err());
}

#[test]
fn a_bad_listener_harms_nobody() {
    let live = open(&store());
    let mut changes = live.changes();
    let panics = live.subscribe("", |_| panic!("as a listener may")).unwrap();
    let (release, blocked) = mpsc::channel::<()>();
    let _blocks = live.subscribe("", move |_| blocked.recv().unwrap_or_default()).unwrap();
    let inner = live.clone();
    let _updates = live
        .subscribe("threads", move |event| {
            if event.after.running().threads < 12 {
                inner.set("threads", event.after.running().threads + 1, "listener").unwrap();
            }
        })
        .unwrap();
    let (slot, own) = mpsc::channel::<strata_config_reload::Subscription>();
    let once = live.subscribe("", move |_| drop(own.recv_timeout(WAIT))).unwrap();
    slot.send(once).unwrap();
    live.set("threads", 10, "ann").unwrap();
    let revisions: Vec<u64> = (0..3).map(|_| changes.next_within(WAIT).unwrap().after.revision()).collect();
    assert_eq!(revisions, [1, 2, 3]);
    assert_eq!(live.get().threads, 12);
    while panics.panics() < 3 {
        std::thread::yield_now();
    }
    drop(release);
}

#[test]
fn readers_parts_and_guards_see_the_newest_or_what_they_hold() {
    let live = open(&store());
    let (mut reader, db, held) = (live.reader(), live.project(|config| &config.db), live.get());
    live.set("db.most", 7, "ann").unwrap();
    assert_eq!((reader.get().db.most, db.get().most, held.db.most), (7, 7, 4));
}

#[test]
fn a_healthy_configuration_says_so() {
    let live = open(&store());
    let status = live.status();
    assert_eq!((status.condition, status.reasons.len(), status.generation), (Condition::Healthy, 0, 1));
    assert_eq!(status.sources[0].name, "app.toml");
    assert_eq!(serde_json::to_value(&status).unwrap()["condition"], "healthy");
}

#[test]
fn the_end_of_the_configuration_is_the_end_of_its_changes() {
    let live = open(&store());
    let changes = live.changes();
    live.set("threads", 2, "ann").unwrap();
    drop(live);
    assert_eq!(changes.count(), 1);
}
