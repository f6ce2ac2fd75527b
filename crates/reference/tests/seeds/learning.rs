//! Seed 003: a learning application.

mod ai_providers;
mod features;
mod migrations;
mod routes;
mod running;
mod variables;

use std::path::Path;

use serde_json::json;
use strata_config::{Loader, Validator};
use strata_config_reference::System;
use strata_config_reference::learning::{Algorithm, Environment, LearningConfig};

use crate::table::{self, accept, at, errors, json as exported, load, origin, refuse, warnings};

use variables::variables;

fn loader() -> Loader<LearningConfig> {
    Loader::new()
}

/// All sources in the documented order, with these variables as the environment.
fn sources(variables: &[(&str, &str)]) -> Loader<LearningConfig> {
    LearningConfig::files(loader(), Path::new("/nowhere")).env_from(variables.iter().copied())
}

/// What the loader warns of or refuses, by the path that comes first.
fn found(variables: &[(&str, &str)]) -> Vec<String> {
    let outcome = loader().env_from(variables.iter().copied()).read();
    outcome.report().findings().iter().map(|finding| finding.path.to_string()).collect()
}

#[test]
fn every_default() {
    assert_eq!(
        exported(&load::<LearningConfig>(&[])),
        json!({
            "environment": "development",
            "debug_mode": false,
            "log_level": "INFO",
            "spaced_repetition": {
                "default_algorithm": "sm2",
                "available_algorithms": ["sm2", "leitner"],
                "sm2_initial_ease_factor": 2.5,
                "sm2_minimum_ease_factor": 1.3,
                "leitner_box_count": 5,
                "max_interval_days": 365,
                "batch_size": 100,
                "cache_ttl_seconds": 300,
            },
            "interleaving": {
                "default_weights": {"due": 0.6, "interleave": 0.25, "new": 0.15},
                "min_session_size": 5,
                "max_session_size": 50,
                "difficulty_multipliers": {"beginner": 0.8, "intermediate": 1.0, "advanced": 1.2, "expert": 1.5},
            },
            "diagnostic": {
                "enabled": true,
                "min_questions": 5,
                "max_questions": 20,
                "time_limit_minutes": 30,
                "passing_score": 0.7,
                "question_selection": "adaptive",
                "initial_difficulty": "intermediate",
                "confidence_threshold": 0.9,
                "feedback": "after_session",
                "show_explanations": true,
            },
            "ai_provider": {
                "primary_provider": "gemini",
                "fallback_providers": ["openai", "mock"],
                "api_keys": {},
                "request_timeout_seconds": 30,
                "max_retries": 3,
                "connection_pool_size": 10,
                "circuit_breaker_enabled": true,
                "circuit_breaker_failure_threshold": 5,
                "circuit_breaker_recovery_seconds": 60,
            },
            "feature_flags": {
                "adaptive_learning_enabled": false,
                "ai_generation_enabled": false,
                "interleaved_practice_enabled": true,
                "diagnostics_enabled": true,
                "admin_users": [],
                "beta_users": [],
                "feature_rollouts": {"interleaved_practice": 1.0, "diagnostics": 1.0},
                "feature_environments": {},
            },
            "flags": {"kill_switch": false, "segments": {}, "flags": {}, "trips": {}},
            "cache": {"ttl_seconds": 300, "auto_optimize": true, "optimize_threshold": 0.1, "warm_on_start": true},
            "security": {"audit_logging": true, "rate_limit_per_minute": 60, "api_key_rotation_days": 90},
            "version": "1.3.0",
            "last_migrated": null,
        })
    );
}

#[test]
fn every_variable() {
    table::every_variable::<LearningConfig>(&[], &variables());
}

#[test]
fn the_table_has_every_variable() {
    table::has_every_variable::<LearningConfig>(&variables());
}

#[test]
fn every_limit() {
    let mut rows: Vec<(&str, &[&str], &[&str])> = vec![
        ("spaced_repetition.available_algorithms", &["sm2"], &["[]"]),
        ("spaced_repetition.sm2_initial_ease_factor", &["1.0"], &["0.99"]),
        ("spaced_repetition.sm2_minimum_ease_factor", &["1.0"], &["0.99"]),
        ("spaced_repetition.leitner_box_count", &["2"], &["1"]),
        ("spaced_repetition.batch_size", &["1", "10000"], &["0", "10001"]),
        ("interleaving.difficulty_multipliers", &["expert=10"], &["expert=0.05", "expert=10.1"]),
        ("diagnostic.max_questions", &["5", "200"], &["0", "201"]),
        ("diagnostic.time_limit_minutes", &["1", "480"], &["0", "481"]),
        ("diagnostic.confidence_threshold", &["0.5", "1"], &["0.49", "1.01"]),
        ("ai_provider.request_timeout_seconds", &["1", "600"], &["0", "601"]),
        ("ai_provider.max_retries", &["0", "10"], &["11"]),
        ("ai_provider.connection_pool_size", &["1", "1000"], &["0", "1001"]),
        ("feature_flags.admin_users", &["ada"], &[r#"[""]"#]),
        ("feature_flags.beta_users", &["ada"], &[r#"[""]"#]),
        (
            "feature_flags.feature_rollouts",
            &["diagnostics=0", "diagnostics=1"],
            &["diagnostics=-0.1", "diagnostics=1.1"],
        ),
        ("version", &["1.0.0"], &[""]),
    ];
    for path in [
        "interleaving.default_weights.due",
        "interleaving.default_weights.interleave",
        "interleaving.default_weights.new",
        "diagnostic.passing_score",
        "cache.optimize_threshold",
    ] {
        // A weight at its limit does not sum to one with the others; that is another rule.
        let inside: &[&str] = if path.contains("weights") { &[] } else { &["0", "1"] };
        rows.push((path, inside, &["-0.01", "1.01"]));
    }
    for path in [
        "spaced_repetition.max_interval_days",
        "spaced_repetition.cache_ttl_seconds",
        "interleaving.min_session_size",
        "diagnostic.min_questions",
        "ai_provider.circuit_breaker_failure_threshold",
        "ai_provider.circuit_breaker_recovery_seconds",
        "cache.ttl_seconds",
        "security.rate_limit_per_minute",
        "security.api_key_rotation_days",
    ] {
        rows.push((path, &["1"], &["0"]));
    }
    rows.push(("interleaving.max_session_size", &["5"], &["0"]));
    table::every_limit::<LearningConfig>(&[], &rows);
}

#[test]
fn weights_sum_to_one() {
    let with = |due| loader().text("site.toml", format!("interleaving.default_weights.due = {due}"));
    accept(with("0.6001"));
    let report = refuse(with("0.7"));
    assert_eq!(errors(&report), [("rule.cross_field", "interleaving.default_weights.due", "site.toml:1:36")]);
    let related: Vec<&str> = report.findings()[0].related.iter().map(|related| related.path.as_str()).collect();
    assert_eq!(related, ["interleaving.default_weights.interleave", "interleaving.default_weights.new"]);

    let all = "interleaving.default_weights = { due = 0.5, interleave = 0.3, new = 0.2 }";
    accept(loader().text("site.toml", all));
}

#[test]
fn multipliers_merge_entry_by_entry() {
    let file = "interleaving: {difficulty_multipliers: {expert: 2.0, genius: 3.0}}";
    let loaded = accept(loader().text("site.yaml", file));
    let multipliers = &loaded.config().interleaving.difficulty_multipliers;
    let entries: Vec<_> = multipliers.iter().map(|(level, factor)| (level.as_str(), *factor)).collect();
    assert_eq!(
        entries,
        [("advanced", 1.2), ("beginner", 0.8), ("expert", 2.0), ("genius", 3.0), ("intermediate", 1.0)]
    );
}

#[test]
fn the_smallest_session_is_not_larger_than_the_largest() {
    accept(loader().set("interleaving.min_session_size", "50"));
    let report = refuse(loader().set("interleaving.min_session_size", "51"));
    assert_eq!(report.findings()[0].path.as_str(), "interleaving.min_session_size");
    assert_eq!(report.findings()[0].related[0].path.as_str(), "interleaving.max_session_size");
}

#[test]
fn an_assessment_needs_no_more_questions_than_it_has() {
    accept(loader().set("diagnostic.max_questions", "5"));
    let report = refuse(loader().set("diagnostic.max_questions", "4"));
    assert_eq!(report.findings()[0].path.as_str(), "diagnostic.min_questions");
}

#[test]
fn the_default_algorithm_is_an_available_one() {
    let file = "spaced_repetition: {default_algorithm: leitner, available_algorithms: [sm2]}";
    let report = refuse(loader().text("site.yaml", file));
    assert_eq!(errors(&report), [("rule.cross_field", "spaced_repetition.default_algorithm", "site.yaml:1:40")]);
    let related = report.findings()[0].related[0].origin.as_ref().unwrap();
    assert_eq!(related.at, "site.yaml:1:71");
}

#[test]
fn an_ease_factor_below_its_minimum_draws_a_warning() {
    let low = ("LEARNING_SPACED_REPETITION_SM2_INITIAL_EASE_FACTOR", "1.2");
    assert_eq!(found(&[low]), ["spaced_repetition.sm2_initial_ease_factor"]);
    // It matters to SM-2 alone.
    assert_eq!(found(&[low, ("LEARNING_SPACED_REPETITION_DEFAULT_ALGORITHM", "leitner")]), Vec::<String>::new());
}

#[test]
fn slow_settings_draw_warnings() {
    for (variable, value, path) in [
        ("LEARNING_SPACED_REPETITION_BATCH_SIZE", "1001", "spaced_repetition.batch_size"),
        ("LEARNING_SPACED_REPETITION_BATCH_SIZE", "49", "spaced_repetition.batch_size"),
        ("LEARNING_SPACED_REPETITION_CACHE_TTL_SECONDS", "9", "spaced_repetition.cache_ttl_seconds"),
        ("LEARNING_CACHE_TTL_SECONDS", "299", "cache.ttl_seconds"),
        ("LEARNING_AI_PROVIDER_REQUEST_TIMEOUT_SECONDS", "121", "ai_provider.request_timeout_seconds"),
        ("LEARNING_AI_PROVIDER_FALLBACK_PROVIDERS", "gemini,mock", "ai_provider.fallback_providers"),
        ("LEARNING_AI_PROVIDER_FALLBACK_PROVIDERS", "[]", "ai_provider.fallback_providers"),
    ] {
        let loaded = load::<LearningConfig>(&[(variable, value)]);
        let paths: Vec<&str> = warnings(&loaded).iter().map(|(_, path, _)| *path).collect();
        assert_eq!(paths, [path], "{variable}={value}");
    }
}

#[test]
fn production_is_not_a_developers_machine() {
    let production = ("DJANGO_ENV", "production");
    let report = refuse(loader().env_from([
        production,
        ("DEBUG", "true"),
        ("LEARNING_AI_PROVIDER_PRIMARY_PROVIDER", "mock"),
        ("LEARNING_AI_PROVIDER_FALLBACK_PROVIDERS", "openai"),
    ]));
    assert_eq!(
        errors(&report),
        [
            ("rule.cross_field", "debug_mode", "DEBUG"),
            ("rule.cross_field", "ai_provider.primary_provider", "LEARNING_AI_PROVIDER_PRIMARY_PROVIDER"),
        ]
    );
    load::<LearningConfig>(&[production]);
}

#[test]
fn production_has_keys_and_an_audit_log() {
    let production = ("DJANGO_ENV", "production");
    let generation = ("LEARNING_FEATURE_FLAGS_AI_GENERATION_ENABLED", "true");
    let report = refuse(loader().env_from([production, generation]));
    assert_eq!(errors(&report), [("rule.cross_field", "ai_provider.api_keys.gemini", "default")]);
    load::<LearningConfig>(&[production, generation, ("GEMINI_API_KEY", "g")]);

    let loaded = load::<LearningConfig>(&[production, ("LEARNING_SECURITY_AUDIT_LOGGING", "false")]);
    assert_eq!(warnings(&loaded), [("rule.cross_field", "security.audit_logging", "LEARNING_SECURITY_AUDIT_LOGGING")]);
    let loaded = load::<LearningConfig>(&[("LEARNING_SECURITY_API_KEY_ROTATION_DAYS", "366")]);
    assert_eq!(warnings(&loaded)[0].1, "security.api_key_rotation_days");
}

#[test]
fn a_map_names_features_that_exist() {
    let file = "feature_flags: {feature_rollouts: {time_travel: 0.5}}";
    let report = refuse(loader().text("site.yaml", file));
    assert_eq!(errors(&report), [("rule.cross_field", "feature_flags.feature_rollouts.time_travel", "site.yaml:1:49")]);
}

#[test]
fn warnings_stand_beside_errors() {
    let report = refuse(loader().env_from([
        ("LEARNING_SPACED_REPETITION_BATCH_SIZE", "2000"),
        ("LEARNING_SPACED_REPETITION_LEITNER_BOX_COUNT", "1"),
    ]));
    assert_eq!((report.errors().count(), report.warnings().count()), (1, 1));
}

/// The custom rule of the seed's usage examples.
#[test]
fn users_add_rules_at_run_time() {
    let message = "Batch size must not exceed 500 for performance reasons";
    let validator = Validator::<LearningConfig>::new()
        .rule("spaced_repetition.batch_size", message, |config| config.spaced_repetition.batch_size <= 500);
    let with = |size: &str| loader().set("spaced_repetition.batch_size", size).validator(validator.clone());
    accept(with("500"));
    let report = refuse(with("501"));
    assert_eq!(errors(&report), [("rule.added", "spaced_repetition.batch_size", "--set spaced_repetition.batch_size")]);
    assert_eq!(report.findings()[0].message, message);
}

#[test]
fn rules_of_other_settings_are_left_out_of_a_partial_validation() {
    let validator = Validator::<LearningConfig>::new()
        .rule("spaced_repetition.batch_size", "too large", |_| false)
        .rule("interleaving.max_session_size", "too large", |_| false);
    let loaded = load::<LearningConfig>(&[]);
    let report = validator.validate_partial(loaded.config(), &[LearningConfig::INTERLEAVING]);
    let paths: Vec<&str> = report.errors().map(|error| error.path.as_str()).collect();
    assert_eq!(paths, ["interleaving.max_session_size"]);
}

#[test]
fn each_environment_has_its_overrides() {
    let value = |environment: &str, path| at(&exported(&accept(sources(&[("DJANGO_ENV", environment)]))), path).clone();
    assert_eq!(value("development", "log_level"), json!("DEBUG"));
    assert_eq!(value("development", "security.rate_limit_per_minute"), json!(6000));
    assert_eq!(value("staging", "log_level"), json!("INFO"));
    assert_eq!(value("staging", "feature_flags.adaptive_learning_enabled"), json!(true));
    assert_eq!(value("production", "spaced_repetition.batch_size"), json!(500));
    assert_eq!(value("production", "ai_provider.max_retries"), json!(5));

    let production = accept(sources(&[("DJANGO_ENV", "production")]));
    assert_eq!(origin(&production, "log_level"), ("file", "learning/production.toml:2:13".to_owned()));
    assert_eq!(accept(sources(&[])).config(), accept(sources(&[("DJANGO_ENV", "development")])).config());
}

#[test]
fn an_environment_is_named_in_any_case() {
    let loaded = accept(sources(&[("DJANGO_ENV", "Production")]));
    assert_eq!(loaded.config().environment, Environment::Production);
    assert_eq!(loaded.config().spaced_repetition.batch_size, 500);
}

#[test]
fn an_unknown_environment_is_an_error() {
    let report = refuse(sources(&[("DJANGO_ENV", "moon")]));
    assert_eq!(errors(&report), [("value.choice", "environment", "DJANGO_ENV")]);
}

#[test]
fn each_environment_is_valid() {
    for (name, environment) in [
        ("development", Environment::Development),
        ("staging", Environment::Staging),
        ("production", Environment::Production),
    ] {
        let loaded = accept(sources(&[("DJANGO_ENV", name)]));
        assert_eq!(loaded.config().environment, environment);
        assert_eq!(warnings(&loaded), [], "{name}");
    }
}

#[test]
fn a_file_overrides_the_environments_layer() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("learning.yaml"), "log_level: ERROR\n").unwrap();
    let loaded = accept(LearningConfig::files(loader(), folder.path()).env_from([("DJANGO_ENV", "production")]));
    assert_eq!(at(&exported(&loaded), "log_level"), &json!("ERROR"));
    assert_eq!(loaded.config().spaced_repetition.batch_size, 500);
}

#[test]
fn the_key_of_before_1_3_0_is_read_with_a_warning() {
    let loaded = accept(loader().text("old.toml", "[diagnostic]\nquestion_limit = 40"));
    assert_eq!(loaded.config().diagnostic.max_questions, 40);
    assert_eq!(warnings(&loaded), [("key.deprecated", "diagnostic.max_questions", "old.toml:2:1")]);
}

#[test]
fn no_key_is_ever_shown() {
    let loaded = load::<LearningConfig>(&[("GEMINI_API_KEY", "c4nary"), ("OPENAI_API_KEY", "c4nary")]);
    assert_eq!(loaded.config().ai_provider.api_keys.gemini.as_ref().unwrap().expose(), "c4nary");
    let explained = serde_json::to_string(&loaded.explain(&[])).unwrap();
    for text in [format!("{:?}", loaded.config()), exported(&loaded).to_string(), explained] {
        assert!(!text.contains("c4nary"), "{text}");
    }
}

#[test]
fn export_then_load_is_the_identity() {
    let file = "\
interleaving: {difficulty_multipliers: {expert: 2.5}}
feature_flags: {admin_users: [ada, bob], feature_environments: {diagnostics: [staging, production]}}
spaced_repetition: {default_algorithm: leitner}
last_migrated: '2026-11-21T00:00:00Z'
";
    let loaded = accept(loader().text("site.yaml", file));
    assert_eq!(loaded.config().spaced_repetition.default_algorithm, Algorithm::Leitner);
    assert_eq!(table::round_trip(&loaded, &[]).config(), loaded.config());
}
