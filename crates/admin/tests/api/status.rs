//! `GET /status`: how everything is doing.

use std::sync::Arc;
use std::time::{Duration, UNIX_EPOCH};

use serde_json::json;
use strata_config::{LayeredConfig as _, Reference, Resolved, Resolver, Secret, SecretSource, Unresolved};
use strata_config_admin::auth::{Scopes, Token, Tokens};
use strata_config_reload::Live;

use crate::site::{Config, Site, bearer};

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

/// A vault that is away, whose secret is known from before.
#[derive(Debug)]
struct Vault;

impl Resolver for Vault {
    fn schemes(&self) -> &[&str] {
        &["vault"]
    }

    fn resolve(&self, reference: Reference<'_>) -> Result<Resolved, Unresolved> {
        Ok(Resolved { text: Secret::from("CANARY"), place: format!("{reference}, stale") })
    }

    fn source(&self) -> Option<SecretSource> {
        let failing_since = Some(UNIX_EPOCH + Duration::from_secs(1_000_000));
        let copy_of = Some(UNIX_EPOCH + Duration::from_secs(999_000));
        Some(SecretSource {
            name: "vault".to_owned(),
            failing_since,
            problem: Some("it is sealed".to_owned()),
            copy_of,
        })
    }
}

#[test]
fn a_stale_secret_is_a_reason_not_to_be_healthy_and_its_origin_says_so() {
    let loader = Config::loader().env_from([("PASSWORD", "vault:word")]).resolver(Arc::new(Vault));
    let site = Site::of(Live::of(loader).open().unwrap(), |admin| admin);
    let status = site.get("/api/v1/status").json();
    assert_eq!(status["condition"], "degraded");
    let stale = "secrets of vault are stale since 1970-01-12T13:46:40.000Z: it is sealed \
                 (the oldest copy is of 1970-01-12T13:30:00.000Z)";
    assert_eq!(status["reasons"], json!([stale]));
    let source = status["source_status"].as_array().unwrap().last().unwrap();
    let since = "1970-01-12T13:46:40.000Z";
    let copy_of = "1970-01-12T13:30:00.000Z";
    let expected = json!({"name": "secrets of vault", "ok": false, "failing_since": since, "problem": "it is sealed",
        "copy_of": copy_of});
    assert_eq!(source, &expected);
    let metrics = site.get("/metrics").text;
    for sample in [
        "source_up{source=\"secrets of vault\"} 0",
        "source_failing_since_seconds{source=\"secrets of vault\"} 1000000",
        "source_copy_of_seconds{source=\"secrets of vault\"} 999000",
    ] {
        assert!(metrics.contains(&format!("strata_config_{sample}")), "{sample}: {metrics}");
    }
    let value = site.get("/api/v1/values/password").json();
    assert_eq!(value["origin"], json!({"layer": "env", "at": "PASSWORD", "leads_to": "vault:word, stale"}));
    assert!(!format!("{status}{metrics}{value}").contains("CANARY"));
}
