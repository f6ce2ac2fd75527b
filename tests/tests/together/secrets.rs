//! Secrets: whatever is wrong with what stands around them, nothing shows them.

use std::collections::BTreeMap;

use strata_config::{LayeredConfig, Loader, Mode, Secret};

#[derive(LayeredConfig, Debug, Clone, PartialEq)]
#[config(env_prefix = "APP")]
struct Config {
    #[config(default = 8080, validate(range(min = 1024)))]
    port: u16,
    #[config(default = 1)]
    level: u8,
    #[config(default = 1)]
    least: u32,
    #[config(secret, validate(length(min = 8)))]
    token: Option<Secret<String>>,
    #[config(nested)]
    db: Db,
}

#[derive(LayeredConfig, Debug, Clone, PartialEq)]
struct Db {
    name: String,
}

/// No way of showing a report lets a secret out.
fn never_shows(marker: &str, loader: Loader<Config>) {
    let outcome = loader.read();
    let report = outcome.report();
    let shown = [
        report.to_string(),
        format!("{report:?}"),
        serde_json::to_string(report).unwrap(),
        report.render(true),
        format!("{outcome:?}"),
        serde_json::to_string(&outcome.explain(&[])).unwrap(),
    ];
    for text in shown {
        assert!(!text.contains(marker), "{text}");
    }
}

#[derive(LayeredConfig, Debug, Clone, PartialEq)]
struct Keys {
    #[config(nested)]
    one: Key,
    #[config(nested)]
    list: Vec<Key>,
    #[config(nested)]
    map: BTreeMap<String, Key>,
    #[config(computed = derived)]
    derived: Secret<String>,
}

#[derive(LayeredConfig, Debug, Clone, PartialEq)]
struct Key {
    #[config(secret)]
    key: Option<Secret<String>>,
    #[config(default = 1)]
    count: u8,
}

fn derived(_: &strata_config::LoadInfo) -> Secret<String> {
    Secret::from("hunter2")
}

#[test]
fn what_stands_where_a_secret_belongs_is_not_quoted_either() {
    for text in [
        "one = \"hunter2\"",
        "list = \"hunter2\"",
        "list = [\"hunter2\"]",
        "list = { key = \"hunter2\" }",
        "map = \"hunter2\"",
        "map = { a = \"hunter2\", b = { count = 300 } }",
        "map = [{ key = \"hunter2\", count = 300 }]",
        "one = { key = { deep = \"hunter2\" }, count = 300 }",
        "one.other = \"hunter2\"",
    ] {
        let outcome = Keys::loader().text("a.toml", text).read();
        assert!(!outcome.report().is_valid(), "{text}");
        let shown = format!("{}{:?}", outcome.report(), outcome.explain(&[]));
        assert!(!shown.contains("hunter2"), "{shown}");
    }
    let loaded = Keys::loader().load().unwrap();
    let shown = format!("{:?}{:?}{:?}", loaded.explain(&[]), loaded.values(), loaded);
    assert!(!shown.contains("hunter2"), "{shown}");
}

#[test]
fn secrets_never_appear() {
    let marker = "hunter2";
    for (name, text) in [
        ("short.toml", "token = \"hunter2\"\n[db]\nname = \"x\""),
        ("type.toml", "token = [\"hunter2\"]\nlevel = 5\n"),
        ("line.toml", "db = { name = 5 }\nx = { token = \"hunter2\", least = \"x\" }\n"),
        ("typo.toml", "tokne = \"hunter2\"\n"),
        ("syntax.toml", "token = \"hunter2\n"),
        ("syntax2.toml", "token = \"hunter2\" level\n"),
        ("inline.json", "{\"token\": \"hunter2\", \"port\": 80}"),
        ("twice.json", "{\"token\": \"hunter2\", \"token\": \"hunter2\"}"),
        ("syntax.json", "{\"token\": \"hunter2\" \"port\": 80}"),
        ("short.yaml", "token: hunter2\nport: 80\n"),
        ("syntax.yaml", "token: \"hunter2\n"),
        ("block.yaml", "token: |\n  hunter2\n  hunter2\nport: x\n"),
        ("bytes.toml", "token = \"hunter2\u{0}\""),
    ] {
        never_shows(marker, Config::loader().text(name, text));
        never_shows(marker, Config::loader().text(name, text).mode(Mode::Lenient));
    }
    never_shows(marker, Config::loader().env_from([("APP_TOKEN", marker)]));
    never_shows(marker, Config::loader().dotenv_text(".env", "APP_TOKEN=hunter2\nAPP_PORT=x\nAPP_TOKNE=hunter2\n"));
    never_shows(marker, Config::loader().dotenv_text(".env", "APP_TOKEN='hunter2\n"));
    for args in [
        vec!["app", "--token", "hunter2"],
        vec!["app", "--tokne", "hunter2"],
        vec!["app", "hunter2"],
        vec!["app", "--tokne=hunter2"],
        vec!["app", "--set", "token=hunter2"],
        vec!["app", "--set", "tokne=hunter2"],
        vec!["app", "--set", "hunter2"],
    ] {
        never_shows(marker, Config::loader().args(args));
    }
}
