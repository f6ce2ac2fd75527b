//! `/feature-flags`: what there is, how it is changed, and what somebody gets.

use serde_json::{Value as Json, json};
use strata_config_flags::{Context, Flags};

use crate::site::{Reply, Site, TOKEN, bearer};

const FLAGS: &str = "/api/v1/feature-flags";

fn at(key: &str) -> String {
    format!("{FLAGS}/{key}")
}

fn set(site: &Site, key: &str, definition: &Json) -> Reply {
    let reply = site.call("PUT", &at(key), &json!({ "definition": definition }));
    assert_eq!(reply.status, 200, "{}", reply.text);
    reply
}

fn flags(site: &Site) -> Flags {
    Flags::follow(&site.live).unwrap()
}

#[test]
fn a_flag_is_made_seen_and_served() {
    let site = Site::start();
    let reply = set(&site, "dark-mode", &json!("25%"));
    let applied = reply.json();
    assert_eq!((&applied["revision"], &applied["stored"]), (&json!(1), &json!(true)));
    let paths: Vec<&Json> = applied["changes"].as_array().unwrap().iter().map(|change| &change["path"]).collect();
    assert!(paths.contains(&&json!("features.flags.dark-mode")), "{}", reply.text);
    let flag = &applied["flag"];
    assert_eq!(
        (&flag["percentage"], &flag["path"], &flag["type"]),
        (&json!(25.0), &json!("features.flags.dark-mode"), &json!("bool"))
    );
    assert_eq!((&flag["serves"], &flag["writable"]), (&json!("25%"), &json!(true)));
    assert_eq!(flag["variants"], json!({"on": true, "off": false}));
    let listed = site.get(FLAGS).json();
    assert_eq!(listed["flags"][0]["key"], "dark-mode");
    assert_eq!((&listed["kill_switch"], &listed["kill_switch_path"]), (&json!(false), &json!("features.kill_switch")));
    let units = (0..1000).filter(|unit| flags(&site).bool("dark-mode", &Context::of(unit.to_string()), false)).count();
    assert!((150..350).contains(&units), "{units}");
}

#[test]
fn a_percentage_changes_nothing_but_the_share() {
    let site = Site::start();
    let definition = json!({
        "description": "The new list", "variants": {"a": 1, "b": 2}, "default_variant": "b",
        "lifecycle": {"owner": "team-x", "kind": "release"},
        "rules": [{"id": "staff", "when": {"attribute": "staff", "op": "in", "values": [true]}, "serve": "a"}],
        "fallthrough": {"split": {"salt": "s", "coverage": "10%", "weights": [{"variant": "a", "weight": 1}]}},
    });
    let mut before = set(&site, "list", &definition).json()["flag"]["definition"].clone();
    let reply = site.call("POST", &at("list"), &json!({"percentage": 12.345})).json();
    assert_eq!(reply["flag"]["percentage"], 12.345);
    before["fallthrough"]["split"]["coverage"] = json!("12.345%");
    assert_eq!(reply["flag"]["definition"], before);
    assert_eq!(
        (&reply["flag"]["owner"], &reply["flag"]["lifecycle"], &reply["flag"]["description"]),
        (&json!("team-x"), &json!("release"), &json!("The new list"))
    );
    for word in [json!(true), json!("25%"), json!("canary")] {
        set(&site, "word", &word);
        let reply = site.call("PUT", &at("word"), &json!({"percentage": 0.001})).json();
        assert_eq!(reply["flag"]["definition"], "0.001%", "{word}");
    }
}

#[test]
fn a_percentage_that_is_none_is_refused_and_nothing_changes() {
    let site = Site::start();
    set(&site, "x", &json!("25%"));
    for (body, status) in [
        (json!({"percentage": 12.3456}), 422),
        (json!({"percentage": 100.001}), 422),
        (json!({"percentage": -1}), 422),
        (json!({"percentage": 1e300}), 422),
        (json!({"percentage": "25"}), 422),
        (json!({"percentage": [1]}), 400),
        (json!({"percentage": 1, "ramp": {"steps": []}}), 400),
        (json!({"percentage": 1, "definition": true}), 400),
        (json!({"enabled": "no"}), 400),
        (json!({"percent": 1}), 400),
        (json!({"definition": null}), 400),
        (json!({}), 400),
        (json!([]), 400),
    ] {
        let reply = site.call("PUT", &at("x"), &body);
        assert_eq!((reply.status, reply.header("content-type")), (status, "application/problem+json"), "{body}");
    }
    assert_eq!(site.get(&at("x")).json()["definition"], "25%");
}

#[test]
fn a_flag_is_turned_off_and_on_and_keeps_its_share() {
    let site = Site::start();
    set(&site, "x", &json!("25%"));
    let off = site.call("PUT", &at("x"), &json!({"enabled": false})).json()["flag"].clone();
    assert_eq!(
        (&off["enabled"], &off["status"], &off["percentage"]),
        (&json!(false), &json!("disabled"), &json!(25.0))
    );
    let on = site.call("PUT", &at("x"), &json!({"enabled": true, "percentage": 30})).json()["flag"].clone();
    assert_eq!((&on["enabled"], &on["definition"]), (&json!(true), &json!("30%")));
}

#[test]
fn a_ramp_takes_the_flags_split_and_its_mistakes_have_their_place() {
    let site = Site::start();
    set(&site, "x", &json!({"fallthrough": {"split": {"salt": "s", "coverage": "1%"}}}));
    let steps =
        json!([{"at": "2020-01-01T00:00:00Z", "coverage": "5%"}, {"at": "2120-01-01T00:00:00Z", "coverage": "50%"}]);
    let reply = site.call("PUT", &at("x"), &json!({"ramp": {"steps": steps}}));
    let flag = &reply.json()["flag"];
    assert_eq!((&flag["percentage"], &flag["serves"]), (&json!(5.0), &json!("ramp, now 5%")), "{}", reply.text);
    assert_eq!(flag["definition"]["fallthrough"]["ramp"]["split"]["salt"], "s");
    let wrong = json!([{"at": "soon", "coverage": "5%"}, {"at": "2120-01-01T00:00:00Z", "coverage": "500%"}]);
    let reply = site.call("PUT", &at("x"), &json!({"ramp": {"steps": wrong}}));
    assert_eq!(reply.status, 422);
    let pointer = reply.json()["errors"][0]["pointer"].as_str().unwrap().to_owned();
    assert!(pointer.starts_with("/features/flags/x"), "{pointer}");
}

#[test]
fn all_mistakes_of_a_definition_come_at_once_each_at_its_pointer() {
    let site = Site::start();
    let reply = site.call(
        "PUT",
        &at("x"),
        &json!({"definition": {
            "default_variant": "of", "forced": "on-and-on",
            "rules": [{"when": {"attribute": "a", "op": "in", "values": ["x"]}, "serve": "onn"}],
        }}),
    );
    assert_eq!(reply.status, 422);
    let json = reply.json();
    let pointers: Vec<&str> =
        json["errors"].as_array().unwrap().iter().map(|error| error["pointer"].as_str().unwrap()).collect();
    for place in ["default_variant", "forced", "rules/0/serve"] {
        assert!(pointers.contains(&format!("/features/flags/x/{place}").as_str()), "{place}: {pointers:?}");
    }
    assert_eq!(site.get(&at("x")).status, 404);
}

#[test]
fn what_is_not_there_is_told_with_the_nearest() {
    let site = Site::start();
    set(&site, "dark-mode", &json!(true));
    let reply = site.get(&at("dark-mod"));
    assert_eq!((reply.status, &reply.json()["suggestion"]), (404, &json!("dark-mode")));
    assert_eq!(site.call("PUT", &at("dark-mod"), &json!({"percentage": 1})).status, 404);
    assert_eq!(site.send("DELETE", &at("dark-mod"), &[("authorization", &bearer(TOKEN))], None).status, 404);
}

#[test]
fn a_key_may_have_slashes_and_dots() {
    let site = Site::start();
    set(&site, "team%2Fx.y%20z", &json!(true));
    let flag = site.get(&at("team%2Fx.y%20z")).json();
    assert_eq!((&flag["key"], &flag["path"]), (&json!("team/x.y z"), &json!("features.flags.\"team/x.y z\"")));
    let reply = site.call("POST", &at("team%2Fx.y%20z/evaluate"), &json!({}));
    assert_eq!(reply.json()["value"], true, "{}", reply.text);
}

#[test]
fn removing_a_flag_shows_what_weaker_sources_say() {
    let site = Site::with(&[("FEATURES_FLAGS", r#"{"x": "10%"}"#)], |admin| admin);
    let shadowed = site.call("PUT", &at("x"), &json!({"percentage": 20}));
    assert_eq!(shadowed.json()["flag"]["percentage"], 20.0, "{}", shadowed.text);
    let reply = site.send("DELETE", &at("x"), &[("authorization", &bearer(TOKEN))], None);
    assert_eq!((reply.status, &reply.json()["flag"]["percentage"]), (200, &json!(10.0)), "{}", reply.text);
}

#[test]
fn parts_of_a_weaker_source_do_not_slip_into_a_definition() {
    let file = r#"{"x": {"description": "old", "metadata": {"a": 1}, "fallthrough": "on"}}"#;
    let site = Site::with(&[("FEATURES_FLAGS", file)], |admin| admin);
    let reply = site.call("PUT", &at("x"), &json!({"definition": {"fallthrough": "off"}}));
    let after = site.get(&at("x")).json()["definition"].clone();
    assert_eq!((reply.status, &after["fallthrough"]), (409, &json!("on")), "{}", reply.text);
}

#[test]
fn a_try_changes_nothing_and_a_stale_etag_neither() {
    let site = Site::start();
    let etag = set(&site, "x", &json!("25%")).header("etag").to_owned();
    let reply = site.call("PUT", &format!("{}?dry_run=true", at("x")), &json!({"percentage": 50}));
    assert_eq!((&reply.json()["dry_run"], &reply.json()["flag"]["percentage"]), (&json!(true), &json!(25.0)));
    assert_eq!(reply.json()["changes"][0]["new"], "50%");
    let put = |percentage: u32| {
        let headers = [("authorization", &*bearer(TOKEN)), ("if-match", &*etag)];
        site.send("PUT", &at("x"), &headers, Some(&json!({ "percentage": percentage }).to_string())).status
    };
    assert_eq!((put(60), put(70)), (200, 412));
    assert_eq!(site.get(&at("x")).json()["percentage"], 60.0);
}

#[test]
fn a_retry_of_a_request_does_no_harm() {
    let site = Site::start();
    let put = |percentage: u32| {
        let headers = [("authorization", &*bearer(TOKEN)), ("idempotency-key", "one")];
        site.send("PUT", &at("x"), &headers, Some(&json!({"definition": format!("{percentage}%")}).to_string()))
    };
    put(10);
    let again = put(10);
    assert_eq!((&again.json()["replayed"], &again.json()["revision"]), (&json!(true), &json!(1)), "{}", again.text);
}

#[test]
fn sliders_moved_at_the_same_time_do_not_fail() {
    let site = Site::start();
    set(&site, "x", &json!("1%"));
    set(&site, "y", &json!("1%"));
    std::thread::scope(|scope| {
        for key in ["x", "y"] {
            let site = &site;
            scope.spawn(move || {
                for percentage in 2..12 {
                    let reply = site.call("PUT", &at(key), &json!({ "percentage": percentage }));
                    assert_eq!(reply.status, 200, "{}", reply.text);
                }
            });
        }
    });
    for key in ["x", "y"] {
        assert_eq!(site.get(&at(key)).json()["percentage"], 11.0);
    }
}

#[test]
fn the_kill_switch_is_a_value_like_any_other() {
    let site = Site::start();
    set(&site, "x", &json!(true));
    let path = site.get(FLAGS).json()["kill_switch_path"].as_str().unwrap().to_owned();
    assert_eq!(path, "features.kill_switch");
    site.call("PATCH", "/api/v1/config", &json!({"features": {"kill_switch": true}}));
    assert_eq!(site.get(FLAGS).json()["kill_switch"], true);
    let answer = site.call("POST", &at("x/evaluate"), &json!({})).json();
    assert_eq!((&answer["value"], &answer["metadata"]["why"]), (&json!(false), &json!("kill_switch")));
}

#[test]
fn an_evaluation_tells_its_steps_and_counts_only_without_them() {
    let site = Site::start();
    let rules = json!([{"id": "staff", "when": {"attribute": "staff", "op": "in", "values": [true]}, "serve": "on"}]);
    set(&site, "x", &json!({"rules": rules, "fallthrough": "off", "metadata": {"team": "y"}}));
    let body = json!({"context": {"targetingKey": 7, "staff": true}, "trace": true});
    let answer = site.call("POST", &at("x/evaluate"), &body).json();
    assert_eq!((&answer["value"], &answer["variant"]), (&json!(true), &json!("on")));
    assert_eq!((&answer["reason"], &answer["metadata"]["rule_id"]), (&json!("TARGETING_MATCH"), &json!("staff")));
    assert_eq!(answer["steps"].as_array().unwrap().last().unwrap()["asked"], "rule staff");
    assert_eq!(site.get(&at("x")).json()["exposures"]["total"], 0);
    let plain = site.call("POST", &at("x/evaluate"), &json!({"context": {}})).json();
    assert_eq!((&plain["value"], plain.get("steps")), (&json!(false), None));
    let exposures = site.get(&at("x")).json()["exposures"].clone();
    assert_eq!((&exposures["total"], &exposures["variants"]), (&json!(1), &json!({"off": 1})));
}

#[test]
fn a_default_is_used_where_the_flag_has_none_to_serve_and_must_be_of_its_type() {
    let site = Site::start();
    set(&site, "x", &json!({"type": "int", "variants": {"a": 1}, "fallthrough": null}));
    let answer = |default: Json| site.call("POST", &at("x/evaluate"), &json!({ "default": default })).json();
    assert_eq!((&answer(json!(5))["value"], &answer(json!(5))["variant"]), (&json!(5), &Json::Null));
    let wrong = answer(json!("five"));
    assert_eq!((&wrong["errorCode"], &wrong["value"]), (&json!("TYPE_MISMATCH"), &json!("five")));
}

#[test]
fn a_context_of_any_shape_is_answered() {
    let site = Site::start();
    let when = json!({"attribute": "a.b", "op": "semver_at_least", "values": ["1.2.0"]});
    set(&site, "x", &json!({"rules": [{"when": when, "serve": "on"}], "fallthrough": "5%"}));
    let deep = (0..100).fold(json!(1), |inner, _| json!([inner]));
    for (context, status) in [
        (json!({"targetingKey": null, "a": {"b": [1, {"c": null}]}}), 200),
        (json!({"targetingKey": {"x": 1}, "a": deep}), 200),
        (json!({"targetingKey": "", "": "", "a": {"b": 1e308}}), 200),
        (json!([]), 400),
        (json!("x"), 400),
    ] {
        let reply = site.call("POST", &at("x/evaluate"), &json!({ "context": context }));
        assert_eq!(reply.status, status, "{context}: {}", reply.text);
    }
    let reply = site.call("POST", &at("none/evaluate"), &json!({}));
    assert_eq!((reply.status, &reply.json()["errorCode"]), (404, &json!("FLAG_NOT_FOUND")));
}
