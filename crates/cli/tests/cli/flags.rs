//! One flag for every leaf.

use clap::Command;
use strata_config::LayeredConfig;
use strata_config_cli::{leaf_args, with_leaf_args};

use crate::app::{AppConfig, Level, Run};

fn matches(args: &[&str]) -> clap::ArgMatches {
    let args = ["app"].into_iter().chain(args.iter().copied());
    Command::new("app").args(leaf_args(AppConfig::SCHEMA)).try_get_matches_from(args).unwrap()
}

#[test]
fn every_kind_of_leaf_has_a_flag() {
    let matches = matches(&[
        "--debug",
        "--log",
        "DEBUG",
        "--cors",
        "a,b",
        "--labels",
        "x=y",
        "--timeout",
        "5m",
        "--limit",
        "-3",
        "--db-pool-size=9",
        "--peers",
        r#"[{"host": "h"}]"#,
    ]);
    let loaded = with_leaf_args(AppConfig::loader(), &matches).load().unwrap();
    assert!(loaded.debug);
    assert_eq!((loaded.log, loaded.limit, loaded.db.pool_size), (Level::Debug, Some(-3), 9));
    assert_eq!((loaded.cors.as_slice(), loaded.labels["x"].as_str()), (&["a".to_owned(), "b".to_owned()][..], "y"));
    assert_eq!((loaded.timeout.as_secs(), loaded.peers[0].host.as_str()), (300, "h"));
    assert_eq!(loaded.origin("db.pool_size").unwrap().to_string(), "--db-pool-size, shadows the default 8");
}

#[test]
fn a_switch_takes_its_value_only_behind_an_equals_sign() {
    let loaded = with_leaf_args(AppConfig::loader(), &matches(&["--debug=off"])).load().unwrap();
    assert!(!loaded.debug);
    let run = Run::new(&[], &[]);
    assert_eq!(run.ok(&["--debug", "get", "debug"]), "true\n");
}

#[test]
fn nothing_given_sets_nothing() {
    let loaded = with_leaf_args(AppConfig::loader(), &matches(&[])).load().unwrap();
    assert_eq!(loaded.origin("name").unwrap().to_string(), "the default");
}

#[test]
fn an_applications_own_arguments_may_stand_beside_them() {
    let leaves = leaf_args(AppConfig::SCHEMA).into_iter().filter(|arg| arg.get_long() != Some("debug"));
    let app = Command::new("app").arg(clap::Arg::new("name-of-mine").long("mine")).args(leaves);
    let matches = app.try_get_matches_from(["app", "--mine", "1", "--name", "n"]).unwrap();
    assert_eq!(with_leaf_args(AppConfig::loader(), &matches).load().unwrap().name, "n");
}

#[test]
fn a_flag_never_takes_the_name_of_an_option() {
    // The setting `format` is set by `--set`.
    let run = Run::new(&[], &[]);
    assert_eq!(run.ok(&["get", "format", "--format", "text", "--set", "format=wide"]), "wide\n");
}

#[test]
fn help_says_what_a_flag_takes() {
    let help = Command::new("app").args(leaf_args(AppConfig::SCHEMA)).render_long_help().to_string();
    for part in ["--db-pool-size <INTEGER>", "--debug[=<BOOLEAN>]", "--log <ENUM>", "[debug, info]", "Time to wait."] {
        assert!(help.contains(part), "{part}: {help}");
    }
}
