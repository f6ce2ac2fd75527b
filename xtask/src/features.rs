//! Every feature of every crate alone, and each crate without any: what `resolver` and a busy workspace hide.

use crate::cargo::{Workspace, cargo, run};
use crate::{Outcome, all_or_nothing};

/// Checks every package by itself with no features, then with each; warnings count as errors.
pub(crate) fn check(workspace: &Workspace) -> Outcome {
    let mut problems = Vec::new();
    for package in &workspace.packages {
        let features = package.features.iter().filter(|name| *name != "default").map(|name| Some(&**name));
        for feature in [None].into_iter().chain(features) {
            let alone = ["clippy", "--quiet", "--package", &package.name, "--no-default-features"];
            let chosen = feature.into_iter().flat_map(|name| ["--features", name]);
            let args: Vec<_> = alone.into_iter().chain(chosen).chain(["--", "-D", "warnings"]).collect();
            problems.extend(run(&mut cargo(&args)).err());
        }
    }
    all_or_nothing(problems)
}
