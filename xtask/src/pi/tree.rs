//! What the device's program is built of: no runtime, no TLS, no database.

use std::collections::BTreeSet;

use super::toolchain::DEVICE_MANIFEST;
use crate::Outcome;
use crate::cargo::{cargo, output};

/// What a device has no use for: runtimes, servers, clients, cryptography of connections, databases, large parsers.
const UNWANTED: &[&str] = &[
    "tokio",
    "async-std",
    "smol",
    "blocking",
    "futures",
    "hyper",
    "axum",
    "tower",
    "reqwest",
    "ureq",
    "rustls",
    "ring",
    "aws-lc-rs",
    "openssl",
    "native-tls",
    "rusqlite",
    "libsqlite3-sys",
    "redis",
    "tokio-postgres",
    "etcd-client",
    "tonic",
    "regex",
    "validator",
    "datalogic-rs",
    "open-feature",
    "clap",
    "chrono",
    "url",
    "idna",
    "tracing",
];

/// Ours that a device needs; the facade is names alone.
const OURS: &[&str] = &[
    "strata-config",
    "strata-config-core",
    "strata-config-derive",
    "strata-config-flags",
    "strata-config-pi-profile",
    "strata-config-reload",
    "strata-config-store",
];

/// Looks through the tree of the program.
pub(super) fn check() -> Outcome {
    let args = ["tree", "--manifest-path", DEVICE_MANIFEST, "--package", "strata-device", "--prefix", "none"];
    let tree = output(cargo(&args).args(["--edges", "normal,build", "--target", "all"]))?;
    let crates: BTreeSet<&str> =
        tree.lines().filter_map(|line| line.split(' ').next()).filter(|name| !name.is_empty()).collect();
    println!("{} crates: {}", crates.len(), crates.iter().copied().collect::<Vec<_>>().join(", "));
    let found = problems(&crates);
    if found.is_empty() { Ok(()) } else { Err(format!("a device has no use for {}", found.join(", "))) }
}

/// What should not be there, and what is missing: a tree that was not read would have nothing wrong.
fn problems(crates: &BTreeSet<&str>) -> Vec<String> {
    let ours = |name: &str| name.starts_with("strata-config") && !OURS.contains(&name);
    let unwanted = crates.iter().filter(|name| UNWANTED.contains(name) || ours(name)).map(|name| format!("`{name}`"));
    let missing = OURS.iter().filter(|name| !crates.contains(*name)).map(|name| format!("a tree without `{name}`"));
    unwanted.chain(missing).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_runtime_and_a_crate_of_servers_are_found() {
        let mut crates: BTreeSet<&str> = OURS.iter().copied().collect();
        assert_eq!(problems(&crates), [""; 0]);
        crates.extend(["tokio", "strata-config-admin", "serde"]);
        assert_eq!(problems(&crates), ["`strata-config-admin`", "`tokio`"]);
    }

    #[test]
    fn an_empty_tree_is_wrong() {
        assert_eq!(problems(&BTreeSet::new()).len(), OURS.len());
    }
}
