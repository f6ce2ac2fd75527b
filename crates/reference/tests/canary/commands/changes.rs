//! Commands that change a store, or look at its past; and those that read no configuration.

use std::process::Stdio;

use serde_json::{Value as Json, json};
use strata_config_secrets::FernetKey;

use super::Binary;
use super::help::commands_of;
use crate::case::{Case, Subject};
use crate::documents::Language;
use crate::past;
use crate::sources::Way;
use crate::subjects::for_the_five;

fn commands_that_change_show_no_secret<S: Subject>() {
    for store in ["file:kept", "sqlite:kept/"] {
        let case = Case::of::<S>("stored");
        let then = case.again::<S>("stored, then");
        let mut search = case.search();
        then.add_to(&mut search);
        let shown = crate::collection::Collection::new(search);
        let mut binary = Binary::of::<S>(Way::File(Language::Toml), &case, shown);
        binary.brought.options += &format!(" --store {store}");

        // With no secret of its own, any setting will do.
        let sets: Vec<[&str; 2]> =
            then.secrets.iter().map(|secret| [secret.path.as_str(), secret.given.as_str()]).collect();
        let all: Vec<&str> = sets.iter().flatten().copied().collect();
        let all = if all.is_empty() { harmless::<S>().to_vec() } else { all };
        let path = all[0];
        let said = binary.once(&[&["set"], &*all].concat());
        assert_eq!(said.status, Some(0), "{}{}", said.stdout, said.stderr);
        binary.run(&[&["set", "--dry-run"], &*all].concat());
        for [path, given] in &sets {
            binary.run(&["set", path, &format!("[\"{given}\"]")]);
            binary.run(&["set", path, &format!("fernet:{given}")]);
            binary.run(&["set", &format!("{path}s"), given]);
        }
        binary.run(&["secret", "reseal"]);
        let newest = FernetKey::generate().unwrap().to_text();
        binary.key = format!("{},{}", newest.expose(), binary.key);
        binary.run(&["secret", "reseal"]);
        let made = binary.once(&["snapshot", "create", "--description", "kept", "--tag", "kept"]);
        let made: Json = serde_json::from_str(&made.stdout).unwrap();
        let id = made["id"].as_str().unwrap();
        binary.run(&["snapshot", "list"]);
        binary.run(&["explain"]);
        binary.run(&["explain", path]);
        binary.run(&["get", path]);
        binary.run(&["check"]);
        binary.run(&["unset", path]);
        binary.run(&["reset"]);
        binary.run(&["rollback", "1"]);
        binary.run(&["snapshot", "rollback", id]);
        binary.run(&["history"]);
        binary.run(&["history", "--path", path, "--actor", "ann"]);
        binary.run(&["verify"]);
        binary.run(&["backup"]);
        binary.run(&["backup", "backup.json"]);
        binary.run(&["restore", "backup.json"]);
        binary.run(&["preset", "list"]);
        presets(&mut binary, &then);
        flags(&mut binary);
        watch::<S>(&mut binary, &all);
        binary.run(&["snapshot", "delete", id]);
        if S::migrations().is_some() {
            migrate(&mut binary, &case);
        }
        without_a_configuration(&mut binary, &case);

        let ran = std::mem::take(&mut binary.ran);
        let missing: Vec<String> = commands_of(S::NAME)
            .into_iter()
            .filter(|command| !["check", "diff", "export", "serve"].contains(&command.as_str()))
            .filter(|command| !ran.iter().any(|line| line == command || line.starts_with(&format!("{command} "))))
            .collect();
        assert!(missing.is_empty(), "nothing is collected of {missing:?}");

        let folder = binary.folder().to_owned();
        // What people wrote themselves is theirs.
        for file in past::files(&folder).iter().filter(|file| !file.to_string_lossy().contains("secrets.")) {
            let is_own = file.to_string_lossy().contains("presets.");
            if !is_own {
                binary.shown.take(file.display(), std::fs::read(file).unwrap());
            }
        }
        binary.shown.is_silent(90);
    }
}

/// A setting and a value that are no secret.
fn harmless<S: Subject>() -> [&'static str; 2] {
    match S::NAME {
        "phase2a" => ["max_memory_usage_mb", "300"],
        "dual-write" => ["circuit_breaker_enabled", "false"],
        "lazy-loading" => ["load_timeout", "5"],
        other => unreachable!("{other} has secrets"),
    }
}

/// A file of presets that sets secrets.
fn presets(binary: &mut Binary, then: &Case) {
    let values: serde_json::Map<String, Json> =
        then.secrets.iter().map(|secret| (secret.path.as_str().to_owned(), secret.given.clone().into())).collect();
    let file = json!({"ours": {"description": "with secrets", "values": values}});
    std::fs::write(binary.folder().join("presets.json"), file.to_string()).unwrap();
    binary.run(&["preset", "list", "--presets", "presets.json"]);
    binary.run(&["preset", "apply", "ours", "--presets", "presets.json"]);
    std::fs::write(binary.folder().join("presets.json"), file.to_string().replace("\"values\"", "\"valeus\"")).unwrap();
    binary.run(&["preset", "list", "--presets", "presets.json"]);
}

fn flags(binary: &mut Binary) {
    binary.run(&["flags", "list"]);
    binary.run(&["flags", "eval", "--all", "--context", "targetingKey=ann"]);
    binary.run(&["flags", "explain", "x"]);
    binary.run(&["flags", "export", "--as", "strata"]);
    std::fs::write(binary.folder().join("flags.json"), r#"{"flags": {"x": true}}"#).unwrap();
    binary.run(&["flags", "import", "flags.json", "--as", "strata"]);
}

/// Changes, as whoever watches sees them.
fn watch<S: Subject>(binary: &mut Binary, sets: &[&str]) {
    let mut command = binary.command(&["watch", "--limit", "2", "--format", "json"]);
    let mut watching = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    // It may have begun to watch after any of these, so they go on until it has seen enough.
    while watching.try_wait().unwrap().is_none() {
        for line in [&[&["set"], sets].concat(), &vec!["reset"]] {
            assert_eq!(binary.once(line).status, Some(0));
        }
    }
    let said = watching.wait_with_output().unwrap();
    let seen = String::from_utf8(said.stdout).unwrap();
    assert!(seen.lines().count() >= 2, "{} saw {seen}", S::NAME);
    binary.shown.take("watch, stdout", seen);
    binary.shown.take("watch, stderr", said.stderr);
    binary.ran.push("watch".to_owned());
}

/// An old document with secrets, brought up to date.
fn migrate(binary: &mut Binary, case: &Case) {
    let mut document = case.document();
    document["version"] = "1.0.0".into();
    std::fs::write(binary.folder().join("secrets.old.json"), document.to_string()).unwrap();
    let given = std::mem::replace(&mut binary.brought.options, " -f secrets.old.json".to_owned());
    binary.run(&["migrate", "plan"]);
    binary.run(&["migrate", "up"]);
    let said = binary.once(&["migrate", "up", "--write", "--lossy"]);
    assert_eq!(said.status, Some(0), "{}{}", said.stdout, said.stderr);
    binary.run(&["migrate", "history"]);
    binary.run(&["migrate", "down", "--to", "1.1.0"]);
    binary.run(&["explain"]);
    document["version"] = "9.9.9".into();
    std::fs::write(binary.folder().join("secrets.old.json"), document.to_string()).unwrap();
    binary.run(&["migrate", "plan"]);
    binary.run(&["check"]);
    binary.brought.options = given;
}

/// Commands that read no configuration.
fn without_a_configuration(binary: &mut Binary, case: &Case) {
    let given = std::mem::take(&mut binary.brought.options);
    for language in ["toml", "yaml", "json", "env"] {
        binary.ask(&["template", "--as", language], &[], "");
    }
    for words in [&["schema"][..], &["docs"], &["types"], &["profile"]] {
        binary.ask(words, &[], "");
    }
    binary.run(&["secret", "keygen"]);
    let marker = case.secrets.first().map_or(&case.key, |secret| &secret.marker);
    let sealed = case.sealed(marker);
    binary.run_with(&["secret", "encrypt"], marker);
    binary.run_with(&["secret", "encrypt", "--base64"], marker);
    binary.run_with(&["secret", "decrypt"], &sealed);
    binary.run_with(&["secret", "rotate"], &format!("a: {sealed}\n"));
    for wrong in [marker.clone(), format!("fernet:{marker}"), format!("{sealed}{marker}"), marker[..19].to_owned()] {
        binary.run_with(&["secret", "decrypt"], &wrong);
        binary.run_with(&["secret", "rotate"], &format!("a: fernet:{wrong}\n"));
    }
    // A key that is none.
    let key = std::mem::replace(&mut binary.key, format!("{marker}{marker}"));
    binary.run_with(&["secret", "encrypt"], marker);
    binary.run_with(&["secret", "decrypt"], &sealed);
    binary.key = key;
    binary.brought.options = given;
}

for_the_five! {
    commands_that_change_show_no_secret;
}
