//! Sources: which count, in which order, and what each contributes.

use std::collections::{BTreeMap, HashMap};
use std::net::IpAddr;
use std::path::PathBuf;
use std::time::Duration;

use strata_config::{ByteSize, ConfigEnum, LayerKind, LayeredConfig, Loader, Report, Secret, Value};

#[derive(ConfigEnum, Debug, Clone, Copy, PartialEq)]
enum Level {
    Low,
    #[config(alias = "maximum")]
    High,
}

#[derive(LayeredConfig, Debug, Clone, PartialEq)]
#[config(env_prefix = "APP")]
struct Config {
    #[config(default = "app")]
    name: String,
    #[config(default = 10)]
    count: u32,
    #[config(default = 0.5)]
    ratio: f64,
    #[config(default = false)]
    debug: bool,
    #[config(default = "30s")]
    wait: Duration,
    #[config(default = "1MiB")]
    size: ByteSize,
    #[config(default = "127.0.0.1")]
    address: IpAddr,
    #[config(default = "low")]
    level: Level,
    #[config(default = [])]
    tags: Vec<String>,
    #[config(default = [("a", 1)])]
    weights: BTreeMap<String, u32>,
    #[config(path)]
    cert: Option<PathBuf>,
    #[config(secret)]
    token: Option<Secret<String>>,
    #[config(nested)]
    pool: Pool,
    #[config(nested)]
    cache: Option<Cache>,
    #[config(nested)]
    servers: Vec<Server>,
    #[config(nested)]
    regions: HashMap<String, Server>,
}

#[derive(LayeredConfig, Debug, Clone, PartialEq)]
struct Pool {
    #[config(default = 8)]
    size: u16,
}

#[derive(LayeredConfig, Debug, Clone, PartialEq)]
struct Cache {
    #[config(default = 60)]
    ttl: u32,
    #[config(default = 100)]
    entries: u32,
}

#[derive(LayeredConfig, Debug, Clone, PartialEq)]
struct Server {
    host: String,
    #[config(default = 80)]
    port: u16,
}

fn config(loader: Loader<Config>) -> Config {
    loader.load().unwrap().into_config()
}

fn refused(loader: Loader<Config>) -> Report {
    match loader.load() {
        Ok(loaded) => panic!("accepted: {:?}", loaded.config()),
        Err(report) => report,
    }
}

#[test]
fn defaults_stand_where_nothing_is_set() {
    let config = config(Config::loader());
    assert_eq!((config.name.as_str(), config.count, config.ratio, config.debug), ("app", 10, 0.5, false));
    assert_eq!((config.wait, config.size), (Duration::from_secs(30), ByteSize::mib(1)));
    assert_eq!((config.cert, config.token, config.cache), (None, None, None));
    assert!(config.servers.is_empty() && config.regions.is_empty());
    assert!(Config::self_test().is_valid());
}

#[test]
fn a_later_source_overrides_an_earlier_one() {
    let loader = || Config::loader().text("a.toml", "count = 1").text("b.json", r#"{"count": 2}"#);
    assert_eq!(config(loader()).count, 2);
    assert_eq!(config(loader().env_from([("APP_COUNT", "3")])).count, 3);
    assert_eq!(config(loader().env_from([("APP_COUNT", "3")]).set("count", "4")).count, 4);
    assert_eq!(config(Config::loader().set("count", "4").env_from([("APP_COUNT", "3")])).count, 3);
}

#[test]
fn an_unset_or_empty_variable_overrides_nothing() {
    let loaded = Config::loader().text("a.toml", "count = 1").env_from([("APP_COUNT", "")]).load().unwrap();
    assert_eq!(loaded.count, 1);
    assert_eq!(loaded.origin("count").unwrap().origin.unwrap().layer, LayerKind::File);
}

#[test]
fn variables_speak_the_grammar_of_text() {
    let config = config(Config::loader().env_from([
        ("APP_NAME", "00123"),
        ("APP_COUNT", "1_000"),
        ("APP_RATIO", "1e-1"),
        ("APP_DEBUG", "Enabled"),
        ("APP_WAIT", "1h30m"),
        ("APP_SIZE", "256 KiB"),
        ("APP_LEVEL", "MAXIMUM"),
        ("APP_TAGS", "a, b,c"),
        ("APP_WEIGHTS", "b=2,c=3"),
        ("APP_SERVERS", r#"[{"host": "x"}, {"host": "y", "port": 81}]"#),
        ("APP_REGIONS", r#"{"eu": {"host": "e"}}"#),
    ]));
    assert_eq!((config.name.as_str(), config.count, config.ratio, config.debug), ("00123", 1000, 0.1, true));
    assert_eq!((config.wait.as_secs(), config.size.bytes(), config.level), (5400, 256 << 10, Level::High));
    assert_eq!(config.tags, ["a", "b", "c"]);
    assert_eq!(config.weights, BTreeMap::from([("a".into(), 1), ("b".into(), 2), ("c".into(), 3)]));
    assert_eq!(config.servers[1], Server { host: "y".into(), port: 81 });
    assert_eq!(config.regions["eu"].port, 80);
}

#[test]
fn a_list_of_text_may_be_json() {
    assert_eq!(config(Config::loader().env_from([("APP_TAGS", r#"["a,b", "c"]"#)])).tags, ["a,b", "c"]);
}

#[test]
fn an_optional_section_is_there_where_a_source_sets_a_key_below_it() {
    assert_eq!(config(Config::loader().text("a.toml", "[cache]\n")).cache, None);
    let set = config(Config::loader().text("a.toml", "[cache]\nttl = 5\n"));
    assert_eq!(set.cache, Some(Cache { ttl: 5, entries: 100 }));
    assert_eq!(config(Config::loader().env_from([("APP_CACHE_ENTRIES", "7")])).cache.unwrap().entries, 7);
}

#[test]
fn a_null_above_an_optional_section_hides_what_stands_below() {
    let loader = || Config::loader().text("a.toml", "[cache]\nttl = 5\n").text("b.json", r#"{"cache": null}"#);
    assert_eq!(config(loader()).cache, None);
    let again = config(loader().env_from([("APP_CACHE_ENTRIES", "7")]));
    assert_eq!(again.cache, Some(Cache { ttl: 60, entries: 7 }));
}

#[test]
fn a_null_is_an_explicit_none_that_shadows() {
    let loaded = Config::loader().text("a.yaml", "cert: server.pem\n").env_from([("APP_CERT", "null")]).load().unwrap();
    assert_eq!(loaded.cert, None);
    assert_eq!(loaded.origin("cert").unwrap().to_string(), "variable APP_CERT, shadows a.yaml:1:7 server.pem");
    let report = refused(Config::loader().text("a.json", r#"{"count": null}"#));
    assert_eq!(report.findings()[0].code, "value.null");
}

#[test]
fn maps_merge_entry_by_entry_and_each_entry_has_its_origin() {
    let loaded = Config::loader()
        .text("a.toml", "[weights]\nb = 2\nc = 3\n")
        .text("b.yaml", "weights: {c: 4}\n")
        .load()
        .unwrap();
    assert_eq!(loaded.weights, BTreeMap::from([("a".into(), 1), ("b".into(), 2), ("c".into(), 4)]));
    assert_eq!(loaded.origin("weights.a").unwrap().to_string(), "the default");
    assert_eq!(loaded.origin("weights.b").unwrap().to_string(), "a.toml:2:5");
    assert_eq!(loaded.origin("weights.c").unwrap().to_string(), "b.yaml:1:14, shadows a.toml:3:5 3");
}

#[test]
fn maps_of_structs_merge_deep_and_lists_of_structs_are_replaced() {
    let loaded = Config::loader()
        .text("a.toml", "[regions.eu]\nhost = \"e\"\n[[servers]]\nhost = \"x\"\n[[servers]]\nhost = \"y\"\n")
        .text("b.toml", "[regions.eu]\nport = 81\n[regions.us]\nhost = \"u\"\n[[servers]]\nhost = \"z\"\n")
        .load()
        .unwrap();
    assert_eq!(loaded.regions["eu"], Server { host: "e".into(), port: 81 });
    assert_eq!(loaded.regions["us"], Server { host: "u".into(), port: 80 });
    assert_eq!(loaded.servers, [Server { host: "z".into(), port: 80 }]);
    assert_eq!(loaded.origin("regions.eu.host").unwrap().to_string(), "a.toml:2:8");
    assert_eq!(loaded.origin("servers.0.host").unwrap().to_string(), "b.toml:6:8");
    assert_eq!(loaded.origin("servers.0.port").unwrap().to_string(), "the default");
}

#[test]
fn a_nulled_entry_of_a_map_of_structs_goes() {
    let config = config(
        Config::loader().text("a.toml", "[regions.eu]\nhost = \"e\"\n").text("b.json", r#"{"regions": {"eu": null}}"#),
    );
    assert!(config.regions.is_empty());
}

#[test]
fn dotenv_files_set_what_variables_set_and_expand() {
    let loaded = Config::loader()
        .dotenv_text(
            ".env",
            "# settings\nexport APP_NAME='x y'\nHOST=h\nAPP_TAGS=\"${HOST},${NONE:-d}\"\nAPP_TOKEN=${APP_TOKEN}\n",
        )
        .env_from([("APP_COUNT", "5")])
        .load()
        .unwrap();
    assert_eq!((loaded.name.as_str(), loaded.count), ("x y", 5));
    assert_eq!(loaded.tags, ["h", "d"]);
    assert_eq!(loaded.token, None, "a variable that only names itself stays unset");
    assert_eq!(loaded.origin("name").unwrap().origin.unwrap().at, ".env:2:17");
    assert_eq!(loaded.origin("name").unwrap().origin.unwrap().layer, LayerKind::Dotenv);
}

#[test]
fn a_secret_may_stand_in_a_file_that_a_variable_names() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("token");
    std::fs::write(&path, "s3cret\n").unwrap();
    let loaded = Config::loader().env_from([("APP_TOKEN_FILE", path.to_str().unwrap())]).load().unwrap();
    assert_eq!(loaded.token.as_ref().unwrap().expose(), "s3cret");
    assert_eq!(loaded.origin("token").unwrap().origin.unwrap().at, "APP_TOKEN_FILE");
    let both = refused(Config::loader().env_from([("APP_TOKEN_FILE", path.to_str().unwrap()), ("APP_TOKEN", "x")]));
    assert_eq!(both.findings()[0].code, "env.both");
    let missing = refused(Config::loader().env_from([("APP_TOKEN_FILE", "/nowhere/token")]));
    assert_eq!(missing.findings()[0].code, "env.file");
}

#[test]
fn an_empty_file_is_no_secret() {
    let folder = tempfile::tempdir().unwrap();
    for text in ["", "\n", "\r\n"] {
        let path = folder.path().join("token");
        std::fs::write(&path, text).unwrap();
        let path = path.to_str().unwrap();
        let report = refused(Config::loader().env_from([("APP_TOKEN_FILE", path)]));
        let found = &report.findings()[0];
        assert_eq!((found.code, found.path.as_str()), ("env.file", "token"), "{text:?}");
        assert!(found.message.ends_with("token` is empty"), "{found:?}");
        let line = format!("APP_TOKEN_FILE={path}\n");
        let report = refused(Config::loader().dotenv_text(".env", line));
        assert_eq!(report.findings()[0].code, "env.file", "{text:?}");
    }
}

#[test]
fn arguments_set_leaves_by_path_and_by_flag() {
    let loader =
        Config::loader().args(["app", "--set", "pool.size=4", "--set=tags=a,b", "--debug", "--wait=1s", "--name", "x"]);
    let loaded = loader.load().unwrap();
    assert_eq!((loaded.pool.size, loaded.debug, loaded.wait.as_secs(), loaded.name.as_str()), (4, true, 1, "x"));
    assert_eq!(loaded.tags, ["a", "b"]);
    assert_eq!(loaded.origin("pool.size").unwrap().origin.unwrap().at, "--set pool.size");
    assert_eq!(loaded.origin("wait").unwrap().origin.unwrap().at, "--wait");
}

#[test]
fn arguments_that_are_none_are_all_reported() {
    let report = refused(Config::loader().args(["app", "--nmae", "x", "stray", "--set", "pool.sise=1", "--count"]));
    let codes: Vec<&str> = report.errors().map(|finding| finding.code).collect();
    assert_eq!(codes.iter().filter(|code| **code == "args.unknown").count(), 2, "{report}");
    assert!(codes.contains(&"args.value") && codes.contains(&"key.unknown"), "{report}");
    assert!(report.to_string().contains("did you mean `--name`?"), "{report}");
}

#[test]
fn values_of_the_program_are_a_layer() {
    let loaded = Config::loader().values("overrides", &serde_json::json!({"pool": {"size": 2}})).load().unwrap();
    assert_eq!(loaded.pool.size, 2);
    assert_eq!(loaded.origin("pool.size").unwrap().origin.unwrap().to_string(), "program overrides");
}

#[test]
fn a_file_is_required_unless_it_is_optional() {
    let folder = tempfile::tempdir().unwrap();
    let missing = folder.path().join("missing.toml");
    assert_eq!(config(Config::loader().file(&missing).optional()).count, 10);
    let report = refused(Config::loader().file(&missing));
    assert_eq!((report.findings().len(), report.findings()[0].code), (1, "file.missing"));
}

#[test]
fn a_folder_is_read_in_the_order_of_names() {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in
        [("20-b.toml", "count = 2"), ("10-a.json", r#"{"count": 1, "debug": true}"#), ("notes.txt", "no")]
    {
        std::fs::write(folder.path().join(name), text).unwrap();
    }
    let config = config(Config::loader().dir(folder.path()));
    assert_eq!((config.count, config.debug), (2, true));
}

#[test]
fn files_are_chosen_by_the_environments_name_and_by_a_variable() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    std::fs::write(path("production.yaml"), "count: 7\n").unwrap();
    std::fs::write(path("extra.toml"), "name = \"extra\"").unwrap();
    let loaded = Config::loader()
        .environment_from("ENVIRONMENT")
        .file(path("{environment}.yaml"))
        .file_from_env("APP_CONFIG")
        .env_from([("ENVIRONMENT", "production"), ("APP_CONFIG", path("extra.toml").to_str().unwrap())])
        .load()
        .unwrap();
    assert_eq!((loaded.count, loaded.name.as_str()), (7, "extra"));
    assert_eq!(loaded.info().environment(), Some("production"));
    assert!(loaded.warnings().is_empty(), "variables of the loader itself are known: {}", loaded.warnings());
    let given = config(Config::loader().files_for(path("{}.yaml").to_str().unwrap(), "production"));
    assert_eq!(given.count, 7);
}

#[test]
fn a_file_may_include_others_below_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    std::fs::write(path("base.toml"), "count = 1\nname = \"base\"").unwrap();
    std::fs::write(path("main.toml"), "include = [\"base.toml\"]\ncount = 2").unwrap();
    let both = config(Config::loader().file(path("main.toml")));
    assert_eq!((both.count, both.name.as_str()), (2, "base"));
    std::fs::write(path("base.toml"), "include = \"main.toml\"").unwrap();
    assert_eq!(refused(Config::loader().file(path("main.toml"))).findings()[0].code, "file.include");
}

#[test]
fn a_path_is_relative_to_the_file_that_names_it() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("a.toml"), "cert = \"tls/server.pem\"").unwrap();
    let loader = || Config::loader().file(folder.path().join("a.toml"));
    assert_eq!(config(loader()).cert, Some(folder.path().join("tls/server.pem")));
    assert_eq!(config(loader().env_from([("APP_CERT", "x.pem")])).cert, Some(PathBuf::from("x.pem")));
}

#[test]
fn the_three_formats_say_the_same() {
    let toml = "count = 1\ntags = [\"a\"]\n[pool]\nsize = 2\n[weights]\na = 5\n";
    let yaml = "count: 1\ntags: [a]\npool:\n  size: 2\nweights: {a: 5}\n";
    let json =
        "{\"count\": 1, /* comments are fine */ \"tags\": [\"a\"], \"pool\": {\"size\": 2}, \"weights\": {\"a\": 5}}";
    let read = |name: &str, text: &str| config(Config::loader().text(name, text));
    assert_eq!(read("a.toml", toml), read("a.yaml", yaml));
    assert_eq!(read("a.toml", toml), read("a.json", json));
}

#[test]
fn an_empty_section_in_yaml_is_a_section_without_entries() {
    assert_eq!(config(Config::loader().text("a.yaml", "pool:\ncount: 3\n")).count, 3);
    let report = refused(Config::loader().text("a.yaml", "pool: null\n"));
    assert_eq!(report.findings()[0].code, "value.null");
}

#[test]
fn a_file_may_name_the_schema_for_editors() {
    let read = Config::loader().text("a.json", r#"{"$schema": "app.schema.json", "count": 3}"#).load().unwrap();
    assert_eq!((read.count, read.warnings().is_empty()), (3, true));
    assert!(Config::loader().text("a.json", r#"{"pool": {"$schema": "x"}}"#).load().is_err());
}

#[test]
fn export_then_load_is_the_identity_up_to_secrets() {
    let loaded = Config::loader()
        .text(
            "a.toml",
            "count = 3\ntags = [\"x\"]\n[cache]\nttl = 1\n[[servers]]\nhost = \"h\"\n[regions.\"a.b\"]\nhost = \"r\"\n",
        )
        .set("wait", "90s")
        .load()
        .unwrap();
    let json = serde_json::to_string(&loaded.export()).unwrap();
    assert_eq!(&config(Config::loader().text("export.json", json)), loaded.config());
    assert!(matches!(loaded.export(), Value::Map(_)));
}
