//! Values that a secret can't have, and keys that are not quite a secret's.

use serde_json::{Value as Json, json};
use strata_config::FieldPath;

use super::{DIGITS, Told};
use crate::case::{Case, Marked, Subject};
use crate::documents::{Language, place};
use crate::subjects::for_every_system;

/// A mistake's name, and the document that has it.
type Mistake = (&'static str, Json);

fn mistakes(case: &Case, secret: &Marked) -> Vec<Mistake> {
    let mut all = Vec::new();
    let segments = secret.path.segments();
    let (key, section) = segments.split_last().expect("a secret has a key");
    let key: &str = key;
    let section = section.iter().fold(FieldPath::ROOT, |path, segment| path.child(segment));
    let mut with = |name, path: &FieldPath, value: Json| {
        let mut document = case.document();
        *place(&mut document, path) = value;
        all.push((name, document));
    };
    let text = Json::from(secret.given.clone());
    with("a list", &secret.path, json!([text]));
    with("a list of lists", &secret.path, json!([[text], {"key": text}]));
    with("a table", &secret.path, json!({"key": text}));
    with("a table with its name", &secret.path, json!({key: text, "value": text}));
    with("a secret as a key", &secret.path, json!({secret.marker.as_str(): 1}));
    with("too short", &secret.path, secret.marker[..19].into());
    with("too short for a URL", &secret.path, secret.marker.as_str().into());
    with("digits", &secret.path, "DIGITS".into());
    with("no token", &secret.path, format!("fernet:{}", secret.marker).into());
    with("no token within", &secret.path, format!("${{fernet:{}}}", secret.given).into());
    with("no token in base64", &secret.path, format!("fernet-base64:{}", secret.marker).into());
    with("half a reference", &secret.path, format!("${{fernet:{}", secret.marker).into());
    with("masked beside it", &secret.path, json!({"$secret": text}));
    if !secret.schemes.is_empty() {
        with("another scheme", &secret.path, format!("gopher://user:{}@host/", secret.marker).into());
        with("no port", &secret.path, format!("{}://user:{}@host:port/", secret.schemes[0], secret.marker).into());
        with("no host", &secret.path, format!("{}://{}", secret.schemes[0], secret.marker).into());
    }
    if !section.is_root() {
        with("a text in place of its section", &section, text.clone());
        with("a list in place of its section", &section, json!([text]));
        with("a list of sections", &section, json!([{key: text}]));
    }
    if key.parse::<usize>().is_err() {
        for (name, wrong) in [("a letter too many", format!("{key}s")), ("two letters changed", swapped(key))] {
            with(name, &section.child(&wrong), text.clone());
        }
        with("a secret that is misspelled, as a list", &section.child(&swapped(key)), json!([text]));
        with("a secret that is misspelled, as a table", &section.child(&swapped(key)), json!({"a": {"b": text}}));
        with("a secret outside its section", &FieldPath::ROOT.child("misplaced").child(key), text.clone());
        with("a secret at the root", &FieldPath::ROOT.child(&format!("{key}_")), text);
    }
    all
}

/// The key with its last two letters in the other order.
fn swapped(key: &str) -> String {
    let mut letters: Vec<char> = key.chars().collect();
    let last = letters.len() - 1;
    if letters.len() > 1 && letters[last] != letters[last - 1] {
        letters.swap(last - 1, last);
    } else {
        letters.push('x');
    }
    letters.into_iter().collect()
}

fn a_wrong_value_is_not_shown<S: Subject>() {
    let case = Case::of::<S>("wrong");
    let mut told = Told::of(&case);
    for secret in &case.secrets {
        for (name, document) in mistakes(&case, secret) {
            let what = format!("{} as {name}", secret.path);
            for language in Language::ALL {
                let text = language.write(&document).replace("\"DIGITS\"", DIGITS);
                told.document::<S>(&case, &what, language, text.as_bytes());
            }
            // All of it on one line, with mistakes beside it.
            let mut crowded = document;
            crowded["nothing_that_is_known"] = "and its value".into();
            let line = crowded.to_string().replace("\"DIGITS\"", DIGITS);
            told.document::<S>(&case, format!("{what} on one line"), Language::Json, line.as_bytes());
            told.document::<S>(&case, format!("{what} on one line"), Language::Yaml, line.as_bytes());
        }
    }
    told.end(100 * case.free().count());
}

fn a_wrong_value_of_the_program_is_not_shown<S: Subject>() {
    let case = Case::of::<S>("program");
    let mut told = Told::of(&case);
    let loader = || S::secrets(strata_config::Loader::<S>::new(), Some(&case.fernet()));
    for secret in &case.secrets {
        for (name, document) in mistakes(&case, secret) {
            told.load(format!("{} as {name} of the program", secret.path), &loader().values("the program", &document));
        }
        let (path, marker) = (secret.path.as_str(), secret.marker.as_str());
        for (path, value) in [
            (path.to_owned(), format!("[\"{marker}\"]")),
            (path.to_owned(), format!("fernet:{marker}")),
            (path.to_owned(), marker[..19].to_owned()),
            (format!("{path}.part"), marker.to_owned()),
            (format!("{path}s"), marker.to_owned()),
            (format!("{path}\""), marker.to_owned()),
            (format!("{path}={marker}"), String::new()),
        ] {
            let options = [format!("--set={path}={value}"), format!("--{path}={value}"), format!("--{path} {value}")];
            for option in options {
                let args = ["program", option.as_str()];
                told.load(format!("{path} on the command line"), &loader().args(args));
            }
            // A path is no value, so that it is named.
            if !path.contains(marker) {
                told.load(format!("{path} set"), &loader().set(&path, &value));
            }
        }
        told.load("an option without its value", &loader().args(["program", "--set", marker, path, marker, "--set"]));
    }
    told.end(15 * case.free().count());
}

for_every_system! {
    a_wrong_value_is_not_shown;
    a_wrong_value_of_the_program_is_not_shown;
}
