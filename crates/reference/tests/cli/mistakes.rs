//! Every mistake of a file is told, each at its place.

use crate::shell::{Shell, text};

/// A document's name, its text with eight different mistakes, and where each stands.
type Mistakes = (&'static str, &'static str, [(&'static str, u32, u32); 8]);

const MISTAKES: [Mistakes; 3] = [
    (
        "bad.toml",
        "phase_2a_enabeld = true
max_memory_usage_mb = 500
log_level = \"LOUD\"
rollout_percentage = \"half\"
fallback_failure_threshold = 99999999999
rollout_ip_whitelist = [\"10.0.0.0/8\", \"nowhere\"]

[connection_pool]
db_pool_size = 3
db_pool_size = 4

[request_pipeline]
enabled = 7
",
        [
            ("key.unknown", 1, 1),
            ("rule.range", 2, 23),
            ("value.choice", 3, 13),
            ("value.type", 4, 22),
            ("value.overflow", 5, 30),
            ("value.invalid", 6, 39),
            ("document.duplicate_key", 10, 1),
            ("value.type", 13, 11),
        ],
    ),
    (
        "bad.yaml",
        "phase_2a_enabeld: true
max_memory_usage_mb: 500
log_level: LOUD
rollout_percentage: half
fallback_failure_threshold: 99999999999
rollout_ip_whitelist: [10.0.0.0/8, nowhere]
connection_pool:
  db_pool_size: 3
  db_pool_size: 4
request_pipeline:
  enabled: 7
",
        [
            ("key.unknown", 1, 1),
            ("rule.range", 2, 22),
            ("value.choice", 3, 12),
            ("value.type", 4, 21),
            ("value.overflow", 5, 29),
            ("value.invalid", 6, 36),
            ("document.duplicate_key", 9, 3),
            ("value.type", 11, 12),
        ],
    ),
    (
        "bad.json",
        "{
  // Comments are allowed.
  \"phase_2a_enabeld\": true,
  \"max_memory_usage_mb\": 500,
  \"log_level\": \"LOUD\",
  \"rollout_percentage\": \"half\",
  \"fallback_failure_threshold\": 99999999999,
  \"rollout_ip_whitelist\": [\"10.0.0.0/8\", \"nowhere\"],
  \"connection_pool\": {\"db_pool_size\": 3, \"db_pool_size\": 4},
  \"request_pipeline\": {\"enabled\": 7}
}
",
        [
            ("key.unknown", 3, 3),
            ("rule.range", 4, 26),
            ("value.choice", 5, 16),
            ("value.type", 6, 25),
            ("value.overflow", 7, 33),
            ("value.invalid", 8, 42),
            ("document.duplicate_key", 9, 42),
            ("value.type", 10, 35),
        ],
    ),
];

#[test]
fn eight_mistakes_are_eight_entries_each_at_its_place() {
    for (name, document, expected) in MISTAKES {
        let shell = Shell::new(&[(name, document)], &[]);
        for command in ["check", "explain", "export", "get log_level"] {
            assert_eq!(shell.run(&format!("phase2a -f {name} {command}")).status.code(), Some(1), "{command}");
        }
        let report = shell.json(&format!("phase2a check -f {name}"));
        let mut found: Vec<(String, String)> = report["errors"]
            .as_array()
            .unwrap()
            .iter()
            .map(|error| (error["at"].as_str().unwrap().to_owned(), error["code"].as_str().unwrap().to_owned()))
            .collect();
        let mut expected =
            expected.map(|(code, line, column)| (format!("{name}:{line}:{column}"), code.to_owned())).to_vec();
        found.sort();
        expected.sort();
        assert_eq!(found, expected, "{name}");
        let output = shell.run(&format!("phase2a check -f {name}"));
        assert_eq!(text(&output.stdout), "");
        assert!(text(&output.stderr).ends_with("8 errors, 0 warnings\n"), "{}", text(&output.stderr));
    }
}
