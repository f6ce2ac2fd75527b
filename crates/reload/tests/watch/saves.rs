//! However a file is saved, listeners hear of it: once, and with the value that was saved.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use strata_config::LayeredConfig;
use strata_config_reload::{EventKind, Live, WatchOptions};

#[derive(LayeredConfig, Debug)]
struct Config {
    value: u32,
    #[config(default = "")]
    padding: String,
}

/// Longer than any machine is busy; a test that passes never waits for it.
const WAIT: Duration = Duration::from_secs(30);

/// A way to save: how it begins, and how each further value is saved.
struct Way {
    name: &'static str,
    begin: fn(&Path),
    save: fn(&Path, u32),
    notifications: bool,
}

const PLAIN: Way = Way {
    name: "in place",
    begin: |root| in_place(root, 0),
    save: |root, value| in_place(root, value),
    notifications: true,
};

const WAYS: &[Way] = &[
    PLAIN,
    Way { name: "renamed into place", save: rename, ..PLAIN },
    Way { name: "deleted and created", save: recreate, ..PLAIN },
    Way { name: "moved away, written, removed", save: as_vim_does, ..PLAIN },
    Way { name: "a link turned elsewhere", begin: |root| retarget(root, 0), save: retarget, ..PLAIN },
    Way { name: "a Kubernetes swap", begin: mount, save: swap, ..PLAIN },
    Way { name: "a folder put in place of the folder", save: replace_parent, ..PLAIN },
    Way { name: "no notifications, sweeps alone", notifications: false, ..PLAIN },
];

fn file(root: &Path) -> PathBuf {
    root.join("conf/app.toml")
}

fn text(value: u32) -> String {
    format!("value = {value}\npadding = \"{}\"\n", "x".repeat(value as usize % 500))
}

fn in_place(root: &Path, value: u32) {
    fs::create_dir_all(root.join("conf")).unwrap();
    fs::write(file(root), text(value)).unwrap();
}

fn rename(root: &Path, value: u32) {
    let temporary = root.join("conf/.app.toml.tmp");
    fs::write(&temporary, text(value)).unwrap();
    fs::rename(temporary, file(root)).unwrap();
}

fn recreate(root: &Path, value: u32) {
    fs::remove_file(file(root)).unwrap();
    in_place(root, value);
}

fn as_vim_does(root: &Path, value: u32) {
    let backup = root.join("conf/app.toml~");
    fs::rename(file(root), &backup).unwrap();
    in_place(root, value);
    fs::remove_file(backup).unwrap();
}

fn retarget(root: &Path, value: u32) {
    for folder in ["conf", "versions"] {
        fs::create_dir_all(root.join(folder)).unwrap();
    }
    fs::write(root.join(format!("versions/{value}.toml")), text(value)).unwrap();
    link(&format!("../versions/{value}.toml"), &file(root));
}

fn mount(root: &Path) {
    fs::create_dir_all(root.join("conf")).unwrap();
    swap(root, 0);
    link("..data/app.toml", &file(root));
}

/// As the kubelet updates a ConfigMap: a new folder, the link to it renamed into place, the old folder removed.
fn swap(root: &Path, value: u32) {
    let data = root.join("conf/..data");
    let old = fs::read_link(&data);
    fs::create_dir(root.join(format!("conf/..{value}"))).unwrap();
    fs::write(root.join(format!("conf/..{value}/app.toml")), text(value)).unwrap();
    link(&format!("..{value}"), &data);
    if let Ok(old) = old {
        fs::remove_dir_all(root.join("conf").join(old)).unwrap();
    }
}

fn replace_parent(root: &Path, value: u32) {
    fs::create_dir(root.join("conf.new")).unwrap();
    fs::write(root.join("conf.new/app.toml"), text(value)).unwrap();
    fs::rename(root.join("conf"), root.join("conf.old")).unwrap();
    fs::rename(root.join("conf.new"), root.join("conf")).unwrap();
    fs::remove_dir_all(root.join("conf.old")).unwrap();
}

fn link(target: &str, place: &Path) {
    let temporary = place.with_file_name("link.tmp");
    std::os::unix::fs::symlink(target, &temporary).unwrap();
    fs::rename(temporary, place).unwrap();
}

/// Saves so many values one after another, and gives how long each took to be heard of.
fn saves(way: &Way, count: u32, pause: Duration) -> Vec<Duration> {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    (way.begin)(root);
    let is_notified = cfg!(feature = "watch") && way.notifications;
    let mut options = WatchOptions::new().notifications(way.notifications);
    if !is_notified {
        options = options.sweep(Duration::from_millis(100));
    }
    let live = Live::of(Config::loader().file(file(root))).watch(options).open().unwrap();
    let mut events = live.events();
    let (sender, heard) = mpsc::channel();
    let tell = move |value| sender.send((value, Instant::now())).unwrap();
    let _listener = live.subscribe("value", move |event| tell(event.after.running().value)).unwrap();
    let mut delays = Vec::new();
    for value in 1..=count {
        std::thread::sleep(pause);
        (way.save)(root, value);
        let saved = Instant::now();
        let (told, at) = heard.recv_timeout(WAIT).unwrap_or_else(|_| panic!("{}: {value} was not seen", way.name));
        assert_eq!(told, value, "{}", way.name);
        delays.push(at.saturating_duration_since(saved));
    }
    assert!(heard.recv_timeout(Duration::from_millis(300)).is_err(), "{}: told twice", way.name);
    assert_eq!(live.get().value, count);
    for _ in 0..count {
        let event = events.next_within(Duration::ZERO).unwrap();
        assert!(matches!(event.kind, EventKind::Reloaded { .. }), "{}: {event:?}", way.name);
    }
    assert!(events.next_within(Duration::ZERO).is_none());
    let watch = live.status().watch.unwrap();
    assert_eq!(watch.notified, is_notified, "{watch:?}");
    delays
}

macro_rules! ways {
    ($($test:ident: $name:literal,)*) => {
        $(#[test]
        fn $test() {
            let way = WAYS.iter().find(|way| way.name == $name).unwrap();
            assert_eq!(saves(way, 5, Duration::ZERO).len(), 5);
        })*

        #[test]
        fn no_way_is_left_out() {
            assert_eq!([$($name),*], *WAYS.iter().map(|way| way.name).collect::<Vec<_>>());
        }
    };
}

ways! {
    a_file_written_in_place_is_seen: "in place",
    a_file_renamed_into_place_is_seen: "renamed into place",
    a_file_deleted_and_created_is_seen: "deleted and created",
    a_file_saved_as_vim_does_is_seen: "moved away, written, removed",
    a_link_turned_elsewhere_is_followed: "a link turned elsewhere",
    kubernetes_swaps_are_seen_one_after_another: "a Kubernetes swap",
    a_replaced_folder_is_seen: "a folder put in place of the folder",
    without_notifications_sweeps_see_everything: "no notifications, sweeps alone",
}

#[test]
fn two_swaps_in_a_row_end_with_the_last_one_and_the_next_is_seen_too() {
    let folder = tempfile::tempdir().unwrap();
    mount(folder.path());
    let live = Live::of(Config::loader().file(file(folder.path()))).watch(WatchOptions::new()).open().unwrap();
    let mut changes = live.changes();
    for round in [1, 4, 7] {
        swap(folder.path(), round);
        swap(folder.path(), round + 1);
        while live.get().value != round + 1 {
            changes.next_within(WAIT).expect("the swap is seen");
        }
    }
}

/// Saves in quick succession, faster than anything is read, in one folder after another; the last one counts. No sweep
/// comes to help: a watch that is lost stays lost.
#[cfg(feature = "watch")]
fn storm(way: &Way, rounds: u32, saves: u32) {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    (way.begin)(root);
    let options = WatchOptions::new().sweep(Duration::from_secs(3600));
    let live = Live::of(Config::loader().file(file(root))).watch(options).open().unwrap();
    let mut changes = live.changes();
    for round in 0..rounds {
        let last = (round + 1) * saves;
        for value in round * saves + 1..=last {
            (way.save)(root, value);
            // Pauses of all lengths, so that saves meet the watcher in each of its steps.
            std::thread::sleep(Duration::from_micros(u64::from(value * 7919 % 40) * 1000));
        }
        while live.get().value != last {
            changes.next_within(WAIT).unwrap_or_else(|| panic!("{}: {last} was not seen", way.name));
        }
    }
}

#[cfg(feature = "watch")]
#[test]
fn saves_in_quick_succession_end_with_the_last_one() {
    for way in WAYS.iter().filter(|way| way.notifications) {
        storm(way, 2, 8);
    }
}

#[cfg(feature = "watch")]
#[test]
#[ignore = "half a minute: thousands of saves while the watcher is at work"]
fn no_storm_of_saves_loses_the_watch() {
    std::thread::scope(|scope| {
        for way in WAYS.iter().filter(|way| way.notifications) {
            scope.spawn(|| storm(way, 60, 10));
        }
    });
}

#[test]
#[ignore = "half a minute: 100 saves in each way, with figures"]
fn a_hundred_saves_in_each_way_are_all_seen() {
    // All ways at once: they mostly wait.
    std::thread::scope(|scope| {
        let saving = |way| scope.spawn(move || saves(way, 100, Duration::from_millis(150)));
        let saving: Vec<_> = WAYS.iter().map(saving).collect();
        for (way, saving) in WAYS.iter().zip(saving) {
            let mut delays = saving.join().unwrap();
            delays.sort_unstable();
            let [p50, p99, most] = [delays[49], delays[98], delays[99]].map(|delay| delay.as_millis());
            println!("{:40} p50 {p50:4} ms   p99 {p99:4} ms   most {most:4} ms", way.name);
        }
    });
}
