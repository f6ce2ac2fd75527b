//! `/healthz` and `/readyz`: what those who run the process ask.

use crate::site::{Site, TOKEN, bearer};

#[test]
fn everybody_is_told_that_the_process_answers() {
    let site = Site::start();
    let reply = site.send("GET", "/healthz", &[], None);
    assert_eq!((reply.status, reply.json()["status"].as_str()), (200, Some("ok")));
}

#[test]
fn a_store_that_takes_no_changes_is_not_ready_and_only_readers_are_told_why() {
    let site = Site::start();
    let reply = site.send("GET", "/readyz", &[], None);
    assert_eq!((reply.status, reply.json()["ready"].as_bool()), (200, Some(true)), "{}", reply.text);

    let folder = tempfile::tempdir().unwrap();
    let broken = Site::on_store(folder.path());
    assert_eq!(broken.send("GET", "/readyz", &[], None).status, 200);
    broken.call("PATCH", "/api/v1/config", &serde_json::json!({"parallel": 9}));
    std::fs::remove_dir_all(folder.path()).unwrap();
    std::fs::write(folder.path(), "no folder").unwrap();
    broken.call("PATCH", "/api/v1/config", &serde_json::json!({"parallel": 10}));
    let reply = broken.send("GET", "/readyz", &[], None);
    assert_eq!(reply.status, 503, "{}", reply.text);
    assert_eq!(reply.header("content-type"), "application/problem+json");
    let path = folder.path().display().to_string();
    assert!(!reply.text.contains(&path), "{}", reply.text);
    let reply = broken.send("GET", "/readyz", &[("authorization", &bearer(TOKEN))], None);
    assert!(reply.json()["reasons"].to_string().len() > 2 && reply.status == 503, "{}", reply.text);
    std::fs::remove_file(folder.path()).unwrap();
}
