//! Under emulation of the processor alone: the program for an older board of 32 bits, and the device crates' own tests.

use super::figures::Said;
use super::toolchain::{AARCH64, ARMV7, VARIABLES, empty, size};
use crate::Outcome;
use crate::cargo::{output, run};

/// The crates that a device takes, and whose tests need nothing but themselves.
const TESTED: &[&str] = &["core", "flags", "pi-profile", "reload", "store"];

/// Builds the program for armv7 and runs it. The memory is the emulator's own there, so it says nothing.
pub(super) fn armv7() -> Outcome {
    let program = ARMV7.build("strata-device")?;
    println!("{} bytes", size(&program)?);
    let mut command = ARMV7.emulate(&program);
    command.arg(empty("armv7")?).env_clear().envs(VARIABLES.iter().copied());
    let said = output(&mut command)?;
    let said = Said::new(&said);
    for (start, wanted) in [("end", "ok"), ("reloads", "asked=2000 seen=2000 missed=0")] {
        match said.rest(start) {
            Some(found) if found == wanted => println!("{start} {found}"),
            found => return Err(format!("`{start}` should say `{wanted}`, and says {found:?}")),
        }
    }
    Ok(())
}

/// Runs all tests of the device's crates.
pub(super) fn tests() -> Outcome {
    let packages: Vec<_> = TESTED.iter().map(|name| format!("--package=strata-config-{name}")).collect();
    let args: Vec<_> = ["--tests", "--quiet"].into_iter().chain(packages.iter().map(String::as_str)).collect();
    run(&mut AARCH64.test(&args)?)
}
