//! The overview on a board: what it is, what its profile changed, and the memory that is needed.

use serde_json::json;
use strata_config::{Bound, Limits, Profile};
use strata_config_pi_profile::builtin;

use crate::browser::Browser;
use crate::site::{Site, TOKEN};

fn zero() -> tempfile::TempDir {
    let root = tempfile::tempdir().unwrap();
    for (path, content) in [
        ("proc/device-tree/model", "Raspberry Pi Zero 2 W Rev 1.0\0"),
        ("proc/device-tree/compatible", "raspberrypi,model-zero-2-w\0brcm,bcm2837\0"),
        ("proc/cpuinfo", "processor\t: 0\nCPU implementer\t: 0x41\nCPU part\t: 0xd03\n"),
        ("proc/meminfo", "MemTotal: 421800 kB\nMemAvailable: 300148 kB\nSwapTotal: some\n"),
        ("sys/class/thermal/thermal_zone0/temp", "47236\n"),
        ("sys/devices/platform/soc/soc:firmware/get_throttled", "50000\n"),
    ] {
        let file = root.path().join(path);
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(file, content).unwrap();
    }
    root
}

fn profile() -> Profile {
    let limits = Limits { default: Some(Bound::Int(2)), ..Limits::default() };
    builtin("pi_zero_2w").unwrap().setting("db.pool_size", limits)
}

#[test]
#[ignore = "needs chromium and chromedriver"]
fn the_overview_shows_the_board_what_its_profile_changed_and_the_memory() {
    let site = Site::on_board(zero(), profile());
    let browser = Browser::open(&site.console(TOKEN));
    browser.see("Board and memory");
    for text in [
        "Raspberry Pi Zero 2 W Rev 1.0",
        "Cortex-A53, 1 core",
        "400 MiB for the program, 112 MiB for the system",
        "411.9 MiB, 293.1 MiB available",
        "47.2 °C",
        "under-voltage since the start; throttled since the start",
        "/proc/meminfo: `SwapTotal` makes no sense",
        "64 MiB of 400 MiB needed by the configuration",
        "What the profile changed",
    ] {
        browser.see(text);
    }
    let changed = "return document.querySelector('.board .change').textContent";
    assert_eq!(browser.run(changed), json!("db.pool_sizefrom 4→to 2"));

    // The memory follows a change, without anybody loading the page anew.
    site.call("PUT", "/values/parallel", &json!({"value": 60}));
    browser.see("480 MiB of 400 MiB needed by the configuration: too much");
    browser.see("Questionable");
}

#[test]
#[ignore = "needs chromium and chromedriver"]
fn without_a_board_the_overview_says_nothing_of_one() {
    let site = Site::start();
    let browser = Browser::open(&site.console(TOKEN));
    browser.see("Where values come from");
    assert_eq!(browser.run("return document.querySelector('.board') === null"), json!(true));
}
