//! What is the database's own: damage, other programs, other versions, somebody who holds it.

use std::fs;

use rusqlite::Connection;
use strata_config_store::{Damage, Documents, Draft, NewSnapshot, SqliteStore, Store, Timestamp};

use super::places::Database;

/// A database with so many commits and a snapshot, and a connection of somebody else.
fn filled(commits: u64) -> (Database, Connection) {
    let place = Database::new();
    let store = place.store();
    for at in 0..commits {
        store.commit(at, &Documents::default(), Draft::new("ada", "test", Timestamp::default())).expect("commits");
    }
    store.create_snapshot(NewSnapshot { description: "kept".into(), ..NewSnapshot::default() }).expect("a snapshot");
    let other = Connection::open(place.path()).expect("opens");
    (place, other)
}

/// What is found after somebody has changed the tables.
fn damages(sql: &str) -> Vec<Damage> {
    let (place, other) = filled(4);
    other.execute_batch(sql).expect("executes");
    place.store().verify().expect("can be verified").damages
}

#[test]
fn tampering_is_found() {
    assert_eq!(damages(""), []);
    let altered = "UPDATE entries SET entry = replace(entry, 'ada', 'eve') WHERE revision = 2";
    assert_eq!(damages(altered), [Damage::Altered { revision: 2 }]);
    assert_eq!(damages("DELETE FROM entries WHERE revision = 2"), [Damage::Missing { revision: 2 }]);
    assert_eq!(damages("DELETE FROM entries WHERE revision = 4"), [Damage::Missing { revision: 4 }]);
    assert!(matches!(
        damages("UPDATE entries SET entry = 'x' WHERE revision = 4")[..],
        [Damage::Storage { .. }, Damage::Missing { revision: 4 }]
    ));
    let head = "UPDATE chain SET head_hash = anchor_hash";
    assert_eq!(damages(head), [Damage::Head { revision: 4 }]);
    let anchor = "UPDATE chain SET anchor_hash = head_hash";
    assert_eq!(damages(anchor), [Damage::Unchained { revision: 1 }]);
    let snapshot = "UPDATE snapshots SET snapshot = replace(snapshot, 'kept', 'lost')";
    assert!(matches!(damages(snapshot)[..], [Damage::Snapshot { .. }]));
}

#[test]
fn what_was_altered_is_not_given_as_if_it_were_not() {
    let (place, other) = filled(2);
    other.execute_batch("UPDATE entries SET entry = replace(entry, 'ada', 'eve') WHERE revision = 2").unwrap();
    let store = place.store();
    assert!(store.load().unwrap_err().is_corrupt());
    assert!(store.entry(2).unwrap_err().is_corrupt());
    assert_eq!(store.entry(1).unwrap().unwrap().actor, "ada");
}

#[test]
fn a_damaged_file_is_an_error() {
    let (place, other) = filled(200);
    other.close().unwrap();
    let mut bytes = fs::read(place.path()).unwrap();
    assert!(bytes.len() > 20_000, "the log was written back");
    bytes[8192..16384].fill(0xAA);
    fs::write(place.path(), bytes).unwrap();
    let found = place.store().verify().map(|verified| !verified.is_intact());
    assert!(found.unwrap_or_else(|error| error.is_corrupt()));
}

#[test]
fn the_database_of_another_program_or_version_is_left_alone() {
    let (place, other) = filled(1);
    other.execute_batch("PRAGMA user_version = 2").unwrap();
    assert!(SqliteStore::open(place.path()).unwrap_err().is_newer());

    let foreign = place.path().with_file_name("foreign.db");
    Connection::open(&foreign).unwrap().execute_batch("CREATE TABLE notes (text)").unwrap();
    assert!(SqliteStore::open(&foreign).unwrap_err().is_address());

    let text = place.path().with_file_name("text.db");
    fs::write(&text, "no database, but long enough to look like one ".repeat(99)).unwrap();
    assert!(SqliteStore::open(&text).unwrap_err().is_corrupt());
}

#[test]
fn readers_go_on_while_somebody_writes() {
    let (place, other) = filled(1);
    let store = place.store();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    assert_eq!(store.load().unwrap().revision, 1);
    other.execute_batch("ROLLBACK").unwrap();
}

#[cfg(unix)]
#[test]
fn files_are_for_their_owner_alone() {
    use std::os::unix::fs::PermissionsExt;
    let parent = tempfile::tempdir().unwrap();
    let path = parent.path().join("a/b/strata.db");
    let store = SqliteStore::open(&path).unwrap();
    store.commit(0, &Documents::default(), Draft::default()).unwrap();
    let mode = |path: std::path::PathBuf| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(parent.path().join("a/b")), 0o700);
    for name in ["strata.db", "strata.db-wal", "strata.db-shm"] {
        assert_eq!(mode(path.with_file_name(name)), 0o600, "{name}");
    }
}
