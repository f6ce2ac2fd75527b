//! Seed 002's secrets: encrypted by Fernet, composed of AWS's fields, and never shown.

use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use strata_config::{Loader, Reference, Resolved, Resolver, Secret, Unresolved};
use strata_config_reference::System;
use strata_config_reference::webapp::WebappConfig;
use strata_config_reload::Live;
use strata_config_secrets::{Fernet, FernetKey, KeyRing, to_base64};

use crate::table::{accept, errors, refuse};

/// Longer than anything takes that happened already.
const SOON: Duration = Duration::from_secs(10);

const KEY: (&str, &str) = ("SECRET_KEY", "0123456789abcdef0123456789abcdef");

fn ring() -> KeyRing {
    KeyRing::new([FernetKey::generate().unwrap()])
}

/// The system's own sources over these variables, read with these keys.
fn loader(keys: Option<&KeyRing>, variables: &[(&str, &str)]) -> Loader<WebappConfig> {
    let keys = keys.map(|keys| Arc::new(Fernet::new(keys.clone())));
    let loader = Loader::new().env_from(variables.iter().copied());
    WebappConfig::secrets(loader, keys.as_ref())
}

#[test]
fn an_encrypted_secret_is_decrypted_with_the_key_of_encryption_key() {
    let key = FernetKey::generate().unwrap();
    let text = key.to_text().expose().clone();
    let sealed = to_base64(&KeyRing::new([key]).encrypt("hunter2").unwrap());
    let variables = [KEY, ("ENCRYPTION_KEY", text.as_str()), ("JWT_SECRET_ENCRYPTED", sealed.as_str())];
    let keys = KeyRing::of_variables(|name| {
        variables.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned())
    });
    let loaded = accept(loader(keys.unwrap().as_ref(), &variables));
    assert_eq!(loaded.config().jwt_secret_encrypted.as_ref().unwrap().expose(), "hunter2");
    let origin = loaded.origin("jwt_secret_encrypted").unwrap().to_string();
    assert_eq!(origin, "variable JWT_SECRET_ENCRYPTED, which leads to a Fernet token, key 1 of 1");
}

#[test]
fn any_secret_may_be_a_token() {
    let keys = ring();
    let password = format!("fernet:{}", keys.encrypt("hunter2").unwrap());
    let url = format!("postgresql://ann:${{{password}}}@db.prod.com/myapp");
    let loaded = accept(loader(Some(&keys), &[KEY, ("DATABASE_PASSWORD", &password), ("DATABASE_URL", &url)]));
    assert_eq!(loaded.config().database.password.as_ref().unwrap().expose(), "hunter2");
    assert_eq!(loaded.config().database.url.expose(), "postgresql://ann:hunter2@db.prod.com/myapp");
}

/// AWS's answers, without AWS.
#[derive(Debug)]
struct Aws(Mutex<&'static str>);

impl Resolver for Aws {
    fn schemes(&self) -> &[&str] {
        &["aws-sm"]
    }

    fn resolve(&self, reference: Reference<'_>) -> Result<Resolved, Unresolved> {
        let text = match reference.what {
            "myapp/database#username" => "ann",
            "myapp/database#password" => *self.0.lock().unwrap(),
            "myapp/database#host" => "db.prod.com",
            "myapp/database#database" => "myapp",
            "myapp/api-keys#stripe_api_key" => "sk_live",
            _ => return Err(Unresolved::missing("there is no such secret")),
        };
        Ok(Resolved { text: Secret::from(text), place: format!("{reference}, version AWSCURRENT") })
    }
}

const COMPOSED: &str = "database:
  url: postgresql://${aws-sm:myapp/database#username}:${aws-sm:myapp/database#password}\
@${aws-sm:myapp/database#host}:5432/${aws-sm:myapp/database#database}
api:
  api_key: aws-sm:myapp/api-keys#stripe_api_key
";

#[test]
fn the_database_url_is_composed_of_a_secrets_fields() {
    let aws = Arc::new(Aws(Mutex::new("hunter2")));
    let loaded = accept(loader(None, &[KEY]).resolver(aws).text("config.yaml", COMPOSED));
    assert_eq!(loaded.config().database.url.expose(), "postgresql://ann:hunter2@db.prod.com:5432/myapp");
    assert_eq!(loaded.config().api.api_key.as_ref().unwrap().expose(), "sk_live");
}

#[test]
fn the_url_may_stand_in_the_environments_file() {
    let folder = tempfile::tempdir().unwrap();
    let line = "DATABASE_URL=postgresql://${aws-sm:myapp/database#username}:${aws-sm:myapp/database#password}@${DB_HOST:-db}/a\n";
    std::fs::write(folder.path().join(".env.production"), line).unwrap();
    let variables = [KEY, ("ENVIRONMENT", "production"), ("DB_HOST", "db.prod.com")];
    let env = strata_config::EnvSource::given(variables);
    let sources = WebappConfig::env_files(
        WebappConfig::files(Loader::new().variables(env), folder.path()),
        Path::new(folder.path()),
    );
    let loaded = accept(sources.env_from(variables).resolver(Arc::new(Aws(Mutex::new("hunter2")))));
    assert_eq!(loaded.config().database.url.expose(), "postgresql://ann:hunter2@db.prod.com/a");
}

#[test]
fn a_secret_without_its_source_is_an_error() {
    let report = refuse(loader(None, &[KEY]).text("config.yaml", COMPOSED));
    let url = ("secret.no_resolver", "database.url", "config.yaml:2:8");
    assert_eq!(errors(&report), [url, ("secret.no_resolver", "api.api_key", "config.yaml:4:12")]);
}

#[test]
fn a_rotated_secret_is_a_change_like_any_other() {
    let aws = Arc::new(Aws(Mutex::new("hunter2")));
    let live = Live::of(loader(None, &[KEY]).resolver(aws.clone()).text("config.yaml", COMPOSED)).open().unwrap();
    assert!(!live.refresh_secrets().unwrap());
    let mut changes = live.changes();
    *aws.0.lock().unwrap() = "correct horse";
    assert!(live.refresh_secrets().unwrap());
    let event = changes.next_within(SOON).unwrap();
    assert_eq!(event.changes.iter().map(|change| change.path.to_string()).collect::<Vec<_>>(), ["database.url"]);
    assert!(live.version().desired().database.url.expose().contains("correct horse"));
    assert!(!format!("{event:?}").contains("correct horse"));
}

#[test]
fn with_a_key_secrets_are_set_at_run_time_and_stored_sealed() {
    let keys = Arc::new(Fernet::new(ring()));
    let live = Live::of(loader(None, &[KEY])).sealer(keys).open().unwrap();
    live.set("database.password", "hunter2", "ann").unwrap();
    assert_eq!(live.get().database.password, None, "it needs a restart");
    assert_eq!(live.version().desired().database.password.as_ref().unwrap().expose(), "hunter2");
    let stored = live.store().load().unwrap().documents.runtime;
    assert!(stored.as_str().contains("fernet:gAAAA") && !stored.as_str().contains("hunter2"), "{}", stored.as_str());
}

#[test]
fn the_encrypted_jwt_secret_is_set_at_run_time_as_it_is_set_in_a_file() {
    let key = FernetKey::generate().unwrap();
    let (text, keys) = (key.to_text().expose().clone(), KeyRing::new([key]));
    let variables = [KEY, ("ENCRYPTION_KEY", text.as_str())];
    let live = Live::of(loader(Some(&keys), &variables)).sealer(Arc::new(Fernet::new(keys.clone()))).open().unwrap();
    let secret = |live: &Live<WebappConfig>| live.version().desired().jwt_secret_encrypted.clone().unwrap();
    let token = |text: &str| to_base64(&keys.encrypt(text).unwrap());
    live.set("jwt_secret_encrypted", token("one"), "ann").unwrap();
    assert_eq!(secret(&live).expose(), "one");
    live.update(&serde_json::json!({"jwt_secret_encrypted": token("two")}), "ann").unwrap();
    assert_eq!(secret(&live).expose(), "two");
    let preview = live.validate(&serde_json::json!({"jwt_secret_encrypted": token("three")}));
    assert!(preview.report.is_valid(), "{}", preview.report);
    // With its scheme, too; and what is no token is never taken for the secret.
    live.set("jwt_secret_encrypted", format!("fernet-base64:{}", token("four")), "ann").unwrap();
    assert_eq!(secret(&live).expose(), "four");
    assert!(live.set("jwt_secret_encrypted", "a plain secret", "ann").is_err());
}

#[test]
fn with_keys_of_the_reference_system_the_old_ones_still_open() {
    let [old, new] = [0, 1].map(|_| FernetKey::generate().unwrap());
    let sealed = format!("fernet:{}", KeyRing::new([old.clone()]).encrypt("hunter2").unwrap());
    let loaded = accept(loader(Some(&KeyRing::new([new, old])), &[KEY, ("JWT_SECRET", &sealed)]));
    assert_eq!(loaded.config().jwt_secret.as_ref().unwrap().expose(), "hunter2");
    assert!(loaded.origin("jwt_secret").unwrap().to_string().ends_with("key 2 of 2"));
}
