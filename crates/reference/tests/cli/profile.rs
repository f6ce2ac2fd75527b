//! Profiles on the command line: `profile`, and `check --profile`.

use serde_json::json;

use crate::shell::{Shell, text};

#[test]
fn a_configuration_is_checked_for_another_board() {
    let shell = Shell::new(&[], &[]);
    assert!(shell.ok("phase2a check --profile pi_zero_2w").contains("configuration is valid"));
    let crowded = "--set max_memory_usage_mb=400 --set request_pipeline.cache_memory_limit_mb=390 \
                   --set request_pipeline.max_concurrent_requests=500";
    let report = shell.json(&format!("phase2a check --profile pi_zero_2w {crowded}"));
    assert_eq!((&report["valid"], &report["warnings"][0]["code"]), (&json!(true), &json!("profile.budget")));
    let strict = shell.run(&format!("phase2a check --profile pi_zero_2w --mode strict {crowded}"));
    assert_eq!(strict.status.code(), Some(1));
    let said = text(&strict.stderr);
    assert!(said.contains("request_pipeline.cache_memory_limit_mb") && said.contains("needs"), "{said}");
    assert_eq!(shell.run("phase2a check --profile pi_zero").status.code(), Some(2));
}

#[test]
fn profile_stands_alone_and_under_a_system() {
    let shell = Shell::new(&[], &[]);
    let alone = shell.json("profile --profile pi_zero_2w");
    assert_eq!((&alone["profile"], &alone["settings"]), (&json!("pi_zero_2w"), &json!([])));
    let system = shell.json("phase2a profile --profile container_128");
    let memory =
        system["settings"].as_array().unwrap().iter().find(|said| said["path"] == "max_memory_usage_mb").unwrap();
    assert_eq!(
        *memory,
        json!({"path": "max_memory_usage_mb", "default": 256, "profile_default": 128, "min": null, "max": 128,
               "hard": true, "because": "class memory_mb"})
    );
    assert_eq!((&system["budget"]["fits"], &system["budget"]["ceiling"]), (&json!(true), &json!(112 << 20)));
    for system in ["dual-write", "webapp", "learning", "lazy-loading"] {
        assert_eq!(shell.json(&format!("{system} profile --profile none"))["chosen_by"], "none", "{system}");
    }
    assert!(shell.ok("--help").contains("strata profile"));
}
