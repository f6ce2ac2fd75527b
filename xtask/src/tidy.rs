//! What the compiler does not check: how files begin and how long they are, that every dependency is explained, and
//! that nothing of one person's machine is in the repository.

mod files;
mod machine;

use std::fs;

use crate::cargo::{BENCH_MANIFEST, FUZZ_MANIFEST, Workspace, root};
use crate::pi::DEVICE_MANIFEST;
use crate::{Outcome, all_or_nothing};

use files::SourceFile;

const DEPENDENCIES: &str = "docs/dependencies.md";

/// Every check over every file that git knows or would add.
pub(crate) fn check(workspace: &Workspace) -> Outcome {
    let files = SourceFile::all()?;
    let machine = machine::Traces::here();
    let mut problems: Vec<_> = files.iter().flat_map(files::problems).collect();
    problems.extend(files.iter().flat_map(|file| machine.problems(file)));
    problems.extend(unexplained(workspace)?);
    all_or_nothing(problems)
}

/// Dependencies of our manifests without a line in the documentation.
fn unexplained(workspace: &Workspace) -> Result<Vec<String>, String> {
    let text = fs::read_to_string(root().join(DEPENDENCIES)).map_err(|error| format!("{DEPENDENCIES}: {error}"))?;
    let others = [BENCH_MANIFEST, DEVICE_MANIFEST, FUZZ_MANIFEST].map(Workspace::read);
    let others = others.into_iter().collect::<Result<Vec<_>, _>>()?;
    let packages = workspace.packages.iter().chain(others.iter().flat_map(|other| &other.packages));
    let mut names: Vec<_> = packages.flat_map(|package| &package.dependencies).filter(|found| !found.ours).collect();
    names.sort_by(|a, b| a.name.cmp(&b.name));
    names.dedup_by(|a, b| a.name == b.name);
    let missing = names.into_iter().filter(|dependency| !text.contains(&format!("| `{}` |", dependency.name)));
    Ok(missing.map(|dependency| format!("{DEPENDENCIES} has no line for `{}`", dependency.name)).collect())
}
