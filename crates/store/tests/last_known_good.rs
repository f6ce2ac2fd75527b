//! A store that is out of reach: what its last known good copy does, and what it does not.

use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use strata_config_store::{
    CommitError, Committed, Documents, Draft, FileStore, HealthStatus, Json, LastKnownGood, Store, StoreError,
    Timestamp,
};

/// A store in a folder that can be put out of reach. Each is a process of its own.
struct Far {
    reachable: Arc<AtomicBool>,
    store: LastKnownGood,
}

fn start(folder: &Path, reachable: bool) -> Far {
    let reachable = Arc::new(AtomicBool::new(reachable));
    let (asked, far) = (Arc::clone(&reachable), folder.join("far"));
    let open = move || {
        if asked.load(Ordering::Relaxed) {
            Ok(Arc::new(FileStore::open(&far)?) as Arc<dyn Store>)
        } else {
            Err(StoreError::other("no route to far", "the cable is cut"))
        }
    };
    Far { reachable, store: LastKnownGood::new("file:far", folder.join("copy.json"), open) }
}

fn write(store: &dyn Store, runtime: &str) -> Committed {
    let state = store.load().unwrap();
    let documents = Documents { runtime: Json::parse(runtime).unwrap(), ..state.documents };
    store.commit(state.revision, &documents, Draft::new("ann", "test", Timestamp::now())).unwrap()
}

#[test]
fn a_process_starts_with_the_copy_while_the_store_is_away() {
    let folder = tempfile::tempdir().unwrap();
    write(&start(folder.path(), true).store, r#"{"a":1}"#);
    let away = start(folder.path(), false);
    let state = away.store.load().unwrap();
    assert_eq!((state.revision, state.documents.runtime.as_str()), (1, r#"{"a":1}"#));
    let health = away.store.health();
    assert_eq!(health.status, HealthStatus::Degraded);
    assert!(health.detail.unwrap().contains("working from a copy of revision 1"));
    let copy = away.store.copy().unwrap();
    assert_eq!((copy.hits, copy.misses, copy.in_use), (1, 0, true));
}

#[test]
fn without_a_copy_the_store_is_needed() {
    let folder = tempfile::tempdir().unwrap();
    let away = start(folder.path(), false);
    assert!(away.store.load().unwrap_err().to_string().contains("the cable is cut"));
    assert_eq!(away.store.health().status, HealthStatus::Critical);
    assert_eq!(away.store.copy().unwrap().misses, 1);
}

#[test]
fn nothing_is_written_into_the_copy_alone() {
    let folder = tempfile::tempdir().unwrap();
    write(&start(folder.path(), true).store, r#"{"a":1}"#);
    let away = start(folder.path(), false);
    let state = away.store.load().unwrap();
    let draft = Draft::new("ann", "test", Timestamp::now());
    let refused = away.store.commit(state.revision, &Documents::default(), draft).unwrap_err();
    assert!(matches!(refused, CommitError::Failed(_)), "{refused}");
    assert_eq!(away.store.load().unwrap(), state);
}

#[test]
fn a_commit_is_in_the_copy_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let near = start(folder.path(), true);
    write(&near.store, r#"{"a":1}"#);
    write(&near.store, r#"{"a":2}"#);
    assert_eq!(start(folder.path(), false).store.load().unwrap().revision, 2);
}

#[test]
fn a_store_that_is_back_is_used_again() {
    let folder = tempfile::tempdir().unwrap();
    write(&start(folder.path(), true).store, r#"{"a":1}"#);
    let back = start(folder.path(), false);
    back.store.load().unwrap();
    write(&FileStore::open(folder.path().join("far")).unwrap(), r#"{"a":2}"#);
    back.reachable.store(true, Ordering::Relaxed);
    // It is not asked again at once, since many that ask would keep it away.
    while !back.store.warm_up().unwrap() {
        std::thread::yield_now();
    }
    assert_eq!(back.store.load().unwrap().revision, 2);
    assert_eq!(back.store.health().status, HealthStatus::Healthy);
    assert!(!back.store.copy().unwrap().in_use);
}

#[test]
fn a_damaged_copy_is_told_and_never_used() {
    let folder = tempfile::tempdir().unwrap();
    write(&start(folder.path(), true).store, r#"{"a":1}"#);
    let copy = folder.path().join("copy.json");
    let text = fs::read_to_string(&copy).unwrap();
    for damaged in [text.replace(r#"{"a":1}"#, r#"{"a":2}"#), text[..text.len() / 2].to_owned(), String::new()] {
        fs::write(&copy, damaged).unwrap();
        let error = start(folder.path(), false).store.load().unwrap_err();
        assert!(error.is_corrupt() && error.to_string().contains("copy.json"), "{error}");
    }
    // The store itself makes a good one again.
    assert!(start(folder.path(), true).store.warm_up().unwrap());
    assert_eq!(start(folder.path(), false).store.load().unwrap().revision, 1);
}

#[test]
fn an_address_can_name_a_copy() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("file:{0}/far?copy={0}/copy.json", folder.path().display());
    write(&*strata_config_store::open(&url).unwrap(), r#"{"a":1}"#);
    fs::remove_dir_all(folder.path().join("far")).unwrap();
    fs::write(folder.path().join("far"), "no folder any more").unwrap();
    let away = strata_config_store::open(&url).unwrap();
    assert_eq!(away.load().unwrap().revision, 1);
    assert!(strata_config_store::open("nothing:x?copy=y").unwrap_err().is_address());
}

#[cfg(unix)]
#[test]
fn the_copy_is_for_its_owner_alone_and_a_folder_that_takes_none_is_told() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let near = start(folder.path(), true);
    near.store.warm_up().unwrap();
    let mode = fs::metadata(folder.path().join("copy.json")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let far = folder.path().join("far");
    let open = move || Ok(Arc::new(FileStore::open(&far)?) as Arc<dyn Store>);
    let nowhere = LastKnownGood::new("file:far", folder.path().join("none/copy.json"), open);
    nowhere.load().unwrap();
    let health = nowhere.health();
    assert_eq!(health.status, HealthStatus::Degraded);
    assert!(health.detail.unwrap().contains("could not be copied"));
}
