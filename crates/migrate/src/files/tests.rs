//! A rewriting that fails at any call, or whose process ends there.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::Path;

use strata_config::LayeredConfig;

use super::disk::{Disk, Stopped};
use crate::{Migrations, Step};

#[derive(LayeredConfig)]
struct Config {
    #[config(default = 1)]
    #[allow(dead_code, reason = "documents are checked with it")]
    newest: u8,
}

fn migrations() -> Migrations {
    Migrations::to("3")
        .step(Step::new("a", "1", "2").rename("old", "new"))
        .step(Step::new("b", "2", "3").rename("new", "newest"))
        .build()
        .unwrap()
}

/// Every file of a folder.
fn files(folder: &Path) -> BTreeMap<String, String> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let file = |path: std::path::PathBuf| {
        (path.file_name().unwrap().to_string_lossy().into_owned(), fs::read_to_string(path).unwrap())
    };
    entries.map(file).collect()
}

/// A disk whose call of a number does not happen, and the calls so far.
fn disk(number: usize, stopped: fn() -> Stopped) -> (Disk, std::rc::Rc<Cell<usize>>) {
    let calls = std::rc::Rc::new(Cell::new(0));
    let counted = std::rc::Rc::clone(&calls);
    let gate = move |_: &'static str| {
        counted.set(counted.get() + 1);
        if counted.get() == number { Err(stopped()) } else { Ok(()) }
    };
    (Disk::failing(gate), calls)
}

const TEXT: &str = "# The one setting.\nold = 5 # five\n";

/// A file with a history: a first migration and its way back.
fn with_history(folder: &Path) -> std::path::PathBuf {
    let path = folder.join("app.toml");
    fs::write(&path, TEXT).unwrap();
    let plan = |to: &str| migrations().plan_file::<Config>(&path, Some(to)).unwrap();
    plan("2").write("ada", false).unwrap();
    plan("1").write("ada", false).unwrap();
    path
}

/// The calls before the file is in place, and those of the history's last word.
const CALLS: usize = 16;
const LAST_WORD: usize = 5;

#[test]
fn a_call_that_fails_leaves_file_backup_and_history_as_before() {
    let folder = tempfile::tempdir().unwrap();
    let path = with_history(folder.path());
    let before = files(folder.path());
    let records = Migrations::file_history(&path).unwrap();
    for number in 1..=CALLS {
        let (disk, calls) = disk(number, || Stopped::Failed(io::Error::other("no space left")));
        let plan = migrations().plan_file::<Config>(&path, None).unwrap();
        let error = plan.write_on(&disk, "bob", false).unwrap_err();
        assert!(calls.get() == number && error.to_string().contains("no space left"), "{error}");
        // The file is replaced, and only its durability is open.
        if error.is_unknown() {
            assert!(number == CALLS && fs::read_to_string(&path).unwrap().contains("newest = 5"));
            break;
        }
        assert_eq!(files(folder.path()), before, "call {number}");
        assert_eq!(Migrations::file_history(&path).unwrap(), records);
    }
}

#[test]
fn a_last_word_of_the_history_that_can_not_be_written_is_no_failure() {
    for number in CALLS + 1..=CALLS + LAST_WORD {
        let folder = tempfile::tempdir().unwrap();
        let path = with_history(folder.path());
        let known = Migrations::file_history(&path).unwrap().len();
        let (disk, _) = disk(number, || Stopped::Failed(io::Error::other("no space left")));
        let written = migrations().plan_file::<Config>(&path, None).unwrap().write_on(&disk, "bob", false).unwrap();
        assert_eq!(Migrations::file_history(&path).unwrap()[known..], written.records, "call {number}");
        assert!(!files(folder.path()).keys().any(|name| name.ends_with(".unfinished")));
    }
    let folder = tempfile::tempdir().unwrap();
    let (disk, calls) = disk(usize::MAX, || Stopped::Crashed);
    let path = with_history(folder.path());
    migrations().plan_file::<Config>(&path, None).unwrap().write_on(&disk, "bob", false).unwrap();
    assert_eq!(calls.get(), CALLS + LAST_WORD, "every call failed once");
}

#[test]
fn a_process_that_ends_at_any_call_has_migrated_all_or_nothing() {
    for number in 1..=CALLS + LAST_WORD {
        let folder = tempfile::tempdir().unwrap();
        let path = with_history(folder.path());
        let before = files(folder.path());
        let records = Migrations::file_history(&path).unwrap();
        end_at(number, &path);
        let text = fs::read_to_string(&path).unwrap();
        let now = Migrations::file_history(&path).unwrap();
        if text == before["app.toml"] {
            assert!(number < CALLS && now == records, "call {number}");
        } else {
            assert!(text.contains("newest = 5 # five") && now.len() == records.len() + 2, "call {number}: {text}");
            let backups = files(folder.path()).into_iter().filter(|(name, _)| name.ends_with(".bak"));
            assert!(backups.into_iter().any(|(_, backup)| backup == before["app.toml"]));
        }
        // The next ones go on from there, and leave nothing over.
        migrations().plan_file::<Config>(&path, None).unwrap().write("bob", false).unwrap();
        assert_eq!(Migrations::file_history(&path).unwrap().len(), records.len() + 2);
        assert!(fs::read_to_string(&path).unwrap().contains("newest = 5 # five"));
        migrations().plan_file::<Config>(&path, Some("1")).unwrap().write("bob", false).unwrap();
        let left: Vec<String> = files(folder.path()).into_keys().filter(|name| name.ends_with(".unfinished")).collect();
        assert!(left.is_empty(), "call {number}: {left:?}");
    }
}

/// Migrates a file in a process that ends at a call.
fn end_at(number: usize, path: &Path) {
    let (disk, calls) = disk(number, || Stopped::Crashed);
    let ended = migrations().plan_file::<Config>(path, None).unwrap().write_on(&disk, "bob", false).is_err();
    assert!(ended && calls.get() == number, "there is no call {number}");
}

/// The call by which the file gets its name; the line of the history is there by then.
const RENAME: usize = CALLS - 1;

#[test]
fn a_migration_that_was_cut_off_does_not_count_when_the_file_is_edited_before_the_next_one() {
    let folder = tempfile::tempdir().unwrap();
    let path = with_history(folder.path());
    let records = Migrations::file_history(&path).unwrap();
    end_at(RENAME, &path);
    let text = fs::read_to_string(&path).unwrap();
    fs::write(&path, text.replace("old = 5", "old = 6")).unwrap();
    assert_eq!(Migrations::file_history(&path).unwrap(), records, "nothing was migrated");
    // Nobody has taken the step, so that it may be another one now.
    let other = Migrations::to("3")
        .step(Step::new("a", "1", "2").rename("old", "new").edition(2))
        .step(Step::new("b", "2", "3").rename("new", "newest"))
        .build()
        .unwrap();
    let written = other.plan_file::<Config>(&path, None).unwrap().write("bob", false).unwrap();
    assert_eq!(Migrations::file_history(&path).unwrap().len(), records.len() + written.records.len());
}

#[test]
fn a_migration_that_ended_before_its_last_word_counts_when_the_file_is_edited_after_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = with_history(folder.path());
    let known = Migrations::file_history(&path).unwrap().len();
    end_at(CALLS + 1, &path);
    let text = fs::read_to_string(&path).unwrap();
    fs::write(&path, text.replace("newest = 5", "newest = 6")).unwrap();
    assert_eq!(Migrations::file_history(&path).unwrap().len(), known + 2);
}

#[test]
fn a_backup_that_is_put_back_by_hand_takes_nothing_from_the_history() {
    let folder = tempfile::tempdir().unwrap();
    let path = with_history(folder.path());
    let written = migrations().plan_file::<Config>(&path, None).unwrap().write("bob", false).unwrap();
    let records = Migrations::file_history(&path).unwrap();
    fs::copy(&written.backup, &path).unwrap();
    assert_eq!(Migrations::file_history(&path).unwrap(), records);
}

#[test]
fn a_line_that_could_not_be_marked_as_done_counts_by_what_the_file_is() {
    let folder = tempfile::tempdir().unwrap();
    let path = with_history(folder.path());
    end_at(RENAME, &path);
    let history = folder.path().join("app.toml.migrations.jsonl");
    let text = fs::read_to_string(&history).unwrap();
    let unmarked = text.replace(",\"done\":true", "");
    assert_ne!(unmarked, text);
    let records = Migrations::file_history(&path).unwrap();
    fs::write(&history, unmarked).unwrap();
    assert_eq!(Migrations::file_history(&path).unwrap(), records);
}
