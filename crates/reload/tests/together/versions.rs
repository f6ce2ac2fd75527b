//! A running configuration over a store whose documents are of another version.

use std::sync::Arc;

use strata_config::migrate::{Migrations, Step};
use strata_config::{FieldPath, LayeredConfig, Value};
use strata_config_reload::{Actor, Live};
use strata_config_store::{Documents, Draft, Json, MemoryStore, Store, Timestamp};

#[derive(LayeredConfig, Debug, Clone, PartialEq)]
struct Config {
    #[config(default = 8080)]
    port: u16,
    #[config(default = 30)]
    timeout: u64,
}

fn migrations() -> Migrations {
    let step = Step::new("port", "1", "2").rename("listen", "port").maps(
        "timeout",
        |value| match value {
            Value::Int(seconds) => Ok(Value::Int(seconds * 1000)),
            _ => Err("expected a number".into()),
        },
        Ok,
    );
    Migrations::to("2").step(step).build().unwrap()
}

fn over(runtime: &str) -> (Arc<MemoryStore>, Live<Config>) {
    let store = Arc::new(MemoryStore::new());
    let marks = r#"{"runtime":{"listen":{"revision":1,"at":"2026-01-01T00:00:00Z","actor":"ada"}},"migrations":[]}"#;
    let text = |text: &str| Json::parse(text).unwrap();
    let documents = Documents { base: Json::empty(), runtime: text(runtime), marks: text(marks) };
    store.commit(0, &documents, Draft::new("ada", "test", Timestamp::now())).unwrap();
    let live = open(&store);
    (store, live)
}

fn open(store: &Arc<MemoryStore>) -> Live<Config> {
    Live::of(Config::loader().upgrade(migrations())).store(store.clone()).open().unwrap()
}

fn actor() -> Actor {
    "bob".into()
}

#[test]
fn an_older_document_is_read_as_a_new_one_with_who_set_what() {
    let (_store, live) = over(r#"{"listen":9000,"timeout":5}"#);
    assert_eq!(*live.get(), Config { port: 9000, timeout: 5000 });
    let found = live.version().explain(&[FieldPath::new("port")]).remove(0);
    let origin = found.to_string();
    assert!(origin.starts_with("runtime ada 2026-01-01T00:00:00.000Z"), "{origin}");
}

#[test]
fn a_change_writes_the_document_in_the_programs_version() {
    let (store, live) = over(r#"{"listen":9000,"timeout":5}"#);
    live.set("timeout", 6000, actor()).unwrap();
    let documents = store.load().unwrap().documents;
    assert_eq!(documents.runtime.as_str(), r#"{"port":9000,"timeout":6000,"version":"2"}"#);
    assert!(documents.marks.as_str().contains(r#""migrations":[]"#), "{}", documents.marks);
    // What it wrote it does not migrate again.
    assert_eq!(open(&store).get().timeout, 6000);
}

#[test]
fn what_a_new_store_holds_says_its_version() {
    let store = Arc::new(MemoryStore::new());
    open(&store).update(&serde_json::json!({"timeout": 7}), actor()).unwrap();
    assert_eq!(store.load().unwrap().documents.runtime.as_str(), r#"{"timeout":7,"version":"2"}"#);
    assert_eq!(open(&store).get().timeout, 7);
}

#[test]
fn a_newer_document_is_read_and_every_write_is_refused() {
    let (store, live) = over(r#"{"version":"3","port":9000,"later":true}"#);
    assert_eq!(live.get().port, 9000);
    let error = live.set("timeout", 6000, actor()).unwrap_err();
    let codes: Vec<_> = error.report().unwrap().errors().map(|finding| finding.code).collect();
    assert_eq!(codes, ["document.newer"]);
    assert!(live.reset(actor()).is_err());
    assert_eq!(store.load().unwrap().revision, 1);
}

#[test]
fn a_backup_of_its_own_version_goes_over_a_newer_document() {
    let (store, live) = over(r#"{"version":"2","port":9000}"#);
    let backup = live.backup().unwrap();
    let later = Json::parse(r#"{"version":"3"}"#).unwrap();
    let documents = Documents { base: Json::empty(), runtime: later, marks: Json::parse("{}").unwrap() };
    store.commit(1, &documents, Draft::new("ada", "migrate", Timestamp::now())).unwrap();
    let live = open(&store);
    live.restore(&backup, actor()).unwrap();
    live.set("port", 9001, actor()).unwrap();
    assert_eq!(live.get().port, 9001);
}

#[test]
fn values_of_this_process_alone_are_of_its_own_version() {
    let live = Live::of(Config::loader().upgrade(migrations())).open().unwrap();
    live.update_here(&serde_json::json!({"timeout": 7}), actor()).unwrap();
    assert_eq!(live.get().timeout, 7);
}

#[test]
fn documents_that_a_later_program_wrote_meanwhile_are_not_written_over() {
    let (store, live) = over(r#"{"version":"2","port":9000}"#);
    let later = Json::parse(r#"{"version":"3","port":9000,"later":true}"#).unwrap();
    let documents = Documents { base: Json::empty(), runtime: later, marks: Json::parse("{}").unwrap() };
    store.commit(1, &documents, Draft::new("ada", "migrate", Timestamp::now())).unwrap();
    let error = live.set("timeout", 6000, actor()).unwrap_err();
    let codes: Vec<_> = error.report().unwrap().errors().map(|finding| finding.code).collect();
    assert_eq!(codes, ["document.newer"]);
    assert_eq!(store.load().unwrap().documents, documents);
}

/// Settings of which the version is one.
#[derive(LayeredConfig, Debug, Clone, PartialEq)]
struct Versioned {
    #[config(default = "2")]
    version: String,
    #[config(default = 8080)]
    port: u16,
}

#[test]
fn no_change_gives_stored_documents_another_version() {
    let store = Arc::new(MemoryStore::new());
    let live = Live::of(Versioned::loader().upgrade(migrations())).store(store.clone()).open().unwrap();
    for version in ["3", "1", "0", "nothing"] {
        let error = live.update(&serde_json::json!({"version": version, "port": 0.5}), actor()).unwrap_err();
        let findings: Vec<_> =
            error.report().unwrap().errors().map(|told| (told.code, told.path.to_string())).collect();
        let expected = [("document.migration", "version".to_owned()), ("value.type", "port".to_owned())];
        assert!(expected.iter().all(|told| findings.contains(told)) && findings.len() == 2, "{version}: {findings:?}");
        assert!(live.set("version", version, actor()).is_err(), "{version}");
    }
    assert_eq!(store.load().unwrap().revision, 0);
    for own in ["2", "2.0"] {
        live.set("version", own, actor()).unwrap();
        live.set("port", 80, actor()).unwrap();
        live.unset("version", actor()).unwrap();
    }
}
