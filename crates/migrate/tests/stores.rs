//! A store: all of its documents in one commit, a snapshot before, records after; nothing half done.

use std::time::Duration;

use strata_config::{LayeredConfig, Secret, Value};
use strata_config_migrate::{Migrations, Step};
use strata_config_store::{Documents, Draft, Json, MemoryStore, Store, Timestamp, Watched};

#[derive(LayeredConfig)]
struct Config {
    #[config(default = 8080, validate(range(min = 1024)))]
    port: u16,
    #[config(nested)]
    http: Http,
    #[config(secret)]
    token: Option<Secret<String>>,
}

#[derive(LayeredConfig)]
struct Http {
    #[config(default = 30)]
    timeout: u64,
}

fn migrations() -> Migrations {
    Migrations::to("3")
        .step(Step::new("port", "1", "2").rename("listen", "port"))
        .step(Step::new("http", "2", "3").moves("timeout", "http.timeout"))
        .build()
        .unwrap()
}

fn filled(base: &str, runtime: &str) -> MemoryStore {
    let store = MemoryStore::new();
    let marks = r#"{"base":{},"runtime":{"timeout":{"revision":1,"at":"2026-01-01T00:00:00Z","actor":"ada"}}}"#;
    let text = |text: &str| Json::parse(text).unwrap();
    let documents = Documents { base: text(base), runtime: text(runtime), marks: text(marks) };
    store.commit(0, &documents, Draft::new("ada", "test", Timestamp::now())).unwrap();
    store
}

#[test]
fn both_documents_are_migrated_in_one_commit() {
    let store = filled(r#"{"listen":9000}"#, r#"{"version":"2","timeout":5,"port":9001}"#);
    let plan = migrations().plan_store::<Config>(&store, None).unwrap();
    let done = plan.apply(&store, "bob").unwrap().unwrap();
    let state = store.load().unwrap();
    assert_eq!((done.revision, state.revision), (2, 2));
    assert_eq!(state.documents.base.as_str(), r#"{"port":9000,"version":"3"}"#);
    assert_eq!(state.documents.runtime.as_str(), r#"{"version":"3","port":9001,"http":{"timeout":5}}"#);
    let marks = state.documents.marks.as_str();
    assert!(marks.contains(r#""http.timeout":{"#) && marks.contains("ada"), "{marks}");
    let entry = store.entry(2).unwrap().unwrap();
    assert_eq!((entry.actor.as_str(), entry.source.as_str(), entry.tags), ("bob", "migrate", vec!["migration".into()]));
    assert_eq!(entry.reason.as_deref(), Some("base: 1 to 3; runtime: 2 to 3"));
    let records = Migrations::store_history(&store).unwrap();
    assert_eq!(records, done.records);
    let told: Vec<_> = records.iter().map(|record| (&*record.document, &*record.id)).collect();
    assert_eq!(told, [("base", "port"), ("base", "http"), ("runtime", "http")]);
    let snapshot = store.snapshots().unwrap().remove(0);
    assert_eq!(
        (snapshot.id, snapshot.revision, snapshot.documents.base.as_str()),
        (done.snapshot, 1, r#"{"listen":9000}"#)
    );
}

#[test]
fn the_way_back_leads_back() {
    let store = filled(r#"{"listen":9000,"timeout":7}"#, "{}");
    migrations().plan_store::<Config>(&store, None).unwrap().apply(&store, "bob").unwrap();
    migrations().plan_store::<Config>(&store, Some("1")).unwrap().apply(&store, "bob").unwrap();
    let back = store.load().unwrap().documents;
    assert_eq!(back.base.as_str(), r#"{"listen":9000,"version":"1","timeout":7}"#);
    let directions: Vec<_> =
        Migrations::store_history(&store).unwrap().iter().map(|record| record.direction.clone()).collect();
    assert_eq!(directions, ["up", "up", "down", "down"]);
}

#[test]
fn a_store_that_is_up_to_date_gets_no_commit() {
    for (base, runtime) in [("{}", "{}"), (r#"{"version":"3","port":9000}"#, "{}")] {
        let store = filled(base, runtime);
        let plan = migrations().plan_store::<Config>(&store, None).unwrap();
        assert!(plan.is_empty() && plan.apply(&store, "bob").unwrap().is_none());
        assert_eq!((store.load().unwrap().revision, store.snapshots().unwrap().len()), (1, 0));
    }
}

#[test]
fn a_document_that_would_be_wrong_is_refused_and_said_which() {
    let store = filled("{}", r#"{"listen":80}"#);
    let error = migrations().plan_store::<Config>(&store, None).unwrap_err();
    assert!(error.is_invalid() && error.to_string().starts_with("the store's document `runtime`: "), "{error}");
}

#[test]
fn keys_outside_the_struct_and_sealed_secrets_are_carried_over() {
    let store = filled("{}", r#"{"listen":9000,"declared":1.50,"token":{"$sealed":"abc"}}"#);
    migrations().plan_store::<Config>(&store, None).unwrap().apply(&store, "bob").unwrap();
    let runtime = store.load().unwrap().documents.runtime;
    assert_eq!(runtime.as_str(), r#"{"port":9000,"declared":1.50,"token":{"$sealed":"abc"},"version":"3"}"#);
    let entry = store.entry(2).unwrap().unwrap();
    assert!(!format!("{:?}", entry.changes).contains("abc"));
}

#[test]
fn a_newer_document_is_not_migrated() {
    let store = filled("{}", r#"{"version":"4","port":9000}"#);
    assert!(migrations().plan_store::<Config>(&store, None).unwrap_err().is_newer());
}

#[test]
fn a_step_that_changed_after_it_was_taken_is_refused() {
    let store = filled(r#"{"listen":9000}"#, "{}");
    migrations().plan_store::<Config>(&store, Some("2")).unwrap().apply(&store, "bob").unwrap();
    let changed = Migrations::to("3")
        .step(Step::new("port", "1", "2").rename("listen", "port").edition(2))
        .step(Step::new("http", "2", "3"))
        .build()
        .unwrap();
    let error = changed.plan_store::<Config>(&store, None).unwrap_err();
    assert!(error.is_changed() && error.step() == Some("port"), "{error}");
    assert_eq!(store.load().unwrap().revision, 2);
}

#[test]
fn who_commits_meanwhile_comes_first() {
    let store = filled(r#"{"listen":9000}"#, "{}");
    let plan = migrations().plan_store::<Config>(&store, None).unwrap();
    let documents = Documents { base: Json::parse(r#"{"listen":9001}"#).unwrap(), ..Documents::default() };
    store.commit(1, &documents, Draft::new("eve", "test", Timestamp::now())).unwrap();
    assert!(plan.apply(&store, "bob").unwrap_err().is_conflict());
    assert_eq!((store.load().unwrap().documents, store.snapshots().unwrap().len()), (documents, 0));
}

#[test]
fn others_hear_of_a_migration_as_of_any_commit() {
    let store = filled(r#"{"listen":9000}"#, "{}");
    let mut watch = store.watch(1).unwrap();
    migrations().plan_store::<Config>(&store, None).unwrap().apply(&store, "bob").unwrap();
    let Watched::Entries(entries) = watch.next(Duration::from_secs(60)).unwrap() else { panic!("it was committed") };
    let paths: Vec<&str> = entries[0].changes.iter().map(|change| change.path.as_str()).collect();
    assert_eq!(paths, ["listen", "port", "version"]);
    assert_eq!(entries[0].changes[1].new, Some(Json::of(&Value::Int(9000)).unwrap()));
}
