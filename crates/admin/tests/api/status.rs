//! `GET /status`: how everything is doing.

use serde_json::json;

use crate::site::Site;

#[test]
fn the_status_tells_what_is_in_effect_and_who_asks() {
    let site = Site::with(&[("PARALLEL", "16")], |admin| admin.name("shop"));
    site.call("PATCH", "/api/v1/config", &json!({"port": 9090, "db": {"pool_size": 6}}));
    let reply = site.get("/api/v1/status");
    let status = reply.json();
    assert_eq!((reply.status, &status["name"], &status["condition"]), (200, &json!("shop"), &json!("healthy")));
    assert_eq!((&status["revision"], &status["store_revision"]), (&json!(1), &json!(1)));
    assert_eq!(status["etag"], site.get("/api/v1/config").header("etag"));
    assert_eq!((&status["sources"]["env"], &status["sources"]["runtime"]), (&json!(1), &json!(2)));
    assert_eq!(status["pending"][0]["path"], "port");
    assert_eq!(status["statistics"]["writes"], 1);
    assert_eq!((&status["flags"]["count"], &status["flags"]["kill_switch"]), (&json!(0), &json!(false)));
    assert_eq!((&status["caller"]["actor"], &status["caller"]["expires"]), (&json!("root"), &json!(null)));
    assert_eq!(status["progress"], json!([]));
}
