//! `/experiments`: presets that are served by share.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::{Value as Json, json};
use strata_config::LayeredConfig;
use strata_config_admin::Experiments;
use strata_config_flags::Context;
use strata_config_reload::{Live, Preset};
use strata_config_store::{FileStore, Store};

use crate::site::{Config, Site};

fn live(store: Option<Arc<dyn Store>>) -> Live<Config> {
    let narrow = Preset::new("narrow", "One at a time").set("parallel", 1).set("db.name", "small");
    let wide = Preset::new("wide", "As many as there are").set("parallel", 64);
    let wrong = Preset::new("wrong", "Beyond the limits").set("parallel", 65);
    let loader = Config::loader().env_from(vec![("PASSWORD", "hunter1")]);
    let builder = Live::of(loader).presets([narrow, wide, wrong]).declare(Experiments::declaration());
    match store {
        Some(store) => builder.store(store),
        None => builder,
    }
    .open()
    .unwrap()
}

fn site() -> (Site, Experiments) {
    let live = live(None);
    let experiments = Experiments::of(Arc::new(live.clone())).unwrap();
    let served = experiments.clone();
    (Site::of(live, |admin| admin.experiments(served)), experiments)
}

fn width() -> Json {
    json!({"description": "How wide?", "arms": [{"preset": "narrow", "weight": 1}, {"preset": "wide", "weight": 3}]})
}

#[test]
fn units_get_presets_by_weight_always_the_same_and_exposures_are_counted() {
    let (site, experiments) = site();
    let reply = site.call("PUT", "/api/v1/experiments/width", &width());
    assert_eq!((reply.status, &reply.json()["stored"]), (200, &json!(true)), "{}", reply.text);
    let mut served = BTreeMap::<String, u64>::new();
    for unit in 0..400 {
        let unit = json!({"targetingKey": format!("user-{unit}")});
        let reply = site.call("POST", "/api/v1/experiments/width/assign", &unit).json();
        let preset = reply["preset"].as_str().unwrap().to_owned();
        assert_eq!(reply["reason"], "SPLIT");
        assert_eq!(reply["values"]["parallel"], if preset == "narrow" { 1 } else { 64 });
        assert_eq!(reply["values"]["db"]["name"], if preset == "narrow" { "small" } else { "main" });
        assert_eq!(reply["values"]["password"], json!({"$secret": true}));
        *served.entry(preset).or_default() += 1;
    }
    assert!((60..140).contains(&served["narrow"]), "{served:?}");
    let told = site.get("/api/v1/experiments/width").json();
    assert_eq!(told["exposures"], json!(served));
    assert_eq!((&told["share"], &told["enabled"]), (&json!(100.0), &json!(true)));
    // The program asks as its clients do, and nobody's configuration is another one.
    let unit = Context::of("user-7");
    let (first, second) = (experiments.assign("width", &unit).unwrap(), experiments.assign("width", &unit).unwrap());
    assert_eq!(first, second);
    assert_eq!(site.live.get().parallel, 8);
    let figures = site.get("/metrics").text;
    assert!(figures.contains("strata_experiment_exposures_total{experiment=\"width\",preset=\"narrow\"}"), "{figures}");
}

#[test]
fn who_has_no_part_in_it_keeps_the_configuration_as_it_is() {
    let (site, _) = site();
    let mut definition = width();
    definition["share"] = json!(0.0);
    site.call("PUT", "/api/v1/experiments/width", &definition);
    let assign = || site.call("POST", "/api/v1/experiments/width/assign", &json!({"targetingKey": "user-1"})).json();
    let reply = assign();
    assert_eq!((&reply["preset"], &reply["reason"]), (&Json::Null, &json!("SPLIT")));
    assert_eq!(reply["values"]["parallel"], 8);
    let nobody = site.call("POST", "/api/v1/experiments/width/assign", &json!({})).json();
    assert_eq!((&nobody["preset"], &nobody["reason"]), (&Json::Null, &json!("DEFAULT")));
    definition["enabled"] = json!(false);
    site.call("PUT", "/api/v1/experiments/width", &definition);
    assert_eq!((&assign()["preset"], &assign()["reason"]), (&Json::Null, &json!("DISABLED")));
    assert_eq!(site.get("/api/v1/experiments/width").json()["exposures"], json!({"narrow": 0, "wide": 0}));
}

#[test]
fn every_mistake_of_an_experiment_is_told_with_its_pointer() {
    let (site, _) = site();
    let definition = json!({"share": 101, "arms": [
        {"preset": "narrow", "weight": 0}, {"preset": "narrow", "weight": 1}, {"preset": "nothing", "weight": 1},
    ]});
    let reply = site.call("PUT", "/api/v1/experiments/width", &definition);
    assert_eq!(reply.status, 422, "{}", reply.text);
    let told = reply.json();
    let pointers: Vec<&str> =
        told["errors"].as_array().unwrap().iter().map(|error| error["pointer"].as_str().unwrap()).collect();
    assert_eq!(pointers, ["/arms/0/weight", "/arms/1/preset", "/arms/2/preset", "/share"]);
    let alone = json!({"arms": [{"preset": "narrow", "weight": 1}]});
    assert_eq!(site.call("PUT", "/api/v1/experiments/width", &alone).json()["errors"][0]["pointer"], "/arms");
    let unknown = json!({"arms": [], "name": "other"});
    assert_eq!(site.call("PUT", "/api/v1/experiments/width", &unknown).status, 400);
    assert_eq!(site.get("/api/v1/experiments").json(), json!({"experiments": []}));
    // Past its own routes, too.
    let past = site.call("PATCH", "/api/v1/config", &json!({"experiments": {"width": alone}}));
    assert_eq!(past.status, 422, "{}", past.text);
}

#[test]
fn a_preset_that_does_not_fit_the_configuration_is_not_served_nor_counted() {
    let (site, _) = site();
    let definition = json!({"arms": [{"preset": "wrong", "weight": 1_000_000}, {"preset": "wide", "weight": 1}]});
    site.call("PUT", "/api/v1/experiments/width", &definition);
    let reply = site.call("POST", "/api/v1/experiments/width/assign", &json!({"targetingKey": "user-1"})).json();
    assert_eq!(
        (&reply["preset"], &reply["reason"], &reply["values"]["parallel"]),
        (&Json::Null, &json!("ERROR"), &json!(8))
    );
    assert_eq!(reply["errors"][0]["path"], "parallel");
    assert_eq!(site.get("/api/v1/experiments/width").json()["exposures"]["wrong"], 0);
}

#[test]
fn an_experiment_is_kept_by_the_store_tried_ended_and_brought_back_by_a_rollback() {
    let folder = tempfile::tempdir().unwrap();
    let open = || {
        let live = live(Some(Arc::new(FileStore::open(folder.path()).unwrap())));
        let experiments = Experiments::of(Arc::new(live.clone())).unwrap();
        Site::of(live, |admin| admin.experiments(experiments))
    };
    {
        let site = open();
        let tried = site.call("PUT", "/api/v1/experiments/width?dry_run=true", &width());
        assert_eq!((tried.status, &tried.json()["experiment"]), (200, &Json::Null), "{}", tried.text);
        assert_eq!(site.call("PUT", "/api/v1/experiments/width", &width()).status, 200);
    }
    let site = open();
    assert_eq!(site.get("/api/v1/experiments").json()["experiments"][0]["description"], "How wide?");
    let ended = site.call("DELETE", "/api/v1/experiments/width", &json!({}));
    assert_eq!((ended.status, &ended.json()["revision"]), (200, &json!(2)), "{}", ended.text);
    for (method, path) in [("GET", "width"), ("DELETE", "width"), ("POST", "width/assign")] {
        assert_eq!(site.call(method, &format!("/api/v1/experiments/{path}"), &json!({})).status, 404);
    }
    site.live.rollback(&strata_config_reload::Point::Revision(1), "ann").unwrap();
    assert_eq!(site.get("/api/v1/experiments/width").json()["revision"], 3);
}

#[test]
fn a_configuration_without_experiments_has_none_and_begins_none() {
    let site = Site::start();
    assert_eq!(site.get("/api/v1/experiments").json(), json!({"experiments": []}));
    assert_eq!(site.call("PUT", "/api/v1/experiments/width", &width()).status, 404);
    assert!(!site.get("/api/v1/values").text.contains("experiments"));
}
