//! Sources that are read one by one: a stack gives what a load gives, and one source is read again without the others.

use std::fs;
use std::sync::{Arc, Mutex};

use strata_config::{EnvSource, Layer, LayerKind, LayeredConfig, SourceId, Stack, Value, freeze};

#[derive(LayeredConfig, Debug, Clone, PartialEq)]
#[config(env_prefix = "APP")]
struct Config {
    #[config(default = 8)]
    threads: u32,
    #[config(default = "info")]
    log: String,
    #[config(default = ["a"], merge = "append")]
    tags: Vec<String>,
    #[config(default = 80, reload = "restart")]
    port: u16,
    #[config(nested)]
    servers: Vec<Server>,
}

#[derive(LayeredConfig, Debug, Clone, PartialEq)]
struct Server {
    #[config(default = 1, reload = "restart")]
    weight: u32,
}

fn find(stack: &Stack<Config>, name: &str) -> SourceId {
    stack.sources().find(|id| stack.name(*id).ends_with(name)).unwrap()
}

fn json(text: &str) -> Value {
    Value::from_json("values.json", text).unwrap()
}

#[test]
fn a_stack_reports_and_explains_as_a_load_does() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("a.toml"), "include = [\"b.toml\"]\nthreads = 2\nlgo = 1\n").unwrap();
    fs::write(folder.path().join("b.toml"), "threads = 1\nlog = \"debug\"\n").unwrap();
    let loader = Config::loader()
        .file(folder.path().join("a.toml"))
        .file(folder.path().join("b.toml"))
        .dotenv_text(".env", "APP_LOG=warn\nAPP_LGO=1\n")
        .env_from([("APP_THREADS", "x")])
        .set("port", "81");
    let outcome = loader.clone().stack().outcome(None, None);
    let read = loader.read();
    assert_eq!(outcome.report(), read.report());
    assert!(outcome.report().errors().count() >= 2, "{}", outcome.report());
    assert_eq!(format!("{:?}", outcome.explain(&[])), format!("{:?}", read.explain(&[])));
}

#[test]
fn one_source_is_read_again_and_the_others_are_not() {
    let folder = tempfile::tempdir().unwrap();
    let (one, two) = (folder.path().join("one.toml"), folder.path().join("two.toml"));
    fs::write(&one, "threads = 1\n").unwrap();
    fs::write(&two, "log = \"two\"\n").unwrap();
    let stack = Config::loader().file(&one).file(&two).stack();
    fs::write(&one, "threads = 3\n").unwrap();
    fs::write(&two, "log = \"three\"\n").unwrap();
    let mut next = stack.clone();
    next.refresh(find(&next, "one.toml"));
    let loaded = next.outcome(None, None).into_loaded().unwrap();
    assert_eq!((loaded.threads, loaded.log.as_str()), (3, "two"));
    assert!(!next.is_same(&stack, find(&next, "one.toml")));
    assert!(next.is_same(&stack, find(&next, "two.toml")));
    assert_eq!(stack.outcome(None, None).into_loaded().unwrap().threads, 1);
}

#[test]
fn variables_that_are_asked_for_may_differ_at_the_next_reading() {
    let threads = Arc::new(Mutex::new("2"));
    let asked = Arc::clone(&threads);
    let env = EnvSource::asked(move || vec![("APP_THREADS".into(), (*asked.lock().unwrap()).into())]);
    let mut stack = Config::loader().env_source(env).stack();
    *threads.lock().unwrap() = "3";
    let before = stack.outcome(None, None).into_loaded().unwrap().threads;
    stack.refresh(find(&stack, "environment"));
    assert_eq!((before, stack.outcome(None, None).into_loaded().unwrap().threads), (2, 3));
}

#[test]
fn a_file_that_is_written_again_with_the_same_text_is_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("app.toml");
    let stack = Config::loader().file(&file).optional().stack();
    let id = find(&stack, "app.toml");
    assert_eq!(stack.files(id), [file.as_path()]);
    let mut written = stack.clone();
    fs::write(&file, "threads = 1\n").unwrap();
    written.refresh(id);
    assert!(!written.is_same(&stack, id));
    let mut again = written.clone();
    fs::write(&file, "threads = 1\n").unwrap();
    again.refresh(id);
    assert!(again.is_same(&written, id));
}

#[test]
fn included_files_are_watched_also_while_they_are_missing() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("a.toml"), "include = [\"b.toml\"]\n").unwrap();
    let stack = Config::loader().file(folder.path().join("a.toml")).stack();
    let files = stack.files(find(&stack, "a.toml"));
    assert_eq!(files, [folder.path().join("a.toml"), folder.path().join("b.toml")]);
}

#[test]
fn a_stores_documents_are_the_weakest_and_the_strongest_layer_with_a_name_for_each_value() {
    let stack = Config::loader().text("app.toml", "threads = 2\ntags = [\"f\"]\n").stack();
    let base = Layer::marked(LayerKind::Store, "3", &json(r#"{"threads":1,"log":"base"}"#), |_| None);
    let runtime = json(r#"{"tags":["r"],"gone":1,"servers":[{"weight":2}]}"#);
    let by = |path: &str| (path == "tags").then(|| "ann 2026-11-21T10:00:00Z".to_owned());
    let runtime = Layer::marked(LayerKind::Runtime, "unknown", &runtime, by);
    let loaded = stack.outcome(Some(base), Some(runtime)).into_loaded().unwrap();
    assert_eq!((loaded.threads, loaded.log.as_str()), (2, "base"));
    assert_eq!(loaded.tags, ["r"], "a list that is set at run time is the whole list");
    let at = |path: &str| loaded.origin(path).unwrap().origin.unwrap();
    assert_eq!((at("log").layer, at("log").at.as_str()), (LayerKind::Store, "3"));
    assert_eq!((at("tags").layer, at("tags").at.as_str()), (LayerKind::Runtime, "ann 2026-11-21T10:00:00Z"));
    assert_eq!(at("servers.0.weight").at, "unknown");
    let warnings: Vec<_> = loaded.warnings().findings().iter().map(|finding| finding.path.as_str()).collect();
    assert_eq!(warnings, ["gone"], "a key that only an older version knew must not stop a program");
}

#[test]
fn values_that_need_a_restart_keep_what_is_running() {
    let load = |text: &str| Config::loader().text("app.toml", text).load().unwrap().into_config();
    let running = load("threads = 1\nport = 80\n");
    let desired = load("threads = 2\nport = 81\n[[servers]]\nweight = 5\n");
    let mixed = freeze(&desired, &running).unwrap().unwrap();
    assert_eq!((mixed.threads, mixed.port), (2, 80));
    assert_eq!(mixed.servers, desired.servers, "a new section brings its own");
    assert_eq!(freeze(&load("threads = 3\n"), &running).unwrap(), None);
}
