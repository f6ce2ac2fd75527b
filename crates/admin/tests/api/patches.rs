//! JSON patches (RFC 6902) of `/config`: applied as the document says, all of it or nothing.

use serde_json::{Value as Json, json};

use crate::site::{Reply, Site, TOKEN, bearer};

fn patch(site: &Site, headers: &[(&str, &str)], operations: &Json) -> Reply {
    let token = bearer(TOKEN);
    let mut all = vec![("authorization", token.as_str()), ("content-type", "application/json-patch+json")];
    all.extend(headers);
    site.send("PATCH", "/api/v1/config", &all, Some(&operations.to_string()))
}

#[test]
fn operations_are_applied_in_their_order_as_one_change() {
    let site = Site::start();
    let reply = patch(
        &site,
        &[],
        &json!([
            {"op": "test", "path": "/parallel", "value": 8},
            {"op": "replace", "path": "/parallel", "value": 16},
            {"op": "add", "path": "/hosts/-", "value": "one"},
            {"op": "add", "path": "/hosts/0", "value": "zero"},
            {"op": "add", "path": "/labels/a.b~1c", "value": "x"},
            {"op": "copy", "from": "/labels/a.b~1c", "path": "/labels/copy"},
            {"op": "move", "from": "/hosts/0", "path": "/db/name"},
        ]),
    );
    assert_eq!((reply.status, &reply.json()["revision"]), (200, &json!(1)), "{}", reply.text);
    let config = site.get("/api/v1/config").json();
    assert_eq!((&config["parallel"], &config["hosts"]), (&json!(16), &json!(["one"])));
    assert_eq!(config["labels"], json!({"a.b/c": "x", "copy": "x"}));
    assert_eq!(config["db"]["name"], "zero");
    let reply = patch(&site, &[], &json!([{"op": "remove", "path": "/labels/copy"}]));
    assert_eq!((reply.status, site.live.get().labels.len()), (200, 1));
}

#[test]
fn what_does_not_fit_changes_nothing() {
    let site = Site::with(&[("DB_NAME", "shop")], |admin| admin);
    for (operations, status) in [
        (json!([{"op": "replace", "path": "/parallel", "value": 9}, {"op": "test", "path": "/port", "value": 1}]), 409),
        (json!([{"op": "remove", "path": "/nothing"}]), 409),
        (json!([{"op": "add", "path": "/hosts/7", "value": "x"}]), 409),
        (json!([{"op": "replace", "path": "/parallel", "value": 900}]), 422),
        (json!([{"op": "add", "path": "/nothing", "value": 9}]), 422),
        (json!([{"op": "remove", "path": "/db/name"}]), 422),
        (json!([{"op": "increase", "path": "/parallel"}]), 400),
        (json!({"op": "remove", "path": "/parallel"}), 400),
        (json!([{"op": "replace", "path": "", "value": 1}]), 400),
    ] {
        let reply = patch(&site, &[], &operations);
        assert_eq!(reply.status, status, "{operations}: {}", reply.text);
    }
    let kept = patch(&site, &[], &json!([{"op": "remove", "path": "/db/name"}])).json();
    assert!(kept["errors"][0]["message"].as_str().unwrap().contains("shop"), "{kept}");
    assert_eq!((site.live.store_revision(), site.live.get().parallel), (0, 8));
}

#[test]
fn a_retry_is_answered_as_the_first_time_though_its_test_fails_now() {
    let site = Site::start();
    let operations = json!([
        {"op": "test", "path": "/parallel", "value": 8}, {"op": "replace", "path": "/parallel", "value": 9},
    ]);
    let headers = [("idempotency-key", "once")];
    assert_eq!(patch(&site, &headers, &operations).json()["replayed"], false);
    let again = patch(&site, &headers, &operations);
    assert_eq!((again.status, &again.json()["replayed"]), (200, &json!(true)), "{}", again.text);
    assert_eq!((patch(&site, &[], &operations).status, site.live.store_revision()), (409, 1));
}

#[test]
fn a_body_of_another_kind_is_told_which_are_read() {
    let site = Site::start();
    let headers = [("authorization", &*bearer(TOKEN)), ("content-type", "text/csv")];
    let reply = site.send("PATCH", "/api/v1/config", &headers, Some("a,b"));
    assert_eq!(reply.status, 415);
    assert!(reply.header("accept-patch").contains("application/json-patch+json"), "{:?}", reply.headers);
}
