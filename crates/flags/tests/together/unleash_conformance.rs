//! Unleash's client specification, asked exactly: import, compile, and put each question of each file.
#![cfg(all(feature = "unleash", feature = "regex"))]

use std::path::Path;

use serde_json::{Value as Json, json};
use strata_config_flags::model::Definitions;
use strata_config_flags::{Context, FlagSet, unleash};

/// What is left out, and why; it may not grow unseen.
const LEFT_OUT: [(&str, usize, &str); 2] = [
    ("19-delta-api-hydration.json", 1, "the delta API is a way of transport, which importing is not"),
    ("20-delta-api-events.json", 3, "the delta API is a way of transport, which importing is not"),
];

/// All questions of the specification, those left out included.
const ALL: usize = 279;

/// Unleash says nothing certain about what is random, other than for nobody and everybody. The specification asks
/// nothing else, so that no single question is left out.
const LEFT_OUT_AS_RANDOM: [&str; 0] = [];

fn read(name: &str) -> Json {
    let folder = std::env::var_os("STRATA_CONFORMANCE").expect("STRATA_CONFORMANCE names a folder");
    let path = Path::new(&folder).join("unleash-client-specification").join(name);
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn list<'j>(value: &'j Json, name: &str) -> &'j [Json] {
    value[name].as_array().map_or(&[], Vec::as_slice)
}

/// `getVariant`'s answer, as the specification writes it.
fn written(variant: unleash::Variant<'_>) -> Json {
    let mut written =
        json!({"name": variant.name, "enabled": variant.enabled, "feature_enabled": variant.feature_enabled});
    if let Some(payload) = variant.payload {
        written["payload"] = json!({"type": payload.kind, "value": payload.value});
    }
    written
}

/// What came of asking.
#[derive(Default)]
struct Counts {
    passed: usize,
    left_out: usize,
    failed: Vec<String>,
}

/// Puts every question of every file to what its state becomes.
fn ask_all(becomes: impl Fn(&str, &Json) -> FlagSet) -> Counts {
    let mut counts = Counts::default();
    for file in read("index.json").as_array().unwrap() {
        let file = file.as_str().unwrap();
        let specification = read(file);
        let (tests, variant_tests) = (list(&specification, "tests"), list(&specification, "variantTests"));
        if let Some((_, count, _)) = LEFT_OUT.iter().find(|(name, ..)| *name == file) {
            assert_eq!(tests.len() + variant_tests.len(), *count, "{file}");
            counts.left_out += count;
            continue;
        }
        let set = becomes(file, &specification["state"]);
        for test in tests {
            counts.ask(file, test, |name, context| json!(unleash::is_enabled(&set, name, context)));
        }
        for test in variant_tests {
            counts.ask(file, test, |name, context| written(unleash::variant(&set, name, context)));
        }
    }
    counts
}

impl Counts {
    fn ask(&mut self, file: &str, test: &Json, answer: impl FnOnce(&str, &Context<'_>) -> Json) {
        let (name, description) = (test["toggleName"].as_str().unwrap(), test["description"].as_str().unwrap());
        if LEFT_OUT_AS_RANDOM.contains(&description) {
            self.left_out += 1;
            return;
        }
        let (found, expected) = (answer(name, &unleash::context(&test["context"])), &test["expectedResult"]);
        if found == *expected {
            self.passed += 1;
        } else {
            self.failed.push(format!("{file}, {description}: {found} instead of {expected}"));
        }
    }

    fn check(&self) {
        println!("passed {}, failed {}, left out {}", self.passed, self.failed.len(), self.left_out);
        assert!(self.failed.is_empty(), "{}", self.failed.join("\n"));
        assert_eq!((self.passed, self.left_out), (ALL - 4, 4));
    }
}

fn imported(file: &str, state: &Json) -> Definitions {
    let imported = unleash::import(state);
    assert_eq!(imported.refused, [], "{file}");
    imported.definitions
}

fn compiled(file: &str, definitions: Definitions) -> FlagSet {
    FlagSet::new(definitions).unwrap_or_else(|invalid| panic!("{file}: {invalid}"))
}

#[test]
#[ignore = "needs the foreign test files, by STRATA_CONFORMANCE"]
fn conformance_every_question_of_the_specification_has_its_answer() {
    ask_all(|file, state| compiled(file, imported(file, state))).check();
}

#[test]
#[ignore = "needs the foreign test files, by STRATA_CONFORMANCE"]
fn conformance_every_question_has_the_same_answer_after_an_export_and_an_import() {
    ask_all(|file, state| {
        let exported = unleash::export(&imported(file, state));
        assert_eq!(exported.refused, [], "{file}");
        compiled(file, imported(file, &exported.document))
    })
    .check();
}
