//! Mistakes in texts: variables, arguments, `.env` files and the program's own values.

use strata_config::LayeredConfig;

use super::Case;
use super::schemas::{Leaves, Site};

const VARIABLES: [(&str, &str); 22] = [
    ("APP_FLAG", "maybe"),
    ("APP_SMALL", "256"),
    ("APP_SIGNED", "-129"),
    ("APP_BIG", "-1"),
    ("APP_WIDE", "1.5"),
    ("APP_RATIO", "half"),
    ("APP_LETTER", "ab"),
    ("APP_LEVEL", "wran"),
    ("APP_WAIT", "5 moons"),
    ("APP_SIZE", "big"),
    ("APP_ADDRESS", "localhost"),
    ("APP_SOCKET", "1.2.3.4"),
    ("APP_LIST", "1,x,-3"),
    ("APP_MAP", "a=1,b=x,c"),
    ("APP_PAIR", "[1]"),
    ("APP_TRIPLE", "1,2,3,4"),
    ("APP_MAYBE", "some"),
    ("APP_SHAPE", "{\"Round\": \"x\"}"),
    ("APP_PORT", "70000"),
    ("APP_EVEN", "3"),
    ("APP_FILE", "fine"),
    ("APP_TEXT", "fine"),
];

#[cfg(unix)]
fn not_unicode() -> Vec<(std::ffi::OsString, std::ffi::OsString)> {
    use std::os::unix::ffi::OsStringExt;
    let bytes = |text: &[u8]| std::ffi::OsString::from_vec(text.to_vec());
    vec![(bytes(b"APP_NAME"), bytes(b"\xff")), (bytes(b"APP_TOKEN"), bytes(b"hunter2\xff"))]
}

pub(crate) fn cases() -> Vec<Case> {
    let leaves = Leaves::loader;
    let site = Site::loader;
    let folder = tempfile::tempdir().unwrap();
    let missing = folder.path().join("missing").to_str().unwrap().to_owned();
    let bytes = folder.path().join("bytes");
    std::fs::write(&bytes, b"hunter2\xff").unwrap();
    let mut cases = vec![
        Case::new("variables: every kind of leaf", leaves().env_from(VARIABLES)).errors(&[("value.type", "flag", "APP_FLAG"), ("value.overflow", "small", "APP_SMALL"), ("value.overflow", "signed", "APP_SIGNED"), ("value.overflow", "big", "APP_BIG"), ("value.type", "wide", "APP_WIDE"), ("value.type", "ratio", "APP_RATIO"), ("value.invalid", "letter", "APP_LETTER"), ("value.choice", "level", "APP_LEVEL"), ("value.type", "wait", "APP_WAIT"), ("value.type", "size", "APP_SIZE"), ("value.invalid", "address", "APP_ADDRESS"), ("value.invalid", "socket", "APP_SOCKET"), ("value.type", "list.1", "APP_LIST"), ("value.overflow", "list.2", "APP_LIST"), ("value.type", "map", "APP_MAP"), ("value.invalid", "pair", "APP_PAIR"), ("value.invalid", "triple", "APP_TRIPLE"), ("value.type", "maybe", "APP_MAYBE"), ("value.type", "shape", "APP_SHAPE"), ("value.overflow", "port", "APP_PORT"), ("value.invalid", "even", "APP_EVEN")]),
        Case::new("variables: JSON with mistakes inside", site().env_from([
            ("APP_SERVERS", "[{\"host\": 5, \"prot\": 1}, {\"port\": 80}]"),
            ("APP_REGIONS", "{\"eu\": {\"host\": \"x\", \"port\": \"y\"}, \"us\": 5}"),
        ])).errors(&[("key.unknown", "servers.0.prot", "APP_SERVERS"), ("value.type", "servers.0.host", "APP_SERVERS"), ("value.missing", "servers.1.host", ""), ("value.type", "regions.eu.port", "APP_REGIONS"), ("value.type", "regions.us", "APP_REGIONS")]),
        Case::new("variables: JSON that breaks off", site().env_from([
            ("APP_SERVERS", "[{\"host\": "),
            ("APP_REGIONS", "eu=x"),
        ])).errors(&[("value.type", "servers", "APP_SERVERS"), ("value.type", "regions", "APP_REGIONS")]),
        Case::new("variables: null for what is no option", leaves().env_from([("APP_SMALL", "null"), ("APP_LIST", "null"), ("APP_MAYBE", "null")])).errors(&[("value.type", "small", "APP_SMALL"), ("value.type", "list.0", "APP_LIST")]),
        Case::new("variables: unknown under the prefix", site().env_from([("APP_NMAE", "x"), ("APP_DB", "{}"), ("APP_DB_POLL", "5"), ("APPX", "y")])).warnings(&[("env.unknown", "", "APP_DB"), ("env.unknown", "", "APP_DB_POLL"), ("env.unknown", "", "APP_NMAE")]),
        Case::new("variables: two files of secrets", site().env_from([
            ("APP_TOKEN_FILE", missing.as_str()),
            ("APP_DB_PASSWORD", "hunter2"),
            ("APP_DB_PASSWORD_FILE", missing.as_str()),
            ("APP_NAME_FILE", missing.as_str()),
        ])).errors(&[("env.file", "token", "APP_TOKEN_FILE"), ("env.both", "db.password", "APP_DB_PASSWORD_FILE")]).warnings(&[("env.unknown", "", "APP_NAME_FILE")]),
        Case::new("variables: a secret's file of no text", site().env_from([("APP_TOKEN_FILE", bytes.to_str().unwrap())])).errors(&[("env.file", "token", "APP_TOKEN_FILE")]),
        Case::new("variables: a deprecated name, and a name beside its alias", site().env_from([("APP_LABEL", "x"), ("APP_UNUSED", "1")])).warnings(&[("key.deprecated", "name", "APP_LABEL"), ("key.deprecated", "unused", "APP_UNUSED")]),
        Case::new("variables: a mode that is none", leaves().mode_from_env("APP_MODE").env_from([("APP_MODE", "sloppy"), ("APP_SMALL", "x")])).errors(&[("value.type", "small", "APP_SMALL"), ("env.choice", "", "APP_MODE")]),
        Case::new("arguments: what is no option", site().args(["app", "--nmae", "x", "stray", "--set", "--set", "novalue", "--db-pool"])).errors(&[("args.unknown", "", "--nmae"), ("args.unknown", "", "argument 3"), ("args.value", "", "--set"), ("args.value", "", "--set"), ("args.value", "", "--db-pool")]),
        Case::new("arguments: values that are wrong", site().args(["app", "--db-pool=100", "--soft", "x", "--set", "db.user=5", "--set", "db.poll=1", "--set", "nope.deep=1", "--public=perhaps"])).errors(&[("key.unknown", "db.poll", "--set db.poll"), ("key.unknown", "nope", "--set nope.deep"), ("rule.range", "db.pool", "--db-pool"), ("value.type", "soft", "--soft"), ("value.type", "public", "--public")]),
        Case::new("arguments: a section set whole", site().args(["app", "--set", "db=5", "--set", "cache=x", "--set", "servers=x"])).errors(&[("value.type", "db", "--set db"), ("value.type", "cache", "--set cache"), ("value.type", "servers", "--set servers")]),
        Case::new("arguments: paths of no form", site().args(["app", "--set", "=5", "--set", "db..pool=5", "--set", "db.=5", "--set", "db.pool.deep=5"])).errors(&[("value.type", "db.pool", "--set db.pool.deep"), ("args.value", "", "--set"), ("args.value", "", "--set"), ("args.value", "", "--set")]),
        Case::new("arguments: one setting twice", site().args(["app", "--db-pool", "5", "--db-pool", "6", "--set", "db.pool=x"])).errors(&[("value.type", "db.pool", "--set db.pool")]),
        Case::new("set: items that don't exist", site().set("servers.0.port", "x").set("regions.eu.port", "x")).errors(&[("value.type", "servers", "--set servers.0.port"), ("value.type", "regions.eu.port", "--set regions.eu.port"), ("value.missing", "regions.eu.host", "")]),
        Case::new("program: values that are wrong", site().values("overrides", &serde_json::json!({
            "name": 5, "db": {"pool": 100, "poll": 1}, "servers": [{"port": "x"}], "cache": [], "limits": {}, "token": ["hunter2"],
        }))).errors(&[("value.type", "cache", "overrides"), ("key.unknown", "db.poll", "overrides"), ("key.unknown", "limits", "overrides"), ("value.type", "name", "overrides"), ("value.type", "token", "overrides"), ("rule.range", "db.pool", "overrides"), ("value.type", "servers.0.port", "overrides"), ("value.missing", "servers.0.host", "")]),
        Case::new("dotenv: values that are wrong", site().dotenv_text(".env",
            "APP_DB_POOL=100\n  export APP_SOFT='x'\nAPP_PUBLIC = \"perhaps\"\nAPP_NMAE=y\nAPP_SERVERS=[5]\n")).errors(&[("rule.range", "db.pool", ".env:1:13"), ("value.type", "soft", ".env:2:19"), ("value.type", "public", ".env:3:14"), ("value.type", "servers.0", ".env:5:13")]).warnings(&[("env.unknown", "", ".env:4:1")]),
        Case::new("dotenv: a secret beside its file", site().dotenv_text(".env",
            "APP_TOKEN=hunter2\nAPP_TOKEN_FILE=/nowhere\n")).errors(&[("env.both", "token", ".env:2:16")]),
    ];
    #[cfg(unix)]
    cases.push(
        Case::new("variables: not Unicode", site().env_from(not_unicode()))
            .errors(&[("env.encoding", "name", "APP_NAME"), ("env.encoding", "token", "APP_TOKEN")]),
    );
    cases.into_iter().map(|case| case.within(&folder)).collect()
}
