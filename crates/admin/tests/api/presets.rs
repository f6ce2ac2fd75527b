//! `/presets` and `/reset`: prepared sets of values, and the way back to what weaker sources say.

use serde_json::json;
use strata_config::LayeredConfig;
use strata_config_reload::{Live, Preset};

use crate::site::{Config, Site};

fn site() -> Site {
    let big = Preset::new("big", "Room for a crowd").set("parallel", 64).set("db.pool_size", 20);
    let wrong = Preset::new("wrong", "Too much").set("parallel", 65).set("password", "hunter2");
    Site::of(Live::of(Config::loader()).presets([big, wrong]).open().unwrap(), |admin| admin)
}

#[test]
fn presets_say_what_they_would_do_and_show_no_secret() {
    let site = site();
    let all = site.get("/api/v1/presets");
    assert!(!all.text.contains("hunter2"), "{}", all.text);
    let all = all.json();
    let big = &all["presets"][0];
    assert_eq!((&big["name"], &big["valid"]), (&json!("big"), &json!(true)));
    assert_eq!(big["changes"][0], json!({"path": "parallel", "old": 8, "new": 64, "reload": "live"}));
    let wrong = &all["presets"][1];
    assert_eq!(wrong["valid"], false);
    assert!(wrong["errors"].as_array().unwrap().iter().any(|error| error["pointer"] == "/parallel"), "{wrong}");
    assert_eq!(site.get("/api/v1/presets/big").json(), *big);
    assert_eq!(site.get("/api/v1/presets/none").status, 404);
}

#[test]
fn a_preset_is_applied_as_one_change_or_not_at_all() {
    let site = site();
    let tried = site.call("POST", "/api/v1/presets/big/apply?dry_run=true", &json!({}));
    assert_eq!((tried.json()["dry_run"].as_bool(), site.live.get().parallel), (Some(true), 8));
    let done = site.call("POST", "/api/v1/presets/big/apply", &json!({}));
    assert_eq!((done.status, done.json()["revision"].as_u64()), (200, Some(1)), "{}", done.text);
    assert_eq!((site.live.get().parallel, site.live.get().db.pool_size), (64, 20));
    assert_eq!(site.get("/api/v1/history/1").json()["reason"], "preset big");
    assert_eq!(site.call("POST", "/api/v1/presets/wrong/apply", &json!({})).status, 422);
    assert_eq!(site.call("POST", "/api/v1/presets/none/apply", &json!({})).status, 404);
    assert_eq!(site.live.version().revision(), 1);
}

#[test]
fn one_setting_a_section_several_or_all_are_reset() {
    let site = site();
    let set =
        || site.live.update(&json!({"parallel": 9, "port": 1, "db": {"pool_size": 9, "name": "x"}}), "ann").unwrap();
    let state = || {
        let desired = site.live.version().desired().clone();
        (desired.parallel, desired.port, desired.db.pool_size, desired.db.name.clone())
    };
    let main = || "main".to_owned();
    for (body, after) in [
        (json!({"path": "parallel"}), (8, 1, 9, "x".to_owned())),
        (json!({"key": "db"}), (9, 1, 4, main())),
        (json!({"paths": ["port", "db.name"]}), (9, 8080, 9, main())),
        (json!({}), (8, 8080, 4, main())),
    ] {
        set();
        let reply = site.call("POST", "/api/v1/reset", &body);
        assert_eq!((reply.status, state()), (200, after), "{body}: {}", reply.text);
    }
    set();
    assert_eq!(site.call("POST", "/api/v1/reset", &json!({"paths": ["parallel", "nothing"]})).status, 422);
    assert_eq!(site.call("POST", "/api/v1/reset", &json!({"pth": "parallel"})).status, 400);
    assert_eq!(site.live.get().parallel, 9);
}
