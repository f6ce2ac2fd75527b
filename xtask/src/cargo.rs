//! Cargo, as a program to run and as the one who knows the workspace.

use std::env;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::Outcome;

/// The manifest of the benchmarks' own workspace, from the root.
pub(crate) const BENCH_MANIFEST: &str = "crates/bench/Cargo.toml";

/// The manifest of the fuzz targets' own workspace, from the root.
pub(crate) const FUZZ_MANIFEST: &str = "fuzz/Cargo.toml";

/// The repository's root.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("xtask lies in the root").to_owned()
}

/// A run of cargo in the root.
pub(crate) fn cargo(args: &[&str]) -> Command {
    let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.args(args).current_dir(root()).stdin(Stdio::null());
    if let Some(files) = conformance() {
        command.env("STRATA_CONFORMANCE", files);
    }
    command
}

/// The foreign test files, where this machine has them.
pub(crate) fn conformance() -> Option<PathBuf> {
    root().join("../shared/conformance").canonicalize().ok()
}

/// Shows a command, runs it, and says so where it fails.
pub(crate) fn run(command: &mut Command) -> Outcome {
    let shown = shown(command);
    println!("$ {shown}");
    let status = command.status().map_err(|error| format!("`{shown}` did not start: {error}"))?;
    if status.success() { Ok(()) } else { Err(format!("`{shown}` failed: {status}")) }
}

/// Runs a command for its standard output.
pub(crate) fn output(command: &mut Command) -> Result<String, String> {
    let shown = shown(command);
    let output = command.output().map_err(|error| format!("`{shown}` did not start: {error}"))?;
    if !output.status.success() {
        return Err(format!("`{shown}` failed: {}\n{}", output.status, String::from_utf8_lossy(&output.stderr)));
    }
    String::from_utf8(output.stdout).map_err(|_| format!("`{shown}` printed something that is not UTF-8"))
}

fn shown(command: &Command) -> String {
    let program = Path::new(command.get_program()).file_name().unwrap_or_default();
    let words = [program].into_iter().chain(command.get_args());
    words.map(|word| word.to_string_lossy()).collect::<Vec<_>>().join(" ")
}

/// What cargo says of a workspace.
#[derive(Debug)]
pub(crate) struct Workspace {
    /// Its packages.
    pub(crate) packages: Vec<Package>,
    /// Where it builds.
    pub(crate) target: PathBuf,
}

/// A package of ours.
#[derive(Debug)]
pub(crate) struct Package {
    /// Its name.
    pub(crate) name: String,
    /// Its features, `default` among them.
    pub(crate) features: Vec<String>,
    /// What its manifest depends on.
    pub(crate) dependencies: Vec<Dependency>,
}

/// A dependency, as a manifest writes it.
#[derive(Debug)]
pub(crate) struct Dependency {
    /// The package's name.
    pub(crate) name: String,
    /// Tests and examples alone use it.
    pub(crate) dev: bool,
    /// A feature turns it on.
    pub(crate) optional: bool,
    /// It stands in this repository.
    pub(crate) ours: bool,
}

impl Workspace {
    /// The workspace of a manifest, given from the root.
    pub(crate) fn read(manifest: &str) -> Result<Self, String> {
        let args = ["metadata", "--format-version", "1", "--no-deps", "--manifest-path", manifest];
        let text = output(&mut cargo(&args))?;
        let value: Value = serde_json::from_str(&text).map_err(|error| format!("cargo metadata: {error}"))?;
        Ok(Self {
            packages: list(&value["packages"]).map(Package::read).collect(),
            target: text_of(&value["target_directory"]).into(),
        })
    }
}

impl Package {
    fn read(value: &Value) -> Self {
        let features = value["features"].as_object().into_iter().flatten();
        Self {
            name: text_of(&value["name"]),
            features: features.map(|(name, _)| name.clone()).collect(),
            dependencies: list(&value["dependencies"]).map(Dependency::read).collect(),
        }
    }
}

impl Dependency {
    fn read(value: &Value) -> Self {
        Self {
            name: text_of(&value["name"]),
            dev: value["kind"] == "dev",
            optional: value["optional"] == true,
            ours: value["path"].is_string(),
        }
    }
}

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

fn text_of(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}
