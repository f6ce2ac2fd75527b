//! OFREP: what OpenFeature's clients ask over the wire, and what they are told.

mod agreement;
mod clients;
mod conformance;
mod stream;

use std::sync::Arc;

use serde_json::{Value as Json, json};
use strata_config::LayeredConfig;
use strata_config_admin::auth::{Scope, Scopes, Token};
use strata_config_flags::{Collected, Flags, Settings, SimulatedClock};
use strata_config_reload::Live;

use crate::site::{Config, Reply, Site, TOKEN, bearer};

const ALL: &str = "/ofrep/v1/evaluate/flags";

fn one(key: &str) -> String {
    format!("{ALL}/{key}")
}

/// A server of these flags.
fn site(flags: &Json) -> Site {
    let site = Site::start();
    set(&site, flags);
    site
}

fn set(site: &Site, flags: &Json) {
    let reply = site.call("PATCH", "/api/v1/config", &json!({"features": {"flags": flags}}));
    assert_eq!(reply.status, 200, "{}", reply.text);
}

fn of_every_type() -> Json {
    json!({
        "on": true,
        "share": "25%",
        "count": {"variants": {"few": 1, "many": 100}, "fallthrough": "many"},
        "rate": {"type": "float", "variants": {"one": 1, "half": 0.5}, "fallthrough": "one", "metadata": {"team": "x", "n": 2}},
        "word": {"variants": {"a": "A"}, "fallthrough": "a"},
        "shape": {"variants": {"a": {"b": [1]}}, "fallthrough": "a"},
        "own": {"type": "string", "variants": {"a": "A"}, "fallthrough": null},
        "off": {"status": "disabled"},
        "team/x": {"rules": [{"id": "staff", "when": {"attribute": "staff", "op": "in", "value": true}, "serve": "on"}],
            "fallthrough": "off"},
    })
}

fn unless(site: &Site, etag: &str, body: &Json) -> Reply {
    let headers = [("authorization", &*bearer(TOKEN)), ("if-none-match", etag)];
    site.send("POST", ALL, &headers, Some(&body.to_string()))
}

fn by_key<'a>(bulk: &'a Json, key: &str) -> &'a Json {
    bulk["flags"].as_array().unwrap().iter().find(|flag| flag["key"] == key).unwrap()
}

#[test]
fn one_flag_is_answered_and_counted() {
    let site = site(&of_every_type());
    let reply = site.call("POST", &one("rate"), &json!({"context": {"targetingKey": "ann"}}));
    assert_eq!((reply.status, reply.header("content-type")), (200, "application/json"));
    let answer = reply.json();
    assert_eq!((&answer["key"], &answer["variant"]), (&json!("rate"), &json!("one")));
    assert_eq!((&answer["reason"], &answer["metadata"]["team"]), (&json!("STATIC"), &json!("x")));
    assert!(reply.text.contains("\"value\":1.0"), "{}", reply.text);
    assert_eq!(site.get("/api/v1/feature-flags/rate").json()["exposures"]["variants"], json!({"one": 1}));
}

#[test]
fn a_key_may_have_slashes_encoded_or_not() {
    let site = site(&of_every_type());
    for path in ["team%2Fx", "team/x"] {
        let answer = site.call("POST", &one(path), &json!({"context": {"staff": true}})).json();
        let told = (&answer["key"], &answer["value"], &answer["metadata"]["rule_id"]);
        assert_eq!(told, (&json!("team/x"), &json!(true), &json!("staff")), "{path}");
    }
    let reply = site.call("POST", &one("no%2Fsuch flag".replace(' ', "%20").as_str()), &json!({}));
    assert_eq!((reply.status, &reply.json()["key"]), (404, &json!("no/such flag")));
}

#[test]
fn the_programs_default_is_no_value_and_an_empty_variant() {
    let site = site(&of_every_type());
    for (key, reason) in [("own", "STATIC"), ("off", "DISABLED")] {
        let answer = site.call("POST", &one(key), &json!({})).json();
        assert_eq!((answer.get("value"), &answer["variant"]), (None, &json!("")), "{answer}");
        assert_eq!(answer["reason"], reason);
    }
}

#[test]
fn nobody_in_particular_is_somebody_to_ask_for() {
    let site = site(&of_every_type());
    for body in
        [json!({}), json!({"context": {}}), json!({"context": null}), json!({"context": {"targetingKey": null}})]
    {
        for path in [ALL.to_owned(), one("share")] {
            assert_eq!(site.call("POST", &path, &body).status, 200, "{path} {body}");
        }
    }
    assert_eq!(site.send("POST", ALL, &[("authorization", &bearer(TOKEN))], None).status, 200);
}

#[test]
fn every_mistake_has_a_code_and_details_and_a_single_flags_its_key() {
    let site = site(&of_every_type());
    let authorization = bearer(TOKEN);
    let good = [("authorization", &*authorization)];
    for (headers, body, status, code) in [
        (&good[..], "{", 400, "PARSE_ERROR"),
        (&good, "[]", 400, "PARSE_ERROR"),
        (&good, r#"{"context": 1}"#, 400, "INVALID_CONTEXT"),
        (&good, r#"{"context": {"targetingKey": {}}}"#, 400, "INVALID_CONTEXT"),
        (&[], "{}", 401, "GENERAL"),
        (&[("x-api-key", "nobody.0123456789abcdef")], "{}", 401, "GENERAL"),
    ] {
        for (path, key) in [(ALL.to_owned(), None), (one("share"), Some("share"))] {
            let reply = site.send("POST", &path, headers, Some(body));
            let told = reply.json();
            let found = (reply.status, told["errorCode"].as_str(), told.get("key").and_then(Json::as_str));
            assert_eq!(found, (status, Some(code), key), "{path} {body}");
            assert!(told["errorDetails"].is_string());
            assert_eq!(reply.header("content-type"), "application/json");
        }
    }
    let reply = site.call("POST", &one("shar"), &json!({}));
    assert_eq!((reply.status, &reply.json()["errorCode"]), (404, &json!("FLAG_NOT_FOUND")));
    let deep = format!("{{\"context\": {}{}}}", "[".repeat(500), "]".repeat(500));
    assert_eq!(site.send("POST", ALL, &good, Some(&deep)).status, 400);
}

#[test]
fn the_scope_to_read_is_needed_and_a_key_of_the_protocols_own_header_taken() {
    let site = site(&of_every_type());
    let only =
        |name: &str, scope| Token::new(name, &format!("{name}.0123456789abcdef"), Scopes::from_iter([scope])).unwrap();
    site.tokens.replace([only("reads", Scope::Read), only("writes", Scope::Write)]);
    let status = |header: (&str, &str)| site.send("POST", ALL, &[header], Some("{}")).status;
    assert_eq!(status(("authorization", "Bearer writes.0123456789abcdef")), 403);
    assert_eq!(status(("authorization", "Bearer reads.0123456789abcdef")), 200);
    assert_eq!(status(("x-api-key", "reads.0123456789abcdef")), 200);
}

#[test]
fn all_flags_at_once_are_what_each_is_and_count_for_nothing() {
    let site = site(&of_every_type());
    let bulk = site.call("POST", ALL, &json!({"context": {"targetingKey": "ann", "staff": true}}));
    let answered = bulk.json();
    assert_eq!(answered["flags"].as_array().unwrap().len(), 9);
    assert_eq!(by_key(&answered, "team/x")["value"], true);
    assert_eq!(answered["eventStreams"][0]["type"], "sse");
    assert!(bulk.text.contains("\"value\":1.0"));
    let listed = site.get("/api/v1/feature-flags").json();
    assert!(listed["flags"].as_array().unwrap().iter().all(|flag| flag["exposures"]["total"] == 0));
}

#[test]
fn an_etag_stays_for_what_is_the_same_and_changes_with_what_is_not() {
    let site = site(&of_every_type());
    let ann = json!({"context": {"targetingKey": "ann"}});
    let etag = site.call("POST", ALL, &ann).header("etag").to_owned();
    assert!(etag.starts_with('"') && etag.ends_with('"'), "{etag}");
    let same = unless(&site, &etag, &ann);
    assert_eq!((same.status, same.text.as_str(), same.header("etag")), (304, "", etag.as_str()));
    site.call("PATCH", "/api/v1/config", &json!({"parallel": 9}));
    assert_eq!(unless(&site, &etag, &ann).status, 304);
    assert_eq!(unless(&site, &etag, &json!({"context": {"targetingKey": "bob"}})).status, 200);
    assert_eq!(unless(&site, &etag, &json!({"context": {"targetingKey": "ann", "a": 1}})).status, 200);
    set(&site, &json!({"on": false}));
    assert_eq!(unless(&site, &etag, &ann).status, 200);
}

#[test]
fn an_etag_changes_when_time_brings_another_answer() {
    let (site, clock) = clocked();
    let steps = json!([{"at": "2026-01-02T00:00:00Z", "coverage": "100%"}]);
    set(&site, &json!({"ramp": {"fallthrough": {"ramp": {"steps": steps}}}}));
    let ann = json!({"context": {"targetingKey": "ann"}});
    let before = site.call("POST", ALL, &ann);
    assert_eq!(by_key(&before.json(), "ramp").get("value"), None);
    clock.advance(std::time::Duration::from_secs(24 * 60 * 60));
    let after = unless(&site, before.header("etag"), &ann);
    assert_eq!((after.status, &by_key(&after.json(), "ramp")["value"]), (200, &json!(true)));
}

#[test]
fn a_page_of_another_origin_may_read_the_etag_where_it_may_ask() {
    let site = Site::with(&[], |admin| admin.cors(["https://app.example".parse().unwrap()]));
    let authorization = bearer(TOKEN);
    let headers = [("authorization", &*authorization), ("origin", "https://app.example")];
    let reply = site.send("POST", ALL, &headers, Some("{}"));
    assert_eq!(reply.header("access-control-allow-origin"), "https://app.example");
    assert!(reply.header("access-control-expose-headers").to_lowercase().contains("etag"));
}

/// A server whose flags live by a clock that the test moves, from the first moment of 2026.
fn clocked() -> (Site, Arc<SimulatedClock>) {
    let live = Live::of(Config::loader()).open().unwrap();
    let clock = Arc::new(SimulatedClock::at("2026-01-01T00:00:00Z".parse().unwrap()));
    let settings = Settings { clock: Arc::clone(&clock) as _, ..Settings::default() };
    let collect = |configured: &strata_config_flags::Configured<'_, Config>, before: Option<&_>| {
        Collected::of(configured.config, before)
    };
    let flags = Flags::follow_by(&live, settings, collect).unwrap();
    (Site::of(live, |admin| admin.flags(flags)), clock)
}
