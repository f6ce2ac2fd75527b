//! `check`.

use serde_json::json;
use strata_config_cli::Status;

use crate::app::Run;

#[test]
fn a_valid_configuration_is_counted() {
    assert_eq!(Run::new(&[], &[]).ok(&["check"]), "configuration is valid: 15 values, 0 warnings\n");
}

#[test]
fn warnings_go_to_standard_error_and_do_not_refuse() {
    let output = Run::new(&[], &[("APP_SHARE", "0.95")]).run(&["check"]);
    assert_eq!(output.stdout, "configuration is valid: 15 values, 1 warning\n");
    assert!(output.stderr.starts_with("warning["), "{}", output.stderr);
    assert_eq!(output.status, Status::Success);
}

#[test]
fn the_mode_decides_what_warnings_and_errors_weigh() {
    let run = Run::new(&[], &[("APP_SHARE", "0.95"), ("APP_DB_POOL_SIZE", "200")]);
    assert_eq!(run.run(&["check", "--mode", "lenient"]).status, Status::Success);
    assert_eq!(run.json(&["check", "--mode", "lenient"])["errors"], json!([]));
    assert_eq!(run.json(&["check"])["errors"].as_array().unwrap().len(), 1);
    assert_eq!(run.json(&["--mode", "strict", "check"])["errors"].as_array().unwrap().len(), 2);
}

#[test]
fn a_report_goes_to_standard_error_as_text_and_to_standard_output_as_json() {
    let run = Run::new(&[("app.toml", "[db]\npool_size = 200\n")], &[]);
    let output = run.run(&["check"]);
    assert_eq!((output.stdout.as_str(), output.status), ("", Status::Invalid));
    assert!(output.stderr.contains("app.toml:2:13"), "{}", output.stderr);
    let output = run.run(&["check", "--format", "json"]);
    assert_eq!((output.stderr.as_str(), output.status), ("", Status::Invalid));
    let report = run.json(&["check"]);
    assert_eq!(report["valid"], json!(false));
    let error = &report["errors"][0];
    assert_eq!(
        (&error["code"], &error["path"], &error["layer"], &error["at"]),
        (&json!("rule.range"), &json!("db.pool_size"), &json!("file"), &json!("app.toml:2:13"))
    );
    let keys = |value: &serde_json::Value| value.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    assert_eq!(keys(&report), ["errors", "skipped", "valid", "warnings"]);
    assert_eq!(keys(error), ["at", "code", "help", "layer", "message", "path", "related"]);
}

#[test]
fn a_profile_is_applied_by_name() {
    let run = Run::new(&[], &[]);
    let origin = |args: &[&str]| run.json(&[&["explain", "db.pool_size"], args].concat())["values"][0].clone();
    assert_eq!(origin(&["--profile", "pi_zero_2w"])["origin"], json!({"layer": "profile", "at": "pi_zero_2w"}));
    assert_eq!(origin(&["--profile", "pi_zero_2w"])["value"], json!(2));
    assert_eq!(origin(&["--profile", "none"])["value"], json!(8));
    assert_eq!(origin(&["--profile", "auto"])["value"], json!(8));
}
