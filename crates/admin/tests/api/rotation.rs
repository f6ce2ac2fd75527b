//! Tokens from a file: every mistake at once, and new ones without a restart.

use std::fs;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use strata_config_admin::auth::{Scope, Scopes, Token, Tokens};
use strata_config_store::Timestamp;
use tempfile::TempDir;

use crate::site::{Site, bearer};

fn file(name: &str, text: &str) -> (TempDir, PathBuf) {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join(name);
    fs::write(&path, text).unwrap();
    (directory, path)
}

fn status(site: &Site, token: &str) -> u16 {
    site.send("GET", "/api/v1/config", &[("authorization", &bearer(token))], None).status
}

/// Waits until a token is answered so.
fn await_status(site: &Site, token: &str, status_wanted: u16) {
    let end = Instant::now() + Duration::from_secs(30);
    // Nothing is counted as a wrong token for long: the limit is ten a minute.
    while status(site, token) != status_wanted {
        assert!(Instant::now() < end, "it never became {status_wanted}");
        std::thread::sleep(Duration::from_millis(200));
    }
}

fn random(actor: &str, scopes: Scopes) -> (Token, String) {
    Token::random(actor, scopes).unwrap()
}

#[test]
fn an_entry_that_a_token_writes_of_itself_is_read_as_that_token() {
    let (token, text) = random("ann \"the\tfirst\" é\u{7f}", Scopes::from_iter([Scope::Read, Scope::Flags]));
    let token = token.must_match().writes_per_second(3).expires(Timestamp::from_millis(4_000_000_000_000));
    let entry = token.entry();
    assert!(!entry.contains(text.split_once('.').unwrap().1), "{entry}");
    let (_directory, path) = file("tokens.toml", &entry);
    let site = Site::with(&[], |admin| admin.tokens(Tokens::from_file(&path).unwrap()));
    assert_eq!(status(&site, &text), 200);
    let caller = site.send("PATCH", "/api/v1/config", &[("authorization", &bearer(&text))], Some("{}"));
    assert_eq!(caller.status, 403);
}

#[test]
fn json_is_taken_as_well() {
    let text = r#"{"tokens": {"ci": {"actor": "ci", "scopes": ["admin"],
        "hash": "sha256:9f9f5111f7b27a781f1f1ddde5ebc2dd2b796bfc7365c9c28b548e564176929f"}}}"#;
    let (_directory, path) = file("tokens.json", text);
    let site = Site::with(&[], |admin| admin.tokens(Tokens::from_file(&path).unwrap()));
    assert_eq!((status(&site, "ci.0123456789abcdef"), status(&site, "ci.0123456789abcdeF")), (200, 401));
}

#[test]
fn every_mistake_is_told_with_its_line_and_no_secret() {
    let text = "[tokens.a]\nactor = \"\"\nhash = \"hunter2-hunter2\"\nscopes = [\"raed\"]\n\n\
                [tokens.\"b.c\"]\nactor = \"bob\"\nhash = \"sha256:12\"\nscopes = []\nexpires = \"tomorrow\"\nmust_mach = true\n\n\
                [tokens.d]\nactor = \"d\"\nsecret = \"hunter2-hunter2\"\nscopes = [\"read\"]\nreads_per_second = 0\n";
    let (_directory, path) = file("tokens.toml", text);
    let report = Tokens::from_file(&path).unwrap_err().to_string();
    for line in ["2", "4", "10", "11", "17"] {
        assert!(report.contains(&format!("tokens.toml:{line}:")), "line {line} in {report}");
    }
    assert!(report.contains("must_match"), "{report}");
    assert!(!report.contains("hunter2"), "{report}");
    let single = |text: &str| {
        let (_directory, path) = file("tokens.toml", text);
        Tokens::from_file(&path).unwrap_err().to_string()
    };
    let entry = "actor = \"a\"\nscopes = [\"read\"]\n";
    let plain = single(&format!("[tokens.a]\n{entry}hash = \"hunter2-hunter2\"\n"));
    assert!(plain.contains("tokens.toml:4:") && plain.contains("sha256sum") && !plain.contains("hunter2"), "{plain}");
    let hash = format!("hash = \"sha256:{}\"\n", "0".repeat(64));
    let secret = single(&format!("[tokens.a]\n{entry}{hash}secret = \"hunter2-hunter2\"\n"));
    assert!(secret.contains("holds no secrets") && !secret.contains("hunter2"), "{secret}");
    assert!(single(&format!("[tokens.\"a.b\"]\n{entry}{hash}")).contains("no dot"));
    assert!(single("").contains("names no token"));
    assert!(single(&format!("[tokens.a]\n{entry}{hash}[tokens.a]\n{entry}{hash}")).contains("tokens.toml:5:"));
    assert!(Tokens::from_file("/nowhere/tokens.toml").unwrap_err().to_string().contains("/nowhere/tokens.toml"));
}

#[test]
fn a_new_file_is_taken_without_a_restart_and_a_bad_one_changes_nothing() {
    let (old, old_text) = random("ann", Scopes::ALL);
    let (new, new_text) = random("ann", Scopes::ALL);
    let (directory, path) = file("tokens.toml", &old.entry());
    let site = Site::with(&[], |admin| admin.tokens(Tokens::from_file(&path).unwrap()));
    assert_eq!((status(&site, &old_text), status(&site, &new_text)), (200, 401));
    fs::write(&path, format!("{}\n{}", old.entry(), new.entry())).unwrap();
    await_status(&site, &new_text, 200);
    assert_eq!(status(&site, &old_text), 200);
    fs::write(&path, "[tokens.x]\nactor = 1").unwrap();
    std::thread::sleep(Duration::from_millis(1600));
    assert_eq!((status(&site, &old_text), status(&site, &new_text)), (200, 200), "the last good ones stay");
    let ready = site.send("GET", "/readyz", &[("authorization", &bearer(&old_text))], None).json();
    let reason = ready["reasons"][0].as_str().unwrap();
    assert!(reason.contains("tokens.toml:2:"), "{reason}");
    let next = directory.path().join("next");
    fs::write(&next, new.entry()).unwrap();
    fs::rename(next, &path).unwrap();
    await_status(&site, &old_text, 401);
    assert_eq!(status(&site, &new_text), 200);
}
