//! Seed 004's engine: a test for each of its methods on keys and values.

use std::fs;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use serde_json::{Value as Json, json};
use strata_config::Value;
use strata_config_reference::lazy_loading::{
    ConfigurationEngine, KeyResult, LazyLoadingConfig, ValidationRule, ValidationStatus, ValueSource,
};
use strata_config_reload::{Actor, Live};

use super::loader;

pub(super) fn open() -> ConfigurationEngine {
    ConfigurationEngine::open(Live::of(loader())).unwrap()
}

fn custom_setting() -> ValidationRule {
    let message = "Custom setting must be a non-empty string";
    ValidationRule::new("custom_setting", message, |value| matches!(value, Value::String(text) if !text.is_empty()))
        .required()
        .default_value("default")
}

#[test]
fn a_value_is_set_and_read() {
    let engine = open();
    let key = "lazy_loading_unloading_check_interval";
    assert_eq!(engine.get(key).unwrap().value, Value::Float(60.0));
    engine.set(key, 30.0, "ann").unwrap();
    assert_eq!(engine.get(key).unwrap().value, Value::Float(30.0));
    assert_eq!(engine.config().lazy_loading_unloading_check_interval, 30.0);
    assert!(engine.get("no_such_key").is_none());
}

#[test]
fn every_value_says_its_source() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("site.yaml");
    fs::write(&file, "load_timeout: 10.0\nmax_concurrent_loads: 20\ncache_size_limit: 1000\n").unwrap();
    let loader = loader().file(&file).env_from([("MAX_CONCURRENT_LOADS", "30"), ("CACHE_SIZE_LIMIT", "2000")]);
    let engine = ConfigurationEngine::open(Live::of(loader)).unwrap();
    engine.set("cache_size_limit", 3000, Actor::new("ann").because("more memory")).unwrap();
    let of = |key: &str| engine.get(key).unwrap();
    assert_eq!(of("analytics_enabled").source, ValueSource::Default);
    assert_eq!(of("load_timeout").source, ValueSource::ConfigFile);
    assert!(of("load_timeout").at.ends_with("site.yaml:1:15"), "{}", of("load_timeout").at);
    assert_eq!(
        (of("max_concurrent_loads").source, of("max_concurrent_loads").at.as_str()),
        (ValueSource::Environment, "MAX_CONCURRENT_LOADS")
    );
    let set = of("cache_size_limit");
    assert_eq!((set.source, set.user.as_deref(), set.value), (ValueSource::Runtime, Some("ann"), Value::Int(3000)));
    assert_eq!(of("load_timeout").user, None);
    assert_eq!(engine.values().len(), 25);
}

#[test]
fn a_change_is_in_effect_without_a_restart() {
    let engine = open();
    let mut reader = engine.live().reader();
    let applied = engine.set("max_concurrent_loads", 20, "ann").unwrap();
    assert!(applied.pending.is_empty());
    assert_eq!(reader.get().max_concurrent_loads, 20);
}

#[test]
fn many_threads_may_set_and_read_at_once() {
    let engine = open();
    engine.update([("max_reloads_per_cycle", 1), ("cache_size_limit", 1)], "ann").unwrap();
    let stop = AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            while !stop.load(Ordering::Relaxed) {
                // Both are always of one update.
                let config = engine.config();
                assert_eq!(u64::from(config.max_reloads_per_cycle), config.cache_size_limit);
            }
        });
        let writers: Vec<_> = (0..4)
            .map(|_| {
                scope.spawn(|| {
                    for count in 1..=20 {
                        let both = [("max_reloads_per_cycle", count), ("cache_size_limit", count)];
                        assert!(engine.update(both, "ann").unwrap().all());
                    }
                })
            })
            .collect();
        writers.into_iter().for_each(|writer| writer.join().unwrap());
        stop.store(true, Ordering::Relaxed);
    });
}

#[test]
fn a_batch_says_what_became_of_each_key() {
    let engine = open();
    let updates = [
        ("lazy_loading_unloading_enabled", json!(true)),
        ("lazy_loading_unloading_strategy", json!("aggressive")),
        ("lazy_loading_unloading_check_interval", json!(15.0)),
    ];
    let result = engine.update(updates, "ann").unwrap();
    assert!(result.all() && result.results.values().all(|result| *result == KeyResult::Updated));
    assert_eq!(result.applied.unwrap().revision, 1);
    assert_eq!(engine.get("lazy_loading_unloading_strategy").unwrap().value, Value::String("AGGRESSIVE".to_owned()));
}

#[test]
fn a_batch_with_a_mistake_changes_nothing() {
    let engine = open();
    let updates =
        [("load_timeout", json!(5.0)), ("memory_pressure_threshold", json!(80)), ("cache_size", json!("1MiB"))];
    let result = engine.update(updates, "ann").unwrap();
    assert!(!result.all());
    assert_eq!(result.results["load_timeout"], KeyResult::NotApplied);
    for key in ["memory_pressure_threshold", "cache_size"] {
        assert!(matches!(&result.results[key], KeyResult::Refused(reasons) if !reasons.is_empty()), "{key}");
    }
    assert_eq!(engine.config().load_timeout, 30.0);
    assert!(engine.notifications(10).unwrap().is_empty());
}

#[test]
fn a_value_is_validated_without_being_applied() {
    let engine = open();
    let key = "lazy_loading_unloading_memory_pressure_threshold";
    assert!(engine.validate(key, 0.9).is_empty());
    assert_eq!(engine.validate(key, 1.5).len(), 1);
    assert_eq!(engine.validate("no_such_key", 1).len(), 1);
    assert_eq!(engine.get(key).unwrap().value, Value::Float(0.8));
    // Validate, then apply.
    if engine.validate(key, 0.9).is_empty() {
        engine.set(key, 0.9, "ann").unwrap();
    }
    assert_eq!(engine.get(key).unwrap().value, Value::Float(0.9));
}

#[test]
fn a_refused_value_leaves_the_one_of_before() {
    let engine = open();
    engine.set("load_timeout", 10.0, "ann").unwrap();
    let error = engine.set("load_timeout", -1.0, "ann").unwrap_err();
    assert!(error.to_string().contains("load_timeout"), "{error}");
    assert_eq!(engine.config().load_timeout, 10.0);
}

#[test]
fn what_is_wrong_with_the_sources_is_told_and_not_in_effect() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("site.yaml");
    fs::write(&file, "load_timeout: 10.0").unwrap();
    let engine = ConfigurationEngine::open(Live::of(loader().file(&file))).unwrap();
    assert!(engine.validate_configuration().is_empty());
    assert_eq!(engine.configuration_summary().validation_status, ValidationStatus::Valid);
    fs::write(&file, "load_timeout: -1").unwrap();
    assert!(engine.live().reload_all().is_err());
    let errors = engine.validate_configuration();
    let (source, problems) = errors.first_key_value().unwrap();
    assert!(source.ends_with("site.yaml") && problems[0].contains("load_timeout"), "{errors:?}");
    assert_eq!(engine.configuration_summary().validation_status, ValidationStatus::Invalid);
    assert_eq!(engine.config().load_timeout, 10.0);
}

#[test]
fn a_key_is_declared_at_run_time() {
    let engine = open();
    assert!(engine.set("custom_setting", "x", "ann").is_err());
    engine.add_validation_rule(custom_setting()).unwrap();
    let value = engine.get("custom_setting").unwrap();
    assert_eq!((value.value, value.source), (Value::String("default".to_owned()), ValueSource::Default));
    engine.set("custom_setting", "x", "ann").unwrap();
    let value = engine.get("custom_setting").unwrap();
    assert_eq!((value.value, value.user.as_deref()), (Value::String("x".to_owned()), Some("ann")));
    assert_eq!(engine.validate("custom_setting", ""), ["Custom setting must be a non-empty string"]);
    assert_eq!(engine.validate("custom_setting", Json::Null), ["a value is required"]);
    let result = engine.update([("custom_setting", json!(5)), ("load_timeout", json!(5))], "ann").unwrap();
    assert_eq!(result.results["load_timeout"], KeyResult::NotApplied);
    assert!(matches!(result.results["custom_setting"], KeyResult::Refused(_)));
    engine.reset("custom_setting", "ann").unwrap();
    assert_eq!(engine.get("custom_setting").unwrap().source, ValueSource::Default);
}

#[test]
fn a_key_of_the_schema_is_not_declared_anew() {
    let rule = ValidationRule::new("load_timeout", "never", |_| false);
    assert!(open().add_validation_rule(rule).unwrap_err().to_string().contains("load_timeout"));
}

#[test]
fn a_required_key_wants_a_default() {
    let rule = ValidationRule::new("other_setting", "expected a number", |value| matches!(value, Value::Int(_)));
    let engine = open();
    assert!(engine.add_validation_rule(rule.clone().required()).unwrap_err().is_invalid());
    engine.add_validation_rule(rule).unwrap();
    assert_eq!(engine.get("other_setting").unwrap().value, Value::Null);
}

#[test]
fn one_key_is_reset_and_the_others_stay() {
    let engine = ConfigurationEngine::open(Live::of(loader().env_from([("LOAD_TIMEOUT", "20")]))).unwrap();
    engine.update([("load_timeout", 5), ("max_concurrent_loads", 5)], "ann").unwrap();
    engine.reset("load_timeout", "ann").unwrap();
    let value = engine.get("load_timeout").unwrap();
    assert_eq!((value.value, value.source), (Value::Float(20.0), ValueSource::Environment));
    assert_eq!(engine.config().max_concurrent_loads, 5);
    assert!(engine.reset("no_such_key", "ann").is_err());
}

#[test]
fn everything_is_reset_at_once() {
    let engine = open();
    engine.add_validation_rule(custom_setting()).unwrap();
    let before = engine.export();
    let updates = [("custom_setting", json!("x")), ("cache_enabled", json!(false)), ("load_timeout", json!(1))];
    engine.update(updates, "ann").unwrap();
    engine.reset_all("ann").unwrap();
    assert_eq!(engine.export(), before);
    assert_eq!(engine.configuration_summary().sources, [("default", 26)].into());
}

#[test]
fn what_is_exported_is_imported() {
    let (one, two) = (open(), open());
    for engine in [&one, &two] {
        engine.add_validation_rule(custom_setting()).unwrap();
    }
    one.update([("custom_setting", json!("x")), ("cache_size_limit", json!("2MiB"))], "ann").unwrap();
    let export = serde_json::to_value(one.export()).unwrap();
    assert_eq!((export.as_object().unwrap().len(), &export["cache_size_limit"]), (26, &json!(2_097_152)));
    two.import(&export, "bob").unwrap();
    assert_eq!((two.export(), two.config().cache_size_limit), (one.export(), 2_097_152));
    let wrong = json!({"load_timeout": 1.0, "cache_size_limit": 0, "cache": true});
    assert_eq!(two.import(&wrong, "bob").unwrap_err().report().unwrap().errors().count(), 2);
    assert_eq!(two.config().load_timeout, 30.0);
}

#[test]
fn the_summary_counts_values_and_sources() {
    let engine = ConfigurationEngine::open(Live::of(loader().env_from([("LOAD_TIMEOUT", "20")]))).unwrap();
    engine.add_validation_rule(custom_setting()).unwrap();
    engine.set("cache_enabled", false, "ann").unwrap();
    engine.create_snapshot("now", ["tag"], "ann").unwrap();
    let summary = engine.configuration_summary();
    assert_eq!((summary.total_values, summary.revision, summary.snapshots), (26, 1, Some(1)));
    assert_eq!(summary.sources, [("default", 24), ("environment", 1), ("runtime", 1)].into());
    let summary = serde_json::to_value(&summary).unwrap();
    assert_eq!((&summary["validation_status"], &summary["condition"]), (&json!("valid"), &json!("healthy")));
    assert!(summary.get("values").is_none(), "it has no values, so that none can leak");
}

#[test]
fn readers_hold_what_they_read_and_share_it() {
    let engine = open();
    let (one, two): (Arc<LazyLoadingConfig>, _) = (engine.config().into_arc(), engine.config().into_arc());
    assert!(Arc::ptr_eq(&one, &two), "a read copies nothing");
}
