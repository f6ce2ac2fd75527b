//! Where run-time values came from: who set them, also where they have parts.

use strata_config::{LayerKind, LayeredConfig};
use strata_config_reload::Live;

/// A setting with parts, which is one value.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
struct Window {
    width: u32,
    #[serde(default)]
    height: u32,
}

#[derive(LayeredConfig, Debug)]
struct Config {
    #[config(default = Window { width: 1, height: 1 })]
    window: Window,
    #[config(default = [])]
    hosts: Vec<String>,
}

fn origin(live: &Live<Config>, path: &str) -> (LayerKind, String) {
    let explained = live.version().explain(&[]);
    let found = explained.into_iter().find(|explained| explained.path.as_str() == path).unwrap();
    let origin = found.origin.unwrap();
    (origin.layer, origin.at.split(' ').next().unwrap().to_owned())
}

#[test]
fn a_value_with_parts_was_set_by_whoever_set_one_of_them_last() {
    let live = Live::of(Config::loader()).open().unwrap();
    live.set("window", Window { width: 2, height: 3 }, "ann").unwrap();
    live.set("hosts", ["a", "b"], "ann").unwrap();
    assert_eq!(origin(&live, "window"), (LayerKind::Runtime, "ann".to_owned()));
    assert_eq!(origin(&live, "hosts"), (LayerKind::Runtime, "ann".to_owned()));

    live.update(&serde_json::json!({"window": {"height": 9}}), "bob").unwrap();
    assert_eq!(live.get().window, Window { width: 2, height: 9 });
    assert_eq!(origin(&live, "window"), (LayerKind::Runtime, "bob".to_owned()));

    live.set_base(&serde_json::json!({"window": {"width": 4, "height": 4}}), "fleet").unwrap();
    let shadow = live.version().explain(&[Config::WINDOW])[0].shadows[0].origin.clone();
    assert_eq!((shadow.layer, shadow.at.as_str()), (LayerKind::Store, "4"));
}

#[derive(LayeredConfig, Debug)]
struct Named {
    #[config(default = [])]
    windows: std::collections::BTreeMap<String, Window>,
}

#[test]
fn a_patch_of_an_entry_with_parts_keeps_the_parts_that_it_does_not_name() {
    let loader = Named::loader().text("app.toml", "[windows.b]\nwidth = 5\nheight = 6\n");
    let live = Live::of(loader).open().unwrap();
    live.update(&serde_json::json!({"windows": {"a": {"width": 1, "height": 2}}}), "ann").unwrap();
    live.update(&serde_json::json!({"windows": {"a": {"height": 9}, "b": {"width": 7}}}), "bob").unwrap();
    assert_eq!(live.get().windows["a"], Window { width: 1, height: 9 });
    assert_eq!(live.get().windows["b"], Window { width: 7, height: 6 });
    live.set("windows.a", serde_json::json!({"width": 3}), "ann").unwrap();
    assert_eq!(live.get().windows["a"], Window { width: 3, height: 0 });
}
