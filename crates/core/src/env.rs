//! Where variables are looked up: the process, or a map that a test injects.

use std::collections::BinaryHeap;
use std::ffi::{OsStr, OsString};

/// The environment that a loader reads.
#[derive(Clone, Default)]
pub struct EnvSource {
    vars: Vars,
}

#[derive(Clone)]
enum Vars {
    Process,
    Given(Vec<(OsString, OsString)>),
}

impl Default for Vars {
    fn default() -> Self {
        Self::Given(Vec::new())
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
            // As in a real environment, the search is linear; of two of one name the later counts.
            Vars::Given(vars) => vars
                .iter()
                .rev()
                .find(|(known, _)| known == OsStr::new(name))
                .map(|(_, value)| value.as_os_str().into()),
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
        let names: BinaryHeap<String> = match &self.vars {
            Vars::Process => std::env::vars_os().filter_map(|(name, _)| under(&name)).collect(),
            Vars::Given(vars) => vars.iter().filter_map(|(name, _)| under(name)).collect(),
        };
        let mut names = names.into_sorted_vec();
        names.dedup();
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
