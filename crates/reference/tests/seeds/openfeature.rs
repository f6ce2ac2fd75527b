//! OpenFeature's official clients, of npm and PyPI, against `strata phase2a serve`.

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::{Value as Json, json};

use crate::server::Server;

const HERE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/seeds/openfeature");

fn told(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

#[track_caller]
fn done(command: &mut Command) {
    let output = command.output().unwrap();
    assert!(output.status.success(), "{command:?}: {}", told(&output));
}

/// A folder of this test below the target directory, with what it is to be made of.
fn folder(name: &str, files: &[&str]) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("openfeature").join(name);
    std::fs::create_dir_all(&folder).unwrap();
    for file in files {
        std::fs::copy(Path::new(HERE).join(name).join(file), folder.join(file)).unwrap();
    }
    folder
}

/// Turns the component on for everybody.
fn turn_on(server: &Server) {
    let patch = json!({"phase_2a_enabled": true, "connection_pool": {"rollout_strategy": "full"}});
    server.call("PATCH", "/api/v1/config", &patch).of(200);
}

#[test]
#[ignore = "needs node and npm"]
fn the_client_for_the_web_hears_of_a_rollout_without_asking() {
    let server = Server::start("phase2a", &[]);
    let folder = folder("node", &["package.json", "follow.mjs"]);
    let install = ["install", "--no-package-lock", "--no-audit", "--no-fund", "--ignore-scripts"];
    done(Command::new("npm").args(install).current_dir(&folder));
    let mut node = Command::new("node");
    node.args(["follow.mjs", &server.address, &server.token, "connection_pool"]).current_dir(&folder);
    let mut child = node.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap());
    let mut line = || -> Json {
        let mut line = String::new();
        lines.read_line(&mut line).unwrap();
        serde_json::from_str(&line).unwrap_or_else(|error| panic!("{error} in {line}"))
    };
    let before = line();
    assert_eq!((&before["value"], &before["variant"]), (&json!(false), &json!("off")), "{before}");
    turn_on(&server);
    let after = line();
    assert_eq!(
        (&after["value"], &after["variant"], &after["flagMetadata"]["strategy"]),
        (&json!(true), &json!("on"), &json!("full")),
        "{after}"
    );
    // Whoever has asked over the wire sees the same as by the routes of the interface.
    let body = json!({"context": {"targetingKey": "ann"}, "trace": true});
    let same = server.call("POST", "/api/v1/feature-flags/connection_pool/evaluate", &body).of(200);
    assert_eq!((&same["value"], &same["reason"]), (&after["value"], &after["reason"]));
    writeln!(child.stdin.as_mut().unwrap()).unwrap();
    assert!(child.wait().unwrap().success());
}

#[test]
#[ignore = "needs python3 and pip"]
fn the_client_for_python_gets_what_phase_2a_serves() {
    let server = Server::start("phase2a", &[]);
    turn_on(&server);
    let folder = folder("python", &["requirements.txt", "ask.py"]);
    let bin = |name: &str| folder.join("venv/bin").join(name);
    if !bin("pip").exists() {
        done(Command::new("python3").args(["-m", "venv", "venv"]).current_dir(&folder));
    }
    let install = ["install", "--quiet", "--disable-pip-version-check", "-r", "requirements.txt"];
    done(Command::new(bin("pip")).args(install).current_dir(&folder));
    let mut python = Command::new(bin("python"));
    let output =
        python.args(["ask.py", &server.address, &server.token, "connection_pool"]).current_dir(&folder).output();
    let output = output.unwrap();
    assert!(output.status.success(), "{}", told(&output));
    let told: Json = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(
        (&told["value"], &told["variant"], &told["metadata"]["strategy"]),
        (&json!(true), &json!("on"), &json!("full")),
        "{told}"
    );
    let counted = server.get("/api/v1/feature-flags/connection_pool").of(200);
    assert_eq!(counted["exposures"]["variants"], json!({"on": 1}));
}
