//! Mistakes in annotations do not compile: one file a mistake, below `ui/`.
//!
//! The compiler's texts are compared where `STRATA_UI_TEXT=1` says that this is the compiler they were written by.
//! Elsewhere each case must fail to compile, with the messages that are our own.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use trybuild::TestCases;

/// Set in the process that compiles the copied cases: their directory.
const COPY: &str = "STRATA_UI_COPY";

#[test]
fn every_mistake_fails_to_compile() {
    if let Some(copy) = env::var_os(COPY) {
        return TestCases::new().compile_fail(Path::new(&copy).join("*/*.rs"));
    }
    if env::var("STRATA_UI_TEXT").is_ok_and(|value| value == "1") {
        return TestCases::new().compile_fail("ui/*/*.rs");
    }
    let copy = Path::new(env!("CARGO_TARGET_TMPDIR")).join("ui");
    let cases = copy_cases(Path::new("ui"), &copy);
    assert!(cases.len() >= 70, "found {} cases", cases.len());
    compile(&copy);
    for case in cases {
        let text = |root: &Path| fs::read_to_string(root.join(&case).with_extension("stderr")).unwrap_or_default();
        assert_eq!(own_messages(&text(&copy)), own_messages(&text(Path::new("ui"))), "{}", case.display());
    }
}

/// Compiles the copied cases in a process of its own, in which trybuild writes down what the compiler says.
fn compile(copy: &Path) {
    let status = Command::new(env::current_exe().expect("this program has a path"))
        .args(["--exact", "every_mistake_fails_to_compile", "--nocapture"])
        .env(COPY, copy)
        .env("TRYBUILD", "overwrite")
        .status()
        .expect("this program runs once more");
    assert!(status.success(), "a case compiles that should not");
}

/// Copies the cases, without the texts that are expected of them; returns their paths.
fn copy_cases(from: &Path, to: &Path) -> Vec<PathBuf> {
    let _ = fs::remove_dir_all(to);
    let mut cases = Vec::new();
    for folder in fs::read_dir(from).expect("the cases are there") {
        let folder = PathBuf::from(folder.expect("a folder of cases").file_name());
        fs::create_dir_all(to.join(&folder)).expect("the copy's folder");
        for case in fs::read_dir(from.join(&folder)).expect("a folder of cases") {
            let case = folder.join(case.expect("a case").file_name());
            if case.extension().is_some_and(|extension| extension == "rs") {
                fs::copy(from.join(&case), to.join(&case)).expect("a copy of the case");
                cases.push(case);
            }
        }
    }
    cases.sort();
    cases
}

/// The messages that the derive itself wrote: those without a code of the compiler's.
fn own_messages(text: &str) -> Vec<&str> {
    text.lines().filter(|line| line.starts_with("error: ")).collect()
}
