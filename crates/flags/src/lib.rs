//! Feature flags as configuration: layered, validated, live, and evaluated by a pure function.

#[doc(hidden)]
#[path = "private.rs"]
pub mod __private;
mod answer;
mod bucket;
mod clock;
mod collect;
mod compile;
mod context;
mod evaluate;
mod event;
mod exposure;
#[cfg(feature = "flagd")]
pub mod flagd;
mod flags;
#[cfg(feature = "growthbook")]
pub mod growthbook;
mod guards;
pub mod interchange;
#[cfg(feature = "reload")]
mod live;
#[cfg(feature = "flagd")]
mod logic;
pub mod metrics;
pub mod model;
#[cfg(feature = "openfeature")]
pub mod openfeature;
mod operator;
mod places;
#[cfg(feature = "redis")]
pub mod redis;
mod set;
mod settings;
mod snapshots;
mod stale;
mod trace;
mod typed;
#[cfg(feature = "unleash")]
pub mod unleash;

pub use answer::{Answer, EvaluationError, Reason, Why};
pub use bucket::{Algorithm, BUCKETS, UnknownAlgorithm};
pub use clock::{Clock, SimulatedClock, SystemClock};
pub use collect::{Collected, Configured, KillSwitch, check};
pub use compile::{Problem, Step};
pub use context::{Attribute, Context, TARGETING_KEY};
pub use event::{FlagEvent, Listening, Subscription};
pub use exposure::{ExposureEvent, Exposures, FlagExposures, Served};
pub use flags::{Evaluation, Flags, FlagsReader, FromFlag, GuardStatus, Held, Settings, Snapshot};
pub use guards::{Breaker, BreakerState, Change, Limits, NotStored, Outcome, Samples, TripSink, Watch};
pub use places::{NoPlace, Places};
pub use set::{FlagSet, InvalidFlag, InvalidFlags, Part, Sources};
pub use settings::FlagSettings;
pub use snapshots::{Health, Snapshots, View};
pub use stale::{OwnerUsage, Stale, StaleRules, Staleness};
pub use trace::{Trace, TraceStep};
pub use typed::{
    Chosen, CodeDefault, FeatureFlags, FlagKey, FlagKind, FlagList, FlagSpec, FlagStruct, Key, Mixed, Resolve, Typed,
    TypedReader, TypedValue, Unanswered, check_types,
};

/// The examples of the page on OpenFeature, as tests.
#[cfg(all(doctest, feature = "openfeature"))]
#[doc = include_str!("../../../docs/flags/openfeature.md")]
struct OpenFeature;
