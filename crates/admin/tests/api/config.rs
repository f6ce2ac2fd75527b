//! `/config`: the whole configuration, read and patched.

use serde_json::json;

use crate::site::{Site, TOKEN, bearer};

#[test]
fn the_configuration_is_read_with_its_etag_and_without_secrets() {
    let site = Site::with(&[("PARALLEL", "16"), ("PASSWORD", "hunter2")], |admin| admin);
    let reply = site.get("/api/v1/config");
    assert_eq!(reply.status, 200);
    assert_eq!(reply.json()["parallel"], 16);
    assert_eq!(reply.json()["password"], json!({"$secret": true}));
    let unchanged = site.send(
        "GET",
        "/api/v1/config",
        &[("authorization", &bearer(TOKEN)), ("if-none-match", reply.header("etag"))],
        None,
    );
    assert_eq!((unchanged.status, unchanged.text.as_str()), (304, ""));
}

#[test]
fn a_patch_is_in_effect_when_it_is_answered() {
    let site = Site::start();
    let reply = site.call("PATCH", "/api/v1/config", &json!({"parallel": 32, "db": {"pool_size": 5}}));
    assert_eq!((reply.status, reply.json()["revision"].as_u64()), (200, Some(1)), "{}", reply.text);
    assert_eq!(site.live.get().parallel, 32);
    assert_eq!(reply.header("etag"), site.get("/api/v1/config").header("etag"));
    assert_eq!(site.live.get().db.name, "main");
}

#[test]
fn a_mistake_is_told_with_its_pointer_and_changes_nothing() {
    let site = Site::start();
    let reply = site.call("PATCH", "/api/v1/config", &json!({"parallel": 32, "db": {"pool_size": 50, "nam": "x"}}));
    assert_eq!(reply.status, 422);
    assert_eq!(reply.header("content-type"), "application/problem+json");
    let pointers: Vec<_> =
        reply.json()["errors"].as_array().unwrap().iter().map(|error| error["pointer"].clone()).collect();
    assert!(pointers.contains(&json!("/db/pool_size")) && pointers.contains(&json!("/db/nam")), "{pointers:?}");
    assert_eq!(site.live.get().parallel, 8);
}

#[test]
fn nobody_without_a_token_is_told_anything() {
    let site = Site::start();
    for headers in
        [&[][..], &[("authorization", "Bearer root.0123456789abcdeX")], &[("authorization", "Basic cm9vdDp4")]]
    {
        let reply = site.send("PATCH", "/api/v1/config", headers, Some("{"));
        assert_eq!((reply.status, reply.json()["title"].as_str()), (401, Some("Unauthorized")));
    }
}
