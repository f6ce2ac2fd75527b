//! Every route of seed 000, section 6, over a socket of the real binary.

use serde_json::{Value as Json, json};

use crate::server::{Server, TOKEN};

const CONFIG: &str = "/api/admin/phase2a/config";
const ROLLOUT: &str = "/api/admin/phase2a/rollout";
const DISABLE: &str = "/api/admin/phase2a/emergency-disable";
const VALIDATE: &str = "/api/admin/phase2a/validate";
const RESTORE: &str = "/api/admin/phase2a/emergency-restore";

fn start() -> Server {
    Server::start("phase2a", &[])
}

/// What the server runs with.
fn at(server: &Server, path: &str) -> Json {
    path.split('.').fold(server.get("/api/v1/config").of(200), |value, key| value[key].clone())
}

#[test]
fn get_config_answers_success_and_data() {
    let server = Server::start("phase2a", &[("HTTP_POOL_SIZE", "50")]);
    let answer = server.get(CONFIG).of(200);
    assert_eq!(answer["success"], true);
    assert_eq!(answer["data"]["connection_pool"]["http_total_pool_size"], 50);
    assert_eq!(answer["data"]["global_rollout_strategy"], "disabled");
    // Ours stand beside.
    assert_eq!(answer["connection_pool"], answer["data"]["connection_pool"]);
    assert_eq!(server.get(CONFIG).header("etag"), server.get("/api/v1/config").header("etag"));
}

#[test]
fn put_config_merges_deeply_and_stores() {
    let server = start();
    let answer = server.call("PUT", CONFIG, &json!({"connection_pool": {"db_pool_size": 7}})).of(200);
    assert_eq!((&answer["success"], &answer["message"]), (&json!(true), &json!("Configuration updated successfully")));
    assert_eq!((&answer["revision"], &answer["stored"]), (&json!(1), &json!(true)));
    assert_eq!(at(&server, "connection_pool.db_pool_size"), 7);
    assert_eq!(at(&server, "connection_pool.http_total_pool_size"), 100, "its siblings stay");
}

#[test]
fn put_config_without_data_is_400() {
    let server = start();
    let problem = server.call("PUT", CONFIG, &json!({})).of(400);
    assert_eq!((&problem["success"], &problem["error"]), (&json!(false), &json!("No configuration data provided")));
    for body in [json!([]), Json::Null] {
        assert_eq!(server.call("PUT", CONFIG, &body).of(400)["success"], false);
    }
    let problem = server.send("PUT", CONFIG, &[("authorization", format!("Bearer {TOKEN}"))], None).of(400);
    assert_eq!(problem["success"], false);
}

#[test]
fn put_config_with_mistakes_tells_all_of_them_and_changes_nothing() {
    let server = start();
    let patch = json!({"max_memory_usage_mb": 600, "connection_pool": {"db_pool_size": 100, "enabled": false}});
    let reply = server.call("PUT", CONFIG, &patch);
    assert_eq!(reply.header("content-type"), "application/problem+json");
    let problem = reply.of(422);
    assert_eq!((&problem["success"], problem["errors"].as_array().unwrap().len()), (&json!(false), 2));
    let error = problem["error"].as_str().unwrap();
    assert!(error.contains("max_memory_usage_mb: ") && error.contains("connection_pool.db_pool_size: "), "{error}");
    assert_eq!(at(&server, "connection_pool.enabled"), true);
}

#[test]
fn get_rollout_answers_the_seeds_statistics() {
    let server = Server::start("phase2a", &[("PHASE_2A_ENABLED", "true"), ("PHASE_2A_ROLLOUT", "canary")]);
    let answer = server.get(ROLLOUT).of(200);
    assert_eq!(answer["success"], true);
    let data = &answer["data"];
    assert_eq!((&data["phase_2a_enabled"], &data["global_rollout_percentage"]), (&json!(true), &json!(0.0)));
    for component in ["connection_pool", "request_pipeline"] {
        assert_eq!((&data[component]["strategy"], &data[component]["percentage"]), (&json!("canary"), &json!(5.0)));
        assert_eq!((&data[component]["enabled"], &data[component]["status"]), (&json!(true), &json!("enabled")));
    }
    let counts = ["cache_entries", "forced_enabled_count", "forced_disabled_count"].map(|name| &data[name]);
    assert_eq!(counts, [0, 0, 0]);
}

#[test]
fn get_rollout_says_whether_a_component_has_the_load_that_proves_something() {
    let server = start();
    let statistics = server.get(ROLLOUT).of(200);
    assert_eq!(statistics["connection_pool"]["has_target_load"], false);
    assert_eq!(statistics["connection_pool"]["requests_per_minute"], 0);
}

#[test]
fn post_rollout_sets_strategy_and_percentage() {
    let server = Server::start("phase2a", &[("PHASE_2A_ENABLED", "true")]);
    let answer = server.call("POST", ROLLOUT, &json!({"global_strategy": "custom", "percentage": 12.5})).of(200);
    assert_eq!(answer["success"], true);
    assert_eq!(answer["message"], "Rollout configuration updated successfully");
    assert_eq!(at(&server, "global_rollout_strategy"), "custom");
    assert_eq!(server.get(ROLLOUT).of(200)["connection_pool"]["percentage"], 12.5);
}

#[test]
fn post_rollout_of_a_percentage_that_does_not_count_says_so() {
    let server = start();
    let answer = server.call("POST", ROLLOUT, &json!({"percentage": 10})).of(200);
    let message = answer["message"].as_str().unwrap();
    assert!(message.contains("`custom`") && message.contains("`disabled`"), "{message}");
}

#[test]
fn post_rollout_of_an_unknown_strategy_lists_the_valid_ones() {
    let server = start();
    let problem = server.call("POST", ROLLOUT, &json!({"global_strategy": "everyone"})).of(422);
    assert_eq!(problem["success"], false);
    let error = problem["error"].as_str().unwrap();
    for strategy in ["disabled", "canary", "gradual", "majority", "full", "custom"] {
        assert!(error.contains(strategy), "{error}");
    }
    assert_eq!(problem["errors"][0]["pointer"], "/global_rollout_strategy");
}

#[test]
fn post_rollout_of_more_than_100_per_cent_is_refused() {
    let server = start();
    for percentage in [json!(-0.1), json!(100.1)] {
        let problem = server.call("POST", ROLLOUT, &json!({"percentage": percentage})).of(422);
        assert_eq!(problem["error"], "Rollout percentage must be between 0.0 and 100.0");
    }
    assert_eq!(at(&server, "rollout_percentage"), 0.0);
}

#[test]
fn post_rollout_takes_nothing_else() {
    let server = start();
    for body in [json!({}), json!({"strategy": "full"}), json!({"global_strategy": null}), json!("full"), json!([])] {
        let problem = server.call("POST", ROLLOUT, &body).of(400);
        assert_eq!(problem["success"], false, "{problem}");
    }
    assert_eq!(server.get("/api/v1/config").of(200)["global_rollout_strategy"], "disabled");
}

#[test]
fn post_rollout_may_be_tried() {
    let server = start();
    let answer = server.call("POST", &format!("{ROLLOUT}?dry_run=true"), &json!({"global_strategy": "full"})).of(200);
    assert_eq!((&answer["dry_run"], &answer["changes"][0]["new"]), (&json!(true), &json!("full")));
    assert_eq!(at(&server, "global_rollout_strategy"), "disabled");
}

#[test]
fn post_emergency_disable_turns_everything_off_and_emergency_restore_brings_it_back() {
    let server = start();
    let rolled_out = json!({"phase_2a_enabled": true, "global_rollout_strategy": "full"});
    server.call("PUT", CONFIG, &rolled_out).of(200);
    let answer = server.post(DISABLE).of(200);
    assert_eq!(answer["success"], true);
    assert_eq!(answer["message"], "Phase 2A optimizations emergency disabled");
    let config = server.get(CONFIG).of(200);
    assert_eq!((&config["phase_2a_enabled"], &config["global_rollout_strategy"]), (&json!(false), &json!("disabled")));
    for component in ["connection_pool", "request_pipeline"] {
        let component = &config[component];
        assert_eq!((&component["enabled"], &component["status"]), (&json!(false), &json!("maintenance")));
    }
    server.logged("emergency disable activated for Phase 2A optimizations");

    let answer = server.post(RESTORE).of(200);
    assert_eq!(answer["message"], "Phase 2A optimizations restored");
    let config = server.get(CONFIG).of(200);
    assert_eq!((&config["phase_2a_enabled"], &config["connection_pool"]["status"]), (&json!(true), &json!("enabled")));
    assert_eq!(server.post(RESTORE).of(409)["success"], false, "there is nothing left to restore");
}

#[test]
fn post_emergency_disable_needs_the_permission_of_the_configuration() {
    let server = start();
    server.call("PUT", CONFIG, &json!({"emergency_shutdown_enabled": false, "phase_2a_enabled": true})).of(200);
    let problem = server.post(DISABLE).of(409);
    assert!(problem["error"].as_str().unwrap().contains("emergency_shutdown_enabled"), "{problem}");
    assert_eq!(at(&server, "phase_2a_enabled"), true);
}

#[test]
fn post_validate_says_what_is_valid_and_applies_nothing() {
    let server = start();
    let answer = server.call("POST", VALIDATE, &json!({"max_memory_usage_mb": 300})).of(200);
    assert_eq!((&answer["success"], &answer["valid"], &answer["errors"]), (&json!(true), &json!(true), &json!([])));
    let answer = server.call("POST", VALIDATE, &json!({"max_memory_usage_mb": 600, "nonsense": 1})).of(200);
    assert_eq!((&answer["success"], &answer["valid"]), (&json!(false), &json!(false)));
    assert_eq!(answer["errors"].as_array().unwrap().len(), 2, "{answer}");
    assert_eq!(server.call("POST", VALIDATE, &json!({})).of(400)["error"], "No configuration data provided");
    assert_eq!(at(&server, "max_memory_usage_mb"), 256);
}

#[test]
fn every_route_needs_a_token() {
    let server = start();
    for (method, path) in
        [("GET", CONFIG), ("PUT", CONFIG), ("GET", ROLLOUT), ("POST", ROLLOUT), ("POST", DISABLE), ("POST", RESTORE)]
    {
        let problem = server.send(method, path, &[], None).of(401);
        assert_eq!((&problem["success"], problem["error"].is_string()), (&json!(false), true), "{method} {path}");
    }
}
