//! Secrets of a running configuration: set at run time and stored sealed, sealed anew, read again where they stand.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::{Duration, UNIX_EPOCH};

use serde_json::json;
use strata_config::{FieldPath, LayeredConfig, Reference, Resolved, Resolver, Sealer, Secret, Unresolved};
use strata_config_reload::{Batch, Condition, EventKind, Live, Point};
use strata_config_secrets::{Fernet, FernetKey, Fetch, FetchError, Fetched, KeyRing, Remote};
use strata_config_store::{MemoryStore, Store};

/// Longer than anything takes that happened already.
const SOON: Duration = Duration::from_secs(10);

#[derive(LayeredConfig, Debug, Clone, PartialEq)]
struct App {
    #[config(default = "app")]
    name: String,
    #[config(secret, default = Secret::new("default".to_owned()), validate(length(min = 4)))]
    password: Secret<String>,
    #[config(secret, default = [])]
    tokens: BTreeMap<String, Secret<String>>,
    #[config(secret, default = [])]
    hosts: Vec<Secret<String>>,
    #[config(nested)]
    servers: Vec<Server>,
    #[config(nested)]
    regions: BTreeMap<String, Server>,
    #[config(nested)]
    tls: Option<Server>,
}

#[derive(LayeredConfig, Debug, Clone, PartialEq)]
struct Server {
    #[config(secret)]
    key: Secret<String>,
}

fn key() -> FernetKey {
    FernetKey::generate().unwrap()
}

fn open(store: &Arc<MemoryStore>, keys: Option<KeyRing>) -> Live<App> {
    let builder = Live::of(App::loader()).store(Arc::clone(store) as Arc<dyn Store>);
    match keys {
        Some(keys) => builder.sealer(Arc::new(Fernet::new(keys)) as Arc<dyn Sealer>),
        None => builder,
    }
    .open()
    .unwrap()
}

/// Everything that a store holds, as text.
fn everything(live: &Live<App>) -> String {
    let history = live.history(&Default::default()).unwrap();
    let snapshots = live.snapshots().unwrap();
    format!("{:?} {history:?} {snapshots:?} {:?}", live.store().load().unwrap(), live.backup().unwrap())
}

/// Every place in which a secret may stand, by every way of setting it.
fn set_all(live: &Live<App>) -> Vec<Result<(), String>> {
    let done = |result: Result<strata_config_reload::Applied, strata_config_reload::UpdateError>| {
        result.map(drop).map_err(|error| format!("{error} {error:?}"))
    };
    vec![
        done(live.set("password", "CANARY-1", "ann")),
        done(live.update(&json!({"tokens": {"a": "CANARY-2"}}), "ann")),
        done(live.set("tokens.b", "CANARY-3", "ann")),
        done(live.set("hosts", ["CANARY-4"], "ann")),
        done(live.update(&json!({"servers": [{"key": "CANARY-5"}]}), "ann")),
        done(live.set("regions.eu", json!({"key": "CANARY-6"}), "ann")),
        done(live.set("tls", json!({"key": "CANARY-7"}), "ann")),
        done(live.apply(&Batch::new().set("tls.key", "CANARY-8").set("name", "x"), "ann")),
        done(live.set_base(&json!({"regions": {"us": {"key": "CANARY-9"}}}), "fleet")),
        done(live.update_here(&json!({"password": "CANARY-0"}), "ann")),
    ]
}

#[test]
fn without_a_key_no_way_leads_a_secret_into_the_store() {
    let live = open(&Arc::new(MemoryStore::new()), None);
    for (at, result) in set_all(&live).into_iter().enumerate() {
        let told = result.expect_err(&format!("way {at} stored a secret"));
        assert!(told.contains("secret.no_key") && !told.contains("CANARY"), "{at}: {told}");
    }
    assert_eq!(live.version().revision(), 0);
    assert!(!everything(&live).contains("CANARY"));
}

#[test]
fn with_a_key_every_way_stores_it_sealed() {
    let store = Arc::new(MemoryStore::new());
    let keys = KeyRing::new([key()]);
    let live = open(&store, Some(keys.clone()));
    let mut events = live.events();
    for (at, result) in set_all(&live).into_iter().enumerate() {
        assert!(result.is_ok(), "way {at}: {result:?}");
    }
    live.snapshot("before", ["kept"], "ann").unwrap();
    assert!(!everything(&live).contains("CANARY"));
    while let Some(event) = events.next_within(Duration::ZERO) {
        assert!(!format!("{event:?}").contains("CANARY"));
    }
    // Another process reads what this one sealed; what was of this process alone is gone.
    let other = open(&store, Some(keys));
    let app = other.get();
    assert_eq!(app.password.expose(), "CANARY-1");
    assert_eq!((app.tokens["a"].expose().as_str(), app.tokens["b"].expose().as_str()), ("CANARY-2", "CANARY-3"));
    assert_eq!((app.hosts[0].expose().as_str(), app.servers[0].key.expose().as_str()), ("CANARY-4", "CANARY-5"));
    assert_eq!(
        (app.regions["eu"].key.expose().as_str(), app.regions["us"].key.expose().as_str()),
        ("CANARY-6", "CANARY-9")
    );
    assert_eq!(app.tls.as_ref().unwrap().key.expose(), "CANARY-8");
}

#[test]
fn the_same_secret_once_more_is_no_change() {
    let live = open(&Arc::new(MemoryStore::new()), Some(KeyRing::new([key()])));
    live.set("password", "hunter2", "ann").unwrap();
    let again = live.update(&json!({"password": "hunter2"}), "bob").unwrap();
    assert_eq!((again.revision, again.entry), (1, None));
    let masked = live.update(&json!({"password": {"$secret": true}}), "bob").unwrap();
    assert_eq!(masked.revision, 1);
    assert!(live.update(&json!({"password": "abc"}), "bob").is_err(), "rules are those of the secret");
}

#[test]
fn a_masked_entry_of_a_map_of_secrets_stays() {
    let live = open(&Arc::new(MemoryStore::new()), Some(KeyRing::new([key()])));
    live.update(&json!({"tokens": {"a": "one", "b": "two"}}), "ann").unwrap();
    live.update(&json!({"tokens": {"a": {"$secret": true}, "b": "three"}}), "ann").unwrap();
    let app = live.get();
    assert_eq!((app.tokens["a"].expose().as_str(), app.tokens["b"].expose().as_str()), ("one", "three"));
}

#[test]
fn a_new_key_seals_everything_anew_in_one_commit() {
    let store = Arc::new(MemoryStore::new());
    let (old, new) = (key(), key());
    {
        let live = open(&store, Some(KeyRing::new([old.clone()])));
        live.update(&json!({"password": "hunter2", "tokens": {"a": "one"}, "name": "x"}), "ann").unwrap();
        live.set_base(&json!({"regions": {"us": {"key": "two"}}}), "fleet").unwrap();
        assert_eq!(live.reseal("ops").unwrap().entry, None, "the newest key sealed everything");
    }
    let live = open(&store, Some(KeyRing::new([new.clone(), old])));
    let generation = live.version().generation();
    let applied = live.reseal("ops").unwrap();
    assert_eq!((applied.revision, applied.changes.len()), (3, 0));
    assert_eq!(live.version().generation(), generation + 1);
    // Who set the values stays who it was.
    assert!(live.version().explain(&[]).iter().any(|value| {
        value.path.as_str() == "password" && value.origin.as_ref().is_some_and(|origin| origin.at.starts_with("ann "))
    }));
    let alone = open(&store, Some(KeyRing::new([new])));
    assert_eq!(
        (alone.get().password.expose().as_str(), alone.get().regions["us"].key.expose().as_str()),
        ("hunter2", "two")
    );
    // What no key opens is no success: whoever asked would take the keys away that do.
    let other = Live::of(App::loader()).store(Arc::clone(&store) as Arc<dyn Store>).or_newest_usable();
    let other = other.sealer(Arc::new(Fernet::new(KeyRing::new([key()])))).open().unwrap();
    let report = other.reseal("ops").unwrap_err().report().unwrap().to_string();
    assert!(["password", "tokens.a", "regions.us.key"].iter().all(|path| report.contains(path)), "{report}");
    assert!(report.contains("secret.unreadable") && other.store().load().unwrap().revision == 3);
    // The past is sealed with the old key.
    assert!(alone.rollback(&Point::Revision(1), "ops").is_err());
    assert!(live.rollback(&Point::Revision(1), "ops").is_ok());
}

#[test]
fn without_its_key_a_store_is_refused_and_nothing_is_shown() {
    let store = Arc::new(MemoryStore::new());
    open(&store, Some(KeyRing::new([key()]))).set("password", "hunter2", "ann").unwrap();
    for (keys, code) in [(None, "secret.no_resolver"), (Some(KeyRing::new([key()])), "secret.unreadable")] {
        let builder = Live::of(App::loader()).store(Arc::clone(&store) as Arc<dyn Store>);
        let builder = match keys {
            Some(keys) => builder.sealer(Arc::new(Fernet::new(keys))),
            None => builder,
        };
        let told = builder.open().unwrap_err().to_string();
        assert!(told.contains(code) && told.contains("password") && !told.contains("gAAAA"), "{told}");
    }
}

/// A vault whose one secret changes.
#[derive(Debug)]
struct Vault(Mutex<Result<&'static str, Unresolved>>);

impl Resolver for Vault {
    fn schemes(&self) -> &[&str] {
        &["vault"]
    }

    fn resolve(&self, reference: Reference<'_>) -> Result<Resolved, Unresolved> {
        let text = self.0.lock().unwrap().clone()?;
        Ok(Resolved { text: Secret::from(text), place: reference.to_string() })
    }
}

#[test]
fn a_secret_that_changed_elsewhere_is_a_local_event_and_one_that_fails_changes_nothing() {
    let vault = Arc::new(Vault(Mutex::new(Ok("hunter2"))));
    let loader = App::loader().resolver(vault.clone()).text("a.toml", "password = 'vault:x'");
    let live = Live::of(loader).open().unwrap();
    let mut events = live.events();
    let set = |value| *vault.0.lock().unwrap() = value;

    assert!(!live.refresh_secrets().unwrap());
    set(Ok("CANARY-new"));
    assert!(live.refresh_secrets().unwrap());
    let event = events.next_within(SOON).unwrap();
    assert!(matches!(&event.kind, EventKind::Reloaded { source } if source == "secrets"));
    assert_eq!((live.version().generation(), live.version().revision()), (2, 0));
    assert_eq!(live.get().password.expose(), "CANARY-new");

    // What is away or against a rule leaves in effect what was, and is told once.
    for wrong in [Err(Unresolved::unavailable("the vault is away")), Ok("abc")] {
        set(wrong);
        for _ in 0..2 {
            assert!(live.refresh_secrets().is_err());
        }
        assert!(matches!(events.next_within(SOON).unwrap().kind, EventKind::Failed { .. }));
        assert_eq!(live.get().password.expose(), "CANARY-new");
    }
    set(Ok("CANARY-new"));
    assert!(!live.refresh_secrets().unwrap());
    assert!(matches!(events.next_within(SOON).unwrap().kind, EventKind::Recovered { .. }));
    assert!(events.next_within(Duration::ZERO).is_none());
}

/// A remote source: what it answers.
#[derive(Debug, Clone)]
struct Source(Arc<Mutex<Result<&'static str, FetchError>>>);

impl Fetch for Source {
    fn fetch(&self, _: &str, _: &str) -> Result<Fetched, FetchError> {
        let text = self.0.lock().unwrap().clone()?;
        Ok(Fetched { text: Secret::from(text), version: text.to_owned() })
    }
}

#[test]
fn a_source_that_gives_nothing_new_is_shown_with_since_when_and_why() {
    let source = Source(Arc::new(Mutex::new(Ok("hunter2"))));
    let time = Arc::new(Mutex::new(UNIX_EPOCH + Duration::from_secs(1_000_000)));
    let now = Arc::clone(&time);
    let remote = Remote::new("vault", source.clone()).clock(move || *now.lock().unwrap(), |_| {});
    let loader = App::loader().resolver(Arc::new(remote)).text("a.toml", "password = 'vault:x'");
    let live = Live::of(loader).open().unwrap();
    let known = || live.status().sources.into_iter().find(|source| source.name == "secrets of vault").unwrap();
    let turn = |seconds| *time.lock().unwrap() += Duration::from_secs(seconds);
    assert!(known().ok && live.status().condition == Condition::Healthy);

    *source.0.lock().unwrap() = Err(FetchError::Away("the vault is sealed".to_owned()));
    turn(300);
    assert!(!live.refresh_secrets().unwrap(), "the copy counts");
    let status = live.status();
    assert_eq!(status.condition, Condition::Degraded);
    let stale = "secrets of vault are stale since 1970-01-12T13:51:40.000Z: the vault is sealed \
                 (the oldest copy is of 1970-01-12T13:46:40.000Z)";
    assert_eq!(status.reasons, [stale]);
    assert_eq!(known().failing_since.unwrap().to_string(), "1970-01-12T13:51:40.000Z");
    assert_eq!(known().problem.as_deref(), Some("the vault is sealed"));
    assert_eq!(known().copy_of.unwrap().to_string(), "1970-01-12T13:46:40.000Z");
    let explained = live.version().explain(&[FieldPath::new("password")]).remove(0).to_string();
    let stale = "stale: its source is away since 1970-01-12T13:51:40Z, last given 1970-01-12T13:46:40Z";
    assert!(explained.contains(stale), "{explained}");

    // What a source has now, and the configuration can't use.
    *source.0.lock().unwrap() = Ok("abc");
    turn(5);
    assert!(live.refresh_secrets().is_err());
    let status = live.status();
    let told = "what secrets are now can't be used, and those before are in effect: ";
    assert!(known().ok && status.condition == Condition::Degraded && status.reasons.len() == 1);
    assert!(status.reasons[0].starts_with(told) && status.reasons[0].contains("at least 4"), "{:?}", status.reasons);
    assert_eq!(live.get().password.expose(), "hunter2");

    *source.0.lock().unwrap() = Ok("correct horse");
    turn(300);
    assert!(live.refresh_secrets().unwrap());
    assert!(live.status().reasons.is_empty() && live.status().condition == Condition::Healthy);
}

/// A configuration in which `password` is always a token in base64.
fn always_a_token(keys: KeyRing, vault: &Arc<Vault>) -> Live<App> {
    let loader = App::loader().refers("password", "fernet-base64").resolver(Arc::clone(vault) as Arc<dyn Resolver>);
    Live::of(loader).sealer(Arc::new(Fernet::new(keys)) as Arc<dyn Sealer>).open().unwrap()
}

fn stored(live: &Live<App>) -> serde_json::Value {
    serde_json::from_str(live.store().load().unwrap().documents.runtime.as_str()).unwrap()
}

#[test]
fn a_setting_that_always_refers_may_be_set_without_its_scheme() {
    let keys = KeyRing::new([key()]);
    let live = always_a_token(keys.clone(), &Arc::new(Vault(Mutex::new(Ok("word")))));
    let token = |text: &str| strata_config_secrets::to_base64(&keys.encrypt(text).unwrap());
    let (one, two, three) = (token("CANARY-1"), token("CANARY-2"), token("CANARY-3"));
    live.set("password", &one, "ann").unwrap();
    assert_eq!(live.get().password.expose(), "CANARY-1");
    assert_eq!(stored(&live)["password"], format!("fernet-base64:{one}"), "the store says what it is");
    live.update(&json!({"password": format!(" {two}\n")}), "ann").unwrap();
    assert_eq!(live.get().password.expose(), "CANARY-2");
    assert_eq!(live.update(&json!({"password": two}), "ann").unwrap().entry, None, "the same is no change");
    live.set_base(&json!({"password": three}), "fleet").unwrap();
    live.unset("password", "ann").unwrap();
    assert_eq!(live.get().password.expose(), "CANARY-3");
    live.update_here(&json!({"password": one}), "ann").unwrap();
    assert_eq!(live.get().password.expose(), "CANARY-1");
    // It is never taken for the secret itself.
    let report = live.set("password", "hunter2", "ann").unwrap_err().report().unwrap().to_string();
    assert!(report.contains("secret.reference") && !report.contains("hunter2"), "{report}");
    assert!(!everything(&live).contains("CANARY"));
}

#[test]
fn a_reference_of_the_programs_own_scheme_is_stored_as_it_is() {
    let vault = Arc::new(Vault(Mutex::new(Ok("hunter2"))));
    let live = always_a_token(KeyRing::new([key()]), &vault);
    live.update(&json!({"hosts": ["vault:x", "plain"], "tokens": {"a": "${vault:x}"}}), "ann").unwrap();
    let app = live.get();
    assert_eq!((app.hosts[0].expose().as_str(), app.hosts[1].expose().as_str()), ("hunter2", "plain"));
    assert_eq!(app.tokens["a"].expose(), "hunter2");
    let held = stored(&live);
    assert_eq!((&held["hosts"][0], &held["tokens"]["a"]), (&json!("vault:x"), &json!("vault:x")), "{held}");
    assert!(held["hosts"][1].as_str().unwrap().starts_with("fernet:gAAAA"), "{held}");
}

#[test]
fn of_a_text_with_references_in_it_the_rest_is_sealed() {
    let vault = Arc::new(Vault(Mutex::new(Ok("hunter2"))));
    let (old, new) = (key(), key());
    let live = always_a_token(KeyRing::new([old.clone()]), &vault);
    let url = "postgresql://CANARY:${vault:db#password}@CANARY-host/app";
    live.set("tokens.url", url, "ann").unwrap();
    assert_eq!(live.get().tokens["url"].expose(), "postgresql://CANARY:hunter2@CANARY-host/app");
    let held = stored(&live)["tokens"]["url"].as_str().unwrap().to_owned();
    assert!(held.contains("${vault:db#password}${fernet:gAAAA"), "{held}");
    assert!(!everything(&live).contains("CANARY"));
    assert_eq!(live.set("tokens.url", url, "ann").unwrap().entry, None, "the same once more is no change");
    let unclosed = live.set("tokens.url", "CANARY ${vault:x", "ann").unwrap_err().report().unwrap().to_string();
    assert!(unclosed.contains("secret.reference") && !unclosed.contains("CANARY"), "{unclosed}");

    // A new key seals its parts anew.
    let store = live.store().clone();
    drop(live);
    let open = |keys: KeyRing| {
        let loader = App::loader().resolver(Arc::clone(&vault) as Arc<dyn Resolver>);
        Live::of(loader).store(Arc::clone(&store)).sealer(Arc::new(Fernet::new(keys))).open().unwrap()
    };
    open(KeyRing::new([new.clone(), old])).reseal("ops").unwrap();
    let alone = open(KeyRing::new([new]));
    assert_eq!(alone.get().tokens["url"].expose(), "postgresql://CANARY:hunter2@CANARY-host/app");
    assert_ne!(stored(&alone)["tokens"]["url"], held);
}

#[test]
fn a_new_key_seals_a_token_in_base64_anew_too() {
    let store = Arc::new(MemoryStore::new());
    let (old, new) = (key(), key());
    let keys = KeyRing::new([old.clone()]);
    let token = strata_config_secrets::to_base64(&keys.encrypt("hunter2").unwrap());
    open(&store, Some(keys)).set("password", format!("fernet-base64:{token}"), "ann").unwrap();
    let applied = open(&store, Some(KeyRing::new([new.clone(), old]))).reseal("ops").unwrap();
    assert_eq!(applied.revision, 2);
    assert_eq!(open(&store, Some(KeyRing::new([new]))).get().password.expose(), "hunter2", "the old key may go");
}
