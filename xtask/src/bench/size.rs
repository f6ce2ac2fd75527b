//! What a library adds to a program: bytes, crates to build, and the processor seconds of a clean build.
//!
//! A scratch workspace has a program for each contender, all with one profile made for small programs. Each is built
//! from nothing, its dependencies too.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::cargo::{Workspace, cargo, output, root};

use super::Table;
use super::derive_cost::write_file;

/// A program that loads the configuration of the benchmark, prints one value of it, or says what is wrong.
struct Program {
    name: &'static str,
    title: &'static str,
    /// Modules of the benchmark that it has; the last one loads.
    modules: &'static [&'static str],
    dependencies: &'static str,
}

/// The first is what the others are compared with.
const PROGRAMS: &[Program] = &[
    Program { name: "size_empty", title: "empty", modules: &[], dependencies: "" },
    Program {
        name: "size_by_hand",
        title: "by hand",
        modules: &["case", "phase2a", "by_hand"],
        dependencies: "serde = { version = \"1\", features = [\"derive\"] }
serde_json = \"1\"
toml = { version = \"1.2\", default-features = false, features = [\"std\", \"serde\", \"parse\"] }",
    },
    Program {
        name: "size_ours",
        title: "strata-config",
        modules: &["case", "ours"],
        dependencies: "strata-config = { path = \"ROOT/crates/strata-config\", default-features = false, features = [\"json\", \"toml\"] }",
    },
];

const PROFILE: &str = "[profile.release]
opt-level = \"z\"
lto = true
codegen-units = 1
panic = \"abort\"
strip = true
";

/// Writes the scratch workspace, builds each program and looks at it.
pub(super) fn measure() -> Result<Table, String> {
    let directory = Workspace::read("Cargo.toml")?.target.join("size");
    let mut rows = Vec::new();
    let mut empty = None;
    for program in PROGRAMS {
        let package = program.write(&directory)?;
        let seconds = build(&package)?;
        let binary = package.join("target/release").join(program.name);
        let bytes = fs::metadata(&binary).map_err(|error| format!("{}: {error}", binary.display()))?.len();
        let empty = *empty.get_or_insert(bytes);
        rows.push(vec![
            program.title.to_owned(),
            format!("{:.0}", bytes as f64 / 1000.0),
            format!("{:.0}", (bytes - empty) as f64 / 1000.0),
            crates(&package)?.to_string(),
            format!("{seconds:.1}"),
        ]);
    }
    Ok(Table {
        title: "Size",
        about: "A program that loads the same configuration, built small (`opt-level = \"z\"`, link-time optimization, one codegen
unit, `panic = \"abort\"`, stripped): its size in kB, what that is above an empty program, the crates to build, and the
processor seconds of a clean build.",
        head: &["program", "kB", "above empty", "crates", "build, s"],
        rows,
    })
}

impl Program {
    /// Writes the program as a workspace of its own, whose directory is returned.
    fn write(&self, directory: &Path) -> Result<PathBuf, String> {
        let package = directory.join(self.name);
        let dependencies = self.dependencies.replace("ROOT", &root().display().to_string());
        let manifest = format!(
            "[package]\nname = {:?}\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[workspace]\n\n[dependencies]\n{dependencies}\n\n{PROFILE}",
            self.name
        );
        write_file(&package.join("Cargo.toml"), &manifest)?;
        write_file(&package.join("src/main.rs"), &self.source())?;
        // The same versions as the benchmark's.
        let lock = root().join("crates/bench/Cargo.lock");
        fs::copy(&lock, package.join("Cargo.lock")).map_err(|error| format!("{}: {error}", lock.display()))?;
        Ok(package)
    }

    fn source(&self) -> String {
        let Some(loader) = self.modules.last() else { return "fn main() {}\n".to_owned() };
        let mut source = "#![allow(dead_code)]\n\n".to_owned();
        for module in self.modules {
            let path = root().join(format!("crates/bench/src/{module}.rs"));
            source.push_str(&format!("#[path = {path:?}]\nmod {module};\n"));
        }
        source.push_str(&format!(
            "\nfn main() {{\n    match {loader}::load() {{\n        Ok(config) => println!(\"{{}}\", config.request_pipeline.batch_size),\n        Err(error) => eprintln!(\"{{error}}\"),\n    }}\n}}\n"
        ));
        source
    }
}

/// Builds a program from nothing; the processor seconds of that.
fn build(package: &Path) -> Result<f64, String> {
    let target = package.join("target");
    if target.exists() {
        fs::remove_dir_all(&target).map_err(|error| format!("{}: {error}", target.display()))?;
    }
    let script = "TIMEFORMAT='%3U %3S'; exec 3>&2; { time cargo build --quiet --release 2>&3; } 2>&1";
    let timed =
        output(Command::new("bash").args(["-c", script]).current_dir(package).env("CARGO_TARGET_DIR", &target))?;
    let seconds: Option<Vec<f64>> = timed.split_whitespace().map(|word| word.parse().ok()).collect();
    seconds.map(|seconds| seconds.iter().sum()).ok_or_else(|| format!("expected two times, found {timed:?}"))
}

/// How many crates are built, the program aside.
fn crates(package: &Path) -> Result<usize, String> {
    let tree = output(cargo(&["tree", "--prefix", "none", "--edges", "normal,build"]).current_dir(package))?;
    let names: BTreeSet<String> = tree
        .lines()
        .map(|line| line.split(' ').take(2).collect::<Vec<_>>().join(" "))
        .filter(|line| !line.is_empty())
        .collect();
    Ok(names.len() - 1)
}
