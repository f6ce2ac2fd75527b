//! Where variables are looked up: the process, or a map that a test injects.

use std::collections::HashMap;
use std::ffi::{OsStr, OsString};

/// The environment that a loader reads.
#[derive(Clone, Default)]
pub struct EnvSource {
    vars: Vars,
}

#[derive(Clone)]
enum Vars {
    Process,
    Given(HashMap<OsString, OsString, NameHasher>),
}

impl Default for Vars {
    fn default() -> Self {
        Self::Given(HashMap::default())
    }
}

impl EnvSource {
    /// The environment of this process, read when the configuration is loaded.
    #[must_use]
    pub fn process() -> Self {
        Self { vars: Vars::Process }
    }

    /// These variables and no others.
    pub fn given<K: Into<OsString>, V: Into<OsString>>(vars: impl IntoIterator<Item = (K, V)>) -> Self {
        let vars = vars.into_iter().map(|(name, value)| (name.into(), value.into())).collect();
        Self { vars: Vars::Given(vars) }
    }

    /// A variable's value.
    pub(crate) fn get(&self, name: &str) -> Option<std::borrow::Cow<'_, OsStr>> {
        match &self.vars {
            Vars::Process => std::env::var_os(name).map(Into::into),
            Vars::Given(vars) => vars.get(OsStr::new(name)).map(|value| value.as_os_str().into()),
        }
    }

    /// A variable's value, where it is set, not empty and Unicode.
    pub(crate) fn text(&self, name: &str) -> Option<String> {
        let value = self.get(name)?;
        value.to_str().filter(|value| !value.is_empty()).map(str::to_owned)
    }

    /// The names that begin with `prefix` and `_`, in order.
    pub(crate) fn names_under(&self, prefix: &str) -> Vec<String> {
        let under = |name: &OsStr| -> Option<String> {
            let name = name.to_str()?;
            name.strip_prefix(prefix)?.starts_with('_').then(|| name.to_owned())
        };
        let mut names: Vec<String> = match &self.vars {
            Vars::Process => std::env::vars_os().filter_map(|(name, _)| under(&name)).collect(),
            Vars::Given(vars) => vars.keys().filter_map(|name| under(name)).collect(),
        };
        names.sort();
        names
    }
}

/// Values may be secrets, so only their number is shown.
impl std::fmt::Debug for EnvSource {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.vars {
            Vars::Process => f.write_str("EnvSource(process)"),
            Vars::Given(vars) => write!(f, "EnvSource({} variables)", vars.len()),
        }
    }
}

/// Names of variables are few, short and the operator's own, so a plain multiplicative hash serves them best.
#[derive(Debug, Clone, Copy, Default)]
struct NameHasher;

impl std::hash::BuildHasher for NameHasher {
    type Hasher = NameHash;

    fn build_hasher(&self) -> NameHash {
        NameHash(0)
    }
}

#[derive(Debug)]
struct NameHash(u64);

impl std::hash::Hasher for NameHash {
    fn write(&mut self, bytes: &[u8]) {
        for chunk in bytes.chunks(8) {
            let mut word = [0; 8];
            word[..chunk.len()].copy_from_slice(chunk);
            self.write_u64(u64::from_le_bytes(word));
        }
    }

    fn write_u64(&mut self, word: u64) {
        self.0 = (self.0.rotate_left(5) ^ word).wrapping_mul(0x517c_c1b7_2722_0a95);
    }

    fn finish(&self) -> u64 {
        // The table takes its bits from both ends.
        self.0 ^ (self.0 >> 32)
    }
}
