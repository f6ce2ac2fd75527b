//! The commands over feature flags: what there is, what somebody gets, and formats in and out.

use std::path::Path;

use clap::Command;
use serde_json::{Value, json};
use strata_config::LayeredConfig;
use strata_config_cli::{ConfigCommand, Output, Status, Terminal};
use strata_config_flags::model::Flag;
use strata_config_flags::{Collected, FlagSettings};

/// An application with flags.
#[derive(LayeredConfig, Debug, Clone, PartialEq)]
struct App {
    /// The new checkout.
    #[config(default = "25%")]
    checkout: Flag,
    /// A theme.
    #[config(key = "dark-mode")]
    dark: Option<Flag>,
    /// Turns the old search on; a flag is made of it.
    #[config(default = false)]
    old_search: bool,
    #[config(nested)]
    flags: FlagSettings,
}

const FILE: &str = r#"
[flags.segments]
staff = { include = ["ann"] }
[flags.flags.theme]
variants = { plain = { colour = "grey" }, wild = { colour = "red" } }
default_variant = "plain"
rules = [{ id = "insiders", when = { segment = "staff" }, serve = "wild" }]
metadata = { team = "design", round = 3 }
lifecycle = { owner = "ann", kind = "release", expires = "2020-01-01" }
[flags.flags.limit]
variants = { low = 1, high = 2.5 }
rules = [{ when = { attribute = "plan", op = "is", values = ["pro"] }, serve = "high" }]
guard = { error_rate = 0.1 }
"#;

/// A folder with the application's file, and its store.
struct Run {
    folder: tempfile::TempDir,
}

impl Run {
    fn new(file: &str) -> Self {
        let run = Self { folder: tempfile::tempdir().unwrap() };
        run.write("app.toml", file);
        run
    }

    fn path(&self, name: &str) -> String {
        self.folder.path().join(name).to_str().unwrap().to_owned()
    }

    fn write(&self, name: &str, text: &str) {
        std::fs::write(self.folder.path().join(name), text).unwrap();
    }

    /// Runs `config ARGS`; `{}` in an argument is the folder.
    fn run(&self, args: &[&str]) -> Output {
        let file = self.path("app.toml");
        let config = ConfigCommand::new(move || App::loader().file(&file)).store(self.path("store")).flags(
            |configured, before| {
                let mut found = Collected::of(configured.config, before);
                found.add("old-search", App::OLD_SEARCH, configured.config.old_search);
                found
            },
        );
        let folder = self.path("");
        let args = ["app", "config"].into_iter().chain(args.iter().copied()).map(|arg| arg.replace("{}/", &folder));
        let mut output = match Command::new("app").subcommand(config.command("config")).try_get_matches_from(args) {
            Ok(matches) => config.execute(matches.subcommand().unwrap().1, Terminal::default()),
            Err(error) => Output { stdout: String::new(), stderr: error.to_string(), status: Status::Usage },
        };
        for text in [&mut output.stdout, &mut output.stderr] {
            *text = text.replace(&folder, "");
        }
        output
    }

    fn ok(&self, args: &[&str]) -> String {
        let output = self.run(args);
        assert_eq!((output.status, output.stderr.as_str()), (Status::Success, ""), "{args:?}: {}", output.stdout);
        output.stdout
    }

    fn json(&self, args: &[&str]) -> Value {
        let output = self.run(&[args, &["--format", "json"]].concat());
        serde_json::from_str(&output.stdout).unwrap_or_else(|error| panic!("{error}: {output:?}"))
    }

    fn refused(&self, args: &[&str], parts: &[&str]) {
        let output = self.run(args);
        assert_eq!((output.status, output.stdout.as_str()), (Status::Invalid, ""), "{args:?}: {output:?}");
        for part in parts {
            assert!(output.stderr.contains(part), "{part}: {}", output.stderr);
        }
    }

    fn has_store(&self) -> bool {
        Path::new(&self.path("store")).exists()
    }
}

#[test]
fn list_tells_what_every_flag_serves_and_where_it_stands() {
    let run = Run::new(FILE);
    assert_eq!(
        run.ok(&["flags", "list"]),
        "KEY         TYPE    STATUS   SERVES                          OWNER  STALE               GUARD   ORIGIN\n\
         checkout    bool    enabled  25%                             -      -                   -       default (checkout)\n\
         limit       float   enabled  1 rule, then program's default  -      -                   closed  app.toml:10:1 (flags.flags.limit)\n\
         old-search  bool    enabled  off                             -      -                   -       default (old_search)\n\
         theme       object  enabled  1 rule, then plain              ann    expired 2020-01-01  -       app.toml:4:1 (flags.flags.theme)\n"
    );
    let listed = run.json(&["flags", "list"]);
    assert_eq!(listed["segments"], json!({"staff": {"include": ["ann"]}}));
    let theme = &listed["flags"][3];
    assert_eq!((&theme["key"], &theme["stale"]), (&json!("theme"), &json!(["expired"])));
    assert_eq!(theme["origin"]["layer"], json!("file"));
    assert_eq!(listed["flags"][1]["guard"], json!({"state": "closed", "action": "off", "trip": null}));
    assert!(!run.has_store(), "who only reads makes no store");
}

#[test]
fn an_evaluation_has_the_documented_fields() {
    let run = Run::new(FILE);
    assert_eq!(
        run.json(&["flags", "eval", "theme", "--context", "targetingKey=ann"]),
        json!({
            "key": "theme", "value": {"colour": "red"}, "variant": "wild", "reason": "TARGETING_MATCH",
            "metadata": {"why": "rule", "rule_id": "insiders", "team": "design", "round": 3},
        })
    );
    let split = run.json(&["flags", "eval", "checkout", "--context", "targetingKey=u1"]);
    assert_eq!(split["reason"], json!("SPLIT"));
    assert!(split["metadata"]["bucket"].as_u64().unwrap() < 100_000);
    let text = run.ok(&["flags", "eval", "theme", "--context", "targetingKey=ann"]);
    assert!(
        text.starts_with("theme = {\"colour\":\"red\"}\n\n  variant   wild\n  reason    TARGETING_MATCH\n"),
        "{text}"
    );
}

#[test]
fn attributes_are_json_where_they_can_be_and_a_targeting_key_is_always_text() {
    let file = r#"
[flags.flags]
old.rules = [{ when = { attribute = "age", op = "at_least", values = [18] }, serve = "on" }]
seven.targets = [{ unit = "7", variant = "on" }]
"#;
    let run = Run::new(file);
    let value = |args: &[&str]| run.json(&[&["flags", "eval"], args].concat())["value"].clone();
    assert_eq!(value(&["old", "--context", "age=18"]), json!(true));
    assert_eq!(value(&["old", "--context-json", r#"{"age": 17}"#, "--context", "age=20"]), json!(true));
    assert_eq!(value(&["old", "--context", "age=17"]), json!(null));
    assert_eq!(value(&["seven", "--context", "targetingKey=7"]), json!(true));
    assert_eq!(value(&["seven", "--context-json", r#"{"targetingKey": 7}"#]), json!(true));
}

#[test]
fn what_a_flag_leaves_to_the_program_is_its_default_or_null() {
    let run = Run::new(FILE);
    let answer = run.json(&["flags", "eval", "limit"]);
    assert_eq!(
        (&answer["value"], &answer["variant"], &answer["reason"]),
        (&json!(null), &json!(null), &json!("DEFAULT"))
    );
    assert_eq!(run.json(&["flags", "eval", "limit", "--default", "7"])["value"], json!(7.0));
    assert_eq!(run.json(&["flags", "eval", "limit", "--default", "7", "--context", "plan=pro"])["value"], json!(2.5));
}

#[test]
fn without_an_answer_the_error_has_openfeatures_code() {
    let run = Run::new(FILE);
    let output = run.run(&["flags", "eval", "chekout", "--format", "json"]);
    assert_eq!((output.status, output.stderr.as_str()), (Status::Invalid, ""));
    let details = "there is no flag `chekout`; did you mean `checkout`?";
    assert_eq!(
        serde_json::from_str::<Value>(&output.stdout).unwrap(),
        json!({"key": "chekout", "errorCode": "FLAG_NOT_FOUND", "errorDetails": details})
    );
    run.refused(&["flags", "eval", "chekout"], &[details]);
    run.refused(&["flags", "explain", "nothing"], &["there is no flag `nothing`"]);
    assert_eq!(run.json(&["flags", "eval", "limit", "--default", "many"])["errorCode"], json!("TYPE_MISMATCH"));
}

#[test]
fn all_flags_at_once() {
    let run = Run::new(FILE);
    let all = run.json(&["flags", "eval", "--all", "--context", "targetingKey=ann"]);
    let keys: Vec<&str> = all.as_array().unwrap().iter().filter_map(|answer| answer["key"].as_str()).collect();
    assert_eq!(keys, ["checkout", "limit", "old-search", "theme"]);
    let text = run.ok(&["flags", "eval", "--all", "--context", "targetingKey=ann"]);
    assert!(text.contains("TARGETING_MATCH  rule insiders\n"), "{text}");
}

#[test]
fn a_flag_is_evaluated_at_the_moment_that_is_asked_for() {
    let file = "[flags.flags]\nlater = { schedule = [{ from = \"2030-01-01\" }], fallthrough = \"on\", off_variant = \"off\" }\n";
    let run = Run::new(file);
    assert_eq!(
        run.json(&["flags", "eval", "later", "--at", "2029-12-31T23:59:59Z"])["metadata"]["why"],
        json!("schedule")
    );
    assert_eq!(run.json(&["flags", "eval", "later", "--at", "2030-01-01"])["value"], json!(true));
}

#[test]
fn explain_tells_every_step_and_where_the_flag_was_set() {
    let run = Run::new(FILE);
    let text = run.ok(&["flags", "explain", "theme", "--context", "targetingKey=ann"]);
    for part in
        ["theme = {\"colour\":\"red\"}\n", "  setting   flags.flags.theme\n", "  origin    app.toml:4:1\n", "  1. "]
    {
        assert!(text.contains(part), "{part}: {text}");
    }
    let explained = run.json(&["flags", "explain", "theme", "--context", "targetingKey=ann"]);
    assert_eq!(explained["origin"], json!({"path": "flags.flags.theme", "layer": "file", "at": "app.toml:4:1"}));
    let steps = explained["steps"].as_array().unwrap();
    let told = |step: &Value, part: &str| step[part].as_str().unwrap().to_owned();
    let last = steps.last().unwrap();
    assert_eq!(
        (told(last, "asked"), told(last, "outcome")),
        ("rule insiders".to_owned(), "serves `wild` (rule)".to_owned())
    );
    let other = run.json(&["flags", "explain", "theme", "--context", "targetingKey=bob"]);
    assert_eq!(told(&other["steps"][0], "outcome"), "does not hold");
}

#[test]
fn wrong_usage_is_told() {
    let run = Run::new(FILE);
    for args in [
        &["flags"][..],
        &["flags", "eval"],
        &["flags", "eval", "theme", "--all"],
        &["flags", "eval", "--all", "--default", "1"],
        &["flags", "eval", "theme", "--context", "plan"],
        &["flags", "eval", "theme", "--context", "=x"],
        &["flags", "eval", "theme", "--context-json", "[1]"],
        &["flags", "eval", "theme", "--context-json", "{"],
        &["flags", "eval", "theme", "--at", "soon"],
        &["flags", "explain"],
        &["flags", "import"],
        &["flags", "export", "--as", "launchdarkly"],
    ] {
        let output = run.run(args);
        assert_eq!((output.status, output.stdout.as_str()), (Status::Usage, ""), "{args:?}: {output:?}");
        assert!(!output.stderr.is_empty(), "{args:?}");
    }
}

#[test]
fn flags_that_are_wrong_together_are_told_at_their_places() {
    let file = "[flags.flags]\none = { prerequisites = [{ flag = \"two\", variant = \"on\" }] }\n";
    let run = Run::new(file);
    run.refused(&["flags", "list"], &["there is no flag `two`", "app.toml:2"]);
    let report = run.json(&["flags", "eval", "one"]);
    assert_eq!((&report["valid"], &report["errors"][0]["layer"]), (&json!(false), &json!("file")));
}

#[test]
fn an_import_goes_where_the_configuration_has_a_place_and_is_read_at_once() {
    let run = Run::new(FILE);
    let flags = json!({
        "flags": {
            "checkout": true,
            "dark-mode": "canary",
            "new": {"rules": [{"when": {"segment": "beta"}, "serve": "on"}], "metadata": {"team": "web"}},
        },
        "segments": {"beta": {"include": ["bob"]}},
        "metadata": {"source": "elsewhere", "team": "all"},
    });
    run.write("flags.json", &flags.to_string());
    let dry = run.json(&["flags", "import", "{}/flags.json", "--as", "strata", "--dry-run"]);
    assert!(dry["error"].is_null() && dry["errors"].is_null(), "{dry}");
    assert_eq!(
        (&dry["dry_run"], &dry["stored"], dry["changes"].as_array().unwrap().len()),
        (&json!(true), &json!(false), 4)
    );
    let done = run.json(&["flags", "import", "{}/flags.json", "--as", "strata", "--actor", "ann", "--reason", "moved"]);
    assert_eq!((&done["revision"], &done["imported"]), (&json!(1), &json!(["checkout", "dark-mode", "new"])));
    assert_eq!((&done["refused"], &done["remarks"]), (&json!([]), &json!([])));
    assert_eq!(run.json(&["history"])[0]["reason"], json!("moved"));

    let answer = run.json(&["flags", "eval", "new", "--context", "targetingKey=bob"]);
    assert_eq!((&answer["value"], &answer["metadata"]["source"]), (&json!(true), &json!("elsewhere")));
    assert_eq!(answer["metadata"]["team"], json!("web"), "a flag's own metadata is stronger");
    let origin = run.json(&["flags", "explain", "dark-mode"])["origin"].clone();
    assert_eq!((&origin["path"], &origin["layer"]), (&json!("dark"), &json!("runtime")));

    let again = run.ok(&["flags", "import", "{}/flags.json", "--as", "strata"]);
    assert!(again.contains("nothing to change, the store stays at revision 1"), "{again}");
    let conflict = run.json(&["flags", "import", "{}/flags.json", "--as", "strata", "--if-revision", "0"]);
    assert_eq!(conflict["error"]["code"], json!("conflict"));
}

#[test]
fn what_an_import_can_not_hide_of_a_weaker_source_is_refused() {
    let run = Run::new("[flags.flags]\na.variants = { x = { one = 1, two = 2 } }\n");
    run.write("flags.json", r#"{"flags": {"a": {"variants": {"x": {"one": 5}}, "fallthrough": "x"}}}"#);
    run.refused(
        &["flags", "import", "{}/flags.json", "--as", "strata"],
        &["flags.flags.a: parts of another source's flag `a` would stay in it"],
    );
    assert_eq!(run.ok(&["history"]), "no changes\n");
    run.write("flags.json", r#"{"flags": {"a": "50%"}}"#);
    run.ok(&["flags", "import", "{}/flags.json", "--as", "strata"]);
    assert_eq!(run.json(&["flags", "explain", "a"])["definition"], json!("50%"));
}

#[test]
fn what_has_no_place_or_does_not_agree_is_refused_by_name_and_nothing_is_stored() {
    let run = Run::new(FILE);
    let flags = json!({
        "flags": {
            "old-search": true,
            "loop": {"prerequisites": [{"flag": "loop", "variant": "on"}]},
            "bare": 25,
            "good": {"prerequisites": [{"flag": "checkout", "variant": "on"}]},
        },
        "flagz": {},
    });
    run.write("flags.json", &flags.to_string());
    let import = ["flags", "import", "{}/flags.json", "--as", "strata"];
    run.refused(
        &import,
        &[
            "error: flag `old-search`: the program makes this flag of `old_search`",
            "error: flag `loop`: it asks itself",
            "error: flag `bare`: a bare `25`",
            "error: unknown key `flagz`",
            "nothing is stored",
        ],
    );
    let refused = run.json(&import);
    assert_eq!(refused["error"]["code"], json!("refused"));
    let names: Vec<&str> =
        refused["refused"].as_array().unwrap().iter().filter_map(|one| one["flag"].as_str()).collect();
    assert_eq!(names.len(), 4, "{names:?}");
    assert_eq!(run.ok(&["history"]), "no changes\n");

    let partial = run.run(&[&import[..], &["--partial"]].concat());
    assert_eq!(partial.status, Status::Success, "{partial:?}");
    assert!(partial.stderr.contains("left out: flag `loop`"), "{}", partial.stderr);
    assert!(
        partial.stdout.starts_with("flags.flags.good: unset -> ") && partial.stdout.ends_with("stored as revision 1\n")
    );
}

#[test]
fn a_document_that_is_none_is_told() {
    let run = Run::new(FILE);
    run.write("broken.json", "{");
    run.write("list.json", "[]");
    run.refused(&["flags", "import", "{}/broken.json", "--as", "strata"], &["broken.json is no JSON"]);
    run.refused(&["flags", "import", "{}/none.json", "--as", "strata"], &["none.json can't be read"]);
    run.refused(&["flags", "import", "{}/list.json", "--as", "strata", "--partial"], &["an object with `flags`"]);
    assert!(!run.has_store());
}

#[test]
fn our_own_format_says_everything_and_reads_it_again() {
    let run = Run::new(FILE);
    let text = run.ok(&["flags", "export", "--as", "strata"]);
    let other = Run::new("");
    let document: Value = serde_json::from_str(&text).unwrap();
    let mut flags = document.clone();
    flags["flags"].as_object_mut().unwrap().remove("old-search");
    other.write("flags.json", &flags.to_string());
    other.ok(&["flags", "import", "{}/flags.json", "--as", "strata"]);
    let back: Value = serde_json::from_str(&other.ok(&["flags", "export", "--as", "strata"])).unwrap();
    assert_eq!(back, document);
}

#[test]
#[cfg(not(feature = "unleash"))]
fn a_format_that_was_not_built_in_is_told() {
    let output = Run::new(FILE).run(&["flags", "export", "--as", "unleash"]);
    assert_eq!(output.status, Status::Usage);
    assert!(output.stderr.contains("built without the feature `unleash`"), "{}", output.stderr);
}
