//! flagd's own examples: what its schemas take is imported wholly, what they refuse is refused by name.
#![cfg(feature = "flagd")]

use std::path::{Path, PathBuf};

use proptest::prelude::*;
use serde_json::{Value as Json, json};
use strata_config_flags::flagd::{ImportOptions, import, import_with};
use strata_config_flags::interchange::{Imported, Refused};
use strata_config_flags::{Context, FlagSet};

fn data() -> PathBuf {
    let folder = std::env::var_os("STRATA_CONFORMANCE").expect("STRATA_CONFORMANCE names a folder");
    Path::new(&folder).join("flagd-schemas")
}

/// Every document of a folder with its file's name, at least so many.
fn documents(folder: &str, least: usize) -> Vec<(String, Json)> {
    let read = |entry: std::io::Result<std::fs::DirEntry>| {
        let path = entry.unwrap().path();
        let document = serde_json::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap();
        (path.file_name().unwrap().to_string_lossy().into_owned(), document)
    };
    let mut found: Vec<_> = std::fs::read_dir(data().join(folder)).unwrap().map(read).collect();
    found.sort_by(|one, other| one.0.cmp(&other.0));
    assert!(found.len() >= least, "{folder} has {} documents", found.len());
    found
}

/// A rule as the targeting of a flag; what it refers to is there.
fn with_targeting(rule: &Json) -> Json {
    json!({
        "flags": {"it": {
            "state": "ENABLED", "variants": {"a": "A", "b": "B"}, "defaultVariant": "a", "targeting": rule,
        }},
        "$evaluators": {"some-ref": {"==": [{"var": "env"}, "production"]}},
    })
}

fn count(document: &Json) -> usize {
    match &document["flags"] {
        Json::Array(flags) => flags.len(),
        flags => flags.as_object().unwrap().len(),
    }
}

/// Every problem of every flag, a line each.
fn lines(refused: &[Refused]) -> Vec<String> {
    let line = |refused: &Refused, problem: &String| match refused.flag.as_str() {
        "" => problem.clone(),
        flag => format!("flag `{flag}`: {problem}"),
    };
    refused.iter().flat_map(|refused| refused.problems.iter().map(move |problem| line(refused, problem))).collect()
}

fn told(imported: &Imported) -> String {
    lines(&imported.refused).join("\n")
}

#[track_caller]
fn is_taken(name: &str, document: &Json) {
    let imported = import(document);
    assert_eq!(imported.refused, [], "{name}: {}", told(&imported));
    assert_eq!(imported.definitions.flags.len(), count(document), "{name}");
    let set = FlagSet::new(imported.definitions).unwrap_or_else(|invalid| panic!("{name}: {invalid}"));
    // Whatever they say, asking them does no harm.
    for key in set.keys() {
        set.evaluate(key, &Context::of("u1").with("email", "ann@faas.com")).unwrap();
    }
}

#[test]
#[ignore = "needs the foreign test files, by STRATA_CONFORMANCE"]
fn conformance_what_the_schemas_take_is_imported_wholly() {
    for (name, document) in documents("test/flags/positive", 9) {
        is_taken(&name, &document);
    }
    for (name, document) in documents("test/flagd/positive", 2) {
        is_taken(&name, &document);
    }
    for (name, rule) in documents("test/targeting/positive", 7) {
        is_taken(&name, &with_targeting(&rule));
    }
}

/// `full.json` has two flags that its own schema refuses, as the tests of the export show.
#[test]
#[ignore = "needs the foreign test files, by STRATA_CONFORMANCE"]
fn conformance_the_examples_are_imported_but_for_what_their_schema_refuses() {
    let mut examples = documents("examples", 2);
    let (name, full) = examples.remove(0);
    examples.iter().for_each(|(name, document)| is_taken(name, document));
    assert_eq!(name, "full.json");
    let imported = import(&full);
    let refused: Vec<&str> = imported.refused.iter().map(|refused| refused.flag.as_str()).collect();
    assert_eq!(refused, ["equal-greater-lesser-version-flag", "starts-ends-flag"]);
    assert_eq!(imported.definitions.flags.len(), count(&full) - 2);
}

#[test]
#[ignore = "needs the foreign test files, by STRATA_CONFORMANCE"]
fn conformance_what_the_schema_of_targeting_refuses_is_refused_with_its_place() {
    let expected = [
        ("fractional-decimal-weighting.json", "targeting.fractional.1.1: `25.5` is no weight"),
        ("fractional-invalid-bucketing.json", "targeting.fractional.0: a bucket is a list"),
        ("fractional-invalid-weighting.json", "targeting.fractional.1.1: `\"25\"` is no weight"),
        ("fractional-negative-weighting.json", "targeting.fractional.1.1: `-25` is no weight"),
        ("invalid-ends-with-param.json", "targeting.if.0.ends_with.1: a text"),
        ("invalid-flagd-props.json", "targeting.if.0.==.0.var: there is no `$flagd.invalidProp`"),
        ("invalid-starts-with-param.json", "targeting.if.0.starts_with.1: a text"),
        ("sem-ver-invalid-range-specifier.json", "targeting.if.0.sem_ver.1: `\"*\"` does not compare versions"),
        ("sem-ver-invalid-ver-expression.json", "targeting.if.0.sem_ver.2: `\"2.0.0.0\"` is no version"),
    ];
    let documents = documents("test/targeting/negative", 9);
    assert_eq!(documents.len(), expected.len());
    for ((name, rule), (file, message)) in documents.iter().zip(expected) {
        assert_eq!(name, file);
        let imported = import(&with_targeting(rule));
        let told = told(&imported);
        assert!(told.starts_with(&format!("flag `it`: {message}")), "{name}: {told}");
        assert!(imported.definitions.flags.is_empty(), "{name}");
    }
}

#[test]
#[ignore = "needs the foreign test files, by STRATA_CONFORMANCE"]
fn conformance_what_the_schema_of_flags_refuses_is_refused_by_name_and_the_rest_is_taken() {
    let expected = [
        ("empty-variants.json", "flag `myBoolFlag`: variants: at least one variant"),
        ("malformed-flag.json", "flag `not-a-flag`: state: \"ENABLED\" or \"DISABLED\" has to be said"),
        ("missing-variants.json", "flag `myBoolFlag`: variants: an object of variants is needed"),
        ("mixed-variant-types.ffconfig.json", "flag `myBoolFlag`: variants.o"),
        ("state-set-incorrectly.json", "flag `myBoolFlag`: state: `\"WILL-FAIL\"` is no state"),
        ("with-array-flags.json", "flags: flags are an object here"),
        ("with-invalid-flag-metadata.json", "flag `myBoolFlag`: metadata.invalid: metadata is texts"),
        ("with-invalid-flag-set-metadata.json", "metadata.invalid: metadata is texts"),
        ("with-invalid-targeting.json", "flag `targetedFlag`: targeting: there is no operator `not-a-real-rule`"),
    ];
    let documents = documents("test/flags/negative", 9);
    assert_eq!(documents.len(), expected.len());
    for ((name, document), (file, message)) in documents.iter().zip(expected) {
        assert_eq!(name, file);
        let imported = import_with(document, ImportOptions::default().without_list());
        let told = told(&imported);
        assert!(told.starts_with(message), "{name}: {told}");
        let taken: Vec<&String> = imported.definitions.flags.keys().collect();
        let expected: &[&str] = match file {
            "malformed-flag.json" | "with-invalid-flag-set-metadata.json" => &["myBoolFlag"],
            _ => &[],
        };
        assert_eq!(taken, expected, "{name}");
    }
}

#[test]
fn all_mistakes_of_all_flags_are_told_at_once() {
    let imported = import(&json!({"flags": {
        "good": {"state": "ENABLED", "variants": {"on": true}, "defaultVariant": "on"},
        "bad": {"state": "on", "variants": {"on": true}, "defaultVariant": "onn", "targeting": {"iff": []}},
        "worse": 3,
        "lost": {"state": "ENABLED", "variants": {"on": true}, "targeting": {"if": [{"$ref": "staf"}, "on"]}},
        "round": {"state": "ENABLED", "variants": {"on": true}, "targeting": {"if": [{"$ref": "one"}, "on"]}},
    }, "$evaluators": {
        "staff": {"in": [{"var": "email"}, ["ann@x.org"]]}, "one": {"!": [{"$ref": "two"}]}, "two": {"!": [{"$ref": "one"}]},
    }}));
    let told = told(&imported);
    let expected = [
        "flag `bad`: state: `\"on\"` is no state: \"ENABLED\" or \"DISABLED\"",
        "flag `bad`: defaultVariant: there is no variant `onn` (did you mean `on`?)",
        "flag `bad`: targeting: there is no operator `iff` (did you mean `if`?)",
        "flag `lost`: targeting: there is no evaluator `staf`; did you mean `staff`?",
        "flag `round`: targeting: evaluators refer to each other in a circle: one to two to one",
        "flag `worse`: a flag is an object",
    ];
    assert_eq!(told.lines().collect::<Vec<_>>(), expected);
    assert_eq!(imported.definitions.flags.keys().collect::<Vec<_>>(), ["good"]);
}

#[test]
fn a_text_that_is_no_document_is_refused_as_a_whole() {
    use strata_config_flags::flagd::import_text;

    for text in ["", "{", "[]", "3", "{}", "{\"flags\": 3}", "{\"flags\": [{\"state\": \"ENABLED\"}]}"] {
        let imported = import_text(text, ImportOptions::default());
        assert_eq!(imported.refused.len(), 1, "{text}");
        assert_eq!(imported.refused[0].flag, "", "{text}");
        assert!(imported.definitions.flags.is_empty(), "{text}");
    }
}

#[test]
fn metadata_of_the_set_and_of_a_flag_is_told_and_the_flags_own_wins() {
    let imported = import(&json!({
        "flags": {"it": {
            "state": "ENABLED", "variants": {"on": true}, "defaultVariant": "on", "metadata": {"team": "a", "why": "x"},
        }},
        "metadata": {"flagSetId": "shop", "team": "b"},
    }));
    assert!(lines(&imported.warnings)[0].contains("`why` is left out"));
    let set = FlagSet::new(imported.definitions).unwrap();
    let answer = set.evaluate("it", &Context::anonymous()).unwrap();
    let told: Vec<String> = answer.metadata().map(|(name, value)| format!("{name}={value:?}")).collect();
    assert_eq!(told, [r#"team=String("a")"#, r#"flagSetId=String("shop")"#, r#"team=String("b")"#]);
}

fn nested(depth: usize) -> Json {
    (0..depth).fold(json!({"var": "a"}), |rule, _| json!({"!": [rule]}))
}

#[test]
fn what_is_nested_deep_is_served() {
    let imported = import(&with_targeting(&json!({"if": [nested(56), "a", "b"]})));
    assert_eq!(imported.refused, []);
    let set = FlagSet::new(imported.definitions).unwrap();
    assert_eq!(set.evaluate("it", &Context::anonymous().with("a", true)).unwrap().variant(), Some("a"));
}

#[test]
fn what_is_nested_too_deep_is_refused() {
    let imported = import(&with_targeting(&nested(200)));
    assert_eq!(told(&imported), "the document is nested too deep");
}

/// Something like a document: the words of the format, anywhere.
fn anything() -> impl Strategy<Value = Json> {
    let word = proptest::sample::select(vec![
        "flags",
        "it",
        "state",
        "ENABLED",
        "variants",
        "defaultVariant",
        "targeting",
        "metadata",
        "$evaluators",
        "$ref",
        "if",
        "var",
        "fractional",
        "sem_ver",
        "starts_with",
        "in",
        "cat",
        "map",
        "reduce",
        "/",
        "%",
        "substr",
        "1.0.0",
        "^",
        "on",
        "",
    ]);
    let leaf = prop_oneof![
        Just(Json::Null),
        any::<bool>().prop_map(Json::from),
        any::<i64>().prop_map(Json::from),
        any::<f64>().prop_map(Json::from),
        word.clone().prop_map(Json::from),
    ];
    leaf.prop_recursive(6, 40, 5, move |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..5).prop_map(Json::from),
            proptest::collection::vec((word.clone(), inner), 1..4)
                .prop_map(|entries| entries.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 3_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_is_imported_can_be_evaluated_and_nothing_panics(rule in anything(), document in anything()) {
        for document in [with_targeting(&rule), with_targeting(&json!({"if": [rule, "a", rule]})), document] {
            let imported = import(&document);
            let set = FlagSet::new(imported.definitions.clone());
            prop_assert!(set.is_ok(), "{:?}", set.err());
            for key in imported.definitions.flags.keys() {
                set.as_ref().unwrap().evaluate(key, &Context::of("u").with("on", vec![1, 2])).unwrap();
            }
            let exported = strata_config_flags::flagd::export(&imported.definitions);
            prop_assert!(exported.document["flags"].is_object());
        }
    }
}
