//! The store as a whole: backup and restore, verify, reload; and the schema.

use serde_json::json;

use crate::site::{Site, TOKEN, bearer};

#[test]
fn a_backup_is_taken_over_by_a_new_server_with_its_history() {
    let old = Site::start();
    old.live.set("parallel", 16, "ann").unwrap();
    old.live.set("parallel", 32, "bob").unwrap();
    let backup = old.get("/api/v1/backup");
    assert!(backup.header("content-disposition").contains("Config-backup.json"));

    let new = Site::start();
    let headers = [("authorization", bearer(TOKEN))];
    let headers: Vec<(&str, &str)> = headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let done = new.send("POST", "/api/v1/restore", &headers, Some(&backup.text));
    assert_eq!((done.status, new.live.get().parallel), (200, 32), "{}", done.text);
    assert_eq!(new.get("/api/v1/history/1").json()["actor"], "ann");
    assert_eq!(new.get("/api/v1/verify").json()["intact"], true);

    let tampered = backup.text.replace("\"ann\"", "\"eve\"");
    let refused = new.send("POST", "/api/v1/restore", &headers, Some(&tampered));
    assert_eq!((refused.status, new.live.get().parallel), (422, 32), "{}", refused.text);
    assert_eq!(new.send("POST", "/api/v1/restore", &headers, Some("{}")).status, 422);
}

#[test]
fn sources_are_read_again_when_asked_for() {
    let site = Site::start();
    let reply = site.call("POST", "/api/v1/reload", &json!({}));
    assert_eq!((reply.status, reply.json()), (200, json!({"changed": false, "revision": 0})));
    assert_eq!(site.call("POST", "/api/v1/reload", &json!({"source": "nowhere"})).status, 404);
}

#[test]
fn the_schema_is_one() {
    let site = Site::start();
    let reply = site.get("/api/v1/schema");
    assert_eq!(reply.header("content-type"), "application/schema+json");
    assert_eq!(reply.json()["properties"]["parallel"]["maximum"], 64);
}
