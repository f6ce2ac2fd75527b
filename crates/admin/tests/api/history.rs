//! `/history` and `/notifications`: what was changed, page by page, and the way back.

use serde_json::{Value as Json, json};

use crate::site::Site;

/// A server where three people made six changes.
fn changed() -> Site {
    let site = Site::start();
    for (value, actor) in [(1, "ann"), (2, "bob"), (3, "ann"), (4, "eve"), (5, "ann")] {
        site.live.set("parallel", value, actor).unwrap();
    }
    let change = json!({"db": {"pool_size": 9, "name": "other"}});
    let reply = site.call("PATCH", "/api/v1/config?reason=a%20crowd&tags=launch,%20night", &change);
    assert_eq!(reply.status, 200, "{}", reply.text);
    site
}

fn revisions(entries: &Json) -> Vec<u64> {
    entries["entries"].as_array().unwrap().iter().map(|entry| entry["revision"].as_u64().unwrap()).collect()
}

#[test]
fn entries_say_who_what_why_and_when_the_newest_first() {
    let site = changed();
    let all = site.get("/api/v1/history").json();
    assert_eq!(revisions(&all), [6, 5, 4, 3, 2, 1]);
    let newest = &all["entries"][0];
    assert_eq!(
        (&newest["actor"], &newest["source"], &newest["reason"]),
        (&json!("root"), &json!("api"), &json!("a crowd"))
    );
    assert_eq!(newest["tags"], json!(["launch", "night"]));
    assert_eq!(newest["changes"][0], json!({"path": "db.pool_size", "old": 4, "new": 9, "reload": "live"}));
    assert_eq!(site.get("/api/v1/history/6").json(), *newest);
    assert_eq!(site.get("/api/v1/history/7").status, 404);
    assert_eq!(site.get("/api/v1/history/new").status, 404);
}

#[test]
fn filters_narrow_what_is_found() {
    let site = changed();
    let found = |query: &str| revisions(&site.get(&format!("/api/v1/history?{query}")).json());
    assert_eq!(found("actor=ann"), [5, 3, 1]);
    assert_eq!(found("path=db"), [6]);
    assert_eq!(found("tag=night"), [6]);
    assert_eq!(found("from=2&to=4"), [4, 3, 2]);
    assert_eq!(found("since=2999-01-01T00:00:00Z"), [0; 0]);
    assert_eq!(found("until=2999-01-01T00:00:00Z&actor=eve"), [4]);
}

#[test]
fn pages_follow_one_another_without_gaps_or_doubles() {
    let site = changed();
    let mut found = Vec::new();
    let mut cursor = String::new();
    loop {
        let page = site.get(&format!("/api/v1/history?limit=2&actor=ann{cursor}")).json();
        found.extend(revisions(&page));
        // A change in between moves nothing.
        site.live.set("parallel", 10 + found.len(), "bob").unwrap();
        match page["next"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => break,
        }
    }
    assert_eq!(found, [5, 3, 1]);
}

#[test]
fn wrong_words_are_told() {
    let site = Site::start();
    for query in ["limit=0", "limit=1001", "limit=many", "cursor=x", "since=yesterday", "from=-1", "limit=1&limit=2"] {
        let reply = site.get(&format!("/api/v1/history?{query}"));
        assert_eq!((reply.status, reply.header("content-type")), (400, "application/problem+json"), "{query}");
    }
}

#[test]
fn notifications_are_one_a_setting_and_pages_may_end_within_a_change() {
    let site = changed();
    let mut found = Vec::new();
    let mut path = "/api/v1/notifications?limit=1".to_owned();
    loop {
        let page = site.get(&path).json();
        for told in page["notifications"].as_array().unwrap() {
            found.push((
                told["revision"].as_u64().unwrap(),
                told["key"].as_str().unwrap().to_owned(),
                told["user"].clone(),
            ));
        }
        match page["next"].as_str() {
            Some(next) => path = format!("/api/v1/notifications?limit=1&cursor={next}"),
            None => break,
        }
    }
    let keys: Vec<_> = found.iter().map(|(revision, key, _)| (*revision, key.as_str())).collect();
    assert_eq!(
        keys,
        [
            (6, "db.pool_size"),
            (6, "db.name"),
            (5, "parallel"),
            (4, "parallel"),
            (3, "parallel"),
            (2, "parallel"),
            (1, "parallel")
        ]
    );
    assert_eq!(found[0].2, "root");
    let of_section = site.get("/api/v1/notifications?path=db").json();
    assert_eq!(of_section["notifications"].as_array().unwrap().len(), 2);
    assert_eq!(of_section["notifications"][1]["old_value"], "main");
}

#[test]
fn a_revision_is_the_way_back_and_a_dry_run_tells_what_it_would_do() {
    let site = changed();
    let tried = site.call("POST", "/api/v1/history/2/rollback?dry_run=true", &json!({}));
    assert_eq!((tried.status, tried.json()["changes"].as_array().unwrap().len()), (200, 3), "{}", tried.text);
    assert_eq!(site.live.get().parallel, 5);
    let done = site.call("POST", "/api/v1/history/2/rollback", &json!({}));
    assert_eq!((done.status, done.json()["revision"].as_u64()), (200, Some(7)));
    assert_eq!((site.live.get().parallel, site.live.get().db.name.as_str()), (2, "main"));
    assert_eq!(site.get("/api/v1/history/7").json()["reason"], "rollback to revision 2");
    assert_eq!(site.call("POST", "/api/v1/history/99/rollback", &json!({})).status, 404);
}
