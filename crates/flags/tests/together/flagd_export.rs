//! What is written for flagd is valid there, and serves the same to everybody; what can't be said is refused by name.
// long because the strategies that make flags belong to the one property that they are for.
#![cfg(feature = "flagd")]

use std::path::{Path, PathBuf};

use proptest::prelude::*;
use serde_json::{Map, Value as Json, json};
use strata_config_flags::flagd::{ExportOptions, ImportOptions, export, export_with, import, import_with};
use strata_config_flags::interchange::{Exported, Refused};
use strata_config_flags::model::Definitions;
use strata_config_flags::{Algorithm, Context, FlagSet};

fn foreign(name: &str) -> PathBuf {
    let folder = std::env::var_os("STRATA_CONFORMANCE").expect("STRATA_CONFORMANCE names a folder");
    Path::new(&folder).join("flagd-schemas").join(name)
}

fn read(name: &str) -> Json {
    let path = foreign(name);
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

/// Finds flagd's schemas where they are, and not in the network.
struct Schemas;

impl jsonschema::Retrieve for Schemas {
    fn retrieve(&self, uri: &jsonschema::Uri<String>) -> Result<Json, Box<dyn std::error::Error + Send + Sync>> {
        let name = uri.as_str().strip_prefix("https://flagd.dev/schema/v0/").ok_or("no schema of flagd's")?;
        Ok(read(name))
    }
}

/// What flagd's `flags.json` has against a document; nothing, where it is not at hand: the tests that are named for it
/// are ignored there.
fn against(document: &Json) -> Vec<String> {
    use std::sync::LazyLock;

    static FLAGS: LazyLock<Option<jsonschema::Validator>> = LazyLock::new(|| {
        std::env::var_os("STRATA_CONFORMANCE")?;
        let schema = json!({"$ref": "https://flagd.dev/schema/v0/flags.json#/definitions/providerConfig"});
        jsonschema::options().with_draft(jsonschema::Draft::Draft7).with_retriever(Schemas).build(&schema).ok()
    });
    let validator = FLAGS.as_ref();
    validator
        .into_iter()
        .flat_map(|schema| schema.iter_errors(document))
        .map(|error| format!("{}: {error}", error.instance_path()))
        .collect()
}

fn definitions(flags: Json) -> Definitions {
    serde_json::from_value(json!({"flags": flags})).unwrap()
}

/// Writes what can be written, as the schema has it.
#[track_caller]
fn written(definitions: &Definitions, options: ExportOptions) -> Exported {
    let exported = export_with(definitions, options);
    assert_eq!(against(&exported.document), Vec::<String>::new(), "{:#}", exported.document);
    exported
}

/// Every problem of every flag, a line each.
fn told(refused: &[Refused]) -> Vec<String> {
    let line = |refused: &Refused, problem: &String| match refused.flag.as_str() {
        "" => problem.clone(),
        flag => format!("flag `{flag}`: {problem}"),
    };
    refused.iter().flat_map(|refused| refused.problems.iter().map(move |problem| line(refused, problem))).collect()
}

fn served(set: &FlagSet, context: &Map<String, Json>) -> Vec<(String, Option<String>)> {
    let ask = |key: &str| {
        let answer = set.evaluate(key, &Context::from_json(context)).unwrap();
        (key.to_owned(), answer.value().map(|value| value.to_json().to_string()))
    };
    set.keys().map(ask).collect()
}

#[test]
#[ignore = "needs the foreign test files, by STRATA_CONFORMANCE"]
fn conformance_the_schema_says_what_the_import_says_of_flagds_own_documents() {
    let mut count = 0;
    for folder in ["examples", "test/flags/positive", "test/flags/negative"] {
        for entry in std::fs::read_dir(foreign(folder)).unwrap() {
            let name = format!("{folder}/{}", entry.unwrap().file_name().to_string_lossy());
            let document = read(&name);
            let imported = import_with(&document, ImportOptions::default().without_list());
            assert_eq!(
                against(&document).is_empty(),
                imported.refused.is_empty(),
                "{name}: {}",
                told(&imported.refused).join("\n")
            );
            count += 1;
        }
    }
    assert_eq!(count, 20);
}

#[test]
fn what_flagd_can_not_say_is_refused_by_name() {
    let mut definitions = definitions(json!({
        "plain": true,
        "share": "25%",
        "scheduled": {"schedule": [{"from": "2026-01-01T00:00:00Z"}], "fallthrough": "on"},
        "guarded": {"guard": {"error_rate": 0.1}, "fallthrough": "on"},
        "needy": {"prerequisites": [{"flag": "plain", "variant": "on"}], "fallthrough": "on"},
        "ramp": {"fallthrough": {"ramp": {"steps": [{"at": "2026-01-01T00:00:00Z", "coverage": "10%"}]}}},
        "asking": {"rules": [
            {"when": {"flag": "plain", "variant": "on"}, "serve": "on"},
            {"when": {"share": {"coverage": "10%"}}, "serve": "on"},
            {"when": {"any": [{"attribute": "ip", "op": "in_network", "values": ["10.0.0.0/8"]}]}, "serve": "on"},
            {"when": {"attribute": "name", "op": "in", "values": ["x"], "ignore_case": true}, "serve": "on"},
            {"when": {"attribute": "now", "op": "exists"}, "serve": "on"},
            {"when": {"segment": "hidden"}, "serve": "on"},
        ]},
        "listed": {"variants": {"a": [1], "b": [2]}, "fallthrough": "a"},
        "defaulted": {"default_variant": "off", "rules": [{"when": {"attribute": "a", "op": "exists"}, "serve": null}]},
    }));
    definitions.segments =
        serde_json::from_value(json!({"hidden": {"when": {"flag": "plain", "variant": "on"}}})).unwrap();
    let exported = written(&definitions, ExportOptions::default());
    assert_eq!(exported.document["flags"].as_object().unwrap().keys().collect::<Vec<_>>(), ["plain"]);
    assert_eq!(
        told(&exported.refused),
        [
            "flag `asking`: rules.5.when.segment: the segment `hidden` can't be written for flagd",
            "flag `asking`: rules.4.when.attribute: flagd can't look up an attribute `now`",
            "flag `asking`: rules.3.when.ignore_case: flagd heeds case",
            "flag `asking`: rules.2.when.any.0.op: flagd knows no operator like \"in_network\"",
            "flag `asking`: rules.1.when.share: flagd knows no shares as conditions",
            "flag `asking`: rules.0.when.flag: flagd knows no conditions about other flags",
            "flag `defaulted`: rules.0.serve: flagd knows the program's default only where the flag has no default variant",
            "flag `guarded`: guard: flagd knows no guards",
            "flag `listed`: variants.a: flagd knows no lists as values",
            "flag `listed`: variants.b: flagd knows no lists as values",
            "flag `needy`: prerequisites: flagd knows no prerequisites",
            "flag `ramp`: fallthrough.ramp: flagd knows no ramps",
            "flag `scheduled`: schedule: flagd knows no schedules",
            "flag `share`: fallthrough.split: flagd would place units otherwise than a split by `native-1` with a coverage of 25%",
        ]
    );
    let warnings = told(&exported.warnings);
    assert_eq!(warnings, ["flag `segment hidden`: when.flag: flagd knows no conditions about other flags"]);
}

#[test]
fn the_kill_switch_is_refused_with_all_its_flags() {
    let definitions = Definitions { kill_switch: true, ..definitions(json!({"it": true})) };
    let exported = written(&definitions, ExportOptions::default());
    assert_eq!(told(&exported.refused), ["kill_switch: flagd knows no switch for all flags"]);
    assert_eq!(exported.document["flags"], json!({}));
}

#[test]
fn an_approximated_split_keeps_its_shares_and_says_that_units_move() {
    let flags = definitions(json!({"it": {
        "variants": {"a": 1, "b": 2, "c": 3}, "default_variant": "c",
        "rules": [{"serve": {"split": {"coverage": "50%", "weights": [{"variant": "a", "weight": 3}, {"variant": "b", "weight": 1}]}}}],
        "fallthrough": "c",
    }}));
    let exported = written(&flags, ExportOptions::default().approximating());
    assert_eq!(exported.refused, []);
    assert!(told(&exported.warnings)[0].contains("units change their variants"));
    let set = FlagSet::new(import(&exported.document).definitions).unwrap();
    let count = |wanted: &str| {
        let is = |unit: &u32| set.evaluate("it", &Context::of(unit.to_string())).unwrap().variant() == Some(wanted);
        (0..8_000).filter(is).count()
    };
    let (a, b, c) = (count("a"), count("b"), count("c"));
    assert!((2_800..3_200).contains(&a) && (850..1_150).contains(&b) && (3_800..4_200).contains(&c), "{a} {b} {c}");
}

#[test]
fn owners_and_descriptions_become_metadata() {
    let flags = definitions(json!({"it": {
        "description": "Dark.", "fallthrough": "on", "metadata": {"team": 1},
        "lifecycle": {"owner": "web", "kind": "release", "expires": "2027-01-01T00:00:00Z"},
    }}));
    let exported = written(&flags, ExportOptions::default());
    let expected = json!({
        "description": "Dark.", "owner": "web", "kind": "release", "expires": "2027-01-01T00:00:00Z", "team": 1,
    });
    assert_eq!(exported.document["flags"]["it"]["metadata"], expected);
}

#[test]
#[ignore = "needs the foreign test files, by STRATA_CONFORMANCE"]
fn conformance_what_flagd_wrote_means_the_same_when_it_is_written_again() {
    let mut documents: Vec<Json> =
        ["example.flagd.json", "with-metadata.json", "with-valid-targeting.json", "null-default-variant.json"]
            .map(|name| read(&format!("test/flags/positive/{name}")))
            .into();
    let logic = [
        json!({"if": [{"sem_ver": [{"var": "version"}, "^", "1.0.0"]}, "a", {"fractional": [["a", 1], ["b", 2]]}]}),
        json!({"fractional": [{"cat": [{"var": "$flagd.flagKey"}, {"var": "email"}]}, ["a", 1], [null, 2]]}),
        json!({"if": [{"some": [{"var": "tags"}, {"in": [{"var": ""}, ["x"]]}]}, "b", {">": [{"var": "age"}, 17]}, "a"]}),
        json!({"if": [{"!==": [{"var": "email"}, null]}, {"fractional": [["a", 1], ["b", 2]]}]}),
    ];
    let flags: Map<String, Json> = logic
        .into_iter()
        .enumerate()
        .map(|(index, rule)| {
            let flag =
                json!({"state": "ENABLED", "variants": {"a": "A", "b": "B"}, "defaultVariant": "b", "targeting": rule});
            (format!("logic-{index}"), flag)
        })
        .collect();
    documents.push(json!({"flags": flags}));
    for document in documents {
        let first = import(&document);
        assert_eq!(first.refused, []);
        let exported = written(&first.definitions, ExportOptions::default());
        assert_eq!(exported.refused, []);
        let second = import(&exported.document);
        assert_eq!(second.refused, []);
        assert_eq!(first.definitions.metadata, second.definitions.metadata);
        let (first, second) = (FlagSet::new(first.definitions).unwrap(), FlagSet::new(second.definitions).unwrap());
        for number in 0..200 {
            let context = json!({
                "targetingKey": number.to_string(), "email": format!("u{number}@faas.com"), "age": number, "color": "yellow",
                "version": format!("{}.2.3", number % 3), "tags": if number % 2 == 0 { json!(["x"]) } else { json!([]) },
            });
            let context = context.as_object().unwrap();
            assert_eq!(served(&first, context), served(&second, context), "{context:?}");
        }
    }
}

/// Conditions whose attributes have one type each, as flagd's operators want it.
fn condition() -> impl Strategy<Value = Json> {
    let countries = proptest::collection::vec(prop_oneof![Just("DE"), Just("FR"), Just("A")], 1..3);
    let number =
        prop_oneof![Just("number_equals"), Just("less_than"), Just("at_most"), Just("more_than"), Just("at_least")];
    let version = prop_oneof![
        Just("semver_equals"),
        Just("semver_less"),
        Just("semver_at_most"),
        Just("semver_more"),
        Just("semver_at_least")
    ];
    let text = prop_oneof![Just("in"), Just("is"), Just("contains"), Just("starts_with"), Just("ends_with")];
    let test = |attribute: &'static str, op: &'static str, values: Json, negate: bool| json!({"attribute": attribute, "op": op, "values": values, "negate": negate});
    let leaf = prop_oneof![
        (text, countries, any::<bool>()).prop_map(move |(op, values, negate)| test(
            "country",
            op,
            json!(values),
            negate
        )),
        (number, 0..4_u32, any::<bool>()).prop_map(move |(op, value, negate)| test("age", op, json!([value]), negate)),
        (version, any::<bool>()).prop_map(move |(op, negate)| test(
            "version",
            op,
            json!(["1.2.3", "2.0.0-rc.1"]),
            negate
        )),
        any::<bool>().prop_map(move |negate| test("anything", "exists", json!([]), negate)),
        any::<bool>().prop_map(move |negate| test("anything", "is", json!([1, "1", true]), negate)),
        any::<bool>().prop_map(move |negate| test("targetingKey", "in", json!(["u1", "u2"]), negate)),
        prop_oneof![Just("staff"), Just("guests")].prop_map(|name| json!({"segment": name})),
    ];
    leaf.prop_recursive(3, 8, 3, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..3).prop_map(|all| json!({"all": all})),
            proptest::collection::vec(inner.clone(), 0..3).prop_map(|any| json!({"any": any})),
            inner.prop_map(|not| json!({"not": not})),
        ]
    })
}

fn variant() -> impl Strategy<Value = Json> {
    prop_oneof![Just("a"), Just("b"), Just("c")].prop_map(Json::from)
}

fn serve() -> impl Strategy<Value = Json> {
    let weights = proptest::collection::vec((variant(), 1_u32..4), 1..4);
    let salt = proptest::option::of(prop_oneof![Just("it"), Just("salt")]);
    let by = prop_oneof![
        Just(json!([])),
        Just(json!(["targetingKey"])),
        Just(json!(["country"])),
        Just(json!(["age", "country"]))
    ];
    let split = (weights, salt, by).prop_map(|(weights, salt, by)| {
        let weights: Vec<Json> =
            weights.into_iter().map(|(variant, weight)| json!({"variant": variant, "weight": weight})).collect();
        let mut split = json!({"algorithm": "flagd-v3", "weights": weights, "bucket_by": by});
        if let Some(salt) = salt {
            split["salt"] = salt.into();
        }
        json!({"split": split})
    });
    let whole = variant().prop_map(|variant| json!({"split": {"weights": [{"variant": variant, "weight": 7}]}}));
    let nobody = Just(json!({"split": {"coverage": "0%", "weights": [{"variant": "a", "weight": 1}]}}));
    prop_oneof![3 => variant(), 3 => split, 1 => whole, 1 => nobody]
}

fn flag() -> impl Strategy<Value = Json> {
    let rules = proptest::collection::vec((condition(), serve()), 0..4);
    let targets = proptest::option::of(variant());
    let default = proptest::option::of(variant());
    let status = prop_oneof![6 => Just("enabled"), 1 => Just("disabled"), 1 => Just("archived")];
    let rest = (default, proptest::option::of(variant()), status, proptest::option::weighted(0.1, variant()));
    (rules, targets, proptest::option::of(serve()), rest).prop_map(
        |(rules, target, fallthrough, (default, off, status, forced))| {
            let rules: Vec<Json> =
                rules.into_iter().map(|(when, serve)| json!({"when": when, "serve": serve})).collect();
            let targets: Vec<Json> =
                target.into_iter().map(|variant| json!({"unit": ["u3", "u4"], "variant": variant})).collect();
            let mut flag = json!({
                "variants": {"a": 1.5, "b": 2, "c": 3}, "rules": rules, "targets": targets, "status": status,
                "default_variant": default, "off_variant": off, "forced": forced,
            });
            if let Some(fallthrough) = fallthrough {
                flag["fallthrough"] = fallthrough;
            }
            flag
        },
    )
}

fn context() -> impl Strategy<Value = Map<String, Json>> {
    let optional = |values: Vec<Json>| proptest::option::weighted(0.8, proptest::sample::select(values));
    let anything = vec![json!(1), json!("1"), json!(true), json!(null), json!([1]), json!({"a": 1}), json!("x")];
    (
        optional((0..12).map(|unit| json!(format!("u{unit}"))).collect()),
        optional(vec![json!("DE"), json!("FR"), json!("A"), json!("DEA"), json!("XA"), json!("")]),
        optional((0..5).map(Json::from).chain([json!(1.5)]).collect()),
        optional(vec![json!("1.2.3"), json!("0.1.0"), json!("2.0.0"), json!("2.0.0-rc.1"), json!("9.9.9")]),
        optional(anything),
    )
        .prop_map(|(unit, country, age, version, anything)| {
            let named = [
                ("targetingKey", unit),
                ("country", country),
                ("age", age),
                ("version", version),
                ("anything", anything),
            ];
            named.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))).collect()
        })
}

/// Exports flags, imports that, and asks both.
fn written_and_read_again(flag: &Json, staff: &Json, contexts: &[Map<String, Json>]) -> Result<(), TestCaseError> {
    let staff_names_itself = staff.to_string().contains("\"segment\"");
    prop_assume!(!staff_names_itself);
    let definitions: Definitions = serde_json::from_value(json!({
        "flags": {"it": flag},
        "segments": {
            "staff": {"include": ["u1"], "exclude": ["u2"], "when": staff},
            "guests": {"when": {"not": {"segment": "staff"}}},
        },
    }))
    .unwrap();
    let before = FlagSet::new(definitions.clone()).unwrap();
    let exported = export(&definitions);
    prop_assert_eq!(told(&exported.refused), Vec::<String>::new());
    prop_assert_eq!(against(&exported.document), Vec::<String>::new());
    let imported = import(&exported.document);
    prop_assert_eq!(told(&imported.refused), Vec::<String>::new());
    let again = export(&imported.definitions);
    prop_assert_eq!(told(&again.refused), Vec::<String>::new());
    let after = FlagSet::new(imported.definitions).unwrap();
    let twice = FlagSet::new(import(&again.document).definitions).unwrap();
    for context in contexts {
        prop_assert_eq!(served(&before, context), served(&after, context), "{:?}: {:#}", context, exported.document);
        prop_assert_eq!(served(&before, context), served(&twice, context), "{:?}: {:#}", context, again.document);
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_written_and_read_again_serves_the_same_to_everybody(
        flag in flag(),
        staff in condition(),
        contexts in proptest::collection::vec(context(), 12),
    ) {
        written_and_read_again(&flag, &staff, &contexts)?;
    }

    #[test]
    #[ignore = "needs the foreign test files, by STRATA_CONFORMANCE"]
    fn conformance_what_is_written_is_as_the_schema_has_it(
        flag in flag(),
        staff in condition(),
        contexts in proptest::collection::vec(context(), 1),
    ) {
        prop_assert!(!against(&json!({"flags": 1})).is_empty(), "the schema is at hand");
        written_and_read_again(&flag, &staff, &contexts)?;
    }
}

#[test]
fn a_split_of_the_older_generation_is_written_for_it_alone() {
    let weights = json!([{"variant": "on", "weight": 1}, {"variant": "off", "weight": 2}]);
    let flags = definitions(json!({"it": {
        "default_variant": "off", "fallthrough": {"split": {"algorithm": "flagd-v2", "weights": weights}},
    }}));
    assert_eq!(export(&flags).refused.len(), 1);
    let exported = written(&flags, ExportOptions::default().with_fractional(Algorithm::FlagdV2));
    assert_eq!(exported.refused, []);
    let older = ImportOptions::default().with_fractional(Algorithm::FlagdV2);
    let (before, after) =
        (FlagSet::new(flags).unwrap(), FlagSet::new(import_with(&exported.document, older).definitions).unwrap());
    for unit in 0..500 {
        let context = json!({"targetingKey": unit.to_string()});
        assert_eq!(served(&before, context.as_object().unwrap()), served(&after, context.as_object().unwrap()));
    }
}
