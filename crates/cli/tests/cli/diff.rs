//! `diff`.

use serde_json::json;
use strata_config_cli::Status;

use crate::app::Run;

const OLD: (&str, &str) = ("old.toml", "cors = ['a']\n[db]\npool_size = 9\nurl = 'CANARY-1'\n[labels]\nteam = 'x'\n");
const NEW: (&str, &str) = ("new.yaml", "db: {url: CANARY-2}\ncors: [a, b]\ntls: {cert: c}\nlimit: 3\n");

#[test]
fn changes_say_both_values_and_what_needs_a_restart() {
    let run = Run::new(&[OLD, NEW], &[("APP_NAME", "ignored")]);
    assert_eq!(
        run.json(&["diff", "{}/old.toml", "{}/new.yaml"]),
        json!([
            {"path": "cors", "old": ["a"], "new": ["a", "b"], "reload": "live"},
            {"path": "labels.team", "old": "x", "new": "core", "reload": "live"},
            {"path": "limit", "old": null, "new": 3, "reload": "live"},
            {"path": "db.url", "old": {"$secret": true}, "new": {"$secret": true}, "reload": "live"},
            {"path": "db.pool_size", "old": 9, "new": 8, "reload": "restart"},
            {"path": "tls.cert", "old": null, "new": "c", "reload": "live"},
            {"path": "tls.port", "old": null, "new": 443, "reload": "live"},
        ])
    );
    let text = run.ok(&["diff", "{}/old.toml", "{}/new.yaml"]);
    assert!(text.contains("db.pool_size: 9 -> 8 (restart)\n"), "{text}");
    assert!(text.contains("tls.cert: unset -> c\n"), "{text}");
    assert!(text.contains("db.url: (secret) -> (secret)\n"), "{text}");
}

#[test]
fn equal_files_do_not_differ() {
    let run = Run::new(&[OLD], &[]);
    assert_eq!(run.json(&["diff", "{}/old.toml", "{}/old.toml"]), json!([]));
    assert_eq!(run.ok(&["diff", "{}/old.toml", "{}/old.toml"]), "");
}

#[test]
fn what_both_files_leave_out_is_no_mistake() {
    let run = Run::new(&[("a.json", "{\"tls\": {\"port\": 1}}"), ("b.json", "{\"tls\": {\"port\": 2}}")], &[]);
    assert_eq!(
        run.json(&["diff", "{}/a.json", "{}/b.json"]),
        json!([{"path": "tls.port", "old": 1, "new": 2, "reload": "live"}])
    );
}

#[test]
fn invalid_files_are_reported_both() {
    let run = Run::new(&[("a.toml", "nam = 'x'"), ("b.toml", "debug = 7")], &[]);
    let output = run.run(&["diff", "{}/a.toml", "{}/b.toml"]);
    assert_eq!((output.stdout.as_str(), output.status), ("", Status::Invalid));
    assert!(output.stderr.contains("a.toml:1:1") && output.stderr.contains("b.toml:1:9"), "{}", output.stderr);
    assert_eq!(run.json(&["diff", "{}/a.toml", "{}/b.toml"])["errors"].as_array().unwrap().len(), 2);
    assert_eq!(run.run(&["diff", "{}/a.toml", "{}/none.toml"]).status, Status::Invalid);
}

#[test]
fn options_hold_for_both_sides() {
    let run = Run::new(&[OLD, NEW], &[]);
    let changes = run.json(&["diff", "{}/old.toml", "{}/new.yaml", "--set", "db.pool_size=5"]);
    assert!(!changes.to_string().contains("pool_size"), "{changes}");
}
