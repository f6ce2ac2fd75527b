//! `cargo xtask pi`: the device's programs, cross-built, small, and run on an emulated Raspberry Pi Zero 2 W.

mod board;
mod cgroup;
mod emulated;
mod fetch;
mod figures;
mod peers;
mod toolchain;
mod tree;

use crate::Outcome;

pub(crate) use toolchain::DEVICE_MANIFEST;

struct Step {
    name: &'static str,
    run: fn() -> Outcome,
    /// Whether `cargo xtask ci` runs it.
    ci: bool,
}

const STEPS: &[Step] = &[
    Step { name: "tree", run: tree::check, ci: true },
    Step { name: "cgroup", run: cgroup::check, ci: true },
    Step { name: "armv7", run: emulated::armv7, ci: true },
    Step { name: "boot", run: board::check, ci: true },
    Step { name: "tests", run: emulated::tests, ci: false },
    Step { name: "peers", run: peers::measure, ci: false },
];

/// Runs the named steps, or all.
pub(crate) fn run(args: &[&str]) -> Outcome {
    let known: Vec<_> = STEPS.iter().map(|step| step.name).collect();
    if let Some(unknown) = args.iter().find(|name| !known.contains(name)) {
        return Err(format!("pi has no step `{unknown}`; there are {}", known.join(", ")));
    }
    steps(|step| args.is_empty() || args.contains(&step.name))
}

/// The steps that tell most for their time, as a check of `cargo xtask ci`.
pub(crate) fn check() -> Outcome {
    steps(|step| step.ci)
}

fn steps(chosen: impl Fn(&Step) -> bool) -> Outcome {
    let failed = |step: &Step| {
        println!("pi: {}", step.name);
        (step.run)().err().map(|error| format!("pi {}: {error}", step.name))
    };
    crate::all_or_nothing(STEPS.iter().filter(|step| chosen(step)).filter_map(failed).collect())
}
