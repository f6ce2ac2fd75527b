//! A store whose calls fail, each before it has acted and after: documents, snapshots and history are as before, in memory,
//! in a directory and in a database.

use std::sync::{Arc, Mutex};

use strata_config::LayeredConfig;
use strata_config_migrate::{Committed as Migrated, MigrateError, Migrations, Step};
use strata_config_store::{
    Backup, CommitError, Committed, Documents, Draft, Entry, Health, HistoryQuery, Json, NewSnapshot, Pruned,
    Retention, Snapshot, State, Store, StoreError, Timestamp, Verified, Watch, open,
};
use tempfile::TempDir;

#[derive(LayeredConfig)]
#[allow(dead_code, reason = "documents are checked with it")]
struct Config {
    #[config(default = 8080)]
    port: u16,
    #[config(default = 30)]
    patience: u64,
}

fn migrations() -> Migrations {
    Migrations::to("3")
        .step(Step::new("port", "1", "2").rename("listen", "port"))
        .step(Step::new("patience", "2", "3").rename("timeout", "patience"))
        .build()
        .unwrap()
}

/// How a call of a store ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fate {
    /// Nothing is written.
    Fails,
    /// It is written, and nobody hears of it.
    Unheard,
    /// A commit that is not there, and is there after the next start.
    Later,
}

/// A store, some calls of which fail.
#[derive(Debug)]
struct Faulty {
    store: Arc<dyn Store>,
    /// The numbers of the calls that have a fate.
    fates: Vec<(usize, Fate)>,
    calls: Mutex<Vec<&'static str>>,
    later: Mutex<Option<(u64, Documents, Draft)>>,
}

impl Faulty {
    fn new(store: &Arc<dyn Store>, fates: &[(usize, Fate)]) -> Self {
        Self { store: Arc::clone(store), fates: fates.to_vec(), calls: Mutex::default(), later: Mutex::default() }
    }

    /// The fate of the next call.
    fn next(&self, name: &'static str) -> Option<Fate> {
        let mut calls = self.calls.lock().unwrap();
        calls.push(name);
        self.fates.iter().find(|(number, _)| *number == calls.len()).map(|(_, fate)| *fate)
    }

    fn call<T>(&self, name: &'static str, call: impl FnOnce() -> Result<T, StoreError>) -> Result<T, StoreError> {
        match self.next(name) {
            None => call(),
            Some(Fate::Fails | Fate::Later) => Err(cut(name)),
            Some(Fate::Unheard) => call().and(Err(cut(name))),
        }
    }

    /// The names of the calls that there were.
    fn calls(&self) -> Vec<&'static str> {
        self.calls.lock().unwrap().clone()
    }
}

fn cut(name: &'static str) -> StoreError {
    StoreError::other(name, "the line is cut")
}

macro_rules! may_fail {
    ($($name:ident($($arg:ident: $ty:ty),*) -> $out:ty;)*) => {
        impl Store for Faulty {
            $(fn $name(&self, $($arg: $ty),*) -> Result<$out, StoreError> {
                self.call(stringify!($name), || self.store.$name($($arg),*))
            })*

            fn commit(&self, expected: u64, documents: &Documents, draft: Draft) -> Result<Committed, CommitError> {
                match self.next("commit") {
                    None => self.store.commit(expected, documents, draft),
                    Some(Fate::Fails) => Err(CommitError::Failed(cut("commit"))),
                    Some(Fate::Unheard) => {
                        self.store.commit(expected, documents, draft)?;
                        Err(CommitError::Unknown(cut("commit")))
                    }
                    Some(Fate::Later) => {
                        *self.later.lock().unwrap() = Some((expected, documents.clone(), draft));
                        Err(CommitError::Unknown(cut("commit")))
                    }
                }
            }

            fn health(&self) -> Health {
                self.store.health()
            }

            fn url(&self) -> String {
                self.store.url()
            }
        }
    };
}

may_fail! {
    load() -> State;
    entry(revision: u64) -> Option<Entry>;
    history(query: &HistoryQuery) -> Vec<Entry>;
    by_request(request: &str) -> Option<Entry>;
    watch(from: u64) -> Box<dyn Watch>;
    snapshots() -> Vec<Snapshot>;
    create_snapshot(snapshot: NewSnapshot) -> Snapshot;
    delete_snapshot(id: &str) -> bool;
    prune(retention: &Retention) -> Pruned;
    verify() -> Verified;
    backup() -> Backup;
    restore(backup: &Backup, draft: Draft) -> State;
}

/// A store of each backend with documents to migrate, and where it is kept.
fn stores() -> [(TempDir, Arc<dyn Store>); 3] {
    ["memory:", "file:", "sqlite:"].map(|scheme| {
        let folder = tempfile::tempdir().unwrap();
        let address = match scheme {
            "memory:" => scheme.to_owned(),
            _ => format!("{scheme}{}/store", folder.path().display()),
        };
        let store = open(&address).unwrap();
        let text = |text: &str| Json::parse(text).unwrap();
        let documents = Documents {
            base: text(r#"{"listen":9000}"#),
            runtime: text(r#"{"timeout":5}"#),
            marks: text(r#"{"base":{},"runtime":{}}"#),
        };
        store.commit(0, &documents, Draft::new("ada", "test", Timestamp::now())).unwrap();
        (folder, store)
    })
}

fn migrate(store: &dyn Store) -> Result<Option<Migrated>, MigrateError> {
    migrations().plan_store::<Config>(store, None)?.apply(store, "bob")
}

/// The store is migrated as a whole: documents, history, and one snapshot of what was.
#[track_caller]
fn is_migrated(store: &dyn Store, before: &Backup) {
    let state = store.load().unwrap();
    assert_eq!((state.revision, state.documents.base.as_str()), (2, r#"{"port":9000,"version":"3"}"#));
    assert_eq!(state.documents.runtime.as_str(), r#"{"patience":5,"version":"3"}"#);
    let told: Vec<_> = Migrations::store_history(store).unwrap().into_iter().map(|record| record.id).collect();
    assert_eq!(told, ["port", "patience", "port", "patience"]);
    let snapshots = store.snapshots().unwrap();
    assert!(snapshots.len() == 1 && snapshots[0].documents == before.state().documents, "{snapshots:?}");
    assert!(store.verify().unwrap().damages.is_empty());
}

/// What a failure leaves: everything as it was, but perhaps a snapshot that nobody heard of; and the next migration goes.
#[track_caller]
fn is_as_before(store: &dyn Store, before: &Backup, may_have_snapshot: bool) {
    if may_have_snapshot {
        assert_eq!(store.load().unwrap(), before.state());
        assert!(Migrations::store_history(store).unwrap().is_empty());
    } else {
        assert_eq!(store.backup().unwrap(), *before);
    }
    migrate(store).unwrap().unwrap();
    is_migrated(store, before);
}

#[test]
fn every_call_that_fails_once_leaves_everything_as_before() {
    let mut failed = Vec::new();
    for (number, fate) in (1..=4).flat_map(|number| [(number, Fate::Fails), (number, Fate::Unheard)]) {
        for (_folder, store) in stores() {
            let before = store.backup().unwrap();
            let faulty = Faulty::new(&store, &[(number, fate)]);
            let done = migrate(&faulty);
            let call = faulty.calls()[number - 1];
            failed.push(call);
            match (fate, call) {
                // The store was asked again, and says that it is there.
                (Fate::Unheard, "commit") => {
                    assert_eq!(done.unwrap().unwrap().revision, 2);
                    is_migrated(&*store, &before);
                }
                // A snapshot that nobody heard of is one more; the next migration clears it away.
                _ => {
                    let error = done.unwrap_err();
                    assert!(!error.is_unknown() && error.to_string().contains("the line is cut"), "{call}: {error}");
                    is_as_before(&*store, &before, (fate, call) == (Fate::Unheard, "create_snapshot"));
                }
            }
        }
    }
    failed.dedup();
    assert_eq!(failed, ["load", "snapshots", "create_snapshot", "commit"], "all calls that a migration makes");
    // There is no fifth one.
    let [(_folder, store), ..] = stores();
    let faulty = Faulty::new(&store, &[]);
    migrate(&faulty).unwrap().unwrap();
    assert_eq!(faulty.calls().len(), 4);
}

#[test]
fn a_call_that_fails_after_another_leaves_all_or_nothing() {
    let fates = [Fate::Fails, Fate::Unheard];
    let pairs = fates.iter().flat_map(|first| fates.iter().map(move |second| (*first, *second)));
    // The commit is the fourth call; behind it the store is asked what became of it, and the snapshot is taken back.
    for (first, second) in pairs {
        for (_folder, store) in stores() {
            let before = store.backup().unwrap();
            let faulty = Faulty::new(&store, &[(4, first), (5, second)]);
            let error = migrate(&faulty).unwrap_err();
            match first {
                Fate::Fails => {
                    assert_eq!(faulty.calls().last(), Some(&"delete_snapshot"));
                    assert!(!error.is_unknown(), "{error}");
                    is_as_before(&*store, &before, true);
                }
                _ => {
                    assert_eq!(faulty.calls().last(), Some(&"entry"));
                    assert!(error.is_unknown(), "{error}");
                    is_migrated(&*store, &before);
                    // Who tries again finds it done.
                    assert!(migrate(&*store).unwrap().is_none());
                }
            }
        }
    }
}

#[test]
fn a_commit_that_comes_back_after_a_power_cut_has_its_snapshot() {
    for (_folder, store) in stores() {
        let before = store.backup().unwrap();
        let faulty = Faulty::new(&store, &[(4, Fate::Later)]);
        let error = migrate(&faulty).unwrap_err();
        assert!(error.is_unknown() && error.to_string().contains("might bring it back"), "{error}");
        let (expected, documents, draft) = faulty.later.into_inner().unwrap().unwrap();
        store.commit(expected, &documents, draft).unwrap();
        is_migrated(&*store, &before);
    }
}

#[test]
fn a_snapshot_that_a_migration_left_which_was_cut_off_is_made_anew_and_goes() {
    for (_folder, store) in stores() {
        let before = store.backup().unwrap();
        let unheard = Faulty::new(&store, &[(3, Fate::Unheard)]);
        migrate(&unheard).unwrap_err();
        let left = store.snapshots().unwrap().remove(0);
        let done = Faulty::new(&store, &[]);
        migrate(&done).unwrap().unwrap();
        assert_eq!(done.calls(), ["load", "snapshots", "create_snapshot", "commit", "delete_snapshot"]);
        assert_ne!(store.snapshots().unwrap()[0].id, left.id);
        is_migrated(&*store, &before);
    }
}

#[test]
fn the_history_of_a_store_that_can_not_be_read_is_an_error() {
    for (_folder, store) in stores() {
        migrate(&*store).unwrap();
        let faulty = Faulty::new(&store, &[(1, Fate::Fails)]);
        assert!(Migrations::store_history(&faulty).unwrap_err().to_string().contains("the line is cut"));
    }
}
