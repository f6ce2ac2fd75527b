//! What is the directory's own: torn tails, damage, left-overs, caches that are lost, other processes.

use std::fs::{self, OpenOptions};
use std::io::Write;
use std::path::PathBuf;

use strata_config_store::{
    CommitError, Damage, Documents, Draft, FileStore, HistoryQuery, Json, Limit, NewSnapshot, Retention, Store,
    StoreError, Timestamp,
};

use super::places::Directory;

/// A directory with so many commits.
fn filled(commits: u64) -> Directory {
    let place = Directory::new();
    let store = place.store();
    (0..commits).for_each(|at| commit(&store, at).expect("commits"));
    place
}

fn commit(store: &dyn Store, expected: u64) -> Result<(), CommitError> {
    let documents = Documents { runtime: Json::of(&(expected + 1)).expect("a number"), ..Documents::default() };
    let draft =
        Draft { request: Some(format!("r{}", expected + 1)), ..Draft::new("ada", "test", Timestamp::default()) };
    store.commit(expected, &documents, draft).map(drop)
}

fn journal(place: &Directory) -> PathBuf {
    place.path().join("journal.jsonl")
}

/// Changes the journal's text by hand.
fn edit(place: &Directory, change: impl FnOnce(String) -> String) {
    let text = fs::read_to_string(journal(place)).expect("a journal");
    fs::write(journal(place), change(text)).expect("writes");
}

fn append(place: &Directory, bytes: &[u8]) {
    let mut file = OpenOptions::new().append(true).open(journal(place)).expect("a journal");
    file.write_all(bytes).expect("writes");
}

fn corruption(store: &FileStore) -> StoreError {
    let error = store.load().expect_err("it is damaged");
    assert!(error.is_corrupt(), "{error}");
    error
}

#[test]
fn a_torn_tail_is_passed_over_by_readers_and_cut_by_the_next_writer() {
    let whole = filled(3);
    let line = fs::read_to_string(journal(&whole)).unwrap().lines().last().unwrap().to_owned();
    let mut zeros = line.clone().into_bytes();
    zeros[10..40].fill(0);
    zeros.push(b'\n');
    let unfinished = &line.as_bytes()[..line.len() / 2];
    let long = [b'x'; 10_000];
    for torn in [unfinished, line.as_bytes(), &zeros, b"{", b"\n", &long] {
        let place = filled(2);
        let open_before = place.store();
        open_before.load().unwrap();
        append(&place, torn);
        for store in [&open_before, &place.store()] {
            assert_eq!(store.load().unwrap().revision, 2);
            assert!(store.verify().unwrap().is_intact());
        }
        commit(&open_before, 2).unwrap();
        assert_eq!(place.store().load().unwrap().revision, 3);
        assert!(place.store().verify().unwrap().is_intact());
        assert!(fs::read_to_string(journal(&place)).unwrap().ends_with("\"}\n"));
    }
}

#[test]
fn damage_before_the_end_is_an_error_that_names_the_line() {
    let place = filled(4);
    edit(&place, |text| text.replacen("\"revision\":2", "\"revision\":", 1));
    let error = corruption(&place.store());
    assert!(error.to_string().ends_with("journal.jsonl:3 is no entry"), "{error}");
    assert!(matches!(commit(&place.store(), 4), Err(CommitError::Failed(error)) if error.is_corrupt()));
    let damages = place.store().verify().unwrap().damages;
    assert!(matches!(&damages[..], [Damage::Storage { .. }, Damage::Missing { revision: 2 }]), "{damages:?}");
}

#[test]
fn an_altered_entry_is_found() {
    for (revision, line) in [(2, 3), (4, 5)] {
        let place = filled(4);
        let open_before = place.store();
        open_before.load().unwrap();
        edit(&place, |text| {
            let lines = text.lines().zip(1..);
            let altered = lines.map(|(text, at)| if at == line { text.replace("ada", "eve") } else { text.to_owned() });
            altered.map(|line| line + "\n").collect()
        });
        let error = corruption(&place.store());
        assert!(error.to_string().contains(&format!("journal.jsonl:{line} was altered")), "{error}");
        assert_eq!(place.store().verify().unwrap().damages, [Damage::Altered { revision }]);
        assert!(open_before.entry(revision).unwrap_err().is_corrupt());
        assert!(open_before.history(&HistoryQuery::default()).unwrap_err().is_corrupt());
    }
}

#[test]
fn a_replaced_entry_breaks_the_chain_at_the_next() {
    let (place, other) = (filled(4), Directory::new());
    // The same commit by somebody else, sealed as it should be.
    let store = other.store();
    for at in 0..2 {
        store.commit(at, &Documents::default(), Draft::new("eve", "test", Timestamp::default())).unwrap();
    }
    let forged = fs::read_to_string(journal(&other)).unwrap().lines().nth(1).unwrap().to_owned();
    edit(&place, |text| {
        let mut lines: Vec<_> = text.lines().collect();
        lines[1] = &forged;
        lines.join("\n") + "\n"
    });
    assert!(corruption(&place.store()).to_string().contains("journal.jsonl:3 does not continue"));
    assert_eq!(place.store().verify().unwrap().damages, [Damage::Unchained { revision: 2 }]);
}

#[test]
fn a_missing_entry_is_found() {
    let place = filled(4);
    edit(&place, |text| {
        text.lines().zip(1..).filter(|(_, at)| *at != 3).map(|(line, _)| format!("{line}\n")).collect()
    });
    corruption(&place.store());
    assert_eq!(place.store().verify().unwrap().damages, [Damage::Missing { revision: 2 }]);
}

#[test]
fn a_journal_that_was_cut_behind_the_checkpoint_is_an_error() {
    let place = filled(70);
    edit(&place, |text| text.lines().take(11).map(|line| format!("{line}\n")).collect());
    assert!(corruption(&place.store()).to_string().contains("ends at revision 10, though 64 was stored"));
    assert_eq!(place.store().verify().unwrap().damages, [Damage::Missing { revision: 11 }]);

    fs::remove_file(journal(&place)).unwrap();
    assert!(FileStore::open(place.path()).unwrap_err().is_corrupt());
}

#[test]
fn the_index_is_made_again_where_it_is_lost_or_wrong() {
    let spoil: [fn(&Directory); 4] = [
        |place| fs::remove_file(place.path().join("checkpoint.json")).unwrap(),
        |place| fs::remove_file(place.path().join("journal.index")).unwrap(),
        |place| fs::write(place.path().join("checkpoint.json"), "{").unwrap(),
        |place| fs::write(place.path().join("journal.index"), [0; 2000]).unwrap(),
    ];
    for spoil in spoil {
        let place = filled(150);
        spoil(&place);
        let store = place.store();
        assert_eq!(store.load().unwrap().revision, 150);
        commit(&store, 150).unwrap();
        for store in [&store, &place.store()] {
            assert_eq!(store.by_request("r3").unwrap().unwrap().revision, 3);
            assert_eq!(store.entry(77).unwrap().unwrap().request.as_deref(), Some("r77"));
        }
    }
}

#[test]
fn a_start_sweeps_what_killed_writers_have_left() {
    let place = filled(1);
    let left = ["journal.jsonl.unfinished", "checkpoint.json.unfinished", "snapshots/0.json.unfinished"];
    left.iter().for_each(|name| fs::write(place.path().join(name), "half").unwrap());
    place.store();
    assert!(left.iter().all(|name| !place.path().join(name).exists()));
}

#[test]
fn an_altered_snapshot_is_found() {
    let place = filled(1);
    let snapshot = place.store().create_snapshot(NewSnapshot::default()).unwrap();
    let path = place.path().join("snapshots").join(format!("{}.json", snapshot.id));
    let text = fs::read_to_string(&path).unwrap();
    for altered in [text.replacen("\"runtime\":1", "\"runtime\":2", 1), "half".to_owned()] {
        fs::write(&path, altered).unwrap();
        assert_eq!(place.store().verify().unwrap().damages, [Damage::Snapshot { id: snapshot.id.clone() }]);
        assert!(place.store().snapshots().unwrap_err().is_corrupt());
    }
}

#[test]
fn a_journal_of_a_later_version_is_left_alone() {
    let place = filled(1);
    edit(&place, |text| text.replacen("\"strata_journal\":1", "\"strata_journal\":2", 1));
    assert!(FileStore::open(place.path()).unwrap_err().is_newer());
}

#[test]
fn a_store_keeps_no_history_in_its_files_but_what_is_asked_for() {
    let place = filled(200);
    let before = fs::metadata(journal(&place)).unwrap().len();
    let keep = Retention { history: Limit { count: Some(2), age: None }, ..Retention::default() };
    place.store().prune(&keep).unwrap();
    assert!(fs::metadata(journal(&place)).unwrap().len() < before / 50);
}

#[cfg(unix)]
#[test]
fn files_are_for_their_owner_alone() {
    use std::os::unix::fs::PermissionsExt;
    let parent = tempfile::tempdir().unwrap();
    let directory = parent.path().join("a/b");
    let store = FileStore::open(&directory).unwrap();
    (0..70).for_each(|at| commit(&store, at).unwrap());
    let mode = |path: PathBuf| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(directory.clone()), 0o700);
    for name in ["journal.jsonl", "journal.index", "checkpoint.json", "lock"] {
        assert_eq!(mode(directory.join(name)), 0o600, "{name}");
    }
}

#[test]
fn a_place_that_is_no_directory_is_an_error_that_names_it() {
    let place = Directory::new();
    let path = place.path().join("file");
    fs::write(&path, "").unwrap();
    let error = FileStore::open(path.join("store")).unwrap_err().to_string();
    assert!(error.starts_with("could not create the directory") && error.contains("file"), "{error}");
}
