//! `POST /values/batch` and `POST /validate`: several changes at once, and changes that are only tried.

use serde_json::json;

use crate::site::{Site, TOKEN, bearer};

#[test]
fn a_batch_is_made_as_a_whole() {
    let site = Site::start();
    let batch = json!({"updates": [{"path": "parallel", "value": 16, "description": "one"},
        {"key": "db.pool_size", "value": 5, "source": "ticket", "description": "two"}]});
    let reply = site.call("POST", "/api/v1/values/batch", &batch);
    assert_eq!((reply.status, &reply.json()["revision"]), (200, &json!(1)), "{}", reply.text);
    assert_eq!(reply.json()["results"], json!({"parallel": true, "db.pool_size": true}));
    assert_eq!((site.live.get().parallel, site.live.get().db.pool_size), (16, 5));
    let entry = &site.live.history(&strata_config_store::HistoryQuery::newest(1)).unwrap()[0];
    assert_eq!((entry.reason.as_deref(), &entry.tags[..]), (Some("one; two"), &["source:ticket".to_owned()][..]));
    let back = site.call("POST", "/api/v1/values/batch", &json!({"unset": ["parallel", "db"]}));
    assert_eq!((back.status, site.live.get().parallel), (200, 8));
}

#[test]
fn a_batch_with_a_mistake_changes_nothing_and_says_which_one_it_was() {
    let site = Site::start();
    let batch = json!({"updates": [{"path": "parallel", "value": 16}, {"path": "db.pool_size", "value": 50}],
        "create_snapshot": true});
    let reply = site.call("POST", "/api/v1/values/batch", &batch);
    assert_eq!((reply.status, &reply.json()["results"]), (422, &json!({"parallel": true, "db.pool_size": false})));
    assert!(reply.json()["errors"][0]["at"].as_str().unwrap().contains("body.json:1:"), "{}", reply.text);
    assert_eq!((site.live.get().parallel, site.live.snapshots().unwrap().len()), (8, 0));
    let unknown = json!({"updates": [{"path": "paralel", "value": 16}]});
    assert_eq!(site.call("POST", "/api/v1/values/batch", &unknown).status, 422);
    for body in [
        json!({}),
        json!({"updates": [{"value": 1}]}),
        json!({"updates": [{"path": "parallel"}]}),
        json!({"updates": [{"path": "db.name", "value": 1}], "unset": ["db"]}),
        json!({"unset": [1]}),
        json!({"unset": ["parallel"], "create_snapshots": true}),
    ] {
        assert_eq!(site.call("POST", "/api/v1/values/batch", &body).status, 400, "{body}");
    }
}

#[test]
fn a_batch_keeps_the_state_before_where_that_is_asked_for() {
    let site = Site::start();
    site.call("PUT", "/api/v1/values/parallel", &json!({"value": 9}));
    let batch = json!({"updates": [{"path": "parallel", "value": 16}], "create_snapshot": true,
        "snapshot_description": "before the sale"});
    let reply = site.call("POST", "/api/v1/values/batch?dry_run=true", &batch);
    assert_eq!((&reply.json()["snapshot"], site.live.snapshots().unwrap().len()), (&json!(null), 0));
    let reply = site.call("POST", "/api/v1/values/batch", &batch);
    assert_eq!(reply.json()["snapshot"]["description"], "before the sale", "{}", reply.text);
    assert_eq!(reply.json()["snapshot"]["revision"], 1);
    site.live
        .rollback(&strata_config_reload::Point::Snapshot(reply.json()["snapshot"]["id"].as_str().unwrap().into()), "t")
        .unwrap();
    assert_eq!(site.live.get().parallel, 9);
}

#[test]
fn a_batch_that_a_veto_refuses_leaves_no_snapshot() {
    let site = Site::start();
    site.live.veto("freeze", |_| Err("no changes today".to_owned()));
    let batch = json!({"updates": [{"path": "parallel", "value": 16}], "create_snapshot": true});
    let reply = site.call("POST", "/api/v1/values/batch", &batch);
    assert_eq!((reply.status, &reply.json()["type"]), (422, &json!("urn:strata:problem:vetoed")));
    assert_eq!(reply.json()["results"], json!({"parallel": false}));
    assert!(site.live.snapshots().unwrap().is_empty());
}

#[test]
fn a_setting_may_be_called_batch_as_the_route_is() {
    let site = Site::start();
    assert_eq!(site.get("/api/v1/values/batch").json()["value"], 100);
    assert_eq!(site.call("PUT", "/api/v1/values/batch", &json!({"value": 50})).status, 200);
    assert_eq!(site.live.get().batch, 50);
    let reply = site.send("DELETE", "/api/v1/values/batch", &[("authorization", &bearer(TOKEN))], None);
    assert_eq!((reply.status, site.live.get().batch), (200, 100));
}

#[test]
fn a_patch_is_tried_without_being_made() {
    let site = Site::start();
    let good = site.call("POST", "/api/v1/validate", &json!({"parallel": 16, "port": 9})).json();
    assert_eq!((&good["valid"], &good["changes"][0]["new"]), (&json!(true), &json!(16)));
    assert_eq!(good["pending"][0]["path"], "port");
    let bad = site.call("POST", "/api/v1/validate", &json!({"parallel": 160, "nonsense": 1}));
    assert_eq!((bad.status, &bad.json()["valid"]), (200, &json!(false)));
    assert_eq!(bad.json()["errors"].as_array().unwrap().len(), 2, "{}", bad.text);
    assert!(bad.json()["errors"][0]["at"].as_str().unwrap().contains("body.json:1:"));
    site.live.veto("freeze", |_| Err("no changes today".to_owned()));
    let vetoed = site.call("POST", "/api/v1/validate", &json!({"parallel": 16})).json();
    assert_eq!((&vetoed["valid"], &vetoed["errors"][0]["code"]), (&json!(false), &json!("vetoed")));
    assert_eq!((site.live.get().parallel, site.live.store_revision()), (8, 0));
    let unreadable = site.send("POST", "/api/v1/validate", &[("authorization", &bearer(TOKEN))], Some("{"));
    assert_eq!(unreadable.status, 400);
    assert_eq!(site.call("POST", "/api/v1/validate", &json!([1])).status, 400);
}
