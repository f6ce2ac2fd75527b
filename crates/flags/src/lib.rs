//! Feature flags as configuration: layered, validated, live, and evaluated by a pure function.

#[doc(hidden)]
#[path = "private.rs"]
pub mod __private;
mod answer;
mod bucket;
mod compile;
mod context;
mod evaluate;
pub mod model;
#[cfg(feature = "openfeature")]
pub mod openfeature;
mod operator;
mod set;
mod snapshots;
mod trace;
mod typed;

pub use answer::{Answer, EvaluationError, Reason, Why};
pub use bucket::{Algorithm, BUCKETS, UnknownAlgorithm};
pub use compile::{Problem, Step};
pub use context::{Attribute, Context, TARGETING_KEY};
pub use set::{FlagSet, InvalidFlag, InvalidFlags, Part, Sources};
pub use snapshots::{Health, Snapshots};
pub use trace::{Trace, TraceStep};
pub use typed::{
    Chosen, CodeDefault, Details, FeatureFlags, FlagKey, FlagKind, FlagList, FlagSpec, FlagStruct, Key, Mixed, Resolve,
    Typed, TypedReader, TypedValue, check_types,
};
