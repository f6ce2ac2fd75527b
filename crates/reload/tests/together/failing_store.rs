//! What a store that fails leaves behind: the configuration as it was, an error that says so, and nobody told.

mod double;

use std::sync::{Arc, mpsc};
use std::thread;
use std::time::Duration;

use double::{Double, Fault};
use strata_config::LayeredConfig;
use strata_config_reload::{Actor, Changes, Condition, EventKind, Live, UpdateError};
use strata_config_store::{Documents, Draft, HistoryQuery, Json, MemoryStore, Store, Timestamp};

#[derive(LayeredConfig, Debug, Clone, PartialEq)]
struct Config {
    #[config(default = 8, validate(range(min = 1, max = 64)))]
    threads: u32,
    #[config(default = 4)]
    most: u32,
}

const WAIT: Duration = Duration::from_secs(20);

fn open(store: &Double) -> Live<Config> {
    Live::of(Config::loader()).store(Arc::new(store.clone())).open().unwrap()
}

/// The revisions that were told of, and an `F` for each failure.
fn told(events: &mut Changes<Config>) -> Vec<String> {
    std::iter::from_fn(|| events.next_within(Duration::ZERO))
        .map(|event| match &event.kind {
            EventKind::Committed(entry) => entry.revision.to_string(),
            EventKind::Failed { .. } => "F".to_owned(),
            other => other.as_str().to_owned(),
        })
        .collect()
}

/// Asserts that a change which was refused left nothing behind.
fn assert_untouched(store: &Double, live: &Live<Config>, events: &mut Changes<Config>) {
    store.fail(&[]);
    assert_eq!(store.inner.load().unwrap().revision, 0);
    assert_eq!((live.get().threads, live.version().revision(), live.version().generation()), (8, 0, 1));
    assert!(told(events).is_empty());
    live.set("threads", 3, "ann").unwrap();
    assert_eq!((live.get().threads, live.version().revision(), told(events)), (3, 1, vec!["1".to_owned()]));
}

#[test]
fn a_commit_that_fails_before_it_is_written_leaves_everything_as_it_was() {
    let store = Double::default();
    let live = open(&store);
    let mut events = live.events();
    store.fail(&[Fault::Commit]);
    let error = live.set("threads", 2, "ann").unwrap_err();
    assert!(error.is_store() && error.to_string().contains("the disk is gone"), "{error}");
    assert_untouched(&store, &live, &mut events);
}

#[test]
fn a_commit_of_unknown_outcome_that_was_not_written_has_failed() {
    let store = Double::default();
    let live = open(&store);
    let mut events = live.events();
    store.fail(&[Fault::Unwritten]);
    assert!(live.set("threads", 2, "ann").unwrap_err().is_store());
    assert_untouched(&store, &live, &mut events);
}

#[test]
fn a_commit_of_unknown_outcome_that_was_written_is_in_effect_once() {
    let store = Double::default();
    let live = open(&store);
    let mut events = live.events();
    store.fail(&[Fault::Written]);
    let applied = live.set("threads", 2, "ann").unwrap();
    assert_eq!((applied.revision, live.get().threads), (1, 2));
    assert!(!live.reload_all().unwrap());
    assert_eq!(told(&mut events), ["1"]);
}

#[test]
fn a_commit_whose_outcome_stays_unknown_is_found_later_and_told_once() {
    let store = Double::default();
    let live = open(&store);
    let mut events = live.events();
    store.fail(&[Fault::Written, Fault::Entry]);
    let error = live.set("threads", 2, Actor::new("ann").request("r1")).unwrap_err();
    assert!(error.is_unknown() && !error.is_store(), "{error}");
    assert_eq!((live.get().threads, told(&mut events).len()), (8, 0));
    store.fail(&[]);
    let again = live.set("threads", 2, Actor::new("ann").request("r1")).unwrap();
    assert!(again.replayed);
    assert_eq!((again.revision, live.get().threads, told(&mut events)), (1, 2, vec!["1".to_owned()]));
    let other = live.set("threads", 3, "bob").unwrap();
    assert_eq!((other.revision, told(&mut events)), (2, vec!["2".to_owned()]));
}

#[test]
fn the_same_change_after_an_unknown_outcome_is_made_once_without_a_request_too() {
    let store = Double::default();
    let live = open(&store);
    let mut events = live.events();
    store.fail(&[Fault::Written, Fault::Entry]);
    assert!(live.set("threads", 2, "ann").unwrap_err().is_unknown());
    store.fail(&[]);
    assert_eq!(live.set("threads", 2, "ann").unwrap().revision, 1);
    assert_eq!((live.get().threads, told(&mut events)), (2, vec!["1".to_owned()]));
}

#[test]
fn the_place_of_an_unknown_commit_may_be_somebody_elses() {
    let store = Double::default();
    let (live, other) = (open(&store), open(&store));
    let mut events = live.events();
    // Not written; and before it can be looked for, somebody else takes its place.
    let failing = store.clone();
    store.before(Fault::Entry, move || {
        failing.fail(&[]);
        other.set("most", 5, "bob").unwrap();
    });
    store.fail(&[Fault::Unwritten]);
    assert!(live.set("threads", 2, "ann").unwrap_err().is_store());
    assert_eq!(live.get().threads, 8);
    live.set("threads", 3, "ann").unwrap();
    assert_eq!((live.get().threads, live.get().most, told(&mut events)), (3, 5, vec!["1".to_owned(), "2".to_owned()]));
}

#[test]
fn a_store_that_can_not_be_asked_for_requests_refuses_the_change() {
    let store = Double::default();
    let live = open(&store);
    let mut events = live.events();
    store.fail(&[Fault::ByRequest]);
    assert!(live.set("threads", 2, Actor::new("ann").request("r1")).unwrap_err().is_store());
    assert_untouched(&store, &live, &mut events);
}

#[test]
fn what_others_committed_is_taken_over_when_the_store_can_be_read_again() {
    for fault in [Fault::Load, Fault::History] {
        let store = Double::default();
        let (live, other) = (open(&store), open(&store));
        let mut events = live.events();
        other.set("most", 5, "bob").unwrap();
        store.fail(&[fault]);
        assert!(live.set("threads", 2, "ann").unwrap_err().is_store(), "{fault:?}");
        assert!(live.reload_all().is_err(), "{fault:?}");
        assert_eq!((live.get().threads, live.get().most, told(&mut events).len()), (8, 4, 0), "{fault:?}");
        store.fail(&[]);
        live.set("threads", 2, "ann").unwrap();
        assert_eq!((live.get().threads, live.get().most), (2, 5), "{fault:?}");
        assert_eq!(told(&mut events), ["1", "2"], "{fault:?}");
    }
}

#[test]
fn a_store_that_can_not_be_read_opens_nothing() {
    let store = Double::default();
    store.fail(&[Fault::Load]);
    assert!(Live::of(Config::loader()).store(Arc::new(store)).open().is_err());
}

#[test]
fn a_commit_that_lands_while_others_are_taken_over_is_neither_lost_nor_undone() {
    let store = Double::default();
    let (live, other) = (open(&store), open(&store));
    let mut events = live.events();
    other.set("threads", 2, "bob").unwrap();
    // Between the two questions to the store.
    store.before(Fault::History, move || drop(other.set("threads", 3, "bob").unwrap()));
    assert!(live.reload_all().unwrap());
    live.reload_all().unwrap();
    assert_eq!((live.get().threads, live.version().revision()), (3, 2));
    assert_eq!(told(&mut events), ["1", "2"]);
}

#[test]
fn a_commit_of_others_that_nobody_can_read_stops_only_itself() {
    let store = Double::default();
    let live = open(&store);
    let mut events = live.events();
    let commit = |expected, runtime: &str| {
        let documents = Documents { runtime: Json::parse(runtime).unwrap(), ..Documents::default() };
        store.inner.commit(expected, &documents, Draft::new("bob", "cli", Timestamp::now())).unwrap();
    };
    commit(0, r#"{"threads": 2}"#);
    commit(1, "[]");
    commit(2, r#"{"threads": 3}"#);
    assert!(live.reload_all().unwrap());
    assert_eq!((live.get().threads, told(&mut events)), (3, vec!["1".to_owned(), "F".to_owned(), "3".to_owned()]));
    commit(3, "[]");
    assert!(live.set("most", 9, "ann").unwrap_err().is_store(), "nobody writes over what nobody could read");
    assert_eq!((live.get().threads, store.inner.load().unwrap().revision), (3, 4));
}

#[test]
fn a_gap_in_the_history_is_bridged_by_the_newest_state() {
    let store = Double::default();
    let (live, other) = (open(&store), open(&store));
    let mut events = live.events();
    for threads in 1..=9 {
        other.set("threads", threads, "bob").unwrap();
    }
    let kept = strata_config_store::Limit { count: Some(2), age: None };
    let retention = strata_config_store::Retention { history: kept, ..Default::default() };
    store.inner.prune(&retention).unwrap();
    live.reload_all().unwrap();
    assert_eq!((live.get().threads, told(&mut events)), (9, vec!["8".to_owned(), "9".to_owned()]));
}

#[test]
fn a_commit_of_others_that_is_wrong_here_is_in_effect_as_soon_as_a_file_mends_it() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("app.json");
    std::fs::write(&file, r#"{"least": 5, "most": 9}"#).unwrap();
    let store = Arc::new(MemoryStore::new());
    let live = Live::of(Ordered::loader().file(&file)).store(store.clone()).open().unwrap();
    let mut events = live.events();
    let documents = Documents { runtime: Json::parse(r#"{"most": 3}"#).unwrap(), ..Documents::default() };
    store.commit(0, &documents, Draft::new("bob", "cli", Timestamp::now())).unwrap();
    live.reload_all().ok();
    let status = live.status();
    assert_eq!((status.condition, status.revision, status.store_revision), (Condition::Degraded, 0, 1));
    assert_eq!(live.get().most, 9);
    std::fs::write(&file, r#"{"least": 1, "most": 9}"#).unwrap();
    assert!(live.reload_all().unwrap());
    let status = live.status();
    assert_eq!((live.get().most, status.revision, status.store_revision), (3, 1, 1));
    assert_eq!((status.condition, status.reasons), (Condition::Healthy, Vec::new()));
    let kinds: Vec<_> = events_of(&mut events);
    assert_eq!(kinds, ["failed", "reloaded", "recovered"]);
}

#[derive(LayeredConfig, Debug, Clone, PartialEq)]
#[config(validate = Self::check)]
struct Ordered {
    #[config(default = 1)]
    least: u32,
    #[config(default = 4)]
    most: u32,
}

impl Ordered {
    fn check(&self, report: &mut strata_config::Report) {
        if self.least > self.most {
            report.error([Self::LEAST, Self::MOST], "least is more than most");
        }
    }
}

fn events_of<C: LayeredConfig>(events: &mut Changes<C>) -> Vec<&'static str> {
    std::iter::from_fn(|| events.next_within(Duration::ZERO)).map(|event| event.kind.as_str()).collect()
}

#[test]
fn who_hears_that_a_source_failed_hears_that_it_recovered() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("app.json");
    let write = |text: &str| std::fs::write(&file, text).unwrap();
    write(r#"{"least": 2}"#);
    let live = Live::of(Ordered::loader().file(&file)).open().unwrap();
    let (mut events, since) = (live.events(), live.status().since);
    write(r#"{"least": 7}"#);
    live.reload_all().unwrap_err();
    // The same values, though not the same text.
    write(r#"{ "least": 2 }"#);
    live.reload_all().unwrap();
    assert_eq!(events_of(&mut events), ["failed", "recovered"]);
    assert_eq!((live.version().generation(), live.status().since), (1, since), "nothing took effect");
    write(r#"{"least": 7}"#);
    live.reload_all().unwrap_err();
    write(r#"{"least": 3}"#);
    live.reload_all().unwrap();
    assert_eq!(events_of(&mut events), ["failed", "reloaded", "recovered"]);
}

#[test]
fn nobody_but_the_writer_waits_for_a_store_that_hangs() {
    let store = Double::default();
    let live = open(&store);
    let (entered, inside) = mpsc::channel();
    let (release, blocked) = mpsc::channel::<()>();
    store.before(Fault::Commit, move || {
        entered.send(()).unwrap();
        blocked.recv().unwrap();
    });
    let writer = live.clone();
    let writes = thread::spawn(move || writer.set("threads", 2, "ann").map(|applied| applied.revision));
    inside.recv_timeout(WAIT).unwrap();
    let asker = live.clone();
    let (send, answers) = mpsc::channel();
    thread::spawn(move || {
        let read = (asker.get().threads, asker.reader().get().threads, asker.version().revision());
        let status = asker.status();
        let subscription = asker.subscribe("threads", |_| {}).unwrap();
        let veto = asker.veto("late", |_| Ok(()));
        send.send((read, status.revision, asker.remove_veto(veto))).unwrap();
        drop(subscription);
    });
    assert_eq!(answers.recv_timeout(WAIT).expect("no answer: somebody waits"), ((8, 8, 0), 0, true));
    release.send(()).unwrap();
    assert_eq!(writes.join().unwrap().unwrap(), 1);
}

#[test]
fn a_restore_obeys_vetoes_revisions_and_requests_and_says_what_it_changed() {
    let store = Double::default();
    let live = open(&store);
    live.set("threads", 2, "ann").unwrap();
    let backup = live.backup().unwrap();
    live.set("threads", 3, "ann").unwrap();
    let error = live.restore(&backup, Actor::new("bob").if_revision(1)).unwrap_err();
    assert!(error.is_conflict(), "{error}");
    let veto = live.veto("the board", |proposal| if proposal.desired.threads < 3 { Err("no".into()) } else { Ok(()) });
    assert!(live.restore(&backup, "bob").unwrap_err().is_vetoed());
    live.remove_veto(veto);
    assert_eq!((live.get().threads, store.inner.load().unwrap().revision), (3, 2));

    let mut events = live.events();
    let first = live.restore(&backup, Actor::new("bob").request("r1").if_revision(2)).unwrap();
    assert_eq!((first.revision, live.get().threads, first.changes.len()), (3, 2, 1));
    let entry = &live.history(&HistoryQuery::newest(1)).unwrap()[0];
    assert_eq!((entry.changes.len(), entry.changes[0].path.as_str()), (1, "threads"));
    live.set("threads", 4, "ann").unwrap();
    let again = live.restore(&backup, Actor::new("bob").request("r1")).unwrap();
    assert!(again.replayed);
    assert_eq!((again.revision, live.get().threads, told(&mut events)), (3, 4, vec!["3".to_owned(), "4".to_owned()]));
}

#[test]
fn the_past_of_a_backup_is_history_and_never_in_effect() {
    let old = open(&Double::default());
    for threads in 1..=5 {
        old.set("threads", threads, "ann").unwrap();
    }
    let live = open(&Double::default());
    let mut events = live.events();
    live.restore(&old.backup().unwrap(), "bob").unwrap();
    assert_eq!((live.get().threads, live.version().revision()), (5, 6));
    assert_eq!((told(&mut events), live.version().generation()), (vec!["6".to_owned()], 2));
}

#[test]
fn errors_of_a_store_keep_their_cause() {
    let store = Double::default();
    let live = open(&store);
    store.fail(&[Fault::Commit]);
    let error: UpdateError = live.set("threads", 2, "ann").unwrap_err();
    assert!(std::error::Error::source(&error).is_some());
}
