//! What becomes of features and experiments, rule by rule.

use serde_json::{Value, json};
use strata_config_flags::growthbook;
use strata_config_flags::interchange::Imported;
use strata_config_flags::model::{Definition, Definitions, Flag};
use strata_config_flags::{Context, FlagSet, Why};

use super::asked::{set, told};

fn feature(feature: Value) -> FlagSet {
    set(growthbook::import(&json!({"it": feature})))
}

fn value(set: &FlagSet, context: &Context<'_>) -> Value {
    told(set, "it", context)["value"].clone()
}

/// What is said about a flag that is refused.
fn refusal(imported: &Imported, flag: &str) -> String {
    let refused = imported.refused.iter().find(|refused| refused.flag == flag);
    assert!(!imported.definitions.flags.contains_key(flag));
    refused.unwrap_or_else(|| panic!("{imported:?}")).problems.join("\n")
}

#[test]
fn the_targeting_key_stands_for_an_id_that_is_not_there() {
    let rule = json!({"force": true, "condition": {"id": "ann"}, "coverage": 1});
    let set = feature(json!({"defaultValue": false, "rules": [rule]}));
    assert!(set.is_on("it", &Context::of("ann"), false));
    assert!(set.is_on("it", &Context::anonymous().with("id", "ann"), false));
    assert!(!set.is_on("it", &Context::of("ann").with("id", "bob"), false));
}

#[test]
fn a_saved_group_is_a_segment_that_flags_share() {
    let on = |condition| json!({"defaultValue": false, "rules": [{"force": true, "condition": condition}]});
    let imported = growthbook::import(&json!({
        "features": {
            "a": on(json!({"company": {"$inGroup": "beta"}})),
            "b": on(json!({"$not": {"company": {"$inGroup": "beta", "$ne": "x"}}})),
            "c": on(json!({"companies": {"$elemMatch": {"$inGroup": "beta"}}})),
        },
        "savedGroups": {"beta": ["acme", 7]},
    }));
    assert_eq!(imported.definitions.segments.keys().collect::<Vec<_>>(), ["beta:company"]);
    let set = set(imported);
    let [acme, seven] = [Context::anonymous().with("company", "acme"), Context::anonymous().with("company", 7)];
    let text = Context::anonymous().with("company", "7").with("companies", vec!["other", "acme"]);
    for (flag, expected) in [("a", [true, true, false]), ("b", [false, false, true]), ("c", [false, false, true])] {
        assert_eq!([&acme, &seven, &text].map(|context| set.is_on(flag, context, false)), expected, "{flag}");
    }
}

#[test]
fn a_gate_behind_a_rule_blocks_only_those_whom_that_rule_left() {
    let gate = json!({"parentConditions": [{"id": "parent", "condition": {"value": true}, "gate": true}]});
    let early = json!({"force": "early", "condition": {"plan": "pro"}});
    let set = set(growthbook::import(&json!({"features": {
        "parent": {"defaultValue": false, "rules": [{"force": true, "condition": {"country": "DE"}}]},
        "it": {"defaultValue": "late", "rules": [early, gate]},
    }})));
    let ask = |context| told(&set, "it", &context);
    assert_eq!(ask(Context::anonymous().with("plan", "pro"))["value"], "early");
    assert_eq!(ask(Context::anonymous().with("country", "DE"))["value"], "late");
    let blocked = ask(Context::anonymous());
    assert_eq!([&blocked["value"], &blocked["source"]], [&json!(null), &json!("prerequisite")]);
}

#[test]
fn a_feature_that_serves_nothing_has_the_value_null_for_those_that_need_it() {
    let child = |wanted: Value| {
        let parents = json!([{"id": "parent", "condition": {"value": wanted}}]);
        json!({"defaultValue": false, "rules": [{"force": true, "parentConditions": parents}]})
    };
    let parent = json!({"rules": [{"force": "red", "condition": {"country": "DE"}}]});
    let payload = json!({"parent": parent, "is": child(json!({"$exists": true})), "is_not": child(json!(null))});
    let set = set(growthbook::import(&payload));
    let (german, other) = (Context::anonymous().with("country", "DE"), Context::anonymous());
    assert_eq!((set.is_on("is", &german, false), set.is_on("is_not", &german, false)), (true, false));
    assert_eq!((set.is_on("is", &other, false), set.is_on("is_not", &other, false)), (false, true));
}

#[test]
fn a_variation_that_passes_its_units_on_leaves_them_to_the_next_rule() {
    let meta = json!([{"key": "held"}, {"key": "free", "passthrough": true}]);
    let holdout = json!({"key": "holdout", "variations": ["a", "b"], "ranges": [[0, 0.5], [0.5, 1]], "meta": meta});
    let set = feature(json!({"defaultValue": "none", "rules": [holdout, {"force": "next"}]}));
    let (mut held, mut free) = (0, 0);
    for unit in 0..1_000 {
        let told = told(&set, "it", &Context::of(unit.to_string()));
        match told["value"].as_str() {
            Some("a") => {
                assert_eq!(told["experimentResult"]["key"], "held");
                assert!(told["experimentResult"]["bucket"].as_f64() < Some(0.5));
                held += 1;
            }
            Some("next") => free += 1,
            other => panic!("{other:?}"),
        }
    }
    assert!(held > 400 && free > 400, "{held} {free}");
}

#[test]
fn a_rollout_finer_than_our_steps_holds_its_end() {
    let rule = |coverage: f64| json!({"defaultValue": false, "rules": [{"force": true, "coverage": coverage, "hashVersion": 2}]});
    let all = feature(rule(1.0));
    let unit = "7";
    let place = f64::from(all.evaluate("it", &Context::of(unit)).unwrap().bucket.unwrap()) / 100_000.0;
    let is_on = |coverage| feature(rule(coverage)).is_on("it", &Context::of(unit), false);
    assert!(is_on(place) && !is_on(place - 0.000_001) && is_on(place + 0.000_001));
    assert!(is_on(place.next_up()) && !is_on(place.next_down()));
}

#[test]
fn who_is_not_in_an_experiment_gets_its_first_variation() {
    let experiment = json!({"key": "it", "variations": ["a", "b"], "condition": {"plan": "pro"}, "weights": [0, 1]});
    let set = set(growthbook::import_experiment(&experiment));
    let pro = told(&set, "it", &Context::of("u").with("plan", "pro"));
    assert_eq!([&pro["value"], &pro["experimentResult"]["variationId"]], [&json!("b"), &json!(1)]);
    let other = told(&set, "it", &Context::of("u"));
    assert_eq!([&other["value"], &other["experimentResult"]], [&json!("a"), &json!(null)]);
}

#[test]
fn a_forced_variation_is_given_to_all_who_take_part_and_the_experiment_is_kept() {
    let experiment = json!({"key": "it", "variations": ["a", "b", "c"], "force": 2, "coverage": 0.5});
    let imported = growthbook::import_experiment(&experiment);
    assert_eq!(growthbook::variation(&imported.definitions.flags["it"], "it", 1), Some("1"));
    let set = set(imported);
    let tell = |unit: i32| told(&set, "it", &Context::of(unit.to_string()));
    let (taken, left): (Vec<Value>, Vec<Value>) = (0..200).map(tell).partition(|told| told["value"] == "c");
    assert!(taken.len() > 50 && left.len() > 50);
    assert!(taken.iter().all(|told| told["experimentResult"]["hashUsed"] == false));
    assert!(taken.iter().all(|told| told["experimentResult"]["variationId"] == 2));
    assert!(left.iter().all(|told| told["value"] == "a" && told["experimentResult"].is_null()));
}

#[test]
fn a_draft_is_off_and_a_request_may_still_force_it() {
    let set = set(growthbook::import_experiment(&json!({"key": "it", "variations": ["a", "b"], "status": "draft"})));
    let answer = set.evaluate("it", &Context::of("u")).unwrap();
    assert_eq!((answer.why, answer.variant()), (Why::Status, Some("0")));
    assert_eq!(value(&set, &Context::of("u").force("it", "1")), "b");
}

#[test]
fn what_can_not_be_carried_over_is_refused_by_name_and_the_rest_is_not() {
    let needs = |id: &str| json!({"defaultValue": true, "rules": [{"parentConditions": [{"id": id, "condition": {"value": true}, "gate": true}]}]});
    let rule = |rule: Value| json!({"defaultValue": "x", "rules": [rule]});
    let imported = growthbook::import(&json!({"features": {
        "good": {"defaultValue": true},
        "mixed": rule(json!({"force": true})),
        "null": rule(json!({"variations": ["x", null]})),
        "twins": rule(json!({"variations": ["x", "y"], "meta": [{"key": "a"}, {"key": "a"}]})),
        "bandit": rule(json!({"contextualVariations": ["x", "y"], "contextualBanditRef": "b"})),
        "behind": rule(json!({"force": "y", "condition": {"agent": {"$regex": "a(?!b)"}}})),
        "text": rule(json!({"force": "y", "coverage": "0.5"})),
        "one": needs("two"),
        "two": needs("one"),
        "three": needs("two"),
        "orphan": needs("nobody"),
        "list": [],
    }, "experiments": [
        {"key": "page", "variations": [{}, {}], "urlPatterns": []},
        {"key": "good", "variations": [1, 2]},
        {"variations": [1, 2]},
    ]}));
    for (flag, message) in [
        ("mixed", "values of one type"),
        ("null", "rules.0.variations: variation 1 is null"),
        ("twins", "rules.0.meta: the key `a`"),
        ("bandit", "rules.0.contextualBanditRef: contextual bandits"),
        ("behind", "look around or back"),
        ("text", "rules.0.coverage: a number is needed"),
        ("three", "there is no flag `two`"),
        ("orphan", "rules.0.parentConditions.0.id: there is no feature `nobody`"),
        ("list", "a feature is an object"),
        ("page", "urlPatterns: URLs are the browser's"),
        ("experiments.2", "key: an experiment needs a key"),
    ] {
        let refusal = refusal(&imported, flag);
        assert!(refusal.contains(message), "{flag}: {refusal}");
    }
    let circle = refusal(&imported, "one") + &refusal(&imported, "two");
    assert!(circle.contains("a circle"), "{circle}");
    assert_eq!(imported.definitions.flags.keys().collect::<Vec<_>>(), ["good"]);
    assert!(imported.refused.iter().any(|refused| refused.flag == "good"), "{:?}", imported.refused);
    for document in [json!([]), json!({"encryptedFeatures": "x"})] {
        assert_eq!(growthbook::import(&document).refused.len(), 1);
    }
    assert!(growthbook::import_text("{").is_err());
}

#[test]
fn what_growthbook_takes_as_never_fulfilled_is_told() {
    for condition in [json!({"$regx": "a"}), json!({"$in": "a"}), json!({"$regex": "["}), json!({"$type": "text"})] {
        let rule = json!({"force": true, "condition": {"name": condition}});
        let imported = growthbook::import(&json!({"it": {"defaultValue": false, "rules": [rule]}}));
        assert!(imported.warnings[0].problems[0].starts_with("rules.0.condition.name.$"), "{:?}", imported.warnings);
        assert!(!set(imported).is_on("it", &Context::anonymous().with("name", "a"), true));
    }
}

#[test]
fn a_condition_by_hand_is_refused_where_an_import_would_only_warn() {
    let when = json!({"mongo": {"name": {"$regx": "a"}, "tags": {"$in": 1}}});
    let definition: Definition = serde_json::from_value(json!({"rules": [{"when": when, "serve": "on"}]})).unwrap();
    let flags = [("it".to_owned(), Flag::from(definition))].into();
    let told = FlagSet::new(Definitions { flags, ..Definitions::default() }).unwrap_err().to_string();
    assert!(told.contains("rules.0.when.mongo.name.$regx: `$regx`: there is no such operator"), "{told}");
    assert!(told.contains("rules.0.when.mongo.tags.$in: `$in`: it needs a list"), "{told}");
}

#[test]
fn rules_keep_their_ids_also_where_one_is_a_number() {
    let rules =
        json!([{"force": 1, "condition": {"a": 1}}, {"force": 2, "condition": {"a": 2}}, {"id": "1", "force": 3}]);
    let set = feature(json!({"defaultValue": 0, "rules": rules}));
    assert_eq!(told(&set, "it", &Context::anonymous().with("a", 2))["ruleId"], "");
    assert_eq!(told(&set, "it", &Context::anonymous())["ruleId"], "1");
}

#[test]
fn what_is_imported_reads_back_as_it_is_written() {
    let rules = json!([
        {"condition": {"$or": [{"a.b": {"$size": {"$gt": 1}}}, {"c": null}]}, "force": {"x": [1, 2.5]}, "coverage": 0.123456},
        {"variations": [{"x": 1}, {}, []], "weights": [0.1, 0.2, 0.7], "coverage": 0.9, "namespace": ["n", 0.1, 0.2]},
    ]);
    let imported = growthbook::import(&json!({"it": {"defaultValue": {}, "rules": rules}}));
    assert_eq!((imported.refused.len(), imported.warnings.len()), (0, 0), "{imported:?}");
    let text = serde_json::to_string(&imported.definitions).unwrap();
    assert_eq!(serde_json::from_str::<Definitions>(&text).unwrap(), imported.definitions);
}
