//! The text of variables: what it may say, and what it says is told.

use strata_config::{LayeredConfig, Loader, Report};

#[derive(LayeredConfig, Debug, Clone, PartialEq)]
#[config(env_prefix = "APP")]
struct Config {
    #[config(default = 0.5)]
    single: f32,
    #[config(default = [])]
    tags: Vec<String>,
    anything: Option<serde_json::Value>,
    #[config(nested)]
    list: Vec<Item>,
}

#[derive(LayeredConfig, Debug, Clone, PartialEq)]
struct Item {
    #[config(default = "x")]
    name: String,
}

fn report(loader: Loader<Config>) -> Report {
    loader.read().report().clone()
}

fn codes(report: &Report) -> Vec<&'static str> {
    report.findings().iter().map(|finding| finding.code).collect()
}

#[test]
fn json_in_a_variable_is_one_value() {
    for (name, text) in [
        ("APP_TAGS", "[\"a\"], \"b\": [1]"),
        ("APP_ANYTHING", "{}, \"b\": {}"),
        ("APP_LIST", "[], \"b\": []"),
        ("APP_LIST", "[{}]]"),
    ] {
        let report = report(Config::loader().env_from([(name, text)]));
        assert_eq!(codes(&report), ["value.type"], "{name}={text}: {report}");
    }
    assert!(report(Config::loader().env_from([("APP_TAGS", " [\"a\" /* one */] ")])).is_valid());
}

#[test]
fn a_number_beyond_32_bits_is_no_f32() {
    assert_eq!(codes(&report(Config::loader().env_from([("APP_SINGLE", "1e39")]))), ["value.overflow"]);
    assert_eq!(codes(&report(Config::loader().text("a.toml", "single = -1e300"))), ["value.overflow"]);
    assert!(report(Config::loader().text("a.toml", "single = 3.4028234e38")).is_valid());
}
