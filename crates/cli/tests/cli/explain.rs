//! `explain`.

use serde_json::json;
use strata_config_cli::{Status, Terminal};

use crate::app::Run;

#[test]
fn a_value_has_exactly_the_documented_fields() {
    let run = Run::new(&[("app.toml", "[db]\npool_size = 9\n")], &[("APP_DB_POOL_SIZE", "1_0")]);
    assert_eq!(
        run.json(&["explain", "db.pool_size", "--set", "db.pool_size=11"]),
        json!({
            "revision": 0,
            "generation": 1,
            "valid": true,
            "values": [{
                "path": "db.pool_size",
                "value": 11,
                "type": "integer",
                "secret": false,
                "default": 8,
                "doc": "Connections that stay open.\n\nMore are opened when needed.",
                "reload": "restart",
                "origin": {"layer": "args", "at": "--set db.pool_size"},
                "shadows": [
                    {"layer": "env", "at": "APP_DB_POOL_SIZE", "value": 10},
                    {"layer": "file", "at": "app.toml:2:13", "value": 9},
                    {"layer": "default", "at": "default", "value": 8},
                ],
            }],
            "errors": [],
            "warnings": [],
        })
    );
}

#[test]
fn the_fields_stand_in_the_documented_order() {
    let text = Run::new(&[], &[]).ok(&["explain", "name", "--format", "json"]);
    let keys = [
        "revision",
        "generation",
        "valid",
        "values",
        "path",
        "value",
        "type",
        "secret",
        "default",
        "doc",
        "reload",
        "origin",
        "layer",
        "at",
        "shadows",
        "errors",
        "warnings",
    ];
    let at: Vec<usize> = keys.iter().map(|key| text.find(&format!("\"{key}\"")).unwrap()).collect();
    assert!(at.is_sorted(), "{text}");
}

#[test]
fn a_merged_value_names_all_its_sources() {
    let run = Run::new(&[("app.toml", "cors = ['a']")], &[("APP_CORS", "b,c")]);
    let value = &run.json(&["explain", "cors"])["values"][0];
    assert_eq!(value["value"], json!(["a", "b", "c"]));
    assert_eq!(value["merged"][0], json!({"layer": "env", "at": "APP_CORS"}));
    assert_eq!(value["merged"][1], json!({"layer": "file", "at": "app.toml:1:8"}));
}

#[test]
fn an_invalid_configuration_shows_what_could_be_read() {
    let run = Run::new(&[("app.toml", "name = 'x'\nshare = true\n")], &[]);
    let answer = run.json(&["explain"]);
    assert_eq!((&answer["valid"], &answer["generation"]), (&json!(false), &json!(0)));
    assert_eq!(answer["errors"][0]["at"], json!("app.toml:2:9"));
    assert_eq!(answer["values"][0]["value"], json!("x"));
    let output = run.run(&["explain"]);
    assert_eq!(output.status, Status::Invalid);
    assert!(output.stdout.contains("app.toml:1:8") && output.stderr.contains("app.toml:2:9"));
}

#[test]
fn a_table_is_aligned_and_grouped_by_section() {
    let run = Run::new(&[("app.toml", "[db]\npool_size = 9\n")], &[("APP_DB_POOL_SIZE", "10")]);
    let text = run.ok(&["explain", "share", "db"]);
    assert_eq!(
        text,
        "PATH          VALUE     ORIGIN\n\
         share         0.5       default\n\
         \n\
         db.url        (secret)  default\n\
         db.pool_size  10        variable APP_DB_POOL_SIZE, over app.toml:2:13\n"
    );
}

#[test]
fn a_card_tells_all_that_is_known() {
    let run = Run::new(&[], &[("APP_DB_POOL_SIZE", "10")]);
    assert_eq!(
        run.ok(&["explain", "db.pool_size", "--db-pool-size", "11"]),
        "db.pool_size = 11\n  \
           Connections that stay open.\n\
         \n  \
           More are opened when needed.\n\
         \n  \
           type      integer\n  \
           limit     1 to 64\n  \
           default   8\n  \
           fallback  4\n  \
           profile   pi_zero_2w: default 2, at most 20\n  \
           change    takes effect after a restart\n\
         \n  \
           variable  APP_DB_POOL_SIZE\n  \
           flag      --db-pool-size\n\
         \n  \
           origin    --db-pool-size\n  \
           shadows   variable APP_DB_POOL_SIZE  10\n            \
                     default                    8\n"
    );
}

#[test]
fn a_section_that_is_absent_answers_for_what_is_below() {
    let values = Run::new(&[], &[]).json(&["explain", "tls.cert"])["values"].clone();
    assert_eq!((&values[0]["path"], &values[0]["value"]), (&json!("tls"), &json!(null)));
    assert_eq!(values.as_array().unwrap().len(), 1);
}

#[test]
fn a_missing_value_is_shown_as_missing() {
    let output = Run::new(&[], &[("APP_TLS_PORT", "1")]).run(&["explain", "tls"]);
    assert!(output.stdout.contains("tls.cert  -      missing\n"), "{}", output.stdout);
}

#[test]
fn an_unknown_path_is_wrong_usage_and_names_the_nearest() {
    let run = Run::new(&[], &[]);
    for (path, nearest) in [("db.poolsize", "db.pool_size"), ("loglevel", "log"), ("pool_size", "db.pool_size")] {
        let output = run.run(&["explain", path]);
        assert_eq!(output.status, Status::Usage, "{path}");
        assert!(output.stderr.contains(&format!("did you mean `{nearest}`?")), "{}", output.stderr);
    }
    assert_eq!(run.run(&["explain", "a..b"]).status, Status::Usage);
}

#[test]
fn colours_and_cuts_are_for_terminals() {
    let mut run = Run::new(&[], &[("APP_NAME", "a very long name that no narrow terminal has any room for\u{1b}[31m")]);
    let plain = run.ok(&["explain"]);
    assert!(!plain.contains('\u{1b}') && plain.contains("has any room for\\u{1b}[31m"), "{plain}");
    run.terminal = Terminal { colour_stdout: true, colour_stderr: true, width: Some(50) };
    let coloured = run.ok(&["explain"]);
    assert!(coloured.contains("\u{1b}[2mdefault\u{1b}[0m") && coloured.contains('…'), "{coloured}");
    run.terminal.colour_stdout = false;
    let lines = run.ok(&["explain"]);
    assert!(lines.lines().all(|line| line.chars().count() <= 50), "{lines}");
}
