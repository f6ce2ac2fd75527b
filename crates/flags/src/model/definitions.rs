//! All that a set of flags is made of.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Flag, Scalar, Segment, Trip};

/// All that a set of flags is made of: what imports give and exports take.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Definitions {
    /// Every flag is off.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub kill_switch: bool,
    /// The flags by key.
    pub flags: BTreeMap<String, Flag>,
    /// The segments by name.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub segments: BTreeMap<String, Segment>,
    /// The guards that have tripped, by their flag's key.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub trips: BTreeMap<String, Trip>,
    /// What every answer tells besides; a flag's own metadata of the same name wins.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub metadata: BTreeMap<String, Scalar>,
}
