//! What a store holds now.

use serde::{Deserialize, Serialize};

use crate::hash::Hash;
use crate::json::Json;

/// The documents of a store, committed together.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Documents {
    /// The layer `store`: the settings of a fleet, or those that came from a database.
    pub base: Json,
    /// The layer `runtime`, above all others: what updates have written.
    pub runtime: Json,
    /// Who set each value last; whoever writes decides what is in it.
    pub marks: Json,
}

/// The documents with their revision.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct State {
    /// How many commits there were; 0 where there was none.
    pub revision: u64,
    /// What the last commit left.
    pub documents: Documents,
    /// The hash of the last history entry.
    pub head: Hash,
}
