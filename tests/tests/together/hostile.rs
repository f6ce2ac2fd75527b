//! Hostile input: whatever stands in a file, a variable or an argument, the answer is a report, and memory is bounded.

use std::collections::BTreeMap;
use std::fs;

use proptest::prelude::*;
use strata_config::{LayeredConfig, Loader, Report, apply, diff};

#[derive(LayeredConfig, Debug, Clone, PartialEq)]
#[config(env_prefix = "APP")]
struct Config {
    #[config(default = 1)]
    count: u32,
    #[config(default = 1.5)]
    ratio: f64,
    #[config(default = "30s")]
    wait: std::time::Duration,
    #[config(default = [])]
    tags: Vec<String>,
    #[config(default = [])]
    weights: BTreeMap<String, u32>,
    anything: Option<serde_json::Value>,
    #[config(nested)]
    section: Section,
    #[config(nested)]
    list: Vec<Section>,
    #[config(nested)]
    map: BTreeMap<String, Section>,
}

#[derive(LayeredConfig, Debug, Clone, PartialEq)]
struct Section {
    #[config(default = "x")]
    name: String,
}

/// The report on a file of this name and these bytes.
fn file(name: &str, bytes: &[u8]) -> Report {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    fs::write(&path, bytes).unwrap();
    Config::loader().file(path).read().report().clone()
}

fn codes(report: &Report) -> Vec<&'static str> {
    report.findings().iter().map(|finding| finding.code).collect()
}

const NAMES: [&str; 3] = ["a.toml", "a.yaml", "a.json"];

#[test]
fn a_byte_order_mark_and_crlf_are_fine_and_keep_positions() {
    let texts = [
        "\u{feff}count = 'x'\r\nratio = 2.0\r\n",
        "\u{feff}count: x\r\nratio: 2.0\r\n",
        "\u{feff}{\"count\": \"x\",\r\n\"ratio\": 2.0}\r\n",
    ];
    for (name, (text, column)) in NAMES.iter().zip(texts.into_iter().zip([9, 8, 11])) {
        let report = file(name, text.as_bytes());
        assert_eq!(codes(&report), ["value.type"], "{report}");
        assert!(report.findings()[0].at().ends_with(&format!("{name}:1:{column}")), "{report}");
    }
}

#[test]
fn other_encodings_are_named() {
    for name in NAMES {
        assert_eq!(codes(&file(name, b"\xff\xfec\0o\0")), ["document.encoding"]);
        assert_eq!(codes(&file(name, b"count\xff = 1")), ["document.encoding"]);
        assert_eq!(codes(&file(name, b"a\0b")), ["document.encoding"]);
    }
}

#[test]
fn a_hundred_megabytes_are_refused_without_being_read() {
    let bytes = vec![b' '; 100 * 1024 * 1024];
    for name in NAMES {
        assert_eq!(codes(&file(name, &bytes)), ["document.too_large"]);
    }
}

#[test]
fn ten_thousand_levels_are_refused_without_a_stack() {
    let deep = 10_000;
    let json = format!("{{\"anything\": {}{}}}", "[".repeat(deep), "]".repeat(deep));
    let objects = "{\"a\":".repeat(deep);
    let toml = format!("anything = {}{}", "[".repeat(deep), "]".repeat(deep));
    let dotted = format!("anything.{} = 1", vec!["a"; deep].join("."));
    let header = format!("[anything.{}]", vec!["a"; deep].join("."));
    let block: String = (0..deep).map(|level| format!("{}a:\n", " ".repeat(level))).collect();
    for (name, text) in [
        ("a.json", json.clone()),
        ("a.json", objects),
        ("a.toml", toml),
        ("a.toml", dotted),
        ("a.toml", header),
        ("a.yaml", json),
        ("a.yaml", block),
    ] {
        let report = file(name, text.as_bytes());
        assert!(!report.is_valid(), "{name}");
        assert!(report.findings().len() <= 25, "{name}: {}", report.findings().len());
    }
    let variable = "[".repeat(deep);
    let loader = Config::loader().env_from([
        ("APP_TAGS", variable.clone()),
        ("APP_LIST", variable.clone()),
        ("APP_ANYTHING", variable),
    ]);
    assert_eq!(loader.read().report().errors().count(), 3);
}

#[test]
fn a_deep_path_on_the_command_line_is_refused_without_a_stack() {
    let path = vec!["a"; 10_000].join(".");
    let report = Config::loader().set(&format!("anything.{path}"), "1").read().report().clone();
    assert!(!report.is_valid());
}

#[test]
fn billion_laughs_are_refused() {
    let mut text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
    for level in 1..12 {
        let below = format!("*a{}", level - 1);
        text.push_str(&format!("a{level}: &a{level} [{}]\n", vec![below; 10].join(", ")));
    }
    assert!(codes(&file("a.yaml", text.as_bytes())).contains(&"document.too_large"));
}

#[test]
fn a_hundred_thousand_mistakes_take_no_longer_each() {
    let keys = 100_000;
    let toml: String = (0..keys).map(|number| format!("unknown_key_{number} = {number}\n")).collect();
    let json: Vec<String> = (0..keys).map(|number| format!("\"ünknown_key_{number}\": {number}")).collect();
    let list: Vec<String> = (0..keys).map(|number| format!("[{number}]")).collect();
    for (name, text, at) in [
        ("a.toml", toml, "a.toml:100000:1"),
        ("a.json", format!("{{{}}}", json.join(",")), ":1:2677755"),
        ("a.json", format!("{{\"list\": [{}]}}", list.join(",")), ":1:788893"),
    ] {
        // Quadratic work would take hours here.
        let report = file(name, text.as_bytes());
        assert_eq!(report.findings().len(), keys, "{name}");
        assert!(report.findings()[keys - 1].at().ends_with(at), "{}", report.findings()[keys - 1].at());
    }
}

#[test]
fn a_folder_in_place_of_a_file_is_a_finding() {
    let folder = tempfile::tempdir().unwrap();
    let report = Config::loader().file(folder.path().join("")).read().report().clone();
    assert_eq!(codes(&report), ["file.unreadable"]);
    let unknown = file("a.ini", b"count=1");
    assert_eq!(codes(&unknown), ["document.format"]);
}

#[cfg(unix)]
#[test]
fn a_variable_that_is_not_unicode_is_a_finding() {
    use std::os::unix::ffi::OsStringExt;
    let value = std::ffi::OsString::from_vec(vec![b'1', 0xff]);
    let report = Config::loader().env_from([("APP_COUNT", value)]).read().report().clone();
    assert_eq!(codes(&report), ["env.encoding"]);
}

/// Whatever was read can be shown in every way.
fn show_all(loader: Loader<Config>) {
    let outcome = loader.read();
    let explained = outcome.explain(&[]);
    let shown =
        (outcome.report().to_string(), serde_json::to_string(outcome.report()), serde_json::to_string(&explained));
    assert_eq!(outcome.config().is_some(), outcome.report().is_valid(), "{}", shown.0);
}

/// Pieces of documents, in any order.
fn pieces() -> impl Strategy<Value = String> {
    const PIECES: &[&str] = &[
        "count",
        "section",
        "list",
        "map",
        "tags",
        "weights",
        "wait",
        "name",
        "=",
        ":",
        " ",
        "\n",
        "\n  ",
        "- ",
        "[",
        "]",
        "[[",
        "]]",
        "{",
        "}",
        ",",
        "\"",
        "'",
        "\"x\"",
        "1",
        "-1",
        "1e999",
        "true",
        "null",
        "~",
        "\\",
        "#",
        "//",
        "/*",
        "&a ",
        "*a",
        "<<",
        "|\n",
        "\"\"\"",
        "é",
        "\u{feff}",
        "\t",
        "\r\n",
        ".",
        "0x",
        "1979-05-27",
        "!!str ",
        "? ",
        "---\n",
        "%",
    ];
    prop::collection::vec(prop::sample::select(PIECES), 0..40).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn no_document_panics(text in pieces(), name in prop::sample::select(&NAMES[..])) {
        show_all(Config::loader().text(name, text));
    }

    #[test]
    fn no_dotenv_file_panics(text in pieces()) {
        show_all(Config::loader().dotenv_text(".env", format!("APP_COUNT={text}\nAPP_TAGS={text}")).env_from([("A", "b")]));
    }

    #[test]
    fn no_variable_panics(text in prop_oneof![pieces(), any::<String>()]) {
        for name in ["APP_COUNT", "APP_RATIO", "APP_WAIT", "APP_TAGS", "APP_WEIGHTS", "APP_ANYTHING", "APP_LIST", "APP_MAP"] {
            show_all(Config::loader().env_from([(name, text.clone())]));
        }
    }

    #[test]
    fn no_argument_panics(args in prop::collection::vec(prop_oneof![pieces(), Just("--set".to_owned()), Just("--count".to_owned()), any::<String>()], 0..6)) {
        show_all(Config::loader().args(std::iter::once("app".to_owned()).chain(args)));
    }

    #[test]
    fn no_path_panics(path in any::<String>(), value in any::<String>()) {
        show_all(Config::loader().set(&path, &value));
    }
}

#[test]
fn ten_thousand_entries_are_explained_in_linear_time() {
    let entries = |value: &str| -> String { (0..10_000).map(|number| format!("k{number} = {value}\n")).collect() };
    let text = format!("[weights]\n{}[map]\n{}", entries("1"), entries("{}"));
    // Quadratic work would take minutes here.
    let outcome = Config::loader().text("a.toml", text).set("weights.k7", "2").read();
    assert!(outcome.report().is_valid());
    let explained = outcome.explain(&[]);
    let entry = explained.iter().find(|entry| entry.path.as_str() == "weights.k7").unwrap();
    assert_eq!(entry.to_string(), "--set weights.k7, shadows a.toml:9:6 1");
    assert_eq!(explained.iter().filter(|entry| entry.path.as_str().starts_with("map.k")).count(), 10_000);
}

#[test]
fn a_variable_of_many_entries_is_read_in_linear_time() {
    let pairs: Vec<String> = (0..100_000).map(|number| format!("k{number}=1")).collect();
    let loaded = Config::loader().env_from([("APP_WEIGHTS", pairs.join(","))]).load().unwrap();
    assert_eq!(loaded.weights.len(), 100_000);
}

#[test]
fn ten_thousand_leaves_differ_and_change_in_linear_time() {
    let config = |count: u8| {
        let mut config = Config::loader().load().unwrap().into_config();
        let name = format!("n{count}");
        config.weights = (0..20_000).map(|number| (format!("k{number}"), u32::from(count))).collect();
        config.map = (0..20_000).map(|number| (format!("k{number}"), Section { name: name.clone() })).collect();
        config
    };
    // Quadratic work would take minutes here.
    let (old, new) = (config(1), config(2));
    let changes = diff(&old, &new);
    assert_eq!(changes.len(), 40_000);
    assert!(apply(&old, &changes).unwrap() == new);
}
