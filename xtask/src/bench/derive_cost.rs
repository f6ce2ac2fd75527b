//! What a derive costs to compile: the processor seconds of `rustc` for 100 structs of 10 leaves, over none derived.
//!
//! A scratch workspace has a crate for each derive. Their dependencies are built first; then each crate is compiled
//! alone, several times in turn, and the least counts. A wrapper around `rustc` takes the times, so that cargo's own
//! work stays out.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::cargo::{Workspace, cargo, output, root};

use super::{Table, ratio};

const STRUCTS: usize = 100;
const RUNS: usize = 7;

/// Ten leaves, of the types that configurations are made of.
const LEAVES: [&str; 10] = [
    "u16",
    "u32",
    "f64",
    "bool",
    "String",
    "Option<String>",
    "Vec<String>",
    "std::time::Duration",
    "std::net::IpAddr",
    "std::path::PathBuf",
];

/// What is derived, and what for.
struct Derive {
    /// The scratch crate's name.
    name: &'static str,
    title: &'static str,
    attribute: &'static str,
    /// Lines of `[dependencies]`, where `ROOT` is the repository.
    dependencies: &'static str,
}

/// The first is what the others are compared with, the second the peer.
const DERIVES: &[Derive] = &[
    Derive { name: "cost_none", title: "none", attribute: "", dependencies: "" },
    Derive {
        name: "cost_deserialize",
        title: "`Deserialize`",
        attribute: "#[derive(serde::Deserialize)]",
        dependencies: "serde = { version = \"1\", features = [\"derive\"] }",
    },
    Derive {
        name: "cost_serde",
        title: "`Deserialize` + `Serialize`",
        attribute: "#[derive(serde::Deserialize, serde::Serialize)]",
        dependencies: "serde = { version = \"1\", features = [\"derive\"] }",
    },
    Derive {
        name: "cost_ours",
        title: "`LayeredConfig`",
        attribute: "#[derive(strata_config::LayeredConfig)]",
        dependencies: "strata-config = { path = \"ROOT/crates/strata-config\", default-features = false, features = [\"json\", \"toml\"] }",
    },
];

const WRAPPER: &str = r#"#!/usr/bin/env bash
# Runs the compiler, and notes the processor seconds that it took for a crate of ours.
[[ " $* " == *" --crate-name cost_"* ]] || exec "$@"
TIMEFORMAT='%3U %3S'
exec 3>&2
{ time "$@" 2>&3; } 2>>"$STRATA_TIMES"
"#;

/// Writes the scratch workspace and measures `cargo check` and `cargo build` of each crate.
pub(super) fn measure() -> Result<Table, String> {
    let scratch = Scratch::write(&Workspace::read("Cargo.toml")?.target.join("derive-cost"))?;
    let check = scratch.least("check")?;
    let build = scratch.least("build")?;
    let over = |times: &[f64], at: usize| times[at] - times[0];
    let rows = DERIVES.iter().enumerate().map(|(at, derive)| {
        let mut row = vec![derive.title.to_owned()];
        for times in [&check, &build] {
            row.push(format!("{:.2}", times[at]));
            row.push(if at == 0 { "-".to_owned() } else { ratio(over(times, at), over(times, 1)) });
        }
        row
    });
    Ok(Table {
        title: "Derive",
        about: "100 structs of 10 leaves (numbers, strings, lists, durations, addresses, paths) in a library, its dependencies built:
the processor seconds of `rustc`, the least of 7 runs, and what they are above no derive, where that of serde's `Deserialize` is 1.",
        head: &["derive", "check, s", "`Deserialize` = 1", "build, s", "`Deserialize` = 1"],
        rows: rows.collect(),
    })
}

/// The workspace that is compiled.
struct Scratch {
    directory: PathBuf,
}

impl Scratch {
    fn write(directory: &Path) -> Result<Self, String> {
        let failed = |error| format!("{}: {error}", directory.display());
        let members: Vec<_> = DERIVES.iter().map(|derive| format!("{:?}", derive.name)).collect();
        write_file(
            &directory.join("Cargo.toml"),
            &format!("[workspace]\nresolver = \"3\"\nmembers = [{}]\n", members.join(", ")),
        )?;
        for derive in DERIVES {
            let crate_root = directory.join(derive.name);
            write_file(&crate_root.join("Cargo.toml"), &derive.manifest())?;
            write_file(&crate_root.join("src/lib.rs"), &derive.source())?;
        }
        // The same versions as ours.
        fs::copy(root().join("Cargo.lock"), directory.join("Cargo.lock")).map_err(failed)?;
        write_file(&directory.join("rustc-timed"), WRAPPER)?;
        output(Command::new("chmod").arg("+x").arg(directory.join("rustc-timed")))?;
        Ok(Self { directory: directory.to_owned() })
    }

    /// The least processor seconds of each crate, in the order of [`DERIVES`].
    fn least(&self, command: &str) -> Result<Vec<f64>, String> {
        let mut least = vec![f64::INFINITY; DERIVES.len()];
        for derive in DERIVES {
            self.compile(command, derive)?;
        }
        for _ in 0..RUNS {
            for (derive, least) in DERIVES.iter().zip(&mut least) {
                *least = least.min(self.compile(command, derive)?);
            }
        }
        Ok(least)
    }

    /// Compiles one crate anew, and takes the time of that crate alone.
    fn compile(&self, command: &str, derive: &Derive) -> Result<f64, String> {
        let times = self.directory.join("times");
        write_file(&times, "")?;
        write_file(&self.directory.join(derive.name).join("src/lib.rs"), &derive.source())?;
        let mut cargo = cargo(&[command, "--quiet", "--package", derive.name]);
        cargo.current_dir(&self.directory).env("CARGO_TARGET_DIR", self.directory.join("target"));
        cargo.env("CARGO_INCREMENTAL", "0").env("STRATA_TIMES", &times);
        output(cargo.env("RUSTC_WORKSPACE_WRAPPER", self.directory.join("rustc-timed")))?;
        let noted = fs::read_to_string(&times).map_err(|error| format!("{}: {error}", times.display()))?;
        let seconds: Option<Vec<f64>> = noted.split_whitespace().map(|word| word.parse().ok()).collect();
        match seconds.as_deref() {
            Some([user, system]) => Ok(user + system),
            _ => Err(format!("{}: expected the two times of one compilation, found {noted:?}", derive.name)),
        }
    }
}

impl Derive {
    fn manifest(&self) -> String {
        let dependencies = self.dependencies.replace("ROOT", &root().display().to_string());
        format!(
            "[package]\nname = {:?}\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[dependencies]\n{dependencies}\n",
            self.name
        )
    }

    fn source(&self) -> String {
        let mut source = String::new();
        for number in 0..STRUCTS {
            let attribute = self.attribute;
            writeln!(source, "/// Settings {number}.\n{attribute}\npub struct Settings{number} {{").expect(INFALLIBLE);
            for (at, leaf) in LEAVES.iter().enumerate() {
                writeln!(source, "    /// Leaf {at}.\n    pub leaf_{at}: {leaf},").expect(INFALLIBLE);
            }
            source.push_str("}\n\n");
        }
        source
    }
}

const INFALLIBLE: &str = "a string takes everything";

pub(super) fn write_file(path: &Path, text: &str) -> Result<(), String> {
    let written = path.parent().map_or(Ok(()), fs::create_dir_all).and_then(|()| fs::write(path, text));
    written.map_err(|error| format!("{}: {error}", path.display()))
}
