//! Which of our crates may import which: the arrows of `docs/architecture.md`, held against the manifests.

use crate::cargo::{Dependency, Package, Workspace};
use crate::{Outcome, all_or_nothing};

/// A crate, what it may import, and what it may import where a feature asks for it.
struct Edges {
    name: &'static str,
    always: &'static [&'static str],
    by_feature: &'static [&'static str],
}

/// In an order in which each imports only what stands above it, so that the arrows have no circle.
const TABLE: &[Edges] = &[
    edges("derive", &[], &[]),
    edges("core", &[], &[]),
    edges("store", &["core"], &[]),
    edges("reload", &["core", "store"], &[]),
    edges("flags", &["derive", "core"], &["store", "reload"]),
    edges("pi-profile", &["core"], &[]),
    edges("secrets", &["core"], &["store", "reload"]),
    edges("migrate", &["core", "store"], &[]),
    edges("codegen", &["core"], &[]),
    edges("cli", &["core", "codegen", "store", "reload", "flags", "secrets", "migrate", "pi-profile"], &[]),
    edges("admin", &["derive", "core", "store", "reload", "flags", "codegen"], &["pi-profile", "migrate"]),
    edges(
        "strata-config",
        &["derive", "core"],
        &["store", "reload", "flags", "pi-profile", "secrets", "migrate", "codegen", "cli", "admin"],
    ),
    edges("reference", ALL, &[]),
    edges("tests", ALL, &[]),
    edges("compile-fail", &["strata-config"], &[]),
    edges("xtask", &["codegen", "reference"], &[]),
];

/// Every crate above.
const ALL: &[&str] = &["*"];

const fn edges(name: &'static str, always: &'static [&'static str], by_feature: &'static [&'static str]) -> Edges {
    Edges { name, always, by_feature }
}

/// Compares every manifest with the table.
pub(crate) fn check(workspace: &Workspace) -> Outcome {
    all_or_nothing(workspace.packages.iter().flat_map(problems).collect())
}

fn problems(package: &Package) -> Vec<String> {
    let name = short(&package.name);
    let Some(row) = TABLE.iter().find(|row| row.name == name) else {
        return vec![format!(
            "`{}` has no row in the table of xtask/src/edges.rs; say what it may import",
            package.name
        )];
    };
    let ours = package.dependencies.iter().filter(|dependency| dependency.ours);
    ours.filter_map(|dependency| row.problem(dependency)).collect()
}

impl Edges {
    fn problem(&self, dependency: &Dependency) -> Option<String> {
        let Self { name, always, by_feature } = self;
        let to = short(&dependency.name);
        // Examples and tests are written with the derive, by the facade or without it, wherever they stand.
        if *always == ALL || always.contains(&to) || (dependency.dev && ["derive", "strata-config"].contains(&to)) {
            return None;
        }
        match by_feature.contains(&to) {
            true if dependency.optional || dependency.dev => None,
            true => Some(format!("`{name}` may import `{to}` only by a feature; make it `optional = true`")),
            false => Some(format!("`{name}` must not import `{to}` (the table of xtask/src/edges.rs)")),
        }
    }
}

/// A package's name without our prefix: its directory's name.
fn short(package: &str) -> &str {
    package.strip_prefix("strata-config-").unwrap_or(package)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_has_no_circle() {
        for (at, row) in TABLE.iter().enumerate() {
            let above: Vec<_> = TABLE[..at].iter().map(|row| row.name).collect();
            let named = row.always.iter().chain(row.by_feature).filter(|name| **name != "*");
            for name in named {
                assert!(above.contains(name), "`{}` imports `{name}`, which does not stand above it", row.name);
            }
        }
    }

    #[test]
    fn an_edge_outside_the_table_is_named() {
        assert_eq!(found("core", "store", true), ["`core` must not import `store` (the table of xtask/src/edges.rs)"]);
        assert_eq!(found("reload", "store", false), [""; 0]);
    }

    #[test]
    fn an_edge_by_feature_must_be_optional() {
        assert_eq!(found("flags", "reload", true), [""; 0]);
        assert!(found("flags", "reload", false)[0].contains("optional = true"));
    }

    #[test]
    fn a_new_crate_needs_a_row() {
        assert!(found("surprise", "core", false)[0].contains("no row"));
    }

    fn found(from: &str, to: &str, optional: bool) -> Vec<String> {
        let name = |short: &str| format!("strata-config-{short}");
        let dependency = Dependency { name: name(to), dev: false, optional, ours: true };
        problems(&Package { name: name(from), features: vec![], dependencies: vec![dependency] })
    }
}
