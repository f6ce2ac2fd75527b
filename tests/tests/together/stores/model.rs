//! Any sequence of calls, compared with the store in memory: what one answers, the other does.

use proptest::collection::vec;
use proptest::prelude::{Just, Strategy, any, prop_oneof};
use proptest::test_runner::{Config, TestRunner};
use strata_config_store::conformance::Place;
use strata_config_store::{
    CommitError, Committed, Documents, Draft, HistoryQuery, Json, Limit, MemoryStore, NewSnapshot, Retention, Snapshot,
    Store, Timestamp,
};

use super::places::{Database, Directory};

#[derive(Debug, Clone)]
enum Call {
    Commit { behind: u64, value: String, request: Option<u8>, at: u64 },
    Snapshot { tagged: bool, at: u64 },
    DeleteSnapshot(usize),
    Prune { entries: Option<usize>, age: Option<u64>, snapshots: Option<usize> },
    Query { from: Option<u64>, limit: Option<usize> },
    BackupAndRestore,
    Reopen,
}

fn call() -> impl Strategy<Value = Call> {
    let commit = (0..2_u64, "\\PC{0,12}", proptest::option::of(0..6_u8), 0..100_u64);
    let prune = (proptest::option::of(0..5_usize), proptest::option::of(0..100_u64), proptest::option::of(0..3_usize));
    prop_oneof![
        8 => commit.prop_map(|(behind, value, request, at)| Call::Commit { behind, value, request, at }),
        2 => (any::<bool>(), 0..100_u64).prop_map(|(tagged, at)| Call::Snapshot { tagged, at }),
        1 => (0..4_usize).prop_map(Call::DeleteSnapshot),
        1 => prune.prop_map(|(entries, age, snapshots)| Call::Prune { entries, age, snapshots }),
        2 => (proptest::option::of(0..20_u64), proptest::option::of(0..5_usize))
            .prop_map(|(from, limit)| Call::Query { from, limit }),
        1 => Just(Call::BackupAndRestore),
        1 => Just(Call::Reopen),
    ]
}

/// What a call answers, without the ids that each store gives.
fn answer(store: &dyn Store, call: &Call) -> String {
    match call {
        Call::Commit { behind, value, request, at } => {
            let expected = store.load().unwrap().revision.saturating_sub(*behind);
            let documents = Documents { runtime: Json::of(value).unwrap(), ..Documents::default() };
            let request = request.map(|request| request.to_string());
            let draft = Draft { request, ..Draft::new("ada", "test", Timestamp::from_millis(*at)) };
            match store.commit(expected, &documents, draft) {
                Ok(Committed::New(entry)) => format!("new {entry:?}"),
                Ok(Committed::Replayed(entry)) => format!("replayed {entry:?}"),
                Err(CommitError::Conflict { current }) => format!("conflict {current}"),
                Err(error) => panic!("{error}"),
            }
        }
        Call::Snapshot { tagged, at } => {
            let tags = if *tagged { vec!["kept".to_owned()] } else { vec![] };
            let at = Timestamp::from_millis(*at);
            anonymous(&store.create_snapshot(NewSnapshot { tags, at, ..NewSnapshot::default() }).unwrap())
        }
        Call::DeleteSnapshot(at) => {
            let id = store.snapshots().unwrap().get(*at).map(|snapshot| snapshot.id.clone());
            store.delete_snapshot(&id.unwrap_or_default()).unwrap().to_string()
        }
        Call::Prune { entries, age, snapshots } => {
            let age = age.map(std::time::Duration::from_millis);
            let pruned = store.prune(&Retention {
                now: Timestamp::from_millis(100),
                history: Limit { count: *entries, age },
                snapshots: Limit { count: *snapshots, age },
            });
            let pruned = pruned.unwrap();
            format!("{} {}", pruned.entries, pruned.snapshots.len())
        }
        Call::Query { from, limit } => {
            format!(
                "{:?}",
                store.history(&HistoryQuery { from: *from, limit: *limit, ..HistoryQuery::default() }).unwrap()
            )
        }
        Call::BackupAndRestore => {
            let draft = Draft::new("eve", "backup", Timestamp::from_millis(50));
            format!("{:?}", store.restore(&store.backup().unwrap(), draft).unwrap())
        }
        Call::Reopen => String::new(),
    }
}

fn anonymous(snapshot: &Snapshot) -> String {
    let Snapshot { revision, at, tags, documents, .. } = snapshot;
    format!("{revision} {at} {tags:?} {documents:?}")
}

/// Everything that a store holds.
fn content(store: &dyn Store) -> (String, Vec<String>) {
    let verified = store.verify().unwrap();
    assert!(verified.is_intact(), "{:?}", verified.damages);
    let history = store.history(&HistoryQuery::default()).unwrap();
    let requests: Vec<_> = (0..6).map(|request| store.by_request(&request.to_string()).unwrap()).collect();
    let all = format!("{:?} {:?} {history:?} {requests:?}", store.load().unwrap(), verified);
    (all, store.snapshots().unwrap().iter().map(anonymous).collect())
}

fn behaves_as_memory<P: Place>(place: impl Fn() -> P) {
    let config = Config { cases: 48, failure_persistence: None, ..Config::default() };
    let run = TestRunner::new(config).run(&vec(call(), 1..40), |calls| {
        let (place, model) = (place(), MemoryStore::new());
        let mut store = place.open();
        for call in &calls {
            if matches!(call, Call::Reopen) {
                store = place.open();
            }
            assert_eq!(answer(&*store, call), answer(&model, call), "{call:?}");
        }
        assert_eq!(content(&*store), content(&model));
        assert_eq!(content(&*place.open()), content(&model));
        Ok(())
    });
    run.unwrap();
}

#[test]
fn a_directory_answers_as_memory_does() {
    behaves_as_memory(Directory::new);
}

#[test]
fn a_database_answers_as_memory_does() {
    behaves_as_memory(Database::new);
}
