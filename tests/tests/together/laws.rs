//! The laws of merge, difference and export, over random configurations.

use std::collections::BTreeMap;
use std::time::Duration;

use proptest::prelude::*;
use strata_config::{ByteSize, ConfigEnum, LayeredConfig, Loader, Secret, apply, diff};

#[derive(ConfigEnum, Debug, Clone, Copy, PartialEq)]
enum Level {
    Low,
    Middle,
    High,
}

#[derive(LayeredConfig, Debug, Clone, PartialEq)]
struct Config {
    #[config(default = "app")]
    name: String,
    #[config(default = 10)]
    count: i64,
    #[config(default = 0.5)]
    ratio: f64,
    #[config(default = "low")]
    level: Level,
    #[config(default = "30s", reload = "restart")]
    wait: Duration,
    #[config(default = 1024)]
    size: ByteSize,
    #[config(default = [])]
    tags: Vec<String>,
    #[config(default = [])]
    weights: BTreeMap<String, u32>,
    note: Option<String>,
    #[config(secret)]
    token: Option<Secret<String>>,
    #[config(nested)]
    cache: Option<Cache>,
    #[config(nested)]
    servers: Vec<Server>,
    #[config(nested)]
    regions: BTreeMap<String, Server>,
    #[config(nested)]
    store: Option<Store>,
}

#[derive(LayeredConfig, Debug, Clone, PartialEq)]
struct Cache {
    #[config(default = 60)]
    ttl: u32,
}

#[derive(LayeredConfig, Debug, Clone, PartialEq)]
struct Server {
    host: String,
    #[config(default = 80)]
    port: u16,
    #[config(nested)]
    replicas: Vec<Cache>,
}

#[derive(LayeredConfig, Debug, Clone, PartialEq)]
#[config(tag = "type")]
enum Store {
    Memory,
    File { path: String, sync: Option<bool> },
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof!["[a-z ]{0,6}", ".{0,6}", Just("null".to_owned()), Just("00123".to_owned()), Just("true".to_owned())]
}

fn server() -> impl Strategy<Value = Server> {
    (text(), any::<u16>(), prop::collection::vec((0..9_u32).prop_map(|ttl| Cache { ttl }), 0..3))
        .prop_map(|(host, port, replicas)| Server { host, port, replicas })
}

fn store() -> impl Strategy<Value = Store> {
    prop_oneof![
        Just(Store::Memory),
        (text(), any::<Option<bool>>()).prop_map(|(path, sync)| Store::File { path, sync })
    ]
}

prop_compose! {
    fn scalars()(
        name in text(),
        count in any::<i64>(),
        ratio in (-1e9..1e9_f64),
        level in prop_oneof![Just(Level::Low), Just(Level::Middle), Just(Level::High)],
        wait in (0..10_000_u64, 0..1_000_u32).prop_map(|(seconds, millis)| Duration::new(seconds, millis * 1_000_000)),
        size in any::<u64>().prop_map(ByteSize),
        note in prop::option::of(text().prop_filter("an Option's text is not null", |text| text != "null")),
        token in prop::option::of(text().prop_map(Secret::new)),
    ) -> (String, i64, f64, Level, Duration, ByteSize, Option<String>, Option<Secret<String>>) {
        (name, count, ratio, level, wait, size, note, token)
    }
}

fn config() -> impl Strategy<Value = Config> {
    (
        scalars(),
        prop::collection::vec(text(), 0..3),
        prop::collection::btree_map(text(), any::<u32>(), 0..3),
        prop::option::of((0..9_u32).prop_map(|ttl| Cache { ttl })),
        prop::collection::vec(server(), 0..3),
        prop::collection::btree_map("[a-z.]{1,4}", server(), 0..3),
        prop::option::of(store()),
    )
        .prop_map(|(scalars, tags, weights, cache, servers, regions, store)| {
            let (name, count, ratio, level, wait, size, note, token) = scalars;
            Config { name, count, ratio, level, wait, size, tags, weights, note, token, cache, servers, regions, store }
        })
}

fn defaults() -> Config {
    Config::loader().load().unwrap().into_config()
}

fn load(loader: Loader<Config>) -> Config {
    loader.load().unwrap().into_config()
}

/// A random document that sets some of the leaves.
fn layer() -> impl Strategy<Value = serde_json::Value> {
    let leaf = |name: &'static str, value: BoxedStrategy<serde_json::Value>| {
        prop::option::of(value).prop_map(move |value| value.map(|value| (name.to_owned(), value)))
    };
    let number = || (0..5_u32).prop_map(serde_json::Value::from).boxed();
    let map = prop::collection::btree_map("[a-c]", 0..5_u32, 0..3).prop_map(|map| serde_json::json!(map)).boxed();
    let regions = prop::collection::btree_map("[a-c]", 0..5_u32, 0..3)
        .prop_map(|map| {
            let regions: BTreeMap<_, _> =
                map.into_iter().map(|(key, port)| (key, serde_json::json!({"host": "h", "port": port}))).collect();
            serde_json::json!(regions)
        })
        .boxed();
    let cache = (0..5_u32).prop_map(|ttl| serde_json::json!({ "ttl": ttl })).boxed();
    (
        leaf("count", number()),
        leaf("ratio", number()),
        leaf("weights", map),
        leaf("regions", regions),
        leaf("cache", cache),
    )
        .prop_map(|(a, b, c, d, e)| serde_json::Value::Object([a, b, c, d, e].into_iter().flatten().collect()))
}

/// RFC 7396 over documents without nulls: what laying one layer over another means.
fn overlay(under: &serde_json::Value, over: &serde_json::Value) -> serde_json::Value {
    match (under, over) {
        (serde_json::Value::Object(under), serde_json::Value::Object(over)) => {
            let mut both = under.clone();
            for (key, value) in over {
                let merged = both.get(key).map_or_else(|| value.clone(), |old| overlay(old, value));
                both.insert(key.clone(), merged);
            }
            serde_json::Value::Object(both)
        }
        _ => over.clone(),
    }
}

proptest! {
    #[test]
    fn a_configuration_does_not_differ_from_itself(a in config()) {
        prop_assert!(diff(&a, &a).is_empty());
    }

    #[test]
    fn applying_the_difference_of_a_and_b_to_a_gives_b(a in config(), b in config()) {
        let changes = diff(&a, &b);
        prop_assert_eq!(apply(&a, &changes).unwrap(), b);
    }

    #[test]
    fn a_difference_never_shows_a_secret(a in config(), b in config()) {
        let mut b = b;
        b.token = Some(Secret::from("hunter2"));
        let changes = diff(&a, &b);
        let shown = format!("{changes:?}{}", serde_json::to_string(&changes).unwrap());
        prop_assert!(!shown.contains("hunter2"));
    }

    #[test]
    fn export_then_load_is_the_identity_up_to_secrets(a in config()) {
        // What applies a difference to the defaults is the configuration itself, with its layers unknown.
        let mut a = a;
        a.token = None;
        let loaded = Config::loader().values("all", &Exported(&a)).load().unwrap();
        prop_assert_eq!(loaded.config(), &a);
        let json = serde_json::to_string(&loaded.export()).unwrap();
        prop_assert_eq!(&load(Config::loader().text("export.json", json)), &a);
    }

    #[test]
    fn laying_layers_is_associative(a in layer(), b in layer(), c in layer()) {
        let all = load(Config::loader().values("a", &a).values("b", &b).values("c", &c));
        let left = load(Config::loader().values("ab", &overlay(&a, &b)).values("c", &c));
        let right = load(Config::loader().values("a", &a).values("bc", &overlay(&b, &c)));
        prop_assert_eq!(&all, &left);
        prop_assert_eq!(&all, &right);
    }

    #[test]
    fn the_empty_layer_changes_nothing(a in layer()) {
        let empty = serde_json::json!({});
        let alone = load(Config::loader().values("a", &a));
        prop_assert_eq!(&load(Config::loader().values("a", &a).values("empty", &empty)), &alone);
        prop_assert_eq!(&load(Config::loader().values("empty", &empty).values("a", &a)), &alone);
        prop_assert_eq!(load(Config::loader().values("empty", &empty)), defaults());
    }
}

/// A configuration as serde writes it: by the changes that lead to it.
struct Exported<'a>(&'a Config);

impl serde::Serialize for Exported<'_> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        strata_config::export(self.0).serialize(serializer)
    }
}

#[test]
fn a_change_says_when_it_takes_effect() {
    let mut other = defaults();
    other.wait = Duration::from_secs(1);
    other.weights.insert("a".into(), 1);
    let json = serde_json::to_value(diff(&defaults(), &other)).unwrap();
    assert_eq!(
        json,
        serde_json::json!([
            {"path": "wait", "old": "30s", "new": "1s", "reload": "restart"},
            {"path": "weights", "old": {}, "new": null, "reload": "live"},
            {"path": "weights.a", "old": null, "new": 1, "reload": "live"},
        ])
    );
}

#[test]
fn a_change_that_breaks_a_rule_is_refused() {
    let a = defaults();
    let mut b = a.clone();
    b.servers.push(Server { host: "h".into(), port: 1, replicas: Vec::new() });
    let mut changes = diff(&a, &b);
    changes.retain(|change| change.path.as_str() != "servers.0.host");
    assert!(apply(&a, &changes).unwrap_err().to_string().contains("servers.0.host"));
}

#[test]
fn a_null_in_a_patch_removes_at_any_depth() {
    let refused = |patch: serde_json::Value| strata_config::check_patch::<Config>(&patch).errors().count();
    assert_eq!(refused(serde_json::json!({"weights": {"a": null, "b": 1}})), 0);
    assert_eq!(refused(serde_json::json!({"regions": {"eu": {"port": null}, "us": null}})), 0);
    assert_eq!(refused(serde_json::json!({"weights": {"a": null, "b": "x"}})), 1);
    assert_eq!(refused(serde_json::json!({"tags": [null]})), 1, "a list is replaced as it stands");
}
