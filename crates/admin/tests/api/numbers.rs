//! Integers that a JavaScript number does not hold: each is kept to its last digit, or refused.

use std::collections::BTreeMap;

use serde_json::{Map, Value as Json};
use strata_config::LayeredConfig;
use strata_config_admin::{Context, Dialect, Operation, Problem};
use strata_config_core::Value;
use strata_config_reload::Live;

use crate::listener::Listener;
use crate::site::Site;

#[derive(LayeredConfig, Debug)]
struct Config {
    /// More than 64 bits.
    #[config(default = 1)]
    wide: i128,
    #[config(default = 1)]
    long: u64,
    #[config(default)]
    sums: BTreeMap<String, i128>,
    #[config(default = "x")]
    name: String,
}

const BEYOND_53: &str = "9007199254740993";
const LONGEST: &str = "18446744073709551615";
const BEYOND_64: &str = "18446744073709551617";
const LEAST: &str = "-170141183460469231731687303715884105728";
const BEYOND_128: &str = "170141183460469231731687303715884105728";

/// Words that rewrite every answer, and every request that says `please`.
struct Polite;

impl Dialect for Polite {
    fn answer(&self, _operation: Operation, _context: &Context, answer: &mut Map<String, Json>) {
        let copy = answer.get("value").cloned();
        answer.insert("thanks".to_owned(), true.into());
        copy.into_iter().for_each(|copy| drop(answer.insert("copy".to_owned(), copy)));
    }

    fn request(&self, _operation: Operation, _context: &Context, mut body: Json) -> Result<Json, Problem> {
        body.as_object_mut().map(|members| members.remove("please"));
        Ok(body)
    }
}

fn site() -> Site<Config> {
    let live = Live::of(Config::loader().env_from(Vec::<(&str, &str)>::new())).open().unwrap();
    Site::of_any(live, |admin| admin.mount("/polite", Polite))
}

const MOUNTS: [&str; 2] = ["/api/v1", "/polite"];

/// What the configuration has, to the last digit.
fn told(site: &Site<Config>, path: &str) -> Value {
    let config = Value::from_json("config", &site.get("/api/v1/config").text).unwrap();
    config.at(&strata_config::FieldPath::parse(path).unwrap()).unwrap().clone()
}

fn int(digits: &str) -> Value {
    Value::Int(digits.parse().unwrap())
}

#[test]
fn every_way_to_set_one_keeps_each_digit() {
    let site = site();
    for (round, mount) in MOUNTS.into_iter().enumerate() {
        for (at, digits) in [BEYOND_53, LONGEST, BEYOND_64, LEAST].into_iter().enumerate() {
            let config = format!("{mount}/config");
            let key = format!("k{round}{at}");
            let json = "application/json";
            let patch = format!("[{{\"op\":\"add\",\"path\":\"/sums/{key}\",\"value\":{digits}}}]");
            let please = if mount == "/polite" { "\"please\": 1, " } else { "" };
            let requests = [
                ("PATCH", config.clone(), json, format!("{{{please}\"sums\":{{\"{key}\":{digits}}}}}")),
                ("DELETE", format!("{mount}/values/sums.{key}"), json, String::new()),
                ("PATCH", config.clone(), "application/json-patch+json", patch.clone()),
                ("PATCH", config, "application/json-patch+json", patch.replace("add", "test")),
                ("PUT", format!("{mount}/values/wide"), json, format!("{{{please}\"value\":{digits}}}")),
                ("POST", format!("{mount}/reset"), json, "{\"key\": \"sums\"}".to_owned()),
                (
                    "POST",
                    format!("{mount}/values/batch"),
                    json,
                    format!("{{{please}\"updates\":[{{\"key\":\"sums.{key}\",\"value\":{digits}}}]}}"),
                ),
            ];
            for (method, path, kind, body) in requests {
                let reply = site.send_as(method, &path, kind, &body);
                assert_eq!(reply.status, 200, "{method} {path} {body}: {}", reply.text);
                let is_set = method != "DELETE" && !path.ends_with("reset");
                let setting = if path.ends_with("wide") { "wide".to_owned() } else { format!("sums.{key}") };
                if is_set {
                    assert_eq!(told(&site, &setting), int(digits), "{method} {path}");
                    let one = site.get(&format!("{mount}/values/{setting}")).text;
                    assert!(one.contains(&format!("\"value\":{digits}")), "{one}");
                    assert_eq!(one.contains(&format!("\"copy\":{digits}")), mount == "/polite", "{one}");
                }
            }
        }
    }
}

#[test]
fn other_settings_are_patched_beside_one_that_json_libraries_can_not_hold() {
    let site = site();
    assert_eq!(
        site.send_as("PATCH", "/api/v1/config", "application/json", &format!("{{\"wide\": {LEAST}}}")).status,
        200
    );
    let operations =
        r#"[{"op": "test", "path": "/name", "value": "x"}, {"op": "replace", "path": "/name", "value": "\u0000y"}]"#;
    let reply = site.send_as("PATCH", "/polite/config", "application/json-patch+json", operations);
    assert_eq!(reply.status, 200, "{}", reply.text);
    assert_eq!((told(&site, "wide"), told(&site, "name")), (int(LEAST), Value::String("\0y".to_owned())));
}

#[test]
fn what_was_is_told_exactly_by_history_notifications_and_events() {
    let site = site();
    let mut listener = Listener::open(site.address, "", "");
    let from_here = listener.last_id.clone();
    let body = format!("{{\"wide\": {BEYOND_64}, \"long\": {LONGEST}}}");
    assert_eq!(site.send_as("PATCH", "/api/v1/config", "application/json", &body).status, 200);
    let mut answers: Vec<String> = MOUNTS
        .iter()
        .flat_map(|mount| {
            ["history", "history/1", "notifications", "config", "values"].map(|route| format!("{mount}/{route}"))
        })
        .map(|path| site.get(&path).text)
        .collect();
    answers.push(listener.next_of("committed").text);
    answers.push(Listener::open(site.address, "", &from_here).next_of("committed").text);
    for answer in answers {
        assert!(answer.contains(&format!(":{BEYOND_64}")) && answer.contains(&format!(":{LONGEST}")), "{answer}");
    }
}

#[test]
fn one_that_nothing_holds_is_refused_and_changes_nothing() {
    let site = site();
    for mount in MOUNTS {
        for digits in [BEYOND_128, "1e400", "1e30", "18446744073709551616.5"] {
            let patch = format!("[{{\"op\":\"replace\",\"path\":\"/wide\",\"value\":{digits}}}]");
            for (method, route, kind, body) in [
                ("PATCH", "config", "application/json", format!("{{\"wide\": {digits}}}")),
                ("PATCH", "config", "application/json-patch+json", patch),
                ("PUT", "values/wide", "application/json", format!("{{\"value\": {digits}}}")),
                (
                    "POST",
                    "values/batch",
                    "application/json",
                    format!("{{\"updates\":[{{\"key\":\"wide\",\"value\":{digits}}}]}}"),
                ),
            ] {
                let reply = site.send_as(method, &format!("{mount}/{route}"), kind, &body);
                assert!(matches!(reply.status, 400 | 422), "{method} {body}: {} {}", reply.status, reply.text);
            }
        }
        let reply = site.send_as(
            "PATCH",
            &format!("{mount}/config"),
            "application/json",
            &format!("{{\"long\": {BEYOND_64}}}"),
        );
        assert_eq!(reply.status, 422, "{}", reply.text);
    }
    assert_eq!((told(&site, "wide"), told(&site, "long")), (int("1"), int("1")));
}
