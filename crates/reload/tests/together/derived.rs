//! Views derived from the configuration: built before a change is accepted, and in effect together with it.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::time::Duration;

use serde_json::json;
use strata_config::{FieldPath, LayeredConfig, Mode, Report};
use strata_config_reload::{Actor, Batch, Candidate, Derived, EventKind, Live, Point, Preset};
use strata_config_store::{HistoryQuery, MemoryStore, Store};

#[derive(LayeredConfig, Debug, Clone, PartialEq)]
struct Config {
    #[config(default = 1, reload = "restart")]
    port: u16,
    #[config(default = 0)]
    number: u64,
    #[config(default = [])]
    routes: BTreeMap<String, String>,
}

/// The routes turned round, for which their targets must differ.
#[derive(Debug, PartialEq)]
struct Table {
    by_target: BTreeMap<String, String>,
    number: u64,
    revision: u64,
    generation: u64,
}

fn table(candidate: &Candidate<'_, Config, Table>) -> Result<Table, Report> {
    let mut report = Report::new();
    let mut by_target = BTreeMap::new();
    let config = candidate.config();
    for (name, target) in &config.routes {
        let path = FieldPath::new("routes").child(name);
        if target == "here" {
            candidate.warn([path.clone()], "it leads nowhere");
        }
        if let Some(other) = by_target.insert(target.clone(), name.clone()) {
            report.error([path, FieldPath::new("routes").child(&other)], format!("`{target}` has two routes"));
        }
    }
    assert_ne!(config.number, 1_000_013, "as foreign code may");
    let (revision, generation) = (candidate.revision(), candidate.generation());
    if report.is_valid() { Ok(Table { by_target, number: config.number, revision, generation }) } else { Err(report) }
}

fn store() -> Arc<dyn Store> {
    Arc::new(MemoryStore::new())
}

fn open(store: &Arc<dyn Store>) -> (Live<Config>, Derived<Table>) {
    let live = Live::of(Config::loader()).store(Arc::clone(store)).open().unwrap();
    let view = live.derive(table).unwrap();
    (live, view)
}

/// The view is that of the version in effect.
fn assert_together(live: &Live<Config>, view: &Derived<Table>) {
    let (version, view) = (live.version(), view.get());
    let of_version = (version.running().number, version.revision(), version.generation());
    assert_eq!((view.number, view.revision, view.generation), of_version);
    assert_eq!(view.by_target.len(), version.running().routes.len());
}

#[test]
fn a_view_changes_with_every_change() {
    let (live, view) = open(&store());
    assert_together(&live, &view);
    let mut reader = view.reader();
    live.update(&json!({"number": 1, "routes": {"a": "x"}}), "ann").unwrap();
    assert_together(&live, &view);
    assert_eq!(reader.get().by_target["x"], "a");
    live.set("number", 2, "ann").unwrap();
    assert_together(&live, &view);
    live.update_here(&json!({"number": 3}), "ann").unwrap();
    assert_together(&live, &view);
    live.set_base(&json!({"routes": {"b": "y"}}), "ann").unwrap();
    assert_together(&live, &view);
    assert_eq!(view.get().by_target["y"], "b");
    live.rollback(&Point::Revision(1), "ann").unwrap();
    assert_together(&live, &view);
    assert_eq!((view.get().number, reader.get().number), (1, 1));
    live.reset("ann").unwrap();
    assert_together(&live, &view);
    let backup = live.backup().unwrap();
    live.set("number", 9, "ann").unwrap();
    live.restore(&backup, "ann").unwrap();
    assert_together(&live, &view);
    assert_eq!(view.get().number, 0);
}

#[test]
fn a_refused_update_changes_neither_configuration_nor_store_nor_view_and_nobody_hears_of_it() {
    let store = store();
    let (live, view) = open(&store);
    live.update(&json!({"routes": {"a": "x"}}), "ann").unwrap();
    let asked = Arc::new(AtomicU32::new(0));
    let counted = Arc::clone(&asked);
    live.veto("counter", move |_| {
        counted.fetch_add(1, Ordering::Relaxed);
        Ok(())
    });
    let mut changes = live.changes();
    let before = (live.version(), store.load().unwrap());
    let error = live.update(&json!({"number": 5, "routes": {"b": "x"}}), "bob").unwrap_err();
    let report = error.report().unwrap();
    let finding = report.errors().next().unwrap();
    assert_eq!((finding.path.as_str(), finding.layer()), ("routes.b", "runtime"), "{report}");
    assert!(finding.at().starts_with("bob "), "{report}");
    assert!(finding.related[0].origin.as_ref().unwrap().at.starts_with("ann "), "{report}");
    assert!(Arc::ptr_eq(&before.0, &live.version()));
    assert_eq!(store.load().unwrap(), before.1);
    assert_eq!(live.history(&HistoryQuery::default()).unwrap().len(), 1);
    assert!(changes.next_within(Duration::from_millis(50)).is_none());
    assert_eq!(asked.load(Ordering::Relaxed), 0);
    assert_together(&live, &view);
    let batch = Batch::new().set("routes.c", "x").set("number", 4);
    assert!(live.apply(&batch, "bob").unwrap_err().report().is_some());
    assert_together(&live, &view);
}

#[test]
fn a_vetoed_change_leaves_the_view() {
    let (live, view) = open(&store());
    live.veto("never", |_| Err("no".to_owned()));
    assert!(live.set("number", 1, "ann").is_err());
    assert_eq!(view.get().number, 0);
}

#[test]
fn a_view_that_panics_refuses_the_change() {
    let (live, view) = open(&store());
    let error = live.set("number", 1_000_013, "ann").unwrap_err();
    let told = format!("the view `{}` panicked", std::any::type_name::<Table>());
    assert!(error.report().unwrap().to_string().contains(&told), "{error}");
    live.set("number", 1_000_014, "ann").unwrap();
    assert_together(&live, &view);
}

#[test]
fn warnings_of_a_view_are_the_changes() {
    let (live, view) = open(&store());
    let applied = live.update(&json!({"routes": {"a": "here"}}), "ann").unwrap();
    let warning = applied.warnings.warnings().next().unwrap();
    assert_eq!((warning.path.as_str(), warning.layer(), warning.code), ("routes.a", "runtime", "rule.added"));
    assert_eq!(live.version().warnings().warnings().count(), 1);
    assert_together(&live, &view);
    live.reset("ann").unwrap();
    assert!(live.version().warnings().is_empty());
    let strict = Live::of(Config::loader().mode(Mode::Strict)).open().unwrap();
    let _view = strict.derive(table).unwrap();
    assert!(strict.update(&json!({"routes": {"a": "here"}}), "ann").is_err());
}

#[test]
fn a_view_that_cannot_be_built_is_not_derived_and_says_where() {
    let text = "number = 1\n[routes]\na = \"x\"\nb = \"x\"\n";
    let live = Live::of(Config::loader().text("app.toml", text)).open().unwrap();
    let error = live.derive(table).unwrap_err();
    let report = error.report().unwrap();
    let finding = report.errors().next().unwrap();
    assert_eq!((finding.path.as_str(), finding.at()), ("routes.b", "app.toml:4:5"));
    assert_eq!(finding.related[0].origin.as_ref().unwrap().at, "app.toml:3:5");
    assert!(report.to_string().contains(" 4 | b = \"x\"\n   |     ^^^"), "{report}");
    live.set("number", 2, "ann").unwrap();
}

#[test]
fn a_finding_may_lead_into_a_value_and_to_what_nobody_wrote() {
    #[derive(LayeredConfig, Debug)]
    struct Deep {
        #[config(default = [])]
        routes: BTreeMap<String, Vec<BTreeMap<String, u32>>>,
        #[config(default = 7)]
        other: u32,
    }
    let live = Live::of(Deep::loader().text("app.yaml", "routes:\n  a:\n  - x: 1\n  - y: 2\n")).open().unwrap();
    let error = live.derive(|_: &Candidate<'_, Deep, ()>| {
        let mut report = Report::new();
        for path in ["routes.a.1.y", "routes.a.1.z", "routes.a", "routes", "other", "unknown"] {
            report.error([FieldPath::parse(path).unwrap()], "wrong");
        }
        Err(report)
    });
    let error = error.unwrap_err();
    let mut places: Vec<_> = error.report().unwrap().errors().map(|found| (found.path.as_str(), found.at())).collect();
    places.sort_unstable();
    let expected = [
        ("other", "default"),
        ("routes", "app.yaml:2:3"),
        ("routes.a", "app.yaml:3:5"),
        ("routes.a.1.y", "app.yaml:4:8"),
        ("routes.a.1.z", "app.yaml:4:5"),
        ("unknown", ""),
    ];
    assert_eq!(places, expected);
}

#[test]
fn a_saved_file_that_breaks_the_view_is_refused_with_its_place_and_recovers() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("app.toml");
    let save = |text: &str| std::fs::write(&file, text).unwrap();
    save("[routes]\na = \"x\"\n");
    let live = Live::of(Config::loader().file(&file)).open().unwrap();
    let view = live.derive(table).unwrap();
    let mut events = live.events();
    save("[routes]\na = \"x\"\nb = \"x\"\n");
    let error = live.reload_all().unwrap_err();
    let finding = error.report().unwrap().errors().next().unwrap();
    assert_eq!(finding.at(), format!("{}:3:5", file.display()));
    assert_eq!((live.get().routes.len(), view.get().by_target.len()), (1, 1));
    assert!(matches!(events.next_within(Duration::from_secs(9)).unwrap().kind, EventKind::Failed { .. }));
    // What is wrong is not in the way of others' changes.
    live.set("number", 1, "ann").unwrap();
    assert_together(&live, &view);
    save("[routes]\na = \"x\"\nb = \"y\"\n");
    assert!(live.reload_all().unwrap());
    assert_together(&live, &view);
    assert_eq!(view.get().by_target["y"], "b");
    let places_alone = "# moved\n[routes]\na = \"x\"\nb = \"y\"\n";
    save(places_alone);
    live.reload_all().unwrap();
    assert_together(&live, &view);
}

#[test]
fn another_process_commit_rebuilds_the_view_or_is_refused_here() {
    let store = store();
    let (live, view) = open(&store);
    let other = Live::of(Config::loader()).store(Arc::clone(&store)).open().unwrap();
    other.update(&json!({"routes": {"a": "x"}}), "bob").unwrap();
    assert!(live.reload_all().unwrap());
    assert_together(&live, &view);
    // The other process has no such view.
    other.update(&json!({"routes": {"b": "x"}}), "bob").unwrap();
    assert!(live.reload_all().is_err());
    assert_eq!(view.get().by_target.len(), 1);
    assert_eq!(live.get().routes.len(), 1);
    other.update(&json!({"routes": {"b": "y"}}), "bob").unwrap();
    assert!(live.reload_all().unwrap());
    assert_together(&live, &view);
    assert_eq!(view.get().by_target.len(), 2);
}

#[test]
fn a_dry_run_builds_and_puts_nothing_in_effect() {
    let (live, view) = open(&store());
    let builds = Arc::new(AtomicU32::new(0));
    let counted = Arc::clone(&builds);
    let count = live.derive(move |_| Ok::<_, Report>(counted.fetch_add(1, Ordering::Relaxed))).unwrap();
    let preview = live.validate(&json!({"routes": {"a": "x", "b": "x"}}));
    assert_eq!(preview.report.errors().count(), 1);
    assert!(live.validate(&json!({"routes": {"a": "here"}})).report.warnings().count() == 1);
    let dry = Actor::new("ann").dry_run();
    live.update(&json!({"number": 4}), dry).unwrap();
    assert_eq!((builds.load(Ordering::Relaxed), *count.get()), (4, 0));
    assert_together(&live, &view);
    assert_eq!(view.get().number, 0);
}

#[test]
fn presets_are_refused_by_views_too() {
    let preset =
        |name: &str, target: &str| Preset::new(name, "two routes").set("routes.a", "x").set("routes.b", target);
    let live = Live::of(Config::loader()).preset(preset("good", "y")).preset(preset("bad", "x")).open().unwrap();
    let view = live.derive(table).unwrap();
    live.apply_preset("bad", "ann").unwrap_err();
    assert_eq!(view.get().by_target.len(), 0);
    live.apply_preset("good", "ann").unwrap();
    assert_eq!(view.get().by_target.len(), 2);
}

#[test]
fn what_needs_a_restart_is_not_in_the_view_yet() {
    let live = Live::of(Config::loader()).open().unwrap();
    let view = live.derive(|candidate| Ok((candidate.config().port, candidate.desired().port))).unwrap();
    live.set("port", 2, "ann").unwrap();
    assert_eq!(*view.get(), (1, 2));
}

#[test]
fn a_view_may_be_built_from_the_one_before() {
    let live = Live::of(Config::loader()).open().unwrap();
    let view = live.derive(|candidate| {
        let mut paths: Vec<String> = candidate.previous().cloned().unwrap_or_default();
        paths.extend(candidate.changes().iter().map(|change| change.path.to_string()));
        Ok(paths)
    });
    let view = view.unwrap();
    live.set("number", 1, "ann").unwrap();
    live.veto("never", |proposal| if proposal.desired.number == 2 { Err("no".to_owned()) } else { Ok(()) });
    live.set("number", 2, "ann").unwrap_err();
    live.set("routes.a", "x", "ann").unwrap();
    assert_eq!(*view.get(), ["number", "routes", "routes.a"]);
}

#[test]
fn with_its_last_handle_a_view_ends() {
    let (live, view) = open(&store());
    let again = view.clone();
    drop(view);
    live.update(&json!({"routes": {"a": "x", "b": "x"}}), "ann").unwrap_err();
    let mut reader = again.reader();
    drop(again);
    live.update(&json!({"routes": {"a": "x", "b": "x"}}), "ann").unwrap();
    assert_eq!(reader.get().by_target.len(), 0);
}

#[test]
fn a_view_can_change_nothing_while_it_is_built() {
    let live = Live::of(Config::loader()).open().unwrap();
    let inner = live.clone();
    let refused = Arc::new(AtomicU32::new(0));
    let counted = Arc::clone(&refused);
    let view = live.derive(move |candidate| {
        let update = inner.set("number", 5, "view").unwrap_err().is_reentrant();
        let derive = inner.derive(table).unwrap_err().is_reentrant();
        counted.fetch_add(u32::from(update && derive), Ordering::Relaxed);
        Ok::<_, Report>((inner.get().number, candidate.config().number))
    });
    let view = view.unwrap();
    live.set("number", 1, "ann").unwrap();
    assert_eq!((*view.get(), refused.load(Ordering::Relaxed)), ((0, 1), 2));
}

#[test]
fn listeners_find_the_view_of_their_event_or_a_later_one() {
    let (live, view) = open(&store());
    let (sender, receiver) = std::sync::mpsc::channel();
    let seen = view.clone();
    let _subscription = live.subscribe("number", move |event| {
        sender.send((event.after.revision(), seen.get().revision)).unwrap();
    });
    for number in 1..=200_u64 {
        live.set("number", number, "ann").unwrap();
        let (event, view) = receiver.recv_timeout(Duration::from_secs(9)).unwrap();
        assert!(view >= event, "{view} {event}");
    }
}

#[test]
fn readers_see_matching_views_under_many_swaps() {
    let (live, view) = open(&store());
    let done = AtomicBool::new(false);
    std::thread::scope(|scope| {
        for _ in 0..3 {
            let (live, view, mut reader) = (live.clone(), view.clone(), view.reader());
            let done = &done;
            scope.spawn(move || {
                let mut last = 0;
                while !done.load(Ordering::Relaxed) {
                    let version = live.version();
                    let view = view.get();
                    // Every commit sets the number to its revision, so that a view of two versions would show.
                    assert_eq!((view.number, view.generation), (view.revision, view.revision + 1));
                    assert_eq!(version.running().number, version.revision());
                    assert!(view.revision >= version.revision(), "{} after {}", view.revision, version.revision());
                    let read = reader.get().revision;
                    assert!(read >= last);
                    last = read;
                }
            });
        }
        // A failure here must not leave the readers at it for good.
        let end = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            for number in 1..=2_000_u64 {
                live.set("number", number, "ann").unwrap();
                assert_eq!(view.get().revision, number);
            }
        }));
        done.store(true, Ordering::Relaxed);
        end.unwrap();
    });
}
