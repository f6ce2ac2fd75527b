//! Debian's packages for other processors: fetched into `target/`, unpacked there, and installed nowhere.
//!
//! apt keeps a state of its own for each architecture, so that the system's lists and packages stay as they are.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::cargo::{output, run};

/// apt for one architecture.
pub(super) struct Apt {
    folder: PathBuf,
    architecture: &'static str,
}

impl Apt {
    /// apt for an architecture, with its lists read.
    pub(super) fn new(folder: &Path, architecture: &'static str) -> Result<Self, String> {
        let apt = Self { folder: folder.join("apt").join(architecture), architecture };
        for part in ["state/lists/partial", "cache/archives/partial"] {
            let path = apt.folder.join(part);
            fs::create_dir_all(&path).map_err(|error| format!("{}: {error}", path.display()))?;
        }
        // Another source's lists may be out of order; a package that is then missing is told.
        if let Err(error) = run(apt.command("apt-get").args(["-qq", "update"])) {
            println!("{error}; what could be read has to do");
        }
        Ok(apt)
    }

    fn command(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        let Self { folder, architecture } = self;
        command.current_dir(folder);
        for option in [
            format!("Dir::State={}/state", folder.display()),
            "Dir::State::status=/dev/null".to_owned(),
            format!("Dir::Cache={}/cache", folder.display()),
            format!("APT::Architecture={architecture}"),
            format!("APT::Architectures::={architecture}"),
            "APT::Sandbox::User=root".to_owned(),
            "Acquire::Languages=none".to_owned(),
        ] {
            command.args(["-o", &option]);
        }
        command
    }

    /// The package that another one only stands for.
    pub(super) fn behind(&self, package: &str) -> Result<String, String> {
        let told = output(self.command("apt-cache").args(["depends", package]))?;
        let name = told.lines().find_map(|line| line.trim().strip_prefix("Depends: ")).map(str::to_owned);
        name.ok_or_else(|| format!("`{package}` depends on nothing"))
    }

    /// Fetches a package and unpacks the files below these folders.
    pub(super) fn unpack(&self, package: &str, into: &Path, patterns: &[&str]) -> Result<(), String> {
        run(self.command("apt-get").args(["-qq", "download", package]))?;
        let mut entries = fs::read_dir(&self.folder).map_err(|error| error.to_string())?.flatten();
        let start = format!("{package}_");
        let found = entries.find(|entry| entry.file_name().to_string_lossy().starts_with(&start));
        let file = found.ok_or_else(|| format!("apt fetched no `{package}`"))?.path();
        fs::create_dir_all(into).map_err(|error| format!("{}: {error}", into.display()))?;
        let script = "set -o pipefail; dpkg-deb --fsys-tarfile \"$1\" | tar -x -C \"$2\" --wildcards \"${@:3}\"";
        let mut tar = Command::new("bash");
        tar.args(["-c", script, "bash"]).arg(&file).arg(into).args(patterns);
        run(&mut tar)?;
        fs::remove_file(&file).map_err(|error| format!("{}: {error}", file.display()))
    }
}
