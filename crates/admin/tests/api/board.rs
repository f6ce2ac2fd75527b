//! `GET /status` on a board: what it is, what its profile changed, and the memory that is needed.

use std::path::Path;

use serde_json::{Value as Json, json};
use strata_config::LayeredConfig;
use strata_config_pi_profile::{Board, Choice, ChosenBy, Profiles};
use strata_config_reload::Live;

use crate::site::Site;

/// What is served.
#[derive(LayeredConfig, Debug)]
struct Config {
    /// Requests that may be under way.
    #[config(default = 500, fallback = 100, resource = "connections", cost = "64KiB")]
    requests: u32,
    /// Kept answers, in MB.
    #[config(default = 50, resource = "memory_mb", cost = "1MB")]
    cache: u32,
}

fn zero(root: &Path) {
    for (path, content) in [
        ("proc/device-tree/model", "Raspberry Pi Zero 2 W Rev 1.0\0"),
        ("proc/device-tree/compatible", "raspberrypi,model-zero-2-w\0brcm,bcm2837\0"),
        ("proc/meminfo", "MemTotal: 421800 kB\nMemAvailable: lots\n"),
        ("sys/class/thermal/thermal_zone0/temp", "47236\n"),
        ("sys/devices/platform/soc/soc:firmware/get_throttled", "50000\n"),
    ] {
        let file = root.join(path);
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(file, content).unwrap();
    }
}

#[test]
fn the_board_its_profile_and_the_memory_are_told() {
    let folder = tempfile::tempdir().unwrap();
    zero(folder.path());
    let board = Board::detect(folder.path());
    let chosen = Profiles::default().choose(&Choice::Auto, &board, Config::SCHEMA).unwrap();
    let loader = Config::loader().env_from(Vec::<(&str, &str)>::new()).profile(chosen.profile.unwrap());
    let site = Site::of_any(Live::of(loader).open().unwrap(), |admin| admin.board(folder.path(), chosen.by));
    let status = || site.get("/api/v1/status").json()["profile"].clone();
    let profile = status();
    assert_eq!((&profile["name"], &profile["chosen_by"]), (&json!("pi_zero_2w"), &json!("auto")));
    let board = &profile["board"];
    assert_eq!((&board["kind"], &board["temperature_c"]), (&json!("pi_zero_2w"), &json!(47.236)));
    assert_eq!(board["memory"]["total"], json!(421_800 * 1024));
    assert_eq!(board["throttled"]["under_voltage"], json!({"now": false, "since_boot": true}));
    assert_eq!(board["faults"], json!([{"file": "/proc/meminfo", "why": "`MemAvailable` makes no sense"}]));
    assert_eq!(profile["memory"], json!({"total": 512 << 20, "ceiling": 400 << 20, "system": 112 << 20}));
    let lowered = json!({"path": "requests", "from": 500, "to": 200, "layer": "profile", "at": "pi_zero_2w"});
    assert_eq!(profile["changed"], json!([lowered]));
    let budget = &profile["budget"];
    assert_eq!((&budget["need"], &budget["fits"]), (&json!(50_000_000 + 200 * 65_536), &json!(true)));
    assert_eq!(budget["shares"][0], json!({"path": "cache", "value": 50, "cost": 1_000_000, "need": 50_000_000}));

    // A change is in the budget at once.
    site.call("PUT", "/api/v1/values/cache", &json!({"value": 420}));
    let budget = status()["budget"].clone();
    assert_eq!((&budget["fits"], &budget["shares"][0]["value"]), (&json!(false), &json!(420)));
    let findings = site.get("/api/v1/status").json()["warnings"].clone();
    let codes: Vec<&Json> = findings.as_array().unwrap().iter().map(|finding| &finding["code"]).collect();
    assert!(codes.contains(&&json!("profile.budget")), "{findings}");
}

#[test]
fn without_a_profile_the_board_is_told_all_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let site = Site::with(&[], |admin| admin.board(folder.path(), ChosenBy::None));
    let profile = site.get("/api/v1/status").json()["profile"].clone();
    assert_eq!(
        (&profile["name"], &profile["chosen_by"], &profile["changed"]),
        (&json!(null), &json!("none"), &json!([]))
    );
    assert_eq!((&profile["memory"], &profile["board"]["model"]), (&json!(null), &json!(null)));
    assert_eq!(Site::start().get("/api/v1/status").json()["profile"], json!(null));
}
