//! `export`: what is written loads to the same configuration.

use strata_config_cli::Status;

use crate::app::Run;

/// Texts that some language takes for something else.
const HARD: &str = r##"{
    "name": "it's \"$HOME\" # \\ ${X} a=b\n\ttwo lines\r\n",
    "format": "00123", "log": "debug", "debug": true, "timeout": "1500ms", "room": "3kB",
    "share": 1e-7, "limit": -9223372036854775808,
    "cors": ["a,b", "null", "yes", ""],
    "labels": {"a.b": "~", "": "- x", "k=v": "1e3", "ü": "日本 語", "team": ": #"},
    "db": {"pool_size": 64},
    "tls": {"cert": "'", "port": 1},
    "peers": [{"host": "a", "port": 1}, {"host": " b "}]
}"##;

fn round_trip(file: &str, format: &str) -> (String, String) {
    let run = Run::new(&[("app.json", file)], &[]);
    let whole = run.ok(&["export", "--as", "json", "-f", "{}/app.json"]);
    let written = run.run(&["export", "--as", format, "-f", "{}/app.json"]);
    assert_eq!(written.status, Status::Success, "{}", written.stderr);
    let name = if format == "env" { "out.env".to_owned() } else { format!("out.{format}") };
    let again = Run::new(&[(&name, &written.stdout)], &[]);
    let option = if format == "env" { "--env-file" } else { "-f" };
    (whole, again.ok(&["export", "--as", "json", option, &format!("{{}}/{name}")]))
}

#[test]
fn what_is_written_loads_to_the_same() {
    for format in ["json", "yaml", "toml", "env"] {
        for file in ["{}", HARD] {
            let (before, after) = round_trip(file, format);
            assert_eq!(before, after, "{format}");
        }
    }
}

#[test]
fn secrets_and_computed_values_are_left_out() {
    let run = Run::new(&[], &[("APP_DB_URL", "CANARY")]);
    for format in ["json", "yaml", "toml", "env"] {
        let text = run.ok(&["export", "--as", format]);
        assert!(!text.contains("CANARY") && !text.contains("url") && !text.contains("URL"), "{text}");
        assert!(!text.contains("files"), "{text}");
    }
}

#[test]
fn values_keep_the_order_of_the_schema_in_toml_before_tables() {
    let text = Run::new(&[], &[]).ok(&["export"]);
    let at: Vec<usize> =
        ["name =", "share =", "peers = []", "[labels]", "[db]"].iter().map(|part| text.find(part).unwrap()).collect();
    assert!(at.is_sorted(), "{text}");
    assert!(!text.contains("limit"), "null is left out: {text}");
}

#[test]
fn what_a_language_cannot_say_is_told() {
    let output = Run::new(&[], &[]).run(&["export", "--as", "env", "--set", "name="]);
    assert_eq!(output.stderr, "warning: `name` is left out: an empty variable counts as unset\n");
    assert_eq!(output.status, Status::Success);
}

#[test]
fn variables_are_quoted_only_where_they_must() {
    let text = Run::new(&[], &[]).ok(&["export", "--as", "env", "--set", "cors=[\"a b\"]", "--set", "format=it's"]);
    for line in ["APP_NAME=app", "APP_FORMAT=\"it's\"", "APP_CORS='[\"a b\"]'", "APP_DB_POOL_SIZE=8"] {
        assert!(text.lines().any(|found| found == line), "{line}: {text}");
    }
}

#[test]
fn an_invalid_configuration_is_not_exported() {
    let output = Run::new(&[], &[("APP_SHARE", "x")]).run(&["export", "--as", "yaml"]);
    assert_eq!((output.stdout.as_str(), output.status), ("", Status::Invalid));
}
