//! `GET /status`: how everything is doing.

use serde_json::json;
use strata_config_admin::auth::{Scopes, Token, Tokens};

use crate::site::{Site, bearer};

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

#[test]
fn a_file_of_the_interface_that_fails_is_a_reason_not_to_be_healthy() {
    let folder = tempfile::tempdir().unwrap();
    let tokens = folder.path().join("tokens.toml");
    let (token, text) = Token::random("ann", Scopes::ALL).unwrap();
    std::fs::write(&tokens, token.entry()).unwrap();
    let site = Site::with(&[], |admin| admin.tokens(Tokens::from_file(&tokens).unwrap()));
    let status = || site.send("GET", "/api/v1/status", &[("authorization", &bearer(&text))], None).json();
    let healthy = status();
    assert_eq!((&healthy["condition"], &healthy["reasons"]), (&json!("healthy"), &json!([])));
    std::fs::write(&tokens, "[tokens.x]\nactor = 1").unwrap();
    let end = std::time::Instant::now() + std::time::Duration::from_secs(30);
    let degraded = loop {
        let status = status();
        if status["condition"] != "healthy" {
            break status;
        }
        assert!(std::time::Instant::now() < end, "the file is read again: {status}");
        std::thread::sleep(std::time::Duration::from_millis(100));
    };
    assert_eq!(degraded["condition"], "degraded");
    assert!(degraded["reasons"][0].as_str().unwrap().contains("tokens.toml:2:"), "{degraded}");
}
