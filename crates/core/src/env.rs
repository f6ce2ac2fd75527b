//! Where variables are looked up: the process, or a map that a test injects.

use std::collections::BinaryHeap;
use std::ffi::{OsStr, OsString};
use std::sync::Arc;

/// The environment that a loader reads.
#[derive(Clone, Default)]
pub struct EnvSource {
    vars: Vars,
}

#[derive(Clone)]
enum Vars {
    Process,
    Given(Vec<(OsString, OsString)>),
    Asked(Ask),
}

/// What variables there are at this moment.
type Ask = Arc<dyn Fn() -> Vec<(OsString, OsString)> + Send + Sync>;

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

    /// Variables that may differ at each reading of the environment, which asks the function.
    pub fn asked(variables: impl Fn() -> Vec<(OsString, OsString)> + Send + Sync + 'static) -> Self {
        Self { vars: Vars::Asked(Arc::new(variables)) }
    }

    /// The environment for one reading, during which nothing changes.
    pub(crate) fn at_this_moment(&self) -> Self {
        match &self.vars {
            Vars::Asked(ask) => Self { vars: Vars::Given(ask()) },
            _ => self.clone(),
        }
    }

    /// A variable's value.
    pub(crate) fn get(&self, name: &str) -> Option<std::borrow::Cow<'_, OsStr>> {
        match &self.vars {
            Vars::Process => std::env::var_os(name).map(Into::into),
            Vars::Given(vars) => find(vars, name).map(Into::into),
            Vars::Asked(ask) => find(&ask(), name).map(|value| value.to_owned().into()),
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
            Vars::Asked(ask) => ask().iter().filter_map(|(name, _)| under(name)).collect(),
        };
        let mut names = names.into_sorted_vec();
        names.dedup();
        names
    }
}

/// As in a real environment, the search is linear; of two of one name the later counts.
fn find<'v>(vars: &'v [(OsString, OsString)], name: &str) -> Option<&'v OsStr> {
    vars.iter().rev().find(|(known, _)| known == OsStr::new(name)).map(|(_, value)| value.as_os_str())
}

/// Values may be secrets, so only their number is shown.
impl std::fmt::Debug for EnvSource {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.vars {
            Vars::Process => f.write_str("EnvSource(process)"),
            Vars::Given(vars) => write!(f, "EnvSource({} variables)", vars.len()),
            Vars::Asked(_) => f.write_str("EnvSource(asked)"),
        }
    }
}
