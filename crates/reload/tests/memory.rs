//! What a program that runs for months must not do: keep a little of every reload. In a process of its own, which
//! keeps nothing for others meanwhile.

use std::fs;
use std::time::Duration;

use allocation_counter::measure;
use strata_config::LayeredConfig;
use strata_config_reload::{Changes, Live};

#[derive(LayeredConfig, Debug, Clone, PartialEq)]
struct Config {
    #[config(default = "none")]
    name: String,
    #[config(default = [])]
    hosts: Vec<String>,
    #[config(default = 8080)]
    port: u16,
}

/// A document whose length does not depend on its number.
fn document(number: u16) -> String {
    format!("name = 'number {number:04}'\nport = {}\nhosts = ['one.example', 'two.example']\n", 2_000 + number)
}

fn reload(live: &Live<Config>, changes: &mut Changes<Config>, file: &std::path::Path, number: u16) {
    fs::write(file, document(number)).unwrap();
    live.reload_all().unwrap();
    let event = changes.next_within(Duration::ZERO).expect("every change is an event");
    assert_eq!(event.after.running().port, 2_000 + number);
}

#[test]
fn a_thousand_reloads_leave_not_one_byte_behind() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("app.toml");
    fs::write(&file, document(0)).unwrap();
    let live = Live::of(Config::loader().file(&file)).open().unwrap();
    let mut changes = live.changes();
    // The first ones fill what is bounded: queues, figures.
    for number in 1..=100 {
        reload(&live, &mut changes, &file, number);
    }
    let all = measure(|| {
        for number in 101..=1_100 {
            reload(&live, &mut changes, &file, number);
        }
    });
    assert!(all.count_total > 1_000, "reloads allocate, so that something was measured");
    assert_eq!(all.bytes_current, 0, "{all:?}");
    assert_eq!(all.count_current, 0, "{all:?}");
}
