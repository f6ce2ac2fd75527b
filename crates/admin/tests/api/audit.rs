//! `GET /audit`: every attempt to change something, also refused ones, and never what was in it.

use serde_json::{Value as Json, json};
use strata_config_admin::auth::{Scope, Scopes, Token, Tokens};

use crate::site::{Site, TOKEN, bearer};

const READER: &str = "reader.0123456789abcdef";
const CAREFUL: &str = "careful.0123456789abcdef";

fn tokens() -> Tokens {
    let reader = Token::new("reader", READER, Scopes::from_iter([Scope::Read])).unwrap();
    let careful = Token::new("ann", CAREFUL, Scopes::ALL).unwrap().must_match();
    Tokens::new([Token::new("root", TOKEN, Scopes::ALL).unwrap(), reader, careful])
}

fn entries(site: &Site, query: &str) -> Vec<Json> {
    let reply = site.get(&format!("/api/v1/audit{query}"));
    assert_eq!(reply.status, 200, "{}", reply.text);
    reply.json()["entries"].as_array().unwrap().clone()
}

/// One attempt of every kind.
fn attempts(site: &Site) {
    let patch = |token: &str, headers: &[(&str, &str)], body: &str| {
        let header = bearer(token);
        let headers: Vec<_> = headers.iter().copied().chain([("authorization", header.as_str())]).collect();
        site.send("PATCH", "/api/v1/config", &headers, Some(body)).status
    };
    assert_eq!(patch(TOKEN, &[("idempotency-key", "a")], "{\"parallel\": 16}"), 200);
    assert_eq!(patch("root.a-wrong-secret-hunter2", &[], "{}"), 401);
    assert_eq!(patch(READER, &[], "{}"), 403);
    assert_eq!(patch(TOKEN, &[("if-match", "\"old\"")], "{\"parallel\": 17}"), 412);
    assert_eq!(patch(TOKEN, &[], "{\"password\": \"hunter2\", \"parallel\": 170}"), 422);
    assert_eq!(patch(CAREFUL, &[], "{\"parallel\": 17}"), 428);
    assert_eq!(patch(TOKEN, &[], "{\"password\": \"hunter2"), 400);
}

#[test]
fn every_attempt_is_there_with_who_and_what_became_of_it() {
    let site = Site::with(&[], |admin| admin.tokens(tokens()));
    attempts(&site);
    site.get("/api/v1/config");
    site.call("POST", "/api/v1/tickets", &json!({}));
    site.call("POST", "/api/v1/nothing", &json!({}));
    let all = entries(&site, "");
    let told = |name: &str| all.iter().map(|entry| entry[name].clone()).collect::<Vec<_>>();
    assert_eq!(told("status"), [400, 428, 422, 412, 403, 401, 200].map(Json::from), "newest first");
    let actors =
        [json!("root"), json!("ann"), json!("root"), json!("root"), json!("reader"), Json::Null, json!("root")];
    assert_eq!(told("actor"), actors);
    assert_eq!(told("token")[1], "careful");
    let problems = ["malformed", "unconditional", "invalid", "stale", "forbidden", "unauthorized"];
    assert_eq!(told("problem")[..6], problems.map(Json::from));
    let done = &all[6];
    assert_eq!((&done["revision"], &done["request"], &done["problem"]), (&json!(1), &json!("a"), &Json::Null));
    assert_eq!(
        (&done["method"], &done["path"], &done["address"]),
        (&json!("PATCH"), &json!("/api/v1/config"), &json!("127.0.0.1"))
    );
    assert!(done["at"].as_str().unwrap().ends_with('Z'));
    assert!(!site.get("/api/v1/audit").text.contains("hunter2"));
}

#[test]
fn entries_are_filtered_and_paged() {
    let site = Site::with(&[], |admin| admin.tokens(tokens()));
    attempts(&site);
    assert_eq!(entries(&site, "?actor=ann").len(), 1);
    assert_eq!(entries(&site, "?status=412").len(), 1);
    assert_eq!(entries(&site, "?path=/config").len(), 7);
    assert_eq!(entries(&site, "?path=/values").len(), 0);
    assert_eq!(entries(&site, "?until=2020-01-01T00:00:00Z").len(), 0);
    assert_eq!(entries(&site, "?since=2020-01-01T00:00:00Z").len(), 7);
    let mut statuses = Vec::new();
    let mut query = "?limit=3".to_owned();
    loop {
        let page = site.get(&format!("/api/v1/audit{query}")).json();
        statuses.extend(page["entries"].as_array().unwrap().iter().map(|entry| entry["status"].as_u64().unwrap()));
        let Some(next) = page["next"].as_str() else { break };
        query = format!("?limit=3&cursor={next}");
    }
    assert_eq!(statuses, [400, 428, 422, 412, 403, 401, 200]);
    for wrong in ["?limit=0", "?limit=1001", "?cursor=x", "?since=yesterday", "?nonsense=1"] {
        assert_eq!(site.get(&format!("/api/v1/audit{wrong}")).status, 400, "{wrong}");
    }
}

#[test]
fn only_an_administrator_reads_it() {
    let site = Site::with(&[], |admin| admin.tokens(tokens()));
    assert_eq!(site.send("GET", "/api/v1/audit", &[("authorization", &bearer(READER))], None).status, 403);
}

#[test]
fn a_change_is_in_the_file_when_it_is_answered() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("audit.jsonl");
    let site = Site::with(&[], |admin| admin.tokens(tokens()).audit_file(&path).unwrap());
    attempts(&site);
    site.call("PATCH", "/api/v1/config", &json!({"parallel": 20}));
    let text = std::fs::read_to_string(&path).unwrap();
    let lines: Vec<Json> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let statuses: Vec<_> = lines.iter().map(|line| line["status"].as_u64().unwrap()).collect();
    assert_eq!(statuses, [200, 401, 403, 412, 422, 428, 400, 200]);
    assert_eq!(lines[7]["revision"], 2);
    assert!(!text.contains("hunter2"));
}

#[test]
fn a_full_disk_stops_no_change() {
    let site = Site::with(&[], |admin| admin.audit_file("/dev/full").unwrap());
    let reply = site.call("PATCH", "/api/v1/config", &json!({"parallel": 20}));
    assert_eq!((reply.status, site.live.get().parallel), (200, 20));
    assert_eq!(entries(&site, "").len(), 1);
    let ready = site.get("/readyz").json();
    assert_eq!((ready["ready"].as_bool(), ready["condition"].as_str()), (Some(true), Some("degraded")));
    let reason = ready["reasons"][0].as_str().unwrap();
    assert!(reason.contains("audit") && reason.contains("1 entries wait, 0 are lost"), "{reason}");
}

#[test]
fn a_file_that_cannot_be_written_is_refused_at_once() {
    let site = Site::start();
    let error = strata_config_admin::router(&site.live).audit_file("/nowhere/audit.jsonl").unwrap_err();
    assert_eq!(error.kind(), std::io::ErrorKind::NotFound);
}
