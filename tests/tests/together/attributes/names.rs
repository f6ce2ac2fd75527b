//! Keys, variables, aliases and deprecations.

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
fn two_variables_of_one_setting_are_an_error() {
    let expected = |at: &str| vec![("key.duplicate_name", "Max".to_owned(), at.to_owned())];
    assert_eq!(findings(Config::loader().env_from([("APP_MAX", "1"), ("APP_MOST", "2")])), expected("APP_MOST"));
    let dotenv = Config::loader().dotenv_text(".env", "APP_MOST=2\nAPP_MAX=1\n");
    assert_eq!(findings(dotenv), expected(".env:1:1"));
}

#[test]
fn two_names_of_one_setting_in_one_source_are_an_error() {
    let found = findings(Config::loader().text("a.toml", "Max = 1\nmost = 2\n"));
    assert_eq!(found, [("key.duplicate_name", "Max".to_owned(), "a.toml:2:1".to_owned())]);
}
