//! Leaves whose own `Deserialize` tells several mistakes at once, each at its own place.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer, Serialize};
use strata_config::{FieldPath, LayeredConfig, LoadInfo, Mode, Problems, Report, Secret, Severity, check_patch};

/// A leaf: what share of people a rollout serves, by rules that name its variants.
#[derive(Serialize, Debug, Clone, PartialEq, Default)]
struct Rollout {
    share: u32,
    variants: Vec<String>,
    rules: Vec<Rule>,
}

#[derive(Serialize, Deserialize, Debug, Clone, PartialEq)]
struct Rule {
    serve: Serve,
}

#[derive(Serialize, Deserialize, Debug, Clone, PartialEq)]
struct Serve {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    variant: Option<String>,
}

impl<'de> Deserialize<'de> for Rollout {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        struct Raw {
            share: u32,
            #[serde(default)]
            variants: Vec<String>,
            #[serde(default)]
            rules: Vec<Rule>,
            shade: Option<u32>,
        }
        let Raw { share, variants, rules, shade } = Raw::deserialize(deserializer)?;
        let mut problems = Problems::new();
        match share {
            0..=99 => {}
            100 => {
                problems.warn(FieldPath::new("share"), "everybody is served").help("remove the rollout");
            }
            _ => {
                problems.error(FieldPath::new("share"), "a share is at most 100 %");
            }
        }
        if shade.is_some() {
            problems.error(FieldPath::new("shade"), "nobody knows this key").code("key.unknown").at_key();
        }
        for (index, rule) in rules.iter().enumerate() {
            let path = FieldPath::new("rules").child(&index.to_string()).join(&FieldPath::new("serve.variant"));
            match &rule.serve.variant {
                Some(variant) if !variants.contains(variant) => {
                    problems.error(path, format!("no variant is called `{variant}`"));
                }
                Some(_) => {}
                None => {
                    problems.error(path, "it serves nothing").code("value.missing").help("name a variant");
                }
            }
        }
        problems.settle(Self { share, variants, rules })
    }
}

#[derive(LayeredConfig, Debug, Clone, PartialEq)]
#[config(env_prefix = "APP")]
struct App {
    checkout: Option<Rollout>,
    #[config(default = [])]
    flags: BTreeMap<String, Rollout>,
    #[config(default = [])]
    list: Vec<Rollout>,
}

/// Severity, code, path, and place of every finding.
fn told(report: &Report) -> Vec<(&'static str, String, String)> {
    let line = |finding: &strata_config::Finding| {
        let sign = if finding.severity == Severity::Error { "" } else { "warning " };
        (finding.code, format!("{sign}{}", finding.path), finding.at().to_owned())
    };
    report.findings().iter().map(line).collect()
}

fn is(report: &Report, expected: &[(&str, &str, &str)]) {
    let told = told(report);
    let told: Vec<_> = told.iter().map(|(code, path, at)| (*code, path.as_str(), at.as_str())).collect();
    assert_eq!(told, expected, "{report}");
}

#[test]
fn every_mistake_of_a_leaf_stands_at_its_own_place_in_toml() {
    let text = "[checkout]\nshare = 120\nvariants = [\"a\"]\nshade = 1\n\n[[checkout.rules]]\nserve = { variant = \"b\" }\n\n\
                [[checkout.rules]]\nserve = {}\n";
    let report = App::loader().text("app.toml", text).load().unwrap_err();
    is(
        &report,
        &[
            ("value.invalid", "checkout.share", "app.toml:2:9"),
            ("key.unknown", "checkout.shade", "app.toml:4:1"),
            ("value.invalid", "checkout.rules.0.serve.variant", "app.toml:7:21"),
            ("value.missing", "checkout.rules.1.serve.variant", "app.toml:10:9"),
        ],
    );
    let text = report.to_string();
    assert!(text.contains(" 7 | serve = { variant = \"b\" }\n   |                     ^^^"), "{text}");
    assert!(text.contains("help: name a variant"), "{text}");
}

#[test]
fn every_mistake_of_a_leaf_stands_at_its_own_place_in_yaml() {
    let text =
        "checkout:\n  share: 120\n  shade: 1\n  variants: [a]\n  rules:\n  - serve:\n      variant: b\n  - serve: {}\n";
    let report = App::loader().text("app.yaml", text).load().unwrap_err();
    is(
        &report,
        &[
            ("value.invalid", "checkout.share", "app.yaml:2:10"),
            ("key.unknown", "checkout.shade", "app.yaml:3:3"),
            ("value.invalid", "checkout.rules.0.serve.variant", "app.yaml:7:16"),
            ("value.missing", "checkout.rules.1.serve.variant", "app.yaml:8:12"),
        ],
    );
}

#[test]
fn every_mistake_of_a_leaf_stands_at_its_own_place_in_json() {
    let text = "{\"checkout\": {\n  \"share\": 120, \"shade\": 1,\n  \"rules\": [{\"serve\": {\"variant\": \"b\"}}, {\"serve\": {}}]}}";
    let report = App::loader().text("app.json", text).load().unwrap_err();
    is(
        &report,
        &[
            ("value.invalid", "checkout.share", "app.json:2:12"),
            ("key.unknown", "checkout.shade", "app.json:2:17"),
            ("value.invalid", "checkout.rules.0.serve.variant", "app.json:3:35"),
            ("value.missing", "checkout.rules.1.serve.variant", "app.json:3:52"),
        ],
    );
}

#[test]
fn json_in_a_variable_keeps_the_path_and_stands_at_the_variable() {
    let text = r#"{"share": 120, "rules": [{"serve": {"variant": "b"}}]}"#;
    let report = App::loader().env_from([("APP_CHECKOUT", text)]).load().unwrap_err();
    let place = "APP_CHECKOUT";
    is(
        &report,
        &[("value.invalid", "checkout.share", place), ("value.invalid", "checkout.rules.0.serve.variant", place)],
    );
}

#[test]
fn a_bad_entry_hides_neither_mistakes_nor_warnings_of_another() {
    let text = "[flags.a]\nshare = 120\nshade = 1\n[flags.b]\nshare = 100\n[flags.c]\nshare = 10\n\
                [flags.d]\nshare = 130\n[flags.\"e.f\"]\nshare = \"x\"\n[flags.g]\nshare = 100\n";
    let report = App::loader().text("app.toml", text).load().unwrap_err();
    is(
        &report,
        &[
            ("value.invalid", "flags.a.share", "app.toml:2:9"),
            ("key.unknown", "flags.a.shade", "app.toml:3:1"),
            ("value.questionable", "warning flags.b.share", "app.toml:5:9"),
            ("value.invalid", "flags.d.share", "app.toml:9:9"),
            ("value.type", "flags.\"e.f\".share", "app.toml:11:9"),
            ("value.questionable", "warning flags.g.share", "app.toml:13:9"),
        ],
    );
}

#[test]
fn items_of_a_list_tell_theirs() {
    let text = "list:\n- share: 120\n- share: 1\n- share: 100\n- {share: 150, shade: 1}\n";
    let report = App::loader().text("app.yaml", text).load().unwrap_err();
    is(
        &report,
        &[
            ("value.invalid", "list.0.share", "app.yaml:2:10"),
            ("value.questionable", "warning list.2.share", "app.yaml:4:10"),
            ("value.invalid", "list.3.share", "app.yaml:5:11"),
            ("key.unknown", "list.3.shade", "app.yaml:5:16"),
        ],
    );
}

#[test]
fn warnings_alone_refuse_nothing() {
    let text = "[checkout]\nshare = 100\n[flags.a]\nshare = 100\n[flags.b]\nshare = 100\n";
    let expected = [
        ("value.questionable", "warning checkout.share", "app.toml:2:9"),
        ("value.questionable", "warning flags.a.share", "app.toml:4:9"),
        ("value.questionable", "warning flags.b.share", "app.toml:6:9"),
    ];
    let loaded = App::loader().text("app.toml", text).load().unwrap();
    is(loaded.warnings(), &expected);
    assert_eq!((loaded.checkout.as_ref().unwrap().share, loaded.flags.len()), (100, 2));
    assert_eq!(loaded.origin("flags.a").unwrap().value, loaded.origin("flags.b").unwrap().value);
    let strict = App::loader().mode(Mode::Strict).text("app.toml", text).load().unwrap_err();
    assert_eq!(strict.errors().count(), 3);
}

#[test]
fn warnings_of_very_many_values_are_told_of_some() {
    let text: String = (0..500).map(|number| format!("[flags.f{number}]\nshare = 100\n")).collect();
    let loaded = App::loader().text("app.toml", text).load().unwrap();
    assert_eq!((loaded.flags.len(), loaded.warnings().warnings().count()), (500, 21));
}

#[test]
fn an_entry_of_several_files_stands_where_its_part_is() {
    let loader = App::loader().text("base.toml", "[flags.a]\nshare = 120\nvariants = [\"x\"]\n");
    let loader = loader.text("site.toml", "[[flags.a.rules]]\nserve = { variant = \"b\" }\n[flags.b]\nshare = 100\n");
    is(
        &loader.load().unwrap_err(),
        &[
            ("value.invalid", "flags.a.share", "base.toml:2:9"),
            ("value.invalid", "flags.a.rules.0.serve.variant", "site.toml:2:21"),
            ("value.questionable", "warning flags.b.share", "site.toml:4:9"),
        ],
    );
}

#[test]
fn a_shadowed_value_warns_of_its_first_mistake() {
    let loader = App::loader().text("base.toml", "[checkout]\nshare = 120\nshade = 1\n");
    let loaded = loader.text("site.toml", "[checkout]\nshare = 1\n").load().unwrap();
    is(loaded.warnings(), &[("value.invalid", "warning checkout.share", "base.toml:2:9")]);
}

#[test]
fn a_patch_tells_the_same() {
    let patch = serde_json::json!({"checkout": {"share": 120, "shade": 1}});
    is(
        &check_patch::<App>(&patch),
        &[("value.invalid", "checkout.share", "the patch"), ("key.unknown", "checkout.shade", "the patch")],
    );
}

#[test]
fn other_formats_give_one_readable_error() {
    let text = r#"{"share": 120, "rules": [{"serve": {}}]}"#;
    let error = serde_json::from_str::<Rollout>(text).unwrap_err().to_string();
    assert_eq!(error, "share: a share is at most 100 %\nrules.0.serve.variant: it serves nothing (name a variant)");
    assert_eq!(serde_json::from_str::<Rollout>(r#"{"share": 100}"#).unwrap().share, 100);
}

/// A leaf that goes through `try_from`, which knows nothing of deserializers.
#[derive(Serialize, Deserialize, Debug, Clone, PartialEq)]
#[serde(try_from = "BTreeMap<String, u32>")]
struct Limits(BTreeMap<String, u32>);

impl TryFrom<BTreeMap<String, u32>> for Limits {
    type Error = Problems;

    fn try_from(limits: BTreeMap<String, u32>) -> Result<Self, Problems> {
        let mut problems = Problems::new();
        for key in limits.iter().filter(|(_, limit)| **limit > 9).map(|(key, _)| key) {
            problems.error(FieldPath::ROOT.child(key), "a limit is at most 9");
        }
        if problems.has_errors() { Err(problems) } else { Ok(Self(limits)) }
    }
}

#[derive(LayeredConfig, Debug, Clone, PartialEq)]
struct Limited {
    limits: Limits,
}

#[test]
fn an_error_type_may_be_problems() {
    let report = Limited::loader().text("app.toml", "[limits]\na = 10\nb = 1\nc = 12\n").load().unwrap_err();
    is(&report, &[("value.invalid", "limits.a", "app.toml:2:5"), ("value.invalid", "limits.c", "app.toml:4:5")]);
}

/// A secret whose own type has something to say.
#[derive(Serialize, Debug, Clone, PartialEq, Default)]
struct Key(String);

impl AsRef<[u8]> for Key {
    fn as_ref(&self) -> &[u8] {
        self.0.as_bytes()
    }
}

impl<'de> Deserialize<'de> for Key {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let mut problems = Problems::new();
        if text.len() < 3 {
            problems.error(FieldPath::new("hunter2"), format!("`{text}` is short")).help(format!("not {text}"));
            problems.error(FieldPath::ROOT, format!("`{text}` is short indeed"));
        } else if text.len() < 9 {
            problems.warn(FieldPath::new("hunter2"), format!("`{text}` is weak"));
        }
        problems.settle(Self(text))
    }
}

impl zeroize::Zeroize for Key {
    fn zeroize(&mut self) {
        self.0.zeroize();
    }
}

#[derive(LayeredConfig, Debug)]
struct Vault {
    #[config(secret)]
    key: Secret<Key>,
}

#[test]
fn nothing_of_a_secret_is_told() {
    let report = Vault::loader().text("app.toml", "key = \"h2\"\n").load().unwrap_err();
    is(&report, &[("value.invalid", "key", "app.toml:1:7")]);
    assert!(!report.to_string().contains("h2"), "{report}");
    let loaded = Vault::loader().text("app.toml", "key = \"hunter2\"\n").load().unwrap();
    is(loaded.warnings(), &[("value.questionable", "warning key", "app.toml:1:7")]);
    assert!(!loaded.warnings().to_string().contains("hunter2"), "{}", loaded.warnings());
    assert_eq!(loaded.key.expose().0, "hunter2");
}

fn questionable(_: &LoadInfo) -> Rollout {
    Rollout { share: 100, ..Rollout::default() }
}

#[derive(LayeredConfig, Debug, Clone, PartialEq)]
struct Lenient {
    #[config(default = 1, validate(range(max = 5)))]
    other: u32,
    #[config(fallback = [("share", 5)])]
    checkout: Rollout,
    #[config(computed = questionable)]
    now: Rollout,
}

#[test]
fn lenient_mode_takes_one_fallback_for_all_mistakes() {
    let text = "[checkout]\nshare = 120\nshade = 1\n";
    let loaded = Lenient::loader().mode(Mode::Lenient).text("app.toml", text).load().unwrap();
    assert_eq!(loaded.checkout.share, 5);
    is(
        loaded.warnings(),
        &[
            ("value.fallback", "warning checkout.share", "app.toml:2:9"),
            ("key.unknown", "warning checkout.shade", "app.toml:3:1"),
        ],
    );
}
