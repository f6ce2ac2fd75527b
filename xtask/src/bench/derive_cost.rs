//! What a derive costs to compile: the processor seconds of `rustc` for 100 structs of 10 leaves, over none derived.
//!
//! A scratch workspace has two crates for each derive: leaves without attributes, and leaves with defaults and ranges.
//! Each crate is compiled several times, in turns, and the least counts. A wrapper around `rustc` takes the times of these
//! crates alone, so that their dependencies and cargo's own work stay out.

mod derives;

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::cargo::{Workspace, cargo, output, root};

use super::section::{Figure, Quantity, Section, Table};
use super::{ratio, write_file};

use derives::{DERIVES, Derive, LEAVES};

const STRUCTS: usize = 100;
const RUNS: usize = 4;

/// The variants' names; a derive has the attributes of both, in this order.
const VARIANTS: [&str; 2] = ["plain", "full"];

const WRAPPER: &str = r#"#!/usr/bin/env bash
# Runs the compiler, and notes the processor seconds that it took for a crate of ours.
[[ " $* " == *" --crate-name cost_"* ]] || exec "$@"
TIMEFORMAT='%3U %3S'
exec 3>&2
{ time "$@" 2>&3; } 2>>"$STRATA_TIMES"
"#;

/// One crate of the scratch workspace.
struct Crate {
    derive: &'static Derive,
    variant: usize,
}

/// Writes the scratch workspace and measures `cargo check` and `cargo build` of each crate.
pub(super) fn measure() -> Result<Section, String> {
    let crates: Vec<_> = DERIVES.iter().flat_map(|derive| [0, 1].map(|variant| Crate { derive, variant })).collect();
    let scratch = Scratch::write(&Workspace::read("Cargo.toml")?.target.join("derive-cost"), &crates)?;
    let (check, build) = (scratch.least("check", &crates)?, scratch.least("build", &crates)?);
    // Two crates a derive: the plain one, and behind it the full one; the first derive is none.
    let over = |times: &[f64], derive: usize, variant: usize| times[2 * derive + variant] - times[variant];
    let mut figures = Vec::new();
    for (at, derive) in DERIVES.iter().enumerate() {
        let Some(contender) = derive.contender else { continue };
        for (quantity, times) in [(Quantity::DeriveCheck, &check), (Quantity::DeriveBuild, &build)] {
            figures.push(Figure { quantity, contender, value: over(times, at, 0) });
        }
    }
    let rows = DERIVES.iter().enumerate().map(|(at, derive)| {
        let mut row = vec![derive.title.to_owned()];
        for variant in [0, 1] {
            for times in [&check, &build] {
                let over = |derive| over(times, derive, variant);
                row.push(match at {
                    0 => format!("({:.2})", times[variant]),
                    _ => format!("{:.2} ({})", over(at), ratio(over(at), over(1))),
                });
            }
        }
        row
    });
    Ok(Section {
        title: "Derive",
        about: "100 structs of 10 leaves (numbers, strings, lists, addresses, paths) in a library, its dependencies built: the processor
seconds of `rustc` above no derive, the least of 4 runs in turns, and in brackets what that is where serde's `Deserialize` is 1.
Once leaves have no attributes, once they have defaults, and ranges where the derive knows them (ours, confique's, smart-config's;
schematic's need a feature that the load does not); serde's defaults are `impl Default` by hand. conf needs an attribute on every leaf
in any case. Documentation comments are on every leaf.",
        charts: vec![],
        tables: vec![Table::new(&["derive", "check, s", "build, s", "with defaults: check, s", "build, s"], rows.collect())],
        figures,
    })
}

/// The workspace that is compiled.
struct Scratch {
    directory: PathBuf,
}

impl Scratch {
    fn write(directory: &Path, crates: &[Crate]) -> Result<Self, String> {
        let failed = |error| format!("{}: {error}", directory.display());
        let members: Vec<_> = crates.iter().map(|member| format!("{:?}", member.name())).collect();
        write_file(
            &directory.join("Cargo.toml"),
            &format!("[workspace]\nresolver = \"3\"\nmembers = [{}]\n", members.join(", ")),
        )?;
        for member in crates {
            let crate_root = directory.join(member.name());
            write_file(&crate_root.join("Cargo.toml"), &member.manifest())?;
            write_file(&crate_root.join("src/lib.rs"), &member.source())?;
        }
        // The same versions as the benchmark's.
        fs::copy(root().join("crates/bench/Cargo.lock"), directory.join("Cargo.lock")).map_err(failed)?;
        write_file(&directory.join("rustc-timed"), WRAPPER)?;
        output(Command::new("chmod").arg("+x").arg(directory.join("rustc-timed")))?;
        Ok(Self { directory: directory.to_owned() })
    }

    /// The least processor seconds of each crate, in their order.
    fn least(&self, command: &str, crates: &[Crate]) -> Result<Vec<f64>, String> {
        let mut least = vec![f64::INFINITY; crates.len()];
        for _ in 0..RUNS {
            for (member, least) in crates.iter().zip(&mut least) {
                *least = least.min(self.compile(command, member)?);
            }
        }
        Ok(least)
    }

    /// Compiles one crate anew, and takes the time of that crate alone.
    fn compile(&self, command: &str, member: &Crate) -> Result<f64, String> {
        let times = self.directory.join("times");
        write_file(&times, "")?;
        write_file(&self.directory.join(member.name()).join("src/lib.rs"), &member.source())?;
        let mut cargo = cargo(&[command, "--quiet", "--package", &member.name()]);
        cargo.current_dir(&self.directory).env("CARGO_TARGET_DIR", self.directory.join("target"));
        cargo.env("CARGO_INCREMENTAL", "0").env("STRATA_TIMES", &times);
        output(cargo.env("RUSTC_WORKSPACE_WRAPPER", self.directory.join("rustc-timed")))?;
        let noted = fs::read_to_string(&times).map_err(|error| format!("{}: {error}", times.display()))?;
        let seconds: Option<Vec<f64>> = noted.split_whitespace().map(|word| word.parse().ok()).collect();
        match seconds.as_deref() {
            Some([user, system]) => Ok(user + system),
            _ => Err(format!("{}: expected the two times of one compilation, found {noted:?}", member.name())),
        }
    }
}

impl Crate {
    fn name(&self) -> String {
        format!("cost_{}_{}", self.derive.name, VARIANTS[self.variant])
    }

    fn manifest(&self) -> String {
        let dependencies = self.derive.dependencies.replace("ROOT", &root().display().to_string());
        let name = self.name();
        format!(
            "[package]\nname = {name:?}\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[dependencies]\n{dependencies}\n"
        )
    }

    fn source(&self) -> String {
        let mut source = String::new();
        for number in 0..STRUCTS {
            let container = self.derive.container[self.variant];
            writeln!(source, "/// Settings {number}.\n{container}\npub struct Settings{number} {{").expect(INFALLIBLE);
            for leaf in &LEAVES {
                let attribute = self.derive.leaf[self.variant](leaf);
                writeln!(source, "    /// The {0}.\n    {attribute}\n    pub {0}: {1},", leaf.name, leaf.kind)
                    .expect(INFALLIBLE);
            }
            source.push_str("}\n\n");
            if self.variant == 1 {
                source.push_str(&(self.derive.behind)(number));
            }
        }
        source
    }
}

const INFALLIBLE: &str = "a string takes everything";
