//! Whether what was imported takes effect as it was: maps of settings merge deep, and a definition must not get parts of
//! what a weaker source says.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use serde_json::{Value as Json, json};
use strata_config_core::{FieldPath, LayerKind, LayeredConfig, Report};
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
            let View { collected, set } = View::of(candidate, collect, None)?;
            let mut report = Report::new();
            for (key, _) in expected.iter().filter(|(key, flag)| !is_in_effect(key, flag, &set)) {
                let path = collected.flag_path(key).cloned().unwrap_or(FieldPath::ROOT);
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

/// The parts that a definition leaves out, as they mean nothing.
fn blanks() -> Json {
    json!({
        "description": null, "type": null, "default_variant": null, "off_variant": null, "status": "enabled",
        "schedule": [], "guard": null, "prerequisites": [], "forced": null, "targets": [], "rules": [],
        "fallthrough": null, "lifecycle": null,
    })
}

/// The flag as it is stored at a path: where a weaker source says something there, with every part, to hide that.
pub(super) fn hiding<C: LayeredConfig>(live: &Live<C>, path: &FieldPath, flag: &Flag) -> Json {
    // Keys are texts and numbers are finite, so writing cannot fail.
    let written = serde_json::to_value(flag).unwrap_or_default();
    let Json::Object(parts) = written else { return written };
    let explained = live.version().explain(std::slice::from_ref(path));
    let is_weaker = |layer: LayerKind| !matches!(layer, LayerKind::Runtime | LayerKind::Default);
    let is_hidden = explained.iter().any(|value| {
        let origins = value.origin.iter().chain(&value.merged);
        origins.chain(value.shadows.iter().map(|shadow| &shadow.origin)).any(|origin| is_weaker(origin.layer))
    });
    let Json::Object(mut whole) = blanks() else { return Json::Object(parts) };
    if !is_hidden {
        return Json::Object(parts);
    }
    whole.extend(parts);
    Json::Object(whole)
}
