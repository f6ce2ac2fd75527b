//! Feature flags as configuration: layered, validated, live, and evaluated by a pure function.

mod answer;
mod bucket;
mod collect;
mod compile;
mod context;
mod evaluate;
pub mod model;
mod operator;
mod set;
mod settings;
mod trace;

pub use answer::{Answer, EvaluationError, Reason, Why};
pub use bucket::{Algorithm, BUCKETS, UnknownAlgorithm};
pub use collect::{Collected, KillSwitch, check};
pub use compile::{Problem, Step};
pub use context::{Attribute, Context, TARGETING_KEY};
pub use set::{FlagSet, InvalidFlag, InvalidFlags, Part, Sources};
pub use settings::FlagSettings;
pub use trace::{Trace, TraceStep};
