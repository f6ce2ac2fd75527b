//! Commands that read: over every way by which secrets come in, and over documents that are wrong.

use serde_json::json;

use super::Binary;
use crate::case::{Case, Subject};
use crate::documents::{Language, place};
use crate::sources::Way;
use crate::subjects::for_the_five;

/// Runs the commands that load a configuration; whether it is valid.
fn load(binary: &mut Binary, case: &Case) -> bool {
    let is_valid = binary.run(&["check"]).status == Some(0);
    binary.run(&["check", "--mode", "strict"]);
    binary.run(&["check", "--mode", "lenient"]);
    binary.run(&["explain"]);
    let paths: Vec<&str> = case.secrets.iter().map(|secret| secret.path.as_str()).collect();
    if !paths.is_empty() {
        binary.run(&[&["explain"], &*paths].concat());
        binary.run(&["get", paths[0]]);
    }
    binary.run(&["export", "--as", "json"]);
    is_valid
}

/// Runs every command that reads sources.
fn read(binary: &mut Binary, case: &Case) {
    for secret in &case.secrets {
        let path = secret.path.as_str();
        binary.run(&["get", path]);
        if let Some((section, _)) = path.rsplit_once('.') {
            binary.run(&["get", section]);
        }
    }
    for language in ["toml", "yaml", "json", "env"] {
        binary.run(&["export", "--as", language]);
    }
    binary.run(&["flags", "list"]);
    binary.run(&["preset", "list"]);
}

fn commands_that_read_show_no_secret<S: Subject>() {
    for way in Way::OF_THE_BINARY {
        let case = Case::of::<S>(&format!("commands {way:?}"));
        let mut binary = Binary::of::<S>(way, &case, case.collection());
        assert!(load(&mut binary, &case), "{way:?}: {}", binary.run(&["check"]).stderr);
        if way == Way::OF_THE_BINARY[0] {
            // What is loaded is the same by every way, and only where it came from differs.
            read(&mut binary, &case);
        }
        if case.secrets.is_empty() {
            // Every way is the same where there is nothing to bring.
            binary.shown.is_silent(20);
            break;
        }
        binary.shown.is_silent(28);
    }
}

fn commands_over_wrong_documents_show_no_secret<S: Subject>() {
    let case = Case::of::<S>("wrong commands");
    let mut binary = Binary::of::<S>(Way::File(Language::Toml), &case, case.collection());
    let file = binary.folder().join("secrets.toml");
    let right = Language::Toml.write(&case.document());
    let mut wrong = vec![right.replace('"', ""), right.replace(" = \"", " = [\""), right.replace(" = ", " ")];
    let mut all = case.document();
    // What a file says of the process's own key is hidden by the variable.
    for secret in case.secrets.iter().filter(|secret| secret.marker != case.key) {
        *place(&mut all, &secret.path) = json!([secret.given]);
        let mut one = case.document();
        *place(&mut one, &secret.path) = json!({"key": secret.given});
        wrong.push(Language::Toml.write(&one));
    }
    wrong.push(Language::Toml.write(&all));
    wrong.push(right.replace(" = ", "s = "));
    wrong.push(format!("{right}{right}"));
    for text in wrong.iter().filter(|_| !case.secrets.is_empty()) {
        std::fs::write(&file, text).unwrap();
        assert!(!load(&mut binary, &case), "it is right: {text}");
        std::fs::write(binary.folder().join("other.toml"), &right).unwrap();
        binary.run(&["diff", "secrets.toml", "other.toml"]);
    }
    binary.shown.is_silent(30 * case.secrets.len());
}

fn differences_of_files_show_no_secret<S: Subject>() {
    let case = Case::of::<S>("old file");
    let then = case.again::<S>("new file");
    let mut search = case.search();
    then.add_to(&mut search);
    let mut binary = Binary::of::<S>(Way::File(Language::Toml), &case, crate::collection::Collection::new(search));
    std::fs::write(binary.folder().join("new.yaml"), Language::Yaml.write(&then.document())).unwrap();
    let said = binary.fine(&["diff", "secrets.toml", "new.yaml"]);
    let changes: serde_json::Value = serde_json::from_str(&said.stdout).unwrap();
    assert!(changes.as_array().unwrap().len() >= case.free().count(), "{changes}");
    binary.fine(&["diff", "new.yaml", "secrets.toml"]);
    binary.shown.is_silent(if case.secrets.is_empty() { 0 } else { 8 });
}

for_the_five! {
    commands_that_read_show_no_secret;
    commands_over_wrong_documents_show_no_secret;
    differences_of_files_show_no_secret;
}
