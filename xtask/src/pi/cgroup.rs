//! The device's program on this machine, in a control group with 16 MB of memory.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::figures::Said;
use super::toolchain::{VARIABLES, build_here, empty};
use crate::Outcome;
use crate::cargo::output;

/// The group's memory.
const LIMIT: u64 = 16 * 1024 * 1024;

/// A control group of our own; it goes away with this.
struct Group {
    folder: PathBuf,
    /// The files of its limit and of the most memory that it ever had.
    limit: &'static str,
    most: &'static str,
}

/// Runs it and judges what it says. That no group can be made is a failure: nothing would have been shown.
pub(super) fn check() -> Outcome {
    let program = build_here("strata-device")?;
    let group = Group::new()?;
    let mut command = Command::new("bash");
    command.args(["-c", "echo $$ > \"$1/cgroup.procs\" && exec \"$2\" \"$3\"", "bash"]);
    command.arg(&group.folder).arg(program).arg(empty("cgroup")?).env_clear().envs(VARIABLES.iter().copied());
    let said = output(&mut command)?;
    print!("{said}");
    let most = group.most()?;
    println!("the group {} had {most} bytes at most", group.folder.display());
    if most > LIMIT {
        return Err(format!("the group had {most} bytes, beyond its limit"));
    }
    let machine = Said::new(&said).rest("machine").unwrap_or_default().to_owned();
    if !machine.ends_with(&format!("cgroup={LIMIT}")) {
        return Err(format!("the program did not see its limit: {machine:?}"));
    }
    // No device tree names this machine, so `auto` chooses nothing.
    Said::new(&said).check(&[("profile", "-")])
}

impl Group {
    fn new() -> Result<Self, String> {
        let first = Self::make("/sys/fs/cgroup/memory", "memory.limit_in_bytes", "memory.max_usage_in_bytes");
        let second = || Self::make("/sys/fs/cgroup", "memory.max", "memory.peak");
        first.or_else(|first| {
            second().map_err(|second| format!("NOT SHOWN, no control group can be made: v1: {first}; v2: {second}"))
        })
    }

    fn make(parent: &str, limit: &'static str, most: &'static str) -> Result<Self, String> {
        let folder = Path::new(parent).join(format!("strata-pi-{}", std::process::id()));
        fs::create_dir(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
        let group = Self { folder, limit, most };
        let file = group.folder.join(group.limit);
        fs::write(&file, LIMIT.to_string()).map_err(|error| format!("{}: {error}", file.display()))?;
        Ok(group)
    }

    fn most(&self) -> Result<u64, String> {
        let file = self.folder.join(self.most);
        let text = fs::read_to_string(&file).map_err(|error| format!("{}: {error}", file.display()))?;
        text.trim().parse().map_err(|_| format!("{}: {text:?}", file.display()))
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        // Its process has ended; where the kernel is slow to see that, an empty group stays.
        let _ = fs::remove_dir(&self.folder);
    }
}
