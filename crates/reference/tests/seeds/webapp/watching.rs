//! Seed 002's watcher: real files, and real time, of which nothing is asserted but that it is enough.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use strata_config::Loader;
use strata_config_reference::System;
use strata_config_reference::webapp::{ConfigWatcher, WebappConfig};
use strata_config_reload::Live;
use tempfile::TempDir;

use super::KEY;
use crate::live::{WAIT, origin};
use crate::server::Server;

const VARIABLES: [(&str, &str); 2] = [KEY, ("ENVIRONMENT", "production")];

/// A folder whose `config/production.yaml` says how many connections stay open.
fn folder(pool: u32) -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("config")).unwrap();
    let file = folder.path().join("config/production.yaml");
    say(&file, pool);
    (folder, file)
}

fn say(file: &Path, pool: u32) {
    fs::write(file, format!("database: {{pool_size: {pool}}}\n")).unwrap();
}

fn open(folder: &Path) -> Live<WebappConfig> {
    let sources = WebappConfig::env_files(WebappConfig::files(Loader::new(), folder), folder);
    Live::of(sources.env_from(VARIABLES)).open().unwrap()
}

/// What a component hears of the database's connections.
fn component(watcher: &ConfigWatcher) -> (strata_config_reload::Subscription, Receiver<u32>) {
    let (sender, heard) = channel();
    let held = watcher.on_change(move |config| sender.send(config.database.pool_size).unwrap_or_default());
    (held, heard)
}

#[test]
fn the_environments_file_is_watched() {
    let (folder, file) = folder(20);
    let live = open(folder.path());
    let watcher = ConfigWatcher::start(&live).unwrap();
    let (_held, heard) = component(&watcher);
    assert_eq!(live.get().database.pool_size, 20);
    say(&file, 30);
    assert_eq!(heard.recv_timeout(WAIT), Ok(30));
    let place = origin(&live, "database.pool_size").1;
    assert!(place.ends_with("config/production.yaml:1:23"), "{place}");

    // As editors and deployments save: beside it, and then into its place.
    let beside = folder.path().join("config/.production.yaml.new");
    say(&beside, 40);
    fs::rename(&beside, &file).unwrap();
    assert_eq!(heard.recv_timeout(WAIT), Ok(40));
}

#[test]
fn every_file_of_the_application_is_watched_also_one_that_is_not_there_yet() {
    let (folder, file) = folder(20);
    let live = open(folder.path());
    let watcher = ConfigWatcher::start(&live).unwrap();
    let (_held, heard) = component(&watcher);
    fs::remove_file(&file).unwrap();
    assert_eq!(heard.recv_timeout(WAIT), Ok(5), "the default shows again");
    for (name, text, pool) in [
        ("config.yaml", "database: {pool_size: 6}", 6),
        ("config.json", "{\"database\": {\"pool_size\": 7}}", 7),
        (".env.production", "DATABASE_POOL_SIZE=8\n", 8),
    ] {
        fs::write(folder.path().join(name), text).unwrap();
        assert_eq!(heard.recv_timeout(WAIT), Ok(pool), "{name}");
    }
}

/// Without the second's quiet each of these would be read by itself, as the seed's own comment says it.
#[test]
fn saves_that_follow_one_another_within_a_second_are_one_change() {
    let (folder, file) = folder(20);
    let live = open(folder.path());
    let watcher = ConfigWatcher::start(&live).unwrap();
    let (_held, heard) = component(&watcher);
    for pool in 21..=40 {
        say(&file, pool);
        std::thread::sleep(Duration::from_millis(100));
    }
    let mut told = Vec::new();
    while told.last() != Some(&40) {
        told.push(heard.recv_timeout(WAIT).expect("the last of them is told"));
    }
    // One, but where this machine was too busy to save twice within a second.
    assert!(told.len() < 10, "{told:?}");
}

#[test]
fn a_file_that_is_wrong_changes_nothing_and_is_told_until_it_is_mended() {
    let (folder, file) = folder(20);
    let live = open(folder.path());
    let mut events = live.events();
    let watcher = ConfigWatcher::start(&live).unwrap();
    let (_held, heard) = component(&watcher);
    say(&file, 101);
    let event = events.next_within(WAIT).expect("the mistake is told");
    let status = live.status();
    let problem = status.sources.iter().find_map(|source| source.problem.clone()).expect("and stays in the status");
    assert_eq!((event.kind.as_str(), live.get().database.pool_size), ("failed", 20));
    assert!(problem.contains("production.yaml:1:23"), "{problem}");
    assert!(watcher.reload_config().is_err());
    assert_eq!(heard.try_recv().ok(), None, "components hear of what is in effect alone");
    say(&file, 50);
    assert_eq!(heard.recv_timeout(WAIT), Ok(50));
}

#[test]
fn reload_config_reads_at_once_and_every_component_is_told() {
    let (folder, file) = folder(20);
    let live = open(folder.path());
    let watcher = ConfigWatcher::start(&live).unwrap();
    let failing = watcher.on_change(|_| panic!("as a component may"));
    let ((_one, one), (_other, other)) = (component(&watcher), component(&watcher));
    assert!(!watcher.reload_config().unwrap(), "nothing differs");
    say(&file, 60);
    watcher.reload_config().unwrap();
    assert_eq!(live.get().database.pool_size, 60, "it is in effect when the call returns");
    assert_eq!((one.recv_timeout(WAIT), other.recv_timeout(WAIT)), (Ok(60), Ok(60)));
    while failing.panics() == 0 {
        std::thread::yield_now();
    }
}

#[test]
fn a_server_follows_the_environments_file() {
    let (folder, file) = folder(20);
    let server = Server::run(folder.path(), "webapp serve --listen 127.0.0.1:0", &VARIABLES);
    assert_eq!(server.get("/admin/config").of(200)["database"]["pool_size"], 20);
    say(&file, 30);
    assert!(server.logged("reloaded").contains("production.yaml"));
    assert_eq!(server.get("/admin/config").of(200)["database"]["pool_size"], 30);
}
