//! Seed 001 over HTTP, below `/api/dual-write`, over a socket of the real binary.

use serde_json::json;

use crate::server::Server;

const CONFIG: &str = "/api/dual-write/config";
const STATUS: &str = "/api/dual-write/status";

#[test]
fn get_status_has_the_summary() {
    let server = Server::start("dual-write", &[("DUAL_WRITE_PERFORMANCE_PERCENTAGE", "30")]);
    let summary = server.get(STATUS).of(200)["summary"].clone();
    assert_eq!(
        summary["categories"][1],
        json!({"category": "performance", "enabled": true, "percentage": 30, "adapters": ["websocket"],
            "dual_write": false})
    );
    assert_eq!((&summary["global_override"], &summary["condition"]), (&json!(null), &json!("healthy")));
    assert_eq!(summary["adapter_status"].as_array().unwrap().len(), 2);
}

#[test]
fn patch_config_is_in_effect_in_the_summary() {
    let server = Server::start("dual-write", &[]);
    let patch = json!({"categories": {"debug": {"enabled": true, "percentage": 10, "adapters": ["realtime"]}}});
    assert_eq!(server.call("PATCH", CONFIG, &patch).of(200)["revision"], 1);
    let debug = server.get(STATUS).of(200)["summary"]["categories"][4].clone();
    assert_eq!((&debug["percentage"], &debug["adapters"]), (&json!(10), &json!(["realtime"])));
    assert_eq!(server.get(CONFIG).of(200), server.get("/api/v1/config").of(200));
}

#[test]
fn patch_config_with_a_mistake_changes_nothing() {
    let server = Server::start("dual-write", &[]);
    let patch = json!({"categories": {"debug": {"enabled": true, "percentage": 101}}});
    let problem = server.call("PATCH", CONFIG, &patch).of(422);
    assert_eq!(problem["errors"][0]["path"], "categories.debug.percentage");
    assert_eq!(server.get(STATUS).of(200)["summary"]["categories"][4]["enabled"], false);
}
