//! The official clients of OpenFeature, of npm and PyPI, against a server of ours.

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::Mutex;

use serde_json::{Value as Json, json};

use super::{of_every_type, set, site};
use crate::python;
use crate::site::{Site, TOKEN};

const HERE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/api/ofrep/clients");

static BUSY: Mutex<()> = Mutex::new(());

/// A program of ours with the packages that its manifest names, below the target directory.
fn node(folder: &str, program: &str) -> Command {
    // One at a time: tests run side by side.
    let _busy = BUSY.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
    let (from, to) = (Path::new(HERE).join(folder), Path::new(env!("CARGO_TARGET_TMPDIR")).join("ofrep").join(folder));
    std::fs::create_dir_all(&to).unwrap();
    let copy = |name: &str| -> PathBuf {
        std::fs::copy(from.join(name), to.join(name)).unwrap();
        to.join(name)
    };
    let manifest = std::fs::read(copy("package.json")).unwrap();
    let installed = to.join("installed.json");
    if std::fs::read(&installed).ok().as_ref() != Some(&manifest) {
        let mut npm = Command::new("npm");
        npm.args(["install", "--no-package-lock", "--no-audit", "--no-fund", "--ignore-scripts"]).current_dir(&to);
        let output = npm.output().unwrap();
        assert!(output.status.success(), "{}", python::told(&output));
        std::fs::write(&installed, &manifest).unwrap();
    }
    let mut node = Command::new("node");
    node.arg(copy(program)).current_dir(&to);
    node
}

fn address(site: &Site) -> String {
    format!("http://{}", site.address)
}

/// What a program says that ends by itself.
#[track_caller]
fn said(mut command: Command, site: &Site) -> Json {
    let output = command.args([&address(site), TOKEN]).output().unwrap();
    assert!(output.status.success(), "{}", python::told(&output));
    serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {}", python::told(&output)))
}

#[track_caller]
fn is(told: &Json, value: &Json, variant: &str, reason: &str) {
    assert_eq!(
        (&told["value"], told["variant"].as_str(), told["reason"].as_str()),
        (value, Some(variant), Some(reason)),
        "{told}"
    );
    assert!(told["errorCode"].is_null(), "{told}");
}

/// What clients that ask for each flag are told, for ann of the staff.
#[track_caller]
fn are_right(told: &Json) {
    is(&told["on"], &json!(true), "on", "STATIC");
    is(&told["word"], &json!("A"), "a", "STATIC");
    is(&told["shape"], &json!({"b": [1]}), "a", "STATIC");
    is(&told["deep"], &json!(true), "on", "TARGETING_MATCH");
    assert_eq!(told["own"]["value"], "mine");
    assert_eq!(told["rate"]["value"].as_f64(), Some(1.0));
    assert_eq!(told["rate"]["flagMetadata"]["team"], "x");
    assert_eq!(told["deep"]["flagMetadata"]["rule_id"], "staff");
    assert_eq!((&told["none"]["value"], &told["none"]["errorCode"]), (&json!(true), &json!("FLAG_NOT_FOUND")));
}

#[test]
#[ignore = "needs node and npm"]
fn the_client_for_servers_gets_values_variants_reasons_and_contexts() {
    let site = site(&of_every_type());
    let told = said(node("server", "ask.mjs"), &site);
    are_right(&told);
    // It is older than the protocol's answers without a value: it uses the program's default, and calls that an error.
    assert_eq!(told["own"]["errorCode"], "GENERAL");
    assert_eq!((&told["other"]["value"], &told["nobody"]["value"]), (&json!(false), &json!(true)));
    assert_eq!(told["type"]["errorCode"], "TYPE_MISMATCH");
}

#[test]
#[ignore = "needs python3 and pip"]
fn the_client_for_python_gets_values_variants_reasons_and_contexts() {
    let site = site(&of_every_type());
    let requirements = std::fs::read_to_string(Path::new(HERE).join("requirements.txt")).unwrap();
    // Each is installed as its line names it, with its version.
    requirements.lines().for_each(|package| drop(python::program(package, "python")));
    let mut python = python::program("openfeature-sdk", "python");
    python.arg(Path::new(HERE).join("ask.py"));
    let told = said(python, &site);
    are_right(&told);
    is(&told["own"], &json!("mine"), "", "STATIC");
    assert_eq!((&told["other"]["value"], &told["nobody"]["value"]), (&json!(false), &json!(true)));
    assert_eq!((&told["count"]["value"], &told["type"]["errorCode"]), (&json!(100), &json!("TYPE_MISMATCH")));
}

/// The client for the web, which says a line of JSON for each thing that happens.
struct Web {
    child: Child,
    lines: BufReader<ChildStdout>,
}

impl Web {
    fn start(site: &Site) -> Self {
        let mut command = node("web", "follow.mjs");
        command.args([&address(site), TOKEN]).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap());
        Self { child, lines }
    }

    fn line(&mut self) -> Json {
        let mut line = String::new();
        self.lines.read_line(&mut line).unwrap();
        serde_json::from_str(&line).unwrap_or_else(|error| panic!("{error} in {line}"))
    }
}

impl Drop for Web {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
#[ignore = "needs node and npm"]
fn the_client_for_the_web_follows_contexts_and_hears_of_changes_without_asking() {
    let site = site(&of_every_type());
    let mut web = Web::start(&site);
    assert_eq!(web.line()["deep"]["value"], false);
    let staff = web.line();
    are_right(&staff);
    is(&staff["own"], &json!("mine"), "", "STATIC");
    set(&site, &json!({"word": {"variants": {"a": "B"}, "fallthrough": "a"}}));
    let changed = web.line();
    assert_eq!((&changed["changed"], &changed["word"]["value"]), (&json!(["word"]), &json!("B")));
    // And once more, over the same stream.
    set(&site, &json!({"on": false}));
    let changed = web.line();
    assert_eq!((&changed["changed"], &changed["on"]["value"]), (&json!(["on"]), &json!(false)));
    writeln!(web.child.stdin.as_mut().unwrap()).unwrap();
    assert!(web.child.wait().unwrap().success());
}
