//! `/values`: listed, read one by one, set and unset.

use serde_json::{Value as Json, json};
use strata_config_admin::auth::{Scope, Scopes, Token, Tokens};
use strata_config_reload::Declaration;

use crate::site::{Site, TOKEN, bearer};

/// The paths of an answer's values.
fn paths(answer: &Json) -> Vec<&str> {
    answer["values"].as_array().unwrap().iter().map(|value| value["path"].as_str().unwrap()).collect()
}

#[test]
fn a_value_says_all_that_is_known_of_it() {
    let site = Site::with(&[("DB_POOL_SIZE", "6")], |admin| admin);
    site.call("PUT", "/api/v1/values/db.pool_size?reason=load", &json!({"value": 7}));
    let reply = site.get("/api/v1/values/db.pool_size");
    let value = reply.json();
    assert_eq!((reply.status, &value["value"], &value["type"]), (200, &json!(7), &json!("integer")), "{}", reply.text);
    assert_eq!(value["origin"]["layer"], "runtime");
    assert_eq!(value["shadows"][0]["layer"], "env");
    assert_eq!(value["limits"], json!(["1 to 20"]));
    assert_eq!(value["set_at_run_time"], true);
    assert_eq!((&value["last_change"]["actor"], &value["last_change"]["reason"]), (&json!("root"), &json!("load")));
    assert_eq!(reply.header("etag"), site.get("/api/v1/config").header("etag"));
    let other = site.get("/api/v1/values/db.name").json();
    assert_eq!((&other["last_change"], &other["set_at_run_time"]), (&Json::Null, &json!(false)));
}

#[test]
fn a_value_that_is_still_the_same_is_not_sent_again() {
    let site = Site::start();
    let first = site.get("/api/v1/values/db.pool_size");
    let ask = || {
        let headers = [("authorization", &*bearer(TOKEN)), ("if-none-match", first.header("etag"))];
        site.send("GET", "/api/v1/values/db.pool_size", &headers, None)
    };
    assert_eq!((ask().status, ask().text.as_str()), (304, ""));
    site.call("PUT", "/api/v1/values/db.pool_size", &json!({"value": 5}));
    assert_eq!((ask().status, &ask().json()["value"]), (200, &json!(5)));
}

#[test]
fn a_section_is_its_values() {
    let site = Site::start();
    let section = site.get("/api/v1/values/db").json();
    assert_eq!((&section["type"], &section["value"]), (&json!("section"), &json!({"pool_size": 4, "name": "main"})));
    assert_eq!(paths(&section), ["db.pool_size", "db.name"]);
}

#[test]
fn an_unknown_path_is_told_with_the_nearest_one() {
    let site = Site::start();
    for method in ["GET", "PUT", "DELETE"] {
        let body = json!({"value": 1}).to_string();
        let body = (method == "PUT").then_some(body.as_str());
        let reply = site.send(method, "/api/v1/values/db.pool_sise", &[("authorization", &bearer(TOKEN))], body);
        assert_eq!((reply.status, reply.json()["suggestion"].as_str()), (404, Some("db.pool_size")), "{method}");
    }
    for path in ["db..name", "%22open", "%ff"] {
        assert_eq!(site.get(&format!("/api/v1/values/{path}")).status, 400, "{path}");
    }
}

#[test]
fn a_wrong_value_is_told_with_its_place_in_the_body_and_changes_nothing() {
    let site = Site::start();
    let header = bearer(TOKEN);
    let reply =
        site.send("PUT", "/api/v1/values/db.pool_size", &[("authorization", &header)], Some("{\n  \"value\": 50\n}"));
    assert_eq!((reply.status, &reply.json()["errors"][0]["pointer"]), (422, &json!("/db/pool_size")));
    assert!(reply.json()["errors"][0]["at"].as_str().unwrap().ends_with(":2:12"), "{}", reply.text);
    assert_eq!(site.live.get().db.pool_size, 4);
    for body in [r#"{"value": 1, "valeu": 2}"#, "{}", "[1]", r#"{"value": 1, "key": "db.name"}"#, "", "{\"value\": }"] {
        let reply = site.send("PUT", "/api/v1/values/db.pool_size", &[("authorization", &header)], Some(body));
        assert_eq!(reply.status, 400, "{body}: {}", reply.text);
    }
    let headers = [("authorization", header.as_str()), ("content-type", "text/plain")];
    let reply = site.send("PUT", "/api/v1/values/db.pool_size", &headers, Some(r#"{"value": 1}"#));
    assert_eq!(reply.status, 415, "{}", reply.text);
    assert_eq!(site.live.store_revision(), 0);
}

#[test]
fn a_key_twice_and_a_text_that_ends_early_are_told_with_line_and_column() {
    let site = Site::start();
    let header = bearer(TOKEN);
    for (body, place) in [("{\"value\": 1,\n\"value\": 2}", "line 2, column 1"), ("{\"value\": [1,", "line 1")] {
        let reply = site.send("PUT", "/api/v1/values/db.pool_size", &[("authorization", &header)], Some(body));
        assert_eq!(reply.status, 400);
        assert!(reply.json()["detail"].as_str().unwrap().contains(place), "{}", reply.text);
    }
}

#[test]
fn a_change_can_be_tried_conditional_and_named() {
    let site = Site::start();
    let tried = site.call("PUT", "/api/v1/values/parallel?dry_run=true", &json!({"value": 9}));
    assert_eq!((tried.status, &tried.json()["dry_run"], site.live.get().parallel), (200, &json!(true), 8));
    let etag = site.get("/api/v1/config").header("etag").to_owned();
    let header = bearer(TOKEN);
    let put = |etag: &str, name: &str| {
        let headers = [("authorization", header.as_str()), ("if-match", etag), ("idempotency-key", name)];
        site.send("PUT", "/api/v1/values/parallel", &headers, Some(r#"{"value": 9, "description": "why"}"#))
    };
    assert_eq!(put(&etag, "a").json()["replayed"], false);
    assert_eq!(put(&etag, "a").json()["replayed"], true);
    assert_eq!(put(&etag, "b").status, 412);
    assert_eq!(site.live.store_revision(), 1);
    let history = site.live.history(&strata_config_store::HistoryQuery::newest(1)).unwrap();
    assert_eq!(history[0].reason.as_deref(), Some("why"));
}

#[test]
fn what_is_unset_shows_what_weaker_sources_say() {
    let site = Site::with(&[("PARALLEL", "16")], |admin| admin);
    site.call("PUT", "/api/v1/values/parallel", &json!({"value": 32}));
    let reply = site.send("DELETE", "/api/v1/values/parallel", &[("authorization", &bearer(TOKEN))], None);
    assert_eq!((reply.status, &reply.json()["changes"][0]["new"]), (200, &json!(16)));
    let again = site.send("DELETE", "/api/v1/values/parallel", &[("authorization", &bearer(TOKEN))], None);
    assert_eq!((again.status, &again.json()["stored"]), (200, &json!(false)));
}

#[test]
fn a_change_that_waits_for_a_restart_is_pending() {
    let site = Site::start();
    let reply = site.call("PUT", "/api/v1/values/port", &json!({"value": 9090}));
    assert_eq!(reply.json()["pending"][0]["path"], "port");
    let value = site.get("/api/v1/values/port").json();
    assert_eq!((&value["value"], &value["running"], &value["pending"]), (&json!(9090), &json!(8080), &json!(true)));
    assert_eq!(paths(&site.get("/api/v1/values?pending=true").json()), ["port"]);
    assert_eq!(site.get("/api/v1/config?running=true").json()["port"], 8080);
    assert_eq!(site.get("/api/v1/config").json()["port"], 9090);
}

#[test]
fn secrets_are_never_told() {
    let site = Site::with(&[("PASSWORD", "hunter2")], |admin| admin);
    for path in ["values", "values/password", "config", "config?running=true", "values?q=hunter2"] {
        let reply = site.get(&format!("/api/v1/{path}"));
        assert!(reply.status == 200 && !reply.text.contains("hunter2"), "{path}: {}", reply.text);
    }
    assert_eq!(site.get("/api/v1/values?q=hunter2").json()["total"], 0);
    assert_eq!(site.get("/api/v1/values/password").json()["value"], json!({"$secret": true}));
    let same = site.call("PUT", "/api/v1/values/password", &json!({"value": {"$secret": true}}));
    assert_eq!((same.status, &same.json()["stored"]), (200, &json!(false)), "{}", same.text);
    assert_eq!(site.call("PUT", "/api/v1/values/password", &json!({"value": "new"})).status, 422);
}

#[test]
fn values_are_filtered() {
    let site = Site::with(&[("DB_NAME", "shop")], |admin| admin);
    assert_eq!(paths(&site.get("/api/v1/values?prefix=db").json()), ["db.pool_size", "db.name"]);
    assert_eq!(paths(&site.get("/api/v1/values?layer=env").json()), ["db.name"]);
    assert_eq!(paths(&site.get("/api/v1/values?set=true").json()), ["db.name"]);
    assert!(paths(&site.get("/api/v1/values?q=OPEN%20conn").json()).contains(&"db.pool_size"));
    assert_eq!(paths(&site.get("/api/v1/values?q=shop").json()), ["db.name"]);
    for query in ["limit=0", "limit=1001", "limit=x", "cursor=zz", "set=maybe", "prefix=a..b", "limit=1&limit=2"] {
        assert_eq!(site.get(&format!("/api/v1/values?{query}")).status, 400, "{query}");
    }
}

#[test]
fn pages_go_on_where_they_ended_though_entries_come_and_go() {
    let site = Site::start();
    let label = |name: &str, value: Json| {
        let reply = site.call("PATCH", "/api/v1/config", &json!({"labels": {name: value}}));
        assert_eq!(reply.status, 200, "{}", reply.text);
    };
    ["b", "d", "f"].iter().for_each(|name| label(name, json!(name)));
    let first = site.get("/api/v1/values?prefix=labels&limit=2").json();
    assert_eq!((paths(&first), &first["total"]), (vec!["labels.b", "labels.d"], &json!(3)));
    let next = first["next"].as_str().unwrap();
    let rest = || site.get(&format!("/api/v1/values?prefix=labels&limit=2&cursor={next}")).json();
    label("a", json!("a"));
    assert_eq!(paths(&rest()), ["labels.f"]);
    label("d", Json::Null);
    label("e", json!("e"));
    assert_eq!((paths(&rest()), &rest()["next"]), (vec!["labels.e", "labels.f"], &Json::Null));
    label("e", Json::Null);
    label("f", Json::Null);
    assert_eq!(paths(&rest()), [] as [&str; 0]);
}

#[test]
fn entries_items_and_odd_names_have_paths() {
    let site = Site::start();
    let patch = json!({"labels": {"a.b/c": "odd", "plain": "x"}, "hosts": ["one", "two"]});
    assert_eq!(site.call("PATCH", "/api/v1/config", &patch).status, 200);
    let odd = site.get("/api/v1/values/labels.%22a.b%2Fc%22").json();
    assert_eq!((&odd["value"], &odd["path"]), (&json!("odd"), &json!("labels.\"a.b/c\"")));
    assert_eq!(site.call("PUT", "/api/v1/values/labels.%22a.b%2Fc%22", &json!({"value": "y"})).status, 200);
    assert_eq!(site.live.get().labels["a.b/c"], "y");
    let item = site.get("/api/v1/values/hosts.1").json();
    assert_eq!((&item["value"], &item["type"]), (&json!("two"), &json!("string")));
    assert_eq!(site.get("/api/v1/values/hosts.7").status, 404);
    let reply = site.call("PUT", "/api/v1/values/hosts.1", &json!({"value": "three"}));
    assert_eq!(reply.status, 422, "{}", reply.text);
}

#[test]
fn keys_that_the_program_declared_are_values_too() {
    let site = Site::start();
    site.live.declare(Declaration::new("banner", "none").doc("Shown above all.")).unwrap();
    assert_eq!(site.get("/api/v1/values/banner").json()["value"], "none");
    assert_eq!(site.get("/api/v1/config").json()["banner"], "none");
    let reply = site.call("PUT", "/api/v1/values/banner", &json!({"value": "sale"}));
    assert_eq!((reply.status, &reply.json()["value"]["value"]), (200, &json!("sale")), "{}", reply.text);
    assert_eq!(paths(&site.get("/api/v1/values?prefix=banner").json()), ["banner"]);
    assert_eq!(site.get("/api/v1/values/banner").json()["last_change"]["revision"], 1);
}

#[test]
fn numbers_stay_what_they_are() {
    let site = Site::start();
    for number in ["18446744073709551615", "9007199254740993"] {
        let body = format!("{{\"value\": {number}}}");
        let header = bearer(TOKEN);
        let reply = site.send("PUT", "/api/v1/values/quota", &[("authorization", &header)], Some(&body));
        assert_eq!(reply.status, 200, "{}", reply.text);
        assert!(site.get("/api/v1/values/quota").text.contains(&format!("\"value\":{number},")));
        assert!(site.get("/api/v1/config").text.contains(&format!("\"quota\":{number}")));
    }
    assert_eq!(site.live.get().quota, 9_007_199_254_740_993);
}

#[test]
fn who_may_only_read_changes_nothing() {
    let reader = Token::new("bot", "bot.0123456789abcdef", Scopes::from_iter([Scope::Read])).unwrap();
    let site = Site::with(&[], |admin| admin.tokens(Tokens::new([reader])));
    let header = bearer("bot.0123456789abcdef");
    let ask = |method, path, body| site.send(method, path, &[("authorization", &header)], body).status;
    assert_eq!(ask("PUT", "/api/v1/values/parallel", Some(r#"{"value": 9}"#)), 403);
    assert_eq!(ask("DELETE", "/api/v1/values/parallel", None), 403);
    assert_eq!(ask("POST", "/api/v1/values/batch", Some(r#"{"updates": []}"#)), 403);
    assert_eq!(ask("POST", "/api/v1/validate", Some(r#"{"parallel": 9}"#)), 200);
}
