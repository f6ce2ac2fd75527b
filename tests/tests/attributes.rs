//! What each attribute of the derive does.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use strata_config::{ByteSize, ConfigEnum, LayeredConfig, LoadInfo, Loader, Mode, Report, Secret};

fn report<C: LayeredConfig>(loader: Loader<C>) -> Report {
    loader.read().report().clone()
}

/// Code, path and place of every finding.
fn findings<C: LayeredConfig>(loader: Loader<C>) -> Vec<(&'static str, String, String)> {
    let report = report(loader);
    report.findings().iter().map(|finding| (finding.code, finding.path.to_string(), finding.at().to_owned())).collect()
}

mod stores {
    use super::*;

    #[derive(LayeredConfig, Debug, Clone, PartialEq)]
    #[config(tag = "kind")]
    enum Store {
        Memory,
        File {
            path: PathBuf,
            #[config(default = true)]
            sync: bool,
        },
        #[config(rename = "s3")]
        Bucket { bucket: String, path: String },
    }

    #[derive(LayeredConfig, Debug, Clone, PartialEq)]
    #[config(env_prefix = "APP")]
    struct Config {
        #[config(nested)]
        store: Store,
        #[config(nested, tag = "type")]
        backup: Option<Store>,
        #[config(nested)]
        others: Vec<Store>,
    }

    #[test]
    fn a_tag_chooses_the_variant_and_other_keys_are_its_fields() {
        let loaded = Config::loader()
            .text("a.toml", "[store]\nkind = \"File\"\npath = \"x\"\n[backup]\ntype = \"s3\"\nbucket = \"b\"\npath = \"p\"\n[[others]]\nkind = \"memory\"\n")
            .env_from([("APP_STORE_SYNC", "no")])
            .load()
            .unwrap();
        assert_eq!(loaded.store, Store::File { path: "x".into(), sync: false });
        assert_eq!(loaded.backup, Some(Store::Bucket { bucket: "b".into(), path: "p".into() }));
        assert_eq!(loaded.others, [Store::Memory]);
        let paths: Vec<String> = loaded.explain(&[]).iter().map(|explained| explained.path.to_string()).collect();
        let expected = ["store.kind", "store.path", "store.sync", "backup.type", "backup.bucket", "backup.path", "others.0.kind"];
        assert_eq!(paths, expected);
    }

    #[test]
    fn an_unknown_or_missing_tag_says_what_is_accepted() {
        let unknown = report(Config::loader().text("a.toml", "[store]\nkind = \"fil\"\n"));
        assert_eq!(unknown.findings()[0].help.as_deref(), Some("did you mean `file`?"));
        assert_eq!(findings(Config::loader()), [("value.missing", "store.kind".to_owned(), String::new())]);
    }

    #[test]
    fn a_key_of_no_variant_is_unknown() {
        let found = findings(Config::loader().text("a.toml", "[store]\nkind = \"memory\"\npaht = 1\n"));
        assert_eq!(found, [("key.unknown", "store.paht".to_owned(), "a.toml:3:1".to_owned())]);
    }

    #[test]
    fn a_key_of_another_variant_is_told() {
        let found = findings(Config::loader().text("a.toml", "[store]\nkind = \"memory\"\nbucket = \"b\"\n"));
        assert_eq!(found, [("key.unused", "store.bucket".to_owned(), "a.toml:3:1".to_owned())]);
        let overridden = Config::loader()
            .text("a.toml", "[store]\nkind = \"s3\"\nbucket = \"b\"\npath = \"p\"\n")
            .env_from([("APP_STORE_KIND", "memory")]);
        assert!(findings(overridden).is_empty(), "a stronger source chose another variant");
    }
}

mod names {
    use super::*;

    #[derive(LayeredConfig, Debug, Clone, PartialEq)]
    #[config(env_prefix = "APP", rename_all = "kebab-case")]
    struct Config {
        #[config(default = 1)]
        pool_size: u32,
        #[config(default = 2, rename = "Max", alias = "most", deprecated(alias = "upper", since = "2.0"))]
        maximum: u32,
        #[config(default = 3, renamed_from = "old_name", since = "1.5")]
        new_name: u32,
        #[config(default = 4, deprecated(note = "nothing reads it"))]
        unused: u32,
        #[config(flatten)]
        limits: Limits,
        #[config(default = 5)]
        r#type: u32,
        #[config(default = 6, env = false)]
        internal: u32,
        #[config(default = 7, env = ["FIRST", "SECOND"])]
        several: u32,
        #[config(default = "x", allow_empty)]
        suffix: String,
    }

    #[derive(LayeredConfig, Debug, Clone, PartialEq)]
    struct Limits {
        #[config(default = 10)]
        soft: u32,
        #[config(default = 20)]
        hard: u32,
    }

    fn config(loader: Loader<Config>) -> Config {
        loader.load().unwrap().into_config()
    }

    #[test]
    fn keys_and_variables_follow_the_names() {
        let read = config(Config::loader().text("a.toml", "pool-size = 9\nMax = 8\nsoft = 7\ntype = 6\n"));
        assert_eq!((read.pool_size, read.maximum, read.limits.soft, read.r#type), (9, 8, 7, 6));
        let read = config(Config::loader().env_from([
            ("APP_POOL_SIZE", "1"),
            ("APP_MAX", "2"),
            ("APP_SOFT", "3"),
            ("APP_TYPE", "4"),
            ("SECOND", "5"),
            ("APP_SUFFIX", ""),
        ]));
        assert_eq!((read.pool_size, read.maximum, read.limits.soft, read.r#type, read.several), (1, 2, 3, 4, 5));
        assert_eq!(read.suffix, "", "an empty variable is a value where the field says so");
        assert_eq!(config(Config::loader().env_from([("SECOND", "5"), ("FIRST", "4")])).several, 4);
        let unread = Config::loader().env_from([("APP_INTERNAL", "9")]).load().unwrap();
        assert_eq!(unread.internal, 6);
        assert_eq!(unread.warnings().findings()[0].code, "env.unknown");
    }

    #[test]
    fn aliases_are_accepted_and_deprecated_names_warn() {
        let alias = Config::loader().text("a.toml", "most = 8\n").load().unwrap();
        assert_eq!((alias.maximum, alias.warnings().is_empty()), (8, true));
        let old = Config::loader().text("a.toml", "upper = 8\nold_name = 9\nunused = 1\n").load().unwrap();
        assert_eq!((old.maximum, old.new_name), (8, 9));
        let messages: Vec<String> = old
            .warnings()
            .findings()
            .iter()
            .map(|finding| format!("{}: {}; {}", finding.path, finding.message, finding.help.clone().unwrap_or_default()))
            .collect();
        assert_eq!(
            messages,
            [
                "Max: the name `upper` is deprecated since 2.0; write `Max`",
                "new-name: the name `old_name` is deprecated since 1.5; write `new-name`",
                "unused: this setting is deprecated; nothing reads it",
            ]
        );
        assert_eq!(config(Config::loader().env_from([("APP_UPPER", "3")])).maximum, 3);
    }

    #[test]
    fn deprecated_variables_warn_too() {
        let old = Config::loader().env_from([("APP_UPPER", "3"), ("APP_UNUSED", "1")]).load().unwrap();
        let found: Vec<(&str, &str)> =
            old.warnings().findings().iter().map(|finding| (finding.code, finding.at())).collect();
        assert_eq!(found, [("key.deprecated", "APP_UPPER"), ("key.deprecated", "APP_UNUSED")]);
    }

    #[test]
    fn two_names_of_one_setting_in_one_source_are_an_error() {
        let found = findings(Config::loader().text("a.toml", "Max = 1\nmost = 2\n"));
        assert_eq!(found, [("key.duplicate_name", "Max".to_owned(), "a.toml:2:1".to_owned())]);
    }
}

mod merging {
    use super::*;

    #[derive(LayeredConfig, Debug, Clone, PartialEq)]
    struct Config {
        #[config(default = ["d"])]
        replaced: Vec<String>,
        #[config(default = ["d"], merge = "append", validate(each(length(max = 2))))]
        appended: Vec<String>,
        #[config(default = ["d"], merge = "union")]
        united: Vec<String>,
        #[config(default = [("d", 0)])]
        deep: BTreeMap<String, u32>,
        #[config(default = [("d", 0)], merge = "replace")]
        whole: BTreeMap<String, u32>,
        #[config(default = serde_json::json!({"a": {"b": 1}}), merge = "deep")]
        anything: serde_json::Value,
    }

    #[test]
    fn each_strategy_combines_in_its_way() {
        let a = r#"{"replaced": ["a"], "appended": ["a"], "united": ["a", "d"], "deep": {"a": 1}, "whole": {"a": 1}, "anything": {"a": {"c": 2}}}"#;
        let b = r#"{"replaced": ["b"], "appended": ["b"], "united": ["b", "a"], "deep": {"a": 2}, "whole": {"b": 2}, "anything": {"x": 0}}"#;
        let loaded = Config::loader().text("a.json", a).text("b.json", b).load().unwrap();
        assert_eq!(loaded.replaced, ["b"]);
        assert_eq!(loaded.appended, ["d", "a", "b"]);
        assert_eq!(loaded.united, ["d", "a", "b"]);
        assert_eq!(loaded.deep, BTreeMap::from([("d".into(), 0), ("a".into(), 2)]));
        assert_eq!(loaded.whole, BTreeMap::from([("b".into(), 2)]));
        assert_eq!(loaded.anything, serde_json::json!({"a": {"b": 1, "c": 2}, "x": 0}));
        let explained = loaded.origin("appended").unwrap();
        let origins: Vec<&str> = explained.merged.iter().map(|origin| origin.at.as_str()).collect();
        assert_eq!(origins, ["b.json:1:33", "a.json:1:33", "default"]);
    }

    #[test]
    fn a_part_that_breaks_a_rule_is_found_where_it_stands() {
        let found = findings(
            Config::loader().text("a.json", r#"{"appended": ["ok", "long"]}"#).text("b.json", r#"{"appended": ["b", "longer"]}"#),
        );
        let places: Vec<&str> = found.iter().map(|(_, _, at)| at.as_str()).collect();
        assert_eq!(places, ["a.json:1:21", "b.json:1:20"]);
    }

    #[test]
    fn a_null_hides_what_weaker_sources_would_add() {
        #[derive(LayeredConfig, Debug, Clone, PartialEq)]
        struct Tags {
            #[config(merge = "append")]
            tags: Option<Vec<String>>,
        }
        let loader = || Tags::loader().text("a.json", r#"{"tags": ["a"]}"#).text("b.json", r#"{"tags": null}"#);
        assert_eq!(loader().load().unwrap().tags, None);
        let again = loader().text("c.json", r#"{"tags": ["c"]}"#).load().unwrap();
        assert_eq!(again.tags, Some(vec!["c".to_owned()]));
    }
}

mod boards {
    use super::*;

    #[derive(LayeredConfig, Debug, Clone, PartialEq)]
    struct Config {
        #[config(default = 8, profile(small(default = 4, max = 20), big(default = 64)))]
        pool: u32,
        #[config(default = 100, fallback = 50, profile(small(max = 60)))]
        cache: u32,
    }

    #[test]
    fn a_profiles_default_stands_right_above_the_default() {
        let loaded = Config::loader().profile("small").mode(Mode::Lenient).load().unwrap();
        assert_eq!(loaded.pool, 4);
        assert_eq!(loaded.origin("pool").unwrap().to_string(), "profile small, shadows the default 8");
        assert_eq!(Config::loader().profile("big").text("a.toml", "pool = 1").load().unwrap().pool, 1);
    }

    #[test]
    fn a_cap_refuses_warns_or_clamps_by_mode() {
        let loader = || Config::loader().profile("small").text("a.toml", "pool = 30\ncache = 1\n");
        assert!(!report(loader().mode(Mode::Strict)).is_valid());
        let normal = loader().load().unwrap();
        assert_eq!((normal.pool, normal.warnings().findings()[0].code), (30, "rule.profile"));
        let lenient = loader().mode(Mode::Lenient).load().unwrap();
        assert_eq!(lenient.pool, 20);
        assert_eq!(lenient.origin("pool").unwrap().to_string(), "the fallback for profile small, shadows a.toml:1:8 30 and profile small 4 and the default 8");
        assert_eq!(Config::loader().profile("small").mode(Mode::Lenient).load().unwrap().cache, 50);
    }

    #[test]
    fn an_unknown_profile_is_told() {
        let loaded = Config::loader().profile("smal").load().unwrap();
        assert_eq!(loaded.warnings().findings()[0].code, "profile.unknown");
    }
}

mod rules {
    use super::*;

    #[derive(LayeredConfig, Debug, Clone, PartialEq, validator::Validate)]
    #[config(validator)]
    struct Config {
        #[config(default = "http://a.example", validate(url(schemes("http", "https"))))]
        url: String,
        #[config(default = "a@b.example", validate(email))]
        #[validate(length(max = 20, message = "too long for the directory"))]
        mail: String,
        #[config(default = "::1", validate(ip))]
        address: String,
        #[config(default = "a-b", validate(contains("-"), regex("^[a-z]-[a-z]$")))]
        pattern: String,
        #[config(default = 2, custom = even)]
        even: u32,
        #[config(default = 1.0, validate(range(min = 0, max = 1.5)))]
        ratio: f64,
        #[config(default = "1MiB", validate(range(min = "1KiB", max = "2MiB")))]
        size: ByteSize,
        #[config(default = 500, unit = "ms", validate(range(max = 1000)))]
        wait: Duration,
        #[config(default = Point { x: 1 }, validate(validator))]
        point: Point,
        #[config(secret, custom = long_enough)]
        secret: Option<Secret<String>>,
    }

    #[derive(serde::Serialize, serde::Deserialize, Debug, Clone, PartialEq, validator::Validate)]
    struct Point {
        #[validate(range(max = 9))]
        x: u32,
    }

    fn even(value: &u32) -> Result<(), String> {
        if value.is_multiple_of(2) { Ok(()) } else { Err(format!("{value} is odd")) }
    }

    fn long_enough(value: &Option<Secret<String>>) -> Result<(), String> {
        match value {
            Some(secret) if secret.expose().len() < 8 => Err(format!("{} is short", secret.expose())),
            _ => Ok(()),
        }
    }

    #[test]
    fn every_rule_refuses_what_it_should() {
        for (path, value, code) in [
            ("url", "nope", "rule.url"),
            ("url", "ftp://a.example", "rule.url"),
            ("mail", "nobody", "rule.email"),
            ("mail", "a-very-long-name@b.example", "rule.validate"),
            ("address", "1.2.3", "rule.ip"),
            ("pattern", "ab", "rule.contains"),
            ("pattern", "ab-c", "rule.regex"),
            ("even", "3", "rule.custom"),
            ("ratio", "1.6", "rule.range"),
            ("size", "3MiB", "rule.range"),
            ("wait", "2s", "rule.range"),
            ("wait", "1001", "rule.range"),
            ("point", r#"{"x": 10}"#, "rule.validate"),
            ("secret", "hunter2", "rule.custom"),
        ] {
            let report = report(Config::loader().set(path, value));
            let codes: Vec<&str> = report.errors().map(|finding| finding.code).collect();
            assert!(codes.contains(&code), "{path} = {value}: {report}");
            assert!(report.errors().all(|finding| finding.path.as_str().starts_with(path)), "{report}");
            assert!(!report.to_string().contains("hunter2"), "{report}");
        }
        assert!(Config::self_test().is_valid(), "{}", Config::self_test());
    }

    #[test]
    fn a_bare_number_is_in_the_fields_unit() {
        assert_eq!(Config::loader().load().unwrap().wait, Duration::from_millis(500));
        assert_eq!(Config::loader().text("a.toml", "wait = 20").load().unwrap().wait, Duration::from_millis(20));
        assert_eq!(Config::loader().set("wait", "0.5").load().unwrap().wait, Duration::from_micros(500));
    }

    #[derive(LayeredConfig, Debug, Clone, PartialEq)]
    struct Bad {
        #[config(default = String::from("nope"), validate(url))]
        url: String,
        #[config(default = Vec::from([1, 200]), validate(each(range(max = 100))))]
        list: Vec<u32>,
    }

    #[test]
    fn a_default_that_breaks_its_rule_is_found_by_the_self_test_and_at_load() {
        let expected = [("rule.url", "url"), ("rule.range", "list.1")];
        let report = Bad::self_test();
        let found: Vec<(&str, &str)> = report.errors().map(|finding| (finding.code, finding.path.as_str())).collect();
        assert_eq!(found, expected);
        assert!(Bad::loader().load().is_err());
    }
}

mod more {
    use super::*;

    mod hex {
        use serde::{Deserialize, Deserializer, Serializer};

        pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u32, D::Error> {
            let text = String::deserialize(deserializer)?;
            u32::from_str_radix(&text, 16).map_err(serde::de::Error::custom)
        }

        pub(super) fn serialize<S: Serializer>(value: &u32, serializer: S) -> Result<S::Ok, S::Error> {
            serializer.serialize_str(&format!("{value:x}"))
        }
    }

    #[derive(serde::Serialize, serde::Deserialize, Debug, Clone, PartialEq)]
    #[serde(transparent)]
    struct Port(u16);

    #[derive(LayeredConfig, Debug, Clone, PartialEq)]
    struct Config<T> {
        #[config(default = "ff", with = hex)]
        colour: u32,
        #[config(default = 80)]
        port: Port,
        value: T,
        #[config(computed = files)]
        files: usize,
        #[config(computed)]
        note: Option<String>,
    }

    fn files(info: &LoadInfo) -> usize {
        info.files().count()
    }

    #[test]
    fn values_may_have_functions_types_and_sources_of_their_own() {
        let loaded = Config::<bool>::loader().text("a.toml", "colour = \"10\"\nvalue = true\nport = 81\n").load().unwrap();
        assert_eq!((loaded.colour, loaded.value, loaded.port.clone(), loaded.files), (16, true, Port(81), 0));
        let json = serde_json::to_value(loaded.export()).unwrap();
        assert_eq!(json, serde_json::json!({"colour": "10", "port": 81, "value": true}), "computed values are not exported");
        assert_eq!(loaded.origin("colour").unwrap().value.to_text(), "10");
        let computed = loaded.origin("files").unwrap();
        assert_eq!((computed.value.to_text(), computed.to_string()), ("0".to_owned(), "program computed".to_owned()));
    }

    #[test]
    fn a_computed_value_in_a_file_is_told_and_ignored() {
        let loaded = Config::<u8>::loader().text("a.toml", "value = 1\nfiles = 9\n").load().unwrap();
        assert_eq!((loaded.files, loaded.warnings().findings()[0].code), (0, "value.computed"));
    }

    #[test]
    fn a_newtypes_own_error_is_told_with_its_place() {
        let found = findings(Config::<u8>::loader().text("a.toml", "value = 300\nport = 70000\ncolour = \"xyz\"\n"));
        let expected = [
            ("value.overflow", "value", "a.toml:1:9"),
            ("value.overflow", "port", "a.toml:2:8"),
            ("value.invalid", "colour", "a.toml:3:10"),
        ];
        assert_eq!(found, expected.map(|(code, path, at)| (code, path.to_owned(), at.to_owned())));
    }

    #[derive(ConfigEnum, Debug, Clone, Copy, PartialEq)]
    #[config(rename_all = "SCREAMING_SNAKE_CASE")]
    enum Mode2 {
        FirstOne,
        #[config(rename = "other", alias = "another")]
        Second,
    }

    #[test]
    fn an_enum_reads_any_case_and_writes_its_own() {
        assert_eq!("first_one".parse::<Mode2>().unwrap(), Mode2::FirstOne);
        assert_eq!("ANOTHER".parse::<Mode2>().unwrap().to_string(), "other");
        assert!("second".parse::<Mode2>().unwrap_err().to_string().contains("`FIRST_ONE` or `other`"));
        assert_eq!(serde_json::to_string(&Mode2::FirstOne).unwrap(), "\"FIRST_ONE\"");
        assert_eq!(serde_json::from_str::<Mode2>("\"Other\"").unwrap(), Mode2::Second);
    }
}
