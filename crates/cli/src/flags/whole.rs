//! Whether what was imported takes effect as it was: maps of settings merge deep, and a definition must not get parts of
//! what a weaker source says.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use strata_config_core::{FieldPath, LayeredConfig, Report};
use strata_config_flags::FlagSet;
use strata_config_flags::model::{Definition, Flag, Serve};
use strata_config_reload::{Candidate, Derived, Live, UpdateError};

use super::view::View;

/// Refuses a change after which a flag is not what was imported.
pub(super) struct Whole {
    expected: Arc<OnceLock<BTreeMap<String, Flag>>>,
    _check: Derived<()>,
}

impl Whole {
    /// Begins to check, as soon as it is told what is expected.
    ///
    /// # Errors
    /// The configuration can't be asked.
    pub(super) fn of<C: LayeredConfig>(live: &Live<C>, collect: super::Collect<C>) -> Result<Self, UpdateError> {
        let expected: Arc<OnceLock<BTreeMap<String, Flag>>> = Arc::default();
        let asked = Arc::clone(&expected);
        let check = live.derive(move |candidate: &Candidate<'_, C, ()>| {
            let Some(expected) = asked.get() else { return Ok(()) };
            let View { places, set } = View::of(candidate, collect, None)?;
            let mut report = Report::new();
            for (key, _) in expected.iter().filter(|(key, flag)| !is_in_effect(key, flag, &set)) {
                let path = places.of_flag(key).cloned().unwrap_or(FieldPath::ROOT);
                let finding = report.error([path], format!("parts of another source's flag `{key}` would stay in it"));
                finding.help("remove it there; maps merge, so that what is imported can't hide all of it");
            }
            if report.is_valid() { Ok(()) } else { Err(report) }
        })?;
        Ok(Self { expected, _check: check })
    }

    /// What has to be in effect from now on.
    pub(super) fn expect(&self, flags: BTreeMap<String, Flag>) {
        // Nobody has said so before.
        let _ = self.expected.set(flags);
    }
}

fn is_in_effect(key: &str, flag: &Flag, set: &FlagSet) -> bool {
    set.definition(key).is_some_and(|found| plain(found) == plain(flag))
}

/// The definition, with the program's default said in one way.
fn plain(flag: &Flag) -> Definition {
    let mut definition = flag.definition().into_owned();
    if definition.default_variant.is_none() && definition.fallthrough == Some(Serve::CodeDefault) {
        definition.fallthrough = None;
    }
    definition
}
