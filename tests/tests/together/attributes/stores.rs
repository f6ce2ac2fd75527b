//! Enums whose variants are sections: the tag chooses.

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
    Bucket {
        bucket: String,
        path: String,
    },
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
    let expected =
        ["store.kind", "store.path", "store.sync", "backup.type", "backup.bucket", "backup.path", "others.0.kind"];
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
