//! The suites of those whose algorithms these are.

use serde_json::Value;

use super::super::growthbook::{Seed, Version, bucket_ranges, choose_variation};
use super::super::{Algorithm, BUCKETS};
use super::splitter;

fn read(name: &str) -> Value {
    let folder = std::env::var_os("STRATA_CONFORMANCE").expect("STRATA_CONFORMANCE names a folder");
    let bytes = std::fs::read(std::path::Path::new(&folder).join(name)).unwrap();
    serde_json::from_slice(&bytes).unwrap()
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map(Vec::as_slice).unwrap_or_default()
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}

fn number(value: &Value) -> f64 {
    value.as_f64().unwrap()
}

fn ranges(value: &Value) -> Vec<(f64, f64)> {
    let range = |range: &Value| (number(&range[0]), number(&range[1]));
    list(value).iter().map(range).collect()
}

#[test]
#[ignore = "needs the foreign test files, by STRATA_CONFORMANCE"]
fn conformance_growthbooks_hashes_hold() {
    let mut seen = 0;
    for case in list(&read("growthbook/cases.json")["hash"]) {
        let version = match case[2].as_u64() {
            Some(1) => Version::One,
            Some(2) => Version::Two,
            _ => continue,
        };
        let (step, steps) = Seed::new(version, text(&case[0])).hash(text(&case[1]));
        assert_eq!(f64::from(step) / f64::from(steps), number(&case[3]), "{case}");
        seen += 1;
    }
    assert_eq!(seen, 14);
}

#[test]
#[ignore = "needs the foreign test files, by STRATA_CONFORMANCE"]
fn conformance_growthbooks_ranges_hold() {
    let cases = read("growthbook/cases.json");
    // The suite rounds; its own runners compare to a millionth.
    let near = |one: f64, other: f64| (one - other).abs() < 1e-6;
    for case in list(&cases["getBucketRange"]) {
        let weights: Vec<_> = list(&case[1][2]).iter().map(number).collect();
        let weights = (!weights.is_empty()).then_some(&*weights);
        let variations = case[1][0].as_u64().unwrap() as usize;
        let actual = bucket_ranges(variations, number(&case[1][1]), weights);
        let expected = ranges(&case[2]);
        assert_eq!(actual.len(), expected.len(), "{case}");
        for (one, other) in actual.iter().zip(&expected) {
            assert!(near(one.0, other.0) && near(one.1, other.1), "{case}");
        }
    }
    for case in list(&cases["chooseVariation"]) {
        let chosen = choose_variation(number(&case[1]), &ranges(&case[2]));
        let expected = usize::try_from(case[3].as_i64().unwrap()).ok();
        assert_eq!(chosen, expected, "{case}");
    }
}

/// The features with one sticky rollout, and those with variants that only weights decide.
#[test]
#[ignore = "needs the foreign test files, by STRATA_CONFORMANCE"]
fn conformance_unleashs_specification_holds() {
    let mut seen = 0;
    for file in [
        "03-gradual-rollout-user-id-strategy",
        "04-gradual-rollout-session-id-strategy",
        "08-variants",
        "10-flexible-rollout-strategy",
    ] {
        let suite = read(&format!("unleash-client-specification/{file}.json"));
        let cases = list(&suite["tests"]).iter().chain(list(&suite["variantTests"]));
        for case in cases {
            let same = |feature: &&Value| feature["name"] == case["toggleName"];
            let context = &case["context"];
            let unit = context["userId"].as_str().or(context["sessionId"].as_str());
            let feature = list(&suite["state"]["features"]).iter().find(same);
            if let (Some(unit), Some(feature)) = (unit, feature) {
                seen += u32::from(agrees(feature, unit, case));
            }
        }
    }
    assert!(seen > 12, "{seen}");
}

/// Whether the case is one for a splitter; fails where it is and goes otherwise.
fn agrees(feature: &Value, unit: &str, case: &Value) -> bool {
    let [strategies, variants] = ["strategies", "variants"].map(|name| list(&feature[name]));
    let overridden = |variant: &Value| variant.get("overrides").is_some();
    if variants.len() > 1 && !variants.iter().any(overridden) {
        let weight = |variant: &Value| variant["weight"].as_u64().unwrap() as u32;
        let weights: Vec<_> = (0..).zip(variants.iter().map(weight)).collect();
        let split = splitter(Algorithm::Unleash, text(&feature["name"]), BUCKETS, &weights);
        let chosen = &variants[split.place(unit).variant.unwrap() as usize];
        assert_eq!(chosen["name"], case["expectedResult"]["name"], "{case}");
        return true;
    }
    let ([strategy], true) = (strategies, variants.is_empty()) else {
        return false;
    };
    let parameters = &strategy["parameters"];
    let percent = parameters["percentage"].as_str().or(parameters["rollout"].as_str());
    let sticky = parameters["stickiness"].as_str().unwrap_or("default");
    let (Some(percent), true) = (percent, sticky == "default") else {
        return false;
    };
    let coverage = percent.parse::<u32>().unwrap() * 1000;
    let split = splitter(Algorithm::Unleash, text(&parameters["groupId"]), coverage, &[(0, 1)]);
    let included = split.place(unit).variant.is_some();
    assert_eq!(Some(included), case["expectedResult"].as_bool(), "{case}");
    true
}
