//! Edits of run-time values: merge patches along a schema, single values, and what can't be done.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use strata_config::{Edited, Edits, FieldPath, LayeredConfig, Loader, Secret, Value};

#[derive(LayeredConfig, Debug, Clone, PartialEq)]
struct Config {
    #[config(default = 8, alias = "workers")]
    threads: u32,
    note: Option<String>,
    #[config(default = ["a"])]
    tags: Vec<String>,
    #[config(default = [])]
    labels: BTreeMap<String, u32>,
    #[config(default = Corner { x: 1, y: 2 })]
    corner: Corner,
    #[config(secret)]
    token: Option<Secret<String>>,
    #[config(nested)]
    db: Db,
    #[config(nested)]
    tls: Option<Tls>,
    #[config(nested)]
    servers: Vec<Tls>,
    #[config(nested)]
    regions: BTreeMap<String, Tls>,
}

#[derive(Serialize, Deserialize, Debug, Clone, PartialEq)]
struct Corner {
    x: i32,
    y: i32,
}

#[derive(LayeredConfig, Debug, Clone, PartialEq)]
struct Db {
    #[config(default = "localhost")]
    host: String,
    #[config(default = 5432)]
    port: u16,
}

#[derive(LayeredConfig, Debug, Clone, PartialEq)]
struct Tls {
    #[config(default = "cert.pem")]
    cert: String,
}

fn json(text: &str) -> Value {
    Value::from_json("values.json", text).unwrap()
}

/// Edits of these values, over what a file says.
fn edit(values: &str, edits: impl FnOnce(&mut Edits<'_>)) -> Edited {
    let loader: Loader<Config> =
        Config::loader().text("app.toml", "labels = { file = 1 }\n[regions.eu]\ncert = \"e\"\n");
    let effective = loader.load().unwrap().values();
    let mut editing = Edits::of::<Config>(json(values), &effective);
    edits(&mut editing);
    editing.finish()
}

fn merged(values: &str, patch: &str) -> String {
    let edited = edit(values, |edits| edits.merge(&json(patch)));
    assert!(edited.report.is_valid(), "{}", edited.report);
    serde_json::to_string(&edited.values).unwrap()
}

fn refused(edited: &Edited) -> Vec<(&str, &str)> {
    edited.report.errors().map(|finding| (finding.path.as_str(), finding.code)).collect()
}

#[test]
fn sections_merge_and_siblings_stay() {
    assert_eq!(merged(r#"{"db":{"host":"h"}}"#, r#"{"db":{"port":1}}"#), r#"{"db":{"host":"h","port":1}}"#);
}

#[test]
fn an_alias_is_written_under_the_settings_own_key() {
    assert_eq!(merged(r#"{"threads":1}"#, r#"{"workers":2}"#), r#"{"threads":2}"#);
}

#[test]
fn null_removes_and_leaves_no_empty_section() {
    assert_eq!(merged(r#"{"threads":1,"db":{"port":1}}"#, r#"{"threads":null,"db":{"port":null}}"#), "{}");
    assert_eq!(merged(r#"{"db":{"port":1}}"#, r#"{"db":null}"#), "{}");
}

#[test]
fn null_of_an_optional_value_or_section_is_the_value_none() {
    assert_eq!(merged("{}", r#"{"note":null,"tls":null}"#), r#"{"note":null,"tls":null}"#);
    assert_eq!(merged(r#"{"tls":null}"#, r#"{"tls":{"cert":"c"}}"#), r#"{"tls":{"cert":"c"}}"#);
}

#[test]
fn lists_are_replaced_and_maps_merge_entry_by_entry() {
    assert_eq!(merged(r#"{"tags":["x"]}"#, r#"{"tags":["y","z"]}"#), r#"{"tags":["y","z"]}"#);
    assert_eq!(merged(r#"{"labels":{"a":1,"b":2}}"#, r#"{"labels":{"a":null,"c":3}}"#), r#"{"labels":{"b":2,"c":3}}"#);
    assert_eq!(merged(r#"{"regions":{"us":{"cert":"u"}}}"#, r#"{"regions":{"us":null}}"#), "{}");
}

#[test]
fn a_part_of_one_value_is_merged_into_the_value_in_effect() {
    assert_eq!(merged("{}", r#"{"corner":{"y":9}}"#), r#"{"corner":{"x":1,"y":9}}"#);
}

#[test]
fn an_entry_of_a_weaker_source_is_not_removed_in_silence() {
    let edited = edit("{}", |edits| edits.merge(&json(r#"{"labels":{"file":null},"regions":{"eu":null}}"#)));
    assert_eq!(refused(&edited), [("labels.file", "value.null"), ("regions.eu", "value.null")]);
}

#[test]
fn a_masked_secret_stays_and_a_real_one_is_refused_without_a_key() {
    assert_eq!(merged("{}", r#"{"token":{"$secret":true}}"#), "{}");
    let edited = edit("{}", |edits| edits.merge(&json(r#"{"token":"hunter2"}"#)));
    assert_eq!(refused(&edited), [("token", "secret.no_key")]);
    assert!(!format!("{:?} {}", edited, edited.report).contains("hunter2"));
    let edited = edit("{}", |edits| edits.set(&FieldPath::new("token"), Value::String("hunter2".to_owned())));
    assert_eq!(refused(&edited), [("token", "secret.no_key")]);
    assert!(!format!("{edited:?}").contains("hunter2"));
}

#[test]
fn one_value_is_set_and_unset_at_its_path() {
    let edited = edit(r#"{"db":{"host":"h"},"tls":null}"#, |edits| {
        edits.set(&FieldPath::new("db.port"), Value::Int(1));
        edits.set(&FieldPath::new("labels.\"a.b\""), Value::Int(2));
        edits.set(&FieldPath::new("tls.cert"), Value::String("c".to_owned()));
        edits.unset(&FieldPath::new("db.host"));
        edits.unset(&FieldPath::new("regions.eu.cert"));
    });
    assert!(edited.report.is_valid(), "{}", edited.report);
    let text = serde_json::to_string(&edited.values).unwrap();
    assert_eq!(text, r#"{"db":{"port":1},"tls":{"cert":"c"},"labels":{"a.b":2}}"#);
}

#[test]
fn what_no_path_names_is_refused_with_advice() {
    let edited = edit("{}", |edits| {
        edits.set(&FieldPath::new("db.prot"), Value::Int(1));
        edits.set(&FieldPath::new("servers.0.cert"), Value::Int(1));
        edits.set(&FieldPath::new("threads"), Value::Null);
        edits.merge(&Value::Int(1));
    });
    let expected =
        [("db.prot", "key.unknown"), ("servers.0.cert", "value.type"), ("threads", "value.null"), ("", "value.type")];
    assert_eq!(refused(&edited), expected);
    assert!(edited.report.to_string().contains("did you mean `db.port`?"), "{}", edited.report);
    assert_eq!(edited.values, Value::Map(Vec::new()));
}
