//! What a library adds to a program: bytes, crates to build, and the processor seconds of a clean build.
//!
//! A scratch package for each contender, all with one profile made for small programs. Each is built from nothing, its
//! dependencies too.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::cargo::{Workspace, cargo, output, root};

use super::chart::{Bars, Scale};
use super::contenders::{CONTENDERS, Contender};
use super::section::{Chart, Figure, Quantity, Section, Table};
use super::{budgets, write_file};

/// Builds of each program; the least processor seconds count.
const BUILDS: usize = 2;

/// The program that the others are compared with.
const EMPTY: Contender =
    Contender { name: "empty", title: "(empty)", modules: &[], dependencies: "", origin: "", differs: "" };

const PROFILE: &str = "[profile.release]
opt-level = \"z\"
lto = true
codegen-units = 1
panic = \"abort\"
strip = true
";

/// A program that loads the configuration of the benchmark, prints one value of it, or says what is wrong.
struct Program {
    contender: &'static Contender,
    package: PathBuf,
    seconds: f64,
}

/// Writes the packages, builds each program and looks at it.
pub(super) fn measure() -> Result<Section, String> {
    let directory = Workspace::read("Cargo.toml")?.target.join("size");
    let contenders = [&EMPTY].into_iter().chain(CONTENDERS);
    let mut programs =
        contenders.map(|contender| Program::write(contender, &directory)).collect::<Result<Vec<_>, _>>()?;
    for _ in 0..BUILDS {
        for program in &mut programs {
            program.build()?;
        }
    }
    let empty = programs[0].kilobytes()?;
    let (mut rows, mut bars, mut figures) = (vec![], vec![], vec![]);
    for program in &programs {
        let (title, size) = (program.contender.title, program.kilobytes()?);
        let (above, crates) = (size - empty, program.crates()?);
        rows.push(vec![
            title.to_owned(),
            format!("{size:.0}"),
            format!("{above:.0}"),
            crates.to_string(),
            format!("{:.1}", program.seconds),
        ]);
        if program.contender.modules.is_empty() {
            continue;
        }
        bars.push((title, above, format!("{above:.0}")));
        let values = [(Quantity::Size, above), (Quantity::Crates, crates as f64), (Quantity::Build, program.seconds)];
        figures.extend(values.map(|(quantity, value)| Figure { quantity, contender: title, value }));
    }
    Ok(Section {
        title: "Size",
        about: "A program that loads the same configuration, built small (`opt-level = \"z\"`, link-time optimization, one codegen
unit, `panic = \"abort\"`, stripped): its size in kB, what that is above an empty program, the crates to build, and the
processor seconds (user and system, of cargo and all that it starts) of a clean build, the least of two.",
        charts: vec![Chart::Bars(Bars {
            name: "size",
            title: "Size above an empty program",
            axis: "kB",
            scale: Scale::Linear,
            target: budgets::SIZE,
            rows: bars,
        })],
        tables: vec![Table::new(&["program", "kB", "above empty", "crates", "build, s"], rows)],
        figures,
    })
}

impl Program {
    /// Writes the program as a workspace of its own.
    fn write(contender: &'static Contender, directory: &Path) -> Result<Self, String> {
        let name = format!("size_{}", contender.name);
        let package = directory.join(&name);
        let dependencies = contender.dependencies.replace("ROOT", &root().display().to_string());
        let manifest = format!(
            "[package]\nname = {name:?}\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[workspace]\n\n[dependencies]\n{dependencies}\n\n{PROFILE}"
        );
        write_file(&package.join("Cargo.toml"), &manifest)?;
        write_file(&package.join("src/main.rs"), &source(contender.modules))?;
        // The same versions as the benchmark's.
        let lock = root().join("crates/bench/Cargo.lock");
        fs::copy(&lock, package.join("Cargo.lock")).map_err(|error| format!("{}: {error}", lock.display()))?;
        output(cargo(&["fetch", "--quiet"]).current_dir(&package))?;
        Ok(Self { contender, package, seconds: f64::INFINITY })
    }

    /// Builds it from nothing.
    fn build(&mut self) -> Result<(), String> {
        let target = self.package.join("target");
        if target.exists() {
            fs::remove_dir_all(&target).map_err(|error| format!("{}: {error}", target.display()))?;
        }
        let script = "TIMEFORMAT='%3U %3S'; exec 3>&2; { time cargo build --quiet --release 2>&3; } 2>&1";
        let mut build = Command::new("bash");
        build.args(["-c", script]).current_dir(&self.package).env("CARGO_TARGET_DIR", &target);
        let timed = output(&mut build)?;
        let seconds: Option<Vec<f64>> = timed.split_whitespace().map(|word| word.parse().ok()).collect();
        let seconds = seconds.ok_or_else(|| format!("expected two times, found {timed:?}"))?;
        self.seconds = self.seconds.min(seconds.iter().sum());
        Ok(())
    }

    fn kilobytes(&self) -> Result<f64, String> {
        let binary = self.package.join("target/release").join(format!("size_{}", self.contender.name));
        let data = fs::metadata(&binary).map_err(|error| format!("{}: {error}", binary.display()))?;
        Ok(data.len() as f64 / 1000.0)
    }

    /// How many crates are built, the program aside.
    fn crates(&self) -> Result<usize, String> {
        let tree = output(cargo(&["tree", "--prefix", "none", "--edges", "normal,build"]).current_dir(&self.package))?;
        let names: BTreeSet<String> = tree
            .lines()
            .map(|line| line.split(' ').take(2).collect::<Vec<_>>().join(" "))
            .filter(|line| !line.is_empty())
            .collect();
        Ok(names.len() - 1)
    }
}

/// The program's only file, which takes the benchmark's modules.
fn source(modules: &[&str]) -> String {
    let name = |module: &str| module.rsplit('/').next().unwrap_or_default().to_owned();
    let Some(loader) = modules.last() else { return "fn main() {}\n".to_owned() };
    let mut source = "#![allow(dead_code)]\n\n".to_owned();
    for module in modules {
        let path = root().join(format!("crates/bench/src/{module}.rs"));
        source.push_str(&format!("#[path = {path:?}]\nmod {};\n", name(module)));
    }
    source.push_str(&format!(
        "\nfn main() {{\n    match {}::load() {{\n        Ok(config) => println!(\"{{}}\", config.request_pipeline.batch_size),\n        Err(error) => eprintln!(\"{{error}}\"),\n    }}\n}}\n",
        name(loader)
    ));
    source
}
