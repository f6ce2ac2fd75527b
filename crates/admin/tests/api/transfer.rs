//! `/export` and `/import`: the whole configuration as a document, and back.

use proptest::prelude::*;
use serde_json::json;

use crate::site::{Site, TOKEN, bearer};

const KINDS: [(&str, &str); 3] =
    [("json", "application/json"), ("toml", "application/toml"), ("yaml", "application/yaml")];

fn import(site: &Site, media: &str, text: &str) -> crate::site::Reply {
    site.send("POST", "/api/v1/import", &[("authorization", &bearer(TOKEN)), ("content-type", media)], Some(text))
}

#[test]
fn an_export_is_a_document_without_secrets_in_each_language() {
    let site = Site::with(&[("PARALLEL", "16"), ("PASSWORD", "hunter2")], |admin| admin);
    let bare = site.call("POST", "/api/v1/export", &json!({}));
    assert_eq!((bare.status, &bare.json()["parallel"], &bare.json()["password"]), (200, &json!(16), &json!(null)));
    for (format, media) in KINDS {
        let reply = site.call("POST", "/api/v1/export", &json!({"format": format}));
        assert_eq!((reply.status, reply.header("content-type")), (200, media), "{}", reply.text);
        assert!(reply.text.contains("16") && !reply.text.contains("hunter2"), "{}", reply.text);
        assert!(reply.header("content-disposition").ends_with(&format!(".{format}\"")));
        assert_eq!(reply.header("etag"), site.get("/api/v1/config").header("etag"));
    }
    let variables = site.call("POST", "/api/v1/export", &json!({"format": "env"}));
    assert!(variables.text.lines().any(|line| line == "PARALLEL=16"), "{}", variables.text);
    assert_eq!(site.call("POST", "/api/v1/export", &json!({"format": "ini"})).status, 400);
}

#[test]
fn a_document_is_taken_as_one_change_or_not_at_all() {
    let site = Site::start();
    let done = import(&site, "application/toml", "parallel = 32\n\n[db]\nname = \"other\"\n");
    assert_eq!((done.status, done.json()["revision"].as_u64()), (200, Some(1)), "{}", done.text);
    assert_eq!((site.live.get().parallel, site.live.get().db.name.as_str()), (32, "other"));

    let wrong = import(&site, "application/yaml", "parallel: 9\ndb:\n  pool_size: 50\n  nam: x\n");
    assert_eq!(wrong.status, 422);
    let places: Vec<_> = wrong.json()["errors"].as_array().unwrap().iter().map(|error| error["at"].clone()).collect();
    assert!(places.contains(&json!("body.yaml:3:14")), "{places:?}");
    assert_eq!((places.len(), site.live.get().parallel), (2, 32));

    for (media, text) in
        [("application/toml", "parallel = "), ("application/json", "[1]"), ("application/json", "{\"a\":1,\"a\":2}")]
    {
        assert_eq!(import(&site, media, text).status, 400, "{text}");
    }
    assert_eq!(import(&site, "text/csv", "a,b").status, 415);
    assert_eq!(site.live.version().revision(), 1);
}

#[test]
fn a_dry_run_of_an_import_tells_what_it_would_do() {
    let site = Site::start();
    let headers = [("authorization", bearer(TOKEN)), ("content-type", "application/toml".to_owned())];
    let headers: Vec<(&str, &str)> = headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let tried = site.send("POST", "/api/v1/import?dry_run=true", &headers, Some("parallel = 32"));
    assert_eq!(tried.json()["changes"][0], json!({"path": "parallel", "old": 8, "new": 32, "reload": "live"}));
    assert_eq!(site.live.get().parallel, 8);
}

/// Names with everything that a document could misread.
fn names() -> impl Strategy<Value = String> {
    const ODD: &[&str] = &[
        "no",
        "1.0",
        "0x10",
        "null",
        "~",
        "a: b",
        "# x",
        "'",
        "\"",
        "\\",
        "é\u{1F600}",
        " a ",
        "- a",
        "2026-11-21",
        "[x]",
        "a\nb",
        "true",
    ];
    prop_oneof![proptest::sample::select(ODD).prop_map(str::to_owned), "[ -~]{1,12}"]
}

#[test]
fn what_is_exported_is_imported_again_in_every_language() {
    let site = Site::start();
    let mut runner = proptest::test_runner::TestRunner::new(ProptestConfig {
        cases: 48,
        failure_persistence: None,
        ..ProptestConfig::default()
    });
    let values = (1_u32..=64, 1_u32..=20, names(), 0_usize..3);
    let holds = runner.run(&values, |(parallel, pool_size, name, kind)| {
        let (format, media) = KINDS[kind];
        let change = json!({"parallel": parallel, "db": {"pool_size": pool_size, "name": name}});
        prop_assert_eq!(site.call("PATCH", "/api/v1/config", &change).status, 200);
        let before = site.get("/api/v1/config").json();
        let exported = site.call("POST", "/api/v1/export", &json!({"format": format}));
        prop_assert_eq!(site.call("POST", "/api/v1/reset", &json!({})).status, 200);
        let done = import(&site, media, &exported.text);
        prop_assert_eq!(done.status, 200, "{} of {}", done.text, exported.text);
        prop_assert_eq!(site.get("/api/v1/config").json(), before);
        Ok(())
    });
    holds.unwrap();
}
