//! Seed 003's migrations: 1.0.0 → 1.1.0 → 1.2.0 → 1.3.0, and back.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use serde_json::{Value as Json, json};
use strata_config::{Document, Layer, LayeredConfig as _, Value};
use strata_config_migrate::{Direction, Migrations, Step};
use strata_config_reference::learning::{LearningConfig, migrations};
use tempfile::TempDir;

use super::loader;
use crate::table::{accept, json as exported, origin};

fn chain() -> Migrations {
    migrations().unwrap()
}

fn document(text: &Json) -> Document {
    Layer::parse("learning.json", text.to_string(), LearningConfig::SCHEMA).unwrap().document().clone()
}

fn migrated(from: &Json, to: &str) -> Json {
    let document = document(from);
    let plan = chain().plan(&document, Some(to)).unwrap();
    serde_json::to_value(Value::of_document(&plan.document(&document))).unwrap()
}

fn oldest() -> Json {
    json!({
        "ai_provider": "openai",
        "features": ["adaptive_learning", "diagnostics"],
        "diagnostic": {"question_limit": 30},
        "rate_limit_per_minute": 100,
    })
}

#[test]
fn the_chain_is_whole() {
    let versions: Vec<String> = chain().versions().map(ToString::to_string).collect();
    assert_eq!(versions, ["0.9.0", "1.0.0", "1.1.0", "1.2.0", "1.3.0"]);
    assert!(chain().steps().all(|step| !step.description().is_empty() && step.checksum().len() == 64));
}

#[test]
fn version_1_1_0_has_ai_providers_with_fallbacks() {
    let now = migrated(&oldest(), "1.1.0");
    assert_eq!(now["ai_provider"], json!({"primary_provider": "openai"}));
    let config = accept(loader().text("a.json", json!({"ai_provider": now["ai_provider"]}).to_string()));
    assert_eq!(at(&exported(&config), "fallback_providers"), json!(["openai", "mock"]));
}

fn at(config: &Json, key: &str) -> Json {
    config["ai_provider"][key].clone()
}

#[test]
fn version_1_2_0_has_flags_with_shares() {
    let now = migrated(&oldest(), "1.2.0");
    assert_eq!(
        now["feature_flags"],
        json!({
            "adaptive_learning_enabled": true,
            "ai_generation_enabled": false,
            "interleaved_practice_enabled": false,
            "diagnostics_enabled": true,
            "feature_rollouts": {"diagnostics": 1.0, "adaptive_learning": 1.0},
        })
    );
    assert_eq!(now.get("features"), None);
}

#[test]
fn version_1_3_0_renames_a_setting_and_has_a_section_for_security() {
    let now = migrated(&oldest(), "1.3.0");
    assert_eq!(now["diagnostic"], json!({"max_questions": 30}));
    assert_eq!(now["security"], json!({"rate_limit_per_minute": 100}));
    assert_eq!((&now["version"], now.get("rate_limit_per_minute")), (&json!("1.3.0"), None));
    accept(loader().text("learning.json", now.to_string()));
}

#[test]
fn the_way_back_leads_back_through_every_version() {
    let mut now = oldest();
    let mut seen = vec![now.clone()];
    for version in ["1.1.0", "1.2.0", "1.3.0"] {
        now = migrated(&now, version);
        seen.push(now.clone());
    }
    for (version, before) in ["1.2.0", "1.1.0", "1.0.0"].into_iter().zip(seen.iter().rev().skip(1)) {
        now = migrated(&now, version);
        let mut before = before.clone();
        before["version"] = json!(version);
        assert_eq!(now, before);
    }
}

#[test]
fn a_step_that_threw_keys_away_has_no_way_back() {
    let before = json!({"version": "0.9.0", "api_keys": {"gemini": "marker-of-a-key"}});
    let document = document(&before);
    let plan = chain().plan_for::<LearningConfig>(&document, Some("1.0.0")).unwrap();
    assert!(!format!("{plan:?}{:?}", plan.patch()).contains("marker"));
    assert_eq!(migrated(&before, "1.0.0").get("api_keys"), None);
    let now = Layer::parse("a.json", r#"{"version": "1.3.0"}"#, LearningConfig::SCHEMA).unwrap();
    let error = chain().plan(now.document(), Some("0.9.0")).unwrap_err();
    assert!(error.is_irreversible() && error.step() == Some("keys-leave"), "{error}");
    assert!(error.to_string().contains("nothing keeps them in plain text"), "{error}");
    assert!(chain().plan(now.document(), Some("1.0.0")).is_ok());
}

#[test]
fn what_an_older_version_can_not_say_is_refused_on_the_way_back() {
    for (value, said) in [
        (json!({"version": "1.2.0", "feature_flags": {"feature_rollouts": {"diagnostics": 0.5}}}), "no share of users"),
        (
            json!({"version": "1.2.0", "feature_flags": {"admin_users": ["ada"], "feature_rollouts": {}}}),
            "has no `feature_flags.admin_users`",
        ),
        (json!({"version": "1.1.0", "ai_provider": {"max_retries": 5}}), "has no `ai_provider.max_retries`"),
    ] {
        let error = chain().plan(&document(&value), Some("1.0.0")).unwrap_err();
        assert!(error.is_step() && error.to_string().contains(said), "{error}");
    }
}

#[test]
fn a_path_is_checked_and_its_time_estimated() {
    let document = document(&oldest());
    let plan = chain().plan_for::<LearningConfig>(&document, None).unwrap();
    assert_eq!((plan.direction(), plan.steps().len()), (Direction::Up, 3));
    assert_eq!(plan.took(), plan.steps().iter().map(|step| step.took()).sum::<std::time::Duration>());
    assert!(plan.changes() > 10);
    let beyond = chain().plan(&document, Some("1.4.0")).unwrap_err();
    assert!(beyond.is_unreachable() && beyond.to_string().contains("the program knows 1.3.0 and older"), "{beyond}");
}

/// `register_migration` of the seed.
#[test]
fn a_migration_is_registered_with_version_and_description() {
    let step = Step::new("more", "1.3.0", "1.4.0").describe("Something more");
    let one = Migrations::to("1.4.0").step(step.clone()).build().unwrap();
    assert_eq!(one.steps().next().unwrap().description(), "Something more");
    assert!(Migrations::to("1.5.0").step(step).build().is_err(), "a chain that does not lead to the program's version");
}

#[test]
fn an_old_document_is_read_in_memory_and_keeps_its_places() {
    let text = "version: 1.0.0\nai_provider: openai\ndiagnostic:\n  question_limit: 30\n";
    let loaded = accept(loader().text("learning.yaml", text).upgrade(chain()));
    assert_eq!(origin(&loaded, "ai_provider.primary_provider"), ("file", "learning.yaml:2:14".to_owned()));
    assert_eq!(origin(&loaded, "diagnostic.max_questions"), ("file", "learning.yaml:4:19".to_owned()));
    let codes: Vec<&str> = loaded.warnings().warnings().map(|finding| finding.code).collect();
    assert!(codes.contains(&"document.outdated"), "{codes:?}");
}

fn strata(folder: &TempDir, args: &[&str]) -> (String, bool) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_strata"));
    let output =
        command.current_dir(folder).args(["learning", "migrate"]).args(args).env("USER", "ada").output().unwrap();
    (String::from_utf8(output.stdout).unwrap() + &String::from_utf8(output.stderr).unwrap(), output.status.success())
}

const FILE: &str = "# Ours.\nai_provider: openai # for now\nfeatures: [diagnostics]\n";

fn folder() -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("old.yaml");
    fs::write(&file, FILE).unwrap();
    (folder, file)
}

#[test]
fn the_command_plans_migrates_and_takes_back() {
    let (folder, file) = folder();
    let (plan, fine) = strata(&folder, &["plan", "-f", "old.yaml", "--format", "json"]);
    let plan: Json = serde_json::from_str(&plan).unwrap();
    assert!(fine && plan[0]["steps"].as_array().unwrap().len() == 3 && plan[0]["lossless"] == true, "{plan}");
    let (text, fine) = strata(&folder, &["up", "-f", "old.yaml"]);
    assert!(fine && text.contains("nothing was written: --write does"), "{text}");
    assert_eq!(fs::read_to_string(&file).unwrap(), FILE);

    let (text, fine) = strata(&folder, &["up", "-f", "old.yaml", "--write"]);
    assert!(fine && text.contains("old.yaml.1.0.0.bak"), "{text}");
    let now = fs::read_to_string(&file).unwrap();
    assert!(now.starts_with("# Ours.\n") && now.contains("primary_provider: openai # for now"), "{now}");
    assert!(now.contains("last_migrated: \"20"), "{now}");
    let (history, fine) = strata(&folder, &["history", "-f", "old.yaml", "--format", "json"]);
    let history: Json = serde_json::from_str(&history).unwrap();
    assert!(fine && history[2]["id"] == "security" && history[0]["actor"] == "ada", "{history}");

    let (text, fine) = strata(&folder, &["down", "--to", "0.9.0", "-f", "old.yaml", "--write"]);
    assert!(!fine && text.contains("can't be taken back"), "{text}");
    let (text, fine) = strata(&folder, &["down", "--to", "1.0.0", "-f", "old.yaml", "--write"]);
    assert!(fine, "{text}");
    let back = fs::read_to_string(&file).unwrap();
    assert!(back.contains("ai_provider: openai # for now") && back.contains("features: [\"diagnostics\"]"), "{back}");
}

#[test]
fn the_command_migrates_a_store() {
    let (folder, _) = folder();
    let run = |args: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_strata"));
        let output =
            command.current_dir(&folder).arg("learning").args(args).args(["--store", "kept"]).output().unwrap();
        assert!(output.status.success(), "{output:?}");
        String::from_utf8(output.stdout).unwrap()
    };
    run(&["set", "diagnostic.max_questions", "40"]);
    assert!(run(&["migrate", "plan"]).contains("runtime: at version 1.3.0"));
    let done: Json =
        serde_json::from_str(&run(&["migrate", "down", "--to", "1.2.0", "--write", "--format", "json"])).unwrap();
    assert_eq!((&done[0]["written"], &done[0]["revision"]), (&json!(true), &json!(2)), "{done}");
    assert_eq!(run(&["get", "diagnostic.max_questions"]), "40\n", "it is read as one of 1.3.0");
    assert!(run(&["migrate", "up", "--write"]).contains("written"));
    assert!(run(&["migrate", "history"]).contains("1.2.0 up 1.3.0"));
}

#[test]
fn the_command_says_what_is_missing() {
    let (folder, _) = folder();
    let (text, fine) = strata(&folder, &["plan"]);
    assert!(!fine && text.contains("a file with -f, or a store with --store"), "{text}");
    let (text, fine) = strata(&folder, &["up", "--to", "7", "-f", "old.yaml", "--format", "json"]);
    let error: Json = serde_json::from_str(&text).unwrap();
    assert!(!fine && error["error"]["code"] == "unreachable", "{text}");
}

#[test]
fn the_command_tells_what_is_wrong_with_every_file_at_once() {
    let (folder, _) = folder();
    for (name, text) in [("a.toml", "version = '7'\n"), ("b.json", "{"), ("c.yaml", "version: -1\n")] {
        fs::write(folder.path().join(name), text).unwrap();
    }
    let (text, fine) =
        strata(&folder, &["up", "-f", "a.toml", "-f", "b.json", "-f", "c.yaml", "-f", "old.yaml", "--write"]);
    let told =
        ["a.toml:1:11: version 7 is newer", "b.json: the file can't be read", "c.yaml:1:10: `version`: a version"];
    assert!(!fine && told.iter().all(|told| text.contains(told)), "{text}");
    assert_eq!(fs::read_to_string(folder.path().join("old.yaml")).unwrap(), FILE, "{text}");
}
