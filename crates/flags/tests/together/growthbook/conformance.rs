//! GrowthBook's own cases: how many pass, and by name which do not apply.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};
use strata_config_flags::growthbook::{self, Outcome};
use strata_config_flags::model::{Definition, Definitions, Flag, Serve, Split};
use strata_config_flags::{Algorithm, BUCKETS, Context, FlagSet};

use super::asked::{attributes, holds, same, set, told};

fn cases(kind: &str) -> Vec<Value> {
    let folder = std::env::var_os("STRATA_CONFORMANCE").expect("STRATA_CONFORMANCE names a folder");
    let file = std::path::Path::new(&folder).join("growthbook/cases.json");
    let mut cases: Value = serde_json::from_slice(&std::fs::read(file).unwrap()).unwrap();
    assert_eq!(cases["specVersion"], "0.8.0");
    serde_json::from_value(cases[kind].take()).unwrap()
}

fn name(case: &Value) -> &str {
    case[0].as_str().unwrap()
}

/// Asks every case, and tells how many passed, with the names of those that failed.
fn passed<'c>(cases: impl IntoIterator<Item = &'c Value>, passes: impl Fn(&Value) -> bool) -> usize {
    let (passed, failed): (Vec<_>, Vec<_>) = cases.into_iter().partition(|case| passes(case));
    let failed: Vec<String> = failed.iter().map(|case| case.to_string()).collect();
    assert!(failed.is_empty(), "{} failed:\n{}", failed.len(), failed.join("\n"));
    passed.len()
}

fn context(attributes: &Map<String, Value>) -> Context<'_> {
    Context::from_json(attributes)
}

#[test]
#[ignore = "needs the foreign test files, by STRATA_CONFORMANCE"]
fn conformance_conditions() {
    let cases = cases("evalCondition");
    let groups = |case: &Value| if case[4].is_null() { json!({}) } else { case[4].clone() };
    assert_eq!(passed(&cases, |case| Some(holds(&case[1], &case[2], &groups(case))) == case[3].as_bool()), 248);
}

#[test]
#[ignore = "needs the foreign test files, by STRATA_CONFORMANCE"]
fn conformance_hashes() {
    let bucket = |case: &Value| {
        let algorithm = match case[2].as_u64() {
            Some(1) => Algorithm::GrowthBook1,
            Some(2) => Algorithm::GrowthBook2,
            _ => return None,
        };
        let salt = case[0].as_str().map(str::to_owned);
        let split = Serve::Split(Split { algorithm, salt, ..Split::default() });
        let flag = Flag::from(Definition::boolean(split));
        let flags = [("it".to_owned(), flag)].into();
        let set = FlagSet::new(Definitions { flags, ..Definitions::default() }).unwrap();
        set.evaluate("it", &Context::of(case[1].as_str().unwrap())).unwrap().bucket
    };
    // The one without a hash has a version that there is not, and so no algorithm.
    let (all, without): (Vec<_>, Vec<_>) = cases("hash").into_iter().partition(|case| case[3].is_number());
    let expected = |case: &Value| case[3].as_f64().map(|hash| (hash * f64::from(BUCKETS)).round() as u32);
    assert_eq!((passed(&all, |case| bucket(case) == expected(case)), without.len()), (14, 1));
}

/// The split of an experiment.
fn split(experiment: Value) -> Option<Split> {
    let imported = growthbook::import_experiment(&experiment);
    assert!(imported.refused.is_empty(), "{:?}", imported.refused);
    let Flag::Defined(definition) = &imported.definitions.flags["it"] else { panic!("{imported:?}") };
    match &definition.rules.last()?.serve {
        Serve::Split(split) => Some(split.clone()),
        _ => None,
    }
}

fn near(one: &(f64, f64), other: &Value) -> bool {
    let near = |one: f64, other: &Value| (one - other.as_f64().unwrap()).abs() < 1e-6;
    near(one.0, &other[0]) && near(one.1, &other[1])
}

#[test]
#[ignore = "needs the foreign test files, by STRATA_CONFORMANCE"]
fn conformance_ranges() {
    let variations = |number: &Value| (0..number.as_i64().unwrap()).collect::<Vec<_>>();
    let all = cases("getBucketRange");
    let passes = |case: &Value| {
        let mut experiment = json!({"key": "it", "variations": variations(&case[1][0]), "coverage": case[1][1]});
        experiment["weights"] = case[1][2].clone();
        let ranges = split(experiment).unwrap().ranges.unwrap();
        let expected = case[2].as_array().unwrap();
        // A range that holds nobody is nowhere.
        let is_same =
            |(one, other): (&(f64, f64), &Value)| near(one, other) || (one.0 == one.1 && other[0] == other[1]);
        ranges.len() == expected.len() && ranges.iter().zip(expected).all(is_same)
    };
    assert_eq!(passed(&all, passes), 13);

    // An experiment has two variations at least, so equal weights of fewer are never asked for.
    let (all, fewer): (Vec<_>, Vec<_>) =
        cases("getEqualWeights").into_iter().partition(|case| case[0].as_i64() > Some(1));
    let passes = |case: &Value| {
        let ranges = split(json!({"key": "it", "variations": variations(&case[0])})).unwrap().ranges.unwrap();
        let weights = ranges.iter().map(|(start, end)| (end - start, 0.0));
        weights.zip(case[1].as_array().unwrap()).all(|(weight, expected)| near(&weight, &json!([expected, 0])))
    };
    assert_eq!((passed(&all, passes), fewer.len()), (3, 3));
}

/// Units by their place, of which there are 10,000.
fn units_by_place() -> BTreeMap<u32, String> {
    let experiment = json!({"key": "it", "hashVersion": 2, "variations": [0, 1]});
    let set = set(growthbook::import_experiment(&experiment));
    let place = |unit: String| (set.evaluate("it", &Context::of(&*unit)).unwrap().bucket.unwrap(), unit);
    (0..100_000).map(|number| place(number.to_string())).collect()
}

#[test]
#[ignore = "needs the foreign test files, by STRATA_CONFORMANCE"]
fn conformance_choices() {
    let units = units_by_place();
    let passes = |case: &Value| {
        let unit = &units[&((case[1].as_f64().unwrap() * f64::from(BUCKETS)).round() as u32)];
        let variations: Vec<usize> = (0..case[2].as_array().unwrap().len()).collect();
        let experiment = json!({"key": "it", "hashVersion": 2, "variations": variations, "ranges": case[2]});
        let set = set(growthbook::import_experiment(&experiment));
        let outcome = Outcome::of(&set.evaluate("it", &Context::of(unit)).unwrap());
        outcome.variation.map_or(-1, |variation| variation.id as i64) == case[3].as_i64().unwrap()
    };
    assert_eq!(passed(&cases("chooseVariation"), passes), 13);
}

#[test]
#[ignore = "needs the foreign test files, by STRATA_CONFORMANCE"]
fn conformance_namespaces() {
    let passes = |case: &Value| {
        let experiment = json!({"key": "it", "variations": [0, 1], "namespace": case[2]});
        let set = set(growthbook::import_experiment(&experiment));
        let answer = set.evaluate("it", &Context::of(case[1].as_str().unwrap())).unwrap();
        Some(Outcome::of(&answer).variation.is_some()) == case[3].as_bool()
    };
    assert_eq!(passed(&cases("inNamespace"), passes), 16);
}

#[test]
#[ignore = "needs the foreign test files, by STRATA_CONFORMANCE"]
fn conformance_query_strings() {
    let passes = |case: &Value| {
        let (url, experiment) = (case[2].as_str().unwrap(), case[1].as_str().unwrap());
        let forced = growthbook::forced_by_query(url, experiment, case[3].as_u64().unwrap() as usize);
        forced.map(|number| number as u64) == case[4].as_u64()
    };
    assert_eq!(passed(&cases("getQueryStringOverride"), passes), 16);
}

/// What forces variations, by address or by name, as overrides of the request.
fn with_forced<'c>(mut context: Context<'c>, set: &'c FlagSet, flag: &'c str, case: &'c Value) -> Context<'c> {
    let definition = set.definition(flag).unwrap();
    let forced = case["forcedVariations"].as_object();
    for (experiment, number) in forced.into_iter().flatten() {
        let variant = growthbook::variation(definition, experiment, number.as_u64().unwrap() as usize);
        context = context.force(flag, variant.unwrap());
    }
    if let Some(number) = case["url"].as_str().and_then(|url| growthbook::forced_by_query(url, flag, 2)) {
        context = context.force(flag, growthbook::variation(definition, flag, number).unwrap());
    }
    context
}

/// Whether what is told is what is expected, which says more: the whole experiment, whose key is told.
fn is_as_expected(told: &Value, expected: &Value) -> bool {
    let has = |told: &Value, expected: &Value, name: &str| same(&told[name], &expected[name]);
    let is_told = |part: &str, names: &[&str]| names.iter().all(|name| has(&told[part], &expected[part], name));
    ["value", "on", "off", "source", "ruleId"].iter().all(|name| has(told, expected, name))
        && is_told("experiment", &["key"])
        && is_told("experimentResult", &["variationId", "key", "inExperiment", "hashUsed", "value", "bucket"])
}

/// The features that are refused when they are imported, with what is said.
const REFUSED_FEATURES: [(&str, &str); 7] = [
    ("Prerequisite flag missing, block dependent flag", "there is no feature `parentFlag`"),
    ("Prerequisite cycle detected, break", "a circle"),
    ("Multiple references to same prerequisite, do not break", "values of one type"),
    ("CB rule with empty contexts (explore) buckets on marginal weights with fallback leaf -1", "contextual bandits"),
    ("CB rule with no contexts key falls back to marginal weights (fallback leaf -1)", "contextual bandits"),
    ("CB rule with empty contexts uses marginal weights (fallback leaf -1)", "contextual bandits"),
    ("CB rule with empty contexts is overridden by forced variation like a normal experiment", "contextual bandits"),
];

#[test]
#[ignore = "needs the foreign test files, by STRATA_CONFORMANCE"]
fn conformance_features() {
    let cases = cases("feature");
    let is_refused = |case: &&Value| REFUSED_FEATURES.iter().any(|(refused, _)| *refused == name(case));
    let (refused, asked): (Vec<&Value>, Vec<&Value>) = cases.iter().partition(is_refused);
    let passes = |case: &Value| {
        let payload = json!({"features": case[1]["features"].as_object().cloned().unwrap_or_default(), "savedGroups": case[1]["savedGroups"]});
        let set = set(growthbook::import(&payload));
        let (flag, attributes) = (case[2].as_str().unwrap(), attributes(&case[1]));
        let mut context = context(&attributes);
        if set.definition(flag).is_some() {
            context = with_forced(context, &set, flag, &case[1]);
        }
        is_as_expected(&told(&set, flag, &context), &case[3])
    };
    assert_eq!((passed(asked, passes), refused.len()), (48, 7));
    for case in refused {
        let imported = growthbook::import(&json!({"features": case[1]["features"]}));
        let flag = imported.refused.iter().find(|refused| {
            refused.problems.iter().any(|problem| {
                REFUSED_FEATURES.iter().any(|(refused, message)| *refused == name(case) && problem.contains(message))
            })
        });
        assert!(flag.is_some(), "{case}: {imported:?}");
        assert!(!imported.definitions.flags.contains_key(case[2].as_str().unwrap()), "{case}");
    }
}

/// There is no mode in which experiments take nobody in but those whom a request forces in.
const LEFT_OUT_RUN: &str = "Skips experiments in QA mode";

#[test]
#[ignore = "needs the foreign test files, by STRATA_CONFORMANCE"]
fn conformance_experiments() {
    let cases = cases("run");
    let (left_out, asked): (Vec<&Value>, Vec<&Value>) = cases.iter().partition(|case| name(case) == LEFT_OUT_RUN);
    let passes = |case: &Value| {
        let (conditions, experiment) = (&case[1], &case[2]);
        let mut payload = json!({"experiments": [experiment]});
        for part in ["features", "savedGroups"] {
            payload[part] = Value::Object(conditions[part].as_object().cloned().unwrap_or_default());
        }
        let mut imported = growthbook::import(&payload);
        // Off for all is our kill switch.
        imported.definitions.kill_switch = conditions["enabled"] == false;
        let set = set(imported);
        let (flag, attributes) = (experiment["key"].as_str().unwrap(), attributes(conditions));
        let context = with_forced(context(&attributes), &set, flag, conditions);
        let told = told(&set, flag, &context);
        let result = told.get("experimentResult");
        same(&told["value"], &case[3])
            && result.is_some() == (case[4] == true)
            && result.is_some_and(|result| result["hashUsed"] == true) == (case[5] == true)
    };
    assert_eq!((passed(asked, passes), left_out.len()), (72, 1));
}

#[test]
#[ignore = "needs the foreign test files, by STRATA_CONFORMANCE"]
fn conformance_what_was_imported_goes_out_again() {
    let mut asked = 0;
    for case in cases("feature").iter().chain(&cases("run")) {
        let payload = json!({
            "features": case[1]["features"].as_object().cloned().unwrap_or_default(),
            "savedGroups": case[1]["savedGroups"],
            "experiments": if case[2].is_object() { json!([case[2]]) } else { json!([]) },
        });
        let imported = growthbook::import(&payload);
        let exported = growthbook::export(&imported.definitions);
        assert!(exported.refused.is_empty(), "{case}: {:?}", exported.refused);
        let (there, back) = (FlagSet::new(imported.definitions).unwrap(), set(growthbook::import(&exported.document)));
        assert!(there.keys().eq(back.keys()), "{case}");
        let attributes = attributes(&case[1]);
        for flag in there.keys() {
            let [one, other] = [&there, &back].map(|set| told(set, flag, &context(&attributes)));
            assert!(same(&one["value"], &other["value"]), "{case}: {one} {other}\n{exported:?}");
            if case[2].is_string() {
                assert!(is_as_expected(&one, &other), "{case}: {one} {other}");
            }
            asked += 1;
        }
    }
    assert_eq!(asked, 131);
}
