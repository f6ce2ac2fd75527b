//! Every route of seed 002, over a socket of the real binary.

use serde_json::{Value as Json, json};
use strata_config_secrets::{FernetKey, KeyRing, to_base64};

use crate::redis_server;
use crate::server::Server;

const CONFIG: &str = "/admin/config";
const FLAGS: &str = "/admin/feature-flags";
const FIVE: [&str; 5] = ["new_dashboard", "beta_api", "advanced_analytics", "payment_v2", "dark_mode"];
const SECRET: (&str, &str) = ("SECRET_KEY", "CANARY-0123456789abcdef0123456789abcdef");

fn start() -> Server {
    Server::start("webapp", &[SECRET, ("API_KEY", "CANARY")])
}

/// What a user gets.
fn served(server: &Server, flag: &str, user: &str) -> Json {
    let path = format!("/api/v1/feature-flags/{flag}/evaluate");
    server.call("POST", &path, &json!({"context": {"targetingKey": user}, "default": false})).of(200)["value"].clone()
}

#[test]
fn get_feature_flags_lists_the_five_in_short() {
    let server = start();
    let answer = server.get(FLAGS).of(200);
    for flag in FIVE {
        let short = json!({"enabled": false, "user_whitelist_count": 0, "percentage_rollout": null});
        assert_eq!(answer[flag], short, "{flag}");
    }
    assert!(answer["flags"].as_array().unwrap().len() >= 5, "ours stand beside");
}

#[test]
fn post_feature_flag_sets_allow_list_and_share() {
    let server = start();
    let body = json!({"enabled": true, "user_whitelist": ["ann", "bob"], "percentage_rollout": 25});
    let answer = server.call("POST", &format!("{FLAGS}/beta_api"), &body).of(200);
    assert_eq!(answer["status"], "updated");
    let short = json!({"enabled": true, "user_whitelist_count": 2, "percentage_rollout": 25.0});
    assert_eq!(server.get(FLAGS).of(200)["beta_api"], short);
    assert_eq!(served(&server, "beta_api", "ann"), true);
    let users = (0..200).filter(|user| served(&server, "beta_api", &user.to_string()) == true).count();
    assert!((20..80).contains(&users), "{users}");
}

#[test]
fn post_feature_flag_of_zero_per_cent_is_nobody() {
    let server = start();
    let body = json!({"enabled": true, "user_whitelist": ["ann"], "percentage_rollout": 0});
    server.call("POST", &format!("{FLAGS}/dark_mode"), &body).of(200);
    assert_eq!(served(&server, "dark_mode", "ann"), true);
    assert!((0..50).all(|user| served(&server, "dark_mode", &user.to_string()) == false));
}

#[test]
fn post_feature_flag_without_a_word_is_off() {
    let server = start();
    server.call("POST", &format!("{FLAGS}/payment_v2"), &json!({"enabled": true})).of(200);
    assert_eq!(served(&server, "payment_v2", "ann"), true);
    server.call("POST", &format!("{FLAGS}/payment_v2"), &json!({})).of(200);
    assert_eq!(served(&server, "payment_v2", "ann"), false);
}

#[test]
fn post_feature_flag_of_an_unknown_name_is_refused() {
    let server = start();
    let problem = server.call("POST", &format!("{FLAGS}/new_dashbord"), &json!({"enabled": true})).of(404);
    assert_eq!((&problem["error"], &problem["suggestion"]), (&json!("Invalid flag name"), &json!("new_dashboard")));
}

#[test]
fn post_feature_flag_with_a_share_that_is_none_is_refused() {
    let server = start();
    for body in
        [json!({"percentage_rollout": 101}), json!({"percentage_rollout": -1}), json!({"user_whitelist": "ann"})]
    {
        let problem = server.call("POST", &format!("{FLAGS}/dark_mode"), &body).of(422);
        assert!(problem["error"].is_string(), "{problem}");
    }
    assert_eq!(server.get("/api/v1/config").header("etag"), server.get(CONFIG).header("etag"));
}

#[ignore = "needs redis-server"]
#[test]
fn post_feature_flag_writes_to_redis_where_flags_live_there() {
    let redis = redis_server::Server::start();
    let url = redis.url();
    let server = Server::start("webapp", &[SECRET, ("REDIS_URL", &url)]);
    let body = json!({"enabled": true, "user_whitelist": ["ann"], "percentage_rollout": 0});
    server.call("POST", &format!("{FLAGS}/dark_mode"), &body).of(200);
    assert_eq!(served(&server, "dark_mode", "ann"), true);
    assert_eq!(served(&server, "dark_mode", "bob"), false);
    let stored: String = redis::Commands::get(&mut redis.connect(), "feature_flag:dark_mode").unwrap();
    let stored: Json = serde_json::from_str(&stored).unwrap();
    assert_eq!((&stored["enabled"], &stored["percentage_rollout"]), (&json!(true), &json!(0)));
    assert_eq!(server.get("/api/v1/config").of(200)["features"]["dark_mode"], false, "the configuration's stays");
    // By our own words, too.
    server.call("PUT", "/api/v1/feature-flags/dark_mode", &json!({"percentage": 100})).of(200);
    assert_eq!(served(&server, "dark_mode", "bob"), true);
    server.send("DELETE", "/api/v1/feature-flags/dark_mode", &server.bearer(), None).of(200);
    assert_eq!(served(&server, "dark_mode", "ann"), false);
}

#[test]
fn get_config_is_sanitised() {
    let server = start();
    for path in [CONFIG, "/admin/status", FLAGS] {
        assert!(!server.get(path).text.contains("CANARY"), "{path}");
    }
    let config = server.get(CONFIG).of(200);
    assert_eq!((&config["database"]["pool_size"], config["secret_key"] == json!("***")), (&json!(5), false));
    assert_eq!(config["secret_key"], json!({"$secret": true}));
}

#[test]
fn post_config_validates_applies_and_stores() {
    let server = start();
    let answer = server.call("POST", CONFIG, &json!({"database": {"pool_size": 20}})).of(200);
    assert_eq!((&answer["status"], &answer["stored"]), (&json!("updated"), &json!(true)));
    let config = server.get(CONFIG).of(200);
    assert_eq!((&config["database"]["pool_size"], &config["database"]["timeout"]), (&json!(20), &json!(30)));
    let problem = server.call("POST", CONFIG, &json!({"database": {"pool_size": 101}, "log_level": "LOUD"})).of(422);
    let error = problem["error"].as_str().unwrap();
    assert!(error.contains("database.pool_size") && error.contains("log_level"), "{error}");
    assert_eq!(server.get(CONFIG).of(200)["database"]["pool_size"], 20);
}

#[test]
fn every_route_needs_a_token() {
    let server = start();
    let flag = format!("{FLAGS}/dark_mode");
    for (method, path) in [("GET", FLAGS), ("POST", &flag), ("GET", CONFIG), ("POST", CONFIG)] {
        let problem = server.send(method, path, &[], None).of(401);
        assert!(problem["error"].is_string(), "{method} {path}");
    }
}

#[test]
fn the_encrypted_jwt_secret_is_patched_without_its_scheme() {
    let key = FernetKey::generate().unwrap();
    let text = key.to_text().expose().clone();
    let server = Server::start("webapp", &[SECRET, ("ENCRYPTION_KEY", &text)]);
    let token = to_base64(&KeyRing::new([key]).encrypt("CANARY-jwt").unwrap());
    server.call("PATCH", "/api/v1/config", &json!({"jwt_secret_encrypted": token})).of(200);
    let value = server.get("/api/v1/values/jwt_secret_encrypted").of(200);
    assert_eq!(value["origin"]["leads_to"], "a Fernet token, key 1 of 1", "{value}");
    let refused = server.call("PATCH", "/api/v1/config", &json!({"jwt_secret_encrypted": "CANARY-plain"}));
    assert!(!refused.of(422).to_string().contains("CANARY") && !value.to_string().contains("CANARY"));
}
