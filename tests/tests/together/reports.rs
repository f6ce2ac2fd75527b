//! Reports: everything that is wrong, in all sources, each with its place.

use std::collections::BTreeMap;

use strata_config::{ConfigEnum, Finding, LayeredConfig, Loader, Mode, Report, Secret, Severity, Validator};

#[derive(ConfigEnum, Debug, Clone, Copy, PartialEq)]
enum Level {
    Low,
    High,
}

#[derive(LayeredConfig, Debug, Clone, PartialEq)]
#[config(env_prefix = "APP", validate = Self::check)]
struct Config {
    #[config(default = 8080, validate(range(min = 1024)))]
    port: u16,
    #[config(default = "low")]
    level: Level,
    #[config(default = [], validate(length(max = 2), each(length(min = 2))))]
    tags: Vec<String>,
    #[config(default = 1)]
    least: u32,
    #[config(default = 9, fallback = 9)]
    most: u32,
    #[config(default = [])]
    labels: BTreeMap<String, u32>,
    #[config(secret, validate(length(min = 8)))]
    token: Option<Secret<String>>,
    #[config(nested)]
    db: Db,
    #[config(nested)]
    servers: Vec<Server>,
}

#[derive(LayeredConfig, Debug, Clone, PartialEq)]
struct Db {
    name: String,
    #[config(default = 8, validate(range(min = 1, max = 64)), fallback = 4, warn(range(max = 32), "many connections"))]
    pool_size: u16,
    #[config(default = "10s", validate(range(min = "1s", max = "5m")))]
    timeout: std::time::Duration,
}

#[derive(LayeredConfig, Debug, Clone, PartialEq)]
struct Server {
    #[config(validate(one_of("eu", "us")))]
    region: String,
    #[config(default = 80)]
    port: u16,
}

impl Config {
    fn check(&self, report: &mut Report) {
        if self.least > self.most {
            report.error([Self::LEAST, Self::MOST], "`least` is more than `most`").help("raise `most`");
        }
    }
}

fn outcome(loader: Loader<Config>) -> Report {
    loader.read().report().clone()
}

/// Code, path and place of every error.
fn errors(loader: Loader<Config>) -> Vec<(String, String, String)> {
    outcome(loader).errors().map(place).collect()
}

fn place(finding: &Finding) -> (String, String, String) {
    (finding.code.to_owned(), finding.path.to_string(), finding.at().to_owned())
}

fn own(list: &[(&str, &str, &str)]) -> Vec<(String, String, String)> {
    list.iter().map(|(code, path, at)| ((*code).to_owned(), (*path).to_owned(), (*at).to_owned())).collect()
}

#[test]
fn eight_mistakes_in_toml_are_eight_findings() {
    let text = "prot = 1\nport = 80\nlevel = \"lo\"\ntags = [\"x\"]\nleast = \"1\"\nmost = -1\n[db]\nname = 5\npool_size = 70000\n";
    assert_eq!(
        errors(Config::loader().text("a.toml", text)),
        own(&[
            ("key.unknown", "prot", "a.toml:1:1"),
            ("rule.range", "port", "a.toml:2:8"),
            ("value.choice", "level", "a.toml:3:9"),
            ("rule.length", "tags.0", "a.toml:4:9"),
            ("value.type", "least", "a.toml:5:9"),
            ("value.overflow", "most", "a.toml:6:8"),
            ("value.type", "db.name", "a.toml:8:8"),
            ("value.overflow", "db.pool_size", "a.toml:9:13"),
        ])
    );
}

#[test]
fn eight_mistakes_in_yaml_are_eight_findings() {
    let text = "prot: 1\nport: 80\nlevel: lo\ntags: [x]\nleast: one\nmost: -1\ndb:\n  name: [5]\n  pool_size: 70000\n";
    assert_eq!(
        errors(Config::loader().text("a.yaml", text)),
        own(&[
            ("key.unknown", "prot", "a.yaml:1:1"),
            ("rule.range", "port", "a.yaml:2:7"),
            ("value.choice", "level", "a.yaml:3:8"),
            ("rule.length", "tags.0", "a.yaml:4:8"),
            ("value.type", "least", "a.yaml:5:8"),
            ("value.overflow", "most", "a.yaml:6:7"),
            ("value.type", "db.name", "a.yaml:8:9"),
            ("value.overflow", "db.pool_size", "a.yaml:9:14"),
        ])
    );
}

#[test]
fn eight_mistakes_in_json_are_eight_findings() {
    let text = "{\"prot\": 1,\n \"port\": 80,\n \"level\": \"lo\",\n \"tags\": [\"x\"],\n \"least\": \"1\",\n \"most\": -1,\n \"db\": {\"name\": 5,\n  \"pool_size\": 70000}}";
    assert_eq!(
        errors(Config::loader().text("a.json", text)),
        own(&[
            ("key.unknown", "prot", "a.json:1:2"),
            ("rule.range", "port", "a.json:2:10"),
            ("value.choice", "level", "a.json:3:11"),
            ("rule.length", "tags.0", "a.json:4:11"),
            ("value.type", "least", "a.json:5:11"),
            ("value.overflow", "most", "a.json:6:10"),
            ("value.type", "db.name", "a.json:7:17"),
            ("value.overflow", "db.pool_size", "a.json:8:16"),
        ])
    );
}

#[test]
fn mistakes_of_all_sources_come_together() {
    let found = errors(
        Config::loader()
            .text("a.toml", "port = true\n[db]\nname = \"x\"")
            .text("b.json", "{\"level\": 5}")
            .dotenv_text(".env", "APP_LEAST=many\n")
            .env_from([("APP_DB_TIMEOUT", "10m"), ("APP_LABELS", "a=b")])
            .args(["app", "--set", "most=x"]),
    );
    assert_eq!(
        found,
        own(&[
            ("value.type", "port", "a.toml:1:8"),
            ("value.type", "level", "b.json:1:11"),
            ("value.type", "least", ".env:1:11"),
            ("value.type", "labels.a", "APP_LABELS"),
            ("rule.range", "db.timeout", "APP_DB_TIMEOUT"),
            ("value.type", "most", "--set most"),
        ])
        .into_iter()
        .collect::<Vec<_>>()
    );
}

#[test]
fn a_missing_value_is_an_error_unless_a_document_is_broken() {
    assert_eq!(errors(Config::loader()), own(&[("value.missing", "db.name", "")]));
    let broken = errors(Config::loader().text("a.toml", "port = \n[db\nlevel = \"high\"\n"));
    assert!(broken.iter().all(|(code, ..)| code == "document.syntax"), "{broken:?}");
    let others = errors(Config::loader().text("a.toml", "port = ").text("b.toml", "level = 7"));
    assert_eq!(others.len(), 2, "the other sources are still checked: {others:?}");
}

#[test]
fn advice_names_the_variable_and_the_section() {
    let report = outcome(Config::loader().text("a.toml", "pool_size = 1\n"));
    let helps: Vec<&str> = report.errors().filter_map(|finding| finding.help.as_deref()).collect();
    assert_eq!(
        helps,
        ["did you mean `db.pool_size`?", "set `db.name` in a file, the variable APP_DB_NAME, or `--set db.name=…`"]
    );
}

#[test]
fn a_duplicate_key_names_both_places() {
    let report = outcome(Config::loader().text("a.toml", "port = 2000\nport = 2001\n[db]\nname = \"x\"\n"));
    let finding = report.errors().next().unwrap();
    assert_eq!((finding.code, finding.at()), ("document.duplicate_key", "a.toml:2:1"));
    assert_eq!(finding.related[0].origin.as_ref().unwrap().at, "a.toml:1:1");
    assert_eq!(report.errors().count(), 1);
}

#[test]
fn a_cross_field_finding_has_both_places() {
    let loader = Config::loader().text("a.toml", "least = 5\n[db]\nname = \"x\"").env_from([("APP_MOST", "3")]);
    let report = outcome(loader);
    let finding = report.errors().next().unwrap();
    assert_eq!(place(finding), own(&[("rule.cross_field", "least", "a.toml:1:9")])[0]);
    assert_eq!(finding.related[0].path.as_str(), "most");
    assert_eq!(finding.related[0].origin.as_ref().unwrap().at, "APP_MOST");
    assert_eq!(finding.help.as_deref(), Some("raise `most`"));
}

#[test]
fn a_check_that_needs_invalid_values_is_listed_as_skipped() {
    let report = outcome(Config::loader().text("a.toml", "least = \"x\"\n[db]\nname = \"x\""));
    assert_eq!(report.skipped().len(), 1);
    assert_eq!(report.skipped()[0].check, "Config");
    let json = serde_json::to_value(&report).unwrap();
    assert_eq!(json["skipped"][0]["check"], "Config");
}

#[test]
fn an_item_of_a_list_of_structs_is_found_by_its_number() {
    let text =
        "[db]\nname = \"x\"\n[[servers]]\nregion = \"eu\"\n[[servers]]\nregion = \"ue\"\nport = \"x\"\nprot = 1\n";
    assert_eq!(
        errors(Config::loader().text("a.toml", text)),
        own(&[
            ("rule.one_of", "servers.1.region", "a.toml:6:10"),
            ("value.type", "servers.1.port", "a.toml:7:8"),
            ("key.unknown", "servers.1.prot", "a.toml:8:1"),
        ])
    );
}

#[test]
fn what_is_no_section_is_one_mistake() {
    let expected = |at: &str, path: &str| own(&[("value.type", path, at)]);
    assert_eq!(errors(Config::loader().text("a.toml", "db = 5")), expected("a.toml:1:6", "db"));
    let list = errors(Config::loader().text("a.toml", "servers = [\"x\"]\n[db]\nname = \"x\""));
    assert_eq!(list, expected("a.toml:1:12", "servers.0"));
}

#[test]
fn an_item_is_not_to_be_set_by_an_option() {
    let report = outcome(Config::loader().text("a.toml", "[db]\nname = \"x\"\n[[servers]]\nport = 1"));
    let helps: Vec<&str> = report.errors().filter_map(|finding| finding.help.as_deref()).collect();
    assert_eq!(helps, ["set `region` where this item is written"]);
}

#[test]
fn an_environments_name_must_not_lead_elsewhere() {
    let loader = Config::loader().set("db.name", "x").environment_from("STAGE").env_from([("STAGE", "a/../b")]);
    assert_eq!(errors(loader), own(&[("env.choice", "", "STAGE")]));
}

#[test]
fn a_shadowed_invalid_value_is_a_warning() {
    let report =
        outcome(Config::loader().text("a.toml", "port = 80\n[db]\nname = \"x\"").env_from([("APP_PORT", "2000")]));
    assert!(report.is_valid());
    let warning = report.warnings().next().unwrap();
    assert_eq!(place(warning), own(&[("rule.range", "port", "a.toml:1:8")])[0]);
}

#[test]
fn an_unknown_variable_under_the_prefix_is_a_warning_and_an_error_in_strict_mode() {
    let loader = || Config::loader().text("a.toml", "[db]\nname = \"x\"").env_from([("APP_PROT", "1"), ("OTHER", "1")]);
    let report = outcome(loader());
    assert!(report.is_valid());
    let warning = report.warnings().next().unwrap();
    assert_eq!(
        (warning.code, warning.at(), warning.help.as_deref()),
        ("env.unknown", "APP_PROT", Some("did you mean APP_PORT?"))
    );
    assert!(!outcome(loader().mode(Mode::Strict)).is_valid());
}

#[test]
fn advice_is_a_warning() {
    let report = outcome(Config::loader().text("a.toml", "[db]\nname = \"x\"\npool_size = 40\n"));
    assert!(report.is_valid());
    assert_eq!(report.warnings().next().unwrap().message, "many connections");
}

#[test]
fn lenient_mode_replaces_an_invalid_value_by_its_fallback_and_says_so() {
    let loaded = Config::loader()
        .text("a.toml", "least = 50\nmost = 10\n[db]\nname = \"x\"\npool_size = 100\n")
        .mode(Mode::Lenient)
        .load();
    // `most` falls back to 9, which is still less than `least`: that stays an error.
    let report = loaded.unwrap_err();
    assert_eq!(report.errors().map(|finding| finding.code).collect::<Vec<_>>(), ["rule.cross_field"]);

    let loaded = Config::loader()
        .text("a.toml", "least = 5\nmost = 3\n[db]\nname = \"x\"\npool_size = 100\n")
        .mode(Mode::Lenient)
        .load()
        .unwrap();
    assert_eq!((loaded.most, loaded.db.pool_size), (9, 4));
    assert_eq!(loaded.warnings().warnings().count(), 2, "{}", loaded.warnings());
    let explained = loaded.origin("db.pool_size").unwrap();
    assert_eq!(explained.origin.unwrap().layer.as_str(), "fallback");
    assert_eq!(explained.shadows[0].origin.at, "a.toml:5:13");
}

#[test]
fn a_value_without_fallback_stays_an_error_in_lenient_mode() {
    let report = outcome(Config::loader().text("a.toml", "port = 80\n[db]\nname = \"x\"").mode(Mode::Lenient));
    assert!(!report.is_valid());
}

#[test]
fn a_mode_may_come_from_a_variable() {
    let loader = |mode: &'static str| {
        Config::loader()
            .text("a.toml", "[db]\nname = \"x\"\npool_size = 100\n")
            .mode_from_env("APP_MODE")
            .env_from([("APP_MODE", mode)])
    };
    assert!(outcome(loader("lenient")).is_valid());
    assert!(!outcome(loader("normal")).is_valid());
    assert!(outcome(loader("sloppy")).errors().any(|finding| finding.code == "env.choice"));
}

#[test]
fn rules_of_the_program_are_told_with_the_values_origin() {
    let validator = Validator::new()
        .rule("db.pool_size", "must not exceed 16 for performance reasons", |config: &Config| config.db.pool_size <= 16)
        .warning("port", "better below 3000", |config| config.port < 3000);
    let report =
        outcome(Config::loader().text("a.toml", "[db]\nname = \"x\"\npool_size = 20\n").validator(validator.clone()));
    let finding = report.errors().next().unwrap();
    assert_eq!(place(finding), own(&[("rule.added", "db.pool_size", "a.toml:3:13")])[0]);
    assert_eq!(report.warnings().count(), 1);
    let config = Config::loader().set("db.name", "x").set("db.pool_size", "20").load().unwrap().into_config();
    let part = validator.validate_partial(&config, &[Config::PORT]);
    assert_eq!(part.findings().iter().map(|finding| finding.severity).collect::<Vec<_>>(), [Severity::Warning]);
}

#[test]
fn a_configuration_may_itself_ask_for_strictness() {
    let loader = || {
        Config::loader().text("a.toml", "[db]\nname = \"x\"\npool_size = 40\n").strict_if(|config| config.port == 8080)
    };
    assert!(!outcome(loader()).is_valid());
    assert!(outcome(loader().set("port", "8081")).is_valid());
    assert!(outcome(loader().mode(Mode::Normal)).is_valid(), "the caller's word is the last");
}

#[test]
fn a_patch_is_checked_without_the_rest() {
    let check = |patch: serde_json::Value| {
        let report = strata_config::check_patch::<Config>(&patch);
        report.errors().map(|finding| (finding.code, finding.path.to_string())).collect::<Vec<_>>()
    };
    assert_eq!(check(serde_json::json!({"port": 2000, "db": {"name": null}})), []);
    let wrong = serde_json::json!({"port": 80, "levle": "low", "db": {"pool_size": "many"}, "least": 100});
    let expected = [("rule.range", "port"), ("key.unknown", "levle"), ("value.type", "db.pool_size")];
    let mut found = check(wrong);
    found.sort();
    let mut expected: Vec<_> = expected.map(|(code, path)| (code, path.to_owned())).into();
    expected.sort();
    assert_eq!(found, expected);
}

#[test]
fn the_text_shows_the_line_with_a_caret() {
    let text =
        outcome(Config::loader().text("a.toml", "[db]\nname = \"ü\" # ñ\npool_size = 100 # hundert\n")).to_string();
    assert!(
        text.contains("error[rule.range]: db.pool_size: must be at most 64, found `100`\n  --> a.toml:3:13\n"),
        "{text}"
    );
    assert!(text.contains(" 3 | pool_size = 100 # hundert\n   |             ^^^\n"), "{text}");
}
