//! The binary `strata`, as a shell runs it: with a folder of its own and no variables but those given.

use std::process::{Command, Output, Stdio};

use serde_json::{Value, json};

/// A folder with files, and variables.
struct Shell {
    folder: tempfile::TempDir,
    vars: Vec<(&'static str, &'static str)>,
}

impl Shell {
    fn new(files: &[(&str, &str)], vars: &[(&'static str, &'static str)]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in files {
            std::fs::write(folder.path().join(name), text).unwrap();
        }
        Self { folder, vars: vars.to_vec() }
    }

    fn command(&self, line: &str) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_strata"));
        command.args(line.split_whitespace()).current_dir(self.folder.path());
        command.env_clear().envs(self.vars.iter().copied());
        command
    }

    fn run(&self, line: &str) -> Output {
        self.command(line).output().unwrap()
    }

    fn ok(&self, line: &str) -> String {
        let output = self.run(line);
        assert_eq!(output.status.code(), Some(0), "{line}: {}", text(&output.stderr));
        text(&output.stdout)
    }

    fn json(&self, line: &str) -> Value {
        let output = self.run(&format!("{line} --format json"));
        serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{line}: {error}: {}", text(&output.stderr)))
    }

    fn write(&self, name: &str, text: &str) {
        std::fs::write(self.folder.path().join(name), text).unwrap();
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// Value, origin and shadows of one value of an answer of `explain`.
fn of<'a>(answer: &'a Value, path: &str) -> (&'a Value, &'a Value, &'a Value) {
    let values = answer["values"].as_array().unwrap();
    let value = values.iter().find(|value| value["path"] == path).unwrap_or_else(|| panic!("no {path}"));
    (&value["value"], &value["origin"], &value["shadows"])
}

const SITE: (&str, &str) =
    ("site.toml", "[connection_pool]\nhttp_total_pool_size = 60\n\n[request_pipeline]\nbatch_size = 20\n");

#[test]
fn every_value_says_where_it_came_from_and_whom_it_shadows() {
    let shell = Shell::new(&[SITE], &[("HTTP_POOL_SIZE", "50")]);
    let answer = shell.json("phase2a -f site.toml --set request_pipeline.batch_size=12 explain");
    assert_eq!(answer["valid"], json!(true));
    assert_eq!(
        of(&answer, "connection_pool.http_total_pool_size"),
        (
            &json!(50),
            &json!({"layer": "env", "at": "HTTP_POOL_SIZE"}),
            &json!([
                {"layer": "file", "at": "site.toml:2:24", "value": 60},
                {"layer": "default", "at": "default", "value": 100},
            ])
        )
    );
    assert_eq!(
        of(&answer, "request_pipeline.batch_size"),
        (
            &json!(12),
            &json!({"layer": "args", "at": "--set request_pipeline.batch_size"}),
            &json!([
                {"layer": "file", "at": "site.toml:5:14", "value": 20},
                {"layer": "default", "at": "default", "value": 10},
            ])
        )
    );
    assert_eq!(
        of(&answer, "max_memory_usage_mb"),
        (&json!(256), &json!({"layer": "default", "at": "default"}), &json!([]))
    );
}

#[test]
fn a_variable_that_is_not_set_overrides_nothing() {
    let answer = Shell::new(&[SITE], &[("DB_POOL_SIZE", "")]).json("phase2a -f site.toml explain");
    assert_eq!(
        of(&answer, "connection_pool.http_total_pool_size"),
        (
            &json!(60),
            &json!({"layer": "file", "at": "site.toml:2:24"}),
            &json!([{"layer": "default", "at": "default", "value": 100}])
        )
    );
    let layers: Vec<&str> =
        answer["values"].as_array().unwrap().iter().map(|value| value["origin"]["layer"].as_str().unwrap()).collect();
    assert!(!layers.contains(&"env"), "{layers:?}");
}

/// Eight different mistakes, and where each stands.
const MISTAKES: [(&str, &str, [(&str, u32, u32); 8]); 3] = [
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
        let mut expected = expected.map(|(code, line, column)| (format!("{name}:{line}:{column}"), code.to_owned())).to_vec();
        found.sort();
        expected.sort();
        assert_eq!(found, expected, "{name}");
        let output = shell.run(&format!("phase2a check -f {name}"));
        assert_eq!(text(&output.stdout), "");
        assert!(text(&output.stderr).ends_with("8 errors, 0 warnings\n"), "{}", text(&output.stderr));
    }
}

#[test]
fn no_argument_explains_phase_2a() {
    let shell = Shell::new(&[], &[]);
    assert_eq!(shell.ok(""), shell.ok("phase2a explain"));
    assert!(shell.ok("").starts_with("PATH"));
}

#[test]
fn help_names_every_system_and_command() {
    let shell = Shell::new(&[], &[]);
    let help = shell.ok("--help");
    for system in ["phase2a", "dual-write", "webapp", "learning", "lazy-loading"] {
        assert!(help.contains(system), "{help}");
        let help = shell.ok(&format!("{system} --help"));
        for part in ["explain", "check", "get", "diff", "export", "--file", "--env-file", "--set", "--profile", "--mode"] {
            assert!(help.contains(part), "{system} {part}: {help}");
        }
    }
}

#[test]
fn exit_statuses_are_0_1_and_2() {
    let shell = Shell::new(&[], &[]);
    for (line, status) in [
        ("phase2a check", 0),
        ("--version", 0),
        ("webapp check", 1),
        ("phase2a -f none.toml check", 1),
        ("phase2a check --set max_memory_usage_mb=500", 1),
        ("phase2a get", 2),
        ("phase2a get nothing.like.this", 2),
        ("phase2a", 2),
        ("nothing check", 2),
        ("phase2a check --store file:x", 2),
        ("phase2a check --mode loose", 2),
    ] {
        assert_eq!(shell.run(line).status.code(), Some(status), "{line}");
    }
}

#[test]
fn options_stand_before_or_after_the_command() {
    let shell = Shell::new(&[SITE], &[]);
    for line in [
        "phase2a -f site.toml get connection_pool.http_total_pool_size",
        "phase2a get connection_pool.http_total_pool_size -f site.toml",
        "phase2a get -f site.toml connection_pool.http_total_pool_size",
    ] {
        assert_eq!(shell.ok(line), "60\n", "{line}");
    }
    assert_eq!(shell.ok("phase2a --request-pipeline-batch-size 7 get request_pipeline.batch_size"), "7\n");
}

#[test]
fn no_colour_goes_into_a_pipe() {
    for vars in [&[][..], &[("NO_COLOR", "1")], &[("TERM", "xterm-256color")]] {
        let shell = Shell::new(&[("bad.toml", "debug = 1")], vars);
        for line in ["phase2a explain", "webapp -f bad.toml check", "phase2a explain log_level"] {
            let output = shell.run(line);
            assert!(!output.stdout.contains(&0x1b) && !output.stderr.contains(&0x1b), "{line}");
        }
    }
}

#[test]
fn a_pipe_that_is_closed_early_is_no_mistake() {
    for line in ["phase2a explain", "phase2a --help", "phase2a explain --format json"] {
        let mut child =
            Shell::new(&[], &[]).command(line).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        drop(child.stdout.take());
        let output = child.wait_with_output().unwrap();
        assert_eq!((output.status.code(), text(&output.stderr)), (Some(0), String::new()), "{line}");
    }
}

/// Settings beyond the defaults of each system, as a document.
const SYSTEMS: [(&str, &str); 5] = [
    (
        "phase2a",
        "rollout_user_agent_whitelist: [\"curl/*\", \"it's, $HOME\"]\nrollout_ip_whitelist: [10.0.0.0/8, \"::1\"]\n\
         connection_pool: {http_connection_timeout: 2.5}\nalerts: {enabled: false}\n",
    ),
    ("dual-write", "global_override: realtime_only\ncategories: {debug: {percentage: 12, adapters: [websocket]}}\n"),
    ("webapp", "debug: true\napi: {base_url: \"http://[::1]:8/?a=b#c\"}\nfeatures: {dark_mode: true}\n"),
    ("learning", "feature_flags: {beta_users: [\"a b\", c], feature_rollouts: {diagnostics: 0.25}}\n"),
    ("lazy-loading", "{}\n"),
];

#[test]
fn an_export_loads_to_the_same_configuration() {
    for (system, document) in SYSTEMS {
        let shell = Shell::new(&[("site.yaml", document)], &[("SECRET_KEY", "0123456789abcdef0123456789abcdef")]);
        for format in ["toml", "yaml", "json", "env"] {
            let output = shell.run(&format!("{system} export -f site.yaml --as {format}"));
            assert_eq!((output.status.code(), text(&output.stderr)), (Some(0), String::new()), "{system} {format}");
            shell.write(&format!("out.{format}"), &text(&output.stdout));
            let option = if format == "env" { "--env-file" } else { "-f" };
            let before = shell.ok(&format!("{system} export -f site.yaml --as json"));
            let after = shell.ok(&format!("{system} export {option} out.{format} --as json"));
            assert_eq!(before, after, "{system} {format}");
        }
        assert_eq!(shell.ok(&format!("{system} diff out.toml out.yaml")), "", "{system}");
    }
}

/// Every secret of the web application.
const SECRETS: [&str; 10] = [
    "SECRET_KEY", "JWT_SECRET", "JWT_SECRET_ENCRYPTED", "ENCRYPTION_KEY", "DATABASE_URL", "DATABASE_PASSWORD", "REDIS_URL",
    "API_KEY", "SENTRY_DSN", "DATADOG_API_KEY",
];

const COMMANDS: [&str; 10] = [
    "explain", "explain database.url", "explain monitoring", "check", "get secret_key", "get database", "export --as toml",
    "export --as yaml", "export --as json", "export --as env",
];

/// Runs every command in both formats and asserts that nothing shows a secret.
fn assert_silent(shell: &Shell, options: &str) {
    for command in COMMANDS.iter().copied().chain(["diff secrets.toml other.toml"]) {
        for format in ["text", "json"] {
            let output = shell.run(&format!("webapp {command} --format {format} {options}"));
            let said = text(&output.stdout) + &text(&output.stderr);
            assert!(!said.contains("CANARY"), "{command} {format} {options}: {said}");
        }
    }
}

const DOCUMENT: &str = "secret_key = \"CANARY-0123456789abcdef0123456789abcdef\"
jwt_secret = \"CANARY-jwt\"
jwt_secret_encrypted = \"CANARY-encrypted\"
encryption_key = \"CANARY-key\"

[database]
url = \"postgresql://u:CANARY@localhost/app\"
password = \"CANARY-password\"

[redis]
url = \"redis://:CANARY@localhost:6379/0\"

[api]
api_key = \"CANARY-api\"

[monitoring]
sentry_dsn = \"https://CANARY@sentry.example.com/1\"
datadog_api_key = \"CANARY-datadog\"
";

#[test]
fn a_secret_is_in_no_output() {
    let other = DOCUMENT.replace("CANARY", "CANARY2");
    let shell = Shell::new(&[("secrets.toml", DOCUMENT), ("other.toml", &other)], &[]);
    assert_eq!(shell.run("webapp -f secrets.toml check").status.code(), Some(0));
    assert_silent(&shell, "-f secrets.toml");
    assert_silent(&shell, "-f secrets.toml -f other.toml");
    let changes = shell.json("webapp diff secrets.toml other.toml");
    assert_eq!(changes.as_array().unwrap().len(), 10, "{changes}");

    let variables = SECRETS.map(|name| (name, "CANARY-0123456789abcdef0123456789abcdef"));
    let shell = Shell::new(&[("secrets.toml", DOCUMENT), ("other.toml", &other)], &variables);
    // The URLs are invalid now.
    assert_eq!(shell.run("webapp check").status.code(), Some(1));
    assert_silent(&shell, "");
}

#[test]
fn a_secret_is_in_no_output_where_its_document_is_wrong() {
    let other = ("other.toml", DOCUMENT);
    for (from, to) in [
        ("localhost/app\"", "localhost/app"),
        ("\"CANARY-jwt\"", "[\"CANARY-jwt\"]"),
        ("jwt_secret =", "jwt_secert ="),
        ("\"CANARY-key\"", "{ key = \"CANARY-key\" }"),
        ("postgresql:", "gopher:"),
        ("\"CANARY-0123456789abcdef0123456789abcdef\"", "\"CANARY\""),
        ("[monitoring]", "[monitoring"),
        ("password =", "password = \"CANARY\"\npassword ="),
    ] {
        let wrong = DOCUMENT.replacen(from, to, 1);
        assert_ne!(wrong, DOCUMENT);
        let shell = Shell::new(&[("secrets.toml", &wrong), other], &[]);
        assert_eq!(shell.run("webapp -f secrets.toml check").status.code(), Some(1), "{from}");
        assert_silent(&shell, "-f secrets.toml");
    }
}

#[test]
fn a_secret_of_the_command_line_is_in_no_output() {
    let shell = Shell::new(&[("secrets.toml", DOCUMENT), ("other.toml", DOCUMENT)], &[]);
    for options in [
        "--set secret_key=CANARY",
        "--secret-key CANARY",
        "--secret-key=CANARY --secret_key=CANARY",
        "--set CANARY",
        "--set database.url=CANARY --set database.ur=CANARY",
        "--database-url CANARY --databaseurl=CANARY",
        "--set secret_key.CANARY-part",
    ] {
        assert_silent(&shell, options);
    }
}
