//! Watching costs one watcher a process, and nothing is left of it afterwards. These tests count what the process has, so
//! they run one at a time, in a process of their own.
#![cfg(target_os = "linux")]

use std::fs;
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use strata_config::LayeredConfig;
use strata_config_reload::{Live, WatchOptions};

#[derive(LayeredConfig, Debug)]
struct Config {
    value: u32,
}

/// Longer than any machine is busy; a test that passes never waits for it.
const WAIT: Duration = Duration::from_secs(30);

fn alone() -> MutexGuard<'static, ()> {
    static ALONE: Mutex<()> = Mutex::new(());
    ALONE.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The process's inotify instances, and their watches.
fn watches() -> (usize, usize) {
    let infos =
        fs::read_dir("/proc/self/fdinfo").unwrap().filter_map(|entry| fs::read_to_string(entry.ok()?.path()).ok());
    let counts = infos.map(|info| info.lines().filter(|line| line.starts_with("inotify")).count());
    let counts: Vec<_> = counts.filter(|count| *count > 0).collect();
    (counts.len(), counts.iter().sum())
}

/// The process's threads that are ours or the watcher's.
fn threads() -> usize {
    let names = fs::read_dir("/proc/self/task").unwrap();
    let names = names.filter_map(|task| fs::read_to_string(task.ok()?.path().join("comm")).ok());
    names.filter(|name| name.starts_with("strata-") || name.starts_with("notify-rs")).count()
}

fn until(what: impl Fn() -> bool) {
    let end = Instant::now() + WAIT;
    while !what() {
        assert!(Instant::now() < end, "{:?}, {} threads", watches(), threads());
        std::thread::sleep(Duration::from_millis(5));
    }
}

fn open(root: &Path, name: usize, options: WatchOptions) -> Live<Config> {
    let folder = root.join(name.to_string());
    fs::create_dir(&folder).unwrap();
    fs::write(folder.join("app.toml"), "value = 1").unwrap();
    let store = std::sync::Arc::new(strata_config_store::MemoryStore::new());
    Live::of(Config::loader().file(folder.join("app.toml"))).store(store).watch(options).open().unwrap()
}

#[test]
fn many_configurations_share_one_watcher_and_leave_nothing_behind() {
    let _alone = alone();
    let folder = tempfile::tempdir().unwrap();
    let all: Vec<_> = (0..20).map(|name| open(folder.path(), name, WatchOptions::new())).collect();
    // A folder each, and the one that all are in.
    assert_eq!(watches(), (usize::from(cfg!(feature = "watch")), if cfg!(feature = "watch") { 21 } else { 0 }));
    until(|| threads() >= 40);
    drop(all);
    until(|| threads() == 0 && watches() == (0, 0));
}

#[test]
fn what_holds_the_watching_ends_it() {
    let _alone = alone();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("app.toml");
    fs::write(&path, "value = 1").unwrap();
    let live = Live::of(Config::loader().file(&path)).open().unwrap();
    let watching = live.watch(WatchOptions::new()).unwrap();
    until(|| threads() > 0);
    drop(watching);
    until(|| threads() == 0 && watches() == (0, 0));
    assert_eq!(live.get().value, 1);
}

#[test]
fn the_end_of_the_configuration_ends_threads_that_wait_long() {
    let _alone = alone();
    let folder = tempfile::tempdir().unwrap();
    let options = WatchOptions::new().sweep(Duration::from_secs(3600));
    #[cfg(feature = "signals")]
    let options = options.sighup(true);
    drop(open(folder.path(), 0, options));
    until(|| threads() == 0 && watches() == (0, 0));
}

#[test]
fn folders_that_are_replaced_again_and_again_leave_no_watches() {
    let _alone = alone();
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    let live = open(root, 0, WatchOptions::new().debounce(Duration::from_millis(5)).sweep(Duration::from_millis(100)));
    let before = watches();
    for value in 2..40 {
        fs::create_dir(root.join("new")).unwrap();
        fs::write(root.join("new/app.toml"), format!("value = {value}")).unwrap();
        fs::rename(root.join("0"), root.join("old")).unwrap();
        fs::rename(root.join("new"), root.join("0")).unwrap();
        fs::remove_dir_all(root.join("old")).unwrap();
        until(|| live.get().value == value);
    }
    assert_eq!(watches(), before);
    #[cfg(feature = "watch")]
    assert!(live.status().watch.unwrap().rearmed >= 30);
}

/// Set for the process in which a test runs that uses up what its process has.
#[cfg(feature = "watch")]
const LIMITED: &str = "STRATA_TEST_LIMITED";

#[cfg(feature = "watch")]
#[test]
fn where_no_watcher_can_be_had_sweeps_see_everything_and_the_status_says_so() {
    if std::env::var_os(LIMITED).is_some() {
        return without_descriptors();
    }
    let test = "where_no_watcher_can_be_had_sweeps_see_everything_and_the_status_says_so";
    let mut limited = std::process::Command::new("sh");
    limited.args(["-c", "ulimit -n 64 && exec \"$0\" --exact \"$1\" --nocapture"]);
    limited.arg(std::env::current_exe().unwrap()).arg(test).env(LIMITED, "1");
    let output = limited.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(String::from_utf8_lossy(&output.stdout).contains("1 passed"));
}

#[cfg(feature = "watch")]
fn without_descriptors() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("app.toml");
    fs::write(&path, "value = 1").unwrap();
    let live = Live::of(Config::loader().file(&path)).open().unwrap();
    let mut all: Vec<_> = std::iter::from_fn(|| fs::File::open("/dev/null").ok()).collect();
    // Two are left: enough to read and to write a file, too few for a watcher.
    all.truncate(all.len() - 2);
    live.watch(WatchOptions::new().sweep(Duration::from_millis(50))).unwrap().forever();
    let watch = || live.status().watch.unwrap();
    assert!(!watch().notified && watch().limits.is_some(), "{:?}", watch());
    fs::write(&path, "value = 2").unwrap();
    until(|| live.get().value == 2);
    drop(all);
    until(|| watch().notified && watch().limits.is_none());
}
