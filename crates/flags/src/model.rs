//! What a flag is: the types that people write, in any format that serde reads.

mod condition;
mod definition;
mod definitions;
mod flag;
mod guard;
mod lifecycle;
mod logic;
mod moment;
mod rollout;
mod rule;
mod segment;
mod serve;
mod share;
mod summary;
mod value;

pub use condition::{Condition, Operator, Test};
pub use definition::{Definition, Prerequisite, Status, Target, Window};
pub use definitions::Definitions;
pub use flag::{Flag, Strategy};
pub use guard::{Guard, GuardAction, Trip};
pub use lifecycle::{Lifecycle, LifecycleKind};
pub use logic::Logic;
pub use moment::Moment;
pub use rollout::NoShare;
pub use rule::Rule;
pub use segment::Segment;
pub use serve::{Ramp, Serve, Split, Step, Weight};
pub use share::Share;
pub use value::{FlagType, FlagValue, Scalar};
