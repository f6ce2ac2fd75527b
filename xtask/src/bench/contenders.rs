//! Who is compared: the name that the benchmark knows, and what a reader should know.

use std::fs;

use crate::cargo::root;

use super::{BY_HAND, OURS};

/// A way to load the configuration.
pub(super) struct Contender {
    /// Its name in `crates/bench`.
    pub(super) name: &'static str,
    pub(super) title: &'static str,
    /// Modules of `crates/bench` that it takes; the last one loads.
    pub(super) modules: &'static [&'static str],
    /// Lines of `[dependencies]`, where `ROOT` is the repository.
    pub(super) dependencies: &'static str,
    /// What it still knows of the place of a value after the load.
    pub(super) origin: &'static str,
    /// Where it does not do the same as the others.
    pub(super) differs: &'static str,
}

const SERDE: &str = "serde = { version = \"1\", features = [\"derive\"] }
serde_json = \"1\"
toml = { version = \"1.2\", default-features = false, features = [\"std\", \"serde\", \"parse\"] }";

/// The first is what the others are compared with, the second ours.
pub(super) const CONTENDERS: &[Contender] = &[
    Contender {
        name: "by_hand",
        title: BY_HAND,
        modules: &["case", "phase2a", "by_hand"],
        dependencies: SERDE,
        origin: "no",
        differs: "",
    },
    Contender {
        name: "ours",
        title: OURS,
        modules: &["case", "ours"],
        dependencies: "strata-config = { path = \"ROOT/crates/strata-config\", default-features = false, features = [\"json\", \"toml\"] }",
        origin: "file:line:column, and what it shadows",
        differs: "",
    },
    Contender {
        name: "confik",
        title: "confik",
        modules: &["case", "phase2a", "peers/confik"],
        dependencies: "confik = { version = \"0.15.13\", default-features = false, features = [\"json\", \"toml\"] }
serde = { version = \"1\", features = [\"derive\"] }",
        origin: "no",
        differs: "its variables are named by path only: these, and the overrides, are sources written by hand; no ranges",
    },
    Contender {
        name: "confique",
        title: "confique",
        modules: &["case", "phase2a", "peers/confique"],
        dependencies: "confique = \"0.4\"
serde = { version = \"1\", features = [\"derive\"] }
serde_json = \"1\"
toml = { version = \"1.2\", default-features = false, features = [\"std\", \"serde\", \"parse\"] }",
        origin: "no",
        differs: "its own readers open files, and read JSON as JSON5: its layers are read by serde_json and toml; no overrides but a layer set by hand",
    },
    Contender {
        name: "schematic",
        title: "schematic",
        modules: &["case", "phase2a", "peers/schematic"],
        dependencies: "schematic = { version = \"0.20.12\", default-features = false, features = [\"config\", \"env\", \"json\", \"toml\"] }
serde = { version = \"1\", features = [\"derive\"] }",
        origin: "no (it keeps the layers)",
        differs: "variables are its highest layer: overrides are set on the result; limits are checked by hand after them",
    },
    Contender {
        name: "usage_config",
        title: "usage-config",
        modules: &["case", "phase2a", "peers/usage_config"],
        dependencies: "serde = { version = \"1\", features = [\"derive\"] }
usage-config = { version = \"7.1.5\", features = [\"json\", \"toml\"] }",
        origin: "file or variable",
        differs: "reads files from disk, not from memory; its derive comes with all of usage, so that its table is written by hand; no ranges",
    },
    Contender {
        name: "figment",
        title: "figment",
        modules: &["case", "phase2a", "peers/figment"],
        dependencies: "figment = { version = \"0.10\", default-features = false, features = [\"env\", \"json\", \"toml\"] }
serde = { version = \"1\", features = [\"derive\"] }",
        origin: "source, while the `Figment` lives",
        differs: "no ranges",
    },
    Contender {
        name: "conf",
        title: "conf",
        modules: &["case", "phase2a", "peers/conf"],
        dependencies: "conf = \"0.4.5\"
serde = { version = \"1\", features = [\"derive\"] }
serde_json = \"1\"
toml = { version = \"1.2\", default-features = false, features = [\"std\", \"serde\", \"parse\"] }",
        origin: "kind of source, to a logger",
        differs: "takes one document: the two are merged by hand before; the overrides are arguments of the command line",
    },
    Contender {
        name: "smart_config",
        title: "smart-config",
        modules: &["case", "phase2a", "peers/smart_config"],
        dependencies: "serde = { version = \"1\", features = [\"derive\"] }
serde_json = \"1\"
smart-config = \"0.4.0-pre.5\"
toml = { version = \"1.2\", default-features = false, features = [\"std\", \"serde\", \"parse\"] }",
        origin: "file and path, or variable",
        differs: "no TOML: read by toml as JSON values; variables are named by path only, and handed to it so; its schema is made once, not in each load",
    },
    Contender {
        name: "config",
        title: "config",
        modules: &["case", "phase2a", "peers/config"],
        dependencies: "config = { version = \"0.15.27\", default-features = false, features = [\"json\", \"toml\"] }
serde = { version = \"1\", features = [\"derive\"] }",
        origin: "file or \"the environment\", while the `Config` lives",
        differs: "variables are named by path only, and handed to it so; no ranges",
    },
    Contender {
        name: "figue",
        title: "figue",
        modules: &["case", "phase2a", "peers/figue"],
        dependencies: "facet = \"0.46\"
figue = { version = \"4.0.5\", default-features = false }
serde = { version = \"1\", features = [\"derive\"] }
serde_json = \"1\"
toml = { version = \"1.2\", default-features = false, features = [\"std\", \"serde\", \"parse\"] }",
        origin: "byte of the document, variable, argument",
        differs: "takes one document of JSON: the two are merged by hand before; no ranges",
    },
];

/// The version of a crate that the benchmark is built with.
pub(super) fn version(package: &str) -> Result<String, String> {
    let path = root().join("crates/bench/Cargo.lock");
    let lock = fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
    let after = lock.split_once(&format!("name = \"{package}\"\nversion = \"")).map(|(_, after)| after);
    let version = after.and_then(|after| after.split('"').next());
    version.map(str::to_owned).ok_or_else(|| format!("{package} is not in {}", path.display()))
}
