//! Watching: what changes elsewhere is in effect here, and what is wrong there harms nothing.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use strata_config::{LayeredConfig, Loader};
use strata_config_reload::{Condition, Event, EventKind, Live, Status, WatchOptions};
use strata_config_store::{MemoryStore, Store};
use tempfile::TempDir;

#[derive(LayeredConfig, Debug)]
#[config(validate = Self::check)]
struct Config {
    #[config(default = 1)]
    least: u32,
    #[config(default = 9)]
    most: u32,
    #[config(default = "info")]
    log: String,
}

impl Config {
    fn check(&self, report: &mut strata_config::Report) {
        if self.least > self.most {
            report.error([Self::LEAST, Self::MOST], "least is more than most");
        }
    }
}

/// Longer than any machine is busy; a test that passes never waits for it.
const WAIT: Duration = Duration::from_secs(30);

/// How long a file has to be gone before that is believed.
const BELIEVED: Duration = Duration::from_secs(1);

/// For what is not to happen.
const QUIET: Duration = Duration::from_millis(300);

struct Files(TempDir);

impl Files {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn write(&self, name: &str, text: &str) {
        fs::write(self.path(name), text).unwrap();
    }

    fn loader(&self, names: &[&str]) -> Loader<Config> {
        names.iter().fold(Config::loader(), |loader, name| loader.file(self.path(name)))
    }
}

fn watched(loader: Loader<Config>) -> Live<Config> {
    Live::of(loader).watch(quick()).open().unwrap()
}

fn quick() -> WatchOptions {
    WatchOptions::new().sweep(Duration::from_millis(500))
}

fn until(live: &Live<Config>, what: impl Fn(&Status) -> bool) -> Status {
    let end = Instant::now() + WAIT;
    loop {
        let status = live.status();
        if what(&status) {
            return status;
        }
        assert!(Instant::now() < end, "{status:#?}");
        std::thread::sleep(Duration::from_millis(5));
    }
}

fn kind(event: Option<Arc<Event<Config>>>) -> &'static str {
    event.map_or("nothing", |event| event.kind.as_str())
}

#[test]
fn two_files_that_are_right_only_together_are_edited_one_by_one() {
    let files = Files::new();
    files.write("a.toml", "least = 1");
    files.write("b.toml", "most = 9");
    let live = watched(files.loader(&["a.toml", "b.toml"]));
    let mut events = live.events();
    files.write("a.toml", "least = 20");
    assert_eq!(kind(events.next_within(WAIT)), "failed");
    assert_eq!((live.get().least, live.status().condition), (1, Condition::Degraded));
    files.write("b.toml", "most = 30");
    let event = events.next_within(WAIT).unwrap();
    assert!(matches!(&event.kind, EventKind::Reloaded { source } if source.contains("a.toml, ")), "{event:?}");
    assert_eq!((live.get().least, live.get().most, live.status().condition), (20, 30, Condition::Healthy));
}

#[test]
fn a_file_that_fails_and_comes_back_unchanged_has_recovered_and_nothing_else() {
    let files = Files::new();
    files.write("a.toml", "least = 2");
    let live = watched(files.loader(&["a.toml"]));
    let mut events = live.events();
    files.write("a.toml", "least = [");
    let event = events.next_within(WAIT).unwrap();
    assert!(matches!(&event.kind, EventKind::Failed { report, .. } if report.to_string().contains("a.toml:1:")));
    files.write("a.toml", "least = 2");
    assert_eq!(kind(events.next_within(WAIT)), "recovered");
    assert_eq!((live.version().generation(), live.status().sources[0].ok), (1, true));
    assert_eq!(kind(events.next_within(QUIET)), "nothing");
}

#[test]
fn a_file_that_only_the_refused_content_names_is_watched_too() {
    let files = Files::new();
    fs::create_dir(files.path("more")).unwrap();
    files.write("more/b.toml", "most = [");
    files.write("a.toml", "least = 2");
    let live = watched(files.loader(&["a.toml"]));
    let mut changes = live.changes();
    files.write("a.toml", "include = 'more/b.toml'\nleast = 3");
    until(&live, |status| !status.sources[0].ok);
    for most in 5..8 {
        files.write("more/b.toml", &format!("most = {most}"));
        assert_eq!(changes.next_within(WAIT).unwrap().after.running().most, most);
        assert_eq!(live.get().least, 3);
    }
}

#[test]
fn files_of_a_folder_come_and_go() {
    let files = Files::new();
    fs::create_dir(files.path("conf.d")).unwrap();
    files.write("conf.d/1.toml", "least = 2");
    let live = watched(Config::loader().dir(files.path("conf.d")));
    let mut changes = live.changes();
    files.write("conf.d/2.toml", "least = 3");
    assert_eq!(changes.next_within(WAIT).unwrap().after.running().least, 3);
    fs::remove_file(files.path("conf.d/2.toml")).unwrap();
    assert_eq!(changes.next_within(WAIT).unwrap().after.running().least, 2);
}

#[test]
fn a_file_and_its_folders_may_appear_later() {
    let files = Files::new();
    let live = watched(Config::loader().file(files.path("etc/app/a.toml")).optional());
    let mut changes = live.changes();
    fs::create_dir_all(files.path("etc/app")).unwrap();
    files.write("etc/app/a.toml", "least = 3");
    assert_eq!(changes.next_within(WAIT).unwrap().after.running().least, 3);
}

#[test]
fn a_file_that_is_gone_for_a_moment_is_not_missed() {
    let files = Files::new();
    files.write("a.toml", "least = 2");
    let live = watched(Config::loader().file(files.path("a.toml")).optional());
    let mut events = live.events();
    for least in 3.. {
        let removed = Instant::now();
        fs::remove_file(files.path("a.toml")).unwrap();
        std::thread::sleep(Duration::from_millis(250));
        files.write("a.toml", &format!("least = {least}"));
        let is_moment = removed.elapsed() < BELIEVED;
        let mut seen = events.next_within(WAIT).unwrap().after.running().least;
        if is_moment {
            assert_eq!(seen, least);
            break;
        }
        // This machine was busy so long that the file counts as gone. Once more.
        while seen != least {
            seen = events.next_within(WAIT).unwrap().after.running().least;
        }
    }
    fs::remove_file(files.path("a.toml")).unwrap();
    assert_eq!(events.next_within(WAIT).unwrap().after.running().least, 1, "it stays away, as it may");
}

/// Sweeps have no part in it.
#[cfg(feature = "watch")]
#[test]
fn a_file_is_read_when_it_is_written_to_its_end() {
    let debounce = Duration::from_millis(500);
    let options = WatchOptions::new().debounce(debounce).max_delay(WAIT).sweep(Duration::from_secs(3600));
    // A machine that is busy for as long as nobody may write has its file read in between: then once more.
    loop {
        let files = Files::new();
        files.write("a.toml", "least = 2");
        let live = Live::of(files.loader(&["a.toml"])).watch(options.clone()).open().unwrap();
        let mut events = live.events();
        let begun = Instant::now();
        let mut text = String::new();
        for line in ["least = 3\n", "# a long comment\n", "most = 8\n", "log = 'warn'\n"] {
            std::thread::sleep(Duration::from_millis(50));
            text.push_str(line);
            files.write("a.toml", &text);
        }
        if begun.elapsed() < debounce {
            let event = events.next_within(WAIT).unwrap();
            assert_eq!((event.changes.len(), event.after.running().log.as_str()), (3, "warn"));
            assert_eq!(kind(events.next_within(QUIET)), "nothing");
            return;
        }
    }
}

#[test]
fn a_comment_is_no_change_and_no_source_is_read_but_the_one_that_differs() {
    let files = Files::new();
    files.write("a.toml", "least = 2");
    files.write("b.toml", "most = 5");
    let live = watched(files.loader(&["a.toml", "b.toml"]));
    let before = until(&live, |status| status.statistics.reloads == 1).watch.unwrap();
    let mut events = live.events();
    files.write("a.toml", "# two\nleast = 2");
    until(&live, |status| status.statistics.reloads == 2);
    // A sweep may have come before the hint.
    let is_told = |status: &Status| status.watch.as_ref().is_some_and(|watch| watch.hints > before.hints);
    until(&live, |status| is_told(status) || cfg!(not(feature = "watch")));
    assert_eq!(kind(events.next_within(QUIET)), "nothing");
    assert!(live.version().explain(&[])[0].origin.clone().unwrap().at.contains("a.toml:2:"));
    fs::write(files.path("b.toml"), "most = 5").unwrap();
    fs::write(files.path("other.toml"), "most = 7").unwrap();
    std::thread::sleep(QUIET);
    assert_eq!(live.status().statistics.reloads, 2);
}

#[test]
fn a_file_that_another_change_makes_right_is_tried_again() {
    let files = Files::new();
    files.write("a.toml", "least = 2");
    let live = watched(files.loader(&["a.toml"]));
    files.write("a.toml", "least = 20");
    until(&live, |status| !status.sources[0].ok);
    live.set("most", 40, "ann").unwrap();
    until(&live, |status| status.sources[0].ok);
    assert_eq!((live.get().least, live.get().most), (20, 40));
}

#[test]
fn commits_of_others_are_told_in_order_and_once_each() {
    let store: Arc<dyn Store> = Arc::new(MemoryStore::new());
    let open = || Live::of(Config::loader()).store(Arc::clone(&store)).watch(quick()).open().unwrap();
    let (one, two) = (open(), open());
    let mut heard = two.events();
    for most in 10..30 {
        let writer = if most % 5 == 0 { &two } else { &one };
        writer.set("most", most, "ann").unwrap();
    }
    for revision in 1..=20 {
        let event = heard.next_within(WAIT).unwrap();
        assert!(matches!(&event.kind, EventKind::Committed(entry) if entry.revision == revision), "{event:?}");
    }
    assert_eq!((two.get().most, kind(heard.next_within(QUIET))), (29, "nothing"));
}

#[test]
fn a_commit_that_can_not_be_used_is_in_effect_once_a_file_makes_it_right() {
    let files = Files::new();
    files.write("a.toml", "least = 5");
    let store: Arc<dyn Store> = Arc::new(MemoryStore::new());
    let here = Live::of(files.loader(&["a.toml"])).store(Arc::clone(&store)).watch(quick()).open().unwrap();
    let mut events = here.events();
    Live::of(Config::loader()).store(store).open().unwrap().set("most", 3, "ann").unwrap();
    assert_eq!(kind(events.next_within(WAIT)), "failed");
    let status = here.status();
    assert_eq!((status.revision, status.store_revision, status.condition), (0, 1, Condition::Degraded));
    files.write("a.toml", "least = 2");
    let event = events.next_within(WAIT).unwrap();
    assert_eq!((event.after.running().least, event.after.running().most), (2, 3));
    assert_eq!(kind(events.next_within(WAIT)), "recovered");
    let status = here.status();
    assert_eq!((status.revision, status.condition), (1, Condition::Healthy), "{:?}", status.reasons);
}

#[test]
fn without_notifications_the_status_says_so() {
    let files = Files::new();
    files.write("a.toml", "least = 2");
    let live = Live::of(files.loader(&["a.toml"])).open().unwrap();
    assert_eq!(live.status().watch, None);
    let watching = live.watch(quick().notifications(false)).unwrap();
    let watch = until(&live, |status| status.watch.as_ref().is_some_and(|watch| watch.looks > 0)).watch.unwrap();
    assert_eq!((watch.notified, watch.limits.is_some(), watch.hints), (false, true, 0));
    drop(watching);
    assert_eq!(live.status().watch, None);
}

#[test]
fn a_configuration_is_watched_once_at_a_time() {
    let live = Live::of(Config::loader()).open().unwrap();
    let watching = live.watch(quick()).unwrap();
    assert!(live.watch(quick()).unwrap_err().is_running());
    drop(watching);
    live.watch(quick()).unwrap().forever();
    assert!(live.clone().watch(quick()).unwrap_err().is_running());
}

#[test]
fn watching_may_end_within_a_listener() {
    let files = Files::new();
    files.write("a.toml", "least = 2");
    let live = Live::of(files.loader(&["a.toml"])).open().unwrap();
    let mut watching = Some(live.watch(quick()).unwrap());
    let (sender, done) = std::sync::mpsc::channel();
    let end = move |_: &Event<Config>| sender.send(watching.take().is_some()).unwrap();
    let _listener = live.subscribe("", end).unwrap();
    files.write("a.toml", "least = 3");
    assert!(done.recv_timeout(WAIT).unwrap());
    files.write("a.toml", "least = 4");
    std::thread::sleep(QUIET);
    assert_eq!(live.get().least, 3);
}

#[test]
fn a_pipe_in_a_files_place_stops_nothing() {
    let files = Files::new();
    files.write("a.toml", "least = 2");
    files.write("b.toml", "most = 5");
    let live = watched(files.loader(&["a.toml", "b.toml"]));
    let mut changes = live.changes();
    let pipe = files.path("pipe");
    assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    fs::rename(pipe, Path::new(&files.path("a.toml"))).unwrap();
    files.write("b.toml", "most = 6");
    assert_eq!(changes.next_within(WAIT).unwrap().after.running().most, 6);
}

#[cfg(feature = "signals")]
#[test]
fn sighup_reads_everything_again() {
    let files = Files::new();
    files.write("a.toml", "least = 2");
    let live = Live::of(files.loader(&["a.toml"])).open().unwrap();
    let _watching = live.watch(WatchOptions::new().files(false).store(false).sighup(true)).unwrap();
    let mut changes = live.changes();
    files.write("a.toml", "least = 3");
    assert_eq!(kind(changes.next_within(QUIET)), "nothing");
    for least in 3..6 {
        files.write("a.toml", &format!("least = {least}"));
        signal_hook::low_level::raise(signal_hook::consts::SIGHUP).unwrap();
        assert_eq!(changes.next_within(WAIT).unwrap().after.running().least, least);
    }
}
