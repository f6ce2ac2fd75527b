//! One writer.

use super::{Place, assert_intact, commit, documents, draft, revisions};
use crate::{CommitError, Committed, Documents, Draft, Hash, HealthStatus, Json, Recorded, State};

/// Before the first commit there is revision 0, and empty documents.
pub fn a_new_store_is_empty(place: &dyn Place) {
    let store = place.open();
    assert_eq!(store.load().unwrap(), State::default());
    assert_eq!(store.load().unwrap().documents.base, Json::empty());
    assert!(revisions(&*store).is_empty());
    assert_eq!(store.snapshots().unwrap(), []);
    assert_eq!(store.health().status, HealthStatus::Healthy);
    assert_intact(&*store);
}

/// What one handle commits, another on the same place loads.
pub fn a_commit_is_seen_by_every_handle(place: &dyn Place) {
    let (one, other) = (place.open(), place.open());
    for _ in 0..3 {
        let entry = commit(&*one);
        assert_eq!(other.load().unwrap(), entry.state());
        let entry = commit(&*other);
        assert_eq!(one.load().unwrap(), entry.state());
    }
}

/// A commit that expects another revision than the stored one writes nothing.
pub fn a_stale_writer_conflicts(place: &dyn Place) {
    let store = place.open();
    let first = commit(&*store);
    for expected in [0, 2] {
        let refused = store.commit(expected, &documents(9), draft(9));
        assert!(matches!(refused, Err(CommitError::Conflict { current: 1 })), "{refused:?}");
    }
    assert_eq!(store.load().unwrap(), first.state());
    assert_eq!(revisions(&*store), [1]);
}

/// A request that is in the history is answered with its entry, whatever revision is expected.
pub fn a_known_request_is_not_carried_out_again(place: &dyn Place) {
    let store = place.open();
    let draft = Draft { request: Some("r1".into()), ..draft(1) };
    let Committed::New(entry) = store.commit(0, &documents(1), draft.clone()).unwrap() else { panic!("it is new") };
    commit(&*store);
    for expected in [0, 2] {
        let replayed = place.open().commit(expected, &documents(7), draft.clone()).unwrap();
        assert_eq!(replayed, Committed::Replayed(entry.clone()));
    }
    assert_eq!(revisions(&*store), [1, 2]);
    assert_eq!(store.load().unwrap().documents, documents(2));
}

/// Whatever was said of a commit is there after the store was closed.
pub fn a_store_that_is_opened_again_has_everything(place: &dyn Place) {
    let null = || Some(Json::parse("null").unwrap());
    let text = |text: &str| Json::parse(text).unwrap();
    let said = Draft {
        reason: Some("Grüße, \"quoted\"\nand on two lines".into()),
        request: Some("r".into()),
        tags: vec!["a".into(), String::new()],
        changes: vec![
            Recorded { path: "a.\"b.c\"".into(), old: None, new: null(), reload: "live".into() },
            Recorded { path: "d".into(), old: null(), new: None, reload: "restart".into() },
        ],
        ..draft(1_795_000_000_123)
    };
    let three = Documents { base: text("[1]"), runtime: text(r#"{"a":1}"#), marks: text("\"m\"") };
    // The last handle is dropped with the first expression, where the place holds none.
    let entry = { place.open().commit(0, &three, said.clone()).unwrap().into_entry() };
    let store = place.open();
    assert_eq!(store.load().unwrap(), State { revision: 1, documents: three, head: entry.hash });
    let read = store.entry(1).unwrap().unwrap();
    assert_eq!((&read.reason, &read.request, &read.tags), (&said.reason, &said.request, &said.tags));
    assert_eq!(
        (&read.changes, read.at, &read.actor, &read.source),
        (&said.changes, said.at, &said.actor, &said.source)
    );
    assert_eq!(read, entry);
}

/// Each entry holds the hash of the one before.
pub fn entries_are_chained(place: &dyn Place) {
    let store = place.open();
    let (first, second) = (commit(&*store), commit(&*store));
    assert_eq!((first.previous, second.previous), (Hash::ZERO, first.hash));
    assert!(first.is_intact() && second.is_intact());
    assert_intact(&*store);
}
