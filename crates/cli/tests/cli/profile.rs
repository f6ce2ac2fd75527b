//! `--profile`, `--profiles` and `profile`, over machines of files.

use std::path::Path;

use clap::Command;
use serde_json::{Value, json};
use strata_config_cli::{BoardCommand, Status, Terminal};

use crate::app::Run;

/// A Raspberry Pi Zero 2 W, whose service may use 256 MB.
const ZERO: [(&str, &str); 9] = [
    ("proc/device-tree/model", "Raspberry Pi Zero 2 W Rev 1.0\0"),
    ("proc/device-tree/compatible", "raspberrypi,model-zero-2-w\0brcm,bcm2837\0"),
    ("proc/cpuinfo", "processor\t: 0\nCPU implementer\t: 0x41\nCPU part\t: 0xd03\n"),
    ("proc/meminfo", "MemTotal: 421800 kB\nMemAvailable: 300148 kB\nSwapTotal: 0 kB\nSwapFree: 0 kB\n"),
    ("proc/self/cgroup", "0::/\n"),
    ("proc/self/mountinfo", "29 21 0:25 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n"),
    ("sys/fs/cgroup/memory.max", "max\n"),
    ("sys/class/thermal/thermal_zone0/temp", "47236\n"),
    ("sys/devices/platform/soc/soc:firmware/get_throttled", "50000\n"),
];

fn machine(files: &[(&str, &str)], root: &Path) {
    for (path, content) in files {
        let file = root.join(path);
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(file, content).unwrap();
    }
}

/// A run on a Zero 2 W.
fn zero(files: &[(&str, &str)]) -> Run {
    let run = Run::new(files, &[]);
    machine(&ZERO, &run.path("machine"));
    run
}

fn pool(run: &Run, args: &[&str]) -> Value {
    run.json(&[&["explain", "db.pool_size"], args].concat())["values"][0].clone()
}

#[test]
fn auto_is_the_default_and_takes_the_boards_own_profile() {
    let run = zero(&[]);
    for args in [&[][..], &["--profile", "auto"]] {
        let value = pool(&run, args);
        assert_eq!((&value["value"], &value["origin"]["at"]), (&json!(2), &json!("pi_zero_2w")), "{args:?}");
    }
    assert_eq!(pool(&run, &["--profile", "none"])["value"], json!(8));
    assert_eq!(pool(&run, &["--profile", "pi_4"])["value"], json!(8));
}

#[test]
fn a_name_wins_on_any_machine_with_hyphens_and_capitals_forgiven() {
    assert_eq!(pool(&Run::new(&[], &[]), &["--profile", "Pi-Zero-2W"])["value"], json!(2));
    assert_eq!(pool(&Run::new(&[], &[]), &[])["value"], json!(8));
}

#[test]
fn an_unknown_name_is_a_mistake_of_the_command_line() {
    let output = Run::new(&[], &[]).run(&["check", "--profile", "pi_zero2w"]);
    assert_eq!((output.status, output.stdout.as_str()), (Status::Usage, ""));
    assert!(output.stderr.contains("did you mean `pi_zero_2w`?"), "{}", output.stderr);
    assert!(output.stderr.contains("container_128"), "{}", output.stderr);
}

#[test]
fn a_limit_of_the_profile_is_checked_by_every_command() {
    let run = zero(&[("app.toml", "db.pool_size = 30")]);
    let report = run.json(&["check"]);
    assert_eq!((&report["valid"], &report["warnings"][0]["code"]), (&json!(true), &json!("rule.profile")));
    assert_eq!(run.json(&["check", "--mode", "strict"])["errors"][0]["code"], json!("rule.profile"));
}

const OWN: &str = "[kiosk]
extends = \"pi_zero_2w\"
description = \"The ticket machines\"
limits.\"db.pool_size\" = { default = 3, max = 5, hard = true }
defaults.log = \"debug\"
";

#[test]
fn profiles_of_ones_own_come_from_files() {
    let run = Run::new(&[("own.toml", OWN)], &[]);
    let own = ["--profiles", "{}/own.toml", "--profile", "kiosk"];
    assert_eq!(pool(&run, &own)["value"], json!(3));
    assert_eq!(run.ok(&[&["get", "log"][..], &own].concat()), "debug\n");
    let output = run.run(&[&["check", "--set", "db.pool_size=6"][..], &own].concat());
    assert_eq!(output.status, Status::Invalid);
    assert!(output.stderr.contains("rule.profile"), "{}", output.stderr);
}

#[test]
fn mistakes_in_a_file_of_profiles_are_reported_as_those_of_a_configuration() {
    let run = Run::new(&[("own.toml", "[kiosk]\nextends = \"pi_zero\"\nlimits.\"db.pool\" = {}\n")], &[]);
    let report = run.json(&["check", "--profiles", "{}/own.toml"]);
    let found: Vec<(&str, &str)> = report["errors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|error| (error["code"].as_str().unwrap(), error["at"].as_str().unwrap().rsplit('/').next().unwrap()))
        .collect();
    assert_eq!(found, [("key.unknown", "own.toml:3:8"), ("profile.unknown", "own.toml:2:11")]);
    assert_eq!(run.run(&["get", "name", "--profiles", "{}/own.toml"]).status, Status::Invalid);
    assert_eq!(run.run(&["get", "name", "--profiles", "{}/none.toml"]).status, Status::Invalid);
}

#[test]
fn profile_tells_of_board_memory_and_settings_as_json() {
    let answer = zero(&[("app.toml", "no = {")]).json(&["profile"]);
    let board = &answer["board"];
    assert_eq!(board["model"], json!("Raspberry Pi Zero 2 W Rev 1.0"));
    assert_eq!(
        (&board["kind"], &board["cpu"]["part"], &board["cpu"]["name"]),
        (&json!("pi_zero_2w"), &json!("0xd03"), &json!("Cortex-A53"))
    );
    assert_eq!(
        board["memory"],
        json!({"total": 431_923_200, "available": 307_351_552, "swap_total": 0, "swap_free": 0})
    );
    assert_eq!(board["cgroup"], json!({"version": 2, "limit": null, "used": null}));
    assert_eq!(board["temperature_c"], json!(47.236));
    assert_eq!(board["throttled"]["under_voltage"], json!({"now": false, "since_boot": true}));
    assert_eq!(board["faults"], json!([]));
    assert_eq!((&answer["profile"], &answer["chosen_by"]), (&json!("pi_zero_2w"), &json!("auto")));
    let mib = 1 << 20;
    assert_eq!(answer["memory"], json!({"total": 512 * mib, "ceiling": 400 * mib, "system": 112 * mib}));
    assert_eq!(
        answer["settings"],
        json!([
            {"path": "db.pool_size", "default": 8, "profile_default": 2, "min": null, "max": 20, "hard": false,
             "because": "attribute"}
        ])
    );
    assert!(answer["profiles"].as_array().unwrap().contains(&json!("container_256")));
}

#[test]
fn profile_says_why_a_setting_is_limited() {
    let run = Run::new(&[("own.toml", OWN)], &[]);
    let answer = run.json(&["profile", "--profiles", "{}/own.toml", "--profile", "kiosk"]);
    assert_eq!((&answer["chosen_by"], &answer["profile"]), (&json!("option"), &json!("kiosk")));
    let settings = answer["settings"].as_array().unwrap();
    let said: Vec<(&str, &str, &Value)> = settings
        .iter()
        .map(|said| (said["path"].as_str().unwrap(), said["because"].as_str().unwrap(), &said["profile_default"]))
        .collect();
    assert_eq!(said, [("log", "setting", &json!("debug")), ("db.pool_size", "setting", &json!(3))]);
    assert_eq!((&settings[1]["max"], &settings[1]["hard"]), (&json!(5), &json!(true)));
}

#[test]
fn profile_is_text_for_people() {
    let text = zero(&[]).ok(&["profile"]);
    for line in [
        "board         Raspberry Pi Zero 2 W Rev 1.0 (raspberrypi,model-zero-2-w, brcm,bcm2837)\n",
        "processor     Cortex-A53, part 0xd03, 1 core\n",
        "memory        411.9 MiB, 293.1 MiB available, no swap\n",
        "control group version 2, no limit\n",
        "temperature   47.2 °C\n",
        "throttled     under-voltage since the start; throttled since the start\n",
        "profile       pi_zero_2w (the board's own)\n",
        "budget        400 MiB for the program, 112 MiB for the system, of 512 MiB\n",
        "SETTING       DEFAULT  HERE  AT LEAST  AT MOST  BECAUSE OF\n",
        "db.pool_size  8        2               20       attribute\n",
    ] {
        assert!(text.contains(line), "{line}{text}");
    }
}

#[test]
fn a_machine_that_is_no_board_says_so() {
    let run = Run::new(&[], &[]);
    let text = run.ok(&["profile"]);
    assert!(text.contains("board         no device tree names one\n"), "{text}");
    assert!(text.contains("profile       none (no device tree names a board that has one)\n"), "{text}");
    let answer = run.json(&["profile"]);
    assert_eq!((&answer["profile"], &answer["memory"], &answer["settings"]), (&json!(null), &json!(null), &json!([])));
    assert_eq!(run.json(&["profile", "--profile", "none"])["chosen_by"], json!("none"));
}

#[test]
fn what_could_not_be_read_is_told() {
    let run = zero(&[]);
    machine(&[("proc/meminfo", "MemTotal: many kB\n")], &run.path("machine"));
    let fault = json!([{"file": "/proc/meminfo", "why": "`MemTotal` makes no sense"}]);
    assert_eq!(run.json(&["profile"])["board"]["faults"], fault);
    assert!(run.ok(&["profile"]).contains("fault         /proc/meminfo: `MemTotal` makes no sense\n"));
}

#[test]
fn the_command_stands_alone_too() {
    let folder = tempfile::tempdir().unwrap();
    machine(&ZERO, folder.path());
    let command = BoardCommand::new().machine(folder.path());
    let ask = |args: &[&str]| {
        let app = Command::new("app").subcommand(command.command());
        let matches = app.get_matches_from([&["app", "profile"], args].concat());
        command.execute(matches.subcommand().unwrap().1, Terminal::default())
    };
    let answer: Value = serde_json::from_str(&ask(&["--format", "json"]).stdout).unwrap();
    assert_eq!(
        (&answer["profile"], &answer["settings"], &answer["budget"]),
        (&json!("pi_zero_2w"), &json!([]), &json!(null))
    );
    assert!(ask(&["--profile", "pi_5"]).stdout.contains("profile       pi_5 (by name)\n"));
    assert_eq!(ask(&["--profile", "pi_6"]).status, Status::Usage);
}
