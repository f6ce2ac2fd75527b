//! A whole document that is sent back as it was read changes nothing.

use std::collections::BTreeMap;

use serde_json::{Value as Json, json};
use strata_config::{LayeredConfig, LoadInfo, Secret};
use strata_config_reload::{Declaration, Live};

use crate::site::Site;

#[derive(LayeredConfig, Debug)]
struct Config {
    #[config(default = 8, validate(range(min = 1, max = 64)))]
    parallel: u32,
    /// What was read.
    #[config(computed = Self::files)]
    loaded: String,
    #[config(secret)]
    password: Option<Secret<String>>,
    note: Option<String>,
    #[config(default = 0.5)]
    share: f64,
    #[config(default)]
    labels: BTreeMap<String, u32>,
    #[config(nested)]
    db: Database,
    #[config(nested)]
    cache: Option<Cache>,
}

#[derive(LayeredConfig, Debug)]
struct Database {
    #[config(default = "main")]
    name: String,
    #[config(computed = Self::known)]
    known: bool,
}

#[derive(LayeredConfig, Debug)]
struct Cache {
    #[config(default = 16)]
    size: u32,
}

impl Config {
    fn files(_info: &LoadInfo) -> String {
        "nothing".to_owned()
    }
}

impl Database {
    fn known(_info: &LoadInfo) -> bool {
        true
    }
}

fn site() -> Site<Config> {
    let variables = vec![("PARALLEL", "16"), ("PASSWORD", "hunter2"), ("CACHE_SIZE", "32"), ("LABELS", "{\"a\": 1}")];
    let live = Live::of(Config::loader().env_from(variables));
    let declared = Declaration::new("extra", json!({"depth": 3}));
    let live = live.declare(declared).open().unwrap();
    Site::of_any(live, |admin| admin)
}

#[test]
fn the_whole_document_is_taken_and_changes_nothing() {
    let site = site();
    let read = site.get("/api/v1/config");
    assert_eq!((&read.json()["loaded"], &read.json()["password"]), (&json!("nothing"), &json!({"$secret": true})));
    for method in ["PATCH", "PUT", "POST"] {
        let reply = site.call(method, "/api/v1/config", &read.json());
        let answer = reply.json();
        assert_eq!((reply.status, &answer["revision"]), (200, &json!(0)), "{method}: {}", reply.text);
        assert_eq!((&answer["changes"], &answer["warnings"]), (&json!([]), &json!([])));
        assert_eq!(reply.header("etag"), read.header("etag"));
    }
    assert_eq!(site.get("/api/v1/config").text, read.text);
    let tried = site.call("POST", "/api/v1/validate", &read.json()).json();
    assert_eq!((&tried["valid"], &tried["changes"]), (&json!(true), &json!([])), "{tried}");
}

#[test]
fn one_change_in_the_whole_document_is_one_change() {
    let site = site();
    let mut document = site.get("/api/v1/config").json();
    document["db"]["name"] = "other".into();
    document["labels"]["b"] = 2.into();
    let reply = site.call("PUT", "/api/v1/config", &document);
    assert_eq!((reply.status, &reply.json()["revision"]), (200, &json!(1)), "{}", reply.text);
    let set = site.get("/api/v1/values?layer=runtime").json();
    let paths: Vec<&str> =
        set["values"].as_array().unwrap().iter().map(|value| value["path"].as_str().unwrap()).collect();
    assert_eq!(paths, ["labels.b", "db.name"], "nothing else is pinned");
    let status = |path: &str| site.get(&format!("/api/v1/values/{path}")).json()["origin"]["layer"].take();
    assert_eq!((status("parallel"), status("share")), (json!("env"), json!("default")));
}

#[test]
fn another_value_of_a_computed_setting_is_refused() {
    let site = site();
    let before = site.get("/api/v1/config");
    let refused = |method: &str, body: &Json| {
        let reply = site.call(method, "/api/v1/config", body);
        assert_eq!(reply.status, 422, "{body}: {}", reply.text);
        assert_eq!(reply.json()["errors"][0]["code"], "value.computed");
        reply.json()["errors"][0]["path"].as_str().unwrap().to_owned()
    };
    assert_eq!(refused("PATCH", &json!({"loaded": "mine", "parallel": 3})), "loaded");
    assert_eq!(refused("PUT", &json!({"db": {"known": false}})), "db.known");
    assert_eq!(refused("PATCH", &json!({"loaded": null})), "loaded");
    let operations = json!([{"op": "replace", "path": "/loaded", "value": "mine"}]).to_string();
    let reply = site.send_as("PATCH", "/api/v1/config", "application/json-patch+json", &operations);
    assert_eq!((reply.status, &reply.json()["errors"][0]["code"]), (422, &json!("value.computed")), "{}", reply.text);
    assert_eq!(site.call("POST", "/api/v1/validate", &json!({"loaded": "mine"})).json()["valid"], false);
    assert_eq!(site.get("/api/v1/config").text, before.text);
}

#[test]
fn the_document_of_a_site_with_flags_is_taken_too() {
    let site = Site::with(&[("FEATURES_FLAGS", r#"{"search": "25%"}"#), ("PASSWORD", "hunter2")], |admin| admin);
    let read = site.get("/api/v1/config");
    let reply = site.call("PATCH", "/api/v1/config", &read.json());
    assert_eq!((reply.status, &reply.json()["revision"]), (200, &json!(0)), "{}", reply.text);
    assert_eq!(site.get("/api/v1/config").header("etag"), read.header("etag"));
}
