//! Seed 003 over HTTP, below `/api/learning`, over a socket of the real binary.

use serde_json::json;

use crate::server::Server;

const CONFIG: &str = "/api/learning/config";
const STATUS: &str = "/api/learning/status";
const VALIDATE: &str = "/api/learning/validate";

#[test]
fn get_status_has_the_health_of_the_cache() {
    let folder = tempfile::tempdir().unwrap();
    let line = "learning serve --listen 127.0.0.1:0 --store file:kept?copy=copy";
    let server = Server::run(folder.path(), line, &[]);
    let status = server.get(STATUS).of(200);
    assert_eq!((&status["cache_health"], &status["condition"]), (&json!("healthy"), &json!("healthy")));
    let stats = status["cache_stats"].as_object().unwrap();
    assert!(["hits", "misses", "age_seconds"].iter().all(|name| stats.contains_key(*name)), "{status}");
}

#[test]
fn get_status_without_a_copy_has_no_figures_of_one() {
    let status = Server::start("learning", &[]).get(STATUS).of(200);
    assert_eq!((&status["cache_health"], &status["cache_stats"]), (&json!("healthy"), &json!(null)));
}

#[test]
fn post_validate_answers_is_valid_and_applies_nothing() {
    let server = Server::start("learning", &[]);
    let before = server.get(CONFIG).of(200);
    let answer = server.call("POST", VALIDATE, &json!({"security": {"rate_limit_per_minute": 30}})).of(200);
    assert_eq!(answer["is_valid"], true, "{answer}");
    let answer = server.call("POST", VALIDATE, &json!({"security": {"rate_limit_per_minute": "often"}})).of(200);
    assert_eq!((&answer["is_valid"], answer["errors"].as_array().unwrap().len()), (&json!(false), 1), "{answer}");
    assert_eq!(server.get(CONFIG).of(200), before);
}

#[test]
fn patch_config_is_in_effect_and_told_by_both_mounts() {
    let server = Server::start("learning", &[]);
    server.call("PATCH", CONFIG, &json!({"security": {"rate_limit_per_minute": 30}})).of(200);
    for path in [CONFIG, "/api/v1/config"] {
        assert_eq!(server.get(path).of(200)["security"]["rate_limit_per_minute"], 30, "{path}");
    }
}
