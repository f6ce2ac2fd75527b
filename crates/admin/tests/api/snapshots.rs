//! `/snapshots`: states that are kept, and the way back to them.

use serde_json::json;

use crate::site::{Site, TOKEN, bearer};

#[test]
fn a_snapshot_is_kept_listed_compared_and_gone_back_to() {
    let site = Site::start();
    site.live.set("parallel", 16, "ann").unwrap();
    let made = site.call("POST", "/api/v1/snapshots", &json!({"description": "before", "tags": ["night"]}));
    assert_eq!(made.status, 201, "{}", made.text);
    let id = made.json()["id"].as_str().unwrap().to_owned();
    assert_eq!((&made.json()["revision"], &made.json()["actor"]), (&json!(1), &json!("root")));

    site.live.update(&json!({"parallel": 32, "db": {"name": "other"}}), "bob").unwrap();
    let detail = site.get(&format!("/api/v1/snapshots/{id}")).json();
    assert_eq!(detail["description"], "before");
    assert_eq!(detail["changes"][0], json!({"path": "parallel", "old": 32, "new": 16, "reload": "live"}));
    assert_eq!(detail["changes"].as_array().unwrap().len(), 2);

    let back = site.call("POST", &format!("/api/v1/snapshots/{id}/rollback"), &json!({}));
    assert_eq!((back.status, site.live.get().parallel, site.live.get().db.name.as_str()), (200, 16, "main"));
    assert_eq!(site.get("/api/v1/history/3").json()["reason"], json!(format!("rollback to snapshot {id}")));

    let gone = site.send("DELETE", &format!("/api/v1/snapshots/{id}"), &[("authorization", &bearer(TOKEN))], None);
    assert_eq!((gone.status, gone.json()), (200, json!({"id": id, "deleted": true})));
    for (method, path) in [("GET", ""), ("DELETE", ""), ("POST", "/rollback")] {
        let path = format!("/api/v1/snapshots/{id}{path}");
        assert_eq!(site.send(method, &path, &[("authorization", &bearer(TOKEN))], None).status, 404, "{method}");
    }
}

#[test]
fn snapshots_come_the_newest_first_and_in_pages() {
    let site = Site::start();
    let made: Vec<String> = (0..3)
        .map(|number| {
            let made = site.call("POST", "/api/v1/snapshots", &json!({"description": number.to_string()}));
            made.json()["id"].as_str().unwrap().to_owned()
        })
        .collect();
    let first = site.get("/api/v1/snapshots?limit=2").json();
    let ids = |page: &serde_json::Value| -> Vec<String> {
        page["snapshots"].as_array().unwrap().iter().map(|one| one["id"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(ids(&first), [made[2].as_str(), &made[1]]);
    let rest = site.get(&format!("/api/v1/snapshots?limit=2&cursor={}", first["next"].as_str().unwrap())).json();
    assert_eq!((ids(&rest), &rest["next"]), (vec![made[0].clone()], &json!(null)));
}

#[test]
fn what_can_not_be_meant_is_refused() {
    let site = Site::start();
    for body in [json!({"descripton": "x"}), json!({"tags": "x"}), json!([])] {
        assert_eq!(site.call("POST", "/api/v1/snapshots", &body).status, 400, "{body}");
    }
    assert_eq!(site.call("POST", "/api/v1/snapshots?dry_run=true", &json!({})).status, 400);
    assert_eq!(site.get("/api/v1/snapshots").json()["snapshots"], json!([]));
    assert_eq!(site.send("POST", "/api/v1/snapshots", &[("authorization", &bearer(TOKEN))], None).status, 201);
}
