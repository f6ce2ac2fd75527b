//! Feature flags through the binary: lists, evaluations, and formats in and out.

use std::io::Write;
use std::process::Stdio;

use serde_json::{Value, json};

use crate::shell::{Shell, text};

const FLAGD: &str = r##"{"flags": {
  "banner": {"state": "ENABLED", "variants": {"blue": "#00f", "green": "#0f0"}, "defaultVariant": "blue",
    "targeting": {"if": [{"in": [{"var": "country"}, ["NO", "SE"]]}, "green", null]}}
}}"##;

const UNLEASH: &str = r#"{"version": 2, "features": [
  {"name": "checkout", "enabled": true, "strategies": [{"name": "flexibleRollout",
    "parameters": {"rollout": "50", "stickiness": "default", "groupId": "checkout"}}]},
  {"name": "party", "enabled": true, "strategies": [{"name": "gradualRolloutRandom", "parameters": {"percentage": "50"}}]}
]}"#;

const GROWTHBOOK: &str =
    r#"{"features": {"price": {"defaultValue": "low", "rules": [{"condition": {"plan": "pro"}, "force": "high"}]}}}"#;

/// The master switch of phase2a, as a file says it.
const ON: &str = "phase_2a_enabled = true\n";

#[test]
fn the_components_of_a_rollout_are_flags_that_variables_steer() {
    let shell = Shell::new(&[], &[("PHASE_2A_ENABLED", "true"), ("PHASE_2A_ROLLOUT", "full")]);
    let answer = shell.json("phase2a flags eval request_pipeline --context client_ip=10.0.0.7");
    assert_eq!((&answer["value"], &answer["metadata"]["why"]), (&json!(true), &json!("fallthrough")));
    let listed = shell.json("phase2a flags list");
    let keys: Vec<&str> = listed["flags"].as_array().unwrap().iter().filter_map(|flag| flag["key"].as_str()).collect();
    assert_eq!(keys, ["connection_pool", "request_pipeline"]);
    assert_eq!(listed["flags"][0]["guard"]["state"], json!("closed"));
    assert!(!listed["kill_switch"].as_bool().unwrap());

    let off = Shell::new(&[], &[]);
    assert_eq!(off.json("phase2a flags eval request_pipeline")["metadata"]["why"], json!("kill_switch"));
    assert!(off.ok("phase2a flags list").ends_with("the kill switch is on: every flag is off\n"));
}

#[test]
fn options_stand_before_a_command_or_after_it() {
    let shell = Shell::new(&[("on.toml", ON)], &[]);
    for line in [
        "phase2a -f on.toml --format json flags eval request_pipeline",
        "phase2a flags -f on.toml --format json eval request_pipeline",
        "phase2a flags eval -f on.toml request_pipeline --format json",
    ] {
        let answer: Value = serde_json::from_str(&shell.ok(line)).unwrap();
        assert_eq!(answer["metadata"]["why"], json!("fallthrough"), "{line}");
    }
}

#[test]
fn mistakes_have_the_documented_exit_status() {
    let shell = Shell::new(&[("broken.toml", "phase_2a_enabled = 7\n")], &[]);
    for (line, status) in [
        ("phase2a flags list", 0),
        ("phase2a flags eval connection_pool", 0),
        ("phase2a flags eval nothing", 1),
        ("phase2a flags list -f broken.toml", 1),
        ("phase2a flags list --store file:nowhere", 1),
        ("phase2a flags import nowhere.json", 1),
        ("webapp flags list", 1),
        ("phase2a flags eval", 2),
        ("phase2a flags eval connection_pool --context x", 2),
        ("phase2a flags import flags.json --as other", 2),
    ] {
        assert_eq!(shell.run(line).status.code(), Some(status), "{line}");
    }
    let error = shell.json("phase2a flags eval nothing");
    assert_eq!((&error["key"], &error["errorCode"]), (&json!("nothing"), &json!("FLAG_NOT_FOUND")));
    assert!(error["errorDetails"].is_string());
}

#[test]
fn flags_of_other_systems_come_in_are_evaluated_and_go_out_again() {
    let files = [("on.toml", ON), ("flagd.json", FLAGD), ("growthbook.json", GROWTHBOOK)];
    let shell = Shell::new(&files, &[("USER", "ann")]);
    shell.ok("phase2a flags import flagd.json --dry-run");
    assert_eq!(shell.ok("phase2a history"), "no changes\n");
    let done = shell.json("phase2a flags import flagd.json --reason moved");
    assert_eq!((&done["revision"], &done["imported"]), (&json!(1), &json!(["banner"])));
    shell.ok("phase2a flags import growthbook.json --as growthbook");
    let value = |context: &str, key: &str| {
        shell.json(&format!("phase2a -f on.toml flags eval {key} --context {context}"))["value"].clone()
    };
    assert_eq!((value("country=NO", "banner"), value("country=DE", "banner")), (json!("#0f0"), json!("#00f")));
    assert_eq!((value("plan=pro", "price"), value("plan=free", "price")), (json!("high"), json!("low")));

    let refused = shell.json("phase2a -f on.toml flags export --as flagd");
    assert_eq!(refused["error"]["code"], json!("refused"));
    let refused: Vec<&str> =
        refused["refused"].as_array().unwrap().iter().filter_map(|one| one["flag"].as_str()).collect();
    assert_eq!(refused, ["connection_pool", "price", "request_pipeline"]);
    let output = shell.run("phase2a -f on.toml flags export --as flagd --partial");
    assert_eq!(output.status.code(), Some(0));
    assert!(text(&output.stderr).contains("left out: flag `price`: "), "{}", text(&output.stderr));
    let document: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(document["flags"]["banner"], serde_json::from_str::<Value>(FLAGD).unwrap()["flags"]["banner"]);
}

#[test]
fn what_can_not_be_carried_over_is_named_and_nothing_is_stored_unless_partial_says_so() {
    let shell = Shell::new(&[("on.toml", ON), ("unleash.json", UNLEASH)], &[]);
    let output = shell.run("phase2a flags import unleash.json --as unleash");
    assert_eq!((output.status.code(), text(&output.stdout)), (Some(1), String::new()));
    assert!(text(&output.stderr).starts_with("error: flag `party`: "), "{}", text(&output.stderr));
    assert_eq!(shell.ok("phase2a history"), "no changes\n");
    let done = shell.json("phase2a flags import unleash.json --as unleash --partial");
    assert_eq!((&done["imported"], &done["refused"][0]["flag"]), (&json!(["checkout"]), &json!("party")));
    let answer = shell.json("phase2a -f on.toml flags eval checkout --context targetingKey=u1");
    assert_eq!(answer["reason"], json!("SPLIT"));
}

#[test]
fn a_flag_that_a_setting_makes_can_not_be_imported() {
    let shell = Shell::new(&[("flags.json", r#"{"flags": {"connection_pool": true}}"#)], &[]);
    let output = shell.run("phase2a flags import flags.json --as strata");
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output.stderr).contains("makes this flag of `connection_pool.rollout_strategy`"));
}

#[test]
fn flags_come_in_on_standard_input() {
    let shell = Shell::new(&[], &[]);
    let mut command = shell.command("phase2a flags import -");
    let mut import = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    import.stdin.take().unwrap().write_all(FLAGD.as_bytes()).unwrap();
    assert_eq!(import.wait_with_output().unwrap().status.code(), Some(0));
    assert!(shell.ok("phase2a flags list").contains("\nbanner "));
}

#[test]
fn explain_says_which_line_of_which_file_set_a_flag() {
    let flags = "phase_2a_enabled = true\n\n[flags.flags]\nnew_ui = { fallthrough = \"25%\" }\n";
    let shell = Shell::new(&[("site.toml", flags)], &[]);
    let explained = shell.json("phase2a -f site.toml flags explain new_ui --context targetingKey=u1");
    assert_eq!(explained["origin"]["at"], json!("site.toml:4:10"));
    assert_eq!(explained["steps"].as_array().unwrap().last().unwrap()["flag"], json!("new_ui"));
    assert!(shell.ok("phase2a -f site.toml flags explain new_ui").contains("  origin    site.toml:4:10\n"));
}

#[test]
fn a_feature_of_the_web_application_is_a_flag_that_an_import_sets_at_its_own_place() {
    let flags = r#"{"flags": {"new_dashboard": {"state": "ENABLED", "variants": {"on": true, "off": false}, "defaultVariant": "on"}}}"#;
    let vars = [("SECRET_KEY", "0123456789abcdef0123456789abcdef"), ("FEATURE_BETA_API", "25%")];
    let shell = Shell::new(&[("flags.json", flags)], &vars);
    let unset = shell.json("webapp flags eval new_dashboard --context targetingKey=u1");
    assert_eq!((&unset["value"], &unset["variant"]), (&json!(null), &json!(null)));
    assert_eq!(shell.json("webapp flags eval new_dashboard --default true")["value"], json!(true));
    assert_eq!(shell.json("webapp flags eval beta_api --context targetingKey=u1")["reason"], json!("SPLIT"));
    shell.ok("webapp flags import flags.json");
    let explained = shell.json("webapp flags explain new_dashboard");
    assert_eq!((&explained["value"], &explained["origin"]["layer"]), (&json!(true), &json!("runtime")));
    assert_eq!(explained["origin"]["path"], json!("features.new_dashboard"));
    let beta = shell.json("webapp flags explain beta_api");
    assert_eq!(beta["origin"], json!({"path": "features.beta_api", "layer": "env", "at": "FEATURE_BETA_API"}));
}

#[test]
fn every_system_lists_its_flags_and_evaluates_all_of_them() {
    let shell = Shell::new(&[], &[("SECRET_KEY", "0123456789abcdef0123456789abcdef")]);
    for (system, key) in [
        ("phase2a", "connection_pool"),
        ("webapp", "dark_mode"),
        ("learning", "adaptive_learning"),
        ("dual-write", "critical"),
    ] {
        let listed = shell.json(&format!("{system} flags list"));
        let keys = |flags: &Value| -> Vec<String> {
            flags.as_array().unwrap().iter().map(|flag| flag["key"].as_str().unwrap().to_owned()).collect()
        };
        assert!(keys(&listed["flags"]).iter().any(|known| known == key), "{system}: {listed}");
        let answers = shell.json(&format!("{system} flags eval --all --context targetingKey=u1"));
        assert_eq!(keys(&answers), keys(&listed["flags"]), "{system}");
        for answer in answers.as_array().unwrap() {
            let fields: Vec<&str> = answer.as_object().unwrap().keys().map(String::as_str).collect();
            assert_eq!(fields, ["key", "metadata", "reason", "value", "variant"], "{system}");
        }
    }
    assert_eq!(shell.ok("lazy-loading flags list"), "no flags\n");
}
