//! Under emulation of the processor alone: the program for an older board of 32 bits, and the device crates' own tests.

use super::figures::Said;
use super::toolchain::{AARCH64, ARMV7, VARIABLES, empty, size};
use crate::Outcome;
use crate::cargo::{output, run};

/// The crates that a device takes, and whose tests need nothing but themselves.
const TESTED: &[&str] = &["core", "flags", "pi-profile", "reload", "store"];

/// The test that starts its own program anew, which has no emulator then.
const STARTS_ITSELF: &str = "where_no_watcher_can_be_had_sweeps_see_everything_and_the_status_says_so";

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

/// Runs all tests of the device's crates, but for one.
pub(super) fn tests() -> Outcome {
    let packages: Vec<_> = TESTED.iter().map(|name| format!("--package=strata-config-{name}")).collect();
    let mut args = vec!["--tests", "--quiet", "--no-fail-fast"];
    args.extend(packages.iter().map(String::as_str));
    args.extend(["--", "--skip", STARTS_ITSELF]);
    run(&mut AARCH64.test(&args)?)
}
