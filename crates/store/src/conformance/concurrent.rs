//! Many writers at once.

use std::collections::BTreeMap;
use std::sync::Barrier;
use std::thread;

use super::{Place, assert_intact, documents, draft};
use crate::{CommitError, Committed, Documents, Draft, HistoryQuery, Json, Recorded, Store};

const WRITERS: u64 = 64;
const COMMITS: u64 = 3;

/// Each of 64 writers raises a number of its own, some through handles of their own: all revisions are there, and the
/// recorded changes, one after the other, make what is stored.
pub fn many_writers_lose_nothing(place: &dyn Place) {
    let shared = place.open();
    thread::scope(|scope| {
        for writer in 0..WRITERS {
            let store = if writer % 8 == 0 { place.open() } else { shared.clone() };
            scope.spawn(move || (0..COMMITS).for_each(|_| raise(&*store, &format!("w{writer}"))));
        }
    });
    let state = shared.load().unwrap();
    assert_eq!(state.revision, WRITERS * COMMITS);
    let mut replayed = BTreeMap::new();
    for (entry, revision) in shared.history(&HistoryQuery::default()).unwrap().iter().rev().zip(1..) {
        assert_eq!(entry.revision, revision);
        for change in &entry.changes {
            assert_eq!(replayed.insert(change.path.clone(), change.new.clone()), change.old.clone().map(Some));
        }
        assert_eq!(Json::of(&replayed).unwrap(), entry.documents.runtime);
    }
    assert_eq!(Json::of(&replayed).unwrap(), state.documents.runtime);
    assert_eq!(replayed.len() as u64, WRITERS);
    assert_intact(&*shared);
}

/// Adds one to a number, however often somebody else is faster.
fn raise(store: &dyn Store, path: &str) {
    loop {
        let state = store.load().unwrap();
        let mut values: BTreeMap<String, u64> = state.documents.runtime.to().unwrap();
        let old = values.get(path).copied();
        let new = old.unwrap_or(0) + 1;
        values.insert(path.to_owned(), new);
        let json = |value: u64| Json::of(&value).unwrap();
        let change = Recorded { path: path.into(), old: old.map(json), new: Some(json(new)), reload: "live".into() };
        let documents = Documents { runtime: Json::of(&values).unwrap(), ..state.documents };
        match store.commit(state.revision, &documents, Draft { changes: vec![change], ..draft(1) }) {
            Ok(_) => return,
            Err(CommitError::Conflict { .. }) => continue,
            Err(error) => panic!("{error}"),
        }
    }
}

/// A request that comes from several threads at once is carried out by one of them.
pub fn one_request_from_many_threads_is_one_entry(place: &dyn Place) {
    const THREADS: usize = 8;
    let barrier = Barrier::new(THREADS);
    let answers: Vec<Committed> = thread::scope(|scope| {
        let barrier = &barrier;
        let run = |_| {
            let store = place.open();
            scope.spawn(move || {
                let draft = Draft { request: Some("once".into()), ..draft(1) };
                barrier.wait();
                store.commit(0, &documents(1), draft).unwrap()
            })
        };
        let threads: Vec<_> = (0..THREADS).map(run).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    assert_eq!(answers.iter().filter(|answer| matches!(answer, Committed::New(_))).count(), 1);
    let entry = place.open().by_request("once").unwrap().unwrap();
    assert!(answers.into_iter().all(|answer| answer.into_entry() == entry));
    assert_eq!(place.open().load().unwrap().revision, 1);
}
