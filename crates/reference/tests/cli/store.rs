//! A system's store, from the first change to its restoration elsewhere.

use serde_json::json;

use crate::shell::{Shell, text};

const WEBAPP: [(&str, &str); 2] = [("SECRET_KEY", "0123456789abcdef0123456789abcdef"), ("USER", "ann")];

#[test]
fn a_store_from_the_first_change_to_its_restoration() {
    let shell = Shell::new(&[], &[("USER", "ann")]);
    shell.ok("phase2a set connection_pool.http_total_pool_size 50 log_level debug --reason launch");
    assert_eq!(shell.ok("phase2a get log_level"), "INFO\n");
    assert_eq!(shell.ok("phase2a get log_level --store .strata/phase2a"), "DEBUG\n");

    let history = shell.json("phase2a history");
    assert_eq!((&history[0]["actor"], &history[0]["reason"]), (&json!("ann"), &json!("launch")));
    assert_eq!(history[0]["changes"].as_array().unwrap().len(), 2);

    let snapshot = shell.json("phase2a snapshot create --description good --tag kept");
    let id = snapshot["id"].as_str().unwrap();
    shell.ok("phase2a reset --actor bob");
    assert_eq!(shell.ok("phase2a get log_level --store .strata/phase2a"), "INFO\n");
    shell.ok(&format!("phase2a snapshot rollback {id}"));
    assert_eq!(shell.ok("phase2a get log_level --store .strata/phase2a"), "DEBUG\n");
    shell.ok("phase2a rollback 2");
    assert_eq!(shell.json("phase2a history")[0]["revision"], json!(4));

    shell.ok("phase2a backup backup.json");
    shell.ok("phase2a restore backup.json --store file:other");
    assert_eq!(shell.ok("phase2a verify --store file:other"), "the store is intact: 5 revisions, 1 snapshot\n");
    assert_eq!(shell.ok("phase2a backup"), shell.ok("phase2a backup -"));
    shell.ok(&format!("phase2a snapshot rollback {id} --store file:other"));
    assert_eq!(shell.ok("phase2a get log_level --store file:other"), "DEBUG\n");
    assert_eq!(shell.json("phase2a snapshot list --store file:other")[0]["tags"], json!(["kept"]));
}

#[test]
fn every_system_has_a_store_of_its_own() {
    let shell = Shell::new(&[], &WEBAPP);
    shell.ok("webapp set log_level DEBUG");
    shell.ok("learning set log_level ERROR");
    assert_eq!(shell.ok("webapp get log_level --store .strata/webapp"), "DEBUG\n");
    assert_eq!(shell.ok("learning get log_level --store .strata/learning"), "ERROR\n");
    assert_eq!(shell.ok("phase2a history"), "no changes\n");
}

#[test]
fn two_processes_write_one_store_and_lose_nothing() {
    let shell = Shell::new(&[], &[]);
    let run = |path: &str| {
        for size in 1..=5 {
            shell.ok(&format!("phase2a set {path} {size}"));
        }
    };
    std::thread::scope(|scope| {
        for path in ["connection_pool.http_total_pool_size", "connection_pool.db_pool_size"] {
            scope.spawn(move || run(path));
        }
    });
    assert_eq!(shell.json("phase2a history").as_array().unwrap().len(), 10);
    assert_eq!(shell.ok("phase2a verify"), "the store is intact: 10 revisions, 0 snapshots\n");
    let pool = shell.json("phase2a get connection_pool --store .strata/phase2a");
    assert_eq!((&pool["http_total_pool_size"], &pool["db_pool_size"]), (&json!(5), &json!(5)));
}

#[test]
fn an_actor_is_the_login_name_where_nothing_else_is_said() {
    for (vars, actor) in
        [(&[("LOGNAME", "eve")][..], "eve"), (&[("USER", "ann"), ("LOGNAME", "eve")], "ann"), (&[], "unknown")]
    {
        let shell = Shell::new(&[], vars);
        shell.ok("phase2a set log_level DEBUG");
        assert_eq!(shell.json("phase2a history")[0]["actor"], json!(actor));
    }
}

#[test]
fn every_preset_of_every_system_applies_over_the_defaults_without_a_word() {
    let shell = Shell::new(&[], &WEBAPP);
    for system in ["phase2a", "dual-write", "webapp", "learning", "lazy-loading"] {
        let presets = shell.json(&format!("{system} preset list"));
        let presets = presets.as_array().unwrap();
        assert!(presets.len() >= 3, "{system}");
        for preset in presets {
            let name = preset["name"].as_str().unwrap();
            assert_eq!(
                (&preset["valid"], preset["description"] == json!("")),
                (&json!(true), false),
                "{system} {name}"
            );
            shell.ok(&format!("{system} reset"));
            let output = shell.run(&format!("{system} preset apply {name}"));
            assert_eq!((output.status.code(), text(&output.stderr)), (Some(0), String::new()), "{system} {name}");
        }
    }
}

#[test]
fn a_secret_of_the_environment_is_in_no_store() {
    let shell = Shell::new(&[], &[("SECRET_KEY", "CANARY-0123456789abcdef0123456789abcdef")]);
    shell.ok("webapp set log_level DEBUG");
    assert_eq!(shell.run("webapp set api.api_key CANARY").status.code(), Some(1));
    for line in ["history", "backup", "snapshot create", "preset list", "explain --store .strata/webapp", "verify"] {
        for format in ["text", "json"] {
            let output = shell.run(&format!("webapp {line} --format {format}"));
            let said = text(&output.stdout) + &text(&output.stderr);
            assert!(!said.contains("CANARY"), "{line}: {said}");
        }
    }
}
