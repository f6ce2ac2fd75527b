//! Unleash's client specification, asked exactly: import, compile, and put each question of each file.
#![cfg(all(feature = "unleash", feature = "regex"))]

use std::path::Path;

use serde_json::{Value as Json, json};
use strata_config_flags::{FlagSet, unleash};

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
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/unleash").join(name);
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

#[test]
fn every_question_of_the_specification_has_its_answer() {
    let (mut passed, mut left_out, mut failed) = (0, 0, Vec::new());
    for file in read("index.json").as_array().unwrap() {
        let file = file.as_str().unwrap();
        let specification = read(file);
        let (tests, variant_tests) = (list(&specification, "tests"), list(&specification, "variantTests"));
        if let Some((_, count, _)) = LEFT_OUT.iter().find(|(name, ..)| *name == file) {
            assert_eq!(tests.len() + variant_tests.len(), *count, "{file}");
            left_out += count;
            continue;
        }
        let imported = unleash::import(&specification["state"]);
        assert_eq!(imported.refused, [], "{file}");
        let set = FlagSet::new(imported.definitions).unwrap_or_else(|invalid| panic!("{file}: {invalid}"));
        for (test, is_about_variant) in
            tests.iter().map(|test| (test, false)).chain(variant_tests.iter().map(|test| (test, true)))
        {
            let (name, description) = (test["toggleName"].as_str().unwrap(), test["description"].as_str().unwrap());
            if LEFT_OUT_AS_RANDOM.contains(&description) {
                left_out += 1;
                continue;
            }
            let context = unleash::context(&test["context"]);
            let found = match is_about_variant {
                true => written(unleash::variant(&set, name, &context)),
                false => json!(unleash::is_enabled(&set, name, &context)),
            };
            if found == test["expectedResult"] {
                passed += 1;
            } else {
                failed.push(format!("{file}, {description}: {found} instead of {}", test["expectedResult"]));
            }
        }
    }
    println!("passed {passed}, failed {}, left out {left_out}", failed.len());
    assert!(failed.is_empty(), "{}", failed.join("\n"));
    assert_eq!((passed, left_out), (ALL - 4, 4));
}
