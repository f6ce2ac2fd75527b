//! A store: all of its documents in one commit, a snapshot before, records after; nothing half done.

use std::cell::Cell;
use std::fmt;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use strata_config::{LayeredConfig, Secret, Value};
use strata_config_migrate::{Migrations, Step};
use strata_config_store::{
    Backup, CommitError, Committed, Documents, Draft, Entry, Health, HistoryQuery, Json, MemoryStore, NewSnapshot,
    Pruned, Retention, Snapshot, State, Store, StoreError, Timestamp, Verified, Watch, Watched,
};

#[derive(LayeredConfig)]
struct Config {
    #[config(default = 8080, validate(range(min = 1024)))]
    port: u16,
    #[config(nested)]
    http: Http,
    #[config(secret)]
    token: Option<Secret<String>>,
}

#[derive(LayeredConfig)]
struct Http {
    #[config(default = 30)]
    timeout: u64,
}

fn migrations() -> Migrations {
    Migrations::to("3")
        .step(Step::new("port", "1", "2").rename("listen", "port"))
        .step(Step::new("http", "2", "3").moves("timeout", "http.timeout"))
        .build()
        .unwrap()
}

fn filled(base: &str, runtime: &str) -> MemoryStore {
    let store = MemoryStore::new();
    let marks = r#"{"base":{},"runtime":{"timeout":{"revision":1,"at":"2026-01-01T00:00:00Z","actor":"ada"}}}"#;
    let text = |text: &str| Json::parse(text).unwrap();
    let documents = Documents { base: text(base), runtime: text(runtime), marks: text(marks) };
    store.commit(0, &documents, Draft::new("ada", "test", Timestamp::now())).unwrap();
    store
}

#[test]
fn both_documents_are_migrated_in_one_commit() {
    let store = filled(r#"{"listen":9000}"#, r#"{"version":"2","timeout":5,"port":9001}"#);
    let plan = migrations().plan_store::<Config>(&store, None).unwrap();
    let done = plan.apply(&store, "bob").unwrap().unwrap();
    let state = store.load().unwrap();
    assert_eq!((done.revision, state.revision), (2, 2));
    assert_eq!(state.documents.base.as_str(), r#"{"port":9000,"version":"3"}"#);
    assert_eq!(state.documents.runtime.as_str(), r#"{"version":"3","port":9001,"http":{"timeout":5}}"#);
    let marks = state.documents.marks.as_str();
    assert!(marks.contains(r#""http.timeout":{"#) && marks.contains("ada"), "{marks}");
    let entry = store.entry(2).unwrap().unwrap();
    assert_eq!((entry.actor.as_str(), entry.source.as_str(), entry.tags), ("bob", "migrate", vec!["migration".into()]));
    assert_eq!(entry.reason.as_deref(), Some("base: 1 to 3; runtime: 2 to 3"));
    let records = Migrations::store_history(&store).unwrap();
    assert_eq!(records, done.records);
    let told: Vec<_> = records.iter().map(|record| (&*record.document, &*record.id)).collect();
    assert_eq!(told, [("base", "port"), ("base", "http"), ("runtime", "http")]);
    let snapshot = store.snapshots().unwrap().remove(0);
    assert_eq!(
        (snapshot.id, snapshot.revision, snapshot.documents.base.as_str()),
        (done.snapshot, 1, r#"{"listen":9000}"#)
    );
}

#[test]
fn the_way_back_leads_back() {
    let store = filled(r#"{"listen":9000,"timeout":7}"#, "{}");
    migrations().plan_store::<Config>(&store, None).unwrap().apply(&store, "bob").unwrap();
    migrations().plan_store::<Config>(&store, Some("1")).unwrap().apply(&store, "bob").unwrap();
    let back = store.load().unwrap().documents;
    assert_eq!(back.base.as_str(), r#"{"listen":9000,"version":"1","timeout":7}"#);
    let directions: Vec<_> =
        Migrations::store_history(&store).unwrap().iter().map(|record| record.direction.clone()).collect();
    assert_eq!(directions, ["up", "up", "down", "down"]);
}

#[test]
fn a_store_that_is_up_to_date_gets_no_commit() {
    for (base, runtime) in [("{}", "{}"), (r#"{"version":"3","port":9000}"#, "{}")] {
        let store = filled(base, runtime);
        let plan = migrations().plan_store::<Config>(&store, None).unwrap();
        assert!(plan.is_empty() && plan.apply(&store, "bob").unwrap().is_none());
        assert_eq!((store.load().unwrap().revision, store.snapshots().unwrap().len()), (1, 0));
    }
}

#[test]
fn a_document_that_would_be_wrong_is_refused_and_said_which() {
    let store = filled("{}", r#"{"listen":80}"#);
    let error = migrations().plan_store::<Config>(&store, None).unwrap_err();
    assert!(error.is_invalid() && error.to_string().starts_with("the store's document `runtime`: "), "{error}");
}

#[test]
fn keys_outside_the_struct_and_sealed_secrets_are_carried_over() {
    let store = filled("{}", r#"{"listen":9000,"declared":1.50,"token":{"$sealed":"abc"}}"#);
    migrations().plan_store::<Config>(&store, None).unwrap().apply(&store, "bob").unwrap();
    let runtime = store.load().unwrap().documents.runtime;
    assert_eq!(runtime.as_str(), r#"{"port":9000,"declared":1.50,"token":{"$sealed":"abc"},"version":"3"}"#);
    let entry = store.entry(2).unwrap().unwrap();
    assert!(!format!("{:?}", entry.changes).contains("abc"));
}

#[test]
fn a_newer_document_is_not_migrated() {
    let store = filled("{}", r#"{"version":"4","port":9000}"#);
    assert!(migrations().plan_store::<Config>(&store, None).unwrap_err().is_newer());
}

#[test]
fn a_step_that_changed_after_it_was_taken_is_refused() {
    let store = filled(r#"{"listen":9000}"#, "{}");
    migrations().plan_store::<Config>(&store, Some("2")).unwrap().apply(&store, "bob").unwrap();
    let changed = Migrations::to("3")
        .step(Step::new("port", "1", "2").rename("listen", "port").edition(2))
        .step(Step::new("http", "2", "3"))
        .build()
        .unwrap();
    let error = changed.plan_store::<Config>(&store, None).unwrap().apply(&store, "bob").unwrap_err();
    assert!(error.is_changed() && error.step() == Some("port"), "{error}");
    assert_eq!(store.load().unwrap().revision, 2);
}

#[test]
fn who_commits_meanwhile_comes_first() {
    let store = filled(r#"{"listen":9000}"#, "{}");
    let plan = migrations().plan_store::<Config>(&store, None).unwrap();
    let documents = Documents { base: Json::parse(r#"{"listen":9001}"#).unwrap(), ..Documents::default() };
    store.commit(1, &documents, Draft::new("eve", "test", Timestamp::now())).unwrap();
    assert!(plan.apply(&store, "bob").unwrap_err().is_conflict());
    assert_eq!((store.load().unwrap().documents, store.snapshots().unwrap().len()), (documents, 0));
}

/// How a call of the store ends.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Fate {
    /// Nothing is written.
    Fails,
    /// It is written, and nobody hears of it.
    Unheard,
}

thread_local! {
    /// Calls until the one that has a fate.
    static UNTIL: Cell<usize> = const { Cell::new(usize::MAX) };
}

/// A store, one call of which fails.
struct Faulty {
    store: Arc<MemoryStore>,
    fate: Fate,
    calls: Mutex<Vec<&'static str>>,
}

impl fmt::Debug for Faulty {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Faulty")
    }
}

impl Faulty {
    fn call<T>(&self, name: &'static str, call: impl FnOnce() -> Result<T, StoreError>) -> Result<T, StoreError> {
        self.calls.lock().unwrap().push(name);
        let left = UNTIL.get();
        UNTIL.set(left.saturating_sub(1));
        if left != 1 {
            return call();
        }
        if self.fate == Fate::Unheard {
            call()?;
        }
        Err(StoreError::other(name, "the line is cut"))
    }
}

impl Store for Faulty {
    fn load(&self) -> Result<State, StoreError> {
        self.call("load", || self.store.load())
    }

    fn commit(&self, expected: u64, documents: &Documents, draft: Draft) -> Result<Committed, CommitError> {
        let mut done = None;
        let called = self.call("commit", || {
            done = Some(self.store.commit(expected, documents, draft));
            Ok(())
        });
        match (called, done) {
            (Ok(()), Some(done)) => done,
            (Err(error), Some(_)) => Err(CommitError::Unknown(error)),
            (Err(error), None) => Err(CommitError::Failed(error)),
            (Ok(()), None) => unreachable!("it was called"),
        }
    }

    fn entry(&self, revision: u64) -> Result<Option<Entry>, StoreError> {
        self.call("entry", || self.store.entry(revision))
    }

    fn history(&self, query: &HistoryQuery) -> Result<Vec<Entry>, StoreError> {
        self.store.history(query)
    }

    fn by_request(&self, request: &str) -> Result<Option<Entry>, StoreError> {
        self.store.by_request(request)
    }

    fn watch(&self, from: u64) -> Result<Box<dyn Watch>, StoreError> {
        self.store.watch(from)
    }

    fn snapshots(&self) -> Result<Vec<Snapshot>, StoreError> {
        self.call("snapshots", || self.store.snapshots())
    }

    fn create_snapshot(&self, snapshot: NewSnapshot) -> Result<Snapshot, StoreError> {
        self.call("create_snapshot", || self.store.create_snapshot(snapshot))
    }

    fn delete_snapshot(&self, id: &str) -> Result<bool, StoreError> {
        self.call("delete_snapshot", || self.store.delete_snapshot(id))
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
        self.store.url()
    }
}

#[test]
fn a_call_that_fails_leaves_documents_snapshots_and_history_as_before() {
    for (fate, number) in (1..=4).flat_map(|number| [(Fate::Fails, number), (Fate::Unheard, number)]) {
        let store = Arc::new(filled(r#"{"listen":9000}"#, r#"{"timeout":5}"#));
        let before = store.backup().unwrap();
        let faulty = Faulty { store: Arc::clone(&store), fate, calls: Mutex::default() };
        UNTIL.set(number);
        let planned = migrations().plan_store::<Config>(&faulty, None);
        let done = planned.and_then(|plan| plan.apply(&faulty, "bob"));
        let fated = faulty.calls.lock().unwrap()[number - 1];
        assert_eq!(fated, ["load", "snapshots", "create_snapshot", "commit"][number - 1]);
        match (fate, fated) {
            // The store was asked again, and says that it is there.
            (Fate::Unheard, "commit") => assert_eq!(done.unwrap().unwrap().revision, 2),
            // A snapshot that nobody heard of is one more; it serves the next migration.
            (Fate::Unheard, "create_snapshot") => {
                assert!(done.is_err() && store.load().unwrap() == before.state());
                let kept = store.snapshots().unwrap().remove(0);
                let done = migrations().plan_store::<Config>(&*store, None).unwrap().apply(&*store, "bob");
                assert_eq!(done.unwrap().unwrap().snapshot, kept.id);
                assert_eq!(store.snapshots().unwrap().len(), 1);
            }
            _ => {
                assert!(done.is_err(), "{fate:?} {fated}");
                assert_eq!(store.backup().unwrap(), before, "{fate:?} {fated}");
            }
        }
    }
    UNTIL.set(usize::MAX);
}

#[test]
fn a_commit_of_which_nothing_is_known_says_so() {
    let store = Arc::new(filled(r#"{"listen":9000}"#, "{}"));
    // After the commit, the store is out of reach.
    let faulty = Faulty { store: Arc::clone(&store), fate: Fate::Unheard, calls: Mutex::default() };
    let plan = migrations().plan_store::<Config>(&*store, None).unwrap();
    // `snapshots`, `create_snapshot`, `commit`; the question what became of it fails by hand.
    UNTIL.set(3);
    let gone = Gone(faulty);
    let error = plan.apply(&gone, "bob").unwrap_err();
    UNTIL.set(usize::MAX);
    assert!(error.is_unknown(), "{error}");
}

/// A store whose entries can't be read.
#[derive(Debug)]
struct Gone(Faulty);

macro_rules! delegate {
    ($($name:ident($($arg:ident: $ty:ty),*) -> $out:ty;)*) => {
        impl Store for Gone {
            $(fn $name(&self, $($arg: $ty),*) -> $out { self.0.$name($($arg),*) })*

            fn entry(&self, _: u64) -> Result<Option<Entry>, StoreError> {
                Err(StoreError::other("entry", "the line is cut"))
            }
        }
    };
}

delegate! {
    load() -> Result<State, StoreError>;
    commit(expected: u64, documents: &Documents, draft: Draft) -> Result<Committed, CommitError>;
    history(query: &HistoryQuery) -> Result<Vec<Entry>, StoreError>;
    by_request(request: &str) -> Result<Option<Entry>, StoreError>;
    watch(from: u64) -> Result<Box<dyn Watch>, StoreError>;
    snapshots() -> Result<Vec<Snapshot>, StoreError>;
    create_snapshot(snapshot: NewSnapshot) -> Result<Snapshot, StoreError>;
    delete_snapshot(id: &str) -> Result<bool, StoreError>;
    prune(retention: &Retention) -> Result<Pruned, StoreError>;
    verify() -> Result<Verified, StoreError>;
    backup() -> Result<Backup, StoreError>;
    restore(backup: &Backup, draft: Draft) -> Result<State, StoreError>;
    health() -> Health;
    url() -> String;
}

#[test]
fn others_hear_of_a_migration_as_of_any_commit() {
    let store = filled(r#"{"listen":9000}"#, "{}");
    let mut watch = store.watch(1).unwrap();
    migrations().plan_store::<Config>(&store, None).unwrap().apply(&store, "bob").unwrap();
    let Watched::Entries(entries) = watch.next(Duration::from_secs(60)).unwrap() else { panic!("it was committed") };
    let paths: Vec<&str> = entries[0].changes.iter().map(|change| change.path.as_str()).collect();
    assert_eq!(paths, ["listen", "port", "version"]);
    assert_eq!(entries[0].changes[1].new, Some(Json::of(&Value::Int(9000)).unwrap()));
}
