//! Seed 002: a web application.

mod flags;
mod routes;
mod secrets;
mod watching;

use std::path::Path;

use serde_json::json;
use strata_config::{EnvSource, Loader};
use strata_config_flags::model::Flag;
use strata_config_reference::System;
use strata_config_reference::webapp::{Environment, LogLevel, WebappConfig};

use crate::table::{self, Row, SECRET, accept, errors, json as exported, load, origin, refuse, warnings};

/// A secret key of 32 characters, without which nothing loads.
const KEY: (&str, &str) = ("SECRET_KEY", "0123456789abcdef0123456789abcdef");

/// The seed's files.
const FOLDER: &str = "tests/seeds/webapp";

fn loader() -> Loader<WebappConfig> {
    Loader::new()
}

/// All sources in the documented order, with these variables as the environment.
fn sources(variables: &[(&str, &str)]) -> Loader<WebappConfig> {
    let folder = Path::new(FOLDER);
    let variables = variables.iter().copied().chain([KEY]);
    WebappConfig::env_files(WebappConfig::files(loader(), folder), folder).env_from(variables)
}

#[test]
fn every_default() {
    assert_eq!(
        exported(&load::<WebappConfig>(&[KEY])),
        json!({
            "debug": false,
            "log_level": "INFO",
            "environment": "development",
            "database": {"pool_size": 5, "timeout": 30, "echo": false},
            "redis": {"timeout": 5, "max_connections": 10, "flag_cache_ttl": 300, "flag_file": null},
            "api": {"base_url": "https://api.example.com", "timeout": 30, "retry_count": 3},
            "features": {
                "new_dashboard": false,
                "beta_api": false,
                "advanced_analytics": false,
                "payment_v2": false,
                "dark_mode": false,
            },
            "flags": {"kill_switch": false, "segments": {}, "flags": {}, "trips": {}},
            "monitoring": {},
        })
    );
}

#[test]
fn secret_urls_have_the_seeds_defaults() {
    let loaded = load::<WebappConfig>(&[KEY]);
    assert_eq!(loaded.config().database.url.expose(), "sqlite:///app.db");
    assert_eq!(loaded.config().redis.url.expose(), "redis://localhost:6379/0");
    assert_eq!(loaded.config().api.api_key, None);
}

/// A row for every variable: those of the seed, then those of the fields that it leaves without one.
fn variables() -> Vec<Row<'static>> {
    let key = "another text of more than 32 characters";
    vec![
        ("DEBUG", "true", "debug", json!(true)),
        ("LOG_LEVEL", "warning", "log_level", json!("WARNING")),
        ("ENVIRONMENT", "staging", "environment", json!("staging")),
        ("SECRET_KEY", key, "secret_key", SECRET),
        ("DATABASE_URL", "mysql://user:pass@localhost/app", "database.url", SECRET),
        ("DATABASE_PASSWORD", "pass", "database.password", SECRET),
        ("DATABASE_POOL_SIZE", "20", "database.pool_size", json!(20)),
        ("DATABASE_TIMEOUT", "60", "database.timeout", json!(60)),
        ("REDIS_URL", "redis://cache.prod.com:6379/0", "redis.url", SECRET),
        ("REDIS_TIMEOUT", "10", "redis.timeout", json!(10)),
        ("API_BASE_URL", "https://api-staging.example.com", "api.base_url", json!("https://api-staging.example.com")),
        ("API_TIMEOUT", "60", "api.timeout", json!(60)),
        ("API_RETRY_COUNT", "5", "api.retry_count", json!(5)),
        ("API_KEY", "k", "api.api_key", SECRET),
        ("FEATURE_NEW_DASHBOARD", "true", "features.new_dashboard", json!(true)),
        ("FEATURE_BETA_API", "true", "features.beta_api", json!(true)),
        ("JWT_SECRET", "s", "jwt_secret", SECRET),
        ("ENCRYPTION_KEY", "k", "encryption_key", SECRET),
        ("SENTRY_DSN", "https://key@sentry.example.com/1", "monitoring.sentry_dsn", SECRET),
        ("DATADOG_API_KEY", "k", "monitoring.datadog_api_key", SECRET),
        ("DATABASE_ECHO", "true", "database.echo", json!(true)),
        ("REDIS_MAX_CONNECTIONS", "20", "redis.max_connections", json!(20)),
        ("FEATURE_ADVANCED_ANALYTICS", "true", "features.advanced_analytics", json!(true)),
        ("FEATURE_PAYMENT_V2", "true", "features.payment_v2", json!(true)),
        ("FEATURE_DARK_MODE", "true", "features.dark_mode", json!(true)),
        ("REDIS_FLAG_CACHE_TTL", "60", "redis.flag_cache_ttl", json!(60)),
        ("REDIS_FLAG_FILE", "flags.json", "redis.flag_file", json!("flags.json")),
        ("FLAGS_KILL_SWITCH", "true", "flags.kill_switch", json!(true)),
        ("FLAGS_SEGMENTS", r#"{"staff": {"include": ["ann"]}}"#, "flags.segments.staff", json!({"include": ["ann"]})),
        ("FLAGS_FLAGS", "banner=25%", "flags.flags.banner", json!("25%")),
        (
            "FLAGS_TRIPS",
            r#"{"dark_mode": {"at": "2026-11-21T09:00:00Z", "because": "errors"}}"#,
            "flags.trips.dark_mode",
            json!({"at": "2026-11-21T09:00:00Z", "because": "errors"}),
        ),
    ]
}

/// Needs `ENCRYPTION_KEY` beside it, so it has no row among the others.
const ENCRYPTED: Row<'_> = ("JWT_SECRET_ENCRYPTED", "decrypted elsewhere", "jwt_secret_encrypted", SECRET);

#[test]
fn every_variable() {
    table::every_variable::<WebappConfig>(&[KEY], &variables());
    table::every_variable::<WebappConfig>(&[KEY, ("ENCRYPTION_KEY", "k")], &[ENCRYPTED]);
}

#[test]
fn the_table_has_every_variable() {
    let mut rows = variables();
    rows.push(ENCRYPTED);
    table::has_every_variable::<WebappConfig>(&rows);
}

#[test]
fn every_secret_is_that_of_its_variable() {
    let loaded = load::<WebappConfig>(&[
        KEY,
        ("DATABASE_PASSWORD", "a"),
        ("API_KEY", "b"),
        ("JWT_SECRET", "c"),
        ("JWT_SECRET_ENCRYPTED", "d"),
        ("ENCRYPTION_KEY", "e"),
        ("SENTRY_DSN", "https://f.example.com"),
        ("DATADOG_API_KEY", "g"),
    ]);
    let config = loaded.config();
    let secrets = [
        &config.database.password,
        &config.api.api_key,
        &config.jwt_secret,
        &config.jwt_secret_encrypted,
        &config.encryption_key,
        &config.monitoring.sentry_dsn,
        &config.monitoring.datadog_api_key,
    ];
    let values = secrets.map(|secret| secret.as_ref().unwrap().expose().as_str());
    assert_eq!(values, ["a", "b", "c", "d", "e", "https://f.example.com", "g"]);
    assert_eq!(config.secret_key.expose(), KEY.1);
}

#[test]
fn every_limit() {
    table::every_limit::<WebappConfig>(
        &[KEY],
        &[
            ("database.pool_size", &["1", "100"], &["0", "101"]),
            ("database.timeout", &["1"], &["0"]),
            ("redis.timeout", &["1"], &["0"]),
            ("redis.max_connections", &["1"], &["0"]),
            ("redis.flag_cache_ttl", &["1"], &["0"]),
            ("api.timeout", &["1"], &["0"]),
            ("api.retry_count", &["0", "10"], &["11"]),
        ],
    );
}

#[test]
fn a_secret_key_is_required() {
    let report = refuse(loader());
    assert_eq!(errors(&report), [("value.missing", "secret_key", "")]);
}

#[test]
fn a_secret_key_has_32_characters() {
    let with = |key: String| loader().env_from([("SECRET_KEY", key)]);
    accept(with("x".repeat(32)));
    let report = refuse(with("x".repeat(31)));
    assert_eq!(errors(&report), [("rule.length", "secret_key", "SECRET_KEY")]);
}

#[test]
fn every_type_is_checked() {
    let file = "\
debug: 7
log_level: TRACE
environment: moon
database: {pool_size: many}
api: [https://api.example.com]
";
    let report = refuse(loader().text("config.yaml", file).env_from([KEY]));
    let mut found = errors(&report);
    found.sort_unstable_by_key(|(_, path, _)| *path);
    assert_eq!(
        found,
        [
            ("value.type", "api", "config.yaml:5:6"),
            ("value.type", "database.pool_size", "config.yaml:4:23"),
            ("value.type", "debug", "config.yaml:1:8"),
            ("value.choice", "environment", "config.yaml:3:14"),
            ("value.choice", "log_level", "config.yaml:2:12"),
        ]
    );
}

#[test]
fn a_url_has_one_of_its_schemes() {
    for (variable, fine, bad) in [
        (
            "DATABASE_URL",
            &["postgresql://db/app", "mysql://db/app", "sqlite:///app.db"][..],
            &["http://db/app", "app.db"][..],
        ),
        ("REDIS_URL", &["redis://localhost"], &["http://localhost", "localhost:6379"]),
        ("API_BASE_URL", &["https://api.example.com", "http://localhost:8000"], &["ftp://api.example.com", "api"]),
        ("SENTRY_DSN", &["https://key@sentry.example.com/1"], &["redis://sentry", "key"]),
    ] {
        for url in fine {
            load::<WebappConfig>(&[KEY, (variable, url)]);
        }
        for url in bad {
            let report = refuse(loader().env_from([KEY, (variable, *url)]));
            let found = report.errors().map(|error| (error.code, error.at())).collect::<Vec<_>>();
            assert_eq!(found, [("rule.url", variable)], "{url}");
        }
    }
}

#[test]
fn an_encrypted_secret_needs_a_key() {
    let report = refuse(loader().env_from([KEY, ("JWT_SECRET_ENCRYPTED", "Z0FBQUFB")]));
    assert_eq!(errors(&report), [("rule.cross_field", "jwt_secret_encrypted", "JWT_SECRET_ENCRYPTED")]);
    assert_eq!(report.findings()[0].related[0].path, WebappConfig::ENCRYPTION_KEY);
}

#[test]
fn debugging_in_production_draws_a_warning() {
    let loaded = load::<WebappConfig>(&[KEY, ("DEBUG", "true"), ("ENVIRONMENT", "production")]);
    assert_eq!(warnings(&loaded), [("rule.cross_field", "debug", "DEBUG")]);
}

#[test]
fn a_secret_may_stand_in_a_file_of_its_own() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("secret_key");
    std::fs::write(&file, format!("{}\n", KEY.1)).unwrap();
    let loaded = accept(loader().env_from([("SECRET_KEY_FILE", file.to_str().unwrap())]));
    assert_eq!(loaded.config().secret_key.expose(), KEY.1);
    assert_eq!(origin(&loaded, "secret_key"), ("env", "SECRET_KEY_FILE".to_owned()));
}

#[test]
fn no_secret_is_ever_shown() {
    let marker = "c4nary";
    let long = marker.repeat(8);
    let url = format!("postgresql://user:{marker}@db/app");
    let secrets = [
        ("SECRET_KEY", long.as_str()),
        ("DATABASE_URL", &url),
        ("DATABASE_PASSWORD", marker),
        ("REDIS_URL", "redis://:c4nary@localhost"),
        ("API_KEY", marker),
        ("JWT_SECRET", marker),
        ("SENTRY_DSN", "https://c4nary@sentry.example.com/1"),
    ];
    let loaded = load::<WebappConfig>(&secrets);
    let shown = [
        format!("{:?}", loaded.config()),
        format!("{loaded:?}"),
        exported(&loaded).to_string(),
        serde_json::to_string(&loaded.explain(&[])).unwrap(),
    ];
    for text in shown {
        assert!(!text.contains(marker), "{text}");
    }

    // Nor where the secrets themselves are wrong, on a line that is quoted.
    let file = "secret_key: c4nary\ndatabase: {url: 'ftp://user:c4nary@db', pool_size: 0, password: [c4nary]}";
    let report = refuse(loader().text("config.yaml", file));
    assert_eq!(report.errors().count(), 4);
    for text in [format!("{report:?}"), report.to_string(), serde_json::to_string(&report).unwrap()] {
        assert!(!text.contains(marker), "{text}");
    }
}

#[test]
fn no_file_has_to_be_there() {
    let folder = Path::new("/nowhere");
    let loaded = accept(WebappConfig::env_files(WebappConfig::files(loader(), folder), folder).env_from([KEY]));
    assert_eq!(loaded.config(), load::<WebappConfig>(&[KEY]).config());
}

#[test]
fn files_follow_one_another_in_the_seeds_order() {
    let folder = Path::new(FOLDER);
    let loaded = accept(
        WebappConfig::files(loader(), folder)
            .variables(EnvSource::given([("ENVIRONMENT", "production")]))
            .set(&KEY.0.to_lowercase(), KEY.1),
    );
    let files = ["database.echo", "database.timeout", "database.pool_size"].map(|path| origin(&loaded, path).1);
    assert_eq!(
        files,
        [
            "tests/seeds/webapp/config.yaml:4:9",
            "tests/seeds/webapp/config.json:1:43",
            "tests/seeds/webapp/config/production.yaml:1:23",
        ]
    );
}

#[test]
fn the_environment_chooses_the_files() {
    let pool = |environment| accept(sources(environment)).config().database.pool_size;
    assert_eq!(pool(&[]), 5);
    assert_eq!(pool(&[("ENVIRONMENT", "development")]), 5);
    assert_eq!(pool(&[("ENVIRONMENT", "production")]), 20);
    // Staging has no `.env` file, so `config.json` is the strongest.
    assert_eq!(pool(&[("ENVIRONMENT", "staging")]), 12);
}

#[test]
fn the_seeds_development_file() {
    let loaded = accept(sources(&[]));
    let config = loaded.config();
    assert!(config.debug);
    assert_eq!(config.log_level, LogLevel::Debug);
    assert_eq!(config.environment, Environment::Development);
    assert_eq!(config.database.url.expose(), "postgresql://user:pass@localhost:5432/myapp_dev");
    assert_eq!((config.database.pool_size, config.database.timeout), (5, 30));
    assert_eq!(config.redis.url.expose(), "redis://localhost:6379/0");
    assert_eq!(config.redis.timeout, 5);
    assert_eq!(config.api.base_url, "https://api-staging.example.com");
    assert_eq!((config.api.timeout, config.api.retry_count), (30, 3));
    assert_eq!(config.features.new_dashboard, Flag::Switch(true));
    assert_eq!(config.features.beta_api, Flag::Switch(false));
    assert_eq!(origin(&loaded, "features.new_dashboard"), ("dotenv", format!("{FOLDER}/.env.development:21:23")));
}

#[test]
fn the_seeds_production_file() {
    let loaded = accept(sources(&[("ENVIRONMENT", "production")]));
    let config = loaded.config();
    assert!(!config.debug);
    assert_eq!(config.log_level, LogLevel::Info);
    assert_eq!(config.environment, Environment::Production);
    assert_eq!(config.database.url.expose(), "postgresql://user:pass@db.prod.com:5432/myapp");
    assert_eq!((config.database.pool_size, config.database.timeout), (20, 60));
    assert_eq!(config.redis.url.expose(), "redis://cache.prod.com:6379/0");
    assert_eq!(config.redis.timeout, 10);
    assert_eq!(config.api.base_url, "https://api.example.com");
    assert_eq!((config.api.timeout, config.api.retry_count), (60, 5));
}

#[test]
fn a_reference_reads_the_process() {
    let variables = [KEY, ("ENVIRONMENT", "production"), ("SENTRY_DSN", "https://key@sentry.example.com/1")];
    let folder = Path::new(FOLDER);
    let loader = WebappConfig::env_files(WebappConfig::files(loader(), folder), folder);
    // The variables are there to be referred to; no setting is read from them.
    let loaded = accept(loader.variables(EnvSource::given(variables)));
    assert_eq!(loaded.config().secret_key.expose(), KEY.1);
    assert_eq!(loaded.config().monitoring.sentry_dsn.as_ref().unwrap().expose(), "https://key@sentry.example.com/1");
    assert_eq!(origin(&loaded, "secret_key"), ("dotenv", format!("{FOLDER}/.env.production:16:12")));
}

#[test]
fn a_reference_to_an_unset_variable_sets_nothing() {
    let loaded = accept(sources(&[("ENVIRONMENT", "production")]));
    assert_eq!(loaded.config().jwt_secret, None);
    assert_eq!(loaded.config().monitoring.sentry_dsn, None);
    assert_eq!(warnings(&loaded), []);
}

#[test]
fn the_command_line_overrides_the_environment() {
    let loaded = accept(sources(&[("DATABASE_POOL_SIZE", "30")]).args(["webapp", "--set", "database.pool_size=40"]));
    assert_eq!(loaded.config().database.pool_size, 40);
    assert_eq!(origin(&loaded, "database.pool_size"), ("args", "--set database.pool_size".to_owned()));
}

#[test]
fn export_then_load_is_the_identity_up_to_secrets() {
    let loaded = load::<WebappConfig>(&[KEY, ("DEBUG", "true"), ("API_TIMEOUT", "7"), ("FEATURE_DARK_MODE", "on")]);
    assert_eq!(table::round_trip(&loaded, &[KEY]).config(), loaded.config());
}
