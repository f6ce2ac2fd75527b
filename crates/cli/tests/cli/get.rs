//! `get`.

use serde_json::json;
use strata_config_cli::Status;

use crate::app::Run;

const FILE: (&str, &str) =
    ("app.toml", "name = 'a b'\ncors = ['x']\n[labels]\n'a.b' = 'c'\n[[peers]]\nhost = 'h'\n[db]\nurl = 'CANARY'\n");

#[test]
fn a_value_is_printed_bare() {
    let run = Run::new(&[FILE], &[]);
    for (path, text) in [
        ("name", "a b\n"),
        ("timeout", "30s\n"),
        ("limit", "null\n"),
        ("tls", "null\n"),
        ("files", "1\n"),
        ("peers.0.port", "80\n"),
        ("labels.\"a.b\"", "c\n"),
        ("cors.0", "x\n"),
    ] {
        assert_eq!(run.ok(&["get", path]), text, "{path}");
    }
}

#[test]
fn lists_maps_and_sections_are_json() {
    let run = Run::new(&[FILE], &[]);
    let json = |path| serde_json::from_str::<serde_json::Value>(&run.ok(&["get", path])).unwrap();
    assert_eq!(json("cors"), json!(["x"]));
    assert_eq!(json("labels"), json!({"team": "core", "a.b": "c"}));
    assert_eq!(json("peers"), json!([{"host": "h", "port": 80}]));
    assert_eq!(json("db"), json!({"url": {"$secret": true}, "pool_size": 8}));
    assert_eq!(run.json(&["get", "name"]), json!("a b"));
}

#[test]
fn a_secret_is_refused() {
    let run = Run::new(&[FILE], &[]);
    for format in ["text", "json"] {
        let output = run.run(&["get", "db.url", "--format", format]);
        assert_eq!((output.stdout.as_str(), output.status), ("", Status::Invalid));
        assert_eq!(output.stderr, "error: `db.url` is a secret; it is never shown\n");
    }
}

#[test]
fn what_is_not_there_says_which_part() {
    let output = Run::new(&[FILE], &[]).run(&["get", "tls.cert"]);
    assert_eq!(output.stderr, "error: `tls.cert` has no value: `tls` is not set\n");
    assert_eq!(output.status, Status::Invalid);
    assert_eq!(Run::new(&[FILE], &[]).run(&["get", "peers.7.host"]).status, Status::Invalid);
    assert_eq!(Run::new(&[FILE], &[]).run(&["get", "peers.x"]).status, Status::Usage);
    assert_eq!(Run::new(&[FILE], &[]).run(&["get"]).status, Status::Usage);
}
