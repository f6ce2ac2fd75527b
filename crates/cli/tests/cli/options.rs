//! The options of every command, and the order of what they add.

use serde_json::json;
use strata_config_cli::Status;

use crate::app::Run;

fn name(run: &Run, args: &[&str]) -> (String, Vec<String>) {
    let answer = run.json(&[&["explain", "name"], args].concat());
    let value = &answer["values"][0];
    let layers = value["shadows"].as_array().unwrap().iter();
    (
        value["value"].as_str().unwrap().to_owned(),
        layers.map(|shadow| shadow["value"].as_str().unwrap().to_owned()).collect(),
    )
}

#[test]
fn sources_stand_in_the_documented_order_whatever_the_options_order() {
    let run = Run::new(
        &[
            ("app.toml", "name = 'own file'"),
            ("a.toml", "name = 'first file'"),
            ("b.yaml", "name: second file"),
            (".env", "APP_NAME='own dotenv'"),
            ("a.env", "APP_NAME='first dotenv'"),
            ("b.env", "APP_NAME='second dotenv'"),
        ],
        &[("APP_NAME", "environment")],
    );
    let (value, shadows) = name(
        &run,
        &[
            "--set",
            "name=argument",
            "--env-file",
            "{}/a.env",
            "--env-file",
            "{}/b.env",
            "-f",
            "{}/a.toml",
            "--file",
            "{}/b.yaml",
        ],
    );
    assert_eq!(value, "argument");
    assert_eq!(
        shadows,
        ["environment", "second dotenv", "first dotenv", "own dotenv", "second file", "first file", "own file", "app"]
    );
}

#[test]
fn options_count_before_and_after_the_command_together() {
    let run = Run::new(&[("a.toml", "debug = true\nname = 'a'"), ("b.toml", "name = 'b'")], &[]);
    let answer = run.json(&["-f", "{}/a.toml", "--set", "share=0.1", "explain", "-f", "{}/b.toml", "--set", "limit=4"]);
    let value = |path: &str| {
        let values = answer["values"].as_array().unwrap();
        values.iter().find(|value| value["path"] == path).unwrap()["value"].clone()
    };
    let found = ["debug", "name", "share", "limit"].map(value);
    assert_eq!(found, [json!(true), json!("b"), json!(0.1), json!(4)]);
}

#[test]
fn a_later_option_overrides_an_earlier_one() {
    let run = Run::new(&[], &[]);
    assert_eq!(name(&run, &["--set", "name=a", "--name", "b"]).0, "b");
    assert_eq!(name(&run, &["--name", "b", "--set", "name=a"]).0, "a");
    assert_eq!(name(&run, &["--name", "b", "--name", "c"]).0, "c");
}

#[test]
fn an_unset_and_an_empty_variable_override_nothing() {
    let run = Run::new(&[("app.toml", "name = 'file'")], &[("APP_NAME", "")]);
    assert_eq!(name(&run, &[]), ("file".to_owned(), vec!["app".to_owned()]));
}

#[test]
fn a_file_that_is_asked_for_must_exist() {
    let run = Run::new(&[], &[]);
    for option in ["--file", "--env-file"] {
        let output = run.run(&["check", option, "{}/none.toml"]);
        assert_eq!(output.status, Status::Invalid);
        assert!(output.stderr.contains("error[file.missing]"), "{}", output.stderr);
    }
}

#[test]
fn wrong_usage_is_refused_without_repeating_values() {
    let run = Run::new(&[], &[]);
    for args in [
        &["check", "--set", "CANARY"][..],
        &["check", "--dburl=CANARY"],
        &["check", "--mode", "loose"],
        &["check", "--format", "yaml"],
        &["get", "db.url=CANARY"],
        &["export", "--as", "ini"],
        &["frobnicate"],
        &[],
    ] {
        let output = run.run(args);
        assert_eq!(output.status, Status::Usage, "{args:?}");
        assert!(!output.stderr.is_empty() && !output.stderr.contains("CANARY"), "{args:?}: {}", output.stderr);
    }
}

#[test]
fn a_bad_value_of_set_is_reported_with_everything_else() {
    let output =
        Run::new(&[], &[("APP_SHARE", "x")]).run(&["check", "--set", "db.pool_size=many", "--set", "db.prot=1"]);
    assert_eq!(output.status, Status::Invalid);
    for part in ["variable APP_SHARE", "--set db.pool_size", "--set db.prot", "3 errors"] {
        assert!(output.stderr.contains(part), "{part}: {}", output.stderr);
    }
}
