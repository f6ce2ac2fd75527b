//! The formats that flags come in and go out in: one table.

use serde_json::Value as Json;
use strata_config_flags::interchange::{Exported, Imported};
use strata_config_flags::model::Definitions;

use super::place::definitions_from;

/// What is meant where nothing is said.
pub(super) const DEFAULT: &str = "flagd";

/// A format, and what this program can do with it.
struct Format {
    name: &'static str,
    /// `None` where the program was built without it.
    directions: Option<Directions>,
}

/// The way in and the way out.
#[derive(Clone, Copy)]
pub(super) struct Directions {
    pub(super) import: fn(&Json) -> Imported,
    pub(super) export: fn(&Definitions) -> Exported,
}

const FORMATS: [Format; 4] = [
    Format { name: DEFAULT, directions: FLAGD },
    Format { name: "unleash", directions: UNLEASH },
    Format { name: "growthbook", directions: GROWTHBOOK },
    Format { name: "strata", directions: Some(Directions { import: definitions_from, export: everything }) },
];

#[cfg(feature = "flagd")]
const FLAGD: Option<Directions> =
    Some(Directions { import: strata_config_flags::flagd::import, export: strata_config_flags::flagd::export });
#[cfg(not(feature = "flagd"))]
const FLAGD: Option<Directions> = None;

#[cfg(feature = "unleash")]
const UNLEASH: Option<Directions> =
    Some(Directions { import: strata_config_flags::unleash::import, export: strata_config_flags::unleash::export });
#[cfg(not(feature = "unleash"))]
const UNLEASH: Option<Directions> = None;

#[cfg(feature = "growthbook")]
const GROWTHBOOK: Option<Directions> = Some(Directions {
    import: strata_config_flags::growthbook::import,
    export: strata_config_flags::growthbook::export,
});
#[cfg(not(feature = "growthbook"))]
const GROWTHBOOK: Option<Directions> = None;

/// Every format's name, also of those that this program was built without.
pub(super) fn names() -> Vec<&'static str> {
    FORMATS.iter().map(|format| format.name).collect()
}

/// What this program can do with a format.
///
/// # Errors
/// It was built without it.
pub(super) fn find(name: &str) -> Result<Directions, String> {
    let found = FORMATS.iter().find(|format| format.name == name).and_then(|format| format.directions);
    found.ok_or_else(|| {
        let known: Vec<&str> =
            FORMATS.iter().filter(|format| format.directions.is_some()).map(|format| format.name).collect();
        format!("this program was built without the feature `{name}`; it knows {}", known.join(", "))
    })
}

/// Our own format says everything.
fn everything(definitions: &Definitions) -> Exported {
    // Keys are texts and numbers are finite, so writing cannot fail.
    Exported { document: serde_json::to_value(definitions).unwrap_or_default(), ..Exported::default() }
}
